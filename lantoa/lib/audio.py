"""Sound for broadcast: chimes, mixing, loudness, true peak, and the files (MP3, Opus).

Sound is mono float32, full scale ±1, at the rate of the voice. The same samples with the same library
versions give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

Sound = npt.NDArray[np.float32]
Format = Literal["mp3", "opus"]

LOUDSPEAKER_LUFS = -16.0
"""Loudness for horn loudspeakers in the open; EBU R 128 broadcast is −23."""
PEAK_LIMIT_DBTP = -1.0
"""EBU R 128 / ITU-R BS.1770: true peak a broadcast chain may see."""

_CODEC_MARGIN_DB = 1.5
"""What low-bit-rate MP3 and Opus may add to a peak; checked after encoding all the same."""
_SILENT_LUFS = -70.0


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud a sound is: integrated loudness (LUFS, ITU-R BS.1770-4) and true peak (dBTP)."""

    loudness: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows: title, and who speaks."""

    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class AudioFile:
    """An encoded sound and what a listener would measure on it."""

    data: bytes
    seconds: float
    levels: Levels


# --- chimes ---------------------------------------------------------------------------------------------


@cache
def opening_chime(rate: int) -> Sound:
    """Four rising bell notes, about 2.6 s: a bulletin begins."""
    notes = ((0.0, 523.25), (0.38, 659.26), (0.76, 783.99), (1.14, 1046.50))
    return _bells(notes, rate, seconds=2.6, partials=((1.0, 1.0), (2.0, 0.45), (3.01, 0.22), (4.2, 0.1)), decay=2.6)


@cache
def closing_chime(rate: int) -> Sound:
    """Three falling, darker notes, about 2.2 s: it ends.

    Its notes, rhythm and timbre all differ from the opening, so that neither a listener nor the
    cross-correlation that proves an airing takes one for the other.
    """
    notes = ((0.0, 880.00), (0.5, 698.46), (1.0, 440.00))
    return _bells(notes, rate, seconds=2.2, partials=((1.0, 1.0), (1.5, 0.3), (2.76, 0.28)), decay=3.4)


def _bells(
    notes: Sequence[tuple[float, float]], rate: int, *, seconds: float,
    partials: Sequence[tuple[float, float]], decay: float,
) -> Sound:
    """Struck notes (start in seconds, hertz), each a sum of decaying partials (ratio, weight)."""
    sound = np.zeros(round(seconds * rate))
    for starts, hertz in notes:
        first = round(starts * rate)
        at = np.arange(len(sound) - first) / rate
        attack = np.minimum(at / 0.006, 1.0)
        for ratio, weight in partials:
            sound[first:] += weight * attack * np.exp(-decay * ratio**0.7 * at) * np.sin(2 * np.pi * hertz * ratio * at)
    fade = round(0.05 * rate)
    sound[-fade:] *= np.linspace(1, 0, fade)
    chime = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
    chime.flags.writeable = False  # cached: nobody may change it for the next bulletin
    return chime


# --- mixing ---------------------------------------------------------------------------------------------


def frame_bulletin(
    speech: npt.NDArray[np.int16], rate: int, *, gap: float = 0.6, tail: float = 0.4,
) -> tuple[Sound, float]:
    """Opening chime, `gap` seconds of rest, speech, rest, closing chime, `tail` seconds of silence.

    Returns the sound and the second at which the speech starts. The speech is levelled against the
    chimes; the whole is not yet normalised.
    """
    opening, closing = opening_chime(rate), closing_chime(rate)
    voice = speech.astype(np.float32) / 32768
    peak = float(np.abs(voice).max(initial=0))
    if peak > 0:
        voice *= 0.9 / peak
    rest = np.zeros(round(gap * rate), np.float32)
    end = np.zeros(round(tail * rate), np.float32)
    return np.concatenate([opening, rest, voice, rest, closing, end]), (len(opening) + len(rest)) / rate


# --- measuring ------------------------------------------------------------------------------------------


def measure(sound: Sound, rate: int) -> Levels:
    """Integrated loudness and true peak. Silence measures −70 LUFS."""
    return Levels(loudness(sound, rate), true_peak(sound))


def loudness(sound: Sound, rate: int) -> float:
    """Integrated loudness in LUFS (ITU-R BS.1770-4: K-weighting, 400 ms blocks, two gates)."""
    hop = rate // 10
    if len(sound) < 4 * hop:
        return _SILENT_LUFS
    weighted = _k_weighted(sound, rate)
    steps = np.add.reduceat(weighted * weighted, np.arange(0, len(weighted) - hop + 1, hop), dtype=np.float64)
    if len(weighted) % hop:  # the last step must be a whole one: reduceat runs to the end of the sound
        whole = len(weighted) // hop
        steps = steps[:whole]
        steps[-1] = float(np.square(weighted[(whole - 1) * hop : whole * hop], dtype=np.float64).sum())
    blocks = np.convolve(steps, np.ones(4), "valid") / (4 * hop)
    loud = blocks[_lufs(blocks) > _SILENT_LUFS]
    if not len(loud):
        return _SILENT_LUFS
    return float(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 10].mean()))


def true_peak(sound: Sound) -> float:
    """Highest point of the curve between the samples, in dBTP (BS.1770-4, annex 2: four times oversampled)."""
    return float(20 * np.log10(max(float(_crests(sound, len(sound) or 1).max(initial=0)), 1e-6)))


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)), np.float64)


_FFT_BLOCK = 1 << 16
_RING = 1 << 13
"""Samples after which the K filter's response has died away (its high-pass rings longest)."""


