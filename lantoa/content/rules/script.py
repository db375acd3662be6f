"""A bulletin that fits its slot: how long words take to say, and which sentences to keep.

A loudspeaker session is shared with all other news; this subject gets one to three minutes of it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.content.rules.speech import DEFAULT, speak
from lantoa.lib.voice.phrases import Pauses, split_phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLOTS = (60, 120, 180)
"""Seconds of the usual slots."""
RATE = 200
"""Syllables a minute between pauses: a calm announcer, and `Voice()` as measured in `test_fit_script.py`."""
LONGEST = 40
"""Words as written that one can hear as one sentence over a loudspeaker; longer sentences are named in the script."""

_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[,;:](?=\s)")
_VOWELS = re.compile(r"[aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]+", re.IGNORECASE)
_BREAK = re.compile(r";\s*")


class SlotTooShortError(ValueError):
    """The sentence that must be said does not fit; the message says by how much, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence a bulletin may say, as written."""

    text: str
    priority: int = 5
    """1 first to be kept, 9 first to go."""
    key: bool = False
    """Must be said, and is said again at the end."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the bulletin is read and framed."""

    rate: float = RATE
    pauses: Pauses = field(default_factory=Pauses)
    frame_seconds: float = 6.4
    """Both chimes with their rests and the silence at the end; `lantoa.lib.audio.frame_bulletin` makes as much."""
    again: str = "Xin nhắc lại:"
    """What announces the key sentences when they are said again."""
    abbreviations: Mapping[str, str] = field(default_factory=lambda: DEFAULT)


@dataclass(frozen=True, slots=True)
class Script:
    """A bulletin for one slot."""

    text: str
    """As written, for the announcer's paper; the repeated key sentences are a paragraph of their own."""
    spoken: str
    """As said, for the voice."""
    kept: tuple[Sentence, ...]
    left_out: tuple[Sentence, ...]
    seconds: float
    """From the first note of the opening chime to the last silence."""
    slot_seconds: float
    syllables: int
    unknown: tuple[str, ...]
    """Words nobody has said how to read."""
    too_long: tuple[str, ...]
    """Sentences of more than `LONGEST` words: to be rewritten by a person."""


def syllables(spoken: str) -> int:
    """Syllables of a text as spoken. A foreign word left as it is counts by its groups of vowels."""
    return sum(max(1, len(_VOWELS.findall(word))) if word.isascii() else 1 for word in _WORD.findall(spoken))


def reading_seconds(text: str, rate: float = RATE, pauses: Pauses | None = None) -> float:
    """Seconds it takes to say `text` (words as spoken) at `rate` syllables a minute, rests included.

    The rest after the last sentence is not counted: what follows the speech brings its own.
    """
    pauses = pauses or Pauses()
    phrases = split_phrases(text)
    rests = sum(phrase.rest(pauses) for phrase in phrases[:-1])
    clauses = sum(len(_CLAUSE.findall(phrase.text)) for phrase in phrases)
    return syllables(text) * 60 / rate + clauses * pauses.clause + rests


def fit(sentences: Sequence[Sentence], slot_seconds: float, manner: Manner | None = None) -> Script:
    """Choose whole sentences for a slot: the key ones twice, then the others by priority while they fit.

    Kept sentences stay in their order. A sentence that does not fit is passed over for a shorter one of
    lesser priority. Raises `SlotTooShortError` when the key sentences alone do not fit, `ValueError` when
    there is no key sentence.
    """
    manner = manner or Manner()
    if not any(one.key for one in sentences):
        raise ValueError("Bản tin chưa có câu chính (câu phải đọc hai lần).")
    draft = _Draft(sentences, manner)
    kept = {index for index, one in enumerate(sentences) if one.key}
    need = draft.seconds(kept)
    if need > slot_seconds:
        raise SlotTooShortError(
            f"Câu chính đọc hai lần cần {math.ceil(need)} giây, khung phát chỉ có {slot_seconds:.0f} giây: "
            "hãy viết câu chính ngắn hơn hoặc xin khung dài hơn.",
        )
    others = [index for index, one in enumerate(sentences) if not one.key]
    for index in sorted(others, key=lambda at: (sentences[at].priority, at)):
        if draft.seconds(kept | {index}) <= slot_seconds:
            kept.add(index)
    return draft.script(kept, slot_seconds)


class _Draft:
    """All sentences said once, so that every choice of them is timed without saying them again."""

    def __init__(self, sentences: Sequence[Sentence], manner: Manner) -> None:
        self.sentences, self.manner = sentences, manner
        self.written = [_short(one.text) for one in sentences]
        self.said = [speak(text, manner.abbreviations) for text in self.written]
        self.again = speak(manner.again, manner.abbreviations)

    def spoken(self, kept: set[int]) -> str:
        body = " ".join(self.said[index].text for index in sorted(kept))
        return f"{body}\n\n{self.again.text} {' '.join(self.said[index].text for index in self.keys(kept))}"

    def keys(self, kept: set[int]) -> list[int]:
        return [index for index in sorted(kept) if self.sentences[index].key]

    def seconds(self, kept: set[int]) -> float:
        spoken = reading_seconds(self.spoken(kept), self.manner.rate, self.manner.pauses)
        return spoken + self.manner.frame_seconds

    def script(self, kept: set[int], slot_seconds: float) -> Script:
        spoken = self.spoken(kept)
        body = " ".join(self.written[index] for index in sorted(kept))
        again = " ".join(self.written[index] for index in self.keys(kept))
        unknown = (word for index in sorted(kept) for word in self.said[index].unknown)
        long = (phrase.text for phrase in split_phrases(body) if len(_WORD.findall(phrase.text)) > LONGEST)
        return Script(
            text=f"{body}\n\n{self.manner.again} {again}", spoken=spoken, seconds=self.seconds(kept),
            kept=tuple(self.sentences[index] for index in sorted(kept)),
            left_out=tuple(one for index, one in enumerate(self.sentences) if index not in kept),
            slot_seconds=slot_seconds, syllables=syllables(spoken),
            unknown=tuple(dict.fromkeys(unknown)), too_long=tuple(dict.fromkeys(long)),
        )


def _short(text: str) -> str:
    """The sentence with its end marked, and broken in two wherever a semicolon joins two."""
    parts = [part.strip() for part in _BREAK.split(text.strip()) if part.strip()]
    parts = [part[:1].upper() + part[1:] for part in parts]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)
