"""Which errors are the caller's to mend: their messages are sentences for the officer."""

from __future__ import annotations

import sys

CALLERS = (
    ("lantoa.lib.extract", "ExtractionError"),
    ("lantoa.letters.rules.reading", "NotALetter"),
    ("lantoa.places.permits", "RefusedError"),
    ("lantoa.campaigns.rules.pack", "PackError"),
    ("lantoa.campaigns.rules.wording", "MissingFactsError"),
    ("lantoa.content.makers.form", "PieceTooLongError"),
    ("lantoa.content.rules.script", "SlotTooShortError"),
    ("lantoa.content.rules.speech_table", "SpeechTableError"),
    ("lantoa.content.rules.tariffs", "TariffError"),
    ("lantoa.content.rules.zns", "ZnsError"),
    ("lantoa.content.actions.agency", "AgencyFileError"),
    ("lantoa.content.rules.air_time", "AirTimeError"),
    ("lantoa.lib.chimes", "ChimeError"),
    ("lantoa.lib.voice.speech", "VoiceError"),
    ("lantoa.lib.recording", "RecordingError"),
    ("lantoa.project.environment", "SettingError"),
    ("lantoa.lib.imap", "MailboxError"),
    ("lantoa.channels.registry", "ChannelSettingError"),
)


def is_callers_mistake(error: Exception) -> bool:
    """Whether `error` is one of ours that says what the caller did wrong.

    A module that was never loaded cannot have raised it.
    """
    kinds = [getattr(sys.modules[module], name, None) for module, name in CALLERS if module in sys.modules]
    return isinstance(error, tuple(kind for kind in kinds if kind is not None))
