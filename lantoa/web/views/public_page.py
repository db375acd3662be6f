"""The page residents open: one small file, no script, nothing from elsewhere."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from lantoa.web.doors import public


@public
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign for one place (`?noi=<code>`), in Vietnamese or (`?lang=en`) English."""
    raise Http404
