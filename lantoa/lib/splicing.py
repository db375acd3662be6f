"""Bulletins made of parts: a sentence that many of them share is levelled and encoded once.

An MP3 is a row of frames, and the frames of sounds that were encoded apart may stand in one row where each begins and
ends in silence: a decoder mixes the end of one frame into the beginning of the next (ISO/IEC 11172-3, 2.4.3.4), and
the first frame of an encoder needs none before it. So a part is a whole number of frames with rests at both ends, and
its encoder's last frames, which hold only the rest it runs late by, are left out.

Parts are shared only where they are amplified alike, so gains go in steps no listener hears. What a bulletin is made
of depends on itself alone: the same sound gives the same bytes, whatever was made before.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import av
import numpy as np
import numpy.typing as npt
from av.packet import PacketSideData

from lantoa.lib.audio import (
    ENCODINGS,
    GAP,
    LOUDSPEAKER_LUFS,
    QUIETEST,
    SILENT_LUFS,
    TAIL,
    AudioFile,
    Sound,
    Tags,
    apply_curve,
    closing_chime,
    crests_of,
    gated,
    hop_power,
    k_weighted,
    limiter_curve,
    mastered,
    opening_chime,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from av import AudioCodecContext, AudioStream

    from lantoa.lib.voice import Samples, Speech, Utterance

_LEAD = 0.15
"""Seconds of silence a part begins with, and at least ends with: six frames, an encoder runs late by two."""
_SHORTEST_REST = 2 * _LEAD
_STEP = 0.25
"""Decibels of a step of the gain: an eighth of one is the most a bulletin misses its loudness by."""
_VOICE_STEP = 0.5
_VOICE_PEAK = 0.9
_PLAN = ENCODINGS["mp3"]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A whole number of frames of sound that begins and ends in silence; `key` is what it sounds like."""

    sound: Sound
    key: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A bulletin in parts: chime, sentences, chime."""

    parts: tuple[Part, ...]
    rate: int
    utterances: tuple[Utterance, ...]
    """Each sentence with the seconds it sounds at in the whole."""

    @property
    def sound(self) -> Sound:
        """The whole, not yet levelled."""
        return np.concatenate([part.sound for part in self.parts])


# --- taking apart -----------------------------------------------------------------------------------------


def bulletin_parts(speech: Speech, chimes: tuple[Sound, Sound] | None = None) -> Parts:
    """Opening chime, the sentences of `speech` with their rests, closing chime; the voice levelled against the chimes.

    `chimes` are ours unless others are given; one of no sound is left out with its rest, as in `frame_bulletin`.
    Rests come out up to half a frame longer or shorter, so that every sentence begins with a frame.
    """
    rate = speech.sample_rate
    gain = _voice_gain(speech)
    opening, closing = chimes or (opening_chime(rate), closing_chime(rate))
    parts = [_part(opening, 0, GAP - _LEAD, rate)] if len(opening) else []
    utterances: list[Utterance] = []
    at = sum(len(part.sound) for part in parts)
    for some, rest in _groups(speech, GAP if len(closing) else TAIL + _LEAD):
        first, last = round(some[0].starts * rate), round(some[-1].ends * rate)
        parts.append(_spoken(speech.samples[first:last], rate, gain, rest))
        utterances += [one.later((at - first) / rate + _LEAD) for one in some]
        at += len(parts[-1].sound)
    ending = [_part(closing, _LEAD, TAIL, rate)] if len(closing) else []
    return Parts((*parts, *ending), rate, tuple(utterances))


def _groups(speech: Speech, last_rest: float) -> list[tuple[list[Utterance], float]]:
    """Sentences that belong together, for there is hardly a rest between them, and the rest after them."""
    groups: list[tuple[list[Utterance], float]] = []
    some: list[Utterance] = []
    for one, following in zip(speech.utterances, (*speech.utterances[1:], None), strict=True):
        some.append(one)
        rest = following.starts - one.ends if following else last_rest
        if rest >= _SHORTEST_REST:
            groups.append((some, rest))
            some = []
    return groups


def _voice_gain(speech: Speech) -> float:
    """What brings the voice to about nine tenths of full scale."""
    peak = int(np.abs(speech.samples.astype(np.int32)).max(initial=0)) / 32768
    if not peak:
        return 1.0
    return float(10 ** (_stepped(20 * np.log10(_VOICE_PEAK / peak), _VOICE_STEP) / 20))


def _stepped(decibels: float, step: float) -> float:
    return round(decibels / step) * step


def _padded(sound: Sound, before: float, after: float, rate: int) -> Sound:
    """`sound` between rests, the last of them as long as a whole number of frames asks for."""
    frame = frame_size(rate)
    lead = round(before * rate)
    length = max(1, round((lead + len(sound) + after * rate) / frame)) * frame
    padded = np.zeros(length, np.float32)
    padded[lead : lead + len(sound)] = sound[: length - lead]
    return padded


def _part(sound: Sound, before: float, after: float, rate: int) -> Part:
    padded = _padded(sound, before, after, rate)
    return Part(padded, f"{_digest(sound)}-{rate}-{before}-{len(padded)}")


def _spoken(samples: Samples, rate: int, gain: float, rest: float) -> Part:
    sound = _padded(samples.astype(np.float32) * (gain / 32768), _LEAD, rest - _LEAD, rate)
    return Part(sound, f"{_digest(samples)}-{rate}-{gain:.4f}-{len(sound)}")


def _digest(sound: npt.NDArray[Any]) -> str:
    return hashlib.blake2b(sound.tobytes(), digest_size=16).hexdigest()


def frame_size(rate: int) -> int:
    """Samples in a frame of an MP3: MPEG-1 from 32 kHz on, MPEG-2 below (ISO/IEC 13818-3, 2.4.2.3)."""
    return 1152 if rate >= 32_000 else 576


# --- mastering --------------------------------------------------------------------------------------------


def master_parts(bulletin: Parts, tags: Tags, *, target: float = LOUDSPEAKER_LUFS) -> AudioFile:
    """The same as `audio.master` as MP3: levelled, encoded, then decoded and measured as a listener gets it."""
    silent = all(_measured(part, bulletin.rate).power.sum() == 0 for part in bulletin.parts)

    def make(aim: float, ceiling: float) -> bytes:
        gain = 0.0 if silent else _gain(bulletin, aim, ceiling)
        return _joined(_frames(bulletin, gain, ceiling), bulletin.rate, tags)

    return mastered(make, target, _PLAN)


def _gain(bulletin: Parts, target: float, ceiling: float) -> float:
    """The gain, in steps, that brings the whole nearest to `target` LUFS when peaks are held under `ceiling` dBTP."""
    rate = bulletin.rate
    power = np.concatenate([_measured(part, rate).power for part in bulletin.parts])
    found = gated(power, rate)
    if found <= SILENT_LUFS:
        return 0.0
    gain = _stepped(target - found, _STEP)
    missed: dict[float, float] = {}
    while gain not in missed and len(missed) < 12:
        curve = np.concatenate([_curve(part, rate, gain, ceiling) for part in bulletin.parts])
        missing = target - gated(power * curve**2, rate)
        missed[gain] = abs(missing)
        gain += _stepped(min(1.3 * missing, 3.0), _STEP) or float(np.copysign(_STEP, missing))
    return min(missed, key=lambda tried: (missed[tried], tried))


@dataclass(frozen=True, slots=True)
class _Measured:
    power: npt.NDArray[np.float64]
    crests: Sound


def _measured(part: Part, rate: int) -> _Measured:
    """Energy and highest point of each hop; the filter rings out within the rest."""
    def measure() -> _Measured:
        return _Measured(hop_power(k_weighted(part.sound, rate)), crests_of(part.sound, floor=QUIETEST))

    return _kept.once(("measured", part.key), measure)


def _curve(part: Part, rate: int, gain: float, ceiling: float) -> npt.NDArray[np.float64]:
    crests = _measured(part, rate).crests
    return _kept.once(("curve", part.key, gain, ceiling), lambda: limiter_curve(crests, gain, ceiling))


# --- encoding ---------------------------------------------------------------------------------------------


_SKIPPED: Literal["skip_samples"] = "skip_samples"
"""What an encoder says beside its first and its last frame: how late it runs, and how much of the end is none."""
Skipped = PacketSideData | None


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The frames of a part: as many as it has, and the few its encoder runs late by."""

    frames: tuple[bytes, ...]
    late: tuple[bytes, ...]
    begins: Skipped
    ends: Skipped


