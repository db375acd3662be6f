"""A quick HTTP/1.1 server that plays the services messages are sent through (`dialects.py`), as good or bad as told.

What becomes of a message depends on its address and the script's seed alone, never on time or order: a run can be
repeated, and whoever tests knows beforehand what must come out. Whatever was accepted is written down before it is
answered, so that a cut connection still counts as received.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from enum import Enum
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, Self, cast

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_HEAD = 64 * 1024
MOST_BODY = 8 * 1024 * 1024
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
           410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


class Fate(Enum):
    """What becomes of a message besides being accepted or refused with a code."""

    LOST = "lost"
    """Accepted; the connection is cut instead of an answer."""
    STALLED = "stalled"
    """Accepted; no answer ever comes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A share of all addresses is refused in one way."""

    share: float
    code: str = ""
    """In the words of the dialect."""
    status: int = 200
    times: int = 0
    """How often an address is refused before it is accepted; 0 is always."""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """How the server behaves."""

    seed: int = 0
    delay: float = 0.0
    """Seconds before each answer."""
    faults: tuple[Fault, ...] = ()
    lost: float = 0.0
    """Share of addresses whose answer is lost."""
    stalled: float = 0.0
    rate: int = 0
    """Messages a second that are taken; above it the answer is 429 with `Retry-After: 1`. 0 is no limit."""

    def fate(self, address: str) -> Fate | Fault | None:
        """What becomes of a message to `address`; None is accepted and answered."""
        if not (self.lost or self.stalled or self.faults):
            return None
        place = self.draw(address)
        for share, fate in self._shares():
            if place < share:
                return fate
            place -= share
        return None

    def draw(self, address: str, purpose: str = "") -> float:
        """A number from 0 to below 1 that depends on seed, purpose and address alone."""
        digest = blake2b(f"{purpose}\0{address}".encode(), digest_size=8, key=self.seed.to_bytes(8, "big"))
        return int.from_bytes(digest.digest(), "big") / 2**64

    def _shares(self) -> Iterator[tuple[float, Fate | Fault]]:
        yield self.lost, Fate.LOST
        yield self.stalled, Fate.STALLED
        for fault in self.faults:
            yield fault.share, fault


@dataclass(slots=True, eq=False)
class Asked:
    """One request as it came."""

    method: str
    target: str
    head: bytes
    """Its header lines."""
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, empty when it is not there."""
        at = self.head.lower().find(b"\r\n" + name.lower().encode() + b":")
        return "" if at < 0 else self.head[at + len(name) + 3 :].split(b"\r\n", 1)[0].decode("latin-1").strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        """Its bytes on the wire."""
        lines = "".join(f"{line}\r\n" for line in self.headers)
        begin = f"HTTP/1.1 {self.status} {REASONS.get(self.status, '-')}\r\n"
        return f"{begin}{lines}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Got:
    """One message that was accepted."""

    address: str
    text: str
    key: str = ""
    at: float = 0.0
    """When, in seconds of the wall clock."""


class Dialect(Protocol):
    """How one kind of service is spoken to."""

    def read(self, asked: Asked) -> Answer | Sequence[Got]:
        """The messages a request carries, or the answer to a request that carries none."""

    def answer(self, got: Sequence[Got], fates: Sequence[Fault | None]) -> Answer:
        """The answer to messages that were accepted or, where there is a fault, refused."""

    def accept(self, got: Got) -> bool:
        """A message comes in, whatever becomes of the answer; False when it is known already and not taken again."""


class Book:
    """What was accepted, in the order it came; in memory, or in a file that is whole also after a kill."""

    def __init__(self, path: Path | None = None) -> None:
        self._got: list[Got] = []
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if path else -1

    def write(self, got: Sequence[Got]) -> None:
        """Keep what was accepted. In a file each message is a line of JSON, in the kernel's hands when this returns."""
        if self._file < 0:
            self._got.extend(got)
        else:
            lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in got)
            os.write(self._file, lines.encode("utf-8", "replace"))

    def all(self) -> list[Got]:
        """What was accepted so far, when it is kept in memory."""
        return list(self._got)

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def read_book(path: Path) -> list[Got]:
    """What a file says was accepted; a last line cut short by a kill is not counted."""
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [Got(**json.loads(line)) for line in whole.split(b"\n") if line]


