"""Sound for broadcast: chimes, mixing, loudness, true peak, and the files (MP3, Opus).

Sound is mono float32, full scale ±1, at the rate of the voice. The same samples with the same library
versions give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from av import AudioStream

Sound = npt.NDArray[np.float32]
Format = Literal["mp3", "opus"]

LOUDSPEAKER_LUFS = -16.0
"""Loudness for horn loudspeakers in the open; EBU R 128 broadcast is −23."""
PEAK_LIMIT_DBTP = -1.0
"""EBU R 128 / ITU-R BS.1770: true peak a broadcast chain may see."""

_HOP = 32
"""Samples of one step of measuring and levelling: 1.5 ms at 22,050 Hz."""
SILENT_LUFS = -70.0


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
    chime = np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)
    chime.flags.writeable = False  # cached: nobody may change it for the next bulletin
    return chime


# --- mixing ---------------------------------------------------------------------------------------------


GAP, TAIL = 0.6, 0.4
"""Seconds of rest between a chime and the words, and of silence at the end."""


def frame_bulletin(
    speech: npt.NDArray[np.int16], rate: int, chimes: tuple[Sound, Sound] | None = None,
) -> tuple[Sound, float]:
    """Join opening chime, rest, speech, rest, closing chime, silence; a chime of no sound is left out with its rest.

    Returns the sound and the second at which the speech starts. The speech is levelled against the
    chimes; the whole is not yet normalised.
    """
    opening, closing = chimes or (opening_chime(rate), closing_chime(rate))
    voice = speech.astype(np.float32) / 32768
    peak = float(np.abs(voice).max(initial=0))
    if peak > 0:
        voice *= 0.9 / peak
    rest, none = np.zeros(round(GAP * rate), np.float32), np.zeros(0, np.float32)
    before, after = (rest if len(chime) else none for chime in (opening, closing))
    end = np.zeros(round(TAIL * rate), np.float32)
    return np.concatenate([opening, before, voice, after, closing, end]), (len(opening) + len(before)) / rate


# --- measuring ------------------------------------------------------------------------------------------


def measure(sound: Sound, rate: int) -> Levels:
    """Integrated loudness and true peak. Silence measures −70 LUFS."""
    return Levels(loudness(sound, rate), true_peak(sound))


def loudness(sound: Sound, rate: int) -> float:
    """Integrated loudness in LUFS (ITU-R BS.1770-4: K-weighting, 400 ms blocks, two gates)."""
    return gated(hop_power(k_weighted(sound, rate)), rate)


def hop_power(weighted: Sound) -> npt.NDArray[np.float64]:
    """Energy of each whole hop."""
    whole = weighted[: len(weighted) // _HOP * _HOP].reshape(-1, _HOP)
    return np.asarray(np.einsum("ij,ij->i", whole, whole), np.float64)


def gated(power: npt.NDArray[np.float64], rate: int) -> float:
    """Integrated loudness of hop energies: 400 ms blocks every 100 ms, gates at −70 LUFS and 10 LU under the rest."""
    edges = np.round(np.arange(0, len(power) * _HOP + 1, rate / 10) / _HOP).astype(int)
    if len(edges) < 5:
        return SILENT_LUFS
    total = np.concatenate([[0.0], np.cumsum(power)])[edges]
    blocks = (total[4:] - total[:-4]) / ((edges[4:] - edges[:-4]) * _HOP)
    loud = blocks[_lufs(blocks) > SILENT_LUFS]
    if not len(loud):
        return SILENT_LUFS
    return float(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 10].mean()))


def true_peak(sound: Sound) -> float:
    """Highest point of the curve between the samples, in dBTP (BS.1770-4, annex 2: four times oversampled)."""
    return float(20 * np.log10(max(float(crests_of(sound, floor=0.5).max(initial=0)), 1e-6)))


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)), np.float64)


_FFT_BLOCK = 1 << 14
_RING = 1 << 12
"""Samples after which the K filter's response has died away (its high-pass rings longest)."""


def k_weighted(sound: Sound, rate: int) -> Sound:
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


_TAPS = 24


