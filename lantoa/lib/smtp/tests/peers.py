"""The other end of a conversation, spoken line by line by a test, and an outbox that remembers every call."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

from lantoa.lib.smtp.relay import Relay, relay_of
from lantoa.lib.smtp.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from lantoa.lib.smtp.connection import Letter
    from lantoa.lib.smtp.relay import Peer
    from lantoa.lib.smtp.replies import Reply, Stage, Verdict

    Conversation = Callable[["Talk"], Awaitable[None]]

BODY = b"Subject: x\r\n\r\nNoi dung\r\n"
OFFERS = ("PIPELINING", "8BITMIME", "SIZE 10240000", "ENHANCEDSTATUSCODES")


class Talk:
    """The server's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, *lines: str) -> None:
        """Say lines in one write."""
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    async def hear(self, *beginnings: str) -> list[str]:
        """Hear as many lines, each beginning so."""
        heard = []
        for beginning in beginnings:
            line = (await self.reader.readline()).decode()
            assert line.startswith(beginning), f"heard {line!r}, not {beginning}"
            heard.append(line.rstrip("\r\n"))
        return heard

    async def hear_content(self) -> bytes:
        """Hear a message up to its dot."""
        lines = b""
        while (line := await self.reader.readline()) != b".\r\n":
            assert line, f"ended after {lines!r}"
            lines += line
        return lines

    async def greet(self, *offers: str, banner: str = "220 peer ESMTP") -> None:
        """Greet and offer."""
        await self.say(banner)
        await self.hear("EHLO ")
        words = ["peer", *(offers or OFFERS)]
        await self.say(*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}")

    async def take(self, answer: str = "250 2.0.0 Ok") -> bytes:
        """Take a message whose commands come together."""
        await self.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await self.say("250 ok", "250 ok", "354 go")
        content = await self.hear_content()
        await self.say(answer)
        return content

    async def take_all(self) -> None:
        """Take messages until the client says goodbye."""
        while (line := await self.reader.readline()) != b"QUIT\r\n":
            assert line.startswith(b"MAIL FROM:"), line
            await self.hear("RCPT TO:", "DATA")
            await self.say("250 ok", "250 ok", "354 go")
            await self.hear_content()
            await self.say("250 taken")

    async def see_quit(self) -> None:
        """Hear the goodbye and the end."""
        await self.hear("QUIT")
        assert not await self.reader.read()

    def cut(self) -> None:
        """Break off without a word."""
        self.writer.transport.abort()


class Server:
    """Gives each connection its conversation, the last one to all that follow."""

    def __init__(self, conversations: tuple[Conversation, ...]) -> None:
        self.conversations = conversations
        self.count = 0
        self.faults: list[BaseException] = []
        self.one_finished = asyncio.Event()
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Have a conversation; what goes wrong in it fails the test."""
        conversation = self.conversations[min(self.count, len(self.conversations) - 1)]
        self.count += 1
        try:
            async with asyncio.timeout(5):
                await conversation(Talk(reader, writer))
            self.one_finished.set()
        except ConnectionError:
            pass
        except (AssertionError, TimeoutError) as error:
            self.faults.append(error)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await writer.wait_closed()


@contextlib.asynccontextmanager
async def serving(*conversations: Conversation) -> AsyncIterator[Server]:
    """A server on a free port of this machine."""
    server = Server(conversations)
    listener = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await listener.wait_closed()
    assert not server.faults, server.faults


class Box:
    """An outbox with numbered letters: each is told of once, or goes back and is taken anew."""

    def __init__(self, count: int = 1, content: bytes = BODY) -> None:
        self.waiting = deque(range(1, count + 1))
        self.out: set[int] = set()
        self.told: dict[int, str] = {}
        self.replies: dict[int, Reply] = {}
        self.returned: list[int] = []
        self.health: list[str] = []
        self.slowed: list[float] = []
        self.content = content
        self._changed = asyncio.Event()

    def take(self, peer: Peer) -> Letter | None:  # noqa: ARG002 - all are the same
        if not self.waiting:
            return None
        item = self.waiting.popleft()
        self.out.add(item)
        envelope = f"MAIL FROM:<a@a.example>\r\nRCPT TO:<r{item}@b.example>\r\nDATA\r\n"
        return item, envelope.encode(), self.content

    def _tell(self, item: int, what: str) -> None:
        assert item in self.out
        assert item not in self.told
        self.out.discard(item)
        self.told[item] = what
        self._changed.set()

    def sent(self, item: Any) -> None:
        self._tell(item, "sent")

    def failed(self, item: Any, verdict: Verdict, stage: Stage, reply: Reply) -> None:
        self.replies[item] = reply
        self._tell(item, f"{verdict.value} at {stage.name}")

    def lost(self, item: Any) -> None:
        self._tell(item, "lost")

    def back(self, item: Any) -> None:
        assert item in self.out
        self.out.discard(item)
        self.returned.append(item)
        self.waiting.appendleft(item)
        self._changed.set()

    def up(self) -> None:
        self.health.append("up")
        self._changed.set()

    def down(self, why: str, *, permanent: bool) -> None:
        self.health.append(f"{'permanent ' if permanent else ''}down: {why}")
        self._changed.set()

    def slow(self, seconds: float) -> None:
        self.slowed.append(seconds)
        self._changed.set()

    async def until(self, true: Callable[[Box], bool], seconds: float = 4) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not true(self):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(vars(self)) from None


def relay_at(port: int, **options: object) -> Relay:
    """The relay on a port of this machine, with one connection unless told more."""
    return relay_of({"host": "127.0.0.1", "port": port, "connections": 1, **options})


@contextlib.asynccontextmanager
async def sending(box: Box, server: Server, **options: object) -> AsyncIterator[Session]:
    """A session at work; at the end nothing is under way."""
    session = Session(relay_at(server.port, **options), box)
    try:
        yield session
    finally:
        await session.close(0.2)
    assert not box.out
