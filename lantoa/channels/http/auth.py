"""How an account shows a service who it is."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lantoa.channels.base import ChannelError
from lantoa.channels.http.signing import Signature, read_secret
from lantoa.channels.http.tokens import Token, TokenKeeper, token_of
from lantoa.lib.http import Request

if TYPE_CHECKING:
    from lantoa.lib.http import HttpDoor

NEEDS = {
    "none": (), "basic": ("user", "secret_file"), "bearer": ("secret_file",), "header": ("header", "secret_file"),
    "hmac": ("signature",), "oauth2": ("token_url", "client_id", "secret_file"),
}


@dataclass(frozen=True, slots=True)
class AuthTable:
    """How to sign in: `kind`, and what that kind needs."""

    kind: str = "none"
    user: str = ""
    secret_file: str = ""
    """The password, key, token or client secret lies in it."""
    header: str = ""
    """Of the kind `header`: where the key stands, such as `X-Api-Key`."""
    signature: Signature | None = None
    """Of the kind `hmac`."""
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    basic_client: bool = False
    """Of the kind `oauth2`: whether name and secret go in `Authorization: Basic` instead of the form."""


class Auth:
    """The headers that show who asks."""

    def __init__(self, table: AuthTable) -> None:
        if table.kind not in NEEDS:
            raise ChannelError(
                f"Cách đăng nhập “{table.kind}” không có; chỉ có {', '.join(NEEDS)}.", permanent=True)
        if missing := [name for name in NEEDS[table.kind] if not getattr(table, name)]:
            raise ChannelError(f"Cách đăng nhập “{table.kind}” còn thiếu {', '.join(missing)}.", permanent=True)
        self._table = table
        secret_file = table.signature.secret_file if table.signature else table.secret_file
        self._secret = read_secret(secret_file) if table.kind != "none" else ""
        self.keeper = TokenKeeper(self) if table.kind == "oauth2" else None
        self._fixed = self._of_kind()

    def _of_kind(self) -> tuple[str, ...]:
        match self._table.kind:
            case "basic":
                return (_basic(self._table.user, self._secret),)
            case "bearer":
                return (f"Authorization: Bearer {self._secret}",)
            case "header":
                return (f"{self._table.header}: {self._secret}",)
            case _:
                return ()

    @property
    def is_fixed(self) -> bool:
        """Whether every request has the same headers."""
        return self._table.kind not in {"hmac", "oauth2"}

    def headers(self, body: bytes) -> tuple[str, ...]:
        """The header lines for a request with this body."""
        if self.keeper:
            return (f"Authorization: Bearer {self.keeper.value}",)
        signature = self._table.signature
        if not signature:
            return self._fixed
        stamp = str(int(time.time())) if signature.timestamp else ""
        line = f"{signature.header}: {signature.of(self._secret, body, stamp)}"
        return (line, f"{signature.timestamp}: {stamp}") if stamp else (line,)

    async def renew(self, door: HttpDoor, refused: str) -> Token:  # noqa: ARG002 - every token is a new one
        """A token for client credentials (RFC 6749 §4.4). Raises `AccountError` or `HttpError`."""
        table = self._table
        fields = {"grant_type": "client_credentials"} | ({"scope": table.scope} if table.scope else {})
        headers: tuple[str, ...] = ("Content-Type: application/x-www-form-urlencoded", "Accept: application/json")
        if table.basic_client:
            headers = (*headers, _basic(table.client_id, self._secret))
        else:
            fields |= {"client_id": table.client_id, "client_secret": self._secret}
        response = await door.send(Request("POST", table.token_url, headers, urlencode(fields).encode()))
        return token_of(response, time.time())


def _basic(user: str, password: str) -> str:
    """RFC 7617."""
    return "Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
