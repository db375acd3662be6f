"""The Piper client, against a stand-in that speaks its command line."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lantoa.lib.voice import PiperSpeaker, Voice, VoiceError
from lantoa.lib.voice.piper import read_wave

if TYPE_CHECKING:
    from pathlib import Path

RATE = 16_000
BODY = """
import argparse, io, math, os, struct, sys, time, wave
options = argparse.ArgumentParser()
options.add_argument("-m", "--model", required=True)
options.add_argument("-f", "--output_file", required=True)
options.add_argument("--length_scale", type=float, default=1.0)
given = options.parse_args()
assert given.output_file == "-" and os.path.exists(given.model + ".json")
text = sys.stdin.buffer.read().decode()
assert text.endswith("\\n") and text.count("\\n") == 1
with open(os.path.join(os.path.dirname(given.model), "asked"), "a") as asked:
    asked.write(text)
if "hỏng" in text: sys.exit("Error: bad phoneme")
if "treo" in text: time.sleep(30)
samples = [0] * 1600
for word in text.split():
    size = int(0.3 * 16000 * given.length_scale)
    samples += [int(9000 * math.sin(at / 8)) for at in range(size)] + [0] * 800
if "im" in text: samples = [0] * 16000
out = io.BytesIO()
with wave.open(out, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)
    file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
data = out.getvalue()
if "ống" in text: data = data[:40] + struct.pack("<I", 0) + data[44:]
sys.stdout.buffer.write(data)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "piper"
    path.write_text(f"#!{sys.executable}\n{BODY}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "vi_VN-thu.onnx"
    path.write_bytes(b"a voice")
    path.with_name(path.name + ".json").write_text("{}")
    return path


def test_a_text_is_read_sentence_by_sentence(program: Path, model: Path) -> None:
    speech = PiperSpeaker(model, str(program)).say("Một hai ba. Bốn năm.", Voice())
    assert speech.sample_rate == RATE
    assert [one.text for one in speech.utterances] == ["Một hai ba.", "Bốn năm."]
    assert (model.parent / "asked").read_text(encoding="utf-8") == "Một hai ba.\nBốn năm.\n"
    assert speech.seconds == pytest.approx(3 * 0.35 - 0.05 + Voice().pauses.sentence + 2 * 0.35 - 0.05, abs=0.02)


def test_each_word_gets_its_share_of_the_time_the_voice_is_heard(program: Path, model: Path) -> None:
    speech = PiperSpeaker(model, str(program)).say("Một hai ba. Bốn năm.", Voice())
    assert speech.timing == "proportional"
    starts = [word.starts for one in speech.utterances for word in one.words]
    second = 3 * 0.35 - 0.05 + Voice().pauses.sentence
    assert starts == pytest.approx([0, 0.35, 0.7, second, second + 0.35], abs=0.03)


def test_a_sentence_said_before_is_not_asked_again(program: Path, model: Path) -> None:
    speaker = PiperSpeaker(model, str(program))
    speaker.say("Một. Hai. Một.", Voice())
    speaker.say("Hai.", Voice())
    assert (model.parent / "asked").read_text(encoding="utf-8") == "Một.\nHai.\n"


def test_the_voice_can_be_slowed(program: Path, model: Path) -> None:
    usual = PiperSpeaker(model, str(program)).say("Một hai.", Voice())
    slow = PiperSpeaker(model, str(program), length=1.5).say("Một hai.", Voice())
    assert slow.seconds - usual.seconds == pytest.approx(2 * 0.15, abs=0.02)


def test_a_file_written_to_a_pipe_without_its_length_is_read_whole(program: Path, model: Path) -> None:
    assert PiperSpeaker(model, str(program)).say("Đường ống.", Voice()).seconds == pytest.approx(0.65, abs=0.02)


def test_the_voice_is_named_in_the_record(program: Path, model: Path) -> None:
    assert PiperSpeaker(model, str(program)).engine == "Piper, giọng vi_VN-thu"


def test_a_missing_program_is_told_with_what_to_do(model: Path) -> None:
    with pytest.raises(VoiceError, match=r"không tìm thấy lệnh “no-such-piper”.*eSpeak NG"):
        PiperSpeaker(model, "no-such-piper")


@pytest.mark.parametrize("missing", [".onnx", ".onnx.json"])
def test_a_missing_file_of_the_voice_is_named(program: Path, model: Path, missing: str) -> None:
    next(path for path in model.parent.iterdir() if path.name.endswith(missing)).unlink()
    with pytest.raises(VoiceError, match=r"Không thấy tệp giọng Piper"):
        PiperSpeaker(model, str(program))


def test_what_the_program_complains_of_is_told(program: Path, model: Path) -> None:
    with pytest.raises(VoiceError, match="Giọng Piper báo lỗi: Error: bad phoneme"):
        PiperSpeaker(model, str(program)).say("Máy hỏng.", Voice())


def test_a_program_that_hangs_is_given_up(program: Path, model: Path) -> None:
    with pytest.raises(VoiceError, match="không trả lời sau 1 giây"):
        PiperSpeaker(model, str(program), timeout=1).say("Máy treo.", Voice())


def test_a_sentence_without_sound_is_named(program: Path, model: Path) -> None:
    with pytest.raises(VoiceError, match="không đọc ra tiếng câu “Lặng im"):
        PiperSpeaker(model, str(program)).say("Lặng im.", Voice())


def test_an_empty_text_is_refused(program: Path, model: Path) -> None:
    with pytest.raises(VoiceError, match="không có chữ nào"):
        PiperSpeaker(model, str(program)).say(" ", Voice())


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", b"not a wave at all, " * 9])
def test_what_is_no_wave_is_refused(data: bytes) -> None:
    with pytest.raises(VoiceError, match="không đúng dạng WAV"):
        read_wave(data, "câu")


def test_two_channels_are_mixed() -> None:
    head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\x3e\0\0\0\xfa\0\0\x04\0\x10\0data\x08\0\0\0"
    assert read_wave(head + np.array([10, 30, -4, 0], "<i2").tobytes()).samples.tolist() == [20, -2]
