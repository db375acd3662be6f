"""From the page to the ear: an official's text as a good announcer would say it.

`speak` turns figures, dates, abbreviations and signs into plain Vietnamese words, and names what it does
not know instead of mumbling it. What it returns contains letters and sentence marks only; speaking it
again changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lantoa.content.rules.speech_patterns import FIGURES, LAYOUT, PAPERS, Reading, Say, spell
from lantoa.content.rules.speech_words import DEFAULT, FOREIGN, LETTERS, is_syllable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "Spoken", "speak"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it is said aloud."""

    text: str
    unknown: tuple[str, ...] = ()
    """Words of the page nobody has said how to read, once each, in their order."""


def speak(text: str, abbreviations: Mapping[str, str] = DEFAULT) -> Spoken:
    """Say `text` in words. `abbreviations` maps each abbreviation to its words; `DEFAULT` knows the trade's.

    An unknown abbreviation is spelled, an unknown foreign word stays as it is; both are in `unknown`.
    """
    reading = Reading(abbreviations)
    words = _rewrite(_clean(text), LAYOUT, reading)
    words = _ADDRESS.sub(lambda match: _say_address(match, reading), words)
    words = _rewrite(words, PAPERS, reading)
    words = _expand(words, reading)
    words = _rewrite(words, FIGURES, reading)
    words = _SIGN.sub(lambda match: _SIGNS[match[0]], words)
    words = _WORD.sub(lambda match: _say_word(match, reading), words)
    return Spoken(_tidy(words), tuple(dict.fromkeys(reading.unknown)))


def _rewrite(text: str, rules: tuple[tuple[re.Pattern[str], Say], ...], reading: Reading) -> str:
    for pattern, say in rules:
        text = pattern.sub(lambda match, say=say: say(match, reading), text)  # type: ignore[misc]  # mypy cannot type a default in a lambda
    return text


# --- the page -------------------------------------------------------------------------------------------

_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\t\r", " ") | dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", "")
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MARKS = (
    (re.compile(r"(?<=[^\s.!?:;])[ ]*\n[ ]*(?=[a-zà-ỹđ][^\s.)])"), " "),  # a line that runs on
    (re.compile(r"\./\.?"), "."),
    (re.compile(r"(?m)^\s*[-•●▪◦*+✓✔➢]+\s+"), ""),
    (re.compile(r"(?m)^\s*([a-zđ])\)\s+"), r"\1, "),
    (re.compile(r"[\"“”„«»‘’`_~^|<>\\]|\*\*"), " "),
    (re.compile(r"\((\+?\d{2,4})\)\s*(?=\d)"), r"\1 "),  # (0225) 3 881 234
    (re.compile(r"\s*[(\[{]\s*"), ", "),
    (re.compile(r"\s*[)\]}]"), ", "),
    (re.compile(r"(?<=\d)\s*(?:→|⇒)\s*(?=\d)"), "-"),
    (re.compile(r"[→⇒]"), ","),
)
_TIDY = (
    (re.compile(r"\s*…|\.{3,}"), "."),
    (re.compile(r"(?<=\s)[-/](?=\s)|(?<=[^\W_])-(?=[^\W_])"), " "),
    (re.compile(r"[/]"), ", "),
    (re.compile(r"[-*#@=+%]"), " "),
    (re.compile(r"[^\S\n]+"), " "),
    (re.compile(r" +(?=[,.;:!?])"), ""),
    (re.compile(r"[,;:]+(?=[.!?])|(?<=[.!?])[,;:.]+|(?<=[,;:])(?:\s*,)+|,\s*(?=[;:])"), ""),
    (re.compile(r"(?<=[,;:])(?=[^\s])"), " "),
    (re.compile(r"(?m)^[ ,;:]+|[ ,]+$"), ""),
)
_SIGNS = {"&": " và ", "+": " cộng ", "=": " bằng ", "≥": " từ ", "≤": " không quá ", "×": " nhân ", "%": " phần trăm "}
_SIGN = re.compile(r"\s?[&=≥≤×]\s?|(?<=\w) ?\+ ?(?=\w)")


