from __future__ import annotations

import io
import json
import re
import wave
from dataclasses import replace

import numpy as np
import pytest

from lantoa.content.makers.audio import (
    BulletinJob,
    BulletinSound,
    announcer,
    make_bulletin_audio,
    make_bulletin_audios,
    make_recorded_audio,
)
from lantoa.content.makers.recorded import RecordingLimits, make_recorded
from lantoa.content.rules.speech import DEFAULT, SpeechTable
from lantoa.lib.audio import closing_chime, decode, opening_chime
from lantoa.lib.chimes import NONE, Chimes
from lantoa.lib.recording import RecordingError
from lantoa.lib.voice import Voice, VoiceError, shared_speaker

SCRIPT = "Từ 0 giờ ngày 16/10/2024, mạng 2G dừng. Cần hỏi, bà con gọi 18001091."
TITLE, PUBLISHER = "Tắt sóng 2G", "UBND phường Anh Dũng"


def _correlation(heard: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.corrcoef(heard[: len(wanted)], wanted)[0, 1])


def test_a_written_script_becomes_a_bulletin_with_its_spoken_words() -> None:
    made = make_bulletin_audio(SCRIPT, TITLE, PUBLISHER)
    assert made.transcript.startswith("Từ không giờ ngày mười sáu tháng mười")
    assert made.unknown == ()
    assert made.levels.loudness == pytest.approx(-16, abs=0.7)
    assert made.levels.true_peak <= -1
    assert made.engine.startswith("eSpeak NG")


def test_it_opens_and_closes_with_the_right_chimes() -> None:
    heard, rate = decode(make_bulletin_audio(SCRIPT, TITLE, PUBLISHER).mp3)
    opening, closing = opening_chime(rate), closing_chime(rate)
    end = len(heard) - round(0.4 * rate) - len(closing)
    assert _correlation(heard, opening) > 0.95
    assert max(_correlation(heard[at:], closing) for at in range(end - 1200, end + 600, 1)) > 0.9


def test_each_sentence_is_placed_in_the_file() -> None:
    made = make_bulletin_audio(SCRIPT, TITLE, PUBLISHER)
    assert [one.text for one in made.utterances] == [line + "." for line in made.transcript.rstrip(".").split(". ")]
    assert 3 < made.utterances[0].starts < made.utterances[0].ends < made.utterances[1].starts
    assert made.utterances[-1].ends < made.seconds - 2.5


def test_the_same_script_gives_the_same_bytes() -> None:
    assert make_bulletin_audio(SCRIPT, TITLE, PUBLISHER).mp3 == make_bulletin_audio(SCRIPT, TITLE, PUBLISHER).mp3


def test_a_batch_gives_what_single_work_gives_in_the_order_asked() -> None:
    jobs = [BulletinJob(f"{SCRIPT} Đây là phường số {n}.", TITLE, PUBLISHER) for n in (1, 2, 1)]
    made = make_bulletin_audios(jobs)
    assert made[0] is made[2]
    assert made[1].mp3 == make_bulletin_audio(jobs[1].script_text, TITLE, PUBLISHER).mp3
    assert make_bulletin_audios([]) == []


def test_an_agency_has_its_own_abbreviations_and_loudness() -> None:
    sound = BulletinSound(loudness=-23, table=SpeechTable({"TTVH": "trung tâm văn hóa"}))
    made = make_bulletin_audio("Mời bà con đến TTVH.", TITLE, PUBLISHER, sound)
    assert made.transcript == "Mời bà con đến trung tâm văn hóa."
    assert made.levels.loudness == pytest.approx(-23, abs=0.7)


def test_what_nobody_knows_how_to_read_is_told() -> None:
    assert make_bulletin_audio("Gặp TXQZ.", TITLE, PUBLISHER).unknown == ("TXQZ",)


def test_an_empty_script_is_refused() -> None:
    with pytest.raises(VoiceError, match="không có chữ nào"):
        make_bulletin_audio("  ", TITLE, PUBLISHER)


def test_every_format_asked_for_is_made_and_the_first_is_aired() -> None:
    made = make_bulletin_audio(SCRIPT, TITLE, PUBLISHER, BulletinSound(formats=("mp3", "opus")))
    assert list(made.files) == ["mp3", "opus"]
    assert made.mp3 == made.files["mp3"].data
    for file in made.files.values():
        assert file.levels.loudness == pytest.approx(-16, abs=0.7)
        assert file.levels.true_peak <= -1
        assert file.seconds == pytest.approx(made.seconds, abs=0.1)


def test_each_word_is_placed_in_the_file_by_the_voice_itself() -> None:
    made = make_bulletin_audio(SCRIPT, TITLE, PUBLISHER)
    data = made.timed.to_data()
    assert data["timing"] == "engine"
    assert [one["word"] for one in data["words"]] == re.findall(r"\w+", made.transcript)
    heard, rate = decode(made.mp3)
    first = data["words"][0]
    around = heard[round((first["start"] + 0.05) * rate) : round((first["end"] - 0.05) * rate)]
    before = heard[round((first["start"] - 0.4) * rate) : round((first["start"] - 0.1) * rate)]
    assert np.abs(around).max() > 10 * np.abs(before).max()


