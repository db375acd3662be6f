"""Notices on a resident's own screen: the service worker that shows them, and the door at which browsers subscribe."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.cache import cache as kept
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lantoa.campaigns.models import Campaign
from lantoa.places.permits import RefusedError
from lantoa.web.doors import public
from lantoa.web.push_key import push_key
from lantoa.web.views.public_page import place_of

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_BYTES = 4096
MOST_AN_HOUR = 30
"""Times an hour that one address may subscribe or end it: an office's browsers share one."""
HOUR = 3600


@public
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The script that shows a notice and opens its link; it lies at the top, and is registered for public pages."""
    response = HttpResponse(_script(), "text/javascript; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    response["Cache-Control"] = "no-cache"  # a browser asks for it anew, so that a mended one is soon everywhere
    return response


@cache
def _script() -> bytes:
    return (Path(__file__).parent.parent / "service_worker.js").read_bytes()


@public
@csrf_exempt
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep (POST) or forget (DELETE) the subscription that a browser sends as JSON.

    The page is the same for everybody and has no token; that the body must be declared as JSON keeps other sites'
    forms out.
    """
    if request.method not in {"POST", "DELETE"}:
        return HttpResponseNotAllowed(["POST", "DELETE"])
    campaign = get_object_or_404(Campaign.objects.select_related("place"), slug=slug, is_rehearsal=False)
    if not push_key():
        raise Http404
    if _is_too_often(request):
        return _said(429, _("Máy này đã thử nhiều lần. Hãy chờ một giờ rồi thử lại."))
    sent = _sent(request)
    if sent is None:
        return _said(400, _("Yêu cầu không đúng dạng. Hãy tải lại trang rồi thử lại."))
    try:
        return _settle(request, campaign, sent)
    except RefusedError as refused:
        return _said(400, str(refused))


def _settle(request: HttpRequest, campaign: Campaign, sent: dict[str, Any]) -> HttpResponse:
    from lantoa.delivery.actions import (  # noqa: PLC0415 - actions are loaded when one is called
        subscribe_browser,
        unsubscribe_browser,
    )

    text = json.dumps(sent.get("subscription"))
    if request.method == "DELETE":
        unsubscribe_browser(text)
        return _said(200, _("Máy này không nhận thông báo nữa."))
    place = place_of(campaign, str(sent.get("place") or "")[:40])
    subscribe_browser(place, text)
    return _said(200, _("Máy này sẽ nhận thông báo của %(place)s.") % {"place": place})


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    if request.content_type != "application/json":
        return None
    body = request.read(MOST_BYTES + 1)
    try:
        sent = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    return sent if isinstance(sent, dict) else None


def _is_too_often(request: HttpRequest) -> bool:
    key = f"subscribe:{request.META.get('REMOTE_ADDR', '')}"
    kept.add(key, 0, HOUR)
    try:
        return kept.incr(key) > MOST_AN_HOUR
    except ValueError:  # it ended in between
        return False


def _said(status: int, words: str) -> HttpResponse:
    return JsonResponse({"said": words}, status=status, json_dumps_params={"ensure_ascii": False})
