"""The header by which a phone puts the parts of a long message together (3GPP TS 23.040 §9.2.3.24.1 and .8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lantoa.lib.sms.alphabet import Alphabet

_EIGHT_BIT, _SIXTEEN_BIT = 0x00, 0x08
"""Information elements: a concatenated message with a reference of one octet, or of two."""
_OCTETS = 140
"""What one short message carries of header and words (TS 23.040 §9.2.3.24)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands in its message."""

    reference: int
    total: int
    number: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Room:
    """Octets that fit, as they travel to the message centre: a septet of the default alphabet is an octet there."""

    alone: int
    joined: int
    """In each part of a longer message, beside its header."""


def room_of(alphabet: Alphabet, reference_bits: int = 8) -> Room:
    """160 and 153 septets, or 70 and 67 UCS-2 units (66, and 152 septets, with references of 16 bits)."""
    left = _OCTETS - header_length(reference_bits)
    if alphabet == "GSM-7":
        return Room(_OCTETS * 8 // 7, left * 8 // 7)
    return Room(_OCTETS, left // 2 * 2)


def header_length(reference_bits: int = 8) -> int:
    """Octets of the header of a part, its own length included."""
    return 6 if reference_bits == 8 else 7


def concatenated(place: Place, reference_bits: int = 8) -> bytes:
    """The header of a part, to stand before its octets; the reference is cut to its bits."""
    if reference_bits == 8:
        return bytes((5, _EIGHT_BIT, 3, place.reference & 0xFF, place.total, place.number))
    return bytes((6, _SIXTEEN_BIT, 4, *(place.reference & 0xFFFF).to_bytes(2, "big"), place.total, place.number))


def read_header(octets: bytes) -> tuple[Place | None, bytes]:
    """Take a message that says it has a header apart: the part's place, if the header tells one, and the words.

    A header that runs past the end, or a place that cannot be, is as none: the words are kept, never dropped.
    """
    if not octets or 1 + octets[0] > len(octets):
        return None, octets
    end = 1 + octets[0]
    return _place(octets[1:end]), octets[end:]


def _place(elements: bytes) -> Place | None:
    at = 0
    while at + 2 <= len(elements):
        kind, length = elements[at], elements[at + 1]
        value = elements[at + 2:at + 2 + length]
        if (kind, len(value)) in {(_EIGHT_BIT, 3), (_SIXTEEN_BIT, 4)}:
            place = Place(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
            return place if 1 <= place.number <= place.total else None
        at += 2 + length
    return None
