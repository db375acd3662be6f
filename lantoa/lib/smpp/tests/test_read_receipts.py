from __future__ import annotations

import pytest

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import Delivered, read_deliver_sm, write_tlv
from lantoa.lib.smpp.receipts import DeliveryReceipt, Fate, is_receipt, read_receipt, same_id
from lantoa.lib.smpp.statuses import STATUSES, Meaning, status_of
from lantoa.lib.smpp.text import alone
from lantoa.simulators.smsc_script import Script, ToTell, delivered_body, write_receipt


def receipt(
    words: bytes, *, esm_class: int = commands.IS_RECEIPT, coding: int = 0, tlvs: tuple[tuple[int, bytes], ...] = (),
) -> Delivered:
    head = delivered_body("84912345678", "UBND MAU", esm_class, coding)
    return read_deliver_sm(head + alone(words) + b"".join(write_tlv(*tlv) for tlv in tlvs))


def read(words: bytes) -> tuple[str, Fate, str] | None:
    found = read_receipt(receipt(words))
    return (found.message_id, found.fate, found.error) if found else None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            b"id:0123456789 sub:001 dlvrd:001 submit date:2410161200 done date:2410161201 stat:DELIVRD err:000 text:A",
            ("0123456789", Fate.DELIVERED, "000"),
        ),
        (
            b"ID:abc-1 SUB:1 DLVRD:0 SUBMIT DATE:241016120000 DONE DATE:241016120100 STAT:UNDELIV ERR:0A1 TEXT:",
            ("abc-1", Fate.UNDELIVERABLE, "0A1"),
        ),
        (b"id:7 stat:expired", ("7", Fate.EXPIRED, "")),
        (b"id:7 submitdate:241016 donedate:241016 stat:REJECTED err:33", ("7", Fate.REJECTED, "33")),
        (b"id: 7, stat: DELIVRD, err: 0", ("7", Fate.DELIVERED, "0")),
        (b"stat:ACCEPTD id:7 sub:001", ("7", Fate.ACCEPTED, "")),
        (b"id:7 sub:001 dlvrd:000 submit date:2410161200 done date:2410161201 stat:FAILED err: text:", (
            "7", Fate.UNDELIVERABLE, "",
        )),
        (b"id:7 status:ENROUTE error:5", ("7", Fate.ENROUTE, "5")),
        (b"id:7 stat:2", ("7", Fate.DELIVERED, "")),
        (b"id:7 stat:250", ("7", Fate.UNKNOWN, "")),
        (b"id:7 sub:001 done date:2410161201 err:000 text:id:8 stat:DELIVRD", None),
        (b"stat:DELIVRD err:000 text:id:8", None),
        (b"id:7 stat:NOSUCH", None),
        (b"id:" + b"7" * 66 + b" stat:DELIVRD", None),
        (b"", None),
        (b"\xff\xfe\x00", None),
    ],
)
def test_the_words_of_a_receipt_are_read_in_every_dialect(
    words: bytes, expected: tuple[str, Fate, str] | None,
) -> None:
    assert read(words) == expected


def test_a_receipt_in_ucs2_is_read() -> None:
    found = read_receipt(receipt("id:7 stat:DELIVRD".encode("utf-16-be"), coding=8))
    assert found == DeliveryReceipt("7", Fate.DELIVERED, "DELIVRD", "", "id:7 stat:DELIVRD")


def test_optional_parameters_go_before_words() -> None:
    tlvs = (
        (commands.RECEIPTED_MESSAGE_ID, b"9A\0"), (commands.MESSAGE_STATE, b"\x05"),
        (commands.NETWORK_ERROR_CODE, b"\x03\x00\x1b"),
    )
    found = read_receipt(receipt(b"", tlvs=tlvs))
    assert found == DeliveryReceipt("9A", Fate.UNDELIVERABLE, "5", "3/27", "")
    found = read_receipt(receipt(b"id:7 stat:DELIVRD err:001", tlvs=tlvs))
    assert found
    assert found[:4] == ("9A", Fate.UNDELIVERABLE, "5", "001")
    found = read_receipt(receipt(b"id:7 stat:DELIVRD", tlvs=tlvs[:1]))
    assert found
    assert found[:2] == ("9A", Fate.DELIVERED)


def test_every_state_of_the_standard_and_a_strange_one_has_a_fate() -> None:
    for state in range(10):
        found = read_receipt(receipt(b"id:7", tlvs=((commands.MESSAGE_STATE, bytes((state,))),)))
        assert found
        assert found.fate.value == state
    found = read_receipt(receipt(b"id:7", tlvs=((commands.MESSAGE_STATE, b"\xc8"),)))
    assert found
    assert found.fate is Fate.UNKNOWN


def test_only_the_centre_can_write_a_receipt() -> None:
    words = b"id:7 sub:001 dlvrd:001 submit date:2410161200 done date:2410161201 stat:DELIVRD err:000 text:"
    assert not is_receipt(receipt(words, esm_class=0)), "somebody who writes us the words of one proves nothing"
    assert not is_receipt(receipt(words, esm_class=commands.HAS_HEADER))
    assert is_receipt(receipt(words, esm_class=commands.IS_RECEIPT | 0x03))
    assert is_receipt(receipt(words, esm_class=commands.IS_NOTIFICATION))
    assert is_receipt(receipt(b"", esm_class=0, tlvs=((commands.RECEIPTED_MESSAGE_ID, b"7"),)))


@pytest.mark.parametrize("dialect", ["usual", "small", "short", "joined", "tlv"])
def test_what_the_simulated_centre_writes_is_read(dialect: str) -> None:
    script = Script(dialect=dialect)  # type: ignore[arg-type]  # of the five
    for fate in (Fate.DELIVERED, Fate.UNDELIVERABLE):
        told = ToTell("4711", "84912345678", "UBND", "Kính".encode("utf-16-be"), fate)
        found = read_receipt(read_deliver_sm(write_receipt(script, told)))
        assert found
        assert found[:2] == ("4711", fate)


def test_one_message_has_one_id_to_whatever_base_it_is_written() -> None:
    assert same_id("2A", "hex") == same_id("42", "decimal") == same_id("0000000042", "decimal") == "42"
    assert same_id("2a", "hex") == "42"
    assert same_id("2a-x", "hex") == "2a-x", "no number is left as it is"
    assert same_id("0042", "text") == "0042"


def test_every_status_says_in_vietnamese_what_it_means() -> None:
    for code, status in STATUSES.items():
        assert status.name.startswith("ESME_R"), code
        assert (status.meaning is Meaning.TAKEN) is (code == 0)
        assert code == 0 or any(letter in status.why for letter in "ảáãạàểềếệễôơưđíốịớờợâ"), status
    names = [status.name for status in STATUSES.values()]
    assert len(set(names)) == len(names)


def test_a_code_of_the_centres_own_may_pass_and_is_named() -> None:
    assert status_of(0x0401).meaning is Meaning.LATER
    assert "0x401" in status_of(0x0401).why
    assert status_of(0x58) == STATUSES[0x58]
