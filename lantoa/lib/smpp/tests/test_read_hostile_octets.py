from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import MalformedPdu, read_data_sm, read_deliver_sm, read_message_id, read_tlvs, write_tlv
from lantoa.lib.smpp.receipts import is_receipt, read_receipt
from lantoa.lib.smpp.text import decode_words, read_words
from lantoa.simulators.smsc_script import delivered_body

WHOLE = delivered_body("84912345678", "8079", commands.HAS_HEADER, 8) + b"\x05Hello"


@given(st.binary(max_size=400))
def test_no_octets_break_the_reading_of_a_message(body: bytes) -> None:
    for read in (read_deliver_sm, read_data_sm):
        try:
            message = read(body)
        except MalformedPdu:
            continue
        read_words(message)
        if is_receipt(message):
            read_receipt(message)


@given(st.binary(max_size=254), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=60))
def test_no_words_break_the_reading_of_a_whole_message(words: bytes, esm_class: int, coding: int, rest: bytes) -> None:
    head = delivered_body("84912345678", "8079", esm_class, coding)
    try:
        message = read_deliver_sm(head + bytes((len(words),)) + words + rest)
    except MalformedPdu:
        return
    place, _ = read_words(message)
    assert place is None or 1 <= place.number <= place.total
    read_receipt(message)


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_message_cut_off_anywhere_is_malformed(length: int) -> None:
    with pytest.raises(MalformedPdu):
        read_deliver_sm(WHOLE[:length])


@pytest.mark.parametrize("rest", [b"\x04", b"\x04\x27\x00", b"\x04\x27\x00\x05ab"])
def test_an_optional_parameter_cut_off_is_malformed(rest: bytes) -> None:
    with pytest.raises(MalformedPdu):
        read_tlvs(write_tlv(commands.MESSAGE_STATE, b"\x02") + rest)


@pytest.mark.parametrize(("body", "read"), [(b"", ""), (b"abc", "abc"), (b"abc\0", "abc"), (b" 12 \0xyz", "12")])
def test_a_message_id_is_read_however_it_ends(body: bytes, read: str) -> None:
    assert read_message_id(body) == read


@pytest.mark.parametrize(
    ("coding", "octets", "read"),
    [
        (0x00, b"\x00 @", "@ ¡"),
        (0x01, b"@", "@"),
        (0x03, b"\xe9", "é"),
        (0x04, b"\x01\xff", "\x01ÿ"),
        (0x08, b"\x1e\xd5", "ổ"),
        (0x08, b"\x1e\xd5\x00", "ổ\ufffd"),
        (0x18, b"\x1e\xd5", "ổ"),
        (0xF1, b"\x00", "@"),
        (0xF5, b"A", "A"),
    ],
)
def test_words_are_read_by_their_coding(coding: int, octets: bytes, read: str) -> None:
    assert decode_words(octets, coding) == read