@cache
def _between() -> tuple[Sound, ...]:
    """Matrices that turn a hop and its neighbours into the points ¼, ½ and ¾ of the way between its samples."""
    at = np.arange(_TAPS) - _TAPS // 2 + 1
    matrices = []
    for part in (0.25, 0.5, 0.75):
        taps = np.sinc(part - at) * np.kaiser(_TAPS * 4 + 1, 7.0)[np.round((at - part + _TAPS / 2) * 4).astype(int)]
        matrix = np.zeros((_HOP + _TAPS - 1, _HOP), np.float32)
        for sample in range(_HOP):
            matrix[sample : sample + _TAPS, sample] = taps / taps.sum()
        matrices.append(matrix)
    return tuple(matrices)


def crests_of(sound: Sound, floor: float) -> Sound:
    """Highest absolute value of each hop, points between the samples included.

    Hops under `floor` of the highest sample are too quiet to matter and keep their sample peak.
    """
    hops = -(-len(sound) // _HOP)
    padded = np.zeros(hops * _HOP + _TAPS - 1, np.float32)
    before = _TAPS // 2 - 1
    padded[before : before + len(sound)] = sound
    crests = np.abs(padded[before : before + hops * _HOP]).reshape(-1, _HOP).max(axis=1, initial=0)
    loud = np.flatnonzero(crests >= floor * crests.max(initial=0))
    rows = np.lib.stride_tricks.sliding_window_view(padded, _HOP + _TAPS - 1)[::_HOP][loud]
    for matrix in _between():
        crests[loud] = np.maximum(crests[loud], np.abs(rows @ matrix).max(axis=1, initial=0))
    return np.asarray(crests)


# --- levelling ------------------------------------------------------------------------------------------

_LOOK = 12
"""Hops the limiter looks ahead and holds behind: 12 × 32 samples ≈ 17 ms at 22,050 Hz."""
QUIETEST = 0.2
"""Part of the highest sample under which the limiter need not look: it never takes off 14 dB."""


def normalise(sound: Sound, rate: int, target: float = LOUDSPEAKER_LUFS, ceiling: float = PEAK_LIMIT_DBTP) -> Sound:
    """`sound` at `target` LUFS with no true peak over `ceiling` dBTP.

    Where peaks would pass the ceiling a look-ahead limiter holds them back, and the gain is raised until
    the loudness comes out right all the same. Silence is returned as it is.
    """
    power = hop_power(k_weighted(sound, rate))
    found = gated(power, rate)
    if found <= SILENT_LUFS:
        return sound
    crests = crests_of(sound, floor=QUIETEST)
    gain = target - found
    for _ in range(8):  # on hops, not samples: costs next to nothing, and settles within 0.1 LU
        curve = limiter_curve(crests, gain, ceiling)
        missing = target - gated(power * curve[: len(power)] ** 2, rate)
        if abs(missing) < 0.05:
            break
        gain += min(1.3 * missing, 3.0)
    return apply_curve(sound, limiter_curve(crests, gain, ceiling))


def limiter_curve(crests: Sound, gain: float, ceiling: float) -> npt.NDArray[np.float64]:
    """Gain of each hop: `gain` (dB), and less of it around the peaks that would pass `ceiling` (dBTP)."""
    factor = 10 ** (gain / 20)
    wanted = np.minimum(factor, 10 ** (ceiling / 20) / np.maximum(crests, 1e-9))
    # A sliding minimum followed by a mean over the same span lets no peak through and has no corners.
    span = 2 * _LOOK + 1
    held = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, 2 * _LOOK, mode="edge"), span).min(axis=1)
    window = np.hanning(span + 2)[1:-1]
    return np.asarray(np.convolve(held, window / window.sum(), "valid"))


def apply_curve(sound: Sound, curve: npt.NDArray[np.float64]) -> Sound:
    """Multiply by the gain of each hop, straight lines between hop centres."""
    steps = np.concatenate([curve[:1], curve, curve[-1:]])
    ramp = (np.arange(_HOP) + 0.5) / _HOP
    half = _HOP // 2
    lines = (steps[:-1, None] + np.diff(steps)[:, None] * ramp).astype(np.float32).reshape(-1)
    return np.asarray(sound * lines[half : half + len(sound)])


# --- files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a format is made, and what its encoder does to a sound."""

    codec: str
    container: str
    bit_rate: int
    sample_rate: int | None
    """None keeps the sound's own."""
    sample_format: str
    options: tuple[tuple[str, str], ...]
    margin: float
    """dB: what encoding may add to a peak. Checked after encoding all the same."""
    loss: float
    """LU: what encoding takes from the loudness of speech (measured)."""


