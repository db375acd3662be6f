"""The words of a message as they stand in a PDU: parts going out, and whatever comes in (SMPP 3.4 §5.2.12, §5.2.19)."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING, Literal

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import LONGEST_SHORT_MESSAGE, write_tlv, write_tlvs
from lantoa.lib.sms import OutsideAlphabet, Place, concatenated, decode_gsm7, read_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.lib.smpp.pdu import Delivered

DefaultAlphabet = Literal["gsm", "latin1"]
"""How a centre writes what it calls its default alphabet (data_coding 0): as GSM septets, or as ISO 8859-1."""
LongText = Literal["udh", "sar", "payload"]
"""How a long text travels: in parts with a header, in parts with sar_ parameters, or whole as message_payload."""


class References:
    """Numbers of long messages, one after the other for each destination, so that a phone never mixes two.

    Kept for the destinations written to last; one that is met anew begins where its dispatch's number says, so that a
    restart, or another process, does not begin at the same place again.
    """

    def __init__(self, most: int = 65_536) -> None:
        self._last: OrderedDict[str, int] = OrderedDict()
        self._most = most

    def following(self, destination: str, start: int) -> int:
        """The next number for a destination; `start` for one not written to lately."""
        last = self._last.pop(destination, None)
        reference = start if last is None else last + 1
        self._last[destination] = reference
        if len(self._last) > self._most:
            self._last.popitem(last=False)
        return reference


def in_parts(parts: Sequence[bytes], reference: int, how: LongText, reference_bits: int = 8) -> list[bytes]:
    """What follows sm_length's place in each submit_sm of a long message: length, words, optional parameters."""
    total = len(parts)
    if how == "payload":
        return [b"\0" + write_tlv(commands.MESSAGE_PAYLOAD, b"".join(parts))]
    numbered = zip(itertools.count(1), parts, strict=False)
    if how == "sar":
        mask = (1 << 16) - 1
        return [alone(part) + _sar(Place(reference & mask, total, number)) for number, part in numbered]
    return [alone(concatenated(Place(reference, total, number), reference_bits) + part) for number, part in numbered]


def alone(octets: bytes) -> bytes:
    """sm_length and short_message; a message_payload where it is too long for that."""
    if len(octets) > LONGEST_SHORT_MESSAGE:
        return b"\0" + write_tlv(commands.MESSAGE_PAYLOAD, octets)
    return bytes((len(octets),)) + octets


def _sar(place: Place) -> bytes:
    return write_tlvs((
        (commands.SAR_MSG_REF_NUM, place.reference.to_bytes(2, "big")),
        (commands.SAR_TOTAL_SEGMENTS, bytes((place.total,))),
        (commands.SAR_SEGMENT_SEQNUM, bytes((place.number,))),
    ))


def in_latin1(septets: bytes) -> bytes:
    """Words of the GSM alphabet for a centre whose default alphabet is ISO 8859-1. Raises `OutsideAlphabet`."""
    text = decode_gsm7(septets)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise OutsideAlphabet(text[error.start:error.end]) from error


def read_words(message: Delivered, default: DefaultAlphabet = "gsm") -> tuple[Place | None, str]:
    """The words of a message, and its place where it is a part of a longer one."""
    place, octets = None, message.octets
    if message.esm_class & commands.HAS_HEADER:
        place, octets = read_header(octets)
    return place or _sar_place(message), decode_words(octets, message.data_coding, default)


def _sar_place(message: Delivered) -> Place | None:
    wanted = (commands.SAR_MSG_REF_NUM, commands.SAR_TOTAL_SEGMENTS, commands.SAR_SEGMENT_SEQNUM)
    reference, total, number = (int.from_bytes(message.tlvs.get(tag, b"")[:2], "big") for tag in wanted)
    return Place(reference, total, number) if 1 <= number <= total else None


def decode_words(octets: bytes, data_coding: int, default: DefaultAlphabet = "gsm") -> str:
    """Read words by their data_coding (SMPP 3.4 §5.2.19, TS 23.038 §4); what cannot be read becomes U+FFFD."""
    if data_coding == commands.UCS2_CODING or (data_coding < 0x40 and data_coding & 0x0C == 0x08):
        return octets.decode("utf-16-be", "replace")
    if data_coding in {commands.ASCII_CODING, commands.LATIN1_CODING}:
        return octets.decode("latin-1")
    if data_coding in {0x02, 0x04} or data_coding & 0xF4 == 0xF4:
        return octets.decode("latin-1")  # binary: nothing better is known
    if default == "latin1" and data_coding == commands.GSM7_CODING:
        return octets.decode("latin-1")
    return decode_gsm7(octets)
