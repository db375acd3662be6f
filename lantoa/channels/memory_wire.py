"""Keeps messages to many people in this process: for rehearsals and tests (docs/channels/memory_wire.md)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.channels.base import Correcting, Limits, State
from lantoa.channels.wire import Account, Item, Message, Outcome, Reaches, split_slots

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.channels.wire import Feed, Slot

AT_A_TIME = 100
"""Messages taken before the event loop gets its turn again."""


@dataclass
class Letterbox:
    """What everybody got: address and text, in the order they came."""

    received: list[tuple[str, str]] = field(default_factory=list)
    most: int = 100_000
    """Older ones are forgotten."""
    is_away: bool = False
    """As if the other end could not be reached."""
    answer: Callable[[Item], Outcome] | None = None
    """What becomes of an item, where it does not simply arrive."""

    def take(self, item: Item) -> Outcome:
        """Keep one message."""
        outcome = self.answer(item) if self.answer else Outcome(State.DELIVERED)
        if outcome.state in {State.SENT, State.DELIVERED, State.UNKNOWN}:
            self.received.append((item.address, item.template.show(item)))
            if len(self.received) > self.most:
                del self.received[: self.most // 2]
        return outcome


LETTERBOX = Letterbox()
"""What memory wires without a box of their own share in this process, so that a test can look into it."""


class MemoryTemplate:
    """Words and slots."""

    def __init__(self, message: Message) -> None:
        self._pieces: list[str | Slot] = split_slots(message.text or message.title)

    def parts(self, item: Item) -> int:  # noqa: ARG002 - every message is one
        """One."""
        return 1

    def show(self, item: Item) -> str:
        """The text with its slots filled."""
        return "".join(piece if isinstance(piece, str) else piece.fill(item.fields) for piece in self._pieces)


class MemoryWire:
    """A wire whose other end is a list."""

    limits = Limits()
    corrects = Correcting.FOLLOW_UP
    gives_receipts = False

    def __init__(
        self, *, name: str = "memory_wire", accounts: tuple[Account, ...] = (Account("memory"),),
        reaches: Reaches = Reaches.PHONE, box: Letterbox | None = None,
    ) -> None:
        self.name = name
        self.accounts = accounts
        self.reaches = reaches
        self.box = LETTERBOX if box is None else box

    def compile(self, message: Message) -> MemoryTemplate:
        """Find the slots."""
        return MemoryTemplate(message)

    async def open(self, account: Account, feed: Feed) -> MemorySession:  # noqa: ARG002 - all accounts are alike
        """Begin to take."""
        return MemorySession(feed, self.box)


class MemorySession:
    """Takes what there is, some at a time."""

    def __init__(self, feed: Feed, box: Letterbox) -> None:
        self.feed = feed
        self.box = box
        self._woken = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._work())

    def wake(self) -> None:
        """Look again."""
        self._woken.set()

    async def close(self, grace: float = 10.0) -> None:  # noqa: ARG002 - nothing is ever in the air here
        """Take nothing more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        if self.box.is_away:
            self.feed.down("Đầu bên kia không trả lời")
        else:
            self.feed.up()
        while True:
            self._woken.clear()
            self._take_some()
            await (asyncio.sleep(0) if self._woken.is_set() else self._woken.wait())

    def _take_some(self) -> None:
        for _ in range(AT_A_TIME):
            if self.box.is_away:
                return
            item = self.feed.take()
            if item is None:
                return
            self.feed.done(item, self.box.take(item))
        self._woken.set()
