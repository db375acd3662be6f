"""What a fact's value may be, by its kind."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _is_date(value: str) -> bool:
    """One form only: Python also reads week dates, and the check before release knows the years 1900 to 2099."""
    if not re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (_is_date, "ngày phải viết dạng NĂM-THÁNG-NGÀY, năm từ 1900 đến 2099, ví dụ 2024-10-16"),
    "month": (
        lambda value: bool(re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", value)),
        "tháng phải viết dạng NĂM-THÁNG, ví dụ 2028-09",
    ),
    "number": (
        lambda value: bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)),
        "phải là số, viết liền, dấu thập phân là dấu chấm",
    ),
    "money": (lambda value: bool(re.fullmatch(r"[0-9]+", value)), "phải là số đồng, viết liền"),
    "phone": (lambda value: bool(re.fullmatch(r"(?=(.*[0-9]){3})[0-9 .+]{3,20}", value)), "phải là số điện thoại"),
    "url": (
        lambda value: bool(re.fullmatch(r"https?://[^\s<>\"]+", value)),
        "phải là địa chỉ bắt đầu bằng http:// hoặc https://",
    ),
}


def check_value(kind: str, value: str) -> str | None:
    """Why `value` cannot be a fact of this kind, in Vietnamese; None when it can."""
    if not value.strip():
        return "để trống"
    is_right, why = _CHECKS.get(kind, (lambda _value: True, ""))
    return None if is_right(value) else why


def canonical(kind: str, written: str) -> str:
    """A value as facts keep it, from how people write it: `16/9/2024`, `9/2028`, `1.234,5`; else as it is written."""
    value = written.strip()
    if kind == "date" and (match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value)):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    if kind == "month" and (match := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", value)):
        return f"{match[2]}-{int(match[1]):02}"
    if kind in {"number", "money"} and re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+", value):
        return value.replace(".", "").replace(",", ".")
    return value
