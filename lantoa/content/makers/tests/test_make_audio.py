from __future__ import annotations

import numpy as np
import pytest

from lantoa.content.makers.audio import BulletinJob, BulletinSound, make_bulletin_audio, make_bulletin_audios
from lantoa.lib.audio import closing_chime, decode, opening_chime
from lantoa.lib.voice import VoiceError

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
    sound = BulletinSound(loudness=-23, abbreviations={"TTVH": "trung tâm văn hóa"})
    made = make_bulletin_audio("Mời bà con đến TTVH.", TITLE, PUBLISHER, sound)
    assert made.transcript == "Mời bà con đến trung tâm văn hóa."
    assert made.levels.loudness == pytest.approx(-23, abs=0.7)


def test_what_nobody_knows_how_to_read_is_told() -> None:
    assert make_bulletin_audio("Gặp TXQZ.", TITLE, PUBLISHER).unknown == ("TXQZ",)


def test_an_empty_script_is_refused() -> None:
    with pytest.raises(VoiceError, match="không có chữ nào"):
        make_bulletin_audio("  ", TITLE, PUBLISHER)
