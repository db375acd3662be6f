"""From what a person typed to the value of a field: dates as ISO, lists as lists, and a word of warning."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.letter import CHANGE_KINDS, CHANNEL_KINDS, DOC_TYPES
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_SIGNS = 4000
MOST_ITEMS = 60
OLDEST_YEAR = 1945
_DAY = re.compile(
    r"(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:[/.-]|\s+năm\s+)\s*(?P<y>\d{4})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,6}[A-Za-zĐđ]?(?:/(?:19|20)\d\d)?")
_SYMBOL = re.compile(r"[A-ZĐ][\w&.]*(?:[-/][A-ZĐ][\w&.]*)*")


class WrongValueError(ValueError):
    """What was typed is no value of the field. The message, in Vietnamese, says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The value as it is kept, and what looks odd about it: told, never forbidden."""

    value: Any
    warning: str = ""


def check_typed(kind: str, typed: Sequence[str], today: dt.date) -> Checked:
    """The value of a field of `kind` from what was typed or ticked. Raises `WrongValueError`."""
    lines = [line for text in typed for line in _clean(text).split("\n") if line.strip()]
    if not lines:
        raise WrongValueError("Hãy ghi giá trị. Nếu văn bản không ghi điều này, hãy chọn “Văn bản không ghi”.")
    if sum(map(len, lines)) > MOST_SIGNS or len(lines) > MOST_ITEMS:
        raise WrongValueError("Giá trị quá dài. Hãy ghi ngắn lại.")
    if kind in MANY:
        return MANY[kind](lines)
    text = " ".join(lines)
    return ONE[kind](text, today) if kind in ONE else Checked(text)


def _clean(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in nfc(text).splitlines())


def _day(text: str) -> dt.date | None:
    """The whole day a text says, in any of the ways offices write one; None when it says something else."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return dt.date.fromisoformat(text)
        found = _DAY.fullmatch(text)
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        raise WrongValueError(f"Không có ngày “{text}” trên lịch.") from None


def _date(text: str, today: dt.date) -> Checked:
    day = _day(text)
    if day is None:
        raise WrongValueError("Hãy ghi đủ ngày, tháng, năm, ví dụ 14/8/2024.")
    odd = day > today or day.year < OLDEST_YEAR
    return Checked(day.isoformat(), f"Ngày {day.day}/{day.month}/{day.year} có vẻ lạ; hãy xem lại." if odd else "")


def _deadline(text: str, today: dt.date) -> Checked:  # noqa: ARG001 - one form for all kinds
    """A whole day or a period as ISO; else the words (`trước ngày 25 hằng tháng`)."""
    day = _day(text)
    if day is not None:
        return Checked(day.isoformat())
    ends = re.split(r"\s+(?:-|–|đến(?:\s+hết)?)\s+|(?<=\d{4})[–-](?=\d)|(?<=\d\d)/(?=\d{4}-)", text.removeprefix("từ "))
    days = [_day(end.removeprefix("ngày ")) for end in ends] if len(ends) == 2 else []
    if len(days) == 2 and days[0] and days[1]:
        if days[1] < days[0]:
            raise WrongValueError("Ngày cuối đứng trước ngày đầu.")
        return Checked(f"{days[0].isoformat()}/{days[1].isoformat()}")
    return Checked(text)


def _number(text: str, today: dt.date) -> Checked:  # noqa: ARG001 - one form for all kinds
    number = re.sub(r"^số\s*:?\s*", "", text, flags=re.IGNORECASE)
    if not number:
        raise WrongValueError("Hãy ghi số của văn bản.")
    fits = _NUMBER.fullmatch(number)
    return Checked(number, "" if fits else f"“{number}” không giống một số văn bản; nếu văn bản in như vậy thì đúng.")


def _symbol(text: str, today: dt.date) -> Checked:  # noqa: ARG001 - one form for all kinds
    symbol = text.strip("/ ")
    fits = _SYMBOL.fullmatch(symbol)
    return Checked(symbol, "" if fits else f"“{symbol}” không giống một ký hiệu; nếu văn bản in như vậy thì đúng.")


def _doc_type(text: str, today: dt.date) -> Checked:  # noqa: ARG001 - one form for all kinds
    if text not in DOC_TYPES:
        raise WrongValueError("Hãy chọn một loại văn bản trong danh sách.")
    return Checked(text)


def _lines(lines: Sequence[str]) -> Checked:
    found = (part.strip(" -") for line in lines for part in line.split(";"))
    return Checked(list(dict.fromkeys(part for part in found if part)))


def _channels(lines: Sequence[str]) -> Checked:
    unknown = [line for line in lines if line not in CHANNEL_KINDS]
    if unknown:
        raise WrongValueError("Hãy chọn kênh trong danh sách.")
    return Checked([kind for kind in CHANNEL_KINDS if kind in lines])


def _change_kind(text: str, today: dt.date) -> Checked:  # noqa: ARG001 - one form for all kinds
    if text not in CHANGE_KINDS:
        raise WrongValueError("Hãy chọn một cách thay đổi trong danh sách.")
    return Checked(text)


ONE: Mapping[str, Callable[[str, dt.date], Checked]] = {
    "date": _date,
    "deadline": _deadline,
    "number": _number,
    "symbol": _symbol,
    "doc_type": _doc_type,
    "change_kind": _change_kind,
}
MANY: Mapping[str, Callable[[Sequence[str]], Checked]] = {"lines": _lines, "channels": _channels}
