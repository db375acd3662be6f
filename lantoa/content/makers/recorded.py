"""A recording somebody brings made into a bulletin, in a process of its own with a limit on time and memory.

Decoders of sound are others' code, written in C, and read what nobody vouches for: a file that makes one loop or swell
ends the child, never the program that asked. What comes back is our own encoding of what was heard, not the file.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lantoa.content.makers.audio import BulletinJob, BulletinSound, make_recorded_audio
from lantoa.content.rules.speech_table import SpeechTable
from lantoa.lib.chimes import ChimeError, Chimes
from lantoa.lib.confining import child_command, child_environment, confine
from lantoa.lib.recording import RecordingError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 60 * 1024 * 1024
"""Of a file: ten minutes of uncompressed stereo, and a bulletin has three."""
_LENGTH = struct.Struct("<Q")
_AT_ONCE = threading.BoundedSemaphore(2)
"""So many recordings are made at the same time: each may need what its limit allows."""
_TOO_LONG = (
    "Xử lý bản ghi mất quá {seconds:.0f} giây nên đã dừng. Tệp có thể bị hỏng; "
    "hãy lưu lại thành MP3 hoặc WAV rồi tải lên."
)
_ENDED = "Tệp làm trình đọc âm thanh dừng đột ngột, có thể do bị hỏng. Hãy lưu lại thành MP3 hoặc WAV rồi tải lên."
_TOO_MUCH = "Bản ghi cần quá nhiều bộ nhớ nên không được mở. Hãy cắt bớt hoặc lưu lại thành MP3 rồi tải lên."


@dataclass(frozen=True, slots=True)
class RecordingLimits:
    """What one recording may cost: seconds of waiting, megabytes of memory."""

    seconds: float = 90.0
    megabytes: int = 1500


@dataclass(frozen=True, slots=True)
class RecordedBulletin:
    """A bulletin ready to air, and what is known of it: seconds, transcript, the times of its sentences, and `heard`.

    The last is what a listener will notice, in Vietnamese.
    """

    content: bytes
    details: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files that go with it, by their ending, as with the voice's: `.vtt`."""


def make_recorded(
    data: bytes, job: BulletinJob, sound: BulletinSound | None = None, limits: RecordingLimits | None = None
) -> RecordedBulletin:
    """Make a bulletin of `data`, somebody's reading of the job's script, within the limits.

    Silence at its ends goes, the chimes of `sound` are put around it, and it is levelled like the rest. Of several
    formats only the first is made. Raises `RecordingError`, in Vietnamese, for what cannot be used, also when a limit
    was met.
    """
    limits = limits or RecordingLimits()
    if len(data) > MOST_BYTES:
        raise RecordingError(f"Tệp ghi âm lớn hơn {MOST_BYTES // 1024 // 1024} MB. Hãy lưu lại thành MP3 rồi tải lên.")
    answer = _ask(_packed(_asked(job, sound or BulletinSound()), data), limits)
    try:
        details, content = _unpacked(answer)
    except (struct.error, ValueError) as error:
        raise RecordingError(_ENDED) from error
    if "refused" in details:
        raise RecordingError(str(details["refused"]))
    beside = {ending: text.encode() for ending, text in details.pop("beside").items()}
    return RecordedBulletin(content, details, beside)


def _asked(job: BulletinJob, sound: BulletinSound) -> dict[str, Any]:
    formats = job.formats or sound.formats
    table = {name: dict(getattr(sound.table, name)) for name in ("abbreviations", "words", "issuers")}
    return {
        "job": asdict(replace(job, formats=())),
        "sound": {"loudness": sound.loudness, "formats": formats[:1]},
        "chimes": asdict(sound.chimes),
        "table": table,
    }


def _ask(request: bytes, limits: RecordingLimits) -> bytes:
    program = "from lantoa.content.makers.recorded import serve; serve()"
    try:
        with _AT_ONCE:
            ran = subprocess.run(  # noqa: S603 - our own interpreter and our own words
                child_command(program, str(limits.megabytes)),
                input=request,
                capture_output=True,
                timeout=limits.seconds,
                env=child_environment(),
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise RecordingError(_TOO_LONG.format(seconds=limits.seconds)) from error
    return ran.stdout


def _packed(head: Mapping[str, Any], data: bytes) -> bytes:
    told = json.dumps(head, ensure_ascii=False).encode()
    return _LENGTH.pack(len(told)) + told + data


def _unpacked(packed: bytes) -> tuple[dict[str, Any], bytes]:
    end = _LENGTH.size + _LENGTH.unpack_from(packed)[0]
    head: dict[str, Any] = json.loads(packed[_LENGTH.size : end])
    return head, packed[end:]


def serve() -> None:
    """Answer one recording on standard input; this is the child's side, its memory limit the first argument."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    confine(int(sys.argv[1]))
    head, data = _unpacked(sys.stdin.buffer.read())
    try:
        out.write(_answer(head, data))
    except MemoryError:
        out.write(_packed({"refused": _TOO_MUCH}, b""))
    out.flush()


def _answer(head: Mapping[str, Any], data: bytes) -> bytes:
    job, told = BulletinJob(**head["job"]), head["sound"]
    sound = BulletinSound(
        loudness=told["loudness"],
        formats=tuple(told["formats"]),
        table=SpeechTable(**head["table"]),
        chimes=Chimes(**head["chimes"]),
    )
    try:
        made = make_recorded_audio(data, job, sound)
    except (RecordingError, ChimeError) as refusal:
        return _packed({"refused": str(refusal)}, b"")
    details = {
        "seconds": round(made.seconds, 1),
        "transcript": made.transcript,
        "unknown": list(made.unknown),
        "voice": made.engine,
        "loudness": round(made.levels.loudness, 1),
        "true_peak": round(made.levels.true_peak, 1),
        "timing": made.timed.timing,
        "heard": list(made.faults),
        "sentences": [[round(one.starts, 2), round(one.ends, 2), one.text] for one in made.utterances],
        "beside": {".vtt": made.timed.to_webvtt(), ".words.json": made.timed.to_json()},
    }
    return _packed(details, made.aired.data)
