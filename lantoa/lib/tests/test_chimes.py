from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lantoa.lib.audio import closing_chime, frame_bulletin, opening_chime
from lantoa.lib.chimes import ChimeError, Chimes

if TYPE_CHECKING:
    from pathlib import Path

RATE = 22_050
SPEECH = np.full(RATE, 8000, np.int16)


def write_wave(path: Path, seconds: float, height: float = 0.1, rate: int = 44_100) -> str:
    at = np.arange(round(seconds * rate)) / rate
    samples = np.round(np.sin(2 * np.pi * 440 * at) * height * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return str(path)


def test_ours_are_used_unless_an_agency_says_otherwise() -> None:
    opening, closing = Chimes().sounds(RATE)
    assert opening is opening_chime(RATE)
    assert closing is closing_chime(RATE)
    framed, starts = frame_bulletin(SPEECH, RATE)
    assert len(framed) / RATE == pytest.approx(Chimes().frame_seconds() + 1, abs=0.01)
    assert starts == pytest.approx(3.2, abs=0.01)


def test_an_agencys_own_chime_is_brought_to_the_voices_rate_and_height(tmp_path: Path) -> None:
    chimes = Chimes(write_wave(tmp_path / "mo.wav", 2.0), "none")
    opening, closing = chimes.sounds(RATE)
    assert len(opening) / RATE == pytest.approx(2, abs=0.01)
    assert float(np.abs(opening).max()) == pytest.approx(0.5)
    assert len(closing) == 0
    framed, starts = frame_bulletin(SPEECH, RATE, chimes.sounds(RATE))
    assert starts == pytest.approx(2.6, abs=0.01)
    assert len(framed) / RATE == pytest.approx(2.6 + 1 + 0.4, abs=0.02)
    assert chimes.frame_seconds() == pytest.approx(3.0, abs=0.01)


def test_no_chime_at_all_leaves_the_words_and_a_moment_of_silence() -> None:
    framed, starts = frame_bulletin(SPEECH, RATE, Chimes("none", "none").sounds(RATE))
    assert starts == 0
    assert len(framed) / RATE == pytest.approx(1.4, abs=0.01)


def test_a_changed_file_is_another_chime_and_a_moved_one_is_not(tmp_path: Path) -> None:
    one = Chimes(write_wave(tmp_path / "a.wav", 1.0))
    same = Chimes(write_wave(tmp_path / "b.wav", 1.0))
    other = Chimes(write_wave(tmp_path / "c.wav", 1.1))
    assert one.identity() == same.identity() != other.identity()
    assert Chimes().identity() == ("", "")


def test_what_cannot_be_a_chime_is_refused_by_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "hong.wav"
    broken.write_bytes(b"not a sound")
    cases = {
        str(tmp_path / "khong-co.wav"): "Không thấy tệp",
        str(broken): "không đọc được",
        write_wave(tmp_path / "dai.wav", 16.0): "dài hơn 15 giây",
        write_wave(tmp_path / "im.wav", 1.0, 0.0): "không có tiếng",
    }
    for path, told in cases.items():
        with pytest.raises(ChimeError, match=told) as caught:
            Chimes(path).sounds(RATE)
        assert path in str(caught.value)
