"""PDUs read and written: strict in what we write, tolerant and bounded in what we read (SMPP 3.4 §3.2, §4, §5.3).

The two that pass by the million are no objects: a submit_sm is bytes joined by `SubmitForm`, and of a submit_sm_resp
only the message id is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING

from lantoa.lib.smpp import commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADER = Struct(">IIII")
"""command_length, command_id, command_status, sequence_number (SMPP 3.4 §3.2)."""
HEADER_LENGTH = HEADER.size
LONGEST = 66_000
"""Octets of a PDU beyond which it is garbage: a message_payload of 65,535 and what stands around it."""
LONGEST_SHORT_MESSAGE = 254
"""Octets of short_message (§5.2.22); what is longer goes into message_payload."""


class MalformedPdu(ValueError):  # noqa: N818 - what it is, in the protocol's own word
    """The octets are no such PDU; the message says where they stop making sense."""


def write_pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """One whole PDU."""
    return HEADER.pack(HEADER_LENGTH + len(body), command, status, sequence) + body


def c_octets(text: str, most: int, what: str) -> bytes:
    """A C-octet string of at most `most` octets with its closing NUL. Raises `ValueError` naming the field."""
    if not text.isascii() or not (text.isprintable() or not text):
        raise ValueError(f"{what} may only hold printable ASCII characters: {text!r}")
    if len(text) >= most:
        raise ValueError(f"{what} may have {most - 1} characters, this has {len(text)}: {text!r}")
    return text.encode("ascii") + b"\0"


@dataclass(frozen=True, slots=True)
class Login:
    """Who binds (SMPP 3.4 §4.1)."""

    system_id: str
    password: str = ""
    system_type: str = ""
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def body(self) -> bytes:
        """The body of a bind. Raises `ValueError` for what its fields cannot hold."""
        return (
            c_octets(self.system_id, 16, "system_id")
            + c_octets(self.password, 9, "password")
            + c_octets(self.system_type, 13, "system_type")
            + bytes((0x34, self.addr_ton, self.addr_npi))
            + c_octets(self.address_range, 41, "address_range")
        )


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """What is the same in every submit_sm of an account (SMPP 3.4 §4.4.1)."""

    source_addr: str = ""
    source_ton: int = 0
    source_npi: int = 0
    dest_ton: int = 1
    dest_npi: int = 1
    service_type: str = ""
    protocol_id: int = 0
    priority: int = 0
    validity_period: str = ""
    registered_delivery: int = 1

    def head(self) -> bytes:
        """All before destination_addr. Raises `ValueError` for what a field cannot hold."""
        return (
            c_octets(self.service_type, 6, "service_type")
            + bytes((self.source_ton, self.source_npi))
            + c_octets(self.source_addr, 21, "source_addr")
            + bytes((self.dest_ton, self.dest_npi))
        )

    def tail(self, data_coding: int, esm_class: int = 0) -> bytes:
        """All between destination_addr (whose NUL it begins with) and sm_length."""
        return (
            b"\0"
            + bytes((esm_class, self.protocol_id, self.priority))
            + b"\0"  # schedule_delivery_time: at once
            + c_octets(self.validity_period, 17, "validity_period")
            + bytes((self.registered_delivery, 0, data_coding, 0))
        )


def relative_time(hours: int) -> str:
    """A validity period of so many hours from now, `YYMMDDhhmmsstnnR` (SMPP 3.4 §7.1.1.2); empty for the centre's own.

    Raises `ValueError` beyond 30 days: months are of no certain length.
    """
    if not 0 <= hours <= 30 * 24:
        raise ValueError(f"a validity period has 0 to {30 * 24} hours, not {hours}")
    return f"0000{hours // 24:02}{hours % 24:02}0000000R" if hours else ""


def write_tlv(tag: int, value: bytes) -> bytes:
    """An optional parameter (SMPP 3.4 §5.3.1)."""
    return tag.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value


def write_tlvs(values: Iterable[tuple[int, bytes]]) -> bytes:
    """Optional parameters one behind the other."""
    return b"".join(write_tlv(tag, value) for tag, value in values)


def read_tlvs(body: bytes, at: int = 0) -> dict[int, bytes]:
    """Optional parameters from `at` to the end, the first of each tag. Raises `MalformedPdu` when one is cut off."""
    found: dict[int, bytes] = {}
    end = len(body)
    while at < end:
        if at + 4 > end:
            raise MalformedPdu("an optional parameter without a length")
        tag, length = int.from_bytes(body[at:at + 2], "big"), int.from_bytes(body[at + 2:at + 4], "big")
        at += 4
        if at + length > end:
            raise MalformedPdu(f"optional parameter {tag:#06x} runs past the end")
        found.setdefault(tag, body[at:at + length])
        at += length
    return found


class Delivered:
    """A message from the centre: what a person wrote, or a receipt. One is made for each receipt: no dataclass."""

    __slots__ = ("data_coding", "destination", "esm_class", "octets", "registered", "source", "tlvs")

    def __init__(  # noqa: PLR0913, PLR0917 - one is made for each of a million receipts: nothing in between
        self, source: str, destination: str, esm_class: int, registered: int, data_coding: int, octets: bytes,
        tlvs: Mapping[int, bytes],
    ) -> None:
        self.source = source
        self.destination = destination
        self.registered = registered
        """registered_delivery (SMPP 3.4 §5.2.17): whether a receipt is asked for."""
        self.esm_class = esm_class
        self.data_coding = data_coding
        self.octets = octets
        self.tlvs = tlvs


_NONE: Mapping[int, bytes] = {}


def read_deliver_sm(body: bytes) -> Delivered:
    """Read a deliver_sm (SMPP 3.4 §4.6.1); submit_sm has the same form (§4.4.1). Raises `MalformedPdu`."""
    try:
        at = body.index(0)  # service_type
        start = at + 3  # past TON and NPI
        at = body.index(0, start)
        source = body[start:at].decode("latin-1")
        start = at + 3
        at = body.index(0, start)
        destination = body[start:at].decode("latin-1")
        esm_class = body[at + 1]
        at = body.index(0, at + 4)  # schedule_delivery_time
        at = body.index(0, at + 1)  # validity_period
        registered, data_coding, length = body[at + 1], body[at + 3], body[at + 5]
    except (IndexError, ValueError) as error:
        raise MalformedPdu("a deliver_sm that ends too early") from error
    start = at + 6
    end = start + length
    if end > len(body):
        raise MalformedPdu("a short_message that runs past the end")
    tlvs = read_tlvs(body, end) if end < len(body) else _NONE
    octets = body[start:end] or tlvs.get(commands.MESSAGE_PAYLOAD, b"")
    return Delivered(source, destination, esm_class, registered, data_coding, octets, tlvs)


def read_data_sm(body: bytes) -> Delivered:
    """Read a data_sm, whose words are a message_payload (SMPP 3.4 §4.7.1). Raises `MalformedPdu`."""
    try:
        at = body.index(0)  # service_type
        start = at + 3  # past TON and NPI
        at = body.index(0, start)
        source = body[start:at].decode("latin-1")
        start = at + 3
        at = body.index(0, start)
        destination = body[start:at].decode("latin-1")
        esm_class, registered, data_coding = body[at + 1], body[at + 2], body[at + 3]
    except (IndexError, ValueError) as error:
        raise MalformedPdu("a data_sm that ends too early") from error
    tlvs = read_tlvs(body, at + 4)
    payload = tlvs.get(commands.MESSAGE_PAYLOAD, b"")
    return Delivered(source, destination, esm_class, registered, data_coding, payload, tlvs)


def read_message_id(body: bytes) -> str:
    """The message id of a submit_sm_resp (SMPP 3.4 §4.4.2); its NUL may be missing, and so may all of it."""
    end = body.find(0)
    return (body if end < 0 else body[:end]).decode("latin-1").strip()
