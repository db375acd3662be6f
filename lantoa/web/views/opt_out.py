"""Where a recipient refuses messages: the link in each of them, and the button of mail programs (RFC 8058).

Opening the page does nothing, because mail scanners open links: only a press of the button, or a mail program's own
POST, counts. Nobody signs in; the key in the address says whose message it was and that we made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from lantoa.channels.wire import Reaches
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.keys import read_key
from lantoa.web.doors import public
from lantoa.web.views.public_page import desk_of, style

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from lantoa.places.models import Place


@dataclass(frozen=True, slots=True)
class Asking:
    """What a key says: whose messages these were, and where they went."""

    place: Place
    reaches: str
    address: str
    """Hidden but for its ends."""


@public
@csrf_exempt
def opt_out(request: HttpRequest, key: str) -> HttpResponse:
    """The page with its one button; a POST refuses, is answered 200, sets no cookie and leads nowhere else."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    asking = _asking(key)
    is_done = False
    if asking is not None and request.method == "POST":
        from lantoa.delivery import actions  # noqa: PLC0415 - actions are loaded when one is called

        is_done = actions.opt_out(key) is not None
    context = {
        "asking": asking,
        "is_done": is_done,
        "desk": desk_of(asking.place) if asking else None,
        "style": style().text,
    }
    response = render(request, "web/opt_out.html", context, status=200 if asking else 404)
    response["Content-Security-Policy"] = style().policy
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _asking(key: str) -> Asking | None:
    """Whose messages a key refuses; None for a key that is wrong, or whose owner is gone."""
    from lantoa.delivery.actions.hearing import address_of  # noqa: PLC0415 - actions are loaded when one is called

    ref = read_key(key, settings.SECRET_KEY)
    dispatch = Dispatch.objects.filter(pk=ref[0]).select_related("campaign__place").first() if ref else None
    address = address_of(dispatch, ref[1]) if dispatch and ref else ""
    if dispatch is None or not address:
        return None
    return Asking(dispatch.campaign.place, dispatch.reaches, hidden(dispatch.reaches, address))


def hidden(reaches: str, address: str) -> str:
    """An address as its owner knows it and nobody else can use it: `091…678`, `n…@hop-thu.vn`."""
    if reaches == Reaches.PHONE.value:
        return f"{address[:3]}…{address[-3:]}"
    if reaches == Reaches.EMAIL.value:
        name, _at, host = address.rpartition("@")
        return f"{name[:1]}…@{host}"
    return ""
