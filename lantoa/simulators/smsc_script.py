"""How a simulated message centre behaves: what it says of whom, when, and in which words."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import write_tlv
from lantoa.lib.smpp.receipts import Fate
from lantoa.lib.smpp.text import alone

if TYPE_CHECKING:
    from collections.abc import Mapping

Dialect = Literal["usual", "small", "short", "joined", "tlv"]
_WORDS: Mapping[Dialect, str] = {
    "usual": "id:{id} sub:001 dlvrd:{dlvrd} submit date:{date} done date:{date} stat:{stat} err:{err} text:{text}",
    "small": "id:{id} sub:1 dlvrd:1 submit date:{date} done date:{date} stat:{small} err:{err} Text:{text}",
    "short": "id:{id} stat:{stat}",
    "joined": "id:{id} sub:001 dlvrd:{dlvrd} submitdate:{date} donedate:{date} stat:{stat} err:{err} text:{text}",
    "tlv": "",
}


@dataclass(frozen=True, slots=True)
class Script:
    """What happens. A share is of numbers from 0 to 1: under one seed a number always fares the same."""

    seed: int = 0
    delay: float = 0.0
    """Seconds before each answer."""
    errors: Mapping[int, float] = field(default_factory=dict)
    """Shares answered by a command_status other than taken."""
    tries: int = 0
    """How often a number gets its error, or loses its answer, before all is well; 0 is always."""
    rate: int = 0
    """Submits in a second above which the answer is `ESME_RTHROTTLED`; 0 is no limit."""
    queue: int = 0
    """Messages that find room; more get `ESME_RMSGQFUL`. 0 is no limit."""
    drain: float = 100.0
    """Messages a second that leave the queue."""
    lost_answers: float = 0.0
    """Share whose message is taken and whose answer is never given."""
    cut_after: int = 0
    """Submits after which a connection is closed, the last of them taken and not answered; 0 is never."""
    stall_after: int = 0
    """Submits after which nothing is answered for `stall` seconds, once; 0 is never."""
    stall: float = 0.0
    receipts: bool = True
    """Whether receipts are given where they are asked for."""
    receipt_delay: float = 0.0
    receipt_window: int = 1000
    """Most receipts and replies on their way at once on a connection: 1 is a centre that stops and waits."""
    dialect: Dialect = "usual"
    receipts_lost: float = 0.0
    undelivered: float = 0.0
    reply: str = ""
    """What is written back by a share of those who got a message whole; long texts come in parts."""
    replies: float = 0.0
    answer_ids: Literal["decimal", "hex"] = "decimal"
    receipt_ids: Literal["decimal", "hex"] = "decimal"
    system_id: str = ""
    """Who may bind; empty is anybody."""
    password: str = ""
    most_binds: int = 0
    """0 is no limit."""

    def is_plain(self) -> bool:
        """Whether every number fares the same, so that nothing need be looked up."""
        shares = (self.lost_answers, self.receipts_lost, self.undelivered, self.replies)
        return not any(shares) and not self.errors


class Fortune(NamedTuple):
    """Numbers from 0 to 1 that decide how somebody fares."""

    error: float
    lost_answer: float
    receipt_lost: float
    undelivered: float
    reply: float


def fortune(seed: int, number: str) -> Fortune:
    """The same for a number under one seed, in every process."""
    digest = hashlib.blake2b(number.encode(), digest_size=20, key=str(seed).encode()).digest()
    return Fortune(*(int.from_bytes(digest[at:at + 4], "big") / 2**32 for at in range(0, 20, 4)))


def status_for(script: Script, luck: Fortune) -> int:
    """The error a number gets; 0 for none."""
    reached = 0.0
    for status, share in script.errors.items():
        reached += share
        if luck.error < reached:
            return status
    return 0


def write_id(number: int, form: Literal["decimal", "hex"]) -> str:
    """A message id to the base the centre writes it in."""
    return f"{number:X}" if form == "hex" else str(number)


@dataclass(frozen=True, slots=True)
class ToTell:
    """Of whom a receipt is, and what it says."""

    message_id: str
    destination: str
    source: str
    octets: bytes
    fate: Fate


_STATS = {Fate.DELIVERED: ("DELIVRD", "000", "001"), Fate.UNDELIVERABLE: ("UNDELIV", "001", "000")}


def write_receipt(script: Script, told: ToTell) -> bytes:
    """The body of the deliver_sm (SMPP 3.4 §4.6.1, Appendix B)."""
    stat, err, dlvrd = _STATS[told.fate]
    words = _WORDS[script.dialect].format(
        id=told.message_id, dlvrd=dlvrd, date=time.strftime("%y%m%d%H%M"), stat=stat, small=stat.lower(), err=err,
        text=told.octets[:20].decode("ascii", "replace").replace("\ufffd", "?"),
    )
    body = delivered_body(told.destination, told.source, commands.IS_RECEIPT, 0) + alone(words.encode("ascii"))
    if script.dialect == "tlv":
        body += write_tlv(commands.RECEIPTED_MESSAGE_ID, told.message_id.encode() + b"\0")
        body += write_tlv(commands.MESSAGE_STATE, bytes((told.fate.value,)))
        body += write_tlv(commands.NETWORK_ERROR_CODE, b"\x03" + int(err).to_bytes(2, "big"))
    return body


def delivered_body(source: str, destination: str, esm_class: int, data_coding: int) -> bytes:
    """A deliver_sm up to its sm_length."""
    return (
        b"\0\x01\x01" + source.encode("latin-1") + b"\0\0\x01" + destination.encode("latin-1") + b"\0"
        + bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, data_coding, 0))
    )
