"""Noticing that something is wrong beyond one message: with an account at a provider, or with a whole dispatch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Breaker:
    """Rests an account whose provider asks for less or refuses everything; then a single message tries it.

    A message refused for its own sake (no such person, come back later) says nothing about the account.
    """

    first: float = 1.0
    """Seconds of the first rest, unless the provider asks for more; each next one is twice as long."""
    longest: float = 300.0
    _trips: int = 0
    _until: float = 0.0
    _is_trying: bool = False

    def trip(self, now: float, asked: float) -> float:
        """The provider asks to wait `asked` seconds. Returns when it may be tried again, by the clock of `now`."""
        wait = max(asked, min(self.first * float(2**self._trips), self.longest))
        if now >= self._until or self._is_trying:  # several messages may be told the same at once
            self._trips += 1
        self._until = max(self._until, now + wait)
        self._is_trying = False
        return self._until

    def may_take(self, now: float) -> bool:
        """Whether a message may leave at `now` (seconds of a clock that only goes forward)."""
        if not self._until:
            return True
        if now < self._until or self._is_trying:
            return False
        self._is_trying = True
        return True

    @property
    def until(self) -> float:
        """Until when it rests; 0 when it works."""
        return self._until

    def close(self) -> None:
        """A message was answered: it works."""
        self._trips, self._until, self._is_trying = 0, 0.0, False

    def forget_try(self) -> None:
        """The message that was to try it came back unsent."""
        self._is_trying = False


@dataclass(slots=True)
class ErrorRate:
    """Of a dispatch's latest outcomes, how many failed for good: above a share a person must look first."""

    share: float = 0.3
    of: int = 200
    """About so many latest outcomes count."""
    least: int = 50
    """Before so many outcomes nothing is concluded."""
    good: float = 0
    bad: float = 0

    def note(self, good: int, bad: int) -> bool:
        """Learn from outcomes; returns whether too many failed."""
        self.good, self.bad = self.good + good, self.bad + bad
        total = self.good + self.bad
        if total > self.of:
            self.good, self.bad = self.good * self.of / total, self.bad * self.of / total
        return bad > 0 and total >= self.least and self.bad >= self.share * min(total, self.of)

    def words(self) -> str:
        """What to tell the person."""
        return f"{round(self.bad)} trong {round(self.good + self.bad)} lượt gần nhất không gửi được"
