"""Phones, sums, shares, ranges, units, and whatever other figures a page has."""

from __future__ import annotations

import re

from lantoa.content.rules.speech_numbers import NUMBER, read_roman, say_amount, say_digits, say_number, say_ordinal
from lantoa.content.rules.speech_papers import say_code
from lantoa.content.rules.speech_reading import END, NOT_IN_WORD, Reading, before, instead, rule, spell
from lantoa.content.rules.speech_words import UNITS, is_syllable


def _per(match: re.Match[str], _: Reading) -> str:
    """`5 phút/lần`, `đồng/hộ/tháng`: for each."""
    return match[1] + match[2].replace("/", " một ")


# --- phones ---------------------------------------------------------------------------------------------

_CARRIER = r"(?:viettel|vinaphone|mobifone|vietnamobile|gmobile|itel|wintel|vnpt|fpt)"


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


def _plate(match: re.Match[str], _: Reading) -> str:
    """`15A-123.45`: the province and the letter, then each figure."""
    return f"{match[1]}{say_code(match[2][:2])} {spell(match[2][2:])}, {say_digits(match[3].replace('.', ''))}"


_KEYS = {"*": "sao", "#": "thăng"}


def _key_code(match: re.Match[str], _: Reading) -> str:
    return " ".join(_KEYS.get(one) or say_digits(one) for one in match[0])


# --- sums, shares, ranges -------------------------------------------------------------------------------

_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_SPAN = rf"(?P<low>{NUMBER})(?:\s*-\s*(?P<high>{NUMBER}))?(?P<scale>(?:\s*(?:nghìn|ngàn|triệu|tỷ|tỉ))?)"
_PLACE = (
    r"số|nhà|ngõ|ngách|hẻm|kiệt|tổ|khu|phố|lô|phòng|căn|thửa|điều|khoản|mục|lớp|tầng|cụm|đội|thôn|xóm|ấp|mẫu|biểu"
    r"|phụ lục|lộ|đường|quận|tiểu khu|nhóm|bản|tòa|nhà số|trang"
)


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


def _ratio(match: re.Match[str], _: Reading) -> str:
    return f"{_say_figure(match[1])} trên {_say_figure(match[2])}"


def _score(match: re.Match[str], _: Reading) -> str:
    """`tỷ số 2-1`: no `đến` between them."""
    return f"{match[1]}{say_number(int(match[2]))}, {say_number(int(match[3]))}"


def _millions(match: re.Match[str], _: Reading) -> str:
    """`1tr2`: one million two hundred thousand."""
    return f"{say_number(int(match[1]))} triệu {say_number(int(match[2].ljust(3, '0')))} nghìn"


def _thousands(match: re.Match[str], _: Reading) -> str:
    """`50 000`: thousands parted by spaces."""
    return match[0].replace(" ", ".")


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
    return ", ".join(f"{say_amount(one)} gờ" for one in re.findall(r"\d(?:\.\d)?", match[0]))


def _ordinal_roman(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[2])
    say = say_ordinal if match[1].lower().endswith("thứ") else say_number
    return f"{match[1]} {say(value)}" if value else match[0]


def _roman(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[0])
    return say_number(value) if value else match[0]


def _mixed(match: re.Match[str], reading: Reading) -> str:
    """`V1S`, `A4`, `K65`: letters by name, figures as a number; `KP3`: the abbreviation, then the number.

    Letters nobody has named are noted, and so is a small letter after a figure where no place is spoken of:
    `60t` may be years or tonnes, `T4` a month or a day of the week.
    """
    parts = re.findall(r"\d+|[^\W\d_]+", match[0])
    small = re.fullmatch(r"\d+[^\W\d_]", match[0]) and match[0][-1].islower() and not before(match, _PLACE)
    if small or re.fullmatch(r"T(?:[1-9]|1[0-2])", match[0]):
        reading.unknown.append(match[0])
    if match[0].lower() in UNITS:
        return UNITS[match[0].lower()]
    return " ".join(_mixed_part(part, reading) for part in parts)


def _mixed_part(part: str, reading: Reading) -> str:
    if part.isdecimal():
        return say_code(part)
    if len(part) == 1:
        return spell(part)
    if part in reading.table.abbreviations:
        return reading.table.abbreviations[part]
    if is_syllable(part) and not part.isupper():
        return part
    return reading.expand(part)


# --- numbering at the start of a line -------------------------------------------------------------------


def _list_item(match: re.Match[str], _: Reading) -> str:
    return f"{say_number(int(match[1])).capitalize()} là: "


def _list_part(match: re.Match[str], _: Reading) -> str:
    value = read_roman(match[1])
    return f"Phần {say_number(value)}. " if value else match[0]


LAYOUT = (
    rule(r"(?m)^\s*(\d{1,2})\.\s+(?=\D)", _list_item),
    rule(r"(?m)^\s*([IVX]+)[.)]\s+", _list_part),
    instead(r"(?<=\d{3})\s*[/-]\s*(?=0\d(?:[\s.]?\d){7}|[+]84|1[89]00[\s.]?\d)", ", "),
)
"""Numbering at the start of a line, and one phone number after another."""

