from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from lantoa.lib.voice import Pauses, Speaker, Voice, VoiceError, split_phrases, synthesize
from lantoa.lib.voice.speaker import WORKER
from lantoa.lib.voice.speech import trim_silence

TEXT = "Ủy ban nhân dân phường xin thông báo. Mạng hai gờ dừng hoạt động."


def _worker(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A worker of our own making, that fails in the way a test wants."""
    script = tmp_path / "worker.py"
    script.write_text(
        "import sys, time, json, os\nfrom lantoa.lib.voice.protocol import *\n"
        "out, into = sys.stdout.buffer, sys.stdin.buffer\n"
        f"hello = lambda: send(out, HELLO, json.dumps({{'engine': 'x', 'sample_rate': 22050}}).encode())\n{body}\n",
    )
    return sys.executable, str(script)


def test_a_text_becomes_mono_16_bit_sound() -> None:
    speech = synthesize(TEXT)
    assert speech.samples.dtype == np.int16
    assert speech.samples.ndim == 1
    assert speech.sample_rate == 22_050
    assert 3 < speech.seconds < 9


def test_sentences_rest_as_long_as_the_voice_says() -> None:
    first, second = synthesize(TEXT, Voice(pauses=Pauses(sentence=1.0))).utterances
    assert second.starts - first.ends == pytest.approx(1.0, abs=0.01)


def test_a_paragraph_rests_longer_than_a_sentence() -> None:
    plain, parted = synthesize("Một. Hai."), synthesize("Một.\n\nHai.")
    assert parted.seconds - plain.seconds == pytest.approx(Pauses().paragraph - Pauses().sentence, abs=0.01)


def test_the_same_text_gives_the_same_samples_in_a_new_process() -> None:
    with Speaker() as one, Speaker() as other:
        assert np.array_equal(one.say(TEXT, Voice()).samples, other.say(TEXT, Voice()).samples)


def test_what_was_said_before_does_not_change_a_sentence() -> None:
    with Speaker() as fresh, Speaker() as used:
        used.say("Câu khác hẳn, dài hơn nhiều.", Voice(rate=160, pitch=70))
        assert np.array_equal(fresh.say(TEXT, Voice()).samples, used.say(TEXT, Voice()).samples)


def test_a_slower_voice_takes_longer() -> None:
    assert synthesize(TEXT, Voice(rate=110)).seconds > 1.1 * synthesize(TEXT, Voice(rate=140)).seconds


@pytest.mark.parametrize("name", ["vi", "vi-vn-x-central", "vi-vn-x-south"])
def test_all_three_regions_have_a_voice(name: str) -> None:
    assert synthesize("Xin chào bà con.", Voice(name=name)).seconds > 0.5


def test_a_repeated_sentence_is_synthesised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with Speaker() as speaker:
        asked: list[str] = []
        ask = speaker._ask

        def record(text: str, voice: Voice) -> bytes:
            asked.append(text)
            return ask(text, voice)

        monkeypatch.setattr(speaker, "_ask", record)
        speaker.say("Một câu. Hai câu. Một câu.", Voice())
        speaker.say("Hai câu.", Voice())
        assert asked == ["Một câu.", "Hai câu."]


def test_a_killed_process_is_replaced() -> None:
    with Speaker() as speaker:
        speaker.say("Xin chào.", Voice())
        process = speaker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert speaker.say("Xin chào lần nữa.", Voice()).seconds > 0


def test_a_sentence_that_kills_the_voice_twice_is_named(tmp_path: Path) -> None:
    with (
        Speaker(_worker(tmp_path, "hello(); receive(into); os._exit(1)")) as speaker,
        pytest.raises(
            VoiceError,
            match="dừng đột ngột ở câu “Câu xấu",
        ),
    ):
        speaker.say("Câu xấu.", Voice())


def test_a_voice_that_hangs_is_given_up_in_time(tmp_path: Path) -> None:
    with Speaker(_worker(tmp_path, "hello(); receive(into); time.sleep(60)"), timeout=1) as speaker:
        with pytest.raises(VoiceError, match="không trả lời sau 1 giây"):
            speaker.say("Xin chào.", Voice())
        assert speaker._process is None


def test_a_missing_engine_is_told_in_vietnamese(tmp_path: Path) -> None:
    hide = "sys.modules['espeakng_loader'] = None\nfrom lantoa.lib.voice.worker import main\nmain()"
    with (
        Speaker(_worker(tmp_path, hide)) as speaker,
        pytest.raises(VoiceError, match=r"Chưa có giọng đọc.*espeakng-loader"),
    ):
        speaker.say("Xin chào.", Voice())


def test_a_program_that_is_not_there_is_told() -> None:
    with Speaker(("/nowhere/voice",)) as speaker, pytest.raises(VoiceError, match="Không chạy được"):
        speaker.say("Xin chào.", Voice())


def test_an_unknown_voice_is_told_and_the_next_sentence_still_works() -> None:
    with Speaker() as speaker:
        with pytest.raises(VoiceError, match="Không có giọng đọc “xx”"):
            speaker.say("Xin chào.", Voice(name="xx"))
        assert speaker.say("Xin chào.", Voice()).seconds > 0


def test_nothing_to_say_is_an_error() -> None:
    with pytest.raises(VoiceError, match="không có chữ nào"):
        synthesize(" \n ")


def test_the_engine_never_enters_our_process() -> None:
    synthesize(TEXT)
    assert "espeakng_loader" not in sys.modules
    maps = Path("/proc/self/maps")
    if maps.exists():
        assert "espeak" not in maps.read_text()


def test_threads_share_one_voice() -> None:
    with Speaker() as speaker:
        found: list[float] = []
        threads = [
            threading.Thread(target=lambda n=n: found.append(speaker.say(f"Câu số {'một ' * n}.", Voice()).seconds))
            for n in range(1, 6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 5


def test_sentences_are_split_at_their_ends_and_at_lines() -> None:
    phrases = split_phrases("Một. Hai? Ba!\n\nBốn\nNăm.")
    assert [one.text for one in phrases] == ["Một.", "Hai?", "Ba!", "Bốn", "Năm."]
    assert [one.ends_paragraph for one in phrases] == [False, False, True, True, True]
    assert split_phrases(" \n") == ()


def test_silence_is_trimmed_at_both_ends_only() -> None:
    sound = np.array([0, 3, 500, 0, -500, 2, 0], np.int16)
    assert trim_silence(sound).tolist() == [500, 0, -500]
    assert len(trim_silence(np.zeros(9, np.int16))) == 0


def test_the_command_runs_our_worker() -> None:
    assert WORKER[1:] == ("-m", "lantoa.lib.voice.worker")
