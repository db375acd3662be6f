"""Secrets, and signatures by a shared secret: ours under requests, a service's under webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from lantoa.channels.base import ChannelError
from lantoa.channels.registry import ChannelSettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.channels.wire import Reply, Report

ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})
_PLACE = re.compile(r"\{(\w+)\}")


def read_secret(path: str) -> str:
    """The secret that lies in a file, without the line break editors put behind it. Raises `ChannelError`."""
    try:
        secret = Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ChannelError(
            f"Không đọc được tệp khóa {path} ({error}). Hãy kiểm tra đường dẫn và quyền đọc.", permanent=True
        ) from error
    if not secret or not secret.isprintable():
        raise ChannelError(f"Tệp khóa {path} phải có đúng một dòng là khóa.", permanent=True)
    return secret


@dataclass(frozen=True, slots=True)
class Signature:
    """How something is signed: an HMAC (RFC 2104) of what `content` says."""

    secret_file: str
    header: str = "X-Signature"
    algorithm: str = "sha256"
    encoding: str = "hex"
    """`hex` or `base64`."""
    prefix: str = ""
    """What stands before it in the header: `sha256=`."""
    content: str = "{body}"
    """What is signed; `{timestamp}` is the value of the timestamp's header: `{timestamp}.{body}`."""
    timestamp: str = ""
    """Header of the time in seconds, or milliseconds, since 1970; empty when there is none."""
    within: int = 300
    """Seconds that the time may differ from ours."""

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise ChannelSettingError(f"algorithm {self.algorithm!r} is none of {', '.join(sorted(ALGORITHMS))}")
        if self.encoding not in {"hex", "base64"}:
            raise ChannelSettingError(f"encoding {self.encoding!r} is neither hex nor base64")
        names = set(_PLACE.findall(self.content))
        if "body" not in names or names - {"body", "timestamp"}:
            raise ChannelSettingError(f"content {self.content!r} must hold {{body}}, and may hold {{timestamp}}")
        if "timestamp" in names and not self.timestamp:
            raise ChannelSettingError("content holds {timestamp}: say in which header `timestamp` stands")

    def of(self, secret: str, body: bytes, timestamp: str = "") -> str:
        """The header's value for a body."""
        before, _, after = self.content.partition("{body}")
        signed = before.replace("{timestamp}", timestamp).encode() + body
        signed += after.replace("{timestamp}", timestamp).encode()
        digest = hmac.new(secret.encode(), signed, getattr(hashlib, self.algorithm)).digest()
        return self.prefix + (digest.hex() if self.encoding == "hex" else base64.b64encode(digest).decode())

    def check(self, secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
        """Raise `UnsignedError` unless the body is signed with the secret, and now."""
        timestamp = header_of(headers, self.timestamp) if self.timestamp else ""
        expected = self.of(secret, body, timestamp)
        given = header_of(headers, self.header)
        if self.encoding == "hex":
            given = self.prefix + given.removeprefix(self.prefix).lower()
        if not same(given, expected):
            raise UnsignedError("the signature is missing or wrong")
        if self.timestamp:
            check_time(timestamp, now, self.within)


class WebhookError(ValueError):
    """What was posted to a webhook cannot be used; it changed nothing."""


class UnsignedError(WebhookError):
    """It is not from whom it should be, or it is an old one played again."""


@runtime_checkable
class Webhook(Protocol):
    """A channel that may be told things by POST."""

    is_told: bool
    """Whether it is configured to be."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> list[Report | Reply]:
        """What a request says; `now` is seconds since 1970.

        Raises `UnsignedError` for one that is not signed as it should be, `WebhookError` for one that cannot be read,
        `ChannelError` when the secret cannot be read.
        """


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell how much of them is (constant time)."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def check_time(timestamp: str, now: float, within: float) -> None:
    """Raise `UnsignedError` unless a time, in seconds or milliseconds since 1970, is `now` but for `within` seconds."""
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 16:
        raise UnsignedError("the time is missing or no number")
    seconds = int(timestamp) / (1000 if len(timestamp) > 11 else 1)
    if abs(now - seconds) > within:
        raise UnsignedError("it is too old, or this machine's clock is wrong")


def header_of(headers: Mapping[str, str], name: str) -> str:
    """A header's value, whatever the case of its name; empty when it is not there."""
    if name in headers:
        return headers[name]
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")
