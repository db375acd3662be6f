"""What a text costs as SMS: its alphabet, its length and its parts (3GPP TS 23.038 §6.2, TS 23.040 §9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà",
)
"""The default alphabet: one septet a character."""
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table: an escape and a septet."""


@dataclass(frozen=True, slots=True)
class SmsSize:
    """How a text goes out: `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    alphabet: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def measure_sms(text: str) -> SmsSize:
    """Count `text` exactly: 160 or 70 units alone; 153 or 67 a part, a character never cut in two, when longer."""
    if all(char in GSM7 or char in GSM7_EXTENSION for char in text):
        costs = [2 if char in GSM7_EXTENSION else 1 for char in text]
        return SmsSize("GSM-7", sum(costs), _parts(costs, 160, 153))
    costs = [len(char.encode("utf-16-be")) // 2 for char in text]
    return SmsSize("UCS-2", sum(costs), _parts(costs, 70, 67))


def _parts(costs: list[int], alone: int, joined: int) -> int:
    if sum(costs) <= alone:
        return 1
    parts, room = 1, joined
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, joined
        room -= cost
    return parts
