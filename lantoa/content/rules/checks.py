"""The check before release: what stands in a text must be a current, verified fact, and nothing known to be false."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DATE = re.compile(
    r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:\s?[/.-]\s?|\s+tháng\s+)(?P<m>0?[1-9]|1[0-2])"
    r"(?:\s?[/.-]\s?|\s+năm\s+)(?P<y>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a text: the words, and why they may not go out, in Vietnamese."""

    found: str
    why: str


def dates_in(text: str) -> list[tuple[str, dt.date]]:
    """Every day written out in `text`, as printed and as meant; impossible days are left to the reader."""
    found = []
    for match in DATE.finditer(text):
        try:
            found.append((match[0], dt.date(int(match["y"]), int(match["m"]), int(match["d"]))))
        except ValueError:
            continue
    return found


def days_around(values: Iterable[str]) -> frozenset[dt.date]:
    """Days a text may name: each known date, the day before it and the day after."""
    days = set()
    for value in values:
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            continue
        days |= {day, day - dt.timedelta(days=1), day + dt.timedelta(days=1)}
    return frozenset(days)


def check_words(
    text: str,
    known_days: frozenset[dt.date],
    known_texts: Sequence[str],
    past_days: frozenset[dt.date] = frozenset(),
) -> list[Finding]:
    """Dates in `text` that are no current fact and stand in none of `known_texts` (legal bases, the letter).

    `past_days` are values a fact had before: those may not be printed even where the letter still says them.
    """
    elsewhere = {day for known in known_texts for _, day in dates_in(known)} - past_days
    return [
        Finding(printed, "ngày này không phải dữ kiện hiện hành của chiến dịch")
        for printed, day in dates_in(text)
        if day not in known_days and day not in elsewhere
    ]
