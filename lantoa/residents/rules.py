"""Pure decisions about residents: telephone numbers as people write them, device numbers, segments.

Numbering: a mobile number is 0 and nine digits since the change of 15/9/2018, when eleven digits became ten
(QĐ 798/QĐ-BTTTT). The prefix tells which carrier once issued the number, not which one serves it: numbers are
carried over to other carriers since 11/2018, so nothing here names a carrier.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}")
_SEPARATORS = re.compile(r"[\s.()+\-\u2010-\u2015\u00a0_'`]+")
_TWO_NUMBERS = re.compile(r"\d[\d\s.]{7,}\d\s*[/,;&|]|\d{9,}\s+(?:-\s+)?0\d{8,}")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_SERVICE = re.compile(r"1[89]00\d{4,6}|0?11[0-9]|1\d{2,3}|\d{3,4}|9\d{3}")
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    **{f"016{last}": f"03{last}" for last in "23456789"},
    "0186": "056", "0188": "058", "0199": "059",
}
_LONG_NUMBER = re.compile(r"\d{14,16}")
TAC_DIGITS = 8


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """A number as it is dialled (ten digits), whether it was changed from eleven; or no number and why."""

    number: str = ""
    was_converted: bool = False
    why: str = ""


def read_phone(text: str) -> PhoneReading:
    """Read a mobile number as people write it: +84, spaces, dots, the letter o for zero, the zero Excel dropped.

    Landlines, service numbers and ranges not given to mobiles are refused, with the reason in Vietnamese.
    """
    if _MOBILE.fullmatch(text):
        return PhoneReading(text)
    if not text:
        return PhoneReading(why="chưa có số điện thoại")
    if _SCIENTIFIC.fullmatch(text):
        return PhoneReading(why="bảng tính đã làm mất chữ số; hãy định dạng cột này là Văn bản rồi nhập lại")
    if _TWO_NUMBERS.search(text):
        return PhoneReading(why="ô này ghi hai số; hãy tách thành hai dòng")
    digits = _SEPARATORS.sub("", text.replace("o", "0").replace("O", "0"))
    if not (digits.isascii() and digits.isdigit()):
        return PhoneReading(why="có ký tự không phải chữ số")
    return _read_digits(_national(digits))


def _national(digits: str) -> str:
    """Put the digits in national form: without 84 or 0084, with the leading zero."""
    for country in ("0084", "84"):
        rest = digits.removeprefix(country)
        if rest != digits and len(rest.lstrip("0")) >= 9:
            return "0" + rest.removeprefix("0")
    lost_zero = (len(digits) == 9 and digits[0] in "35789") or (len(digits) == 10 and digits[0] in "12")
    return "0" + digits if lost_zero and not digits.startswith(("1800", "1900")) else digits


def _read_digits(digits: str) -> PhoneReading:
    if _MOBILE.fullmatch(digits):
        return PhoneReading(digits)
    if len(digits) == 11 and digits[:4] in _OLD_PREFIXES:
        return PhoneReading(_OLD_PREFIXES[digits[:4]] + digits[4:], was_converted=True)
    return PhoneReading(why=_why_not(digits))


def _why_not(digits: str) -> str:
    if digits.startswith("02"):
        return "là số máy bàn, không phải di động"
    if _SERVICE.fullmatch(digits):
        return "là số dịch vụ, không phải số của người dân"
    if len(digits) == 10 and digits.startswith("0"):
        return f"đầu số {digits[:3]} không phải đầu số di động"
    if len(digits) == 11 and digits.startswith("01"):
        return f"đầu số cũ {digits[:4]} không có trong bảng chuyển 11 số sang 10 số"
    return f"có {len(digits)} chữ số; số di động phải có 10 chữ số, bắt đầu bằng 0"


def read_tac(text: str) -> str:
    """Cut a device number to its TAC, the first eight digits, which name the model and nobody's phone.

    A full IMEI (14 to 16 digits) is cut; the rest of it is never kept. Raises `ValueError`, in Vietnamese, else.
    """
    if not text:
        return ""
    digits = re.sub(r"[\s./-]", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) in {TAC_DIGITS, 14, 15, 16}:
        return digits[:TAC_DIGITS]
    raise ValueError("TAC phải có 8 chữ số (hoặc IMEI 15 chữ số)")


def without_device_numbers(text: str) -> str:
    """Cut any IMEI that strayed into free text to its TAC."""
    return _LONG_NUMBER.sub(lambda found: found[0][:TAC_DIGITS], text)


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of the register: everybody, or those of some places, with some kind of phone, in need of help."""

    places: tuple[str, ...] = ()
    """Codes; all below them belong to it."""
    devices: tuple[str, ...] = ()
    """`at_risk`, `fine`, `unknown`."""
    needs_help: bool | None = None
    carriers: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [f"{key}={','.join(values)}" for key, values in (
            ("place", self.places), ("device", self.devices), ("carrier", self.carriers)) if values]
        if self.needs_help is not None:
            said.append(f"needs_help={'yes' if self.needs_help else 'no'}")
        return " ".join(said)


_SEGMENT_KEYS = {
    "place": "places", "dia_ban": "places", "device": "devices", "thiet_bi": "devices",
    "carrier": "carriers", "nha_mang": "carriers", "needs_help": "needs_help", "can_giup": "needs_help",
}
_YES_NO = {"yes": True, "co": True, "1": True, "no": False, "khong": False, "0": False}
DEVICES = ("at_risk", "fine", "unknown")


def read_segment(text: str) -> Segment:
    """Read `place=H31.1,H31.2 device=at_risk needs_help=yes`; a word alone is a place's code; nothing is everybody.

    Raises `ValueError`, in Vietnamese, naming the word that is not understood.
    """
    listed: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        key, is_pair, value = word.partition("=")
        field, values = (_SEGMENT_KEYS.get(key, ""), value) if is_pair else ("places", word)
        some = tuple(one for one in values.split(",") if one)
        allowed = {"devices": DEVICES, "needs_help": tuple(_YES_NO)}.get(field, some)
        if not field or not some:
            keys = "place, device, carrier, needs_help"
            raise ValueError(f"Không hiểu “{word}” trong nhóm người nhận. Dùng được: {keys} (như device=at_risk).")
        if not set(some) <= set(allowed):
            raise ValueError(f"“{word}”: chỉ ghi {', '.join(allowed)}.")
        listed[field] = (*listed.get(field, ()), *some)
    needs_help = listed.get("needs_help", ())
    return Segment(
        listed.get("places", ()),
        listed.get("devices", ()),
        _YES_NO[needs_help[-1]] if needs_help else None,
        listed.get("carriers", ()),
    )