class HttpSimulator:
    """The server. `async with HttpSimulator(dialect) as server:` listens on `server.url`."""

    def __init__(self, dialect: Dialect, script: Script | None = None, book: Book | None = None) -> None:
        self.dialect = dialect
        self.script = script or Script()
        self.book = book or Book()
        self.requests = 0
        """Requests that came, of whatever kind."""
        self.port = 0
        self._scheme = "http"
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self._refused: dict[tuple[str, float], int] = {}
        self._second, self._in_second = 0, 0

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    async def start(self, port: int = 0, tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1") -> None:
        """Listen on this machine; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port, ssl=tls, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self._scheme = "https" if tls else "http"

    async def stop(self) -> None:
        """Listen no more and cut all connections."""
        if self._server:
            self._server.close()
            for connection in list(self._open):
                connection.cut()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        self.book.close()

    def take(self, asked: Asked) -> Answer | Fate:
        """Deal with one request."""
        self.requests += 1
        read = self.dialect.read(asked)
        if isinstance(read, Answer):
            return read
        if self._is_too_much(len(read)):
            return Answer(429, headers=("Retry-After: 1",))
        fates = [self._fate(got.address) for got in read]
        faults = [fate if isinstance(fate, Fault) else None for fate in fates]
        self._accept([got for got, fault in zip(read, faults, strict=True) if fault is None])
        if isinstance(fates[0], Fate):
            return fates[0]
        return self.dialect.answer(read, faults)

    def _accept(self, got: list[Got]) -> None:
        self.book.write([one for one in got if self.dialect.accept(one)])

    def _fate(self, address: str) -> Fate | Fault | None:
        fate = self.script.fate(address)
        if isinstance(fate, Fault) and fate.times:
            refused = self._refused.get((address, fate.share), 0)
            self._refused[address, fate.share] = refused + 1
            return fate if refused < fate.times else None
        return fate

    def _is_too_much(self, messages: int) -> bool:
        if not self.script.rate:
            return False
        second = int(time.monotonic())
        self._in_second = messages + (self._in_second if second == self._second else 0)
        self._second = second
        return self._in_second > self.script.rate

    def joined(self, connection: _Connection) -> None:
        """A connection was opened."""
        self._open.add(connection)

    def left(self, connection: _Connection) -> None:
        """A connection ended."""
        self._open.discard(connection)


class _Connection(asyncio.Protocol):
    """One client's connection: requests in turn, also several in one read."""

    def __init__(self, server: HttpSimulator) -> None:
        self._server = server
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._transport = None
        self._server.left(self)

    def cut(self) -> None:
        """End the connection at once."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        at = 0
        while self._transport and (end := data.find(b"\r\n\r\n", at)) >= 0:
            head = data[at:end]
            size = _length(head)
            if size < 0 or size > MOST_BODY:
                self._write(Answer(400))
                self.cut()
                return
            if len(data) < end + 4 + size:
                break
            self._asked(head, data[end + 4 : end + 4 + size])
            at = end + 4 + size
        self._rest = data[at:]
        if len(self._rest) > MOST_HEAD + MOST_BODY:
            self.cut()

    def _asked(self, head: bytes, body: bytes) -> None:
        line, _, _ = head.partition(b"\r\n")
        method, _, rest = line.decode("latin-1").partition(" ")
        result = self._server.take(Asked(method, rest.partition(" ")[0], head, body))
        if result is Fate.STALLED:
            return
        if delay := self._server.script.delay:
            asyncio.get_running_loop().call_later(delay, self._write, result)
        else:
            self._write(result)

    def _write(self, result: Answer | Fate) -> None:
        if not self._transport:
            return
        if isinstance(result, Fate):
            self._transport.abort()
        else:
            self._transport.write(result.encoded())


def _length(head: bytes) -> int:
    """The body's length as announced; -1 for what is no number. Bodies in chunks are not read: libcurl sends none."""
    at = head.lower().find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    digits = head[at + 17 :].split(b"\r\n", 1)[0].strip()
    return int(digits) if digits.isdigit() else -1