PHONES = (
    rule(
        r"(?<![\w/])(\d[\d.,]*\s?(?:(?:nghìn|triệu|tỷ)\s)?(?!km/|m/s|g/m|mb/s|[KM]B/s)[^\W\d_]+|đồng)((?:/[^\W\d_]+)+)(?!\w)",
        _per,
    ),
    rule(r"(?<![\w*#])[*#][\d*#]*\d[\d*#]*[*#](?![\w*#])", _key_code),
    rule(rf"(?<![\w.,/\d)-])(?<!\d )-(?={NUMBER}\s?(?:°|º|độ))", _below_zero),
    rule(r"(?<![\w.,/+])(?:18|19)00[\s.]?\d{2,4}(?:[\s.]\d{2,4}){0,2}(?![\d/])", _phone),
    rule(r"(?<![\w.,/])(?:\+84[\s.-]?|\(?0)\d{1,3}\)?(?:[\s.\-]?\d{1,4}){2,4}(?![\d/])(?<=\d{3})", _phone),
    rule(
        rf"(?i)\b((?:(?:{_CARRIER}|mã số|mã hồ sơ|số tài khoản):"
        r"|tổng đài|đầu số|hót lai|hotline|đường dây nóng|số điện thoại|số máy|máy lẻ|bấm số|liên hệ số"
        r"|gọi(?: ngay)?(?: số| tới| đến)?|(?:nhắn|gửi)(?: tin)?(?: đến| tới) số|gửi(?: đến| tới)?)\s*:?\s*)"
        r"(\d{3,8}(?:\s*(?:,|hoặc|và|hay)\s*\d{3,8}\b(?![.,/]\d))*)"
        r"(?![\d/.,]*\d)(?!\s*(?:hộ|người|thuê bao|cuộc|tin|máy|lượt|tờ|bản|phút|giờ|đồng|đ\b|%))",
        _short_number,
    ),
    rule(rf"(?i)\b(số\s+)(\d{{3,6}})(?=,?\s*(?:của\s+)?(?:nhà mạng\s+|mạng\s+)?{_CARRIER}\b)", _short_number),
    rule(r"\b([Bb]iển (?:kiểm soát|số|đăng ký)\s+)(\d\d[A-Z]{1,2}\d?)[-\s]?(\d{3}\.?\d\d|\d{4})\b", _plate),
    instead(r"(?<=[%đ])\s*-\s*(?=\d)", " đến "),
    instead(r"(?<=\d)\s+-\s+(?=hết\b)", " đến "),
    instead(r"(?<=\d)\s?x\s?(?=\d)|(?<=\w)\sx\s(?=\d)", " nhân "),
    instead(r"(?<=[^\W\d_])(?<!\dh)/(\d{1,2})\s?(?:h|giờ)\b", r" trong \1 giờ"),
    instead(r"(?<=\d)\s?\^\s?(?=\d)", " mũ "),
    instead(r"(?<=\d)\s?[oº]\s?(?=[CF]\b)", "°"),
)
"""Phones and signs; first, because their figures look like dates and sums."""

SUMS = (
    rule(r"(?<![\w.,])[2-6](?:\.5)?G(?:\s?[/,+-]\s?[2-6]G)*\+?(?![\w])", _generation),
    instead(r"(?<=\d)\s?G\b", " gi ga"),
    rule(r"(?<![\w.,])(\d{1,3})tr(\d{1,3})(?!\w)", _millions),
    rule(r"(?<![\w.,]\s)(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?![\w.,]|\s\d)", _thousands),
    rule(rf"(?i)\b(?:(?<=tỷ lệ )|(?<=tỉ lệ )|(?<=tỷ lệ bản đồ ))({NUMBER})\s?[:/]\s?({NUMBER}){END}", _ratio),
    rule(r"(?i)\b((?:tỷ|tỉ) số\s+)(\d{1,2})\s?[-:]\s?(\d{1,2})\b", _score),
    instead(r"(\d+)\s?\+\s+tuổi\b", r"từ \1 tuổi trở lên"),
    rule(
        rf"(?<![\w.,/]){_SPAN}\s?(?!(?-i:[AHLMS])\b)(?P<unit>{_UNIT})(?:/(?P<per>[^\W\d_]+[23²³]?))?(?![\w/²³])",
        _amount,
        re.IGNORECASE,
    ),
    rule(
        r"(?<![\w.,])\d{1,2}(?:,\d{1,2}){2,}(?![\w.])"
        r"|(?:(?<=tổ )|(?<=phố )|(?<=thôn )|(?<=khu )|(?<=xóm ))\d{1,2},\d{1,2}(?![\w.,])",
        _list,
    ),
    rule(r"\b(thứ)\s+(\d{1,3})\b(?![.,/]\d)", _ordinal),
    rule(r"(?<![\w.,/])(\d{1,3})\s?['’](?!\w)", _minutes),
)
"""Sums with their units."""

SHARES = (
    rule(rf"{NOT_IN_WORD}({NUMBER})\s?/\s?({NUMBER}){END}", _ratio),
    rule(
        r"\b((?:lần |khóa |kỳ |nhiệm kỳ |quý |đợt )?thứ|[Kk]hóa|[Kk]ỳ|[Pp]hần|[Cc]hương|[Mm]ục|[Hh]ạng|[Ll]oại|[Cc]ấp"
        r"|[Gg]iai đoạn|[Đđ]ợt|[Pp]hụ lục|[Tt]hế kỷ|[Bb]áo động|[Vv]ùng|[Kk]hu vực)\s+([IVXLC]+)\b",
        _ordinal_roman,
    ),
    rule(r"(?<![\w.])(?:[IVX]{2,})(?![\w])(?<!\bXI)(?<!\bVI)", _roman),
    instead(r"(?<=\d) (?=\d)", ", "),
    rule(rf"{NOT_IN_WORD}{_SPAN}(?![\w])", _number),
    rule(r"(?<![\w])(?=\w*\d)(?=\w*[^\W\d_])\w+", _mixed),
    rule(rf"(?P<low>{NUMBER})(?P<high>(?!))?(?P<scale>(?!))?", _number),
)
"""Shares and bare numbers; the last takes whatever figures are left."""
