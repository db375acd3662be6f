"""One account at work: what its session may take now, and what it says became of it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from lantoa.delivery.rules.health import Breaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.channels.wire import Account, Item, Outcome, Reply, Report, Session
    from lantoa.delivery.engine.channel_run import ChannelRun
    from lantoa.delivery.rules.pacing import Slots


class AccountRun:
    """The engine as one session sees it (`channels.wire.Feed`)."""

    def __init__(self, account: Account, number: int, run: ChannelRun) -> None:
        self.account = account
        self.number = number
        """In the database."""
        self.run = run
        self.session: Session | None = None
        self.is_up: bool | None = None
        self.is_closing = False
        self.why = ""
        self.slots: Slots | None = None
        """The block reserved last; only of an account with a pace."""
        self.next_slots: Slots | None = None
        self.breaker = Breaker()
        self._is_resting = False
        """Whether the provider asked for less and has answered no message since: only then is the breaker asked."""
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at = 0.0
        self._loop = asyncio.get_running_loop()

    # --- Feed ------------------------------------------------------------------------------------

    def take(self) -> Item | None:
        """The next item that may leave now: the urgent lane first."""
        urgent, bulk = self.run.lanes
        lane = urgent or bulk
        if not lane or self.is_closing or self._must_rest():
            return None
        if self.account.pace and not self._has_slot(lane[0].parts):
            return None
        return lane.popleft()

    def done(self, item: Item, outcome: Outcome) -> None:
        """Keep it for the writer."""
        if self._is_resting and time.monotonic() >= self.breaker.until:
            self._is_resting = False
            self.breaker.close()
            self.run.wake()
        self.run.done(item, outcome, self.number)

    def back(self, item: Item) -> None:
        """Put it in front again: it did not leave."""
        self.breaker.forget_try()
        self.run.back(item)

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        """Keep it for the writer."""
        self.run.heard(news, kept)

    def up(self) -> None:
        """Note it, once."""
        if self.is_up is not True:
            self.is_up, self.why = True, ""
            self.run.note_account(self)

    def down(self, why: str, *, permanent: bool = False) -> None:
        """Note it where the reason is new; standby accounts may be wanted now."""
        if self.is_up is not False or self.why != why:
            self.is_up, self.why = False, why
            self.run.note_account(self)
        self.is_closing = self.is_closing or permanent

    def slow(self, seconds: float) -> None:
        """Rest, longer each time it is asked for again."""
        self._is_resting = True
        self.wake_at(self.breaker.trip(time.monotonic(), seconds))
        self.run.wake()  # others may take its place

    # --- resting and pacing ----------------------------------------------------------------------

    def wake(self) -> None:
        """There is something to take."""
        if self.session is not None:
            self.session.wake()

    def wake_at(self, when: float) -> None:
        """Wake the session at a time (`time.monotonic`); the earliest asked for holds."""
        if self._timer is not None:
            if self._wakes_at <= when:
                return
            self._timer.cancel()
        self._wakes_at = when
        self._timer = self._loop.call_later(max(0.0, when - time.monotonic()), self._ring)

    def _ring(self) -> None:
        self._timer = None  # first of all: it may ring a moment too early, and then it is set anew
        self.wake()

    def stop(self) -> None:
        """Take nothing more."""
        self.is_closing = True
        if self._timer is not None:
            self._timer.cancel()

    def _must_rest(self) -> bool:
        if self._is_resting:
            now = time.monotonic()
            if not self.breaker.may_take(now):
                if now < self.breaker.until:
                    self.wake_at(self.breaker.until)
                return True
        return self.account.is_standby and self.run.has_others(self)

    def _has_slot(self, parts: int) -> bool:
        """Use the next slot if it is due; otherwise see that the session is woken when it is."""
        now = time.monotonic()
        if self.slots is None or self.slots.left <= 0:
            self.slots, self.next_slots = self.next_slots, None
        if self.slots is None:
            self.run.nudge()
            return False
        if self.slots.take(parts, now):
            if self.slots.left <= 0 and self.next_slots is None:
                self.run.nudge()
            return True
        self.wake_at(self.slots.at)
        return False

    def wants_slots(self) -> int:
        """How many slots it could use and has not reserved."""
        if not self.account.pace or self.is_closing or self.next_slots is not None:
            return 0
        waiting = sum(item.parts for lane in self.run.lanes for item in lane)
        left = self.slots.left if self.slots is not None else 0
        return max(0, waiting - left) if left <= waiting else 0

    @property
    def is_able(self) -> bool:
        """Whether it is working as far as anybody knows."""
        return self.is_up is not False and not self.is_closing and not self._is_resting
