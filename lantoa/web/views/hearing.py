"""Where services post what they have to tell: whether a message arrived, what somebody wrote back.

Nobody signs in here: each request is signed with a secret shared with the service, and believed by that alone.
"""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from lantoa.channels.base import ChannelError
from lantoa.channels.http.signing import UnsignedError, Webhook, WebhookError
from lantoa.channels.registry import build_channels
from lantoa.delivery.actions.hearing import hear
from lantoa.web.doors import public

log = logging.getLogger(__name__)
MOST_BYTES = 1024 * 1024


@public
@csrf_exempt
def take_news(request: HttpRequest, channel: str) -> HttpResponse:
    """Take what a service posts about one channel; 200 says that it is kept, and only then need it not come again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    webhook = _webhook(channel)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _said(413, f"more than {MOST_BYTES} bytes")
    try:
        news = webhook.read_webhook(request.headers, body, time.time())
    except WebhookError as error:
        log.warning("webhook %s: %s", channel, error)
        return _said(401 if isinstance(error, UnsignedError) else 400, str(error))
    except ChannelError:
        log.exception("webhook %s: its secret cannot be read", channel)
        return _said(503, "not ready")
    hear(channel, news)
    return _said(200, "")


def _webhook(name: str) -> Webhook:
    """The channel, when it is configured to be told things; else the address is not there."""
    configured = settings.LANTOA_CHANNELS
    channel: object = build_channels({name: configured[name]})[name] if name in configured else None
    if not isinstance(channel, Webhook) or not channel.is_told:
        raise Http404
    return channel


def _said(status: int, why: str) -> HttpResponse:
    return HttpResponse(why, content_type="text/plain", status=status)
