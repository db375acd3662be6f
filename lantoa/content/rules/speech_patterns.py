"""Dates, hours, sums, numbers of papers and of phones: each pattern of the written page and how it is spoken.

Every rule is a pattern and a function from its match to words. They run in order (`RULES`); what one has
turned into words holds no figures, so no later rule touches it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lantoa.content.rules.speech_numbers import (
    NUMBER,
    read_roman,
    say_amount,
    say_day,
    say_digits,
    say_month,
    say_number,
    say_ordinal,
)
from lantoa.content.rules.speech_words import DOCUMENT_TYPES, LETTERS, UNITS


@dataclass(slots=True)
class Reading:
    """One text on its way from the page to the ear."""

    abbreviations: Mapping[str, str]
    unknown: list[str] = field(default_factory=list)

    def expand(self, code: str) -> str:
        """Say an abbreviation; one that is not in the table is spelled, and noted as unknown."""
        known = self.abbreviations.get(code)
        if known is None:
            self.unknown.append(code)
        return known or spell(code)


Say = Callable[[re.Match[str], Reading], str]


def spell(code: str) -> str:
    """Letters by their names, figures one by one: `QX7` → `quy ích bảy`."""
    names = (LETTERS.get(one.lower()) or (say_digits(one) if one.isdecimal() else "") for one in code)
    return " ".join(filter(None, names))


def _before(match: re.Match[str], words: str, window: int = 24) -> bool:
    """Whether one of `words` (a pattern) stands right before the match."""
    before = match.string[max(0, match.start() - window) : match.start()]
    return re.search(rf"(?<!\w)(?:{words})[\s:]*$", before, re.IGNORECASE) is not None


def _after(match: re.Match[str], pattern: str) -> bool:
    return re.match(pattern, match.string[match.end() :], re.IGNORECASE) is not None


# --- dates ----------------------------------------------------------------------------------------------

_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[89]|2[01])\d\d"
_DAY_BEFORE = r"ngày|mùng|mồng|hôm"
_DATE_BEFORE = (
    r"ngày|mùng|mồng|hôm|sáng|trưa|chiều|tối|đêm|từ|đến|tới|trước|sau|hết|vào|kể từ"
    r"|lễ|dịp|mừng|kỷ niệm|nhân|Quốc khánh|Quốc tế|và|nay"
)
_COUNTED = r"\s*(?:hộ|người|phường|xã|tổ|số|thuê bao|đơn vị|máy|điểm|cơ quan|trường|thôn|ý kiến|%|giờ)\b"


def _day_month(day: str, month: str, year: str | None = None) -> str:
    return f"{say_day(int(day))} tháng {say_month(int(month))}" + (f" năm {say_number(int(year))}" if year else "")


def _with_day(match: re.Match[str], words: str) -> str:
    """Put `ngày` before the date unless the page has it."""
    if _before(match, "mùng|mồng"):
        return words.removeprefix("mùng ")
    return words if _before(match, _DAY_BEFORE) else f"ngày {words}"


def _date_range(match: re.Match[str], _: Reading) -> str:
    start, end = match.group("d1", "m1", "y1"), match.group("d2", "m2", "y2")
    return f"{_with_day(match, _day_month(*start))} đến ngày {_day_month(*end)}"


def _day_range(match: re.Match[str], _: Reading) -> str:
    first, last, month, year = match.group("d1", "d2", "m", "y")
    return _with_day(match, f"{say_day(int(first))} đến {_day_month(last, month, year)}")


def _full_date(match: re.Match[str], reading: Reading) -> str:
    """A whole date; one the calendar does not have (30/02) is said as written and reported."""
    try:
        dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        reading.unknown.append(match[0])
    return _with_day(match, _day_month(*match.group("d", "m", "y")))


def _short_date(match: re.Match[str], _: Reading) -> str:
    """`5/3`: a date where the words around speak of time, else a share."""
    first, second = int(match["a"]), int(match["b"])
    is_date = 1 <= first <= 31 and 1 <= second <= 12 and not _after(match, _COUNTED)
    if is_date and (_before(match, _DATE_BEFORE) or (first > second and first > 12) or second > 5):
        return _with_day(match, _day_month(match["a"], match["b"]))
    if first < second <= (5 if _after(match, _COUNTED) else 10):
        return f"{say_number(first)} phần {'tư' if second == 4 else say_number(second)}"
    if is_date and first > second:
        return _with_day(match, _day_month(match["a"], match["b"]))
    return f"{say_number(first)} trên {say_number(second)}"


def _written_date(match: re.Match[str], _: Reading) -> str:
    """`ngày 5 tháng 3`: `mùng` before the first ten days unless the page has it."""
    day = say_number(int(match["d"])) if _before(match, "mùng|mồng") else say_day(int(match["d"]))
    return f"{day} tháng {say_month(int(match['m']))}"


def _month_year(match: re.Match[str], _: Reading) -> str:
    words = f"{say_month(int(match['m']))} năm {say_number(int(match['y']))}"
    return words if _before(match, "tháng|quý") else f"tháng {words}"


def _month(match: re.Match[str], _: Reading) -> str:
    tail = f" năm {say_number(int(match['y']))}" if match["y"] else ""
    return f"{match[1]} {say_month(int(match['m']))}{tail}"


def _month_range(match: re.Match[str], _: Reading) -> str:
    tail = f" năm {say_number(int(match['y']))}" if match["y"] else ""
    return f"{match[1]} {say_month(int(match['m1']))} đến tháng {say_month(int(match['m2']))}{tail}"


def _quarter(match: re.Match[str], _: Reading) -> str:
    number = read_roman(match["q"]) or int(match["q"])
    return f"{match[1]} {say_number(number)}" + (f" năm {say_number(int(match['y']))}" if match["y"] else "")


# --- hours ----------------------------------------------------------------------------------------------

_CLOCK = r"(?:[01]?\d|2[0-4])"


def _hour(hour: str, minute: str | None) -> str:
    minutes = int(minute or 0)
    return f"{say_number(int(hour))} giờ" + (f" {say_number(minutes)} phút" if minutes else "")


def _time(match: re.Match[str], _: Reading) -> str:
    return _hour(match["h"], match["min"])


def _time_range(match: re.Match[str], _: Reading) -> str:
    return f"{_hour(match['h1'], match['min1'])} đến {_hour(match['h2'], match['min2'])}"


# --- papers ---------------------------------------------------------------------------------------------

_SAYS_NUMBER = r"(?:(?P<so>[Ss]ố):?\s*)?"
_CODE = r"[A-ZĐƯ][A-ZĐƯa-zđ&]*\d{0,2}"
_KINDS = "|".join((
    *sorted(DOCUMENT_TYPES.values(), key=len, reverse=True),
    "bộ luật", "văn bản", "thông tri", "quy định", "điều lệ", "thư",
))
_SAYS_WHOSE = r",?\s*(?:ngày\s+[\d/.\-]+(?:\s*tháng\s*\d+\s*năm\s*\d+)?,?\s*|năm\s+\d+,?\s*)?của\b"


def _document(match: re.Match[str], reading: Reading) -> str:
    """`10/2024/TT-BTTTT`: the number, the year, and whose it is unless the sentence goes on to say so.

    The code of the office that drafted it (`-BCVT`) serves the registry, not the listener.
    """
    codes = match["codes"].split("-")
    kind = DOCUMENT_TYPES.get(codes[0])
    owner = codes[1] if kind and len(codes) > 1 else None if kind else codes[0]
    words = _document_head(match, kind) + _document_number(match["n"])
    if match["y"]:
        words += f" năm {say_number(int(match['y']))}"
    if owner and not _after(match, _SAYS_WHOSE):
        words += f" của {_owner(owner, reading)}"
    return words


def _document_head(match: re.Match[str], kind: str | None) -> str:
    if match["so"]:
        return f"{match['so']} "
    if _before(match, "đề án"):
        return ""
    named = rf"(?:{_KINDS})\b[^.;:\d\n]*"  # "Luật Viễn thông 24/2023/QH15": the kind, then its name
    return "số " if _before(match, named, 60) else f"{kind or 'văn bản'} số "


def _document_number(written: str) -> str:
    """The number; a leading nought is said, as everybody does (`đề án không sáu`)."""
    figures = re.match(r"\d+", written)
    digits = figures[0] if figures else ""
    words = f"không {say_number(int(digits))}" if digits.startswith("0") and int(digits) else say_number(int(digits))
    return " ".join(filter(None, (words, spell(written[len(digits) :]))))


def _owner(code: str, reading: Reading) -> str:
    """Say who issued it; `QH15` is the National Assembly of the fifteenth term."""
    term = re.fullmatch(r"(\D+?)(\d+)", code)
    if term and term[1] in {"QH", "UBTVQH"} and term[1] in reading.abbreviations:
        return f"{reading.abbreviations[term[1]]} khóa {say_number(int(term[2]))}"
    return reading.expand(code)


def _party_document(match: re.Match[str], reading: Reading) -> str:
    """`15-CT/TW`: the Party's numbers have the kind before the stroke and the committee after it."""
    owner = "" if _after(match, _SAYS_WHOSE) else f" của {reading.expand(match['owner'])}"
    return _document_head(match, DOCUMENT_TYPES[match["kind"]]) + _document_number(match["n"]) + owner


