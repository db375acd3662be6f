from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.residents.rules import read_phone, read_tac, without_device_numbers

MOBILE = st.from_regex(r"0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", fullmatch=True)


@pytest.mark.parametrize("written", [
    "0912345678", "912345678", "+84912345678", "84912345678", "0084912345678", "+84 (0)91 234 5678", "091.234.5678",
    "091-234-5678", "O9l2345678".replace("l", "1"), "o912345678", "0912 345 678", "\u00a00912345678",
    "84 0912345678",
])
def test_one_number_is_read_however_it_is_written(written: str) -> None:
    assert read_phone(written).number == "0912345678"


@pytest.mark.parametrize(("written", "number"), [
    ("01681234567", "0381234567"), ("1681234567", "0381234567"), ("+841681234567", "0381234567"),
    ("01201234567", "0701234567"), ("01211234567", "0791234567"), ("01221234567", "0771234567"),
    ("01261234567", "0761234567"), ("01281234567", "0781234567"), ("01231234567", "0831234567"),
    ("01241234567", "0841234567"), ("01251234567", "0851234567"), ("01271234567", "0811234567"),
    ("01291234567", "0821234567"), ("01621234567", "0321234567"), ("01691234567", "0391234567"),
    ("01861234567", "0561234567"), ("01881234567", "0581234567"), ("01991234567", "0591234567"),
])
def test_eleven_digits_become_ten_and_it_is_said(written: str, number: str) -> None:
    reading = read_phone(written)
    assert (reading.number, reading.was_converted) == (number, True)


@pytest.mark.parametrize(("written", "why"), [
    ("", "chưa có"), ("02253861234", "máy bàn"), ("2253861234", "máy bàn"), ("+842253861234", "máy bàn"),
    ("02438251234", "máy bàn"), ("18001091", "dịch vụ"), ("1900545454", "dịch vụ"), ("113", "dịch vụ"),
    ("0312345678", "đầu số"), ("01301234567", "đầu số cũ"), ("9.12E+08", "mất chữ số"), ("9,12345E+08", "mất chữ số"),
    ("0912345678/0987654321", "hai số"), ("0912345678, 0987654321", "hai số"), ("09123x5678", "ký tự"),
    ("không có", "ký tự"), ("091234567", "9 chữ số"), ("091234567890", "12 chữ số"), ("٠٩١٢٣٤٥٦٧٨", "ký tự"),
])
def test_what_is_no_mobile_number_is_refused_with_its_reason(written: str, why: str) -> None:
    reading = read_phone(written)
    assert reading.number == ""
    assert why in reading.why


@given(MOBILE, st.sampled_from(["{}", "+84{1}", "84{1}", "0084{1}", "{1}", "+84 (0){1}", " {} ", "{2} {3}", "{2}.{3}"]))
def test_every_mobile_number_survives_every_way_of_writing(number: str, form: str) -> None:
    written = form.format(number, number[1:], number[:4], number[4:])
    reading = read_phone(written)
    assert (reading.number, reading.was_converted) == (number, False)


@given(st.text(max_size=25))
def test_any_text_is_either_a_number_or_a_reason(text: str) -> None:
    reading = read_phone(text)
    assert bool(reading.number) != bool(reading.why)
    assert reading.number == "" or read_phone(reading.number).number == reading.number


@pytest.mark.parametrize("written", ["35123456", "351234561234567", "35 123456 123456 7", "35123456123456"])
def test_only_the_tac_is_kept(written: str) -> None:
    assert read_tac(written) == "35123456"


@pytest.mark.parametrize("written", ["3512345", "abc", "351234567"])
def test_what_is_no_tac_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="8 chữ số"):
        read_tac(written)


def test_a_device_number_in_free_text_is_cut() -> None:
    assert without_device_numbers("Nokia 105 (351234561234567)") == "Nokia 105 (35123456)"
