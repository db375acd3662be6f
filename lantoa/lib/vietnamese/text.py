"""Keys and forms of Vietnamese text."""

from __future__ import annotations

import re
import unicodedata

# Open syllables in -oa, -oe, -uy carry the tone on either vowel: the older habit puts it on the first, the newer
# on the second. After q the u belongs to the consonant (`quý`), so that pair has one spelling only.
_MOVABLE_SECOND = re.compile(
    r"(?<![qQ])([oO](?=[aAeE])|[uU](?=[yY]))([aAeEyY])([\u0300\u0301\u0303\u0309\u0323])(?!\w)"
)
_SPACES = re.compile(r"\s+")
_SYLLABLE = re.compile(r"[^\W\d_]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
# Look-alikes that other keyboards and encodings leave behind; none of them is a Vietnamese letter.
_LOOK_ALIKES = str.maketrans(
    {"Ð": "Đ", "ð": "đ", "\u0340": "\u0300", "\u0341": "\u0301", "\u00ad": None, "\ufeff": None}
)
_LETTERS = "aăâeêioôơuưy"
SMALL_LETTERS = "bcdđfghjklmnpqrstvwxz" + "".join(
    unicodedata.normalize("NFC", base + mark)
    for base in _LETTERS
    for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)
CAPITAL_LETTERS = SMALL_LETTERS.upper()
_FOLDED = {
    ord(letter): "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()
    for letter in SMALL_LETTERS + CAPITAL_LETTERS
} | {ord("Ð"): "d", ord("ð"): "d"}


def nfc(text: str) -> str:
    """Unicode NFC, with the Icelandic Ð (typed or converted by mistake for Đ), soft hyphens and BOM put right."""
    return unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES))


def unaccented(text: str) -> str:
    """Give the text in plain letters: `Đống Đa` → `Dong Da`. Length may change; case is kept."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", nfc(text)) if not unicodedata.combining(mark))
    return bare.replace("đ", "d").replace("Đ", "D")


def with_modern_tones(text: str) -> str:
    """Move tones of open `oa`, `oe`, `uy` to their first vowel, as NĐ 30/2020 itself is typed (`hòa`, `ủy`)."""
    apart = unicodedata.normalize("NFD", nfc(text))
    moved = _MOVABLE_SECOND.sub(lambda found: found[1] + found[3] + found[2], apart)
    return unicodedata.normalize("NFC", moved)


def _folded(text: str) -> str:
    return _SPACES.sub(" ", with_modern_tones(text).casefold()).strip()


def same_text(first: str, second: str) -> bool:
    """Whether two texts are the same but for Unicode form, case, white space and the place of the tone."""
    return _folded(first) == _folded(second)


def plain_key(text: str) -> str:
    """Make a key for search and comparison: no accents, small letters, single spaces, punctuation kept."""
    return _SPACES.sub(" ", unaccented(text).casefold()).strip()


def slug(text: str) -> str:
    """Make an ASCII name for files and addresses: `Tổ dân phố số 3` → `to-dan-pho-so-3`. Empty when nothing is left."""
    return _NOT_SLUG.sub("-", unaccented(text).casefold()).strip("-")


def folded(text: str) -> str:
    """Fold NFC text to plain small letters, one character for one: an offset in one is an offset in the other."""
    plain = text.translate(_FOLDED)
    small = plain.lower()
    return small if len(small) == len(text) else "".join(letter.lower()[:1] for letter in plain)


def syllables(text: str) -> list[str]:
    """List the syllables (letters between other marks), in order: Vietnamese writes one word as several of them."""
    return _SYLLABLE.findall(nfc(text))


def reads_in_small_letters(text: str) -> bool:
    """Whether the text has more small letters than capitals, that is, is not a heading set in capitals."""
    small = sum(letter.islower() for letter in text)
    return small > sum(letter.isupper() for letter in text)