def _k_weighted(sound: Sound, rate: int) -> Sound:
    """`sound` through the K filter, by overlap-save in the frequency domain (numpy has no IIR filter)."""
    response = _k_response(rate)
    step = _FFT_BLOCK - _RING
    padded = np.concatenate([np.zeros(_RING, np.float32), sound, np.zeros(step, np.float32)])
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _FFT_BLOCK)[::step]
    parts = [np.fft.irfft(np.fft.rfft(block) * response, _FFT_BLOCK)[_RING:] for block in blocks]
    return np.concatenate(parts)[: len(sound)].astype(np.float32, copy=False)


@cache
def _k_response(rate: int) -> npt.NDArray[np.complex64]:
    """Frequency response of the K filter: BS.1770-4's two biquads, redesigned for `rate` (48 kHz there)."""
    z = np.exp(-2j * np.pi * np.arange(_FFT_BLOCK // 2 + 1) / _FFT_BLOCK)
    shelf_b, shelf_a = _shelf(rate)
    pass_b, pass_a = _high_pass(rate)
    response = _polynomial(shelf_b, z) / _polynomial(shelf_a, z) * _polynomial(pass_b, z) / _polynomial(pass_a, z)
    return response.astype(np.complex64)


def _polynomial(factors: Sequence[float], z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    return np.asarray(factors[0] + factors[1] * z + factors[2] * z * z)


Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]


def _shelf(rate: int) -> Biquad:
    """Build the head filter: +4 dB above about 1.7 kHz."""
    quality = 0.7071752369554196
    k = float(np.tan(np.pi * 1681.974450955533 / rate))
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    b = ((high + band * k / quality + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / quality + k * k) / a0)
    return b, (1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0)


def _high_pass(rate: int) -> Biquad:
    """Build the RLB filter: a high-pass at about 38 Hz."""
    quality = 0.5003270373238773
    k = float(np.tan(np.pi * 38.13547087602444 / rate))
    a0 = 1 + k / quality + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0)


@cache
def _between() -> tuple[npt.NDArray[np.float32], ...]:
    """Interpolators for a quarter, a half and three quarters of a sample: windowed sinc, 24 taps."""
    at = np.arange(-12, 12)
    window = np.kaiser(97, 7.0)
    phases = []
    for quarter in (1, 2, 3):
        taps = np.sinc(at + quarter / 4) * window[(at + 12) * 4 + quarter]
        phases.append((taps / taps.sum()).astype(np.float32))
    return tuple(phases)


def _crests(sound: Sound, hop: int) -> Sound:
    """Highest absolute value of each `hop` samples, points between the samples included."""
    whole = -(-len(sound) // hop) * hop
    padded = np.zeros(whole, np.float32)
    padded[: len(sound)] = np.abs(sound)
    for taps in _between():
        np.maximum(padded[: len(sound)], np.abs(np.convolve(sound, taps, "same")), out=padded[: len(sound)])
    return np.asarray(padded.reshape(-1, hop).max(axis=1))


# --- levelling ------------------------------------------------------------------------------------------

_HOP = 32
_LOOK = 12
"""Hops the limiter looks ahead and holds behind: 12 × 32 samples ≈ 17 ms at 22,050 Hz."""


def normalise(sound: Sound, rate: int, target: float = LOUDSPEAKER_LUFS, ceiling: float = PEAK_LIMIT_DBTP) -> Sound:
    """`sound` at `target` LUFS with no true peak over `ceiling` dBTP.

    Where the peaks would pass the ceiling they are held back by a look-ahead limiter; what that takes
    from the loudness is given back once. Silence is returned as it is.
    """
    found = loudness(sound, rate)
    if found <= _SILENT_LUFS:
        return sound
    crests = _crests(sound, _HOP)
    gain = 10 ** ((target - found) / 20)
    limited = _limit(sound, crests, gain, ceiling)
    lost = target - loudness(limited, rate)
    if lost > 0.05:
        limited = _limit(sound, crests, gain * 10 ** (1.15 * lost / 20), ceiling)
    return limited


def _limit(sound: Sound, crests: Sound, gain: float, ceiling: float) -> Sound:
    """Apply `gain`, and less of it around the peaks that would pass `ceiling` (dBTP)."""
    top = 10 ** (ceiling / 20)
    wanted = np.minimum(1.0, top / np.maximum(crests * gain, 1e-9))
    if wanted.min() >= 1.0:
        return (sound * np.float32(gain)).astype(np.float32, copy=False)
    # A sliding minimum followed by a mean over the same span never lets a peak through and has no corners.
    span = 2 * _LOOK + 1
    held = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, 2 * _LOOK + 1, mode="edge"), span).min(axis=1)
    smooth = np.convolve(held, np.hanning(span + 2)[1:-1] / np.hanning(span + 2).sum(), "valid")
    centres = (np.arange(len(smooth)) - 1) * _HOP + _HOP / 2
    curve = np.interp(np.arange(len(sound)), centres, smooth)
    return np.asarray(sound * (curve * gain).astype(np.float32))


