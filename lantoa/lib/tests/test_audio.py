from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lantoa.lib.audio import (
    PEAK_LIMIT_DBTP,
    AudioFile,
    Format,
    Sound,
    Tags,
    closing_chime,
    decode,
    encode,
    frame_bulletin,
    loudness,
    master,
    measure,
    normalise,
    opening_chime,
    true_peak,
)

if TYPE_CHECKING:
    from pathlib import Path

RATE = 22_050
TAGS = Tags("Tắt sóng 2G — phường Anh Dũng", "UBND phường Anh Dũng")
needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="the independent probe, ffmpeg, is not installed"
)


def _tone(hertz: float, seconds: float, amplitude: float, rate: int = 48_000) -> Sound:
    wave = np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.asarray(amplitude * wave, np.float32)


def _bursts(seconds: float = 12, rate: int = RATE) -> Sound:
    """Something like speech: noise through a low-pass, in syllables, with sharp peaks."""
    noise = np.random.default_rng(7).standard_normal(round(seconds * rate))
    low = np.convolve(noise, np.hanning(9) / 4, "same")
    beat = np.abs(np.sin(np.pi * 3.3 * np.arange(len(low)) / rate)) ** 3
    return np.asarray(0.2 * low * beat, np.float32)


@pytest.fixture(scope="module")
def mastered() -> AudioFile:
    return master(_bursts(), RATE, TAGS)


