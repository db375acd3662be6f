"""Who reads an agency's bulletins, and how: voice, pace, table of pronunciations, loudness and chimes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.content.makers.audio import BulletinSound, announcer
from lantoa.content.rules.script import RATE, Manner
from lantoa.content.rules.speech_table import DEFAULT
from lantoa.lib.audio import LOUDSPEAKER_LUFS

if TYPE_CHECKING:
    from lantoa.lib.voice import Announcer


@dataclass(frozen=True, slots=True)
class Studio:
    """One agency's way of making bulletins; the plain one reads with eSpeak NG between our own chimes."""

    sound: BulletinSound = field(default_factory=BulletinSound)
    rate: float = RATE
    """Syllables a minute the voice speaks between rests, as `makers.calibrating` measures it."""
    piper_voice: str = ""
    """Path of the voice's `.onnx` file; empty: eSpeak NG reads."""
    piper_command: str = "piper"

    def manner(self) -> Manner:
        """How scripts are fitted to their slots. Raises `ChimeError`."""
        return Manner(rate=self.rate, frame_seconds=self.sound.chimes.frame_seconds(), table=self.sound.table)

    def speaker(self) -> Announcer:
        """Who reads. Raises `VoiceError`, in Vietnamese, when the voice or its program is missing."""
        return _announcer(self.piper_voice, self.piper_command)

    def identity(self) -> dict[str, Any]:
        """What is not plain about it: words read in this studio are another rendering. Raises as the others do."""
        opening, closing = self.sound.chimes.identity()
        told = {
            "voice": _digest(self.piper_voice) if self.piper_voice else "",
            "rate": self.rate if self.rate != RATE else 0,
            "loudness": self.sound.loudness if self.sound.loudness != LOUDSPEAKER_LUFS else 0,
            "opening": opening,
            "closing": closing,
            "table": "" if self.sound.table is DEFAULT else _table_digest(self.sound),
        }
        return {name: value for name, value in told.items() if value}


PLAIN = Studio()


@cache
def _announcer(voice: str, command: str) -> Announcer:
    """One announcer for the whole run: it remembers the sentences it has spoken."""
    return announcer(voice, command)


def _digest(voice: str) -> str:
    """A Piper voice by its name, its settings and the size of its model, which is too large to read each time."""
    path = Path(voice)
    try:
        settings = path.with_name(f"{path.name}.json").read_bytes()
        return f"{path.stem} {path.stat().st_size} {hashlib.sha256(settings).hexdigest()}"
    except OSError:  # the voice itself says what is missing, when it is to speak
        return path.stem


def _table_digest(sound: BulletinSound) -> str:
    table = sound.table
    told = [sorted(entries.items()) for entries in (table.abbreviations, table.words, table.issuers)]
    return hashlib.sha256(repr(told).encode()).hexdigest()
