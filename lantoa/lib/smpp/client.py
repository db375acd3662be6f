"""Binds kept alive: each is opened, used until it breaks, and opened again, waiting longer each time it fails."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from lantoa.lib.smpp import commands, statuses
from lantoa.lib.smpp.connection import Connection, Handler, Timing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lantoa.lib.smpp.pdu import Login

Kind = Literal["transceiver", "transmitter", "receiver"]
_STEADY = 30.0
"""Seconds a bind must have lasted, if it never answered a message, before a break is not one more failure in a row."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a message centre listens."""

    host: str
    port: int = 2775
    tls: ssl.SSLContext | None = None
    tls_name: str = ""
    """The name in its certificate, where that is not the host's."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait between two attempts to bind, in seconds."""

    first: float = 1.0
    longest: float = 60.0


class Keeper(Handler, Protocol):
    """What stands above the binds of an account."""

    def failed(self, why: str, *, permanent: bool) -> None:
        """A bind could not be made, or broke; it is tried again unless that is `permanent`."""


@dataclass(slots=True)
class Bind:
    """One bind that is kept up: `run` it in a task of its own, and `leave` it."""

    kind: Kind
    endpoint: Endpoint
    login: Login
    keeper: Keeper
    window: int
    timing: Timing = field(default_factory=Timing)
    waits: Waits = field(default_factory=Waits)
    connection: Connection | None = None
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    is_left: bool = False

    async def run(self) -> None:
        """Bind again and again, until it is left, cancelled, or refused for good."""
        wait = self.waits.first
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            why, permanent = await self._once()
            worked = self.connection is not None and self.connection.has_worked and not self.connection.was_in_vain
            self.connection = None
            self.keeper.failed(why, permanent=permanent)
            if permanent or self.is_left:
                return
            if worked or loop.time() - began > _STEADY:
                wait = self.waits.first
            spread = 0.75 + random.random() / 2  # noqa: S311 - so that many binds do not all come back at once
            await self.pause(wait * spread)
            wait = min(wait * 2, self.waits.longest)

    async def leave(self, seconds: float) -> None:
        """Unbind, and hang up if the centre does not agree in time."""
        self.is_left = True
        connection = self.connection
        if connection is None or connection.ended.done():
            return
        if connection.is_bound:
            connection.unbind()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asyncio.shield(connection.ended)
        connection.drop()
        await asyncio.shield(connection.ended)

    async def _once(self) -> tuple[str, bool]:
        """Bind and stay until it ends: why it ended, and whether trying again is of no use."""
        try:
            async with asyncio.timeout(self.timing.connect):
                connection = self.connection = await self._dial()
                status = await connection.bind(commands.BINDS[self.kind], self.login.body())
        except TimeoutError:
            why = f"Nhà mạng ({self.endpoint}) không trả lời trong {self.timing.connect:.0f} giây khi kết nối"
        except OSError as error:
            why = explain(error, self.endpoint)
        else:
            if status == 0:
                await asyncio.shield(connection.ended)
                return connection.why or f"Mất kết nối tới nhà mạng ({self.endpoint})", False
            found = statuses.status_of(status)
            why = f"Nhà mạng ({self.endpoint}) không cho đăng nhập: {found.why} ({found.name})"
            await self._hang_up()
            return why, status in statuses.WRONG_LOGIN
        await self._hang_up()
        return why, False

    async def _hang_up(self) -> None:
        connection = self.connection
        if connection is not None:
            connection.drop()
            await asyncio.shield(connection.ended)

    async def _dial(self) -> Connection:
        window = 0 if self.kind == "receiver" else self.window
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self.keeper, window=window, timing=self.timing),
            self.endpoint.host, self.endpoint.port,
            ssl=self.endpoint.tls, server_hostname=self.endpoint.tls_name or None,
        )
        return connection


def explain(error: OSError, endpoint: Endpoint) -> str:
    """Why a connection could not be made, and what to look at, for whoever looks after the account."""
    where = f"nhà mạng ({endpoint})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Chứng chỉ TLS của {where} không hợp lệ: {error.verify_message}. Xem tls_ca và tls_name của tài khoản"
    if isinstance(error, ssl.SSLError):
        return f"Không lập được kết nối mã hóa TLS với {where}: {error.reason}. Hỏi nhà mạng cổng này có dùng TLS không"
    if isinstance(error, ConnectionRefusedError):
        return f"Không kết nối được tới {where}: cổng này không ai nghe. Kiểm tra host và port của tài khoản"
    if isinstance(error, socket.gaierror):
        return f"Không tìm thấy địa chỉ của {where}. Kiểm tra host của tài khoản và DNS của máy"
    if isinstance(error, ConnectionError):
        return f"Kết nối tới {where} bị ngắt khi đang đăng nhập. Hỏi nhà mạng đã mở địa chỉ IP của máy này chưa"
    return f"Không kết nối được tới {where}: {error.strerror or error}. Kiểm tra mạng của máy này"
