"""The day a printed time comes to: relative, recurring and lunar times against the letter's date and the calendar.

What is reckoned rather than read says how, in Vietnamese, so that it can be put in doubt.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.lunar import lunar_day, new_year
from lantoa.letters.rules.working_days import ANNOUNCED, Swaps, add_working_days, last_working_day, working_day_from
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import LetterTask

_DAY = dt.timedelta(days=1)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_LUNAR_MONTHS = {"gieng": 1, "chap": 12}
_FULL = re.compile(r"(\d{1,2})\s?(?:[/.-]|thang)\s?(\d{1,2})\s?(?:[/.-]|nam)\s?(\d{4})")
_ISO = re.compile(r"(?:\d{4}-\d\d-\d\d/)?(\d{4})-(\d\d)-(\d\d)")
_SHORT = re.compile(r"(?<![\d/])(\d{1,2})(?:/| thang )(\d{1,2})(?![\d/])")
_SPAN = re.compile(r"(?P<count>\d{1,3}) (?P<unit>ngay|tuan|thang)(?P<work> lam viec)?")
_MONTH = re.compile(r"thang (\d{1,2})(?:(?:/| nam )(\d{4}))?")
_QUARTER = re.compile(r"quy (iv|i{1,3}|[1-4])(?:(?:/| nam )(\d{4}))?")
_YEAR = re.compile(r"nam (\d{4})")
_MONTHLY = re.compile(r"ngay (\d{1,2})(?: va (?:ngay )?(\d{1,2}))? hang thang")
_WEEKLY = re.compile(r"thu (hai|ba|tu|nam|sau|bay)\b")
_LUNAR = re.compile(
    r"(?:(?P<full>ram)|(?:mung |ngay )?(?P<day>\d{1,2})) ?(?:thang |/)(?P<month>gieng|chap|\d{1,2})(?P<said> am lich)?"
)
_LAST_OF = re.compile(r"ngay lam viec cuoi cung cua (thang|quy)")
_COUNTED_FROM = re.compile(r"ke tu (?:ngay|khi) (?:nhan|co|duoc)")


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a printed time; `how` says in Vietnamese how it was reckoned, None when it is printed whole."""

    on: dt.date
    how: str | None = None


def due_day(words: str, issued: dt.date | None, swaps: Swaps = ANNOUNCED) -> DueDay | None:
    """The last day on which a printed time (or an ISO date or period) is kept; None when no day can be reckoned.

    `issued` is the letter's date: without it only whole dates come to a day. A recurring time comes to its first day.
    """
    iso = _ISO.fullmatch(words)
    if iso:
        whole = _date(int(iso[1]), int(iso[2]), int(iso[3]))
        return DueDay(whole) if whole else None
    plain = folded(words)
    printed = _last(_printed(plain))
    if printed:
        return DueDay(printed)
    if issued is None:
        return None
    for reckon in _RECKONINGS:
        due = reckon(plain, issued, swaps)
        if due:
            return due
    return None


def _printed(plain: str) -> Iterator[dt.date | None]:
    for found in _ISO.finditer(plain):
        yield _date(int(found[1]), int(found[2]), int(found[3]))
    for found in _FULL.finditer(plain):
        yield _date(int(found[3]), int(found[2]), int(found[1]))


