"""For development only: every message as its reader gets it, every letter beside what was understood."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from lantoa.delivery.engine.looking import look_at_wires
from lantoa.delivery.models import Delivery, Publication
from lantoa.letters.models import IncomingLetter
from lantoa.web.doors import Shown, page
from lantoa.web.tables import page_of
from lantoa.web.views.letters import reading

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from lantoa.web.doors import Asked

MOST_MESSAGES = 50


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
    """Every exposure, newest first; and before them what a rehearsal's messages to many people look like."""
    near = ("rendering", "campaign")
    publications = Publication.objects.for_user(request.user).select_related("place", *near)
    deliveries = Delivery.objects.for_user(request.user).select_related("recipient", *near)
    rows = sorted([*publications, *deliveries], key=lambda row: row.queued_at, reverse=True)
    context = {"page": page_of(request, rows, 12), "boxes": boxes()}
    return render(request, "web/dev/outbox.html", context)


def boxes() -> list[tuple[str, list[tuple[str, str]]]]:
    """What wires that send nowhere hold: their names, and the latest messages as their readers would get them."""
    found: dict[int, tuple[list[str], list[tuple[str, str]]]] = {}
    for one in look_at_wires():
        received = getattr(getattr(one.wire, "box", None), "received", None)
        if isinstance(received, list):
            found.setdefault(id(received), ([], received))[0].append(one.name)
    return [(", ".join(names), list(reversed(received[-MOST_MESSAGES:]))) for names, received in found.values()]


@in_development
@page("see_campaign")
def letters(request: Asked) -> HttpResponse:
    """One letter a page beside what was understood and from which line."""
    page = page_of(request, IncomingLetter.objects.for_user(request.user), 1)
    shown = [reading(row) for row in page.object_list]
    return render(request, "web/dev/letters.html", {"page": page, **(shown[0] if shown else {})})
