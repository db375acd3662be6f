"""Web and mail addresses, as they are said."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from lantoa.content.rules.speech_reading import Reading, spell
from lantoa.content.rules.speech_words import split_bare

if TYPE_CHECKING:
    from lantoa.content.rules.speech_table import SpeechTable

ADDRESS = re.compile(
    r"(?<![\w.+@-])(?:https?://)?(?:[\w.+-]{1,64}@)?(?:[a-zA-Z0-9-]{1,63}\.){1,8}"
    r"(?:vn|com|net|org|edu|gov|info|me|ly|app|io|asia|tv)\b(?:/[\w./?=&%#-]*)?"
    r"|https?://[\w.-]+(?:/[\w./?=&%#-]*)?",
    re.IGNORECASE,
)
_DOMAIN_WORDS = {
    "vn": "vê en",
    "com": "com",
    "gov": "gờ o vê",
    "org": "o rờ gờ",
    "net": "nét",
    "www": "vê kép vê kép vê kép",
    "edu": "e đê u",
    "info": "in phô",
}
_SIGNS = {
    ".": "chấm", "/": "gạch chéo", "@": "a còng", "-": "gạch ngang", "_": "gạch dưới", "+": "cộng",
    "?": "hỏi chấm", "=": "bằng", "&": "và", "%": "phần trăm", "#": "thăng",
}


def say_address(match: re.Match[str], reading: Reading) -> str:
    """A web or mail address: its parts with `chấm`, `gạch chéo`, `a còng` between them.

    What it runs together is parted into syllables (`haiphong` → `hai phong`); what cannot be is noted.
    """
    written = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0].lower()).rstrip("/.")
    tail = "." if match[0].endswith(".") else ""
    parts = re.findall(r"[^\W\d_]+|\d|[^\w\s]|_", written)
    return " ".join(_SIGNS.get(part) or _say_part(part, reading) for part in parts) + tail


def _say_part(part: str, reading: Reading) -> str:
    if part in _DOMAIN_WORDS:
        return _DOMAIN_WORDS[part]
    if part in reading.table.words:
        return reading.table.words[part]
    if syllables := split_bare(part):
        return _settle(syllables, reading)
    if len(part) <= 3 or not part.isascii() or part in _codes(reading.table):
        return spell(part)
    for cut in range(min(len(part) - 2, 8), 1, -1):
        if part[:cut] in _codes(reading.table) and (syllables := split_bare(part[cut:])):
            return f"{spell(part[:cut])} {_settle(syllables, reading)}"
    reading.unknown.append(part)
    return part


def _settle(syllables: tuple[str, ...], reading: Reading) -> str:
    reading.settled.update(syllables)
    return " ".join(syllables)


def _codes(table: SpeechTable) -> frozenset[str]:
    return _bare_codes(tuple(table.abbreviations))


@lru_cache(maxsize=16)
def _bare_codes(written: tuple[str, ...]) -> frozenset[str]:
    """Abbreviations as an address writes them: `ubnd`, `hdnd`."""
    bare = (unicodedata.normalize("NFD", one.lower().replace("đ", "d")) for one in written if one.isalpha())
    return frozenset("".join(mark for mark in one if not unicodedata.combining(mark)) for one in bare)