def _last(days: Iterator[dt.date | None]) -> dt.date | None:
    return max((day for day in days if day), default=None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _lunar(plain: str, issued: dt.date, _swaps: Swaps) -> DueDay | None:
    found = _LUNAR.search(plain)
    if not found or not (found["said"] or found["full"] or found["month"] in _LUNAR_MONTHS):
        new = re.search(r"truoc (?:tet|tet nguyen dan)\b", plain)
        return DueDay(_coming(issued, new_year) - _DAY, "ngày cuối năm âm lịch, trước Tết") if new else None
    month = _LUNAR_MONTHS.get(found["month"]) or int(found["month"])
    day = 15 if found["full"] else int(found["day"])
    days = [lunar_day(year, month, day) for year in range(issued.year - 1, issued.year + 2)]
    on = next((each for each in days if each and each >= issued), None)
    return DueDay(on, f"ngày {day} tháng {month} âm lịch đổi sang dương lịch") if on else None


def _coming(issued: dt.date, of_year: Callable[[int], dt.date]) -> dt.date:
    day = of_year(issued.year)
    return day if day > issued else of_year(issued.year + 1)


def _short(plain: str, issued: dt.date, _swaps: Swaps) -> DueDay | None:
    """`trước ngày 24/8`: the year is that in which the day comes next."""
    days = []
    for found in _SHORT.finditer(plain):
        day = _date(issued.year, int(found[2]), int(found[1]))
        if day and day < issued:
            day = _date(issued.year + 1, int(found[2]), int(found[1]))
        days.append(day)
    on = _last(iter(days))
    return DueDay(on, f"văn bản không ghi năm; lấy năm {on.year} theo ngày ban hành") if on else None


def _counted(plain: str, issued: dt.date, swaps: Swaps) -> DueDay | None:
    """`trong 05 ngày làm việc`: counted from the letter's date, which itself does not count."""
    found = _SPAN.search(plain)
    if not found or "lan" in plain[found.end() : found.end() + 6]:
        return None
    count, unit = int(found["count"]), found["unit"]
    since = "ngày ban hành" + (" vì chưa rõ ngày nhận" if _COUNTED_FROM.search(plain) else "")
    if found["work"]:
        return DueDay(add_working_days(issued, count, swaps), f"{count} ngày làm việc kể từ {since}, trừ ngày nghỉ")
    if not re.search(r"trong|sau|cham nhat|khong qua|ke tu", plain):
        return None
    if unit == "thang":
        month = issued.month - 1 + count
        on = _end_within(issued.year + month // 12, month % 12 + 1, issued.day)
    else:
        on = issued + _DAY * count * (7 if unit == "tuan" else 1)
    names = {"ngay": "ngày", "tuan": "tuần", "thang": "tháng"}
    return DueDay(working_day_from(on, swaps), f"{count} {names[unit]} kể từ {since}, lùi qua ngày nghỉ")


def _end_within(year: int, month: int, day: int = 31) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _recurring(plain: str, issued: dt.date, _swaps: Swaps) -> DueDay | None:
    monthly = _MONTHLY.search(plain)
    if monthly:
        days = [int(day) for day in monthly.groups() if day]
        after = (issued.year + issued.month // 12, issued.month % 12 + 1)
        months = ((issued.year, issued.month), after)
        coming = sorted(_end_within(year, month, day) for year, month in months for day in days)
        on = next((day for day in coming if day >= issued), None)
        return DueDay(on, "lần đầu của việc lặp lại hằng tháng") if on else None
    weekly = _WEEKLY.search(plain)
    if weekly:
        ahead = (_WEEKDAYS[weekly[1]] - issued.weekday()) % 7
        how = "lần đầu của việc lặp lại hằng tuần" if "hang tuan" in plain else "thứ gần nhất sau ngày ban hành"
        return DueDay(issued + _DAY * (ahead or 7), how)
    return None


def _period(plain: str, issued: dt.date, swaps: Swaps) -> DueDay | None:
    """The end of a month, a quarter, a week, a year."""
    last_of = _LAST_OF.search(plain)
    if last_of:
        size = 3 if last_of[1] == "quy" else 1
        end = _end_within(issued.year, (issued.month - 1) // size * size + size)
        return DueDay(last_working_day(end, swaps), "ngày làm việc cuối của kỳ có ngày ban hành")
    if "trong tuan nay" in plain or "trong tuan toi" in plain:
        friday = issued + _DAY * (4 - issued.weekday() + (7 if "tuan toi" in plain else 0))
        return DueDay(last_working_day(friday, swaps), "ngày làm việc cuối của tuần")
    ends = [_end_of_quarter(found, issued) for found in _QUARTER.finditer(plain)]
    ends += [_end_of_month(found, issued) for found in _MONTH.finditer(plain) if 1 <= int(found[1]) <= 12]
    ends += [dt.date(int(found[1]), 12, 31) for found in _YEAR.finditer(plain) if not ends]
    return DueDay(max(ends), "ngày cuối của tháng, quý hoặc năm được nêu") if ends else None


def _end_of_quarter(found: re.Match[str], issued: dt.date) -> dt.date:
    return _end_within(int(found[2] or issued.year), (_ROMAN.get(found[1]) or int(found[1])) * 3)


def _end_of_month(found: re.Match[str], issued: dt.date) -> dt.date:
    """The end of a month; one named without its year is the next to end."""
    year = int(found[2]) if found[2] else issued.year + (int(found[1]) < issued.month)
    return _end_within(year, int(found[1]))


_RECKONINGS = (_lunar, _recurring, _short, _counted, _period)


def with_due_days(tasks: Sequence[LetterTask], issued: str | None, findings: Findings) -> tuple[LetterTask, ...]:
    """Give each task the days its times come to, putting in doubt each that was reckoned; `issued` is ISO."""
    date = dt.date.fromisoformat(issued) if issued else None
    return tuple(_with_due(task, date, f"tasks[{place}]", findings) for place, task in enumerate(tasks))


def _with_due(task: LetterTask, issued: dt.date | None, name: str, findings: Findings) -> LetterTask:
    found: dict[str, str] = {}
    for words, key in ((task.deadline, "deadline"), (task.report_deadline, "report_deadline")):
        due = due_day(words, issued) if words else None
        if due is None:
            continue
        found["due_on" if key == "deadline" else "report_due_on"] = due.on.isoformat()
        if due.how:
            findings.doubt(f"{name}.{key}", f"Hạn {due.on:%d/%m/%Y} do máy tính ra: {due.how}.")
    return replace(task, **found) if found else task  # type: ignore[arg-type]  # the values come by field name