# --- files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Encoding:
    codec: str
    container: str
    bit_rate: int
    sample_rate: int | None
    """None keeps the sound's own."""
    sample_format: str
    options: tuple[tuple[str, str], ...]


# LAME quality 7 costs half of quality 5 and a tenth of quality 0; on one voice at 48 kbit/s none is heard to differ.
_ENCODINGS: dict[Format, _Encoding] = {
    "mp3": _Encoding("libmp3lame", "mp3", 48_000, None, "s16p", (("compression_level", "7"),)),
    "opus": _Encoding(
        "libopus", "ogg", 32_000, 48_000, "s16", (("application", "voip"), ("compression_level", "5")),
    ),
}


def master(
    sound: Sound, rate: int, tags: Tags, *, format: Format = "mp3", target: float = LOUDSPEAKER_LUFS,  # noqa: A002 - the trade's word
) -> AudioFile:
    """Normalise, encode, then decode and measure what a listener will get.

    Encoding moves peaks; the ceiling is lowered until the decoded file keeps `PEAK_LIMIT_DBTP`.
    """
    margin = _CODEC_MARGIN_DB
    while True:
        data = encode(normalise(sound, rate, target, PEAK_LIMIT_DBTP - margin), rate, tags, format=format)
        heard, heard_rate = decode(data)
        levels = measure(heard, heard_rate)
        excess = levels.true_peak - PEAK_LIMIT_DBTP
        if excess <= 0 or margin > 6:
            return AudioFile(data, len(heard) / heard_rate, levels)
        margin += excess + 0.3


def encode(sound: Sound, rate: int, tags: Tags, *, format: Format = "mp3") -> bytes:  # noqa: A002 - the trade's word
    """Encode as MP3 (48 kbit/s at the sound's own rate) or Ogg Opus (32 kbit/s), mono, with UTF-8 tags."""
    plan = _ENCODINGS[format]
    out = io.BytesIO()
    options = {"fflags": "+bitexact"}  # no library version in the file: the bytes depend on the sound alone
    with av.open(out, "w", format=plan.container, options=options) as container:
        container.metadata.update({"title": tags.title, "artist": tags.artist})
        stream = container.add_stream(plan.codec, rate=plan.sample_rate or rate, layout="mono", options=dict(plan.options))
        stream.bit_rate = plan.bit_rate
        stream.format = plan.sample_format
        for frame in _frames(sound, rate, plan):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _frames(sound: Sound, rate: int, plan: _Encoding) -> list[av.AudioFrame]:
    samples = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    resampler = AudioResampler(plan.sample_format, "mono", plan.sample_rate) if plan.sample_rate else None
    frames: list[av.AudioFrame] = []
    for first in range(0, len(samples), 10 * rate):
        frame = av.AudioFrame.from_ndarray(samples[None, first : first + 10 * rate], format="s16p", layout="mono")
        frame.sample_rate = rate
        frames += resampler.resample(frame) if resampler else [frame]
    if resampler:
        frames += resampler.resample(None)
    for frame in frames:
        frame.pts = None
    return frames


def decode(data: bytes) -> tuple[Sound, int]:
    """Decode a mono file to (sound, rate). Raises `av.FFmpegError` when it is not audio."""
    with av.open(io.BytesIO(data)) as container:
        rate = container.streams.audio[0].codec_context.sample_rate
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return (sound.astype(np.float32) / 32768 if sound.dtype == np.int16 else sound.astype(np.float32, copy=False)), rate
