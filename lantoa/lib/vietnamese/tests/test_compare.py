import unicodedata

import pytest

from lantoa.lib.vietnamese import nfc, plain_key, same_text, slug, syllables, unaccented, with_modern_tones


@pytest.mark.parametrize(
    ("older", "newer"),
    [("hoà", "hòa"), ("thuỷ", "thủy"), ("Uỷ ban", "Ủy ban"), ("khoẻ", "khỏe"), ("HOÀ BÌNH", "HÒA BÌNH")],
)
def test_the_two_habits_of_placing_a_tone_are_one_text(older: str, newer: str) -> None:
    assert older != newer
    assert with_modern_tones(older) == newer
    assert same_text(older, newer)


@pytest.mark.parametrize("word", ["quý", "toán", "huỳnh", "hoàng", "nguyễn", "xoáy", "khuya"])
def test_a_word_with_one_spelling_keeps_it(word: str) -> None:
    assert with_modern_tones(word) == word


def test_different_tones_are_different_texts() -> None:
    assert not same_text("hòa", "hóa")
    assert not same_text("Hải Dương", "Hải Dưỡng")


def test_composed_and_decomposed_text_are_one() -> None:
    assert same_text(unicodedata.normalize("NFD", "Tổ dân phố"), "tổ  dân phố")
    assert nfc("Ðà Nẵng") == "Đà Nẵng"


def test_plain_letters_include_d_with_stroke() -> None:
    assert unaccented("Đống Đa, đường Láng") == "Dong Da, duong Lang"
    assert plain_key(" Quận  ĐỐNG Đa ") == "quan dong da"


def test_a_slug_is_a_safe_file_name() -> None:
    assert slug("Tổ dân phố số 3 / Phường Hải Thành") == "to-dan-pho-so-3-phuong-hai-thanh"
    assert slug("…") == ""


def test_syllables_leave_numbers_out() -> None:
    assert syllables("Công văn số 15/UBND-VHTT") == ["Công", "văn", "số", "UBND", "VHTT"]
