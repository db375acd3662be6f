"""One account over HTTP in use: so many requests at once, kept going until it is closed.

A *speaker* knows the service: what to ask, and what an answer means. The session knows when: it takes from the feed
as requests end, stops taking while the account is in trouble, tries again ever more slowly, and then with a single
request until one is answered well. So a wrong key, an empty purse or a service that hangs costs a handful of
messages, not all of them.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lantoa.channels.base import ChannelError, State
from lantoa.channels.http.tokens import AccountError
from lantoa.channels.wire import Outcome
from lantoa.lib.http import HttpDoor, HttpError, Request, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.channels.wire import Feed, Item

log = logging.getLogger(__name__)
MOST_DOUBT = 9
"""After so many doubtful answers in a row the account counts as out of order; one that never came weighs three."""
MOST_PAUSE = 60.0
"""Seconds between tries of an account that is out of order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer, or the lack of one, means for the items asked about."""

    outcomes: Sequence[Outcome | None]
    """One for each item; None gives it back to the feed: it was not taken and another try costs nothing."""
    trouble: str = ""
    """Why the account cannot be used, in Vietnamese."""
    is_permanent: bool = False
    """Whether only a person can put the account right."""
    slow: float = 0.0
    """Seconds for which the service asks to be left alone."""
    renews: bool = False
    """Whether the access token is to be renewed first."""
    proves: bool = True
    """Whether the answer shows that the account works; an error of the service's own does not."""


class Speaker(Protocol):
    """What knows one service."""

    most_items: int
    """Messages in a request."""

    async def prepare(self, door: HttpDoor) -> float:
        """Get ready to ask: reach the service, have a token. Gives the seconds for which it asks to be left alone.

        Raises `HttpError` or `AccountError`.
        """

    def is_ready(self) -> bool:
        """Whether nothing need be prepared anew."""

    def request(self, items: Sequence[Item]) -> Request:
        """What to ask. Raises `ChannelError` for items that cannot be asked about."""

    def read(self, items: Sequence[Item], request: Request, response: Response) -> Reading:
        """What the answer to the request means."""

    def unanswered(self, items: Sequence[Item], error: HttpError) -> Reading:
        """What it means that none came."""


