"""Browsers whose owners ask for notices of a place, on the public page and without an account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction

from lantoa.channels.wire import Reaches
from lantoa.delivery.models import PushSubscription, Suppression
from lantoa.lib.push import Subscription, SubscriptionError, base64url, encrypt, read_subscription
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.places.models import Place

MOST_LETTERS = 1000
"""Of a subscription, as the ledger keeps it; push services' addresses have two to five hundred."""


@transaction.atomic
def subscribe_browser(place: Place, text: str) -> PushSubscription:
    """Keep the subscription that a browser gave (JSON), for notices of `place`; the same browser is kept once.

    Whoever refused notices and asks for them again is sent them again. Raises `RefusedError` for what no browser gives:
    an address that is not https, keys that are none.
    """
    address, start = _canonical(text)
    PushSubscription.objects.filter(address__startswith=start).exclude(address=address).delete()
    Suppression.objects.filter(reaches=Reaches.BROWSER.value, address=address).delete()
    row, is_new = PushSubscription.objects.get_or_create(address=address, defaults={"place": place})
    if not is_new and row.place_id != place.pk:
        row.place = place
        row.save(update_fields=["place"])
    record(Event(None, "subscribe_browser", row, detail={"place": place.code}))
    return row


@transaction.atomic
def unsubscribe_browser(text: str) -> None:
    """Forget a browser; one that is not known is no error. Raises `RefusedError` for what no browser gives."""
    _, start = _canonical(text)
    for row in PushSubscription.objects.filter(address__startswith=start):
        record(Event(None, "unsubscribe_browser", row))
        row.delete()


def _canonical(text: str) -> tuple[str, str]:
    """The subscription as it is kept, its keys in order and nothing beside; and how all of one browser begin."""
    try:
        given = read_subscription(text)
        _check(given)
    except (SubscriptionError, ValueError) as error:
        raise RefusedError("Trình duyệt gửi lên một đăng ký không dùng được. Hãy tải lại trang rồi thử lại.") from error
    start = f'{{"endpoint":{json.dumps(given.endpoint)},'
    keys = {"auth": base64url(given.auth), "p256dh": base64url(given.key)}
    address = f'{start}"keys":{json.dumps(keys, separators=(",", ":"))}}}'
    if len(address) > MOST_LETTERS:
        raise RefusedError("Địa chỉ nhận thông báo của trình duyệt này dài quá, hệ thống chưa nhận được.")
    return address, start


def _check(given: Subscription) -> None:
    """Raise `ValueError` unless the address is a public https one and something can be encrypted for the keys."""
    parts = urlsplit(given.endpoint)
    if parts.scheme != "https" or not parts.hostname or parts.username or not given.endpoint.isascii():
        raise ValueError("not https")
    is_number = ":" in parts.hostname or parts.hostname.replace(".", "").isdecimal()
    if is_number or "." not in parts.hostname or parts.port not in {None, 443} or not given.endpoint.isprintable():
        raise ValueError("not a public address")
    encrypt(b"", given)
