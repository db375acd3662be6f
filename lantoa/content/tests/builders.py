"""Words in use that nobody had to type, and a recording that nobody had to speak."""

from __future__ import annotations

import io
import wave
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from lantoa.content.models import Message
from lantoa.content.rules.speech import speak
from lantoa.lib.voice import Voice, shared_speaker

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign


def reword(campaign: Campaign, key: str, text: str, title: str = "", **values: Any) -> Message:
    """Give a message a new version, approved and whatever it says: the checks that saving makes are not asked."""
    values.setdefault("version", Message.objects.filter(campaign=campaign, key=key).count() + 1)
    values.setdefault("approved_at", timezone.now())
    return Message.objects.create(campaign=campaign, key=key, text=text, title=title, **values)


@cache
def read_aloud(script: str, quieter: int = 3) -> bytes:
    """Somebody reading the script: here the voice itself, as a WAV with silence and without chimes."""
    speech = shared_speaker().say(speak(script).text, Voice())
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(speech.sample_rate)
        quiet = np.zeros(speech.sample_rate, "<i2")
        file.writeframes(np.concatenate([quiet, speech.samples // quieter, quiet]).astype("<i2").tobytes())
    return out.getvalue()