def _unnumbered(match: re.Match[str], reading: Reading) -> str:
    """`Số: /UBND-VHTT`: a paper not yet numbered."""
    reading.unknown.append(match[0].strip())
    return "số chưa ghi"


def _per(match: re.Match[str], _: Reading) -> str:
    """`5 phút/lần`, `đồng/hộ/tháng`: for each."""
    return match[1] + match[2].replace("/", " một ")


def _project(match: re.Match[str], _: Reading) -> str:
    return f"{match[1]} {_document_number(match[2])}"


def _clause(match: re.Match[str], _: Reading) -> str:
    """`điểm a khoản 1 Điều 5`: the letter of a point by its name."""
    return f"{match[1]} {spell(match[2])}"


# --- phones ---------------------------------------------------------------------------------------------


def _phone(match: re.Match[str], _: Reading) -> str:
    written = match[0].strip()
    plus = "cộng " if written.startswith("+") else ""
    groups = [group for group in re.split(r"\D+", written) if group]
    if len(groups) == 1:
        groups = _grouped(groups[0])
    return plus + ", ".join(say_digits(group) for group in groups)


def _grouped(digits: str) -> list[str]:
    """The groups people say: 1800 8098, 0912 345 678, 024 3936 6166, 0225 3881 234."""
    if digits.startswith(("18", "19")):
        return [part for part in (digits[:4], digits[4:]) if part]
    head = 3 if digits.startswith(("024", "028", "84")) else 4
    rest = digits[head:]
    cut = 4 if len(rest) in {7, 8} else 3
    return [digits[:head], *(part for part in (rest[:cut], rest[cut:]) if part)]


