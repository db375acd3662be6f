from __future__ import annotations

from typing import Any

import pytest
import smpplib.client  # type: ignore[import-untyped]  # publishes no types
import smpplib.consts  # type: ignore[import-untyped]  # publishes no types
import smpplib.smpp  # type: ignore[import-untyped]  # publishes no types
import smsutil  # type: ignore[import-untyped]  # publishes no types

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import (
    Login,
    SubmitForm,
    read_data_sm,
    read_deliver_sm,
    read_tlvs,
    relative_time,
    write_pdu,
    write_tlv,
    write_tlvs,
)
from lantoa.lib.smpp.text import alone, in_parts, read_words
from lantoa.lib.sms import CompiledText, Place

CLIENT = smpplib.client.Client("127.0.0.1", 1, allow_unknown_opt_params=True)
LONG = "Từ ngày 16/10/2024, máy chỉ có sóng 2G không gọi được nữa 📱. " * 4


def theirs(pdu: bytes) -> Any:
    """The PDU as smpplib reads it."""
    return smpplib.smpp.parse_pdu(pdu, client=CLIENT, allow_unknown_opt_params=True)


def submit(tail: bytes, ending: bytes) -> bytes:
    body = SubmitForm("UBND MAU", 5, 0, validity_period=relative_time(24)).head() + b"84912345678" + tail + ending
    return write_pdu(commands.SUBMIT_SM, 7, body)


def test_a_bind_is_read_by_others_as_it_was_meant() -> None:
    login = Login("lantoa", "mat-khau", "sms", 1, 1, "8079")
    for kind, command in commands.BINDS.items():
        pdu = theirs(write_pdu(command, 1, login.body()))
        assert pdu.command == f"bind_{kind}"
        assert (pdu.system_id, pdu.password, pdu.system_type) == (b"lantoa", b"mat-khau", b"sms")
        assert (pdu.interface_version, pdu.addr_ton, pdu.addr_npi, pdu.address_range) == (0x34, 1, 1, b"8079")


def test_a_short_message_is_read_by_others_as_it_was_meant() -> None:
    form = SubmitForm("UBND MAU", 5, 0, 1, 1, "CMT", 0, 1, relative_time(30), 1)
    body = form.head() + b"84912345678" + form.tail(8) + alone("Kính gửi".encode("utf-16-be"))
    pdu = theirs(write_pdu(commands.SUBMIT_SM, 4_711, body))
    assert (pdu.command, pdu.sequence, pdu.status) == ("submit_sm", 4_711, 0)
    assert (pdu.service_type, pdu.priority_flag, pdu.protocol_id) == (b"CMT", 1, 0)
    assert (pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr) == (5, 0, b"UBND MAU")
    assert (pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr) == (1, 1, b"84912345678")
    assert (pdu.validity_period, pdu.schedule_delivery_time) == (b"000001060000000R", b"")
    assert (pdu.registered_delivery, pdu.esm_class, pdu.data_coding) == (1, 0, 8)
    assert pdu.short_message.decode("utf-16-be") == "Kính gửi"


@pytest.mark.parametrize("text", [LONG, "Tu ngay 16/10/2024, may chi co song 2G khong goi duoc nua {€}. " * 6])
@pytest.mark.parametrize("bits", [8, 16])
def test_the_parts_of_a_long_message_are_read_by_others_as_they_were_meant(text: str, bits: int) -> None:
    alphabet, parts = CompiledText([text], reference_bits=bits).fill([])
    coding = 8 if alphabet == "UCS-2" else 0
    tail = SubmitForm().tail(coding, commands.HAS_HEADER)
    pdus = [theirs(submit(tail, ending)) for ending in in_parts(parts, 258, "udh", bits)]
    header = b"\x05\x00\x03\x02" if bits == 8 else b"\x06\x08\x04\x01\x02"
    assert len(pdus) > 2
    assert all(pdu.esm_class == smpplib.consts.SMPP_GSMFEAT_UDHI for pdu in pdus)
    assert [pdu.short_message[:len(header) + 2] for pdu in pdus] == [
        header + bytes((len(pdus), number)) for number in range(1, len(pdus) + 1)
    ]
    words = b"".join(pdu.short_message[len(header) + 2:] for pdu in pdus)
    assert (words.decode("utf-16-be") if coding else smsutil.decode(words)) == text


