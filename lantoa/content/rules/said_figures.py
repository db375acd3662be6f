"""Number words back to figures: `mười sáu tháng chín` is `16 tháng 9`.

The way back of `speech_numbers`, for the check of what a bulletin says aloud.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_ODD = {"linh", "lẻ"}
_DATED = {"ngày", "mùng", "mồng", "tháng", "hôm"}
_FEWEST_DIGITS = 3
"""So many digits said one by one are a number: `không hai` may be `không` and `hai`."""
_FEWEST_CALLED = 6
_MOST_WORDS = 24
"""No number is longer in words."""
_LARGER = {"mươi", "trăm", *_SCALES, *_ODD}
"""After these a digit was the head of a number said whole."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A text with figures instead of number words, and the way from its characters to those of the spoken text."""

    text: str
    _starts: tuple[int, ...]
    _shifts: tuple[tuple[int, int, int], ...]
    """For each stretch: its start here, its start there, its length there when it was a number, else 0."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `[start, end)` of the written text stands in the spoken one."""
        return self._back(start, is_end=False), self._back(end, is_end=True)

    def _back(self, place: int, *, is_end: bool) -> int:
        here = max(0, bisect_right(self._starts, place - (1 if is_end else 0)) - 1)
        start, there, length = self._shifts[here]
        if not length:
            return there + place - start
        return there + length if is_end else there


def written_back(text: str) -> Written:
    """Write the number words of `text` as figures; small ones that stand alone stay words."""
    words = list(_WORD.finditer(text))
    spoken = [match[0].lower() for match in words]
    parts: list[str] = []
    shifts = [(0, 0, 0)]
    last = at = size = 0
    while at < len(words):
        if spoken[at] not in _UNITS and spoken[at] != "mười":
            at += 1
            continue
        is_dated = bool(at) and spoken[at - 1] in _DATED and _follows(text, words, at)
        run = spoken[at : at + _together(text, words, at)]
        used, digits = (0, "") if is_dated else _called(spoken[at : at + _together(text, words, at, ", ")])
        if not used:
            used, digits = _read(run, is_dated=is_dated)
        if not used:
            at += 1
            continue
        start, end = words[at].start(), words[at + used - 1].end()
        parts += [text[last:start], digits]
        size += start - last
        shifts += [(size, start, end - start), (size + len(digits), end, 0)]
        size += len(digits)
        last, at = end, at + used
    parts.append(text[last:])
    return Written("".join(parts), tuple(one[0] for one in shifts), tuple(shifts))


def _together(text: str, words: list[re.Match[str]], at: int, *also: str) -> int:
    """How many words from `at` on are parted by spaces alone, or by one of `also`."""
    end = at + 1
    while end < min(len(words), at + _MOST_WORDS):
        between = text[words[end - 1].end() : words[end].start()]
        if not between.isspace() and between not in also:
            break
        end += 1
    return end - at


def _follows(text: str, words: list[re.Match[str]], at: int) -> bool:
    """Whether only space is before a word, and no year after it: `tháng năm`, not `tháng 9 năm`, `tháng năm 2024`."""
    after = text[words[at].end() :].lstrip()[:1]
    return text[words[at - 1].end() : words[at].start()].isspace() and not after.isdecimal()


def _called(run: list[str]) -> tuple[int, str]:
    """How many words are a telephone number said digit by digit, in groups parted by commas, and its digits."""
    count = _digits(run)
    if count < _FEWEST_CALLED or (count < len(run) and run[count] in _LARGER):
        return 0, ""
    return count, "".join(str(_UNITS[word]) for word in run[:count])


def _read(run: list[str], *, is_dated: bool) -> tuple[int, str]:
    """How many words at the beginning of the run are a number, and its figures; 0 for none."""
    digits = _digits(run)
    used, value = _cardinal(run, is_dated=is_dated)
    is_whole = is_dated or (digits < len(run) and run[digits] in _LARGER)
    if digits >= max(_FEWEST_DIGITS, used + 1) and not is_whole:
        return digits, "".join(str(_UNITS[word]) for word in run[:digits])
    if used == 1 and not is_dated:
        return 0, ""
    return used, str(value)


def _digits(run: list[str]) -> int:
    """How many words of the run are digits said one by one."""
    count = 0
    for word in run:
        if word not in _UNITS or word in {"mốt", "lăm", "nhăm", "tư"}:
            break
        count += 1
    return count


def _cardinal(run: list[str], *, is_dated: bool) -> tuple[int, int]:
    """How many words are one number said whole, and its value."""
    total, used = 0, 0
    least = 10**12
    while used < len(run):
        taken, value = _triple(run[used:], is_first=used == 0, is_dated=is_dated)
        if not taken:
            break
        scale = _SCALES.get(run[used + taken], 1) if used + taken < len(run) else 1
        if scale >= least:
            break
        total, least = total + value * scale, scale
        used += taken + (1 if scale > 1 else 0)
        if scale == 1:
            break
    return used, total


def _triple(run: list[str], *, is_first: bool, is_dated: bool) -> tuple[int, int]:
    """Up to three digits: `hai trăm linh năm`, `không trăm hai mươi tư`, `mười lăm`, `chín`."""
    after = run[1] if len(run) > 1 else ""
    value, used = 0, 0
    if run[0] in _UNITS and after == "trăm":
        value, used = _UNITS[run[0]] * 100, 2
        if used < len(run) and run[used] in _ODD and used + 1 < len(run) and run[used + 1] in _UNITS:
            return used + 2, value + _UNITS[run[used + 1]]
    taken, rest = _tens(run[used:])
    if taken:
        return used + taken, value + rest
    if used:
        return used, value
    if run[0] == "không" or run[0] not in _UNITS or not is_first:
        return 0, 0
    if run[0] == "năm" and not is_dated and after not in _SCALES:
        return 0, 0
    return 1, _UNITS[run[0]]


def _tens(run: list[str]) -> tuple[int, int]:
    """`mười`, `mười lăm`, `hai mươi`, `hai mươi tư`; `năm` after a ten is the word for year."""
    if run and run[0] == "mười":
        value, used = 10, 1
    elif len(run) > 1 and run[0] in _UNITS and run[1] == "mươi":
        value, used = _UNITS[run[0]] * 10, 2
    else:
        return 0, 0
    if used < len(run) and run[used] in _UNITS and run[used] not in {"không", "năm"}:
        return used + 1, value + _UNITS[run[used]]
    return used, value