def _short_number(match: re.Match[str], _: Reading) -> str:
    return match[1] + re.sub(r"\d+", lambda number: say_digits(number[0]), match[2])


_KEYS = {"*": "sao", "#": "thăng"}


def _key_code(match: re.Match[str], _: Reading) -> str:
    return " ".join(_KEYS.get(one) or say_digits(one) for one in match[0])


# --- sums, shares, ranges -------------------------------------------------------------------------------

_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_MULTIPLE = r"(?:\s*(?:nghìn|ngàn|triệu|tỷ|tỉ))?"


def _amount(match: re.Match[str], _: Reading) -> str:
    unit = UNITS[match["unit"].lower()]
    per = f" một {UNITS.get(match['per'].lower(), match['per'])}" if match["per"] else ""
    return f"{_span(match)} {unit}{per}"


def _span(match: re.Match[str]) -> str:
    """One number, or two with `đến` between them; the word of scale stays where it stands."""
    low, high, scale = match["low"], match["high"], (match["scale"] or "").strip()
    words = _say_figure(low) + (f" đến {_say_figure(high)}" if high else "")
    return f"{words} {scale}" if scale else words


def _number(match: re.Match[str], _: Reading) -> str:
    return _span(match)


def _say_figure(written: str) -> str:
    """A number; noughts before it are the form's (`05 ngày`), not the speaker's."""
    return say_amount(re.sub(r"^0+(?=\d)(?![.,])", "", written))


