"""A feed for tests of adapters: what a session took, what it said became of it, and what it heard."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from lantoa.channels.wire import Item, Outcome, Reply, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lantoa.channels.wire import Session, Template


class WatchedFeed:
    """Gives items in order, and remembers every call."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.waiting = deque(items)
        self.out: dict[tuple[int, int], Item] = {}
        self.outcomes: dict[tuple[int, int], Outcome] = {}
        self.given_back: list[Item] = []
        self.news: list[Report | Reply] = []
        self.troubles: list[str] = []
        self.slowed: list[float] = []
        self.is_up = False
        self.is_open = True
        """While False, `take` gives nothing."""
        self._changed = asyncio.Event()

    def take(self) -> Item | None:
        if not self.waiting or not self.is_open:
            return None
        item = self.waiting.popleft()
        assert item.ref not in self.out, "taken twice"
        self.out[item.ref] = item
        return item

    def done(self, item: Item, outcome: Outcome) -> None:
        assert self.out.pop(item.ref) is item, "done without being taken, or twice"
        assert item.ref not in self.outcomes
        self.outcomes[item.ref] = outcome
        self._changed.set()

    def back(self, item: Item) -> None:
        assert self.out.pop(item.ref) is item
        self.given_back.append(item)
        self.waiting.appendleft(item)
        self._changed.set()

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        self.news.append(news)
        if kept:
            asyncio.get_running_loop().call_soon(kept)
        self._changed.set()

    def up(self) -> None:
        self.is_up = True
        self._changed.set()

    def down(self, why: str, *, permanent: bool = False) -> None:
        self.is_up = False
        self.troubles.append(f"{'permanent: ' if permanent else ''}{why}")
        self._changed.set()

    def slow(self, seconds: float) -> None:
        self.slowed.append(seconds)
        self._changed.set()

    async def until(self, true: Callable[[WatchedFeed], bool], seconds: float = 10) -> None:
        """Wait until something holds; a test that waits in vain fails with what stands."""
        async with asyncio.timeout(seconds):
            while not true(self):
                self._changed.clear()
                await self._changed.wait()

    async def finish(self, session: Session, seconds: float = 10) -> None:
        """Wake the session and wait until everything is answered."""
        session.wake()
        await self.until(lambda feed: not feed.waiting and not feed.out, seconds)


def items(template: Template, addresses: Iterable[str], fields: Mapping[str, str] | None = None) -> list[Item]:
    """One item for each address, as the engine makes them."""
    made = [
        Item((1, number), address, fields or {}, template, lambda ref: f"k{ref[0]}-{ref[1]}")
        for number, address in enumerate(addresses, start=1)
    ]
    for item in made:
        item.parts = template.parts(item)
    return made
