"""What a text costs as a short message, and where its parts end."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from lantoa.lib.sms.alphabet import ESCAPE, OutsideAlphabet, decode_gsm7, encode_gsm7
from lantoa.lib.sms.header import room_of

if TYPE_CHECKING:
    from lantoa.lib.sms.alphabet import Alphabet
    from lantoa.lib.sms.header import Room

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
    alphabet, octets = encoded(text)
    parts = len(cut(octets, alphabet, room_of(alphabet)))
    return SmsSize(alphabet, len(octets) // _width(alphabet), parts)


def split_sms(text: str) -> tuple[str, ...]:
    """The parts as they travel: no escape pair (`€`) and no surrogate pair (an emoji) is ever cut in two.

    A combining mark stays with its letter where that makes no part more.
    """
    alphabet, octets = encoded(text)
    return tuple(decoded(part, alphabet) for part in cut(octets, alphabet, room_of(alphabet)))


def encoded(text: str) -> tuple[Alphabet, bytes]:
    """The text in the cheapest alphabet that has all of it, as octets for the message centre."""
    try:
        return "GSM-7", encode_gsm7(text)
    except OutsideAlphabet:
        return "UCS-2", text.encode("utf-16-be", "surrogatepass")


def decoded(octets: bytes, alphabet: Alphabet) -> str:
    """Read what `encoded` wrote."""
    return decode_gsm7(octets) if alphabet == "GSM-7" else octets.decode("utf-16-be", "surrogatepass")


def cut(octets: bytes, alphabet: Alphabet, room: Room) -> list[bytes]:
    """The parts of an encoded text, as few as can be."""
    if len(octets) <= room.alone:
        return [octets]
    if alphabet == "GSM-7":
        return _cut_septets(octets, room.joined)
    fewest = _cut_units(octets, room.joined)
    if any(_is_mark(part[:2]) or before[-2:] == _JOINER for before, part in pairwise(fewest)):
        kept_whole = _cut_units(octets, room.joined, keep_marks=True)
        return kept_whole if len(kept_whole) == len(fewest) else fewest
    return fewest


def _cut_septets(octets: bytes, room: int) -> list[bytes]:
    parts, start = [], 0
    while len(octets) - start > room:
        end = start + room
        if octets[end - 1] == ESCAPE:
            end -= 1
        parts.append(octets[start:end])
        start = end
    return [*parts, octets[start:]]


def _cut_units(octets: bytes, room: int, *, keep_marks: bool = False) -> list[bytes]:
    parts, start = [], 0
    while len(octets) - start > room:
        end = _before_pair(octets, start + room)
        if keep_marks:
            end = _before_letter(octets, start, end)
        parts.append(octets[start:end])
        start = end
    return [*parts, octets[start:]]


def _before_pair(octets: bytes, end: int) -> int:
    """An end that cuts no surrogate pair: 0xDC to 0xDF begin the second of two."""
    return end - 2 if 0xDC <= octets[end] <= 0xDF else end


def _before_letter(octets: bytes, start: int, end: int) -> int:
    """An end before the letter whose marks would begin the next part; the same end where a part is all marks."""
    at = end
    while at > start + 2 and (_is_mark(octets[at:at + 2]) or octets[at - 2:at] == _JOINER):
        at = _before_pair(octets, at - 2)
    return at if at > start + 2 else end


_JOINER = "\u200d".encode("utf-16-be")
"""Ties two pictures into one: a family, a profession."""


def _is_mark(unit: bytes) -> bool:
    """Whether this UTF-16 unit belongs to the character before it: a mark, a variation selector or a joiner."""
    return unit == _JOINER or unicodedata.category(chr(int.from_bytes(unit, "big")))[0] == "M"


def _width(alphabet: Alphabet) -> int:
    return 1 if alphabet == "GSM-7" else 2
