"""What a service tells by POST, read by a table that the installation gives: receipts, and what people wrote back."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from lantoa.channels.base import State
from lantoa.channels.http.answers import NOTHING, document_of, find, text_at
from lantoa.channels.http.signing import Signature, UnsignedError, WebhookError, header_of, read_secret, same
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Reply, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)
MOST_NEWS = 10_000
"""In one request."""
MOST_TEXT = 5000
"""Characters of a reply that are kept."""


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """A fixed secret in a header, for services that cannot sign."""

    header: str
    secret_file: str
    prefix: str = ""
    """What stands before it: `Bearer `."""

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise `UnsignedError` unless the header holds the secret."""
        if not same(header_of(headers, self.header), self.prefix + read_secret(self.secret_file)):
            raise UnsignedError("the token is missing or wrong")


@dataclass(frozen=True, slots=True)
class ReplyTable:
    """Where a reply stands in what is posted; pointers are JSON pointers into one entry."""

    address: str
    text: str
    to: str = ""
    key: str = ""
    """Pointer to our key of what is answered."""


@dataclass(frozen=True, slots=True)
class WebhookTable:
    """How to read what a service posts; it must be signed, or carry a token."""

    signature: Signature | None = None
    token: TokenHeader | None = None
    format: str = "json"
    """`json` or `form`; a form's fields are read like members of an object."""
    entries: str = ""
    """Pointer to the list of receipts; without it the body is one entry, or a list of them."""
    id: str = ""
    """Pointer to the service's id, as its answer gave it."""
    key: str = ""
    """Pointer to our own key."""
    status: str = "/status"
    code: str = ""
    message: str = ""
    delivered: tuple[str, ...] = ()
    """Statuses that mean it arrived."""
    failed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    underway: tuple[str, ...] = ()
    """Statuses that settle nothing yet, such as *queued*."""
    reply: ReplyTable | None = None
    """Entries without a status that have such an address and text are replies."""
    words: dict[str, str] = field(default_factory=dict)
    """Codes or statuses in plain Vietnamese."""

    def __post_init__(self) -> None:
        if (self.signature is None) == (self.token is None):
            raise ChannelSettingError("a webhook needs either `signature` or `token`")
        if self.format not in {"json", "form"}:
            raise ChannelSettingError(f"format {self.format!r} is neither json nor form")
        if not self.id and not self.key:
            raise ChannelSettingError("say where `id` or `key` stands, else no message is recognised")


def read_webhook(table: WebhookTable, headers: Mapping[str, str], body: bytes, now: float) -> list[Report | Reply]:
    """What a request says. Raises `UnsignedError`, `WebhookError`, or `ChannelError` for a secret that is missing."""
    if table.signature:
        table.signature.check(read_secret(table.signature.secret_file), headers, body, now)
    elif table.token:
        table.token.check(headers)
    news = [_news(table, entry) for entry in _entries(table, body)]
    return [one for one in news if one is not None]


def _entries(table: WebhookTable, body: bytes) -> list[Any]:
    document = _form(body) if table.format == "form" else document_of(body)
    found = find(document, table.entries) if document is not NOTHING else NOTHING
    entries = found if isinstance(found, list) else [found]
    if not all(isinstance(entry, dict) for entry in entries):
        raise WebhookError("the body is not what the webhook's table says")
    if len(entries) > MOST_NEWS:
        raise WebhookError(f"more than {MOST_NEWS} entries in one request")
    return entries


def _form(body: bytes) -> Any:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return NOTHING


def _news(table: WebhookTable, entry: Any) -> Report | Reply | None:
    status = text_at(entry, table.status, 64)
    if not status:
        return _reply(table.reply, entry) if table.reply else None
    provider_id, key = text_at(entry, table.id), text_at(entry, table.key)
    if not provider_id and not key:
        return None
    state = _state(table, status)
    if state is None:
        return None
    code = text_at(entry, table.code, 64) or status
    message = text_at(entry, table.message)
    why = table.words.get(code) or table.words.get(status) or message
    return Report(provider_id, state, code, why, key, plain_members(entry))


def _state(table: WebhookTable, status: str) -> State | None:
    """What a status settles; None for nothing yet, which is noted where no list has the status."""
    if status in table.delivered:
        return State.DELIVERED
    if status in table.failed:
        return State.FAILED_FOR_GOOD
    if status in table.refused:
        return State.REFUSED
    if status not in table.underway:
        log.warning("a receipt's status %r is in no list of the webhook's table", status)
    return None


def _reply(table: ReplyTable, entry: Any) -> Reply | None:
    address, text = text_at(entry, table.address), text_at(entry, table.text, MOST_TEXT)
    if not address:
        return None
    return Reply(address, text, text_at(entry, table.to), text_at(entry, table.key), plain_members(entry))


def plain_members(entry: Mapping[str, Any]) -> dict[str, str]:
    """What an entry holds besides, as far as it is plain: kept beside what was understood."""
    kept = {str(name)[:100]: value for name, value in list(entry.items())[:50]}
    return {name: str(value)[:500] for name, value in kept.items() if isinstance(value, str | int | float)}
