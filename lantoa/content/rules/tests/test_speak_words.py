from __future__ import annotations

import re

import pytest

from lantoa.content.rules.speech_numbers import read_roman, say_number
from lantoa.content.rules.speech_words import TRADE, is_syllable, split_bare


@pytest.mark.parametrize("name", TRADE)
def test_every_word_we_teach_the_voice_is_vietnamese(name: str) -> None:
    words = {word for spoken in TRADE[name].values() for word in re.findall(r"\w+", spoken)}
    assert sorted(word for word in words if not is_syllable(word)) == []


@pytest.mark.parametrize(
    "word",
    "nghiêng giếng gì quốc quyết khuya thuở xoong ỷ yêu Đường ngoằn huỳnh Thủy khuỷu".split(),  # noqa: SIM905 - words, as one reads them
)
def test_what_can_be_said_in_one_breath_is_a_syllable(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["UBND", "tat", "Nokia", "sms", "fan", "Blackberry", "zalo", "w", "", "lạcs", "bàò"])
def test_what_cannot_is_none(word: str) -> None:
    assert not is_syllable(word)


def test_numbers_up_to_a_million_are_made_of_syllables_and_all_differ() -> None:
    said = [say_number(value) for value in [*range(2_000), *range(2_000, 1_000_000, 997)]]
    assert len(set(said)) == len(said)
    assert all(is_syllable(word) for words in said for word in words.split())


def test_large_and_negative_numbers_are_said() -> None:
    assert say_number(1_000_000_000_000) == "một nghìn tỷ"
    assert say_number(1_000_000_005) == "một tỷ không trăm linh năm"
    assert say_number(-3) == "âm ba"
    assert say_number(0) == "không"


def test_roman_numerals_in_their_proper_form_only() -> None:
    assert [read_roman(one) for one in ("IV", "XIII", "XIX", "MCMXLV")] == [4, 13, 19, 1945]
    assert [read_roman(one) for one in ("IIII", "VX", "", "ABC")] == [None, None, None, None]


def test_what_an_address_runs_together_is_parted_into_the_fewest_syllables() -> None:
    assert split_bare("duongkinh") == ("duong", "kinh")
    assert split_bare("phuonganhdung") == ("phuong", "anh", "dung")
    assert split_bare("tintuc") == ("tin", "tuc")
    assert split_bare("xkcd") == ()
    assert split_bare("") == ()
