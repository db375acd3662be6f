"""Figures in a text: dates in every written form, months, years, telephone numbers, documents, amounts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from lantoa.content.rules.findings import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Kind = Literal["date", "no_date", "month", "day_month", "year", "phone", "document", "article", "number"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it means (`2024-10-16`, `2024-10`, `10-16`, digits, a plain decimal) and where it stands."""

    kind: Kind
    value: str
    start: int
    end: int


_D, _M, _Y = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])", r"((?:19|20)\d\d)"
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_EN = r"(" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r")\.?"
_L, _R = r"(?<![\w.,/:-])", r"(?![\w/])(?![.,:-]\d)"
_SEP = r"\s?[/.\-\u2010-\u2015]\s?"


def _day(year: str, month: str, day: str) -> list[tuple[Kind, str]]:
    try:
        return [("date", dt.date(int(year), int(month), int(day)).isoformat())]
    except ValueError:
        return [("no_date", f"{day}/{month}/{year}")]


def _english_month(name: str) -> str:
    return str(next(place for place, month in enumerate(_MONTHS, 1) if month.startswith(name[:3])))


def _full_year(short: str) -> str:
    return f"20{short}"


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return "0" + digits[2:] if text.lstrip().startswith(("+84", "(+84")) else digits


_SCALES = {"nghin": 1000, "ngan": 1000, "trieu": 10**6, "ty": 10**9, "ti": 10**9}


def _amount(match: re.Match[str]) -> str:
    """`3.400.000`, `3,4 triệu`, `1.5`: as a plain decimal."""
    written = match["n"]
    if re.fullmatch(r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?", written):
        written = re.sub(r"[.\s]", "", written)
    value = Decimal(written.replace(",", ".")) * _SCALES.get(match["s"] or "", 1)
    plain = f"{value.normalize():f}"
    return plain + ("%" if match["p"] else "")


Reader = tuple["re.Pattern[str]", "Callable[[re.Match[str]], list[tuple[Kind, str]]]"]


def _reader(pattern: str, read: Callable[[re.Match[str]], list[tuple[Kind, str]]]) -> Reader:
    return re.compile(pattern, re.MULTILINE), read


_DATE_WORDS = r"(?:ngay|mung|mong|hom|sang|trua|chieu|toi|dem|tu|den|truoc|sau|het|vao)"
_CALLED = r"(?:tong dai|hotline|duong day nong|dien thoai|goi(?: so| den| toi)?|sdt|dt|lien he|so may)"

_HARMLESS: tuple[str, ...] = (
    r"^[ \t]*(?:trang )?\d{1,3}[ \t]*(?:/[ \t]*\d{1,3})?[ \t]*$",  # a page number, a number in a ring
    r"^[ \t]*(?:[-*•][ \t]*)?\d{1,2}[.)](?!\d)",  # 1.  2)
    r"(?<!\w)trang \d{1,3}(?:[ \t]*/[ \t]*\d{1,3})?(?![\w/])",
    r"(?<![\w/.])(?:cau|buoc|muc|phan|phu luc|giai doan|dot|lan|thu|chuong) \d{1,3}(?![\w/]|[.,]\d)",
    r"(?<![\w/.,:])(?:[01]?\d|2[0-4])\s?(?:gio|h|g)(?:\s?[0-5]?\d\s?(?:phut|p)?)?(?!\w)",
    r"(?<![\w/.,:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\w:])",
    r"(?<![\w/.,])\d{1,3} (?:phut|giay)(?!\w)",
    r"(?<![\w/])24/7(?![\w/])",
)
"""Figures that are no facts: page and list numbers, ordinals, hours, minutes of air time. On folded text."""
_MARKER = re.compile(rf"(?m)^[ \t]*\d{{1,2}}[ \t]+(?!(?i:tháng|thang|{_EN})\b)(?=[A-ZÀ-ỴĐ])")
"""A list number that stands without a dot, as a printed piece has it: the line goes on with a capital."""
_HARMLESS_PATTERN = re.compile("|".join(f"(?:{one})" for one in _HARMLESS), re.MULTILINE)

_DOCUMENT = re.compile(
    r"(?<![\w/])(?:QCVN|TCVN)\s?\d+(?:-\d+)?:(?:19|20)\d\d(?:/[A-ZĐ]+)?"
    r"|(?<![\w/.])\d+[a-zđ]?(?:/(?:19|20)\d\d)?/[A-ZĐ][A-ZĐ\d]*(?:[-/.&][A-ZĐ][A-ZĐ\d]*)*(?!\w)"
)
_ARTICLE = re.compile(
    r"(?<!\w)(?:diem [a-z]\)?,?\s+)?(?:khoan \d+[a-z]?,?\s+)?dieu \d+[a-z]?(?!\w)|(?<!\w)khoan \d+(?!\w)"
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”«»]+"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|top|xyz|site|online|shop|club|io|me|ly|gl|co|gd|by|id|cc|tk"
    r"|link|app|dev|asia|biz|pro|live|store|vip|icu|ws|to|page|click|cn|ru|tv)(?![\w-])(?::\d+)?(?:/[^\s<>\"“”«»]*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?")

