"""A bulletin that fits its slot: how long words take to say, and which sentences to keep.

A loudspeaker session is shared with all other news; this subject gets one to three minutes of it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lantoa.content.rules.kinds import BULLETIN_LENGTHS
from lantoa.content.rules.speech import DEFAULT, SpeechTable, speak
from lantoa.lib.voice.phrases import Pauses, split_phrases, syllables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLOTS = BULLETIN_LENGTHS
"""Seconds of the usual slots."""
RATE = 200
"""Syllables a minute between pauses: a calm announcer, and `Voice()` as measured.

`python -m lantoa.content.makers.calibrating` measures it, for this voice or any other: 202.1 for eSpeak NG 1.52.0.
"""
MARGIN = 0.025
"""Share of a slot left free: what the voice may take longer than predicted (measured: up to 2.3 %)."""
LONGEST = 32
"""Syllables, as spoken, that one can hear as one sentence over a loudspeaker: about ten seconds. Longer are named."""

AGAIN = "Xin nhắc lại:"
"""What announces the key sentences when they are said again."""

_CLAUSE = re.compile(r"[,;:](?=\s)")
_BREAK = re.compile(r";\s*")


Role = Literal["opening", "body", "closing"]


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
    role: Role = "body"
    """The opening and closing words go before all other sentences that are not key; the closing words come last,
    after the key sentences have been said again."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the bulletin is read and framed."""

    rate: float = RATE
    pauses: Pauses = field(default_factory=Pauses)
    frame_seconds: float = 6.4
    """Both chimes with their rests and the silence at the end; `lantoa.lib.audio.frame_bulletin` makes as much."""
    again: str = AGAIN
    table: SpeechTable = DEFAULT


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
    """Sentences of more than `LONGEST` syllables: to be rewritten by a person."""


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
    """Choose whole sentences for a slot: the key ones twice, the opening and closing words, the others by priority.

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
    room = slot_seconds * (1 - MARGIN)
    if need > room:
        raise SlotTooShortError(
            f"Câu chính đọc hai lần cần {math.ceil(need / (1 - MARGIN))} giây, "
            f"khung phát chỉ có {slot_seconds:.0f} giây: "
            "hãy viết câu chính ngắn hơn hoặc xin khung dài hơn.",
        )
    others = [index for index, one in enumerate(sentences) if not one.key]
    for index in sorted(others, key=lambda at: (sentences[at].role == "body", sentences[at].priority, at)):
        if draft.seconds(kept | {index}) <= room:
            kept.add(index)
    return draft.script(kept, slot_seconds)


def fit_slots(
    sentences: Sequence[Sentence], slots: Sequence[int] = SLOTS, manner: Manner | None = None,
) -> dict[int, Script]:
    """One variant for each slot its key sentences fit in, by the slot's seconds.

    Raises `SlotTooShortError` when they fit in none, `ValueError` as `fit` does.
    """
    fitted: dict[int, Script] = {}
    for slot in sorted(slots):
        try:
            fitted[slot] = fit(sentences, slot, manner)
        except SlotTooShortError:
            if slot == max(slots):
                raise
    return fitted


def variant_for(scripts: Mapping[int, Script], seconds: float) -> Script | None:
    """The longest variant that `seconds` of air time hold; None when even the shortest does not go in."""
    return max((one for one in scripts.values() if one.seconds <= seconds), key=lambda one: one.seconds, default=None)


def long_sentences(text: str, table: SpeechTable = DEFAULT) -> tuple[str, ...]:
    """Sentences of `text`, as written, that take more than `LONGEST` syllables to say."""
    phrases = (phrase.text.removeprefix(f"{AGAIN} ") for phrase in split_phrases(text))
    return tuple(dict.fromkeys(one for one in phrases if syllables(speak(one, table).text) > LONGEST))


class _Draft:
    """All sentences said once, so that every choice of them is timed without saying them again."""

    def __init__(self, sentences: Sequence[Sentence], manner: Manner) -> None:
        self.sentences, self.manner = sentences, manner
        self.written = [_short(one.text) for one in sentences]
        self.said = [speak(text, manner.table) for text in self.written]
        self.again = speak(manner.again, manner.table)

    def spoken(self, kept: set[int]) -> str:
        return self._whole(kept, [one.text for one in self.said], self.again.text)

    def _whole(self, kept: set[int], texts: Sequence[str], again: str) -> str:
        """What is said, in order: the kept sentences, the key ones again, the closing words."""
        closing = [index for index in sorted(kept) if self.sentences[index].role == "closing"]
        body = [index for index in sorted(kept) if index not in closing]
        paragraphs = ([*body], self.keys(kept), closing)
        said = [" ".join(texts[index] for index in paragraph) for paragraph in paragraphs]
        said[1] = f"{again} {said[1]}"
        return "\n\n".join(paragraph for paragraph in said if paragraph)

    def keys(self, kept: set[int]) -> list[int]:
        return [index for index in sorted(kept) if self.sentences[index].key]

    def seconds(self, kept: set[int]) -> float:
        spoken = reading_seconds(self.spoken(kept), self.manner.rate, self.manner.pauses)
        return spoken + self.manner.frame_seconds

    def script(self, kept: set[int], slot_seconds: float) -> Script:
        spoken = self.spoken(kept)
        unknown = (word for index in sorted(kept) for word in self.said[index].unknown)
        long = (one for index in sorted(kept) for one in long_sentences(self.written[index], self.manner.table))
        return Script(
            text=self._whole(kept, self.written, self.manner.again), spoken=spoken, seconds=self.seconds(kept),
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
