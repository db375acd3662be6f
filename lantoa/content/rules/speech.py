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

from lantoa.content.rules.speech_address import ADDRESS, say_address
from lantoa.content.rules.speech_dates import DATES, HOURS, SHORT_DATES
from lantoa.content.rules.speech_numbers import say_number
from lantoa.content.rules.speech_papers import PAPERS
from lantoa.content.rules.speech_reading import Reading, spell
from lantoa.content.rules.speech_sums import LAYOUT, PHONES, SHARES, SUMS
from lantoa.content.rules.speech_table import DEFAULT, SpeechTable
from lantoa.content.rules.speech_words import LETTERS, UNITS, is_syllable

if TYPE_CHECKING:
    from lantoa.content.rules.speech_reading import Rule

__all__ = ["DEFAULT", "SpeechTable", "Spoken", "speak"]

FIGURES = (*PHONES, *DATES, *HOURS, *SUMS, *SHORT_DATES, *SHARES)
"""Everything with figures in it, in the order it must be read: what one rule has turned into words holds no
figures, so no later rule touches it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it is said aloud."""

    text: str
    unknown: tuple[str, ...] = ()
    """Words of the page nobody has said how to read, once each, in their order."""


def speak(text: str, table: SpeechTable = DEFAULT) -> Spoken:
    """Say `text` in words, abbreviations and foreign words as `table` has them (`DEFAULT`: the trade's own).

    An unknown abbreviation is spelled, an unknown foreign word stays as it is; both are in `unknown`.
    """
    reading = Reading(table)
    words = _rewrite(_clean(text), LAYOUT, reading)
    words = ADDRESS.sub(lambda match: say_address(match, reading), words)
    words = _rewrite(words, PAPERS, reading)
    words = _expand(words, reading)
    words = _rewrite(words, FIGURES, reading)
    words = _SIGN.sub(lambda match: _SIGNS[match[0].strip()], words)
    words = _WORD.sub(lambda match: _say_word(match, reading), words)
    return Spoken(_tidy(words), tuple(dict.fromkeys(reading.unknown)))


def _rewrite(text: str, rules: tuple[Rule, ...], reading: Reading) -> str:
    for pattern, say in rules:
        text = pattern.sub(lambda match, say=say: say(match, reading), text)  # type: ignore[misc]  # mypy cannot type a default in a lambda
    return text


# --- the page -------------------------------------------------------------------------------------------

_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\t\r", " ") | dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", "")
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MARKS = (
    (re.compile(r"[≥]|>=(?=\s?\d)"), "≥"),
    (re.compile(r"[≤]|<=(?=\s?\d)"), "≤"),
    (re.compile(r"(?<![\w<>])>\s?(?=\d)"), " trên "),
    (re.compile(r"(?<![\w<>])<\s?(?=\d)"), " dưới "),
    (re.compile(r"[~≈]\s?(?=\d)"), "khoảng "),
    (re.compile(r"(?<=\d)\s*÷\s*(?=\d)"), "-"),
    (re.compile(r"\^(?!\d)|(?<!\d)\^"), " "),
    (re.compile(r"(?<=[^\s.!?:;])[ ]*\n[ ]*(?=[a-zà-ỹđ][^\s.)])"), " "),  # a line that runs on
    (re.compile(r"\./\.?"), "."),
    (re.compile(r"(?m)^\s*[-•●▪◦*+✓✔➢]+\s+"), ""),
    (re.compile(r"(?m)^\s*([a-zđ])\)\s+"), r"\1, "),
    (re.compile(r"[\"“”„«»‘’`_~|<>\\]|\*\*"), " "),
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
    (re.compile(r"[-*#@=+%°º^²³×±÷≥≤&$€£¥§]"), " "),
    (re.compile(r"[^\S\n]+"), " "),
    (re.compile(r" +(?=[,.;:!?])"), ""),
    (re.compile(r"[,;:]+(?=[.!?])|(?<=[.!?])[,;:.]+|(?<=[,;:])(?:\s*,)+|,\s*(?=[;:])"), ""),
    (re.compile(r"(?<=[,;:])(?=[^\s])"), " "),
    (re.compile(r"(?m)^[ ,;:]+|[ ,]+$"), ""),
)
_SIGNS = {"&": " và ", "+": " cộng ", "=": " bằng ", "≥": " từ ", "≤": " không quá ", "×": " nhân ", "±": " cộng trừ "}
_SIGN = re.compile(r"\s?[&=≥≤×±]\s?|(?<=\w) ?\+ ?(?=\w)")


