"""Dates, months, quarters, days of the week and hours, as they are said."""

from __future__ import annotations

import datetime as dt
import re

from lantoa.content.rules.speech_numbers import read_roman, say_day, say_month, say_number, say_ordinal
from lantoa.content.rules.speech_reading import END, NOT_IN_WORD, D, M, Reading, Y, after, before, rule

_DAY_BEFORE = r"ngày|mùng|mồng|hôm"
_DATE_BEFORE = (
    r"ngày|mùng|mồng|hôm|sáng|trưa|chiều|tối|đêm|từ|đến|tới|trước|sau|hết|vào|kể từ"
    r"|lễ|dịp|mừng|kỷ niệm|nhân|Quốc khánh|Quốc tế|và|nay|giờ|phút"
)
_COUNTED = r"\s*(?:hộ|người|phường|xã|tổ|số|thuê bao|đơn vị|máy|điểm|cơ quan|trường|thôn|ý kiến|khu|xóm|%|giờ)\b"


# --- days -----------------------------------------------------------------------------------------------


def _day_month(day: str, month: str, year: str | None = None) -> str:
    return f"{say_day(int(day))} tháng {say_month(int(month))}" + _of_year(year)


def _of_year(year: str | None) -> str:
    return f" năm {say_number(int(year))}" if year else ""


def _with_day(match: re.Match[str], words: str) -> str:
    """Put `ngày` before the date unless the page has it."""
    if before(match, "mùng|mồng"):
        return words.removeprefix("mùng ")
    return words if before(match, _DAY_BEFORE) else f"ngày {words}"


def _date_range(match: re.Match[str], _: Reading) -> str:
    start, end = match.group("d1", "m1", "y1"), match.group("d2", "m2", "y2")
    return f"{_with_day(match, _day_month(*start))} đến ngày {_day_month(*end)}"


def _day_range(match: re.Match[str], _: Reading) -> str:
    first, last, month, year = match.group("d1", "d2", "m", "y")
    return _with_day(match, f"{say_day(int(first))} đến {_day_month(last, month, year)}")


def _day_list(match: re.Match[str], _: Reading) -> str:
    """`ngày 14, 15 và 16/9`: one month for all of them."""
    days = re.sub(r"\d+", lambda day: say_day(int(day[0])), match["days"])
    return f"{match[1]} {days}{_day_month(match['d'], match['m'], match['y'])}"


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
    counted = after(match, _COUNTED)
    is_date = 1 <= first <= 31 and 1 <= second <= 12 and not counted
    if is_date and (before(match, _DATE_BEFORE) or (first > second and first > 12) or second > 5):
        return _with_day(match, _day_month(match["a"], match["b"]))
    padded = match["a"].startswith("0") or match["b"].startswith("0")
    if first < second <= (5 if counted else 10) and not padded:
        return f"{say_number(first)} phần {'tư' if second == 4 else say_number(second)}"
    if is_date and (first >= second or padded):
        return _with_day(match, _day_month(match["a"], match["b"]))
    return f"{say_number(first)} trên {say_number(second)}"


def _written_date(match: re.Match[str], _: Reading) -> str:
    """`ngày 5 tháng 3`: `mùng` before the first ten days unless the page has it."""
    day = say_number(int(match["d"])) if before(match, "mùng|mồng") else say_day(int(match["d"]))
    return f"{day} tháng {say_month(int(match['m']))}"


def _blank_date(match: re.Match[str], reading: Reading) -> str:
    """`ngày … tháng … năm 2024`: nobody has filled it in."""
    reading.unknown.append(match[0].strip())
    return "ngày chưa ghi "


# --- months and longer ----------------------------------------------------------------------------------


def _month_year(match: re.Match[str], _: Reading) -> str:
    words = f"{say_month(int(match['m']))}{_of_year(match['y'])}"
    return words if before(match, "tháng|quý") else f"tháng {words}"


def _round(match: re.Match[str], _: Reading) -> str:
    """`đợt 1/2025`: the first round of the year, not January."""
    return f"{match[1]}{say_number(int(match['m']))}{_of_year(match['y'])}"


def _month(match: re.Match[str], _: Reading) -> str:
    return f"{match[1]} {say_month(int(match['m']))}"


