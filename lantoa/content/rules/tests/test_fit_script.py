from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantoa.content.rules.script import (
    MARGIN,
    SLOTS,
    Manner,
    Script,
    Sentence,
    SlotTooShortError,
    fit,
    fit_slots,
    long_sentences,
    reading_seconds,
    variant_for,
)
from lantoa.content.rules.speech import speak
from lantoa.lib.audio import frame_bulletin
from lantoa.lib.voice import Pauses, Voice, synthesize
from lantoa.lib.voice.phrases import syllables

KEY = Sentence("Từ 0 giờ ngày 16/10/2024, điện thoại chỉ có 2G không gọi, không nghe được nữa.", priority=1, key=True)
BULLETIN = (
    Sentence("Đây là bản tin của UBND phường.", 1),
    KEY,
    Sentence("Bà con giữ nguyên số điện thoại; chỉ cần đổi máy.", 2),
    Sentence("Máy phím bấm 4G vẫn gọi được, pin vẫn bền, giá từ 200.000 đồng.", 3),
    Sentence(
        "Hộ nghèo, hộ cận nghèo được hỗ trợ máy; mời bà con gặp tổ công nghệ số ở nhà văn hóa, từ 7h30 đến 17h.", 4
    ),
    Sentence("Không mua máy lạ trên mạng, kể cả máy có ghi 4G.", 5),
    Sentence("Người lạ gọi điện đòi tiền, đòi mã OTP là lừa đảo.", 5),
    Sentence("Nhà có người già ở một mình, xin con cháu và hàng xóm đến giúp xem máy.", 6),
    Sentence("Nhiều nước đã tắt sóng 2G để dành tần số cho mạng mới nhanh hơn, ít tốn điện hơn.", 8),
)


@pytest.mark.parametrize("slot", SLOTS)
def test_a_script_never_outlasts_its_slot(slot: int) -> None:
    assert fit(BULLETIN, slot).seconds <= slot


def test_a_longer_slot_says_more() -> None:
    short, long = fit(BULLETIN, 45), fit(BULLETIN, 120)
    assert len(short.kept) < len(long.kept)
    assert set(short.kept) | set(short.left_out) == set(BULLETIN)


def test_the_key_sentence_is_said_twice_and_the_others_once() -> None:
    script = fit(BULLETIN, 180)
    assert script.text.count(KEY.text) == 2
    assert script.text.endswith(f"Xin nhắc lại: {KEY.text}")
    assert script.text.count("Máy phím bấm 4G") == 1


def test_sentences_stay_in_their_order() -> None:
    kept = fit(BULLETIN, 70).kept
    assert list(kept) == [one for one in BULLETIN if one in kept]


def test_what_matters_most_is_kept_first() -> None:
    first, last = Sentence("Bà con giữ nguyên số.", 2), Sentence("Bà con giữ nguyên máy.", 9)
    script = fit((last, KEY, first), fit((KEY, first), 60).seconds / (1 - MARGIN) + 0.1)
    assert first in script.kept
    assert last in script.left_out


def test_a_shorter_sentence_fills_the_room_a_long_one_leaves() -> None:
    long = Sentence("Bà con " + "chú ý nghe và " * 20 + "làm theo.", 2)
    short = Sentence("Xin cảm ơn bà con.", 9)
    script = fit((KEY, long, short), 40)
    assert script.kept == (KEY, short)


def test_a_key_sentence_that_cannot_fit_is_refused_with_the_reason() -> None:
    with pytest.raises(SlotTooShortError, match=r"Câu chính đọc hai lần cần \d+ giây, khung phát chỉ có 15 giây"):
        fit(BULLETIN, 15)


def test_a_bulletin_without_a_key_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="chưa có câu chính"):
        fit((Sentence("Xin chào."),), 60)


def test_a_sentence_joined_by_a_semicolon_is_said_as_two() -> None:
    assert "Bà con giữ nguyên số điện thoại. Chỉ cần đổi máy." in fit(BULLETIN, 180).text