def _around_the_clock(match: re.Match[str], _: Reading) -> str:
    """`24/7`, `24/24`: all hours, not a day in July."""
    hours, of = match[0].replace("h", "").split("/")
    return f"{say_number(int(hours))} trên {say_number(int(of))}"


def _ratio(match: re.Match[str], _: Reading) -> str:
    return f"{_say_figure(match[1])} trên {_say_figure(match[2])}"


def _list(match: re.Match[str], _: Reading) -> str:
    """`tổ 1,2,3`: numbers in a row, not a decimal."""
    return ", ".join(_say_figure(one) for one in match[0].split(","))


def _ordinal(match: re.Match[str], _: Reading) -> str:
    return f"{match[1]} {say_ordinal(int(match[2]))}"


def _below_zero(_match: re.Match[str], _: Reading) -> str:
    return "âm "


def _minutes(match: re.Match[str], _: Reading) -> str:
    return f"{say_number(int(match[1]))} phút"


def _generation(match: re.Match[str], _: Reading) -> str:
    """`2G`, `4G/5G`, `4G+`."""
    return ", ".join(f"{say_digits(one)} gờ" for one in re.findall(r"\d", match[0]))


def _ordinal_roman(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[2])
    say = say_ordinal if match[1].lower().endswith("thứ") else say_number
    return f"{match[1]} {say(value)}" if value else match[0]


def _roman(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[0])
    return say_number(value) if value else match[0]


def _list_item(match: re.Match[str], _: Reading) -> str:
    return f"{say_number(int(match[1])).capitalize()} là: "


def _list_part(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[1])
    return f"Phần {say_number(value)}. " if value else match[0]


def _mixed(match: re.Match[str], _: Reading) -> str:
    """`V1S`, `A4`, `K65`: letters by name, figures as a number."""
    parts = re.findall(r"\d+|[^\W\d_]+", match[0])
    return " ".join(_document_number(part) if part[0].isdecimal() else spell(part) for part in parts)


def _rule(pattern: str, say: Say, flags: int = 0) -> tuple[re.Pattern[str], Say]:
    return re.compile(pattern, flags), say


_NOT_IN_WORD = r"(?<![\w.,/])"
_END = r"(?![\w/])(?![.,]\d)"
_SPAN = rf"(?P<low>{NUMBER})(?:\s*-\s*(?P<high>{NUMBER}))?(?P<scale>{_MULTIPLE})"

LAYOUT = (
    _rule(r"(?m)^\s*(\d{1,2})\.\s+(?=\D)", _list_item),
    _rule(r"(?m)^\s*([IVX]+)[.)]\s+", _list_part),
    _rule(r"(?<=\d{3})\s*[/-]\s*(?=0\d(?:[\s.]?\d){7}|[+]84|1[89]00[\s.]?\d)", lambda _match, _reading: ", "),
)
"""Numbering at the start of a line, and one phone number after another."""

PAPERS = (
    _rule(
        rf"{_SAYS_NUMBER}(?<![\w/])(?P<n>\d+)-(?P<kind>{'|'.join(DOCUMENT_TYPES)})/(?P<owner>[A-ZĐƯ]{{2,6}})\b",
        _party_document,
    ),
    _rule(rf"\b[Ss]ố:?\s*/{_CODE}(?:-{_CODE})*(?!\w)", _unnumbered),
    _rule(
        rf"{_SAYS_NUMBER}(?<![\w/])(?P<n>\d+[a-z]?)/(?:(?P<y>{_Y})/)?(?P<codes>{_CODE}(?:-{_CODE})*)(?![\w/])",
        _document,
    ),
    _rule(r"\b([Đđ]ề án)\s+(?:số\s+)?(0\d+)\b", _project),
    _rule(r"\b([Đđ]iểm)\s+([a-zđ])\b(?=[\s,]*(?:khoản|Khoản|,|và|điểm))", _clause),
)
"""Numbers of documents; before abbreviations, which would break their codes."""

