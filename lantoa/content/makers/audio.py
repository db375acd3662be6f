"""The loudspeaker bulletin as sound: chime, words read by the voice, chime, as an MP3 ready to air."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.content.rules.speech import DEFAULT, speak
from lantoa.lib.audio import LOUDSPEAKER_LUFS, Tags, frame_bulletin, master
from lantoa.lib.voice import Speaker, Utterance, Voice, shared_speaker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.lib.audio import Format, Levels


@dataclass(frozen=True, slots=True)
class BulletinJob:
    """One bulletin to make: the script as written or as spoken, its title, and who speaks."""

    script_text: str
    title: str
    publisher: str


@dataclass(frozen=True, slots=True)
class BulletinSound:
    """How bulletins of an agency sound."""

    voice: Voice = field(default_factory=Voice)
    loudness: float = LOUDSPEAKER_LUFS
    """LUFS; −16 for horn loudspeakers, −23 where a radio station mixes it in (EBU R 128)."""
    format: Format = "mp3"
    abbreviations: Mapping[str, str] = field(default_factory=lambda: DEFAULT)


@dataclass(frozen=True, slots=True)
class BulletinAudio:
    """A bulletin ready to air, and what is needed to check it."""

    mp3: bytes
    """The file (Ogg Opus when that was asked for)."""
    seconds: float
    """Measured on the decoded file, chimes included."""
    transcript: str
    """The words as spoken."""
    utterances: tuple[Utterance, ...]
    """Each sentence with the second it starts and ends in the file."""
    unknown: tuple[str, ...]
    """What the voice may have read wrongly: nobody has said yet how it is spoken."""
    levels: Levels
    """Measured on the decoded file."""
    engine: str
    """Name and version of the voice engine."""


def make_bulletin_audio(
    script_text: str,
    title: str,
    publisher: str,
    sound: BulletinSound | None = None,
    speaker: Speaker | None = None,
) -> BulletinAudio:
    """Read `script_text` aloud between two chimes and master it for broadcast.

    Raises `VoiceError`, in Vietnamese, when there is no voice or nothing to read.
    """
    sound, speaker = sound or BulletinSound(), speaker or shared_speaker()
    spoken = speak(script_text, sound.abbreviations)
    speech = speaker.say(spoken.text, sound.voice)
    framed, starts = frame_bulletin(speech.samples, speech.sample_rate)
    file = master(framed, speech.sample_rate, Tags(title, publisher), target=sound.loudness, format=sound.format)
    moved = tuple(Utterance(one.text, one.starts + starts, one.ends + starts) for one in speech.utterances)
    return BulletinAudio(
        mp3=file.data,
        seconds=file.seconds,
        transcript=spoken.text,
        utterances=moved,
        unknown=spoken.unknown,
        levels=file.levels,
        engine=speaker.engine,
    )


def make_bulletin_audios(
    jobs: Sequence[BulletinJob],
    workers: int = 2,
    sound: BulletinSound | None = None,
) -> list[BulletinAudio]:
    """Make all `jobs`, `workers` at a time, in their order.

    Encoding lets go of the interpreter's lock, so threads use both cores; they share one voice, which says
    a sentence that several bulletins have in common only once. Equal jobs are made once.
    """
    speaker = shared_speaker()
    wanted = dict.fromkeys(jobs)
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="bulletin") as pool:
        made = pool.map(
            lambda job: make_bulletin_audio(job.script_text, job.title, job.publisher, sound, speaker), wanted
        )
        done = dict(zip(wanted, made, strict=True))
    return [done[job] for job in jobs]
