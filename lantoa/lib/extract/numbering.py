"""Automatic numbers of lists as Word prints them (ECMA-376, part 1, 17.9): counted by level, formatted, laid out."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMANS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_LARGEST = 32_767
_PLACE = re.compile(r"%([1-9])")
MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: form (`decimal`, `lowerLetter` …), pattern (`%1.%2.`), first number."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    is_legal: bool = False
    """Whether the numbers of the levels above are printed as Arabic figures, whatever their own form."""
    restarts_after: int | None = None
    """The level (from 1) whose next number makes this one begin anew; None is any level above, 0 is none."""


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each is counted.

    Lists made from the same definition (`sources`) count on together, unless one of them says where it begins.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number: str, depth: int) -> str:
        """Count one paragraph of list `number` at level `depth` (from 0); give what is printed before it."""
        levels = self.levels.get(number)
        if levels is None or not 0 <= depth < MOST_LEVELS:
            return ""
        counts = self.counts[self.sources.get(number, number)]
        level = levels.get(depth, Level())
        begin = self.restarts.get(number, {}).get(depth)
        if begin is not None and (number, depth) not in self.begun:
            counts[depth] = begin - 1
        self.begun.add((number, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth and _restarts(levels.get(key, Level()), depth)]:
            del counts[deeper]
        return _printed(levels, counts, depth)


def _restarts(level: Level, counted: int) -> bool:
    return level.restarts_after is None or (level.restarts_after > 0 and counted < level.restarts_after)


def _printed(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    level = levels.get(depth, Level())
    if level.form == "bullet":
        return "+ " if level.pattern.strip() in {"+", "\uf02b"} else "- "
    if level.form == "none" and not _PLACE.sub("", level.pattern).strip():
        return ""

    def number(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        shown = levels.get(place, Level())
        form = "decimal" if level.is_legal and place != depth else shown.form
        return count_as(counts.get(place, shown.start), form)

    text = _PLACE.sub(number, level.pattern).strip()
    return text + " " if text else ""


def count_as(value: int, form: str) -> str:
    """Write a number in a form of ST_NumberFormat; a form we do not know is written in Arabic figures."""
    if not 0 <= value <= _LARGEST:
        return str(value)
    if form in {"lowerLetter", "upperLetter"} and value:
        letter = _LETTERS[(value - 1) % 26] * ((value - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        return _roman(value) if form == "lowerRoman" else _roman(value).upper()
    if form == "vietnameseCounting":
        return _in_words(value)
    if form in {"none", "bullet"}:
        return ""
    zeros = {"decimalZero": 2, "0001": 4, "001": 3, "01": 2}.get(form, 1)
    return f"{value:0{zeros}}"


def _roman(value: int) -> str:
    out = ""
    for size, sign in _ROMANS:
        out += sign * (value // size)
        value %= size
    return out


def _in_words(value: int) -> str:
    """Vietnamese number words up to 99, as `vietnameseCounting` prints them; figures beyond."""
    tens, unit = divmod(value, 10)
    if value < 10:
        return _UNITS[value]
    if value > 99:
        return str(value)
    last = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(unit, _UNITS[unit])
    return ("mười" if tens == 1 else f"{_UNITS[tens]} mươi") + (f" {last}" if last else "")
