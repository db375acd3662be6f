"""Sentences of a text to be read aloud, and how long the voice rests after each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)»]*\s+")
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True, slots=True)
class Pauses:
    """Rests in seconds, added after the sound of a phrase has died away."""

    clause: float = 0.33
    """At a comma, colon or semicolon. The engine makes it; this is what it measures at the default rate."""
    sentence: float = 0.45
    paragraph: float = 0.8


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence, and whether a paragraph ends with it."""

    text: str
    ends_paragraph: bool

    def rest(self, pauses: Pauses) -> float:
        """Tell the seconds of silence that follow."""
        return pauses.paragraph if self.ends_paragraph else pauses.sentence


def split_phrases(text: str) -> tuple[Phrase, ...]:
    """Split `text` into its sentences; an empty text has none."""
    found: list[Phrase] = []
    for paragraph in _PARAGRAPH_END.split(text):
        sentences = [one for one in (part.strip() for part in _SENTENCE_END.split(paragraph)) if one]
        found += [Phrase(one, ends_paragraph=one is sentences[-1]) for one in sentences]
    return tuple(found)


_WORD = re.compile(r"[^\W_]+")
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)


def syllables(spoken: str) -> int:
    """Syllables of a text as spoken. A foreign word left as it is counts by its groups of vowels."""
    return sum(max(1, len(_VOWELS.findall(word))) if word.isascii() else 1 for word in _WORD.findall(spoken))
