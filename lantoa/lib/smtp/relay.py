"""The mail server that takes our messages: how it is reached, and what it can do."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TLS = ("required", "offered", "implicit", "off")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class RelayError(Exception):
    """The relay cannot be used; the message, in Vietnamese, says why. `permanent`: a person must change something."""

    def __init__(self, message: str, *, permanent: bool = False, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.seconds = seconds
        """How long to wait at least before trying again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for each answer; by default what RFC 5321 §4.5.3.2 asks of a client."""

    connect: float = 30.0
    greeting: float = 300.0
    command: float = 300.0
    """For EHLO, STARTTLS, AUTH, RSET, MAIL and RCPT."""
    data: float = 120.0
    end: float = 600.0
    """From the final dot to its answer: what is given up here may arrive all the same."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What the server said it can do (EHLO)."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    receipts: bool = False
    """DSN (RFC 3461): delivery can be asked to be reported."""
    size: int | None = None
    """Most octets of a message; 0 where it states none, None where it does not know the parameter (RFC 1870)."""
    starttls: bool = False
    logins: frozenset[str] = frozenset()
    """Ways to sign in: `PLAIN`, `LOGIN`."""


@dataclass(frozen=True, slots=True)
class Relay:
    """How the server is reached; what each option means is on the page of the e-mail channel."""

    host: str
    port: int = 0
    tls: str = ""
    ca_file: str = ""
    user: str = ""
    password_file: str = ""
    hello: str = ""
    connections: int = 4
    messages_per_connection: int = 0
    """0 is no limit."""
    idle: float = 30.0
    """Seconds after which a connection with nothing to do is closed."""
    patience: Patience = field(default_factory=Patience)

    @property
    def is_local(self) -> bool:
        """Whether it is on this very machine."""
        return self.host in _LOCAL

    @property
    def security(self) -> str:
        """One of `TLS`: unless told, encryption is required of every server but one on this machine."""
        return self.tls or ("off" if self.is_local else "required")

    @property
    def actual_port(self) -> int:
        """The port: unless told 465 for TLS from the start, 587 with a login, else 25."""
        return self.port or (465 if self.tls == "implicit" else 587 if self.user else 25)

    def __str__(self) -> str:
        return f"{self.host}:{self.actual_port}"


def relay_of(options: Mapping[str, Any]) -> Relay:
    """The relay that options describe. Raises `RelayError` naming the first that is wrong."""
    patience = options.get("patience", {})
    if not isinstance(patience, dict):
        raise RelayError(f"patience = {patience!r} phải là một bảng số giây.", permanent=True)
    _check_kinds(patience, Patience, "patience.")
    _check_kinds({key: value for key, value in options.items() if key != "patience"}, Relay, "")
    if "host" not in options:
        raise RelayError("Thiếu host: tên máy chủ thư.", permanent=True)
    relay = Relay(**{**options, "patience": Patience(**patience)})
    _check(relay)
    return relay


def _check_kinds(options: Mapping[str, Any], kind: type, prefix: str) -> None:
    known = {entry.name: str(entry.type) for entry in dataclasses.fields(kind)}
    for key, value in options.items():
        if key not in known:
            raise RelayError(f"Không có tùy chọn {prefix}{key}; có: {', '.join(known)}.", permanent=True)
        wanted: tuple[type, ...] = {"str": (str,), "int": (int,), "float": (int, float)}[known[key]]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise RelayError(f"{prefix}{key} = {value!r} sai kiểu.", permanent=True)
        if isinstance(value, int | float) and value < 0:
            raise RelayError(f"{prefix}{key} = {value!r} không được âm.", permanent=True)


def _check(relay: Relay) -> None:
    faults = {
        "host trống.": not relay.host or not relay.host.isprintable() or " " in relay.host,
        f"port = {relay.port} không phải là số cổng.": relay.port > 65535,
        f"tls = {relay.tls!r}; chọn một trong: {', '.join(TLS)}.": relay.tls not in ("", *TLS),
        "connections phải từ 1 đến 1000.": not 1 <= relay.connections <= 1000,
        "Có user thì phải có password_file, và ngược lại.": bool(relay.user) != bool(relay.password_file),
        f"ca_file {relay.ca_file} không có.": bool(relay.ca_file) and not Path(relay.ca_file).is_file(),
        "hello phải là một tên máy chữ thường không dấu.": not relay.hello.isascii() or " " in relay.hello,
        'Không gửi mật khẩu tới máy khác khi tls = "off".':
            bool(relay.user) and relay.security == "off" and not relay.is_local,
    }
    for words, is_wrong in faults.items():
        if is_wrong:
            raise RelayError(words, permanent=True)


def password_in(file: str) -> str:
    """The password in a file, without the line end. Raises `RelayError`."""
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RelayError(f"Không đọc được tệp mật khẩu {file}: {error}", permanent=True) from error
