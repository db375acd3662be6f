"""What a text costs as SMS: `lantoa.lib.sms` measures its length, and the agency's contract says its price."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from lantoa.lib.sms import MOST_PARTS, Alphabet, SmsSize, gsm7_text, measure_sms, outside_gsm7, split_sms

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Alphabet",
    "SmsSize",
    "Tariff",
    "TariffError",
    "gsm7_text",
    "measure_sms",
    "outside_gsm7",
    "read_tariffs",
    "split_sms",
]


class TariffError(ValueError):
    """A table of prices is broken; the entry is named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one operator asks of this agency: a person has filled it in from the contract."""

    operator: str
    per_part: Mapping[Alphabet, Decimal]
    """Đồng a part, tax included, by alphabet."""
    most_parts: int
    """Parts of one message the operator takes."""
    source: str
    """The contract or price list, with its date."""

    def price(self, size: SmsSize, messages: int = 1) -> Decimal | None:
        """Đồng for `messages` texts of `size`; None when the operator does not take that many parts."""
        if size.parts > self.most_parts:
            return None
        return self.per_part[size.alphabet] * size.parts * messages


def read_tariffs(toml: str, where: str = "sms.toml") -> tuple[Tariff, ...]:
    """Read the agency's table of prices. There is no price of ours: without a table there is no figure.

    Each operator is a table: `per_part_gsm7` and `per_part_ucs2` in đồng, `most_parts`, `source`, all asked for.
    Raises `TariffError`.
    """
    try:
        tables = tomllib.loads(toml, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TariffError(f"{where}: tệp không đúng cú pháp TOML ({error}).") from error
    return tuple(_tariff(name, entry, where) for name, entry in tables.items())


def _tariff(operator: str, entry: object, where: str) -> Tariff:
    if not isinstance(entry, dict):
        raise TariffError(f"{where}: “{operator}” phải là một bảng, một bảng cho mỗi nhà mạng.")
    if missing := sorted({"per_part_gsm7", "per_part_ucs2", "most_parts", "source"} - entry.keys()):
        raise TariffError(f"{where}, [{operator}]: chưa điền {', '.join(missing)}.")
    prices: dict[Alphabet, Decimal] = {
        "GSM-7": _price(entry["per_part_gsm7"], operator, where),
        "UCS-2": _price(entry["per_part_ucs2"], operator, where),
    }
    most, source = entry["most_parts"], str(entry["source"]).strip()
    if type(most) is not int or not 1 <= most <= MOST_PARTS:
        raise TariffError(f"{where}, [{operator}]: most_parts là số phần nhiều nhất, từ 1 đến {MOST_PARTS}.")
    if not source:
        raise TariffError(f"{where}, [{operator}]: source phải ghi hợp đồng hoặc bảng giá, kèm ngày.")
    return Tariff(operator, prices, most, source)


def _price(value: object, operator: str, where: str) -> Decimal:
    try:
        price = Decimal(str(value)) if not isinstance(value, bool) else Decimal(-1)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise TariffError(f"{where}, [{operator}]: giá “{value}” không phải số đồng.")
    return price
