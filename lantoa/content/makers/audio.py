"""The loudspeaker bulletin as sound: chime, words read by a voice or by a person, chime, ready to air."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from lantoa.content.rules.speech import DEFAULT, SpeechTable, speak
from lantoa.lib.audio import LOUDSPEAKER_LUFS, AudioFile, Tags, frame_bulletin, master
from lantoa.lib.chimes import Chimes
from lantoa.lib.recording import read_recording
from lantoa.lib.splicing import bulletin_parts, master_parts
from lantoa.lib.voice import PiperSpeaker, Speech, Transcript, Utterance, Voice, shared_speaker
from lantoa.lib.voice.timing import words_by_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.lib.audio import Format, Levels
    from lantoa.lib.voice import Announcer

RECORDED = "Thu âm giọng người đọc"
"""What stands for the engine where a person has read it."""


@dataclass(frozen=True, slots=True)
class BulletinJob:
    """One bulletin to make: the script as written or as spoken, its title, and who speaks."""

    script_text: str
    title: str
    publisher: str
    formats: tuple[Format, ...] = ()
    """The files to make of it; empty: those of the agency's `BulletinSound`."""


@dataclass(frozen=True, slots=True)
class BulletinSound:
    """How bulletins of an agency sound."""

    voice: Voice = field(default_factory=Voice)
    loudness: float = LOUDSPEAKER_LUFS
    """LUFS; −16 for horn loudspeakers, −23 where a radio station mixes it in (EBU R 128)."""
    formats: tuple[Format, ...] = ("mp3",)
    """The files to make; the first is the one that is aired."""
    table: SpeechTable = DEFAULT
    chimes: Chimes = field(default_factory=Chimes)


@dataclass(frozen=True, slots=True)
class BulletinAudio:
    """A bulletin ready to air, and what is needed to check it."""

    files: Mapping[Format, AudioFile]
    """Each format asked for, as bytes and as measured on the decoded file; the first is the one that is aired."""
    timed: Transcript
    """Each sentence and word with the seconds it starts and ends at, and where those times come from."""
    transcript: str
    """The words as spoken."""
    unknown: tuple[str, ...]
    """What the voice may have read wrongly: nobody has said yet how it is spoken."""
    engine: str
    """Name and version of the voice engine."""
    faults: tuple[str, ...] = ()
    """Of a recording, in Vietnamese: what a listener will notice (clipping, noise) and no levelling mends."""

    @property
    def aired(self) -> AudioFile:
        """The file that goes on air."""
        return next(iter(self.files.values()))

    @property
    def mp3(self) -> bytes:
        """The bytes of the file that goes on air."""
        return self.aired.data

    @property
    def seconds(self) -> float:
        """Measured on the decoded file, chimes included."""
        return self.aired.seconds

    @property
    def levels(self) -> Levels:
        """Measured on the decoded file."""
        return self.aired.levels

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """Each sentence with the second it starts and ends at in the file."""
        return self.timed.utterances


def announcer(piper_voice: str = "", piper_command: str = "piper") -> Announcer:
    """Who reads: eSpeak NG, or the Piper voice whose file a person has supplied.

    Raises `VoiceError`, in Vietnamese, when that file or the program is missing.
    """
    return PiperSpeaker(piper_voice, piper_command) if piper_voice else shared_speaker()


def make_bulletin_audio(
    script_text: str,
    title: str,
    publisher: str,
    sound: BulletinSound | None = None,
    speaker: Announcer | None = None,
) -> BulletinAudio:
    """Read `script_text` aloud between two chimes and master it for broadcast.

    Raises `VoiceError`, in Vietnamese, when there is no voice or nothing to read.
    """
    sound, speaker = sound or BulletinSound(), speaker or shared_speaker()
    spoken = speak(script_text, sound.table)
    speech = speaker.say(spoken.text, sound.voice)
    parts, tags = bulletin_parts(speech, sound.chimes.sounds(speech.sample_rate)), Tags(title, publisher)
    files = {
        one: master_parts(parts, tags, target=sound.loudness) if one == "mp3" else master(
            parts.sound, parts.rate, tags, target=sound.loudness, format=one
        )
        for one in sound.formats
    }
    return BulletinAudio(
        files=files, timed=Transcript(parts.utterances, speech.timing), transcript=spoken.text, unknown=spoken.unknown,
        engine=speaker.engine,
    )


def make_recorded_audio(data: bytes, job: BulletinJob, sound: BulletinSound | None = None) -> BulletinAudio:
    """Make a bulletin of the ward's own announcer's reading of `job.script_text` (`data`: an audio file of any kind).

    Silence at its ends goes, chimes are put around it, and it is levelled like the rest. The times of its words are
    shared out by syllables over the time a voice is heard. `faults` says what a person should listen to.
    Raises `RecordingError`, in Vietnamese, for what cannot be used.
    """
    sound = sound or BulletinSound()
    recording = read_recording(data)
    spoken = speak(job.script_text, sound.table)
    samples = np.round(np.clip(recording.sound, -1, 1) * 32767).astype(np.int16)
    speech = Speech(
        samples, recording.rate, words_by_share(spoken.text, recording.sound, recording.rate), "proportional"
    )
    files, starts = _mastered(speech, Tags(job.title, job.publisher), sound)
    moved = tuple(one.later(starts) for one in speech.utterances)
    return BulletinAudio(
        files=files, timed=Transcript(moved, speech.timing), transcript=spoken.text, unknown=(), engine=RECORDED,
        faults=(*recording.faults(), *_pace_faults(speech)),
    )


_SLOWEST, _FASTEST = 100, 330
"""Syllables a minute, rests included, outside which nobody reads a bulletin: it is another text, or not all of it."""


def _pace_faults(speech: Speech) -> tuple[str, ...]:
    """Whether the recording can be the script at all, by its length."""
    count = sum(len(one.words) for one in speech.utterances)
    pace = count * 60 / speech.seconds
    if _SLOWEST <= pace <= _FASTEST:
        return ()
    how = "nhanh" if pace > _FASTEST else "chậm"
    told = f"Lời đọc có {count} tiếng mà bản ghi dài {speech.seconds:.0f} giây, quá {how} để là đọc hết lời này"
    return (f"{told}: hãy nghe lại xem có đọc đúng và đủ không.",)


def _mastered(speech: Speech, tags: Tags, sound: BulletinSound) -> tuple[dict[Format, AudioFile], float]:
    """Every file asked for, and the second the words start at in each."""
    framed, starts = frame_bulletin(speech.samples, speech.sample_rate, sound.chimes.sounds(speech.sample_rate))
    files = {
        one: master(framed, speech.sample_rate, tags, target=sound.loudness, format=one) for one in sound.formats
    }
    return files, starts


def make_bulletin_audios(
    jobs: Sequence[BulletinJob],
    workers: int = 2,
    sound: BulletinSound | None = None,
    speaker: Announcer | None = None,
) -> list[BulletinAudio]:
    """Make all `jobs`, `workers` at a time, in their order.

    Encoding lets go of the interpreter's lock, so threads use both cores; they share one voice, which says
    a sentence that several bulletins have in common only once. Equal jobs are made once.
    """
    voice, own = speaker or shared_speaker(), sound or BulletinSound()
    wanted = dict.fromkeys(jobs)

    def make(job: BulletinJob) -> BulletinAudio:
        asked = replace(own, formats=job.formats or own.formats)
        return make_bulletin_audio(job.script_text, job.title, job.publisher, asked, voice)

    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="bulletin") as pool:
        done = dict(zip(wanted, pool.map(make, wanted), strict=True))
    return [done[job] for job in jobs]
