"""The beginning of a conversation: connecting, greeting, encryption, signing in (RFC 5321 §3.1, RFC 3207, RFC 4954)."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from lantoa.lib.smtp.relay import Peer, RelayError, password_in
from lantoa.lib.smtp.replies import reason

if TYPE_CHECKING:
    from lantoa.lib.smtp.connection import Connection
    from lantoa.lib.smtp.relay import Relay
    from lantoa.lib.smtp.replies import Reply

_PAUSE = 60.0
"""Seconds to leave a server alone that will not do what we must ask, unless somebody changes something."""

_NO_WAY = {
    socket.gaierror: "không tìm thấy tên máy này",
    ConnectionRefusedError: "máy có đó nhưng không nhận kết nối ở cổng này",
    ConnectionError: "kết nối bị cắt",
    UnicodeError: "tên máy viết sai",
}


async def dial(connection: Connection, relay: Relay) -> None:
    """Connect, encrypt, sign in and start, as the relay asks. Raises `RelayError`, and then the connection is over."""
    try:
        await _connect(connection, relay)
        connection.start(await _greet(connection, relay))
    except RelayError:
        connection.abandon()
        raise
    except (OSError, ValueError) as error:  # also of TLS, a time that ran out, a name no host can have
        connection.abandon()
        raise _told(relay, error) from error
    except BaseException:
        connection.abandon()
        raise


async def _connect(connection: Connection, relay: Relay) -> None:
    context = trusted(relay.ca_file) if relay.security == "implicit" else None
    try:
        async with asyncio.timeout(relay.patience.connect):
            await asyncio.get_running_loop().create_connection(
                lambda: connection, relay.host, relay.actual_port, ssl=context,
                server_hostname=relay.host if context else None,
            )
    except BaseException:
        connection.connection_lost(None)  # uvloop does not say it of a connection whose opening was called off
        raise


def trusted(ca_file: str) -> ssl.SSLContext:
    """How certificates are judged: always, by the authorities of the machine or those in a file."""
    return _context(ca_file, Path(ca_file).stat().st_mtime_ns if ca_file else 0)


@functools.lru_cache(maxsize=16)
def _context(ca_file: str, _written: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


async def _greet(connection: Connection, relay: Relay) -> Peer:
    reply = await connection.ask("", relay.patience.greeting)
    if reply.code != 220:
        raise _refused("Máy chủ thư không tiếp", reply)
    peer = await _hello(connection, relay)
    is_secret = relay.security == "implicit"
    if relay.security in {"required", "offered"}:
        if peer.starttls:
            await _encrypt(connection, relay)
            peer, is_secret = await _hello(connection, relay), True
        elif relay.security == "required":
            raise RelayError("Máy chủ thư không mã hóa đường truyền (STARTTLS); chưa gửi gì.", seconds=_PAUSE)
    if relay.user:
        if not is_secret and not relay.is_local:
            raise RelayError("Máy chủ thư không mã hóa đường truyền; không gửi mật khẩu.", seconds=_PAUSE)
        await _sign_in(connection, relay, peer)
    return peer


async def _hello(connection: Connection, relay: Relay) -> Peer:
    name = relay.hello or connection.address
    reply = await connection.ask(f"EHLO {name}", relay.patience.command)
    if reply.code == 250:
        return peer_of(reply)
    if reply.code >= 500:  # it knows the old greeting only
        reply = await connection.ask(f"HELO {name}", relay.patience.command)
    if reply.code != 250:
        raise _refused("Máy chủ thư không nhận lời chào", reply)
    return Peer()


def peer_of(reply: Reply) -> Peer:
    """What an answer to EHLO offers."""
    offered: dict[str, list[str]] = {}
    for line in reply.lines[1:]:
        word, *more = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        offered.setdefault(word, []).extend(more)
    return Peer(
        pipelining="PIPELINING" in offered,
        eight_bit="8BITMIME" in offered,
        utf8="SMTPUTF8" in offered,
        receipts="DSN" in offered,
        size=_size(" ".join(offered["SIZE"])) if "SIZE" in offered else None,
        starttls="STARTTLS" in offered,
        logins=frozenset(offered.get("AUTH", ())),
    )


def _size(stated: str) -> int:
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else 0


async def _encrypt(connection: Connection, relay: Relay) -> None:
    reply = await connection.ask("STARTTLS", relay.patience.command)
    if reply.code != 220:
        raise _refused("Máy chủ thư không bắt đầu mã hóa", reply)
    async with asyncio.timeout(relay.patience.connect):
        await connection.secure(trusted(relay.ca_file), relay.host)


async def _sign_in(connection: Connection, relay: Relay, peer: Peer) -> None:
    password = password_in(relay.password_file)
    if "PLAIN" in peer.logins:
        said = _base64(f"\0{relay.user}\0{password}")
        reply = await connection.ask(f"AUTH PLAIN {said}", relay.patience.command)
        if reply.code == 334:  # it did not look at what came with the command
            reply = await connection.ask(said, relay.patience.command)
    elif "LOGIN" in peer.logins:
        reply = await connection.ask("AUTH LOGIN", relay.patience.command)
        for word in (relay.user, password):
            if reply.code == 334:
                reply = await connection.ask(_base64(word), relay.patience.command)
    else:
        raise RelayError("Máy chủ thư không cho đăng nhập bằng mật khẩu (AUTH PLAIN, LOGIN).", seconds=_PAUSE)
    if reply.code >= 500:
        raise RelayError(f"Máy chủ thư không nhận tên hoặc mật khẩu của {relay.user} ({reply.codes}).", permanent=True)
    if reply.code != 235:
        raise _refused("Chưa đăng nhập được vào máy chủ thư", reply)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _refused(sentence: str, reply: Reply) -> RelayError:
    why = reason(reply.code, reply.status, reply.text)
    return RelayError(f"{sentence}: {reply.codes}. {why}", seconds=_PAUSE if reply.code >= 500 else 0.0)


def _told(relay: Relay, error: Exception) -> RelayError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return RelayError(
            f"Chứng thư của máy chủ thư {relay} không tin được ({error.verify_message}). "
            "Nếu là máy chủ nội bộ, đặt ca_file là tệp chứng thư gốc.",
            seconds=_PAUSE,
        )
    if isinstance(error, ssl.SSLError):
        return RelayError(f"Không mã hóa được đường truyền tới máy chủ thư {relay}: {error.reason or error}.")
    if isinstance(error, TimeoutError):
        return RelayError(f"Máy chủ thư {relay} không trả lời.")
    why = next((words for kind, words in _NO_WAY.items() if isinstance(error, kind)), str(error))
    return RelayError(f"Không kết nối được tới máy chủ thư {relay}: {why}.")
