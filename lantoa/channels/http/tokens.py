"""Access tokens that run out and are renewed: in time, once for everybody who waits, and again when one is refused."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lantoa.channels.http.answers import document_of, text_at

if TYPE_CHECKING:
    from lantoa.lib.http import HttpDoor, Response

MOST_TOKEN = 16_000
"""Characters of a token; headers cannot carry more."""
MARGIN = 60.0
"""Seconds before its end at which a token is renewed."""


class AccountError(Exception):
    """The account cannot be used. The message, in Vietnamese, says why; `permanent` that trying again is of no use."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends, in seconds since 1970."""

    value: str
    ends_at: float

    def is_good(self, now: float) -> bool:
        """Whether it may be used a while longer; of a short-lived token the last tenth is left unused."""
        return now < self.ends_at


def token_of(response: Response, now: float) -> Token:
    """The token of an answer (RFC 6749 §5.1). Raises `AccountError`."""
    document = document_of(response.body)
    value, seconds = text_at(document, "/access_token", MOST_TOKEN), text_at(document, "/expires_in")
    if response.status != 200 or not value or not (value.isascii() and value.isprintable()):
        said = text_at(document, "/error_description") or text_at(document, "/error") or f"HTTP {response.status}"
        raise AccountError(f"không lấy được mã truy cập: {said[:200]}; hãy kiểm tra tên và khóa của ứng dụng")
    try:
        lasts = max(float(seconds or 3600), 0.0)
    except ValueError:
        lasts = 3600.0
    return Token(value, now + lasts - min(MARGIN, lasts / 10))


class Renewer(Protocol):
    """Where tokens come from."""

    async def renew(self, door: HttpDoor, refused: str) -> Token:
        """A token that is good now and is not `refused`. Raises `AccountError` or `HttpError`."""


class TokenKeeper:
    """Holds one account's token in one process."""

    def __init__(self, renewer: Renewer) -> None:
        self._renewer = renewer
        self._token = Token("", 0.0)
        self._refused = ""
        self._lock = asyncio.Lock()

    @property
    def value(self) -> str:
        """The token; empty when there is none to use."""
        return self._token.value if self._token.is_good(time.time()) else ""

    def refuse_in(self, headers: tuple[str, ...]) -> bool:
        """The service did not take a request with these headers; when today's token is in them, it is renewed.

        False when the request was made with an older one.
        """
        value = self._token.value
        if not value or not any(line.endswith(f" {value}") for line in headers):
            return False
        self._refused, self._token = value, Token("", 0.0)
        return True

    async def hold(self, door: HttpDoor) -> None:
        """Have a good token. Raises `AccountError` or `HttpError`."""
        async with self._lock:
            if not self.value:
                self._token = await self._renewer.renew(door, self._refused)