def _clean(text: str) -> str:
    """NFC, plain spaces and dashes, no quotes, brackets or bullets: marks nobody can hear."""
    text = _DASHES.sub("-", unicodedata.normalize("NFC", text).translate(_SPACES))
    text = "".join(one for one in text if unicodedata.category(one) not in {"So", "Cs", "Co", "Sk"} or one == "°")
    for pattern, instead in _MARKS:
        text = pattern.sub(instead, text)
    return text


def _tidy(words: str) -> str:
    """Single spaces, one mark at a time, a capital at the start of each sentence."""
    for pattern, instead in _TIDY:
        words = pattern.sub(instead, words)
    lines = (line.strip() for line in words.strip().split("\n"))
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return re.sub(r"(?m)(^|[.!?] )([^\W\d_])", lambda match: match[1] + match[2].upper(), words)


# --- words ----------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w.+-]+@)?(?:[a-zA-Z0-9-]+\.)+(?:vn|com|net|org|edu|gov|info)\b(?:/[\w./?=&%-]*)?",
    re.IGNORECASE,
)
_DOMAIN_WORDS = {
    "vn": "vê en",
    "com": "com",
    "gov": "gờ o vê",
    "org": "o rờ gờ",
    "net": "nét",
    "www": "",
    "edu": "e đê u",
    "info": "in phô",
}


def _expand(words: str, reading: Reading) -> str:
    pattern = _abbreviation_pattern(tuple(reading.abbreviations))
    if pattern is None:
        return words
    return pattern.sub(lambda match: reading.abbreviations[match[0]] + " " * match[0].endswith("."), words)


@lru_cache(maxsize=16)
def _abbreviation_pattern(written: tuple[str, ...]) -> re.Pattern[str] | None:
    """All abbreviations at once, the longest first. One that is also a syllable must not stand among capitals."""
    if not written:
        return None
    longest_first = sorted(written, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_one_abbreviation, longest_first))})")


def _one_abbreviation(written: str) -> str:
    if written.endswith("."):
        return re.escape(written) + r"(?=\s*[^\W_])"
    return re.escape(written) + (r"(?![^\W_])" if written[-1].isalnum() else "")


def _say_address(match: re.Match[str], reading: Reading) -> str:
    """A web or mail address: its parts with `chấm`, `gạch chéo`, `a còng` between them."""
    written = re.sub(r"^https?://(?:www\.)?", "", match[0].lower()).rstrip("/.")
    signs = {".": "chấm", "/": "gạch chéo", "@": "a còng", "-": "gạch ngang"}
    parts = re.findall(r"[a-z]+|\d|[./@-]", written)
    reading.unknown += [part for part in parts if part.isalpha() and not _readable(part)]
    return " ".join(filter(None, (signs.get(part) or _say_address_part(part) for part in parts)))


def _readable(part: str) -> bool:
    return part in _DOMAIN_WORDS or part in FOREIGN or is_syllable(part) or len(part) <= 3


def _say_address_part(part: str) -> str:
    if part in _DOMAIN_WORDS:
        return _DOMAIN_WORDS[part]
    if part in FOREIGN or is_syllable(part) or len(part) > 3:
        return FOREIGN.get(part, part)
    return spell(part)


def _say_word(match: re.Match[str], reading: Reading) -> str:
    """One word of the page: as it stands when it is Vietnamese, as known when foreign, else spelled or reported."""
    word = match[0]
    lower = word.lower()
    if is_syllable(word):
        return _calm(match)
    if lower in FOREIGN:
        return FOREIGN[lower]
    if len(word) == 1:
        return LETTERS.get(lower, word)
    reading.unknown.append(word)
    return spell(word) if word.isupper() and len(word) <= 8 else word


def _calm(match: re.Match[str]) -> str:
    """Words in capitals (headings) in ordinary letters: the voice would spell them."""
    word = match[0]
    return word.lower() if len(word) > 1 and word.isupper() else word
