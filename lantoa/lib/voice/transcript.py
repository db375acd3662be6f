"""The words of an audio file with their times, as JSON for programs and WebVTT for players."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lantoa.lib.voice.speech import Utterance


@dataclass(frozen=True, slots=True)
class Transcript:
    """Sentences and words as they sound in one file, in seconds from its beginning."""

    utterances: tuple[Utterance, ...]
    timing: str
    """`engine`: the voice's own events; `proportional`: shared out by syllables over the time a voice is heard."""

    @property
    def text(self) -> str:
        """The words as running text."""
        return " ".join(one.text for one in self.utterances)

    def to_data(self) -> dict[str, Any]:
        """Plain data: `words` with word, start and end; milliseconds are enough."""
        words = [
            {"word": word.text, "start": round(word.starts, 3), "end": round(word.ends, 3)}
            for one in self.utterances
            for word in one.words
        ]
        return {"language": "vi", "timing": self.timing, "words": words}

    def to_json(self) -> str:
        """`to_data` as JSON."""
        return json.dumps(self.to_data(), ensure_ascii=False)

    def to_webvtt(self) -> str:
        """WebVTT (W3C): a cue for each sentence, and within it the time of each word."""
        cues = [f"{_clock(one.starts)} --> {_clock(one.ends)}\n{_cue(one)}" for one in self.utterances]
        return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _cue(utterance: Utterance) -> str:
    """The sentence with the time of every word but the first before it; its marks stay where they are."""
    text, at, parts = utterance.text, 0, []
    for index, word in enumerate(utterance.words):
        found = text.find(word.text, at)
        if found < 0:
            continue
        parts.append(_escaped(text[at:found]) + (f"<{_clock(word.starts)}>" if index else "") + _escaped(word.text))
        at = found + len(word.text)
    return "".join(parts) + _escaped(text[at:])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
