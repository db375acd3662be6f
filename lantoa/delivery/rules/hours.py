"""When a dispatch may go out: the hours of a day, the window from a day to a day, and what happens after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class Verdict(Enum):
    """What the clock says."""

    GO = "go"
    WAIT = "wait"
    """Not yet, or not at this hour."""
    ASK = "ask"
    """Too late: a person decides whether it may still go."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when in a day, local time, in minutes since midnight; over midnight when the end comes first."""

    start: int
    end: int

    def holds(self, at: dt.time) -> bool:
        """Whether `at` lies within."""
        minute = at.hour * 60 + at.minute
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def read_hours(text: str) -> Hours | None:
    """`07:00-21:00`; empty text is any hour. Raises `ValueError`, in Vietnamese."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip().replace(" ", "").replace("–", "-"))
    if found is None:
        raise ValueError(f"Giờ được gửi “{text}” không đúng; hãy ghi như 07:00-21:00.")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start == end or max(start, end) > 24 * 60:
        raise ValueError(f"Giờ được gửi “{text}” không đúng; hãy ghi như 07:00-21:00.")
    return Hours(start, end)


@dataclass(frozen=True, slots=True)
class Window:
    """What a dispatch says of when it may go."""

    hours: Hours | None = None
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None

    def verdict(self, now: dt.datetime) -> Verdict:
        """What may be done at `now` (aware, in the local time zone)."""
        if self.not_after is not None and now >= self.not_after:
            return Verdict.ASK
        if self.not_before is not None and now < self.not_before:
            return Verdict.WAIT
        if self.hours is not None and not self.hours.holds(now.timetz().replace(tzinfo=None)):
            return Verdict.WAIT
        return Verdict.GO
