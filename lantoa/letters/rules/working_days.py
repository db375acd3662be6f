"""The working calendar of Vietnamese offices: weekends, public holidays, and days swapped by announcement.

State offices work Monday to Friday (QĐ 188/1999/QĐ-TTg). Public holidays: Bộ luật Lao động 2019, Điều 112; one that
falls on a weekend is made up for on the next working days (Điều 111.3). What the law leaves to a yearly decision -
which days around Tết, which day beside 2 September - follows the pattern of all decisions since 2013 and 2021.
Counting: Bộ luật Dân sự 2015, Điều 147.2 (the first day does not count) and Điều 148.5 (a term that ends on
a day off ends on the next working day).
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.lunar import lunar_day, new_year

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_TWO_NATIONAL_DAYS_SINCE = 2021
_CULTURE_DAY_SINCE = 2026
_BESIDE_NATIONAL_DAY = (1, -1, -1, 1, -1, -1, 1)
"""The second day off of Quốc khánh, by the weekday of 2 September: the one that makes the longer rest."""


@dataclass(frozen=True, slots=True)
class Swaps:
    """Days swapped by announcement: working days given off, and days off worked instead."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()


def swaps_of(*pairs: tuple[str, str]) -> Swaps:
    """Swaps from pairs of ISO dates: the day off, the day worked instead. Raises `ValueError` on a wrong date."""
    days = [(dt.date.fromisoformat(off), dt.date.fromisoformat(worked)) for off, worked in pairs]
    return Swaps(frozenset(off for off, _ in days), frozenset(worked for _, worked in days))


ANNOUNCED = swaps_of(
    ("2018-12-31", "2019-01-05"),
    ("2019-04-29", "2019-05-04"),
    ("2024-04-29", "2024-05-04"),
    ("2025-05-02", "2025-04-26"),
    ("2026-08-31", "2026-08-22"),
)
"""Swaps announced for officials and public employees, as collected by the `holidays` project (MIT)."""


@functools.lru_cache(maxsize=64)
def public_holidays(year: int) -> Mapping[dt.date, str]:
    """The days off of a year with their Vietnamese names, those that make up for a weekend among them."""
    tet = new_year(year)
    first = tet - _DAY * (1 if tet.weekday() == 1 else 2)
    named = {
        dt.date(year, 1, 1): "Tết Dương lịch",
        **{first + _DAY * place: "Tết Nguyên đán" for place in range(5)},
        dt.date(year, 4, 30): "Ngày Chiến thắng",
        dt.date(year, 5, 1): "Ngày Quốc tế lao động",
        dt.date(year, 9, 2): "Quốc khánh",
    }
    ancestors = lunar_day(year, 3, 10)
    if ancestors:
        named.setdefault(ancestors, "Giỗ Tổ Hùng Vương")
    if year >= _TWO_NATIONAL_DAYS_SINCE:
        second = dt.date(year, 9, 2)
        named[second + _DAY * _BESIDE_NATIONAL_DAY[second.weekday()]] = "Quốc khánh"
    if year >= _CULTURE_DAY_SINCE:
        named[dt.date(year, 11, 24)] = "Ngày Văn hóa Việt Nam"
    for day, name in sorted(named.items()):
        if day.weekday() >= _SATURDAY:
            named[_next_free(day, named)] = f"{name} (nghỉ bù)"
    return named


def _next_free(day: dt.date, taken: dict[dt.date, str]) -> dt.date:
    while day in taken or day.weekday() >= _SATURDAY:
        day += _DAY
    return day


def is_working_day(day: dt.date, swaps: Swaps = ANNOUNCED) -> bool:
    """Whether offices work on a day."""
    if day in swaps.worked:
        return True
    return day.weekday() < _SATURDAY and day not in swaps.off and day not in public_holidays(day.year)


def add_working_days(start: dt.date, count: int, swaps: Swaps = ANNOUNCED) -> dt.date:
    """The last day of a term of `count` working days that begins on `start`, which itself does not count."""
    day = start
    while count > 0:
        day += _DAY
        count -= is_working_day(day, swaps)
    return day


def working_day_from(day: dt.date, swaps: Swaps = ANNOUNCED) -> dt.date:
    """The day itself when offices work on it, else the next working day."""
    while not is_working_day(day, swaps):
        day += _DAY
    return day


def last_working_day(day: dt.date, swaps: Swaps = ANNOUNCED) -> dt.date:
    """The day itself when offices work on it, else the last working day before it."""
    while not is_working_day(day, swaps):
        day -= _DAY
    return day