def _frames(bulletin: Parts, gain: float, ceiling: float) -> list[_Encoded]:
    """All parts encoded. What another thread is about to encode is left to it, and fetched at the end."""
    keys = [("mp3", part.key, gain, ceiling) for part in bulletin.parts]
    wanted = []
    for part, key in zip(bulletin.parts, keys, strict=True):
        future, is_mine = _kept.claim(key)
        if is_mine:
            _kept.fulfil(key, future, lambda part=part: _encoded(part, bulletin.rate, gain, ceiling))  # type: ignore[misc]  # mypy cannot type a default in a lambda
        wanted.append(future)
    return [future.result() for future in wanted]


def _encoded(part: Part, rate: int, gain: float, ceiling: float) -> _Encoded:
    levelled = apply_curve(part.sound, _curve(part, rate, gain, ceiling))
    samples = np.round(np.clip(levelled, -1, 1) * 32767).astype(np.int16)
    encoder = cast("AudioCodecContext", av.CodecContext.create(_PLAN.codec, "w"))
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", _PLAN.sample_format
    encoder.bit_rate, encoder.time_base, encoder.options = _PLAN.bit_rate, Fraction(1, rate), dict(_PLAN.options)
    frame = av.AudioFrame.from_ndarray(samples[None], format=_PLAN.sample_format, layout="mono")
    frame.sample_rate, frame.pts = rate, None
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    size = len(samples) // frame_size(rate)
    data = [bytes(packet) for packet in packets]
    return _Encoded(tuple(data[:size]), tuple(data[size:]), _skipped(packets[0]), _skipped(packets[-1]))


