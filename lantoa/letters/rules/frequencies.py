"""How often a thing is to be done: `ít nhất 02 lần/ngày`, `mỗi tuần ít nhất 01 tin`, `hằng tuần`, `02 giờ/lần`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantoa.letters.rules.times import Phrase

_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6}
_COUNT = r"(?<!\d)(?P<count{0}>\d{{1,3}}|mot|hai|ba|bon|sau)"
_UNITS = {
    "gio": "hour",
    "ngay": "day",
    "tuan": "week",
    "thang": "month",
    "quy": "quarter",
    "hoc ky": "term",
    "hoc ki": "term",
    "nam": "year",
    "phut": "minute",
}
_UNIT = r"(?P<unit{0}>gio|ngay|tuan|thang|quy|hoc k[yi]|nam|phut)"
_THING = r"(?:lan|buoi|luot|tin|bai|phut|gio|tiet(?: hoc)?(?: thuc hanh)?|phong su|dot|chuyen muc|cuoc|video|clip)"
_LEAST = r"(?:it nhat|toi thieu|khong qua|khong it hon|tu)"
_FREQUENCY = re.compile(
    rf"(?:{_LEAST} )?{_COUNT.format(1)} {_THING}(?:(?: tin| bai)? ?/ ?| (?:mot |moi |trong mot ))"
    rf"(?P<every1>\d{{1,2}} )?{_UNIT.format(1)}(?!\w)"
    rf"|(?<!khong qua )(?<!toi da )(?<!it nhat )(?<!toi thieu ){_COUNT.format(2)} {_UNIT.format(2)} ?/ ?lan(?!\w)"
    rf"|(?:moi|hang) {_UNIT.format(3)}(?: {_LEAST})?,? (?:{_LEAST} )?{_COUNT.format(3)} {_THING}(?!\w)"
    rf"|(?<![/\w])(?:ngay|tuan|thang) (?:{_LEAST} )?{_COUNT.format(4)} (?:lan|buoi|luot|tin|bai)(?!\w)"
    rf"|(?:cu |dinh ky )?{_COUNT.format(5)} {_UNIT.format(5)}(?: cap nhat| bao cao)? (?:mot|\d{{1,2}}) lan(?!\w)"
    rf"|(?:dinh ky )?(?:hang|moi) {_UNIT.format(6)}(?! (?:nay|qua|hoc|cua)\b)(?!\w)"
)
_OFTEN = re.compile(r"lan\b|hang |moi |/ ?(?:ngay|tuan|thang|quy|nam|hoc)|(?:ngay|tuan|thang) \d+ [lbt]")
"""What any such words have: looked for first."""
_FORMS = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often: `times` (of what the words count) in every `every` of the unit `per`.

    Units: minute, hour, day, week, month, quarter, term, year.
    """

    times: int
    per: str
    every: int = 1


def read_frequency(text: str, plain: str, start: int, end: int) -> Phrase | None:
    """Read the first words between two offsets that say how often; None when none do. `plain` is `text` folded."""
    found = _FREQUENCY.search(plain, start, end) if _OFTEN.search(plain, start, end) else None
    if not found:
        return None
    return Phrase(text[found.start() : found.end()], found.start(), found.end())


def parse_frequency(plain: str) -> Frequency | None:
    """The frequency folded words say (`it nhat 02 lan/ngay` is 2 a day); None when they say none."""
    found = _FREQUENCY.search(plain)
    if not found:
        return None
    form = next(number for number in _FORMS if found.groupdict().get(f"unit{number}") or found[f"count{number}"])
    per = _UNITS.get(found.groupdict().get(f"unit{form}") or "", "") or _UNITS[found[0].split()[0]]
    count = _number(found.groupdict().get(f"count{form}"))
    if form in (2, 5):  # `02 giờ/lần`, `6 tháng một lần`: once in so many
        return Frequency(1, per, count)
    return Frequency(count, per, int(found["every1"] or 1) if form == 1 else 1)


def _number(word: str | None) -> int:
    if word is None:
        return 1
    return _NUMBERS[word] if word in _NUMBERS else int(word)
