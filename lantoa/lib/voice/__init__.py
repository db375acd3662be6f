"""Text to speech: `synthesize(text, voice)`, by eSpeak NG in a process of its own, or by a Piper voice."""

from __future__ import annotations

import atexit
from functools import cache

from lantoa.lib.voice.phrases import Pauses, Phrase, split_phrases
from lantoa.lib.voice.piper import PiperSpeaker
from lantoa.lib.voice.speaker import Speaker
from lantoa.lib.voice.speech import Announcer, Samples, Speech, Utterance, Voice, VoiceError, Word
from lantoa.lib.voice.transcript import Transcript

__all__ = [
    "Announcer", "Pauses", "Phrase", "PiperSpeaker", "Samples", "Speaker", "Speech", "Transcript", "Utterance", "Voice",
    "VoiceError", "Word", "shared_speaker", "split_phrases", "synthesize",
]


def synthesize(text: str, voice: Voice | None = None) -> Speech:
    """Speak `text` (words as spoken, no abbreviations) as mono 16-bit samples at 22,050 Hz.

    Raises `VoiceError`, in words for a person, when there is no voice or it cannot speak.
    """
    return shared_speaker().say(text, voice or Voice())


@cache
def shared_speaker() -> Speaker:
    """Return the one voice process of this process; it closes when we end."""
    speaker = Speaker()
    atexit.register(speaker.close)
    return speaker
