"""A text as sound: its samples, and where each sentence and each word of it lies."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from lantoa.lib.voice.phrases import Pauses, split_phrases

if TYPE_CHECKING:
    from collections.abc import Callable

Samples = npt.NDArray[np.int16]

_REMEMBERED_SAMPLES = 30 * 60 * 22_050
"""Half an hour of sentences (about 80 MB): a campaign's bulletins share most of theirs."""
_SILENCE = 60
"""Sample value under which the ends of a sentence count as silence (−55 dBFS)."""


class VoiceError(Exception):
    """The voice cannot speak; the message is for the person who asked for the audio."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak. The defaults are slow and clear, for a loudspeaker in the open."""

    name: str = "vi"
    """`vi` (northern), `vi-vn-x-central` or `vi-vn-x-south`; a Piper voice has its own."""
    rate: int = 128
    """eSpeak's words a minute; 128 gives 200 Vietnamese syllables a minute between pauses (measured)."""
    pitch: int = 42
    """0 to 99; eSpeak's usual 50 is thin on horn speakers."""
    range: int = 60
    """0 to 99: how far the tones move. A little more than eSpeak's usual 50 keeps hỏi and ngã apart."""
    pauses: Pauses = field(default_factory=Pauses)


@dataclass(frozen=True, slots=True)
class Word:
    """One word and where it sounds, in seconds."""

    text: str
    starts: float
    ends: float

    def later(self, seconds: float) -> Word:
        """Give the same word `seconds` later."""
        return replace(self, starts=self.starts + seconds, ends=self.ends + seconds)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence in a speech: its words, and where it sounds, in seconds."""

    text: str
    starts: float
    ends: float
    words: tuple[Word, ...] = ()

    def later(self, seconds: float) -> Utterance:
        """Give the same sentence `seconds` later."""
        words = tuple(word.later(seconds) for word in self.words)
        return Utterance(self.text, self.starts + seconds, self.ends + seconds, words)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as sound, without silence at its ends, and its words by the seconds of that sound."""

    samples: Samples
    sample_rate: int
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """A text as sound: mono 16-bit samples, and where each sentence lies."""

    samples: Samples
    sample_rate: int
    utterances: tuple[Utterance, ...] = ()
    timing: str = "engine"
    """Where the times of the words come from: `engine` (its events) or `proportional` (shared out by syllables)."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate


class Announcer(Protocol):
    """Whatever reads a text aloud."""

    @property
    def engine(self) -> str:
        """Name and version of what speaks, for the record beside the audio."""

    def say(self, text: str, voice: Voice) -> Speech:
        """Speak `text`, resting after each sentence. Raises `VoiceError`."""


def assemble(text: str, voice: Voice, say: Callable[[str], Said]) -> Speech:
    """Speak `text` sentence by sentence with `say`, with rests between. Raises `VoiceError` for an empty text."""
    parts: list[Samples] = []
    utterances: list[Utterance] = []
    at = rate = 0
    phrases = split_phrases(text)
    for index, phrase in enumerate(phrases):
        said = say(phrase.text)
        rate = said.sample_rate
        rest = 0.0 if index == len(phrases) - 1 else phrase.rest(voice.pauses)
        silence = np.zeros(round(rest * rate), np.int16)
        starts = at / rate
        words = tuple(word.later(starts) for word in said.words)
        utterances.append(Utterance(phrase.text, starts, starts + len(said.samples) / rate, words))
        parts += [said.samples, silence]
        at += len(said.samples) + len(silence)
    if not parts:
        raise VoiceError("Bản tin không có chữ nào để đọc.")
    return Speech(np.concatenate(parts), rate, tuple(utterances))


class Memory:
    """Sentences already spoken, the oldest forgotten first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._known: OrderedDict[tuple[str, Voice], Said] = OrderedDict()
        self._samples = 0

    def recall(self, text: str, voice: Voice, say: Callable[[], Said]) -> Said:
        """Give the sentence as it was said before, or else have it said now; one at a time."""
        key = (text, voice)
        with self._lock:
            if key not in self._known:
                self._known[key] = said = say()
                self._samples += len(said.samples)
                while self._samples > _REMEMBERED_SAMPLES and len(self._known) > 1:
                    _, oldest = self._known.popitem(last=False)
                    self._samples -= len(oldest.samples)
            self._known.move_to_end(key)
            return self._known[key]


def trim_silence(sound: Samples, threshold: int = _SILENCE) -> Samples:
    """`sound` without the silence at both ends; all silence gives an empty array."""
    return sound[silence_before(sound, threshold) :][: _loud_length(sound, threshold)]


def silence_before(sound: Samples, threshold: int = _SILENCE) -> int:
    """Samples of silence at the beginning; all of them where nothing is loud."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > threshold)
    return int(loud[0]) if len(loud) else len(sound)


def _loud_length(sound: Samples, threshold: int) -> int:
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > threshold)
    return int(loud[-1] - loud[0] + 1) if len(loud) else 0
