"""What a text costs as SMS: its alphabet, its length, its parts, its price.

3GPP TS 23.038 §6.2 (alphabets), TS 23.040 §9.2.3.24 (parts).
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from lantoa.lib.vietnamese import unaccented

if TYPE_CHECKING:
    from collections.abc import Mapping

Alphabet = Literal["GSM-7", "UCS-2"]

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà",
)
"""The default alphabet: one septet a character."""
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table: an escape and a septet."""
_KNOWN = GSM7 | GSM7_EXTENSION
_ROOM: Mapping[Alphabet, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""Units of a message alone, and of a part of a longer one."""
MOST_PARTS = 255
"""A longer message has no number for its parts (one octet)."""


@dataclass(frozen=True, slots=True)
class SmsSize:
    """How a text goes out: `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    alphabet: Alphabet
    units: int
    parts: int


def measure_sms(text: str) -> SmsSize:
    """Count `text` exactly: 160 or 70 units alone; 153 or 67 a part, a character never cut in two, when longer."""
    alphabet = alphabet_of(text)
    units = sum(_cost(char, alphabet) for char in text)
    return SmsSize(alphabet, units, len(_ends(text, alphabet)))


def split_sms(text: str) -> tuple[str, ...]:
    """The parts as they travel: no escape pair (`€`) and no surrogate pair (an emoji) is ever cut in two."""
    ends = _ends(text, alphabet_of(text))
    return tuple(text[start:end] for start, end in zip([0, *ends], ends, strict=False))


def alphabet_of(text: str) -> Alphabet:
    """One character outside the default alphabet and its extension makes the whole message UCS-2."""
    return "GSM-7" if _KNOWN.issuperset(text) else "UCS-2"


_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("“”„«»″", '"')
    | dict.fromkeys("‘’‚′`´", "'")
    | dict.fromkeys("\u2010\u2011\u2012–—―−•·", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " ")
    | dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", "")
    | {"…": "...", "₫": "d", "→": "->", "×": "x", "≥": ">=", "≤": "<=", "°": " do "}
)


def gsm7_text(text: str) -> str:
    """The text without marks, in the default alphabet: letters bare, typography plain (`“…”` → `"..."`), pictures gone.

    What is left outside the alphabet (another script) stays, and `outside_gsm7` names it: nothing becomes a `?`.
    """
    bare = unaccented(text.translate(_TYPOGRAPHY))
    kept = (char for char in bare if unicodedata.category(char) not in {"So", "Sk", "Cs", "Co", "Cn"} or char in _KNOWN)
    return "".join(kept)


def outside_gsm7(text: str) -> tuple[str, ...]:
    """Characters that make the message UCS-2, once each, in their order: what to replace to make it cheaper."""
    return tuple(dict.fromkeys(char for char in text if char not in _KNOWN))


def _cost(char: str, alphabet: Alphabet) -> int:
    if alphabet == "GSM-7":
        return 2 if char in GSM7_EXTENSION else 1
    return 2 if ord(char) > 0xFFFF else 1


def _ends(text: str, alphabet: Alphabet) -> list[int]:
    """Where each part ends, in characters of `text`."""
    alone, joined = _ROOM[alphabet]
    costs = [_cost(char, alphabet) for char in text]
    if sum(costs) <= alone:
        return [len(text)]
    ends, room = [], joined
    for at, cost in enumerate(costs):
        if cost > room:
            ends.append(at)
            room = joined
        room -= cost
    return [*ends, len(text)]


# --- price ----------------------------------------------------------------------------------------------


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
