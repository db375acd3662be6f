"""A text compiled once for many people: its fixed words are octets, and only the values between them are encoded."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from lantoa.lib.sms.alphabet import OutsideAlphabet, encode_gsm7, gsm7_text, outside_gsm7
from lantoa.lib.sms.header import room_of
from lantoa.lib.sms.measure import cut, decoded
from lantoa.lib.vietnamese import CAPITAL_LETTERS, SMALL_LETTERS, unaccented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.lib.sms.alphabet import Alphabet

Writing = Literal["auto", "gsm7", "ucs2"]
"""How a text is written: in the cheapest alphabet that has it; without marks, so that it is GSM-7; always in UCS-2."""


class CompiledText:
    """Fixed words with a value between each two: `["Kính gửi ", ": từ ngày …"]` takes one value.

    Words that are all in the default alphabet, with those that `usual`ly stand between them, were written without marks
    to be cheap, so that values are then written without marks too: one name must not make the message two or three
    times as dear. Raises `OutsideAlphabet` for words that `writing="gsm7"` cannot carry.
    """

    def __init__(
        self, words: Sequence[str], usual: Sequence[str] = (), *, writing: Writing = "auto", reference_bits: int = 8,
    ) -> None:
        plain = [unicodedata.normalize("NFC", piece) for piece in words]
        self._gsm7 = _pieces([encode_gsm7(piece) for piece in _in_gsm7(plain, writing)])
        self._is_plain = writing == "gsm7" or not outside_gsm7("".join((*plain, *usual)))
        self._ucs2 = [] if writing == "gsm7" else _pieces([_ucs2(piece) for piece in plain])
        self._rooms = {"GSM-7": room_of("GSM-7", reference_bits), "UCS-2": room_of("UCS-2", reference_bits)}
        self._fixed = self._parts(*self._joined(())) if len(words) == 1 else None
        # A sign of the values is at most two UCS-2 units; in GSM-7 it may not be writable at all.
        spare = self._rooms["UCS-2"].alone - sum(map(len, self._ucs2))
        self._spare = spare // 4 if self._ucs2 and not self._gsm7 else -1

    def fill(self, values: Sequence[str]) -> tuple[Alphabet, list[bytes]]:
        """Alphabet and parts for one recipient, without headers. Raises `OutsideAlphabet` where GSM-7 is a must."""
        if self._fixed is not None:
            return self._fixed
        return self._parts(*self._joined(values))

    def count(self, values: Sequence[str]) -> int:
        """How many parts it has for one recipient; of most one is seen without writing it. Raises as `fill`."""
        if self._fixed is None and sum(map(len, values)) <= self._spare:
            return 1
        return len(self.fill(values)[1])

    def show(self, values: Sequence[str]) -> str:
        """The text as its reader gets it. Raises as `fill` does."""
        alphabet, octets = self._joined(values)
        return decoded(octets, alphabet)

    def _joined(self, values: Sequence[str]) -> tuple[Alphabet, bytes]:
        if self._gsm7:
            try:
                plain = [_plain(value) for value in values] if self._is_plain else values
                return "GSM-7", _join(self._gsm7, [encode_gsm7(value) for value in plain])
            except OutsideAlphabet:
                if not self._ucs2:
                    raise
        return "UCS-2", _join(self._ucs2, [_ucs2(value) for value in values])

    def _parts(self, alphabet: Alphabet, octets: bytes) -> tuple[Alphabet, list[bytes]]:
        room = self._rooms[alphabet]
        return alphabet, [octets] if len(octets) <= room.alone else cut(octets, alphabet, room)


def _in_gsm7(words: Sequence[str], writing: Writing) -> list[str]:
    """The words in the default alphabet; none when they are to be, or have to be, written in UCS-2."""
    if writing == "ucs2":
        return []
    if writing == "gsm7":
        bare = [gsm7_text(piece) for piece in words]
        if strange := outside_gsm7("".join(bare)):
            raise OutsideAlphabet(" ".join(strange))
        return bare
    return [] if outside_gsm7("".join(words)) else list(words)


_BARE = {ord(letter): unaccented(letter) for letter in SMALL_LETTERS + CAPITAL_LETTERS}


def _plain(value: str) -> str:
    """A value without marks; a Vietnamese name at once, anything else by the long way."""
    bare = value.translate(_BARE)
    return bare if bare.isascii() and "`" not in bare else gsm7_text(value)


def _ucs2(value: str) -> bytes:
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return value.encode("utf-16-be", "surrogatepass")


def _pieces(words: list[bytes]) -> list[bytes]:
    """The words with a place for a value between each two."""
    pieces = [b""] * (2 * len(words) - 1)
    pieces[::2] = words
    return pieces


def _join(pieces: list[bytes], values: list[bytes]) -> bytes:
    filled = pieces.copy()
    filled[1::2] = values
    return b"".join(filled)
