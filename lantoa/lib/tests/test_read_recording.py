from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, get_args

import av
import numpy as np
import pytest

from lantoa.lib.audio import Format, Sound, Tags, encode
from lantoa.lib.recording import RATE, Recording, RecordingError, read_recording

if TYPE_CHECKING:
    from pathlib import Path


def _speech(seconds: float = 8, rate: int = 44_100, level: float = 0.2) -> Sound:
    """Something like speech: noise through a low-pass, in syllables, with rests."""
    noise = np.random.default_rng(3).standard_normal(round(seconds * rate))
    beat = np.abs(np.sin(np.pi * 3.3 * np.arange(len(noise)) / rate)) ** 3
    return np.asarray(level * np.convolve(noise, np.hanning(9) / 4, "same") * beat, np.float32)


def _silence(seconds: float, rate: int = 44_100, noise: float = 0.0) -> Sound:
    return np.asarray(noise * np.random.default_rng(5).standard_normal(round(seconds * rate)), np.float32)


def _wave(sound: Sound, rate: int = 44_100, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(np.clip(sound * 32767, -32768, 32767).astype("<i2"), channels).tobytes())
    return out.getvalue()


def _read(*parts: Sound) -> Recording:
    return read_recording(_wave(np.concatenate(parts)))


def test_silence_at_both_ends_goes_and_the_words_stay_whole() -> None:
    recording = _read(_silence(2), _speech(), _silence(3))
    assert recording.trimmed_before == pytest.approx(1.9, abs=0.2)
    assert recording.trimmed_after == pytest.approx(2.9, abs=0.2)
    assert recording.seconds == pytest.approx(8.25, abs=0.3)
    assert recording.rate == RATE
    assert recording.faults() == ()


def test_the_room_and_a_click_are_not_taken_for_speech() -> None:
    click = _silence(0.01, noise=0.3)
    sound = np.concatenate([click, _silence(2), _speech(), _silence(2)])
    recording = _read(sound + _silence(len(sound) / 44_100, noise=0.003))
    assert recording.trimmed_before == pytest.approx(1.9, abs=0.25)
    assert recording.trimmed_after == pytest.approx(1.9, abs=0.25)


def test_two_channels_and_other_containers_are_read() -> None:
    sound = _speech()
    mono = read_recording(_wave(sound))
    assert read_recording(_wave(sound, channels=2)).seconds == pytest.approx(mono.seconds, abs=0.05)
    for name in get_args(Format):
        data = encode(sound, 44_100, Tags("", ""), format=name)
        assert read_recording(data).seconds == pytest.approx(mono.seconds, abs=0.2)


def test_a_clipped_recording_is_told_with_the_seconds() -> None:
    sound = _speech()
    sound[44_100 * 4 : 44_100 * 4 + 4_410] *= 40
    recording = _read(sound)
    assert recording.clipped_at
    assert all(3.8 < second < 4.3 for second in recording.clipped_at)
    assert "Vỡ tiếng ở giây 4" in recording.faults()[0]


def test_a_faint_and_a_noisy_recording_are_told() -> None:
    assert any("Thu quá nhỏ" in fault for fault in _read(_speech(level=0.004)).faults())
    noisy = _speech() + _silence(8, noise=0.03)
    assert any("Nền ồn" in fault for fault in _read(noisy).faults())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "không phải tệp âm thanh"),
        (b"%PDF-1.7 " * 99, "không phải tệp âm thanh"),
        (_wave(_silence(9)), "không có tiếng"),
        (_wave(np.concatenate([_silence(9), _speech(2)])), "giây tiếng nói, cần ít nhất 5 giây"),
        (_wave(_speech())[:60], "không có|không phải"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(data: bytes, told: str) -> None:
    with pytest.raises(RecordingError, match=told):
        read_recording(data)


def test_a_recording_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.lib.recording.LONGEST", 60)
    with pytest.raises(RecordingError, match="dài hơn 1 phút"):
        _read(_speech(70))
    monkeypatch.setattr("lantoa.lib.recording.LARGEST", 1024 * 1024)
    with pytest.raises(RecordingError, match="lớn hơn 1 MB"):
        _read(_speech(30))


def test_a_film_without_sound_is_refused() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as film:
        stream = film.add_stream("ffv1", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        film.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((24, 16), np.uint8), format="yuv420p")))
        film.mux(stream.encode(None))
    with pytest.raises(RecordingError, match="không có âm thanh"):
        read_recording(out.getvalue())


@pytest.mark.parametrize(
    "listed",
    [
        "ffconcat version 1.0\nfile secret.wav\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8,\nsecret.wav\n#EXT-X-ENDLIST\n",
    ],
)
def test_a_file_that_names_other_files_opens_none_of_them(
    listed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.wav").write_bytes(_wave(_speech()))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordingError, match="không phải tệp âm thanh"):
        read_recording(listed.encode())
