from __future__ import annotations

import random
import unicodedata
from typing import TYPE_CHECKING

import pytest
import smsutil  # type: ignore[import-untyped]  # publishes no types
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.sms import CompiledText, OutsideAlphabet, decode_gsm7, measure_sms, split_sms

if TYPE_CHECKING:
    from lantoa.lib.sms import Alphabet

LETTERS = "abc xyz €{ ăệđ \U0001f4f1@\n"


def text_of(alphabet: Alphabet, parts: list[bytes]) -> str:
    return "".join(decode_gsm7(part) if alphabet == "GSM-7" else part.decode("utf-16-be") for part in parts)


@given(st.lists(st.text(LETTERS, max_size=90), min_size=1, max_size=4), st.data())
def test_a_filled_text_is_cut_as_if_it_had_never_been_compiled(words: list[str], data: st.DataObject) -> None:
    values = [data.draw(st.text(LETTERS, max_size=40)) for _ in words[1:]]
    compiled = CompiledText(words, writing="auto")
    joined = words[0] + "".join(value + piece for value, piece in zip(values, words[1:], strict=True))
    alphabet, parts = compiled.fill(values)
    if alphabet == measure_sms(joined).alphabet:
        assert text_of(alphabet, parts) == joined
        assert len(parts) == measure_sms(joined).parts
    else:  # the words are in the default alphabet, so that the values were put into it
        assert measure_sms("".join(words)).alphabet == alphabet == "GSM-7"


def test_ten_thousand_filled_texts_have_the_parts_another_counter_finds() -> None:
    chance = random.Random(20241016)  # noqa: S311 - texts for a test
    for _ in range(2_000):
        words = ["".join(chance.choices("ab €", k=chance.randint(0, 170))), "".join(chance.choices("ăb đ", k=40))]
        compiled = CompiledText(words)
        for _ in range(5):
            name = "".join(chance.choices("Nguyễn Thị \U0001f4f1", k=chance.randint(0, 40)))
            theirs = smsutil.split(words[0] + name + words[1])
            alphabet, parts = compiled.fill([name])
            assert [text_of(alphabet, [part]) for part in parts] == [part.content for part in theirs.parts]


def test_a_name_does_not_make_a_message_without_marks_dear() -> None:
    compiled = CompiledText(["Kinh gui ", ": may 2G se khong dung duoc."])
    alphabet, parts = compiled.fill(["Nguyễn Thị Tỵ"])
    assert (alphabet, text_of(alphabet, parts)) == ("GSM-7", "Kinh gui Nguyen Thi Ty: may 2G se khong dung duoc.")
    assert compiled.show(["Đỗ Văn Ơ"]) == "Kinh gui Do Van O: may 2G se khong dung duoc."
    assert compiled.show(["Đỗ 手"]).startswith("Kinh gui Đỗ 手:"), "what has no plain letters is not left out"
    assert CompiledText(["Kinh gui ", "."], ["quý vị"]).show(["Đỗ"]) == "Kinh gui Đỗ.", "its words may have had marks"


def test_a_name_in_a_message_with_marks_keeps_its_own() -> None:
    compiled = CompiledText(["Kính gửi ", "."])
    assert compiled.show(["Nguyễn Thị Tỵ"]) == "Kính gửi Nguyễn Thị Tỵ."
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Tỵ")
    assert compiled.show([apart]) == "Kính gửi Nguyễn Thị Tỵ.", "letters typed in two pieces cost no more"
    assert CompiledText([unicodedata.normalize("NFD", "Kính gửi")]).show([]) == "Kính gửi"


def test_a_channel_without_marks_writes_everything_plain_or_says_what_it_cannot() -> None:
    compiled = CompiledText(["Kính gửi ", " – “ủy ban”"], writing="gsm7")
    assert compiled.fill(["Đỗ"])[0] == "GSM-7"
    assert compiled.show(["Đỗ"]) == 'Kinh gui Do - "uy ban"'
    with pytest.raises(OutsideAlphabet, match="手"):
        CompiledText(["手机"], writing="gsm7")
    with pytest.raises(OutsideAlphabet):
        compiled.fill(["手机"])


def test_a_channel_may_write_everything_in_ucs2() -> None:
    alphabet, parts = CompiledText(["a" * 71], writing="ucs2").fill([])
    assert (alphabet, len(parts)) == ("UCS-2", 2)


@pytest.mark.parametrize(("text", "parts"), [("a" * 306, 3), ("a" * 304, 2), ("ă" * 132, 2), ("ă" * 133, 3)])
def test_a_longer_reference_leaves_less_room(text: str, parts: int) -> None:
    assert len(CompiledText([text], reference_bits=16).fill([])[1]) == parts


def test_a_text_without_slots_is_cut_once() -> None:
    compiled = CompiledText(["ă" * 100])
    assert compiled.fill([]) is compiled.fill([])


def test_a_mark_stays_with_its_letter_where_that_costs_nothing() -> None:
    lao = "ກຳ" + "ຂີ" * 60  # each second one a mark
    for part in split_sms("ă" + lao):
        assert not unicodedata.category(part[0]).startswith("M"), part
    family = "ă" * 64 + "\U0001f468\u200d\U0001f469" + "ă" * 40
    assert split_sms(family)[0] == "ă" * 64, "a joined picture is not cut"
    dear = "ă" * 66 + "e\u0301" + "ă" * 66
    assert measure_sms(dear).parts == 2, "but never for another part"
    assert split_sms("\u0301" * 100) == ("\u0301" * 67, "\u0301" * 33), "nothing but marks"
