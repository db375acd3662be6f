from __future__ import annotations

import pytest

from lantoa.content.rules.speech import DEFAULT, speak
from lantoa.content.rules.speech_check import check_speech
from lantoa.content.rules.speech_table import SpeechTableError, read_table

PAGE = "Mời bà con đến nhà văn hóa. Gặp TXQZ, hoặc TXQZ khu 2.\n\nLiên hệ Blackberry."


def test_each_unknown_word_is_found_where_it_stands() -> None:
    found = check_speech(PAGE)
    assert [(one.word, PAGE[one.start : one.end]) for one in found] == [("TXQZ", "TXQZ")] * 2 + [("Blackberry",) * 2]
    assert found[0].sentence == "Gặp TXQZ, hoặc TXQZ khu 2."
    assert found[2].sentence == "Liên hệ Blackberry."
    assert "“TXQZ”" in found[0].why


def test_a_part_of_an_address_is_found_whatever_its_capitals() -> None:
    (found,) = check_speech("Xem Zalo.me/g/XKCDWQ ngay.")
    assert (found.start, found.end) == (14, 20)


def test_what_the_page_does_not_have_in_that_form_is_not_lost() -> None:
    page = "ngày 30/02–05/03/2024 và QX–7Z"
    assert {one.word for one in check_speech(page)} >= set(speak(page).unknown)


def test_a_text_the_voice_knows_has_no_finding() -> None:
    assert check_speech("UBND phường mời bà con đến NVH lúc 19h30.") == ()


def test_an_agency_names_its_own_words_and_wins() -> None:
    own = read_table('[abbreviations]\nTXQZ = "thanh xuân"\nUBND = "ủy ban"\n[words]\nBlackBerry = "bờ lách"\n')
    assert check_speech(PAGE, DEFAULT | own) == ()
    assert speak("UBND và HĐND", DEFAULT | own).text == "Ủy ban và Hội đồng nhân dân"


def test_a_document_is_of_whom_the_agency_says() -> None:
    own = read_table('[issuers]\nTU = "Thành ủy"\n')
    assert speak("05-KH/TU").unknown == ("TU",)
    assert speak("05-KH/TU", DEFAULT | own).text == "Kế hoạch số không năm của Thành ủy"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[abbreviations\n", "không đúng cú pháp TOML"),
        ('[words]\nzalo = "zalo"\n', "lời đọc của “zalo” có “zalo”"),
        ('[words]\nzalo = "da lô 2"\n', "có “2”"),
        ('[words]\nzalo = ""\n', "“zalo” chưa có lời đọc"),
        ("[words]\nzalo = 3\n", "“zalo” chưa có lời đọc"),
        ("words = 1\n", "phải là một bảng"),
        ('[word]\nzalo = "da lô"\n', "không có bảng “word”"),
    ],
)
def test_a_broken_file_is_refused_with_the_entry_named(toml: str, told: str) -> None:
    with pytest.raises(SpeechTableError, match=r"^phường\.toml") as caught:
        read_table(toml, "phường.toml")
    assert told in str(caught.value)
