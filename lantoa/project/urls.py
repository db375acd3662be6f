"""All addresses: pages and JSON."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from lantoa.api.door import answer

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^api/(?P<rest>.*)$", answer, name="api"),
    path("", include("lantoa.web.urls")),
]
handler403 = "lantoa.web.views.errors.not_allowed"
handler404 = "lantoa.web.views.errors.not_found"
handler500 = "lantoa.web.views.errors.failed"