def _month_list(match: re.Match[str], _: Reading) -> str:
    """`tháng 9, 10 và 11/2024`: one year for all of them."""
    months = re.sub(r"\d+", lambda month: say_month(int(month[0])), match["months"])
    return f"{match[1]} {months}{_of_year(match['y'])}"


def _month_range(match: re.Match[str], _: Reading) -> str:
    return f"{match[1]} {say_month(int(match['m1']))} đến tháng {say_month(int(match['m2']))}{_of_year(match['y'])}"


def _short_month(match: re.Match[str], _: Reading) -> str:
    """`T9/2026`, `Q3/2024`."""
    unit = "tháng" if match[1] == "T" else "quý"
    said = say_month(int(match[2])) if match[1] == "T" else say_number(int(match[2]))
    return f"{unit} {said}{_of_year(match['y'])}"


def _quarter(match: re.Match[str], _: Reading) -> str:
    words = (say_number(read_roman(one) or int(one)) for one in re.findall(r"[IV]+|\d", match["q"]))
    joined = " đến quý ".join(words) if "-" in match["q"] else ", ".join(words)
    return f"{match[1]} {joined}{_of_year(match['y'])}"


# --- the week -------------------------------------------------------------------------------------------


def _weekday(written: str) -> str:
    return "chủ nhật" if written == "CN" else f"thứ {say_ordinal(int(written[-1]))}"


def _weekdays(match: re.Match[str], _: Reading) -> str:
    """`T2-T6`, `T2, T4, T6`, `T7, CN`."""
    said = re.sub(r"T[2-7]|CN", lambda day: _weekday(day[0]), match[0])
    return re.sub(r"\s*-\s*", " đến ", said)


def _weekday_list(match: re.Match[str], _: Reading) -> str:
    """`thứ 2, 4, 6`, `thứ 2-6`, `thứ 2 - thứ 6`."""
    said = re.sub(r"\d", lambda day: say_ordinal(int(day[0])), match[2])
    return match[1] + re.sub(r"\s*-\s*(thứ\s+)?", " đến thứ ", said)


# --- hours ----------------------------------------------------------------------------------------------

_CLOCK = r"(?:[01]?\d|2[0-4])"


def _hour(hour: str, minute: str | None) -> str:
    minutes = int(minute or 0)
    return f"{say_number(int(hour))} giờ" + (f" {say_number(minutes)} phút" if minutes else "")


def _time(match: re.Match[str], _: Reading) -> str:
    return _hour(match["h"], match["min"])


def _time_range(match: re.Match[str], _: Reading) -> str:
    return f"{_hour(match['h1'], match['min1'])} đến {_hour(match['h2'], match['min2'])}"


def _around_the_clock(match: re.Match[str], _: Reading) -> str:
    """`24/7`, `24/24`: all hours, not a day in July."""
    hours, of = match[0].replace("h", "").split("/")
    return f"{say_number(int(hours))} trên {say_number(int(of))}"



def _generations(match: re.Match[str], _: Reading) -> str:
    """`mạng 2g, 3g` in small letters: not two o'clock."""
    return re.sub(r"(?<=\d)g", "G", match[0])


