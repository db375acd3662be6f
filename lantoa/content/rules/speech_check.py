"""What the voice would not know how to say, where it stands: a finding each, for the check before release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.speech import DEFAULT, speak
from lantoa.lib.voice.phrases import split_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.content.rules.speech_table import SpeechTable


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of a text to be read aloud that nobody has said how to read."""

    word: str
    start: int
    """Where it stands in the text, in characters."""
    end: int
    sentence: str
    """The sentence it stands in, for the person who is to mend it."""

    @property
    def why(self) -> str:
        """What is wrong and the two ways to mend it, in Vietnamese."""
        return (
            f"chưa biết đọc “{self.word}” thế nào: viết lại bằng chữ, "
            "hoặc thêm lời đọc vào bảng chữ viết tắt của cơ quan (pronunciation.toml)"
        )


def check_speech(text: str, table: SpeechTable = DEFAULT) -> tuple[UnknownWord, ...]:
    """Find every place of `text` with a word the voice does not know, in the order of the page.

    A word the voice met in a form the page does not have is placed at the text's beginning: none is lost.
    """
    found = {one for word in speak(text, table).unknown for one in _places(word, text)}
    return tuple(sorted(found, key=lambda one: (one.start, one.word)))


def _places(word: str, text: str) -> Iterator[UnknownWord]:
    whole = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
    matches = list(re.finditer(whole, text)) or list(re.finditer(re.escape(word), text, re.IGNORECASE))[:1]
    for match in matches:
        yield UnknownWord(word, match.start(), match.end(), _sentence(text, match.start()))
    if not matches:
        yield UnknownWord(word, 0, 0, "")


def _sentence(text: str, at: int) -> str:
    """The sentence around a character of `text`."""
    start = 0
    for phrase in split_phrases(text):
        start = text.index(phrase.text, start)
        if start <= at < start + len(phrase.text):
            return phrase.text
        start += len(phrase.text)
    return ""
