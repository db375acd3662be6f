"""The two alphabets of a short message: the GSM default one with its extension, and UCS-2 (3GPP TS 23.038 §6.2)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from lantoa.lib.vietnamese import unaccented

if TYPE_CHECKING:
    from collections.abc import Mapping

Alphabet = Literal["GSM-7", "UCS-2"]

ESCAPE = 0x1B
"""The septet before one of the extension table."""
_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""TS 23.038 §6.2.1: a character's place is its septet."""
_EXTENSION: Mapping[int, str] = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}
"""TS 23.038 §6.2.1.1: what a septet means behind an escape."""
GSM7 = frozenset(_TABLE) - {chr(ESCAPE)}
"""The default alphabet: one septet a character."""
GSM7_EXTENSION = frozenset(_EXTENSION.values())
"""The extension table: an escape and a septet."""
_KNOWN = GSM7 | GSM7_EXTENSION


class OutsideAlphabet(ValueError):  # noqa: N818 - an answer rather than a fault: the text is then UCS-2
    """A character that the default alphabet and its extension do not have."""


class _Encoding(dict[int, str]):
    def __missing__(self, key: int) -> str:
        raise OutsideAlphabet(chr(key))


_ENCODING = _Encoding(
    {ord(char): chr(septet) for septet, char in enumerate(_TABLE) if septet != ESCAPE}
    | {ord(char): chr(ESCAPE) + chr(septet) for septet, char in _EXTENSION.items()}
)


def encode_gsm7(text: str) -> bytes:
    """The text in the default alphabet, a septet an octet, two for one of the extension. Raises `OutsideAlphabet`."""
    return text.translate(_ENCODING).encode("latin-1")


def decode_gsm7(octets: bytes) -> str:
    """Read septets, one an octet. What cannot be read becomes U+FFFD.

    Behind an escape a septet without a meaning is that of the default alphabet (TS 23.038 §6.2.1.1, note 1).
    """
    read, escaped = [], False
    for octet in octets:
        if octet == ESCAPE:
            escaped = True
            continue
        plain = _TABLE[octet] if octet < len(_TABLE) else "\ufffd"
        read.append(_EXTENSION.get(octet, plain) if escaped else plain)
        escaped = False
    return "".join(read)


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