class HttpSession:
    """Carries what the feed gives to one service. `lantoa.channels.wire.Session`."""

    def __init__(self, feed: Feed, door: HttpDoor, speaker: Speaker, at_once: int) -> None:
        self._feed = feed
        self._door = door
        self._speaker = speaker
        self._bell = asyncio.Event()
        self._up = asyncio.Event()
        self._proven = asyncio.Event()
        """Whether a request was answered well since the account last came up."""
        self._closing = asyncio.Event()
        self._failures = 0
        self._doubts = 0
        self._renewals = 0
        loop = asyncio.get_running_loop()
        self._recovery: asyncio.Task[None] = loop.create_task(self._recover(0.0))
        self._workers = [loop.create_task(self._work(number)) for number in range(max(1, at_once))]

    def wake(self) -> None:
        """There is something to take."""
        self._bell.set()

    async def close(self, grace: float = 10.0) -> None:
        """Take nothing more, wait for answers, give up on the rest."""
        for event in (self._closing, self._bell, self._up, self._proven):
            event.set()
        await asyncio.wait(self._workers, timeout=grace)
        self._door.abort()
        await asyncio.gather(*self._workers)
        self._recovery.cancel()
        await asyncio.gather(self._recovery, return_exceptions=True)
        await self._door.close()

    async def _work(self, number: int) -> None:
        while not self._closing.is_set():
            if not self._up.is_set():
                await self._up.wait()
            elif number and not self._proven.is_set():
                await self._proven.wait()
            elif not self._speaker.is_ready():
                self._begin_recovery(0.0)
            else:
                self._bell.clear()
                if items := self._take():
                    await self._carry(items)
                else:
                    await self._bell.wait()

    def _take(self) -> list[Item]:
        items: list[Item] = []
        while len(items) < self._speaker.most_items and (item := self._feed.take()) is not None:
            items.append(item)
        return items

    async def _carry(self, items: list[Item]) -> None:
        try:
            reading = await self._ask(items)
        except Exception:
            # Whatever is wrong in our own code, items may not hang in the air: it may or may not have gone.
            log.exception("asking about %d messages failed", len(items))
            lost = Outcome(State.UNKNOWN, why="lỗi trong chương trình khi gửi; xem nhật ký của máy chủ")
            reading = Reading([lost] * len(items))
        self._settle(items, reading)

    async def _ask(self, items: list[Item]) -> Reading:
        try:
            request = self._speaker.request(items)
        except ChannelError as error:
            await asyncio.sleep(0)  # a long row of such items must not keep others waiting
            return Reading([_outcome_of(error)] * len(items))
        try:
            response = await self._door.send(request)
        except HttpError as error:
            self._doubts += 3 if error.may_have_arrived else 0
            return self._speaker.unanswered(items, error)
        reading = self._speaker.read(items, request, response)
        if not reading.proves:
            self._doubts += 1
        elif not reading.trouble and any(reading.outcomes):
            self._failures = self._renewals = self._doubts = 0
            self._proven.set()
        return reading

    def _settle(self, items: list[Item], reading: Reading) -> None:
        if reading.slow:
            self._feed.slow(reading.slow)
        if not self._closing.is_set():
            self._consider(reading)
        for item, outcome in zip(items, reading.outcomes, strict=True):
            if outcome is None:
                self._feed.back(item)
            else:
                self._feed.done(item, outcome)

    def _consider(self, reading: Reading) -> None:
        """Whether the account is to rest; done before items go back, so that they are not taken again at once."""
        if reading.renews and not self._renewals:
            self._renewals += 1
            self._begin_recovery(0.0)
        elif reading.trouble:
            self._down(reading.trouble, permanent=reading.is_permanent)
        elif self._doubts >= MOST_DOUBT:
            self._doubts = 0
            self._down("nhà cung cấp liên tiếp báo lỗi hoặc nhận yêu cầu mà không trả lời", permanent=False)

    def _down(self, why: str, *, permanent: bool) -> None:
        if not self._up.is_set():
            return  # another request said so already
        self._feed.down(why, permanent=permanent)
        if permanent:
            self._up.clear()
            self._proven.clear()
        else:
            self._begin_recovery(self._pause())

    def _begin_recovery(self, pause: float) -> None:
        if self._up.is_set():
            self._up.clear()
            self._proven.clear()
            self._recovery = asyncio.get_running_loop().create_task(self._recover(pause))

    async def _recover(self, pause: float) -> None:
        while True:
            await asyncio.sleep(pause)
            try:
                slow = await self._speaker.prepare(self._door)
            except (HttpError, AccountError) as error:
                why, permanent = str(error), isinstance(error, AccountError) and error.permanent
            except Exception:
                log.exception("preparing an account failed")
                why, permanent = "lỗi trong chương trình khi chuẩn bị tài khoản; xem nhật ký của máy chủ", False
            else:
                if slow:
                    self._feed.slow(slow)
                self._feed.up()
                self._up.set()
                return
            if self._closing.is_set():
                return
            self._feed.down(why, permanent=permanent)
            if permanent:
                return
            pause = self._pause()

    def _pause(self) -> float:
        """Ever longer, and never the same for all: many workers must not knock together."""
        self._failures += 1
        return float(min(MOST_PAUSE, 0.25 * 2 ** min(self._failures, 10)) * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing


def _outcome_of(error: ChannelError) -> Outcome:
    state = State.FAILED_FOR_GOOD if error.permanent else State.FAILED_FOR_NOW
    return Outcome(state, why=str(error), retry_after=error.retry_after)
