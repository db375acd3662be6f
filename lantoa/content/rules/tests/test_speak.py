"""What is on the page, and what a good announcer says: pairs written by hand, from bulletins of the trade."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.content.rules.speech import DEFAULT, SpeechTable, speak

PAIRS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("pairs.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize(("page", "ear"), PAIRS, ids=[page for page, _ in PAIRS])
def test_a_written_form_is_said_as_a_good_announcer_says_it(page: str, ear: str) -> None:
    assert speak(page).text == ear


@pytest.mark.parametrize("page", [page for page, _ in PAIRS])
def test_speaking_spoken_words_again_changes_nothing(page: str) -> None:
    said = speak(page).text
    assert speak(said).text == said
    assert not any(one.isdecimal() for one in said)


def test_there_are_enough_pairs() -> None:
    assert len({page for page, _ in PAIRS}) >= 200


def test_an_unknown_abbreviation_is_spelled_and_reported_once() -> None:
    spoken = speak("Theo TXQZ và TXQZ")
    assert spoken.text == "Theo tê ích quy dét và tê ích quy dét"
    assert spoken.unknown == ("TXQZ",)


def test_an_unknown_foreign_word_is_kept_and_reported() -> None:
    spoken = speak("Máy Blackberry cũ")
    assert spoken.text == "Máy Blackberry cũ"
    assert spoken.unknown == ("Blackberry",)


def test_an_unknown_agency_in_a_document_number_is_reported() -> None:
    assert speak("Công văn số 12/XQTK-VP").unknown == ("XQTK",)


def test_an_agency_adds_its_own_abbreviations() -> None:
    assert speak("TTVH quận", DEFAULT | SpeechTable({"TTVH": "trung tâm văn hóa"})).text == "Trung tâm văn hóa quận"


def test_known_words_are_never_reported() -> None:
    known = [spoken.unknown for spoken in map(speak, (page for page, _ in PAIRS))]
    assert not any(known)


def test_a_decomposed_page_is_read_like_a_composed_one() -> None:
    assert speak("Ủy ban").text == speak("U\u0309y ban").text


def test_a_date_that_cannot_be_is_not_said_as_a_date() -> None:
    assert "tháng" not in speak("45/13/2024").text


def test_a_date_the_calendar_does_not_have_is_reported() -> None:
    assert speak("ngày 30/02/2024").unknown == ("30/02/2024",)


def test_a_paper_without_its_number_is_reported() -> None:
    assert speak("Số: /UBND-VHTT").unknown == ("Số: /UBND-VHTT",)


def test_a_line_that_runs_on_is_joined() -> None:
    assert speak("về kế hoạch,\nlộ trình dừng").text == "Về kế hoạch, lộ trình dừng"


def test_paragraphs_stay_apart() -> None:
    assert speak("Câu một.\n\nCâu hai.").text == "Câu một.\n\nCâu hai."


def test_nothing_is_said_of_nothing() -> None:
    assert speak(" \n ").text == ""


def test_a_sign_nobody_can_hear_keeps_what_stood_on_its_sides_apart() -> None:
    assert speak("12☎34").text == "Mười hai, ba mươi tư"


def test_a_figure_with_a_letter_that_could_mean_two_things_is_reported() -> None:
    assert speak("trên 60t").unknown == ("60t",)
    assert speak("họp T4").unknown == ("T4",)
    assert speak("số nhà 12b").unknown == ()


def test_a_short_word_in_capitals_among_others_is_an_abbreviation_nobody_named() -> None:
    assert speak("gặp HA ngay").unknown == ("HA",)
    assert speak("BAN HÀNH KẾ HOẠCH").unknown == ()


def test_a_date_nobody_filled_in_is_reported() -> None:
    spoken = speak("ngày … tháng … năm 2024")
    assert spoken.unknown == ("ngày … tháng …",)
    assert spoken.text == "Ngày chưa ghi năm hai nghìn không trăm hai mươi tư"


def test_a_part_of_an_address_that_cannot_be_parted_is_reported() -> None:
    assert speak("zalo.me/g/xkcdwq").unknown == ("xkcdwq",)


@given(st.text(st.sampled_from("0123456789/.,-–:() hđ%°G²m×≥±^&+=abcXVIQĐTNkg\n"), max_size=40))
def test_whatever_stands_on_the_page_no_figure_is_left_and_no_sign(page: str) -> None:
    assert not re.search(r"[\d/%°²×≥±^&+=()]", speak(page).text)