# LAME quality 7 costs half of quality 5 and a tenth of quality 0; on one voice at 48 kbit/s none is heard to differ.
# libopus as "voip" at complexity 5 slipped once in a bulletin, a crack 5 dB over full scale; "audio" at 10 never did.
ENCODINGS: dict[Format, Encoding] = {
    "mp3": Encoding("libmp3lame", "mp3", 48_000, None, "s16p", (("compression_level", "7"),), 0.6, 0.4),
    "opus": Encoding(
        "libopus", "ogg", 32_000, 48_000, "s16", (("application", "audio"), ("compression_level", "10")), 1.6, 0.25,
    ),
}


def master(
    sound: Sound, rate: int, tags: Tags, *, target: float = LOUDSPEAKER_LUFS,
    format: Format = "mp3",  # noqa: A002 - the trade's word
) -> AudioFile:
    """Normalise, encode, then decode and measure what a listener will get.

    Encoding moves peaks and takes a little loudness; where that is more than usual it is encoded again,
    so that the decoded file keeps `PEAK_LIMIT_DBTP` and comes within half a unit of `target`.
    """
    def make(aim: float, ceiling: float) -> bytes:
        return encode(normalise(sound, rate, aim, ceiling), rate, tags, format=format)

    return mastered(make, target, ENCODINGS[format])


def mastered(make: Callable[[float, float], bytes], target: float, plan: Encoding) -> AudioFile:
    """The file that `make` gives, asked with the loudness and the peak to aim at until the decoded file has them."""
    ceiling, aim = PEAK_LIMIT_DBTP - plan.margin, target + plan.loss
    tried: list[AudioFile] = []
    for attempt in range(5):
        tried.append(heard(make(aim, ceiling)))
        levels = tried[-1].levels
        excess, short = levels.true_peak - PEAK_LIMIT_DBTP, target - levels.loudness
        if excess <= 0 and (abs(short) <= 0.5 or attempt >= 2 or levels.loudness <= SILENT_LUFS):
            break
        # In small steps: a codec that slips once must not make all the rest faint.
        ceiling -= min(excess + 0.2, 1.5) if excess > 0 else 0
        aim += max(-1.5, min(short, 1.5)) if abs(short) > 0.5 else 0
    return min(tried, key=lambda file: _misses(file.levels, target))


def _misses(levels: Levels, target: float) -> tuple[float, float]:
    """How far over the peak limit, then how far from the target: the less the better."""
    return max(levels.true_peak - PEAK_LIMIT_DBTP, 0.0), abs(levels.loudness - target)


def heard(data: bytes) -> AudioFile:
    """The file with what a listener will get: decoded and measured."""
    sound, rate = decode(data)
    return AudioFile(data, len(sound) / rate, measure(sound, rate))


def encode(sound: Sound, rate: int, tags: Tags, *, format: Format = "mp3") -> bytes:  # noqa: A002 - the trade's word
    """Encode as MP3 (48 kbit/s at the sound's own rate) or Ogg Opus (32 kbit/s), mono, with UTF-8 tags."""
    plan = ENCODINGS[format]
    out = io.BytesIO()
    options = {"fflags": "+bitexact"}  # no library version in the file: the bytes depend on the sound alone
    with av.open(out, "w", format=plan.container, options=options) as container:
        container.metadata.update({"title": tags.title, "artist": tags.artist})
        stream = cast(
            "AudioStream",
            container.add_stream(plan.codec, rate=plan.sample_rate or rate, layout="mono", options=dict(plan.options)),
        )
        stream.bit_rate = plan.bit_rate
        stream.format = plan.sample_format
        for frame in _frames(sound, rate, plan):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _frames(sound: Sound, rate: int, plan: Encoding) -> list[av.AudioFrame]:
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
    with av.open(io.BytesIO(data), "r") as container:
        rate = container.streams.audio[0].codec_context.sample_rate
        whole = av.AudioFifo()  # its frames are short: one array of all costs half of an array each
        for frame in container.decode(audio=0):
            frame.pts = None
            whole.write(frame)
    joined = whole.read()
    sound = joined.to_ndarray().reshape(-1) if joined else np.zeros(0, np.float32)
    if sound.dtype == np.int16:
        return np.asarray(sound.astype(np.float32) / 32768, np.float32), rate
    return np.asarray(sound, np.float32), rate
