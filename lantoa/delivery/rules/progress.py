"""How quick a dispatch goes and when it will be through, from two looks at it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lantoa.delivery.rules.hours import Hours, Window

SETTLES = 0.5
"""Weight of the latest look in the speed: one slow second does not move the estimate far."""
STANDS_STILL = 20.0
"""Seconds without anything done after which a person is told, while something could be sent."""
FARTHEST = 400
"""Days beyond which no end is foretold."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw: the time (seconds since 1970), how many are through, and what was concluded."""

    at: float
    done: int
    speed: float = 0.0
    """People a second."""
    moved_at: float = 0.0
    """When something was last seen to be done."""

    def __str__(self) -> str:
        return f"{self.at:.1f}-{self.done}-{self.speed:.3f}-{self.moved_at:.1f}"

    def then(self, at: float, done: int) -> Look:
        """The next look, with the speed between the two and before."""
        past = at - self.at
        if past < 0.5:
            return Look(at, done, self.speed, self.moved_at or at)
        now = max(0, done - self.done) / past
        speed = now if self.speed <= 0 else SETTLES * now + (1 - SETTLES) * self.speed
        return Look(at, done, speed, at if done != self.done else self.moved_at or self.at)

    def stands_still(self) -> bool:
        """Whether nothing has been done for a while."""
        return self.at - self.moved_at > STANDS_STILL


def read_look(text: str) -> Look | None:
    """A look as it was written down; None for anything else."""
    try:
        at, done, speed, moved_at = text.split("-")
        look = Look(float(at), int(done), float(speed), float(moved_at))
    except ValueError:
        return None
    return look if all(map(math.isfinite, (look.at, look.speed, look.moved_at))) else None


def opens_at(window: Window, now: dt.datetime) -> dt.datetime | None:
    """The first moment from `now` on (aware, local) at which it may go; None when its time is over before that."""
    at = max(now, window.not_before.astimezone(now.tzinfo)) if window.not_before else now
    if window.hours is not None and not window.hours.holds(at.timetz().replace(tzinfo=None)):
        at = _start_after(window.hours, at)
    return None if window.not_after is not None and at >= window.not_after else at


def ends_at(window: Window, now: dt.datetime, seconds: float) -> dt.datetime | None:
    """When work of so many seconds is through, within the hours of each day; None when it is not foreseeable."""
    left = dt.timedelta(seconds=min(seconds, FARTHEST * 86400.0))
    at = opens_at(window, now)
    for _day in range(FARTHEST):
        if at is None:
            return None
        end = _end_after(window.hours, at) if window.hours else at + left
        if at + left <= end:
            at += left
            return None if window.not_after is not None and at > window.not_after else at
        left -= end - at
        at = opens_at(window, end)
    return None


def _start_after(hours: Hours, at: dt.datetime) -> dt.datetime:
    return _next(hours.start, at)


def _end_after(hours: Hours, at: dt.datetime) -> dt.datetime:
    return _next(hours.end, at)


def _next(minute: int, at: dt.datetime) -> dt.datetime:
    """The next time after `at` that the clock shows so many minutes after midnight."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    found = midnight + dt.timedelta(minutes=minute)
    return found if found > at else found + dt.timedelta(days=1)
