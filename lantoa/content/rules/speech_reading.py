"""What every rule of reading aloud is made of: a pattern, and a function from its match to words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.content.rules.speech_numbers import say_digits
from lantoa.content.rules.speech_words import LETTERS

if TYPE_CHECKING:
    from lantoa.content.rules.speech_table import SpeechTable


@dataclass(slots=True)
class Reading:
    """One text on its way from the page to the ear."""

    table: SpeechTable
    unknown: list[str] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    """Words without marks that are said as they stand: the parts of a web address."""

    def expand(self, code: str) -> str:
        """Say an abbreviation; one that is not in the table is spelled, and noted as unknown."""
        return self.known(code, self.table.abbreviations.get(code))

    def issuer(self, code: str) -> str:
        """Say who issued a document, from the code in its number."""
        return self.known(code, self.table.issuer(code))

    def known(self, code: str, words: str | None) -> str:
        """Give `words`, or where there are none `code` spelled, and noted."""
        if words is None:
            self.unknown.append(code)
        return words or spell(code)


Say = Callable[[re.Match[str], Reading], str]
Rule = tuple[re.Pattern[str], Say]

NOT_IN_WORD = r"(?<![\w.,/])"
END = r"(?![\w/])(?![.,]\d)"
D, M, Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[89]|2[01])\d\d"


def rule(pattern: str, say: Say, flags: int = 0) -> Rule:
    """Make a rule."""
    return re.compile(pattern, flags), say


def instead(pattern: str, words: str, flags: int = 0) -> Rule:
    r"""Make a rule that only puts `words` in the place of the match; `\1` stands for its first group."""
    return re.compile(pattern, flags), lambda match, _: match.expand(words)


def spell(code: str) -> str:
    """Letters by their names, figures one by one: `QX7` → `quy ích bảy`."""
    names = (LETTERS.get(one.lower()) or (say_digits(one) if one.isdecimal() else "") for one in code)
    return " ".join(filter(None, names))


def before(match: re.Match[str], words: str, window: int = 24) -> bool:
    """Whether one of `words` (a pattern) stands right before the match."""
    text = match.string[max(0, match.start() - window) : match.start()]
    return re.search(rf"(?<!\w)(?:{words})[\s:]*$", text, re.IGNORECASE) is not None


def after(match: re.Match[str], pattern: str) -> bool:
    """Whether `pattern` matches right after the match."""
    return re.match(pattern, match.string[match.end() :], re.IGNORECASE) is not None
