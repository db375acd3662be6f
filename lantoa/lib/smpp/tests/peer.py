"""A message centre that does what a test tells it, PDU by PDU; and what stands above a connection, remembering."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.commands import RESPONSE
from lantoa.lib.smpp.pdu import HEADER, HEADER_LENGTH, write_pdu

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from lantoa.lib.smpp.connection import Connection


class Pdu(NamedTuple):
    """One PDU as it came."""

    command: int
    status: int
    sequence: int
    body: bytes


class Line:
    """One connection of the centre."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def next(self, command: int | None = None) -> Pdu:
        """The next PDU; of `command`, where others may come before it."""
        async with asyncio.timeout(5):
            while True:
                length, found, status, sequence = HEADER.unpack(await self.reader.readexactly(HEADER_LENGTH))
                pdu = Pdu(found, status, sequence, await self.reader.readexactly(length - HEADER_LENGTH))
                if command in {None, found}:
                    return pdu

    def send(self, octets: bytes) -> None:
        self.writer.write(octets)

    def answer(self, pdu: Pdu, body: bytes = b"", status: int = 0) -> None:
        self.send(write_pdu(pdu.command | RESPONSE, pdu.sequence, body, status))

    async def accept(self) -> Pdu:
        """Let whoever comes bind."""
        pdu = await self.next()
        assert pdu.command in commands.BINDS.values()
        self.answer(pdu, b"centre\0")
        return pdu

    async def is_closed(self) -> bool:
        """Wait for the other end to hang up."""
        async with asyncio.timeout(5):
            try:
                while await self.reader.read(65_536):
                    pass
            except ConnectionError:
                pass
            self.writer.close()
            return True

    def cut(self) -> None:
        self.writer.transport.abort()


class Centre:
    """Listens; `line()` is the next connection somebody opens."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[Line] = asyncio.Queue()
        self.port = 0

    async def line(self) -> Line:
        async with asyncio.timeout(5):
            return await self.lines.get()

    async def bound(self) -> Line:
        """The next connection, bound."""
        line = await self.line()
        await line.accept()
        return line


@asynccontextmanager
async def centre() -> AsyncIterator[Centre]:
    """A centre on this machine."""
    made = Centre()
    writers = []
    open_still = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        made.lines.put_nowait(Line(reader, writer))
        await open_still.wait()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        open_still.set()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


class Watcher:
    """A `Keeper` that submits what it is given and remembers what it is told."""

    def __init__(self) -> None:
        self.waiting: list[tuple[bytes, Any]] = []
        self.connections: list[Connection] = []
        self.told: list[tuple[Any, ...]] = []
        self.acknowledges = True
        self._changed = asyncio.Event()

    def _tell(self, *what: Any) -> None:
        self.told.append(what)
        self._changed.set()

    def bound(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._tell("bound")

    def fill(self, connection: Connection) -> None:
        while self.waiting and connection.free > 0:
            connection.submit(*self.waiting.pop(0))

    def answered(self, token: Any, status: int, message_id: str) -> None:
        self._tell("answered", token, status, message_id)

    def answered_late(self, token: Any, status: int, message_id: str) -> None:
        self._tell("answered late", token, status, message_id)

    def expired(self, token: Any) -> None:
        self._tell("expired", token)

    def gone(self, connection: Connection, written: list[Any], unwritten: list[Any]) -> None:  # noqa: ARG002 - as asked
        self._tell("gone", written, unwritten)

    def failed(self, why: str, *, permanent: bool) -> None:
        self._tell("failed", why, permanent)

    def delivered(self, connection: Connection, command: int, sequence: int, body: bytes) -> None:
        self._tell("delivered", command, sequence, body)
        if self.acknowledges:
            connection.acknowledge(sequence, command)

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        """What was told of a kind."""
        return [what[1:] for what in self.told if what[0] == kind]

    async def until(self, true: Callable[[], Any], seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()