def _reading(job: BulletinJob) -> bytes:
    """Somebody reading the script: here the voice itself, as a WAV with silence and without chimes."""
    speech = shared_speaker().say(make_bulletin_audio(job.script_text, TITLE, PUBLISHER).transcript, Voice())
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(speech.sample_rate)
        quiet = np.zeros(2 * speech.sample_rate, "<i2")
        file.writeframes(np.concatenate([quiet, speech.samples // 3, quiet]).astype("<i2").tobytes())
    return out.getvalue()


def test_a_reading_by_a_person_becomes_a_bulletin_like_the_others() -> None:
    job = BulletinJob(f"{SCRIPT} Xin cảm ơn bà con.", TITLE, PUBLISHER)
    made = make_recorded_audio(_reading(job), job, BulletinSound(formats=("mp3", "opus")))
    assert made.faults == ()
    assert made.engine == "Thu âm giọng người đọc"
    assert made.levels.loudness == pytest.approx(-16, abs=0.7)
    assert made.levels.true_peak <= -1
    assert made.timed.timing == "proportional"
    told = make_bulletin_audio(job.script_text, TITLE, PUBLISHER)
    assert made.seconds == pytest.approx(told.seconds, abs=0.6)
    starts = [[word.starts for one in by.utterances for word in one.words] for by in (told, made)]
    assert np.abs(np.array(starts[0]) - starts[1]).max() < 1


def test_a_reading_that_cannot_be_the_script_is_told() -> None:
    data = _reading(BulletinJob(SCRIPT, TITLE, PUBLISHER))
    long = make_recorded_audio(data, BulletinJob(f"{SCRIPT} " * 4, TITLE, PUBLISHER))
    short = make_recorded_audio(data, BulletinJob("Xin chào bà con.", TITLE, PUBLISHER))
    assert "quá nhanh để là đọc hết lời này" in long.faults[0]
    assert "quá chậm" in short.faults[0]


def test_a_file_that_is_no_recording_is_refused() -> None:
    with pytest.raises(RecordingError, match="không phải tệp âm thanh"):
        make_recorded_audio(b"not audio", BulletinJob(SCRIPT, TITLE, PUBLISHER))


def test_a_process_of_its_own_makes_the_same_of_a_recording() -> None:
    job = BulletinJob(f"{SCRIPT} Xin cảm ơn bà con.", TITLE, PUBLISHER)
    data = _reading(job)
    apart, here = make_recorded(data, job), make_recorded_audio(data, job)
    assert apart.content == make_recorded(data, job).content
    heard, rate = decode(apart.content)
    wanted, _rate = decode(here.mp3)
    assert _correlation(heard, wanted) > 0.99
    assert apart.details["seconds"] == round(len(heard) / rate, 1)
    assert apart.details["transcript"] == here.transcript
    assert apart.details["heard"] == []
    first = apart.details["sentences"][0]
    assert first == [round(here.utterances[0].starts, 2), round(here.utterances[0].ends, 2), here.utterances[0].text]


def test_a_recording_is_made_the_agencys_way_with_the_times_of_its_words_beside_it() -> None:
    job = BulletinJob(SCRIPT, TITLE, PUBLISHER, formats=("opus",))
    table = DEFAULT | SpeechTable(words={"zalo": "gia lô"})
    own = BulletinSound(loudness=-23, chimes=Chimes(NONE, NONE), table=table)
    data = _reading(job)
    plain, made = make_recorded(data, replace(job, formats=())), make_recorded(data, job, own)
    assert made.content.startswith(b"OggS")
    assert made.details["loudness"] == pytest.approx(-23, abs=0.6)
    assert plain.details["loudness"] == pytest.approx(-16, abs=0.6)
    assert made.details["seconds"] < plain.details["seconds"] - 1
    assert made.beside[".vtt"].startswith(b"WEBVTT")
    assert json.loads(made.beside[".words.json"])["timing"] == made.details["timing"] == "proportional"


@pytest.mark.parametrize(
    ("data", "limits", "why"),
    [
        (b"not audio", RecordingLimits(), "không phải tệp âm thanh"),
        (b"", RecordingLimits(), "không phải tệp âm thanh"),
        (b"not audio", RecordingLimits(seconds=0.01), "đã dừng"),
        (bytes(30_000_000), RecordingLimits(megabytes=20), "quá nhiều bộ nhớ|dừng đột ngột"),
    ],
)
def test_what_would_hang_swell_or_break_is_refused_and_ends_nothing_but_its_own_process(
    data: bytes, limits: RecordingLimits, why: str
) -> None:
    with pytest.raises(RecordingError, match=why):
        make_recorded(data, BulletinJob(SCRIPT, TITLE, PUBLISHER), limits=limits)


def test_a_file_too_large_for_any_bulletin_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.content.makers.recorded.MOST_BYTES", 3)
    with pytest.raises(RecordingError, match="lớn hơn"):
        make_recorded(b"four", BulletinJob(SCRIPT, TITLE, PUBLISHER))


def test_who_reads_is_the_voice_at_hand_unless_a_person_brings_one() -> None:
    assert announcer() is shared_speaker()
    with pytest.raises(VoiceError, match="Chưa có chương trình giọng đọc Piper"):
        announcer("giong.onnx", "no-such-piper")