def _probe(data: bytes, path: Path) -> tuple[float, float]:
    """Loudness and true peak as FFmpeg's ebur128 filter measures them."""
    path.write_bytes(data)
    told = subprocess.run(
        ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    summary = told[told.rindex("Summary:") :]
    figures = [re.search(rf"{name}:\s+(-?[\d.]+) ", summary) for name in ("I", "Peak")]
    assert figures[0] is not None
    assert figures[1] is not None
    return float(figures[0][1]), float(figures[1][1])


def test_a_full_scale_tone_measures_what_the_standard_says() -> None:
    """BS.1770-4: a 0 dBFS sine at 997 Hz in one channel measures −3.01 LKFS."""
    assert loudness(_tone(997, 20, 1.0), 48_000) == pytest.approx(-3.01, abs=0.05)


def test_ten_decibels_less_measure_ten_less() -> None:
    sound = _bursts()
    assert loudness(sound, RATE) - loudness(sound * np.float32(10**-0.5), RATE) == pytest.approx(10, abs=0.01)


def test_silence_between_sentences_does_not_count() -> None:
    """EBU Tech 3341: what is far quieter than the rest is gated out."""
    sound = _bursts()
    padded = np.concatenate([sound, np.zeros(10 * RATE, np.float32)])
    assert loudness(padded, RATE) == pytest.approx(loudness(sound, RATE), abs=0.3)


def test_silence_measures_the_floor() -> None:
    assert loudness(np.zeros(RATE, np.float32), RATE) == -70
    assert loudness(np.zeros(10, np.float32), RATE) == -70


def test_a_peak_between_the_samples_is_found() -> None:
    """A tone at a quarter of the rate, sampled 45° off its crests: samples at −3 dB, curve at 0 dB."""
    sound = np.sin(2 * np.pi * 0.25 * np.arange(4_000) + np.pi / 4).astype(np.float32)
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(sound[500:-500] * np.hanning(3_000).astype(np.float32)) == pytest.approx(0, abs=0.1)


def test_a_lone_burst_is_levelled_to_the_target_under_the_ceiling() -> None:
    levelled = measure(normalise(_bursts(), RATE, target=-16, ceiling=-2), RATE)
    assert levelled.loudness == pytest.approx(-16, abs=0.3)
    assert levelled.true_peak <= -1.9


def test_a_quiet_target_needs_no_limiter_and_is_exact() -> None:
    levelled = measure(normalise(_bursts(), RATE, target=-30, ceiling=-2), RATE)
    assert levelled.loudness == pytest.approx(-30, abs=0.05)


def test_silence_is_left_alone() -> None:
    silent = np.zeros(RATE, np.float32)
    assert np.array_equal(normalise(silent, RATE), silent)


@pytest.mark.parametrize("format", ["mp3", "opus"])
def test_the_file_a_listener_gets_keeps_loudness_and_peak(format: Format) -> None:  # noqa: A002 - the trade's word
    made = master(_bursts(), RATE, TAGS, format=format)
    assert made.levels.loudness == pytest.approx(-16, abs=0.7)
    assert made.levels.true_peak <= PEAK_LIMIT_DBTP
    assert made.seconds == pytest.approx(12, abs=0.1)


def test_the_same_sound_gives_the_same_bytes(mastered: AudioFile) -> None:
    assert master(_bursts(), RATE, TAGS).data == mastered.data


def test_opus_is_the_same_each_time_too() -> None:
    sound = _bursts(2)
    assert encode(sound, RATE, TAGS, format="opus") == encode(sound, RATE, TAGS, format="opus")


def test_what_was_encoded_can_be_decoded(mastered: AudioFile) -> None:
    heard, rate = decode(mastered.data)
    assert rate == RATE
    original = normalise(_bursts(), RATE, -15.6, -1.6)
    size = min(len(heard), len(original))
    assert np.corrcoef(heard[:size], original[:size])[0, 1] > 0.98


def test_the_two_chimes_cannot_be_taken_for_each_other() -> None:
    opening, closing = opening_chime(RATE), closing_chime(RATE)
    size = 1 << 17
    cross = np.fft.irfft(np.fft.rfft(opening, size) * np.conj(np.fft.rfft(closing, size)))
    assert np.abs(cross).max() / (np.linalg.norm(opening) * np.linalg.norm(closing)) < 0.3


def test_a_chime_is_made_once_and_nobody_can_change_it() -> None:
    assert opening_chime(RATE) is opening_chime(RATE)
    with pytest.raises(ValueError, match="read-only"):
        opening_chime(RATE)[0] = 1


def test_a_bulletin_is_chime_speech_chime() -> None:
    speech = (20_000 * _tone(300, 3, 1.0, RATE)).astype(np.int16)
    framed, starts = frame_bulletin(speech, RATE)
    first = round(starts * RATE)
    assert np.array_equal(framed[: len(opening_chime(RATE))], opening_chime(RATE))
    assert np.corrcoef(framed[first : first + len(speech)], speech)[0, 1] > 0.999
    assert np.abs(framed[-round(0.3 * RATE) :]).max() == 0


@needs_ffmpeg
@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_our_measurements_agree_with_ffmpeg(tmp_path: Path, rate: int) -> None:
    sound = _bursts(rate=rate)
    data = encode(sound, rate, TAGS)
    ours = measure(*decode(data))
    theirs = _probe(data, tmp_path / "x.mp3")
    assert ours.loudness == pytest.approx(theirs[0], abs=0.15)
    assert ours.true_peak == pytest.approx(theirs[1], abs=0.25)


@needs_ffmpeg
def test_the_mp3_is_mono_with_vietnamese_tags(tmp_path: Path, mastered: AudioFile) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(mastered.data)
    told = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)],
            capture_output=True,
            check=True,
        ).stdout
    )
    stream, tags = told["streams"][0], told["format"]["tags"]
    assert (stream["codec_name"], stream["channels"], stream["sample_rate"]) == ("mp3", 1, "22050")
    assert (tags["title"], tags["artist"]) == (TAGS.title, TAGS.artist)
    assert _probe(mastered.data, path)[1] <= PEAK_LIMIT_DBTP


@needs_ffmpeg
def test_opus_has_its_vietnamese_tags_too(tmp_path: Path) -> None:
    path = tmp_path / "x.opus"
    path.write_bytes(encode(_bursts(2), RATE, TAGS, format="opus"))
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = {**told["format"].get("tags", {}), **told["streams"][0].get("tags", {})}
    assert (tags["title"], tags["artist"]) == (TAGS.title, TAGS.artist)
    assert told["streams"][0]["codec_name"] == "opus"
