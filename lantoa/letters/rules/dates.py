"""Dates as letters print them (`ngày 05 tháng 8 năm 2024`, `5/8/2024`), whole, in part or not readable."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from lantoa.letters.rules.garbled import digits_in, number_in
from lantoa.lib.vietnamese import CAPITAL_LETTERS, SMALL_LETTERS

SHORT_DATE = re.compile(r"(?<![\d/])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?![\d/])")
LONG_DATE = re.compile(r"(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(\d{4})")
ISSUE_DATE = re.compile(
    r"ng[aà]y\s?([^\n]{0,14}?)\s*t\w{2,3}ng?(?:\s|(?=\d))([^\n]{0,9}?)\s*n[ae]m\s*([\d.…_]{1,6})"
)
_STAMPED = re.compile(r"(?:thoi gian ky|ngay ky)\W{0,3}(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_DATELESS = re.compile(r"^[\s.…_\-/]*$")
_CAPITALISED = rf"(?<!\w)(?:TP\.?\s?|(?:[{CAPITAL_LETTERS}]|\d(?=[{SMALL_LETTERS}]))[{SMALL_LETTERS}'’]+)"
_PLACE = re.compile(  # a scan may begin a word with a digit: `5ơn La`
    rf"((?:(?:Thành phố|Thị xã)\s)?{_CAPITALISED}(?:[\s-]+"
    rf"(?:(?:[{CAPITAL_LETTERS}]|\d(?=[{SMALL_LETTERS}]))[{SMALL_LETTERS}'’]*"
    rf"|[{CAPITAL_LETTERS}]'[{SMALL_LETTERS}]+|\d+))*)"
    r"\s*[,;.]*\s*:?\s*$"
)


@dataclass(frozen=True, slots=True)
class IssueDate:
    """Place and date of issue: offsets in the piece they were read from, and what could be read of each part."""

    place: str | None
    place_start: int
    start: int
    end: int
    day: int | None
    month: int | None
    year: int | None
    blank: bool
    """Whether the day was left open rather than lost."""
    made_out: bool = False
    """Whether day or month was made out of what a scan left of it, or taken from the signing stamp."""

    @property
    def iso(self) -> str | None:
        """The ISO date, or None unless all three parts make a real day."""
        if self.year and self.month and self.day:
            return iso_date(self.day, self.month, self.year)
        return None

    @property
    def partial(self) -> str | None:
        """The part that was printed (`2024-08`, `2024`), or None when the date is whole or nothing was read."""
        if self.iso or not self.year:
            return None
        return f"{self.year}-{self.month:02}" if self.month and self.month <= 12 else str(self.year)


def iso_date(day: int, month: int, year: int) -> str | None:
    """ISO form of a date, or None when there is no such day."""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _loose(word: str) -> str:
    """A word of which a scan may have lost, added or changed one letter (`rn` for `m` is one)."""
    return "|".join([word, *(f"{word[:place]}\\w{{0,2}}{word[place + 1 :]}" for place in range(len(word)))])


_LOOSE_DATE = re.compile(
    rf"(?<!\w)(?:{_loose('ngay')})\s?([^\n]{{0,14}}?)\s*(?:{_loose('thang')})\s?([^\n]{{0,9}}?)\s*(?:{_loose('nam')})"
    r"\s*(\w{4}|[\d.…_]{1,6})(?!\w)"
)


_HOUR = re.compile(
    r"[\s,]*(?:hoi|luc|vao hoi|vao luc)?\s*\d{1,2}\s?(?:gio|h|g|:)\s?(?:\d{1,2}\s?(?:phut|p)?)?\s*,?\s*$"
)
"""The hour an urgent dispatch is sent at, between its place and its date (`hồi 08 giờ 30 phút`)."""
_YEAR_LAST = re.compile(r"\b[12][\dolszgb]{3}\W{0,3}$")


def find_issue_date(text: str, plain: str, *, loose: bool = False) -> IssueDate | None:
    """Find `<place>, ngày … tháng … năm …` in a piece of the head; `loose` also where a scan has bent those words."""
    if loose and not _YEAR_LAST.search(plain):
        return None
    found = (_LOOSE_DATE if loose else ISSUE_DATE).search(plain)
    if not found:
        return None
    hour = _HOUR.search(plain[: found.start()])
    place = _PLACE.search(text[: hour.start() if hour else found.start()])
    begin = place.start(1) if place else found.start()
    day, month, year = (_printed(text[slice(*found.span(group))]) for group in (1, 2, 3))
    clear = day is not None and month is not None
    day = day if day is not None else digits_in(text[slice(*found.span(1))])
    month = month if month is not None else digits_in(text[slice(*found.span(2))])
    return IssueDate(
        place=" ".join(place[1].split()) if place else None,
        place_start=begin,
        start=begin,
        end=found.end(),
        day=day if day and day <= 31 else None,
        month=month if month and month <= 12 else None,
        year=year if year and 1900 < year < 2200 else None,
        blank=_DATELESS.match(found[1]) is not None,
        made_out=not clear and bool(day and month),
    )


def signed_on(issue: IssueDate, plain: str) -> IssueDate | None:
    """The date with its lost day taken from a digital signing stamp of the same month; None when none fits."""
    if issue.day or issue.blank:
        return None
    for found in _STAMPED.finditer(plain):
        day, month, year = (int(found[group]) for group in (1, 2, 3))
        if (month, year) == (issue.month, issue.year):
            return replace(issue, day=day, made_out=True)
    return None


def _printed(part: str) -> int | None:
    """The number printed in a part of a date, letters that look like printed digits taken for them (`l0`, `2O25`)."""
    digits = number_in(part.strip())
    return int(digits) if digits else None
