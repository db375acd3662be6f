from __future__ import annotations

import json

import pytest

from lantoa.content.makers.calibrating import main, measure_voice
from lantoa.content.rules.script import RATE
from lantoa.lib.voice import Pauses, Voice, shared_speaker


def test_the_constants_are_what_the_voice_measures() -> None:
    measured = measure_voice(shared_speaker(), Voice())
    assert measured.rate == pytest.approx(RATE, rel=0.02)
    assert measured.clause == pytest.approx(Pauses().clause, abs=0.03)
    assert abs(measured.total_error) < 0.01


def test_a_slower_voice_measures_slower() -> None:
    assert measure_voice(shared_speaker(), Voice(rate=110)).rate < 0.92 * RATE


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    told = json.loads(capsys.readouterr().out)
    assert told["voice"].startswith("eSpeak NG")
    assert told["rate"] == pytest.approx(RATE, rel=0.02)


def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(SystemExit, match="Chưa có chương trình giọng đọc Piper"):
        main(["no-such-piper", "voice.onnx"])
