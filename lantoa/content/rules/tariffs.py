"""What messages to many people cost, by the agency's own table of prices: none comes with the program.

A person fills the table in from the contracts (`tariffs.toml`), each entry with its source and the day it holds from.
Which operator somebody's number belongs to is not always known, so a price is a range.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from lantoa.lib.sms import MOST_PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.lib.sms import Alphabet, SmsSize

FILE_NAME = "tariffs.toml"
_KEYS = {"operator", "kind", "from", "source", "per_part_gsm7", "per_part_ucs2", "most_parts", "per_message"}
_PRICES = {"sms": ("per_part_gsm7", "per_part_ucs2"), "zns": ("per_message",)}
"""By the kind of message: what it is paid by, in đồng with tax."""


class TariffError(ValueError):
    """A table of prices is broken; the entry is named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one operator asks of this agency for one kind of message, from a day on."""

    operator: str
    kind: str
    """`sms`, paid by part and alphabet; `zns`, paid by message."""
    since: dt.date
    source: str
    """The contract or price list, with its date."""
    per_part: Mapping[Alphabet, Decimal]
    """Đồng a part, tax included; of a ZNS a message is one part whatever its alphabet."""
    most_parts: int
    """Parts of one message the operator takes."""

    def price(self, size: SmsSize, messages: int = 1) -> Decimal | None:
        """Đồng for `messages` of `size`; None when the operator does not take that many parts."""
        parts = 1 if self.kind == "zns" else size.parts
        return None if parts > self.most_parts else self.per_part[size.alphabet] * parts * messages


@dataclass(frozen=True, slots=True)
class PriceRange:
    """What sending would cost at least and at most, in đồng, and whose prices were asked."""

    least: Decimal
    most: Decimal
    messages: int
    tariffs: tuple[Tariff, ...]
    refused: tuple[str, ...] = ()
    """Operators that do not take so long a message: theirs are not counted."""


def tariffs_on(tariffs: Sequence[Tariff], kind: str, day: dt.date) -> tuple[Tariff, ...]:
    """The price of each operator for `kind` that holds on `day`: of several the latest."""
    found: dict[str, Tariff] = {}
    for one in sorted(tariffs, key=lambda one: one.since):
        if one.kind == kind and one.since <= day:
            found[_key(one.operator)] = one
    return tuple(found.values())


def price_range(tariffs: Sequence[Tariff], size: SmsSize, recipients: Mapping[str, int]) -> PriceRange | None:
    """The price of one message of `size` to so many `recipients` of each operator; None without any price.

    `tariffs` hold one entry an operator. Whose operator is not known (`""`), or has no price, is counted at the
    cheapest for `least` and at the dearest for `most`.
    """
    if not tariffs:
        return None
    each = {_key(one.operator): one.price(size) for one in tariffs}
    taken = [price for price in each.values() if price is not None]
    least = most = Decimal(0)
    messages = 0
    for operator, count in recipients.items():
        price = each.get(_key(operator))
        if (_key(operator) in each and price is None) or not taken:
            continue
        messages += count
        least += count * (min(taken) if price is None else price)
        most += count * (max(taken) if price is None else price)
    refused = tuple(one.operator for one in tariffs if one.price(size) is None)
    return PriceRange(least, most, messages, tuple(tariffs), refused)


def _key(operator: str) -> str:
    """`Viettel`, `VIETTEL ` and `viettel` are one operator."""
    return re.sub(r"\W", "", unicodedata.normalize("NFC", operator)).casefold()


# --- the agency's file ------------------------------------------------------------------------------------


def read_tariffs(toml: str, where: str = FILE_NAME) -> tuple[Tariff, ...]:
    """Read the agency's table of prices. Raises `TariffError` naming the entry that is wrong."""
    try:
        tables = tomllib.loads(unicodedata.normalize("NFC", toml), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TariffError(f"{where}: tệp không đúng cú pháp TOML ({error}).") from error
    entries = tables.get("tariff", [])
    if set(tables) - {"tariff"} or not isinstance(entries, list):
        raise TariffError(f"{where}: mỗi giá là một mục [[tariff]], ngoài ra không có gì khác.")
    return tuple(_tariff(entry, f"{where}, mục thứ {number}") for number, entry in enumerate(entries, start=1))


def _tariff(entry: Mapping[str, Any], where: str) -> Tariff:
    if unknown := sorted(set(entry) - _KEYS):
        raise TariffError(f"{where}: không có dòng nào tên «{unknown[0]}»; chỉ dùng {', '.join(sorted(_KEYS))}.")
    operator, source = str(entry.get("operator", "")).strip(), str(entry.get("source", "")).strip()
    if not operator:
        raise TariffError(f"{where}: thiếu «operator», tên nhà mạng.")
    where, kind, since = f"{where} ({operator})", entry.get("kind", "sms"), entry.get("from")
    if kind not in _PRICES:
        raise TariffError(f"{where}: «kind» là {' hoặc '.join(_PRICES)}.")
    if not isinstance(since, dt.date):
        raise TariffError(f"{where}: thiếu «from», ngày giá bắt đầu có hiệu lực, ví dụ 2024-09-01.")
    if not source:
        raise TariffError(f"{where}: «source» phải ghi hợp đồng hoặc bảng giá, kèm ngày.")
    asked = (*_PRICES[kind], *(("most_parts",) if kind == "sms" else ()))
    if missing := [key for key in asked if key not in entry]:
        raise TariffError(f"{where}: chưa điền {', '.join(missing)}.")
    first, *others = (_price(entry[key], where) for key in _PRICES[kind])
    per_part: dict[Alphabet, Decimal] = {"GSM-7": first, "UCS-2": others[0] if others else first}
    most = entry.get("most_parts", 1)
    if type(most) is not int or not 1 <= most <= MOST_PARTS:
        raise TariffError(f"{where}: «most_parts» là số phần nhiều nhất, từ 1 đến {MOST_PARTS}.")
    return Tariff(operator, kind, since, source, per_part, most)


def _price(value: object, where: str) -> Decimal:
    try:
        price = Decimal(str(value)) if not isinstance(value, bool) else Decimal(-1)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise TariffError(f"{where}: giá “{value}” không phải số đồng.")
    return price
