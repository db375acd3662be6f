"""Numbers as a Vietnamese announcer says them (northern words: nghìn, linh)."""

from __future__ import annotations

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_BILLION = 10**9
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}

NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)"
"""A number as Vietnamese offices write it: `200.000`, `12,8`, `4.0`."""


def say_number(value: int) -> str:
    """A whole number in words: 2024 → `hai nghìn không trăm hai mươi tư`."""
    if value < 0:
        return f"âm {say_number(-value)}"
    if value >= _BILLION:
        high, low = divmod(value, _BILLION)
        return f"{say_number(high)} tỷ" + (f" {_under_billion(low, follows=True)}" if low else "")
    return _under_billion(value, follows=False) or DIGITS[0]


def _under_billion(value: int, *, follows: bool) -> str:
    words: list[str] = []
    for scale in (2, 1, 0):
        triple = value // 1000**scale % 1000
        if triple:
            words += [_triple(triple, full=follows or bool(words)), _SCALES[scale]]
    return " ".join(filter(None, words))


def _triple(value: int, *, full: bool) -> str:
    """Three digits; `full` says `không trăm` where a higher group went before."""
    hundreds, rest = divmod(value, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if full or hundreds else []
    tens, units = divmod(rest, 10)
    if tens == 0 and units:
        words.append(f"linh {DIGITS[units]}" if words else DIGITS[units])
    elif tens == 1:
        words.append("mười" + (f" {'lăm' if units == 5 else DIGITS[units]}" if units else ""))
    elif tens:
        words.append(f"{DIGITS[tens]} mươi" + (f" {_AFTER_TENS.get(units, DIGITS[units])}" if units else ""))
    return " ".join(words)


def say_digits(digits: str) -> str:
    """Each digit by itself: `1800` → `một tám không không`."""
    return " ".join(DIGITS[int(one)] for one in digits)


def say_amount(written: str) -> str:
    """A number as written: thousands by dots, decimals by a comma; a lone dot is said `chấm`."""
    whole, comma, decimals = written.partition(",")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", whole):
        whole = whole.replace(".", "")
    if "." in whole:
        major, _, minor = whole.partition(".")
        return f"{say_number(int(major))} chấm {_say_decimals(minor)}"
    return say_number(int(whole)) + (f" phẩy {_say_decimals(decimals)}" if comma else "")


def _say_decimals(decimals: str) -> str:
    """Two decimals as a number (`bảy mươi lăm`), others digit by digit (`không năm`)."""
    if len(decimals) == 2 and decimals[0] != "0":
        return say_number(int(decimals))
    return say_digits(decimals)


def say_day(day: int) -> str:
    """A day of the month: the first ten are `mùng`."""
    return f"mùng {say_number(day)}" if day <= 10 else say_number(day)


def say_month(month: int) -> str:
    """A month: the fourth is `tư`."""
    return "tư" if month == 4 else say_number(month)


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def read_roman(numeral: str) -> int | None:
    """The value of a Roman numeral in its proper form, else None."""
    if not numeral or not _ROMAN_FORM.fullmatch(numeral):
        return None
    values = [_ROMAN[letter] for letter in numeral]
    after = [*values[1:], 0]
    return sum(-value if value < following else value for value, following in zip(values, after, strict=True))


def say_ordinal(value: int) -> str:
    """Say what follows `thứ`: nhất, hai, ba, tư, năm."""
    return {1: "nhất", 4: "tư"}.get(value, say_number(value))