_READERS: tuple[Reader, ...] = (
    _reader(rf"{_L}{_D}\s?[-\u2013]\s?{_D}/{_M}/{_Y}{_R}", lambda m: _day(m[4], m[3], m[1]) + _day(m[4], m[3], m[2])),
    _reader(rf"{_L}{_D}{_SEP}{_M}{_SEP}{_Y}{_R}", lambda m: _day(m[3], m[2], m[1])),
    _reader(rf"{_L}{_Y}[-/.](0[1-9]|1[0-2])[-/.](0[1-9]|[12]\d|3[01]){_R}", lambda m: _day(m[1], m[2], m[3])),
    _reader(rf"{_L}{_D}\s+thang\s+{_M}(?:\s+nam\s+|\s?[/,-]\s?|\s+){_Y}{_R}", lambda m: _day(m[3], m[2], m[1])),
    _reader(
        rf"{_L}{_D}\s?[-\u2013]\s?{_D}\s+thang\s+{_M}\s+nam\s+{_Y}{_R}",
        lambda m: _day(m[4], m[3], m[1]) + _day(m[4], m[3], m[2]),
    ),
    _reader(rf"{_L}{_D}(?:st|nd|rd|th)?\s+{_EN},?\s+{_Y}{_R}", lambda m: _day(m[3], _english_month(m[2]), m[1])),
    _reader(rf"{_L}{_EN}\s+{_D}(?:st|nd|rd|th)?,?\s+{_Y}{_R}", lambda m: _day(m[3], _english_month(m[1]), m[2])),
    _reader(rf"{_L}{_D}[/.-]{_M}[/.-](\d\d){_R}", lambda m: _day(_full_year(m[3]), m[2], m[1])),
    _reader(
        rf"(?<![\w/])(?:thang|t)\s?{_M}(?:\s+nam\s+|\s?[/.-]\s?){_Y}{_R}",
        lambda m: [("month", f"{m[2]}-{int(m[1]):02d}")],
    ),
    _reader(rf"{_L}{_EN}\s+{_Y}{_R}", lambda m: [("month", f"{m[2]}-{int(_english_month(m[1])):02d}")]),
    _reader(rf"{_L}{_M}/{_Y}{_R}", lambda m: [("month", f"{m[2]}-{int(m[1]):02d}")]),
    _reader(rf"{_L}{_D}\s+thang\s+{_M}(?!\w)", lambda m: [("day_month", f"{int(m[2]):02d}-{int(m[1]):02d}")]),
    _reader(
        r"(?<![\w/.+])((?:\(?\+84\)?|\(?0\d{0,3}\)?)(?:[ .\u00a0\-]?\d){7,11}"
        r"|1[89]00(?:[ .\u00a0\-]?\d){2,6})(?![\w/])",
        lambda m: [("phone", _digits(m[1]))],
    ),
    _reader(rf"(?<!\w){_CALLED}:?\s+(\d[\d .\u00a0\-]{{1,12}}\d)(?![\w/])", lambda m: [("phone", _digits(m[1]))]),
    _reader(rf"{_L}{_D}/{_M}{_R}", lambda m: [("day_month", f"{int(m[2]):02d}-{int(m[1]):02d}")]),
    _reader(rf"(?<!\w)nam\s+{_Y}{_R}", lambda m: [("year", m[1])]),
    _reader(r"(?<!\w)vnd\s(\d{1,3}(?:,\d{3})+)(?!\d)", lambda m: [("number", m[1].replace(",", ""))]),
    _reader(
        r"(?<![\w])(?P<n>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)"
        r"(?:\s?(?P<s>nghin|ngan|trieu|ty|ti)(?!\w))?(?:\s?(?P<p>%|phan tram))?",
        lambda m: [("number", _amount(m))],
    ),
)
"""On folded text, in this order: what one has read no later one reads again."""


def figures_in(text: str, tokens: Sequence[str] = ()) -> list[Figure]:
    """Every figure of NFC `text` in its order; `tokens` are names with a digit that are no figures (`4G`, `*#06#`)."""
    rest = _blanked(text, tokens)
    found = [Figure("document", re.sub(r"\s", "", m[0]).upper(), *m.span()) for m in _DOCUMENT.finditer(rest)]
    rest = _blank(rest, ((one.start, one.end) for one in found))
    folded = fold(rest)
    articles = [Figure("article", " ".join(m[0].replace(")", "").replace(",", "").split()), *m.span())
                for m in _ARTICLE.finditer(folded)]  # fmt: skip
    found += articles
    folded = _blank(folded, ((one.start, one.end) for one in articles))
    folded = _blank(folded, (match.span() for match in _HARMLESS_PATTERN.finditer(folded)))
    for pattern, read in _READERS:
        fresh = [Figure(kind, value, *m.span()) for m in pattern.finditer(folded) for kind, value in read(m)]
        found += fresh
        folded = _blank(folded, ((one.start, one.end) for one in fresh))
    return sorted(found, key=lambda one: (one.start, one.end))


def links_in(text: str) -> Iterator[re.Match[str]]:
    """Every web address of `text`, with or without its scheme."""
    for pattern in (_LINK, _HOST):
        yield from pattern.finditer(text)


def _blanked(text: str, tokens: Sequence[str]) -> str:
    """`text` without addresses, list numbers and the tokens; every offset stays."""
    text = _blank(text, (match.span() for match in links_in(text)))
    text = _blank(text, (match.span() for match in _MARKER.finditer(text)))
    for token in sorted(tokens, key=len, reverse=True):
        pattern = rf"(?<![\w.,/]){re.escape(token)}(?![\w/]|[.,]\d)"
        text = _blank(text, (match.span() for match in re.finditer(pattern, text, re.IGNORECASE)))
    return text


def _blank(text: str, spans: Iterator[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in sorted(set(spans)):
        if start < last:
            continue
        parts += [text[last:start], "\x00" * (end - start)]
        last = end
    return "".join((*parts, text[last:]))