def test_a_sentence_too_long_to_hear_and_an_unknown_word_are_named() -> None:
    long = Sentence("Bà con " + "chú ý nghe và " * 12 + "gặp TXQZ.")
    script = fit((KEY, long), 120)
    assert script.too_long == (long.text,)
    assert script.unknown == ("TXQZ",)


def test_the_spoken_text_is_the_written_one_spoken() -> None:
    script = fit(BULLETIN, 120)
    assert speak(script.text).text == script.spoken
    assert script.syllables == syllables(script.spoken)


@settings(max_examples=25, deadline=None)
@given(st.permutations(BULLETIN), st.integers(40, 200))
def test_any_order_and_any_slot_fits_and_keeps_the_key(order: list[Sentence], slot: int) -> None:
    script = fit(order, slot)
    assert script.seconds <= slot
    assert KEY in script.kept


def test_syllables_are_counted_as_they_are_heard() -> None:
    assert syllables("Ủy ban nhân dân, quận Dương Kinh.") == 7
    assert syllables("Máy Blackberry") == 1 + 3
    assert syllables("") == 0


def test_reading_time_is_syllables_and_rests() -> None:
    pauses = Pauses(clause=0.25, sentence=0.5, paragraph=1.0)
    assert reading_seconds("Một hai ba bốn", 240, pauses) == pytest.approx(1.0)
    assert reading_seconds("Một hai, ba bốn. Năm.\n\nSáu.", 240, pauses) == pytest.approx(6 / 4 + 0.25 + 0.5 + 1.0)


def test_the_frame_counted_is_the_frame_made() -> None:
    silent = synthesize("Xin chào.").samples[:0]
    framed, _ = frame_bulletin(silent, 22_050)
    assert len(framed) / 22_050 == pytest.approx(Manner().frame_seconds, abs=0.01)


@pytest.mark.parametrize("slot", SLOTS)
def test_the_voice_takes_the_time_that_was_predicted(slot: int) -> None:
    """Calibration: Voice() against RATE and Pauses(); what it takes longer is within the margin."""
    script: Script = fit(BULLETIN, slot)
    real = synthesize(script.spoken, Voice()).seconds
    assert real == pytest.approx(script.seconds - Manner().frame_seconds, rel=MARGIN)
    assert real + Manner().frame_seconds <= slot


HELLO = Sentence("Kính thưa bà con.", 3, role="opening")
BYE = Sentence("Xin trân trọng cảm ơn bà con đã lắng nghe.", 3, role="closing")
FRAMED = (HELLO, *BULLETIN[1:], BYE)


def test_the_closing_words_come_last_after_the_key_has_been_said_again() -> None:
    script = fit(FRAMED, 120)
    assert script.text.startswith(HELLO.text)
    assert script.text.endswith(f"Xin nhắc lại: {KEY.text}\n\n{BYE.text}")
    assert speak(script.text).text == script.spoken


@pytest.mark.parametrize("slot", SLOTS)
def test_opening_and_closing_words_go_before_what_is_only_useful(slot: int) -> None:
    kept = fit(FRAMED, slot).kept
    assert {HELLO, KEY, BYE} <= set(kept)


def test_each_slot_has_its_variant_and_air_time_chooses_one() -> None:
    scripts = fit_slots(FRAMED)
    assert list(scripts) == list(SLOTS)
    assert all(script.seconds <= slot for slot, script in scripts.items())
    assert variant_for(scripts, 130) is scripts[120]
    assert variant_for(scripts, 20) is None


def test_a_slot_the_key_does_not_fit_in_has_no_variant() -> None:
    assert list(fit_slots(FRAMED, (10, 60))) == [60]
    with pytest.raises(SlotTooShortError):
        fit_slots(FRAMED, (5, 10))


def test_a_sentence_is_measured_as_it_is_heard() -> None:
    page = "Gọi 1800 1091, 1900 6868, 0912 345 678, 0225 3 860 860. Xin cảm ơn."
    assert long_sentences(page) == ("Gọi 1800 1091, 1900 6868, 0912 345 678, 0225 3 860 860.",)
