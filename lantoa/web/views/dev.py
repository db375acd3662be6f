"""For development only: every message as its reader gets it, every letter beside what was understood."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from lantoa.delivery.models import Delivery, Publication
from lantoa.letters.models import IncomingLetter
from lantoa.web.doors import Shown, page
from lantoa.web.tables import page_of
from lantoa.web.views.letters import reading

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from lantoa.web.doors import Asked


def in_development(view: Shown) -> Shown:
    """There is no such page unless `LANTOA_DEV_PAGES` is on."""

    @wraps(view)
    def shown(request: Asked) -> HttpResponseBase:
        if not settings.LANTOA_DEV_PAGES:
            raise Http404
        return view(request)

    return shown


@in_development
@page("see_campaign")
def outbox(request: Asked) -> HttpResponse:
    """Every exposure, newest first."""
    near = ("rendering", "campaign")
    publications = Publication.objects.for_user(request.user).select_related("place", *near)
    deliveries = Delivery.objects.for_user(request.user).select_related("recipient", *near)
    rows = sorted([*publications, *deliveries], key=lambda row: row.queued_at, reverse=True)
    return render(request, "web/dev/outbox.html", {"page": page_of(request, rows, 12)})


@in_development
@page("see_campaign")
def letters(request: Asked) -> HttpResponse:
    """One letter a page beside what was understood and from which line."""
    page = page_of(request, IncomingLetter.objects.for_user(request.user), 1)
    shown = [reading(row) for row in page.object_list]
    return render(request, "web/dev/letters.html", {"page": page, **(shown[0] if shown else {})})