def _skipped(packet: av.Packet[AudioStream]) -> Skipped:
    return packet.get_sidedata(_SKIPPED) if packet.has_sidedata(_SKIPPED) else None


def _joined(encoded: Sequence[_Encoded], rate: int, tags: Tags) -> bytes:
    """One file of all frames, with its tags and the header that tells players where the sound begins and ends."""
    out = io.BytesIO()
    options = {"fflags": "+bitexact"}  # no library version in the file: the bytes depend on the sound alone
    with av.open(out, "w", format=_PLAN.container, options=options) as container:
        container.metadata.update({"title": tags.title, "artist": tags.artist})
        stream = cast("AudioStream", container.add_stream(_PLAN.codec, rate=rate, layout="mono"))
        stream.bit_rate, stream.format = _PLAN.bit_rate, _PLAN.sample_format
        container.start_encoding()
        frames = [frame for part in encoded for frame in part.frames] + [*encoded[-1].late]
        base, size = Fraction(1, rate), frame_size(rate)
        skipped = {0: encoded[0].begins, len(frames) - 1: encoded[-1].ends}
        for number, frame in enumerate(frames):
            packet = av.Packet(frame)
            packet.stream, packet.time_base, packet.duration = stream, base, size
            packet.pts = packet.dts = number * size
            if (beside := skipped.get(number)) is not None:
                packet.set_sidedata(beside)
            container.mux(packet)
    return out.getvalue()


# --- what was made before ---------------------------------------------------------------------------------

_T = TypeVar("_T")
_MOST_KEPT = 64 * 2**20
"""Bytes: about half an hour of sentences."""


class _Kept:
    """Things by what they are made of, the oldest forgotten first; two threads that want the same make it once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._things: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}

    def claim(self, key: Hashable) -> tuple[Future[Any], bool]:
        """The thing to come, and whether it falls to the caller to make it: then `fulfil` must follow."""
        with self._lock:
            known = self._things.get(key)
            if known is not None:
                self._things.move_to_end(key)
                return known, False
            mine: Future[Any] = Future()
            self._things[key] = mine
            return mine, True

    def fulfil(self, key: Hashable, future: Future[Any], make: Callable[[], Any]) -> None:
        """Make what was claimed; what fails is forgotten, and fails whoever waits for it."""
        try:
            thing = make()
        except BaseException as error:
            with self._lock:
                self._things.pop(key, None)
            future.set_exception(error)
            raise
        future.set_result(thing)
        with self._lock:
            self._sizes[key] = _size(thing)
            while sum(self._sizes.values()) > self._most and len(self._sizes) > 1:
                oldest = next(known for known in self._things if known in self._sizes)
                del self._things[oldest], self._sizes[oldest]

    def once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What `make` makes, made now if it is not there."""
        future, is_mine = self.claim(key)
        if is_mine:
            self.fulfil(key, future, make)
        thing: _T = future.result()
        return thing


def _size(thing: Any) -> int:
    """About how many bytes it holds."""
    if isinstance(thing, _Measured):
        return thing.power.nbytes + thing.crests.nbytes
    if isinstance(thing, _Encoded):
        return sum(map(len, thing.frames))
    return int(thing.nbytes)


_kept = _Kept(_MOST_KEPT)
