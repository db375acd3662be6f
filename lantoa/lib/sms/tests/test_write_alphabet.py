from __future__ import annotations

import pytest
import smsutil  # type: ignore[import-untyped]  # publishes no types
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.sms import GSM7, GSM7_EXTENSION, OutsideAlphabet, alphabet_of, decode_gsm7, encode_gsm7

KNOWN = "".join(sorted(GSM7 | GSM7_EXTENSION))


def test_the_alphabet_is_the_one_of_another_library() -> None:
    assert smsutil.is_valid_gsm(KNOWN)
    for char in KNOWN:
        assert encode_gsm7(char) == smsutil.encode(char), char
    assert len(GSM7) == 127
    assert len(GSM7_EXTENSION) == 10


@given(st.text(KNOWN))
def test_what_is_written_is_read_again(text: str) -> None:
    assert decode_gsm7(encode_gsm7(text)) == text


@given(st.text(max_size=50))
def test_a_text_can_be_encoded_exactly_when_it_is_in_the_alphabet(text: str) -> None:
    if alphabet_of(text) == "GSM-7":
        assert decode_gsm7(encode_gsm7(text)) == text
    else:
        with pytest.raises(OutsideAlphabet):
            encode_gsm7(text)


@given(st.binary())
def test_any_octets_can_be_read(octets: bytes) -> None:
    assert len(decode_gsm7(octets)) <= len(octets)


def test_an_escape_before_nothing_of_the_extension_is_the_plain_letter() -> None:
    assert decode_gsm7(b"\x1bA\x1b\x65\x1b") == "A€"
    assert decode_gsm7(b"a\xffb") == "a\ufffdb"