def test_parts_by_sar_and_whole_messages_are_read_by_others_as_they_were_meant() -> None:
    parts = CompiledText([LONG]).fill([])[1]
    tail = SubmitForm().tail(8)
    pdus = [theirs(submit(tail, ending)) for ending in in_parts(parts, 70_000, "sar")]
    assert [(pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum) for pdu in pdus] == [
        (70_000 & 0xFFFF, len(parts), number) for number in range(1, len(parts) + 1)
    ]
    assert b"".join(pdu.short_message for pdu in pdus).decode("utf-16-be") == LONG
    (whole,) = in_parts(parts, 1, "payload")
    pdu = theirs(submit(tail, whole))
    assert (pdu.sm_length, pdu.message_payload.decode("utf-16-be")) == (0, LONG)


def test_words_too_long_for_a_short_message_become_a_payload() -> None:
    assert alone(b"a" * 254)[:1] == bytes((254,))
    assert alone(b"a" * 255) == b"\0" + write_tlv(commands.MESSAGE_PAYLOAD, b"a" * 255)


@pytest.mark.parametrize("how", ["udh", "sar", "payload"])
def test_what_is_written_is_read_again(how: Any) -> None:
    alphabet, parts = CompiledText([LONG]).fill([])
    assert alphabet == "UCS-2"
    tail = SubmitForm().tail(8, commands.HAS_HEADER if how == "udh" else 0)
    read = [read_words(read_deliver_sm(submit(tail, ending)[16:])) for ending in in_parts(parts, 9, how)]
    assert "".join(text for _, text in read) == LONG
    if how != "payload":
        assert [place for place, _ in read] == [Place(9, len(parts), number) for number in range(1, len(parts) + 1)]


def test_a_data_sm_is_read() -> None:
    body = b"\0\x01\x01" + b"84912345678\0" + b"\0\x01" + b"8079\0" + bytes((0, 1, 8))
    message = read_data_sm(body + write_tlv(commands.MESSAGE_PAYLOAD, "Tôi đổi".encode("utf-16-be")))
    assert (message.source, message.destination, message.registered) == ("84912345678", "8079", 1)
    assert read_words(message) == (None, "Tôi đổi")


def test_optional_parameters_are_read_as_they_were_written() -> None:
    values = [(commands.USER_MESSAGE_REFERENCE, b"\0\x07"), (commands.NETWORK_ERROR_CODE, b"\x03\0\x01"), (0x1400, b"")]
    assert read_tlvs(write_tlvs(values)) == dict(values)
    assert read_tlvs(write_tlvs([(1, b"a"), (1, b"b")])) == {1: b"a"}


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("system_id", lambda: Login("a" * 16).body()),
        ("password", lambda: Login("a", "b" * 9).body()),
        ("system_type", lambda: Login("a", "b", "c" * 13).body()),
        ("source_addr", lambda: SubmitForm("a" * 21).head()),
        ("source_addr", lambda: SubmitForm("Ủy ban").head()),
        ("source_addr", lambda: SubmitForm("UBND\0MAU").head()),
        ("service_type", lambda: SubmitForm(service_type="TOOLONG").head()),
        ("validity_period", lambda: SubmitForm(validity_period="0" * 17).tail(0)),
        ("bytes must be", lambda: SubmitForm(dest_ton=256).head()),
        ("720 hours", lambda: relative_time(721)),
        ("720 hours", lambda: relative_time(-1)),
    ],
)
def test_what_a_field_cannot_hold_is_refused_and_named(what: str, how: Any) -> None:
    with pytest.raises(ValueError, match=what):
        how()


@pytest.mark.parametrize(
    ("hours", "period"), [(0, ""), (1, "000000010000000R"), (24, "000001000000000R"), (720, "000030000000000R")],
)
def test_a_validity_period_is_told_from_now(hours: int, period: str) -> None:
    assert relative_time(hours) == period
    assert len(period) in {0, 16}
