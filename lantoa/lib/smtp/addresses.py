"""Addresses of mail: what an SMTP command may name (RFC 5321 §4.1.2, RFC 6531), and addresses that carry a key."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
"""An address as almost all are: letters, digits and marks of ASCII. Match it whole; up to `SHORT` it is sure to fit."""
SHORT = 65
_DOMAIN_ONLY = re.compile(_DOMAIN)
_LOCAL_UTF8 = re.compile(r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\].]+(?:\.[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\].]+)*")
LONGEST = 254
"""Octets of an address: a path of 256 with its two brackets (RFC 5321 §4.5.3.1.3)."""
LONGEST_LOCAL = 64
KEY = r"[A-Za-z0-9_-]{1,64}"


class AddressError(ValueError):
    """No mail can be sent to this address; the message, in Vietnamese, says why."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address as SMTP takes it; `needs_utf8` when its local part is beyond ASCII (RFC 6531)."""

    address: str
    needs_utf8: bool = False


def mailbox_of(text: str) -> Mailbox:
    """Read one address; a domain beyond ASCII is written as DNS has it (`xn--…`). Raises `AddressError`."""
    address = text.strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise AddressError(f"“{_shown(text)}” không phải là địa chỉ thư điện tử.")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise AddressError(f"Tên miền của địa chỉ “{_shown(text)}” viết sai.") from None
    made = f"{local}@{domain}"
    if len(made.encode("utf-8", "replace")) > LONGEST or len(local.encode("utf-8", "replace")) > LONGEST_LOCAL:
        raise AddressError(f"Địa chỉ “{_shown(text)}” quá dài.")
    if PLAIN.fullmatch(made):
        return Mailbox(made)
    if not local.isascii() and local.isprintable() and _LOCAL_UTF8.fullmatch(local) and _DOMAIN_ONLY.fullmatch(domain):
        return Mailbox(made, needs_utf8=True)
    raise AddressError(f"Địa chỉ “{_shown(text)}” viết sai.")


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:80])


@dataclass(frozen=True, slots=True)
class KeyedAddress:
    """An address that carries a key, so that whatever comes back to it says what it answers (VERP).

    `tra-lai@phuong.example` with `+` gives `tra-lai+KEY@phuong.example`. With an empty separator it carries none.
    """

    address: str
    separator: str = "+"

    def around(self) -> tuple[str, str]:
        """What stands before the key and behind it."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}{self.separator}", f"@{domain}"

    def with_key(self, key: str) -> str:
        """The address that names `key`."""
        if not self.separator:
            return self.address
        before, behind = self.around()
        return f"{before}{key}{behind}"

    def find(self, text: str) -> str | None:
        """The key of the first such address in a text; empty for the address alone, None when neither is there."""
        before, behind = (re.escape(part) for part in self.around())
        if self.separator and (found := _among(rf"{before}({KEY}){behind}", text)):
            return found[1]
        return "" if _among(re.escape(self.address), text) else None


def _among(address: str, text: str) -> re.Match[str] | None:
    """An address as a whole, not as the end or beginning of a longer one."""
    return re.search(rf"(?<![\w.+-]){address}(?![\w-]|\.\w)", text, re.IGNORECASE)
