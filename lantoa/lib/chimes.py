"""The chimes around a bulletin: ours, an agency's own sound files, or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.resampler import AudioResampler

from lantoa.lib.audio import GAP, TAIL, Sound, closing_chime, opening_chime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

OURS, NONE = "", "none"
LONGEST = 15.0
"""Seconds of a chime at most: it takes air time from the words."""
LARGEST = 20 * 1024 * 1024
_HEIGHT = 0.5
"""Highest sample of a chime: as high as ours, so that the words stay the loudest."""


class ChimeError(ValueError):
    """A sound file that cannot be a chime; the message names the file and says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Chimes:
    """What sounds before and after the words: empty for our own chime, `none`, or the path of a sound file."""

    opening: str = OURS
    closing: str = OURS

    def sounds(self, rate: int) -> tuple[Sound, Sound]:
        """Both at `rate` samples a second. Raises `ChimeError`."""
        return (
            _sound(self.opening, rate) if self.opening else opening_chime(rate),
            _sound(self.closing, rate) if self.closing else closing_chime(rate),
        )

    def frame_seconds(self) -> float:
        """Seconds both take with their rests and the silence at the end. Raises `ChimeError`."""
        rate = 22_050
        return sum(len(sound) / rate + GAP for sound in self.sounds(rate) if len(sound)) + TAIL

    def identity(self) -> tuple[str, str]:
        """What tells these chimes from others: a file by its content. Raises `ChimeError`."""
        first, last = (chime if chime in {OURS, NONE} else _digest(chime) for chime in (self.opening, self.closing))
        return first, last


def _sound(chime: str, rate: int) -> Sound:
    if chime == NONE:
        return np.zeros(0, np.float32)
    path = Path(chime)
    return _read(chime, _changed_at(path), rate)


def _changed_at(path: Path) -> int:
    try:
        found = path.stat()
    except OSError as error:
        raise ChimeError(f"Không thấy tệp nhạc hiệu “{path}”.") from error
    if found.st_size > LARGEST:
        raise ChimeError(f"Tệp nhạc hiệu “{path}” lớn hơn {LARGEST // 1024 // 1024} MB.")
    return found.st_mtime_ns


def _digest(chime: str) -> str:
    _changed_at(Path(chime))
    return hashlib.sha256(Path(chime).read_bytes()).hexdigest()


@lru_cache(maxsize=8)
def _read(chime: str, _changed: int, rate: int) -> Sound:
    """The file as mono samples, as loud as our own chimes."""
    parts: list[Sound] = []
    length = 0
    try:
        with av.open(chime, "r") as container:
            if not container.streams.audio:
                raise ChimeError(f"Tệp nhạc hiệu “{chime}” không có âm thanh.")
            for part in _decoded(container, rate):
                parts.append(part)
                length += len(part)
                if length > LONGEST * rate:
                    raise ChimeError(f"Nhạc hiệu “{chime}” dài hơn {LONGEST:.0f} giây: hãy cắt ngắn.")
    except (av.FFmpegError, IndexError) as error:
        raise ChimeError(f"Tệp nhạc hiệu “{chime}” không đọc được: hãy dùng tệp WAV, MP3 hoặc OGG.") from error
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    peak = float(np.abs(sound).max(initial=0))
    if peak < 1e-4:
        raise ChimeError(f"Tệp nhạc hiệu “{chime}” không có tiếng.")
    levelled = np.asarray(sound * (_HEIGHT / peak), np.float32)
    levelled.flags.writeable = False
    return levelled


def _decoded(container: InputContainer, rate: int) -> Iterator[Sound]:
    """The sound as mono samples, piece by piece: what is too long is not held whole."""
    mixer = AudioResampler("flt", "mono", rate)
    for frame in chain(container.decode(audio=0), [None]):
        yield from (np.asarray(one.to_ndarray().reshape(-1), np.float32) for one in mixer.resample(frame))