def _clean(text: str) -> str:
    """NFC, plain spaces and dashes, no quotes, brackets or bullets: marks nobody can hear."""
    text = _DASHES.sub("-", unicodedata.normalize("NFC", text).translate(_SPACES))
    text = _REPEATED.sub(_once, "".join(map(_sign, text)))
    for pattern, instead in _MARKS:
        text = pattern.sub(instead, text)
    return text


def _sign(one: str) -> str:
    """A sign nobody can hear (a picture, a modifier) is a space: what stood on its sides stays apart."""
    return " " if unicodedata.category(one) in {"So", "Cs", "Co", "Sk"} and one not in "°^" else one


_REPEATED = re.compile(r"(\d{1,9})\s*\(([^\W\d_][^()\d]*)\)")


def _once(match: re.Match[str]) -> str:
    """`02 (hai) máy`: a number that is repeated in words is said once."""
    return match[1] if say_number(int(match[1])) == match[2].strip().lower() else match[0]


def _tidy(words: str) -> str:
    """Single spaces, one mark at a time, a capital at the start of each sentence."""
    for pattern, instead in _TIDY:
        words = pattern.sub(instead, words)
    lines = (line.strip() for line in words.strip().split("\n"))
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return re.sub(r"(?m)(^|[.!?] )([^\W\d_])", lambda match: match[1] + match[2].upper(), words)


# --- words ----------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _expand(words: str, reading: Reading) -> str:
    pattern = _abbreviation_pattern(tuple(reading.table.abbreviations))
    if pattern is None:
        return words
    return pattern.sub(lambda match: _say_abbreviation(match, reading), words)


def _say_abbreviation(match: re.Match[str], reading: Reading) -> str:
    """Say it; one that is also a syllable (`CA`) is that syllable where it stands among capitals, in a heading."""
    written = match[0]
    if is_syllable(written) and _among_capitals(match):
        return written
    joined = re.match(r"-[A-ZĐ]", match.string[match.end() :])  # UBND-HĐND: one after the other
    return reading.table.abbreviations[written] + ("," if joined else " " * written.endswith("."))


def _among_capitals(match: re.Match[str]) -> bool:
    """Whether the next word, or the one before, is in capitals too."""
    near = re.match(r"\W+(\w+)", match.string[match.end() :]), re.search(r"(\w+)\W+$", match.string[: match.start()])
    return any(word[1].isupper() and len(word[1]) > 1 for word in near if word)


@lru_cache(maxsize=16)
def _abbreviation_pattern(written: tuple[str, ...]) -> re.Pattern[str] | None:
    """All abbreviations at once, the longest first."""
    if not written:
        return None
    longest_first = sorted(written, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_one_abbreviation, longest_first))})")


def _one_abbreviation(written: str) -> str:
    if written.endswith("."):
        return re.escape(written) + r"(?=\s*[^\W_])"
    return re.escape(written) + (r"(?![^\W_])" if written[-1].isalnum() else "")


def _say_word(match: re.Match[str], reading: Reading) -> str:
    """One word of the page: as it stands when it is Vietnamese, as known when foreign, else spelled or reported."""
    word = match[0]
    lower = word.lower()
    if lower in reading.table.words:
        return reading.table.words[lower]
    if word in reading.settled:
        return word
    if is_syllable(word):
        return _say_syllable(match, reading)
    if lower in UNITS and len(word) > 1:
        return UNITS[lower]
    if len(word) == 1:
        return LETTERS.get(lower, word)
    reading.unknown.append(word)
    return spell(word) if word.isupper() and len(word) <= 8 else word


def _say_syllable(match: re.Match[str], reading: Reading) -> str:
    """A syllable; in capitals (a heading) in ordinary letters: the voice would spell them.

    Two or three capitals without marks among ordinary words are an abbreviation nobody has named (`HU`).
    """
    word = match[0]
    if len(word) == 1 or not word.isupper():
        return word
    if len(word) <= 3 and word.isascii() and not _among_capitals(match):
        reading.unknown.append(word)
        return spell(word)
    return word.lower()
