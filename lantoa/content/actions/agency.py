"""What this installation's agency has laid down for its content, from the settings and its files in `LANTOA_HOME`.

`pronunciation.toml` (how its abbreviations are read), `air_time.toml` (how long each place's bulletins are),
`zns.toml` (Zalo templates that were approved) and `tariffs.toml` (what messages cost): docs/settings.md.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings

from lantoa.content.makers.audio import BulletinSound
from lantoa.content.makers.pronouncing import pronunciation
from lantoa.content.makers.studio import Studio
from lantoa.content.rules import air_time, tariffs, zns
from lantoa.content.rules.speech_table import DEFAULT, SpeechTableError
from lantoa.lib.chimes import Chimes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lantoa.content.rules.speech_table import SpeechTable
    from lantoa.lib.voice import Announcer

Read = TypeVar("Read")


class AgencyFileError(ValueError):
    """One of the agency's own files cannot be read; the message names it, in Vietnamese."""


def studio(pack: str = "") -> Studio:
    """How bulletins are made here; a pack's own pronunciations stand between the trade's and the agency's.

    Raises `SpeechTableError` naming the file and the entry that is wrong.
    """
    folders = [settings.LANTOA_PACKS / pack] if pack else []
    return _studio(_table((*folders, settings.LANTOA_HOME)))


def speaker() -> Announcer:
    """Who reads here. Raises `VoiceError`, in Vietnamese, when the voice or its program is missing."""
    return _studio(DEFAULT).speaker()


def _studio(table: SpeechTable) -> Studio:
    chimes = Chimes(settings.LANTOA_OPENING_CHIME, settings.LANTOA_CLOSING_CHIME)
    return Studio(
        sound=BulletinSound(loudness=settings.LANTOA_LOUDNESS, table=table, chimes=chimes),
        rate=settings.LANTOA_SPEECH_RATE,
        piper_voice=settings.LANTOA_PIPER_VOICE,
        piper_command=settings.LANTOA_PIPER,
    )


def speech_table(pack: str) -> SpeechTable:
    """How abbreviations are read here; the trade's table alone while one of the agency's files has a fault.

    For checking what is made already: whoever makes something new is told of the fault.
    """
    try:
        return studio(pack).sound.table
    except SpeechTableError:
        return DEFAULT


def bulletin_slots() -> air_time.AirTime:
    """How much air time each place gives. Raises `AirTimeError`."""
    usual = settings.LANTOA_BULLETIN_SECONDS
    return _own(air_time.FILE_NAME, lambda toml, where: air_time.read_air_time(toml, usual, where))


def zns_templates() -> tuple[zns.Template, ...]:
    """The approved Zalo templates. Raises `ZnsError`."""
    return _own(zns.FILE_NAME, zns.read_templates)


def message_tariffs() -> tuple[tariffs.Tariff, ...]:
    """The table of prices; empty when nobody has filled one in. Raises `TariffError`."""
    return _own(tariffs.FILE_NAME, tariffs.read_tariffs)


def _own(name: str, read: Callable[[str, str], Read]) -> Read:
    """What `read` makes of the agency's file; of an empty text when there is none. Raises `AgencyFileError`."""
    path: Path = settings.LANTOA_HOME / name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise AgencyFileError(f"{path}: không đọc được tệp ({error}).") from error
    return read(text, str(path))


def _table(folders: tuple[Path, ...]) -> SpeechTable:
    states = tuple(_state(folder) for folder in folders)
    return _read_table(folders, states)


def _state(folder: Path) -> int:
    try:
        return (folder / "pronunciation.toml").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _read_table(folders: tuple[Path, ...], _states: tuple[int, ...]) -> SpeechTable:
    return pronunciation(folders)