FIGURES = (
    _rule(
        r"(?<![\w/])(\d[\d.,]*\s?(?:(?:nghìn|triệu|tỷ)\s)?(?!km/h|mb/s|[KM]B/s)[^\W\d_]+|đồng)((?:/[^\W\d_]+)+)(?!\w)",
        _per,
    ),
    _rule(r"(?<![\w*#])[*#][\d*#]*\d[\d*#]*[*#](?![\w*#])", _key_code),
    _rule(rf"(?<![\w.,/\d)-])(?<!\d )-(?={NUMBER}\s?(?:°|º|độ))", _below_zero),
    # phones
    _rule(r"(?<![\w.,/+])(?:18|19)00[\s.]?\d{2,4}(?:[\s.]\d{2,4}){0,2}(?![\d/])", _phone),
    _rule(r"(?<![\w.,/])(?:\+84[\s.]?|\(?0)\d{1,3}\)?(?:[\s.\-]?\d{1,4}){2,4}(?![\d/])(?<=\d{3})", _phone),
    _rule(
        r"(?i)\b((?:(?:viettel|vinaphone|mobifone|vietnamobile|gmobile|itel|wintel|mã số|mã hồ sơ|số tài khoản):"
        r"|tổng đài|đầu số|hót lai|hotline|đường dây nóng|số điện thoại|số máy|máy lẻ|bấm số|liên hệ số"
        r"|gọi(?: ngay)?(?: số| tới| đến)?|(?:nhắn|gửi)(?: tin)?(?: đến| tới) số|gửi(?: đến| tới)?)\s*:?\s*)"
        r"(\d{3,8}(?:\s*(?:,|hoặc|và|hay)\s*\d{3,8}\b(?![.,/]\d))*)"
        r"(?![\d/.,]*\d)(?!\s*(?:hộ|người|thuê bao|cuộc|tin|máy|lượt|tờ|bản|phút|giờ|đồng|đ\b|%))",
        _short_number,
    ),
    _rule(r"(?<=[%đ])\s*-\s*(?=\d)", lambda _match, _reading: " đến "),
    _rule(r"(?<=\d)\s?x\s?(?=\d)", lambda _match, _reading: " nhân "),
    # dates
    _rule(
        rf"{_NOT_IN_WORD}(?P<d1>{_D})[/.](?P<m1>{_M})(?:[/.](?P<y1>{_Y}))?\s*-\s*"
        rf"(?P<d2>{_D})[/.](?P<m2>{_M})(?:[/.](?P<y2>{_Y}))?{_END}",
        _date_range,
    ),
    _rule(rf"{_NOT_IN_WORD}(?P<d1>{_D})\s*-\s*(?P<d2>{_D})/(?P<m>{_M})(?:/(?P<y>{_Y}))?{_END}", _day_range),
    _rule(rf"{_NOT_IN_WORD}(?P<d>{_D})(?P<sep>[/.\-])(?P<m>{_M})(?P=sep)(?P<y>{_Y}){_END}", _full_date),
    _rule(rf"(?:(?<=ngày )|(?<=[mM]ùng )|(?<=[mM]ồng ))(?P<d>{_D})\s+tháng\s+(?P<m>{_M})\b(?!/)", _written_date),
    _rule(rf"\b([Tt]háng)\s+(?P<m1>{_M})\s*-\s*(?P<m2>{_M})(?:/(?P<y>{_Y}))?{_END}", _month_range),
    _rule(rf"{_NOT_IN_WORD}(?P<m>{_M})(?:/|(?<=tháng \d\d)-|(?<=tháng \d)-)(?P<y>{_Y}){_END}", _month_year),
    _rule(rf"\b([Qq]uý)\s+(?P<q>I{{1,3}}|IV|[1-4])(?:/(?P<y>{_Y}))?\b", _quarter),
    _rule(rf"\b([Tt]háng)\s+(?P<m>{_M})(?P<y>(?!))?\b(?![/.]\d)", _month),
    # hours
    _rule(rf"{_NOT_IN_WORD}24h?/(?:7|24)h?{_END}", _around_the_clock),
    _rule(
        rf"{_NOT_IN_WORD}(?P<h1>{_CLOCK})\s?(?:h|g|giờ|:)\s?(?P<min1>[0-5]\d)?(?:\s?phút)?\s*-\s*"
        rf"(?P<h2>{_CLOCK})\s?(?:h|g|giờ|:)\s?(?P<min2>[0-5]\d)?(?:\s?phút)?(?![\w:])",
        _time_range,
    ),
    _rule(
        rf"{_NOT_IN_WORD}(?P<h>{_CLOCK})(?:\s?[hg]\s?|\s?giờ\s)(?P<min>[0-5]?\d)"
        r"(?:\s?(?:phút|'))?(?![\w:/.,]*\d)(?![^\W\d_])",
        _time,
    ),
    _rule(rf"{_NOT_IN_WORD}(?P<h>{_CLOCK})[hg](?P<min>(?!))?(?![\w])", _time),
    _rule(rf"{_NOT_IN_WORD}(?P<h>{_CLOCK}):(?P<min>[0-5]\d)(?::[0-5]\d)?(?:\s?(?:giờ|h)(?!\w))?(?![\w:])", _time),
    _rule(r"(?<![\w.,])[2-6]G(?:\s?[/,+-]\s?[2-6]G)*\+?(?![\w])", _generation),
    # sums
    _rule(rf"(?<![\w.,/]){_SPAN}\s?(?P<unit>{_UNIT})(?:/(?P<per>[^\W\d_]+))?(?![\w/²³])", _amount, re.IGNORECASE),
    _rule(
        r"(?<![\w.,])\d{1,2}(?:,\d{1,2}){2,}(?![\w.])"
        r"|(?:(?<=tổ )|(?<=phố )|(?<=thôn )|(?<=khu )|(?<=xóm ))\d{1,2},\d{1,2}(?![\w.,])",
        _list,
    ),
    _rule(r"\b(thứ)\s+(\d{1,3})\b(?![.,/]\d)", _ordinal),
    _rule(r"(?<![\w.,/])(\d{1,3})\s?['’](?!\w)", _minutes),
    _rule(rf"{_NOT_IN_WORD}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}}){_END}", _short_date),
    _rule(rf"{_NOT_IN_WORD}({NUMBER})\s?/\s?({NUMBER}){_END}", _ratio),
    _rule(
        r"\b((?:lần |khóa |kỳ |nhiệm kỳ |quý |đợt )?thứ|[Kk]hóa|[Kk]ỳ|[Pp]hần|[Cc]hương|[Mm]ục|[Hh]ạng|[Ll]oại|[Cc]ấp"
        r"|[Gg]iai đoạn|[Đđ]ợt|[Pp]hụ lục|[Tt]hế kỷ)\s+([IVXLC]+)\b",
        _ordinal_roman,
    ),
    _rule(r"(?<![\w.])(?:[IVX]{2,})(?![\w])(?<!\bXI)(?<!\bVI)", _roman),
    _rule(rf"{_NOT_IN_WORD}{_SPAN}(?![\w])", _number),
    _rule(r"(?<![\w])(?=\w*\d)(?=\w*[^\W\d_])\w+", _mixed),
    _rule(rf"(?P<low>{NUMBER})(?P<high>(?!))?(?P<scale>(?!))?", _number),
)
"""Everything with figures in it, the narrow rules first; the last takes whatever figures are left."""
