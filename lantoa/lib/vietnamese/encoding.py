"""Old encodings of Vietnamese: TCVN3 (ABC, the `.VnTime` fonts), VNI-Windows and Windows-1258.

A file of the nineties does not name its encoding, so each possible reading is judged by how many of its words
are built like Vietnamese syllables. Sources: TCVN 5712:1993 (VN3), the VNI-Windows table, Unicode's CP1258 table.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from lantoa.lib.vietnamese.text import nfc, syllables

_TCVN3_CODES = (
    "\xb5\xb6\xb7\xb8\xb9\xa8\xbb\xbc\xbd\xbe\xc6\xa9\xc7\xc8\xc9\xca\xcb\xae\xcc\xce\xcf\xd0\xd1\xaa\xd2\xd3\xd4\xd5\xd6"
    "\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xab\xe5\xe6\xe7\xe8\xe9\xac\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xad\xf5"
    "\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xa1\xa2\xa3\xa4\xa5\xa6\xa7"
)
_TCVN3_LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

_VNI_MARKS = {  # a mark after its letter: what it adds, as combining marks
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_PAIR = re.compile("([aeouyôöAEOUYÔÖ])([" + "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper() + "])")
_VNI_SINGLE = str.maketrans(_VNI_LETTERS | {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()})

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE_SHAPE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:uyê|ươ|oa|oă|oe|uâ|uê|uơ|uô|uy|uya|iê|yê|oo|ia|ya|ua|ưa|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt]|[aiouy])?"
)
_LEAST_SHARE = 0.6
_BETTER = 0.1
"""So much more of a text must read as Vietnamese before it is taken for one in an old encoding."""
_SAMPLE = 400


@functools.lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word of letters is built like a Vietnamese syllable (onset, vowel, ending; the tone is not judged)."""
    bare = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", word.casefold())))
    return _SYLLABLE_SHAPE.fullmatch(bare) is not None


def _share_of_syllables(text: str) -> float:
    """Of the words with a letter beyond ASCII, the share built like a Vietnamese syllable; 0 with none."""
    words = [word for word in syllables(text) if not word.isascii()][:_SAMPLE]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def looks_vietnamese(text: str) -> bool:
    """Whether the text has accented words and most of them are built like Vietnamese syllables."""
    return _share_of_syllables(text) >= _LEAST_SHARE


def _from_vni(text: str) -> str:
    def joined(found: re.Match[str]) -> str:
        letter = found[1].translate(_VNI_SINGLE)
        return unicodedata.normalize("NFC", letter + _VNI_MARKS[found[2].casefold()])

    parts, at = [], 0
    for found in _VNI_PAIR.finditer(text):
        parts += [text[at : found.start()].translate(_VNI_SINGLE), joined(found)]
        at = found.end()
    return "".join([*parts, text[at:].translate(_VNI_SINGLE)])


def from_font(text: str, encoding: str) -> str:
    """Text typed in a font of an old encoding (`tcvn3`, `vni`) as Unicode; a word processor names the font."""
    return nfc(text.translate(_TCVN3) if encoding == "tcvn3" else _from_vni(text))


def mend_legacy(text: str) -> tuple[str, str | None]:
    """Text whose letters are code points of an old font put right, and that encoding's name.

    Word and PDF files typed in `.VnTime` or `VNI-Times` hold Latin letters that only the font shows as Vietnamese.
    Text that already reads as Vietnamese, or that no table makes better, comes back as it was, with `None`.
    """
    best, name, share = text, None, max(_share_of_syllables(text), _LEAST_SHARE)
    if share >= 1 - _BETTER:
        return text, None
    for label, candidate in (("tcvn3", text.translate(_TCVN3)), ("vni", _from_vni(text))):
        found = _share_of_syllables(candidate)
        if found > share + _BETTER:
            best, name, share = candidate, label, found
    return best, name


def decode_text(data: bytes) -> tuple[str, str]:
    """Bytes of a text file as NFC text, and the encoding they were in.

    Byte-order marks are believed; then UTF-8, UTF-16 without a mark, TCVN3, VNI and Windows-1258 are tried.
    Raises `ValueError` when the bytes are not text.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return nfc(data.decode(name, errors="replace")), name
    zeros = data[:2000].count(0)
    if zeros:
        return _utf16_without_mark(data, zeros)
    try:
        text, name = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _single_byte(data)
    mended, legacy = mend_legacy(text)
    return nfc(mended), legacy or name


def _utf16_without_mark(data: bytes, zeros: int) -> tuple[str, str]:
    head = data[:2000]
    if zeros < len(head) // 8:
        raise ValueError("zero bytes in text")
    name = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    try:
        return nfc(data.decode(name)), name
    except UnicodeDecodeError:
        raise ValueError("not text") from None


def _single_byte(data: bytes) -> tuple[str, str]:
    latin = data.decode("latin-1")
    readings = [
        (_share_of_syllables(text), name, text)
        for name, text in (
            ("cp1258", nfc(data.decode("cp1258", errors="replace"))),
            ("tcvn3", latin.translate(_TCVN3)),
            ("vni", _from_vni(latin)),
        )
    ]
    share, name, text = max(readings, key=lambda reading: reading[0])
    if share < _LEAST_SHARE:
        raise ValueError("no known encoding makes these bytes Vietnamese text")
    return nfc(text), name
