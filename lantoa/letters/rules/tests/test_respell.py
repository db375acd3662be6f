"""Words a scan has torn: put right by the letter and the trade, left alone where nothing speaks for them."""

from __future__ import annotations

import pytest

from lantoa.letters.rules.garbled import digits_in, number_in
from lantoa.letters.rules.lexicon import is_broken, is_like_title, skeleton, title_after, trade, unglued
from lantoa.letters.rules.respelling import (
    gather,
    respell_capitals,
    respell_name,
    respell_phrase,
    respell_symbol,
)

TEXT = """Thực hiện Kế hoạch số 14/KH-UBND về chiến dịch Mùa hè xanh tại Mường Khoa.
Các đơn vị tham gia chiến dịch Mùa hè xanh; báo cáo theo Kế hoạch số 14/KH-UBND.
"""


@pytest.mark.parametrize(
    ("torn", "sound"),
    [
        ("đẩy mạnh tuyên truvền", "đẩy mạnh tuyên truyền"),
        ("tăng cường tuyêntruyên phân loại", "tăng cường tuyên truyền phân loại"),
        ("chiên dịch Mùa hẻ xanh", "chiến dịch Mùa hè xanh"),
        ("thực hiện kế hoạch sô 14/KH-UBND", "thực hiện kế hoạch số 14/KH-UBND"),
        ("việc quộc gia", "việc quốc gia"),
    ],
)
def test_a_phrase_is_respelled_by_the_trade_and_by_the_letter(torn: str, sound: str) -> None:
    assert respell_phrase(torn, gather(TEXT)) == sound


@pytest.mark.parametrize("phrase", ["mở lớp dạy hát Then", "giao DA GAVI N2017 cho Phòng Y tế", "Cô Hương"])
def test_a_word_nothing_speaks_against_stays(phrase: str) -> None:
    assert respell_phrase(phrase, gather(TEXT)) == phrase


def test_a_number_with_a_foreign_sign_is_read_as_it_stands_elsewhere() -> None:
    assert respell_phrase("kế hoạch số 1§/KH-UBND", gather(TEXT)) == "kế hoạch số 14/KH-UBND"


def test_capitals_are_respelled_letter_for_letter() -> None:
    text = "ỦY 8AN NHÂN DAN TỈNH\nSố: 05/UBND-CCHC"
    better = respell_capitals(text, gather(text))
    assert better == "ỦY BAN NHÂN DÂN TỈNH\nSố: 05/UBND-CCHC"


@pytest.mark.parametrize(
    ("torn", "sound"),
    [
        ("Nguyên Vãn Dủng", "Nguyễn Văn Dũng"),
        ("rần Thị Hà", "Trần Thị Hà"),
        ("Ñguyễn Thu An", "Nguyễn Thu An"),
        ("Lường Thị Pản", "Lường Thị Pản"),
        ("Xếđuyên Minh Hà", "Nguyễn Minh Hà"),
        ("Tran Nguyen Minh Thanh", None),
    ],
)
def test_a_name_gets_its_marks_back_or_none_when_all_are_lost(torn: str, sound: str | None) -> None:
    assert respell_name(torn) == sound


def test_symbols_are_respelled_by_known_codes() -> None:
    assert respell_symbol("QD-UBND") == "QĐ-UBND"
    assert respell_symbol("SGDDT-VP") == "SGDĐT-VP"
    assert respell_symbol("T1-BYT") == "TT-BYT"
    assert respell_symbol("PVHTT-XYZ") == "PVHTT-XYZ"


def test_lost_spaces_come_back_between_words_that_go_together() -> None:
    assert unglued("ỦY BANNHÂNDÂN") == "ỦY BAN NHÂN DÂN"
    assert unglued("SỞTƯPHÁP") == "SỞ TƯ PHÁP"
    assert unglued("CHLOROFORM") == "CHLOROFORM"


def test_titles_are_known_through_a_lost_letter_and_side_by_side() -> None:
    assert is_like_title("PNÓ CHÁNH VĂN PHÒNG")
    assert not is_like_title("TRUNG TÂM DỊCH VỤ")
    text = "CHỦ TỊCH GIÁM ĐỐC"
    assert text[title_after(text) or 0 :] == "GIÁM ĐỐC"
    assert title_after("PHÓ CHỦ TỊCH") is None


def test_what_scans_confuse_has_one_skeleton() -> None:
    assert skeleton("vlệc") == skeleton("việc")
    assert skeleton("rnạnh") == skeleton("mạnh")
    assert "tuyền" not in trade().words
    assert is_broken("thuôc")


def test_digits_are_made_out_only_of_what_looks_like_them() -> None:
    assert digits_in("1Ì") == 11
    assert digits_in("(") is None
    assert number_in("I30S") == "1305"
    assert number_in("SOS") is None
