"""What Zalo posts to a webhook: a message reached a device, somebody wrote."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import State
from lantoa.channels.http.answers import document_of, text_at
from lantoa.channels.http.signing import UnsignedError, WebhookError, check_time, header_of, read_secret, same
from lantoa.channels.http.webhooks import MOST_TEXT, plain_members
from lantoa.channels.wire import Reply, Report

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EventTable:
    """What is needed to know that an event is Zalo's."""

    app_id: str
    oa_secret_key_file: str
    """The official account's own key, which is not the application's."""
    within: int = 86_400
    """Seconds that an event may be old: Zalo posts again for hours when it got no answer, with the first time in it."""


def read_event(table: EventTable, headers: Mapping[str, str], body: bytes, now: float) -> list[Report | Reply]:
    """What an event says; events of other kinds say nothing.

    Signed with `X-ZEvent-Signature: mac=<SHA-256 of application id, body, timestamp and the account's key>`.
    Raises `UnsignedError`, `WebhookError`, or `ChannelError` when the key cannot be read.
    """
    event = document_of(body)
    if not isinstance(event, dict):
        raise WebhookError("the body is no JSON object")
    _check(table, header_of(headers, "X-ZEvent-Signature"), event, body)
    check_time(text_at(event, "/timestamp"), now, table.within)
    name = text_at(event, "/event_name")
    if name == "user_received_message" and (message_id := text_at(event, "/message/msg_id")):
        key = text_at(event, "/message/tracking_id")
        return [Report(message_id, State.DELIVERED, name, key=key, raw=plain_members(event.get("message", {})))]
    if name == "user_send_text" and (sender := text_at(event, "/sender/id")):
        raw = plain_members(event)
        return [Reply(sender, text_at(event, "/message/text", MOST_TEXT), text_at(event, "/recipient/id"), raw=raw)]
    return []


def _check(table: EventTable, given: str, event: dict[str, Any], body: bytes) -> None:
    stamp = text_at(event, "/timestamp")
    key = read_secret(table.oa_secret_key_file)
    signed = table.app_id.encode() + body + stamp.encode("utf-8", "replace") + key.encode()
    expected = hashlib.sha256(signed).hexdigest()
    if not same(given.removeprefix("mac=").lower(), expected) or text_at(event, "/app_id") != table.app_id:
        raise UnsignedError("the signature is missing or wrong, or it is another application's")
