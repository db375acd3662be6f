"""A recording somebody brings: decoded whatever it is, judged, trimmed of silence at its ends."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.resampler import AudioResampler

from lantoa.lib.audio import Sound, loudness

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 32_000
"""Samples a second recordings are worked on at: an MP3 rate, and twice what a horn loudspeaker carries."""
LARGEST = 200 * 1024 * 1024
"""Bytes of a file: an hour of uncompressed stereo has more, a bulletin a hundredth."""
LONGEST = 20 * 60
"""Seconds: longer than any bulletin."""
SHORTEST = 5.0
"""Seconds of speech: less is a slip of the finger."""
_FRAME = 0.02
_STEADY = 4
"""Frames on end that must be heard to be speech."""
_MARGIN = 0.15
"""Seconds left before the first sound and after the last: breath, and the end of a word that dies away."""
_FULL = 0.985
"""Of full scale: three samples on end there are a wave with its top cut off."""
_CLIPS_HEARD = 3
"""Cut tops in one tenth of a second from which a listener hears it."""
_QUIETEST_LUFS = -45.0
"""Below this the speaker is drowned by the recorder's own noise when it is brought up."""
_LEAST_OVER_NOISE = 20.0
"""dB between speech and what is heard between the words."""


_KINDS = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,flac,matroska,mov,mp3,ogg,w64,wav,webm,wv"
"""What recorders and telephones write. Lists of other files (HLS, DASH, concat) are none of these: nothing a file
names is ever opened."""


class RecordingError(ValueError):
    """A file that cannot be used; the message says why, in Vietnamese, to the person who brought it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice brought by a person: mono, trimmed, at the loudness it was recorded with."""

    sound: Sound
    rate: int
    trimmed_before: float
    """Seconds of silence taken off the beginning."""
    trimmed_after: float
    clipped_at: tuple[float, ...]
    """Seconds, in the trimmed sound, at which the recording is clipped; the first of each tenth of a second."""
    loudness: float
    """LUFS as recorded."""
    over_noise: float
    """dB of the speech over what is heard between the words."""

    @property
    def seconds(self) -> float:
        """How long it lasts without the silence at its ends."""
        return len(self.sound) / self.rate

    def faults(self) -> tuple[str, ...]:
        """What a listener will notice and no levelling can mend, in Vietnamese; empty for a good recording."""
        told = []
        if self.clipped_at:
            where = ", ".join(f"{second:.1f}" for second in self.clipped_at[:5])
            more = "…" if len(self.clipped_at) > 5 else ""
            told.append(f"Vỡ tiếng ở giây {where}{more}: hãy để micro xa hơn hoặc hạ mức thu rồi thu lại.")
        if self.loudness < _QUIETEST_LUFS:
            told.append(f"Thu quá nhỏ ({self.loudness:.0f} LUFS): hãy để micro gần hơn rồi thu lại.")
        if self.over_noise < _LEAST_OVER_NOISE:
            told.append(f"Nền ồn: tiếng nói chỉ hơn tiếng ồn {self.over_noise:.0f} dB. Hãy thu lại ở chỗ yên tĩnh.")
        return tuple(told)


def read_recording(data: bytes) -> Recording:
    """Decode an audio file of any usual kind (WAV, MP3, M4A, OGG, AMR, …), mix down, judge, trim.

    Raises `RecordingError` for what is no audio, broken, silent, too short or too long.
    """
    if len(data) > LARGEST:
        raise RecordingError(f"Tệp ghi âm lớn hơn {LARGEST // 1024 // 1024} MB.")
    sound = _decoded(data)
    first, last = _ends(sound)
    trimmed = sound[first:last]
    if len(trimmed) < SHORTEST * RATE:
        raise RecordingError(
            f"Bản ghi chỉ có {len(trimmed) / RATE:.1f} giây tiếng nói, cần ít nhất {SHORTEST:.0f} giây."
        )
    return Recording(
        sound=trimmed, rate=RATE, trimmed_before=first / RATE, trimmed_after=(len(sound) - last) / RATE,
        clipped_at=_clips(trimmed), loudness=loudness(trimmed, RATE), over_noise=_over_noise(trimmed),
    )


def _decoded(data: bytes) -> Sound:
    parts: list[Sound] = []
    length = 0
    try:
        for part in _pieces(data):
            parts.append(part)
            length += len(part)
            if length > LONGEST * RATE:
                raise RecordingError(f"Bản ghi dài hơn {LONGEST // 60} phút.")
    except (av.FFmpegError, ValueError, IndexError) as reason:
        if isinstance(reason, RecordingError):
            raise
        raise RecordingError("Tệp này không phải tệp âm thanh đọc được, hoặc đã hỏng.") from reason
    if not length:
        raise RecordingError("Tệp này không có âm thanh.")
    return np.concatenate(parts)


def _pieces(data: bytes) -> Iterator[Sound]:
    """The audio as mono float samples at `RATE`, piece by piece: what is too long is not held whole."""
    only = {"format_whitelist": _KINDS, "protocol_whitelist": "pipe"}
    with av.open(io.BytesIO(data), "r", options=only) as container:
        if not container.streams.audio:
            raise RecordingError("Tệp này không có âm thanh.")
        mixer = AudioResampler("flt", "mono", RATE)
        for frame in container.decode(audio=0):
            frame.pts = None
            yield from (np.asarray(one.to_ndarray().reshape(-1), np.float32) for one in mixer.resample(frame))
        yield from (np.asarray(one.to_ndarray().reshape(-1), np.float32) for one in mixer.resample(None))


def _power(sound: Sound) -> Sound:
    """Root mean square of each frame."""
    step = round(_FRAME * RATE)
    frames = sound[: len(sound) // step * step].reshape(-1, step)
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", frames, frames) / step), np.float32)


def _ends(sound: Sound) -> tuple[int, int]:
    """First and last sample of the speech: what is louder than the room and not far below the loud parts.

    A syllable lasts: a click of the switch is none. Raises `RecordingError` for silence.
    """
    power = _power(sound)
    loud = float(np.quantile(power, 0.95)) if len(power) else 0.0
    if loud < 10 ** (-60 / 20):
        raise RecordingError("Bản ghi không có tiếng.")
    room = float(np.quantile(power, 0.05))
    floor = max(loud * 10 ** (-35 / 20), min(room * 2, loud / 4))
    heard = power > floor
    steady = np.flatnonzero(np.convolve(heard, np.ones(_STEADY, int), "valid") == _STEADY)
    if not len(steady):
        raise RecordingError("Bản ghi không có tiếng nói.")
    step, margin = round(_FRAME * RATE), round(_MARGIN * RATE)
    return max(0, int(steady[0]) * step - margin), min(len(sound), (int(steady[-1]) + _STEADY) * step + margin)


def _clips(sound: Sound) -> tuple[float, ...]:
    full = np.abs(sound) >= _FULL
    runs = np.flatnonzero(full[:-2] & full[1:-1] & full[2:])
    tenths, counts = np.unique(runs // (RATE // 10), return_counts=True)
    return tuple(float(tenth) / 10 for tenth in tenths[counts >= _CLIPS_HEARD])


def _over_noise(sound: Sound) -> float:
    """Between the loud frames and the quietest of the recording, in dB; 90 where those are digital silence."""
    power = _power(sound)
    loud, quiet = float(np.quantile(power, 0.9)), float(np.quantile(power, 0.03))
    return min(20 * float(np.log10(loud / max(quiet, 1e-9))), 90.0)