DATES = (
    rule(r"\b[Nn]gày[\s.…]*\s[.…]*\s*tháng[\s.…]*\s[.…]*\s*(?=năm)", _blank_date),
    rule(r"(?:…|\.{2,})\s*/\s*(?:…|\.{2,})\s*/\s*", _blank_date),
    rule(
        rf"{NOT_IN_WORD}(?P<d1>{D})[/.](?P<m1>{M})(?:[/.](?P<y1>{Y}))?\s*-\s*"
        rf"(?P<d2>{D})[/.](?P<m2>{M})(?:[/.](?P<y2>{Y}))?{END}",
        _date_range,
    ),
    rule(
        rf"\b([Nn]gày)\s+(?P<days>(?:{D}\s*,\s*)*{D}(?:\s*,\s*|\s+và\s+))(?P<d>{D})/(?P<m>{M})(?:/(?P<y>{Y}))?{END}",
        _day_list,
    ),
    rule(rf"{NOT_IN_WORD}(?P<d1>{D})\s*-\s*(?P<d2>{D})/(?P<m>{M})(?:/(?P<y>{Y}))?{END}", _day_range),
    rule(rf"{NOT_IN_WORD}(?P<d>{D})(?P<sep>[/.\-])(?P<m>{M})(?P=sep)(?P<y>{Y}){END}", _full_date),
    rule(rf"(?<=ngày )(?P<a>{D})\.(?P<b>{M}){END}", _short_date),
    rule(rf"(?:(?<=ngày )|(?<=[mM]ùng )|(?<=[mM]ồng ))(?P<d>{D})\s+tháng\s+(?P<m>{M})\b(?!/)", _written_date),
    rule(rf"\b([Tt]háng)\s+(?P<m1>{M})\s*-\s*(?P<m2>{M})(?:/(?P<y>{Y}))?{END}", _month_range),
    rule(rf"\b([Tt]háng)\s+(?P<months>(?:{M}\s*,\s*)*{M}(?:\s*,\s*|\s+và\s+){M})/(?P<y>{Y}){END}", _month_list),
    rule(rf"(?i)\b((?:đợt|kỳ|lần|vòng|phiên|khóa|tuần)\s+)(?P<m>\d{{1,2}})/(?P<y>{Y}){END}", _round),
    rule(rf"{NOT_IN_WORD}(?P<m>{M})(?:/|(?<=tháng \d\d)-|(?<=tháng \d)-)(?P<y>{Y}){END}", _month_year),
    rule(
        rf"\b([Qq]uý)\s+(?P<q>(?:I{{1,3}}|IV|[1-4])(?:\s?[-,]\s?(?:I{{1,3}}|IV|[1-4]))?)(?:/(?P<y>{Y}))?\b(?![.,]?\d)",
        _quarter,
    ),
    rule(rf"\b(T)(1[0-2]|[1-9])/(?P<y>{Y})\b", _short_month),
    rule(rf"\b(Q)([1-4])/(?P<y>{Y})\b", _short_month),
    rule(rf"\b([Tt]háng)\s+(?P<m>{M})\b(?![/.]\d)", _month),
    rule(r"\bT[2-7](?:\s*[-,]\s*(?:T[2-7]|CN))+\b", _weekdays),
    rule(r"\b([Tt]hứ\s+)([2-7](?:\s*(?:,|-|và|-\s*thứ)\s*[2-7])+)\b(?![.,/]\d|\s*(?:tháng|giờ))", _weekday_list),
)
"""Days and longer. The narrow ones first."""

HOURS = (
    rule(rf"{NOT_IN_WORD}24h?/(?:7|24)h?{END}", _around_the_clock),
    rule(
        r"(?i)(?:mạng|sóng|máy|thoại|sim|công nghệ|dịch vụ|trạm|thuê bao|hỗ trợ|chỉ có|phủ|tắt|dừng)\s+"
        r"[2-6]g(?:(?:\s*[,/+-]\s*|\s+(?:và|hoặc|hay)\s+)[2-6]g)*\b",
        _generations,
    ),
    rule(
        rf"{NOT_IN_WORD}(?P<h1>{_CLOCK})\s?(?:h|g|giờ|:)\s?(?P<min1>[0-5]\d)?(?:\s?phút)?\s*-\s*"
        rf"(?P<h2>{_CLOCK})\s?(?:h|g|giờ|:)\s?(?P<min2>[0-5]\d)?(?:\s?phút)?(?![\w:])",
        _time_range,
    ),
    rule(
        rf"{NOT_IN_WORD}(?P<h>{_CLOCK})(?:\s?[hg]\s?|\s?giờ\s)(?P<min>[0-5]?\d)"
        r"(?:\s?(?:phút|'))?(?![\w:/.,]*\d)(?![^\W\d_])",
        _time,
    ),
    rule(rf"{NOT_IN_WORD}(?P<h>{_CLOCK})[hg](?P<min>(?!))?(?![\w])", _time),
    rule(rf"{NOT_IN_WORD}(?P<h>{_CLOCK}):(?P<min>[0-5]\d)(?::[0-5]\d)?(?:\s?(?:giờ|h)(?!\w))?(?![\w:])", _time),
)
"""Times of day."""

SHORT_DATES = (rule(rf"{NOT_IN_WORD}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}}){END}", _short_date),)
"""Day and month without a year: after sums, which also have strokes."""
