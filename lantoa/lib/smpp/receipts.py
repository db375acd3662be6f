"""Delivery receipts: what became of a message, in optional parameters or as words (SMPP 3.4 §5.2.28, Appendix B).

The form of the words is each vendor's own. What is common to them all: `id:`, `stat:` and perhaps `err:` come somewhere
before `text:`, in capitals or not, and any of the rest may be missing or written together.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

from lantoa.lib.smpp import commands

if TYPE_CHECKING:
    from lantoa.lib.smpp.pdu import Delivered

IdForm = Literal["text", "decimal", "hex"]
"""How a centre writes its message ids: as any text, or as a number to base 10 or 16."""


class Fate(Enum):
    """What became of a message (SMPP 3.4 §5.2.28; 0 and 9 are of version 5.0)."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9


_WORDS: dict[str, Fate] = {
    "DELIVRD": Fate.DELIVERED, "DELIVERED": Fate.DELIVERED,
    "EXPIRED": Fate.EXPIRED,
    "DELETED": Fate.DELETED,
    "UNDELIV": Fate.UNDELIVERABLE, "UNDELIVERED": Fate.UNDELIVERABLE, "UNDELIVERABLE": Fate.UNDELIVERABLE,
    "FAILED": Fate.UNDELIVERABLE,
    "ACCEPTD": Fate.ACCEPTED, "ACCEPTED": Fate.ACCEPTED,
    "UNKNOWN": Fate.UNKNOWN,
    "REJECTD": Fate.REJECTED, "REJECTED": Fate.REJECTED,
    "ENROUTE": Fate.ENROUTE, "BUFFRED": Fate.ENROUTE, "BUFFERED": Fate.ENROUTE,
    "SCHEDUL": Fate.SCHEDULED, "SCHEDULED": Fate.SCHEDULED,
    "SKIPPED": Fate.SKIPPED,
}
"""Appendix B, and what centres write instead."""


class DeliveryReceipt(NamedTuple):
    """What a receipt says. One is made for each of a million: no dataclass."""

    message_id: str
    """As in the submit_sm_resp, once both are brought to one form by `same_id`."""
    fate: Fate
    stat: str
    """The centre's own word, or the number of its message_state."""
    error: str = ""
    """The network's own code; what it means is each centre's own table."""
    text: str = ""
    """The receipt as it came, where it has words."""


_USUAL = re.compile(r"id:(\S+) sub:\S* dlvrd:\S* submit date:\S* done date:\S* stat:(\w+) err:(\w*)")
_ID = re.compile(r"(?<![a-z])id\s*:\s*([^\s,;]+)", re.IGNORECASE)
_STAT = re.compile(r"(?<![a-z])stat(?:us)?\s*:\s*(\w+)", re.IGNORECASE)
_ERR = re.compile(r"(?<![a-z])err(?:or)?\s*:\s*(\w+)", re.IGNORECASE)
_TEXT = re.compile(r"(?<![a-z])text\s*:", re.IGNORECASE)
_LONGEST_ID = 65
"""Octets of a message id (SMPP 3.4 §5.2.23)."""


def is_receipt(message: Delivered) -> bool:
    """Whether the centre says so. Words alone prove nothing: anybody can write `id:1 stat:DELIVRD` to us."""
    kind = message.esm_class & commands.MESSAGE_TYPE
    return kind in {commands.IS_RECEIPT, commands.IS_NOTIFICATION} or (
        not kind and commands.RECEIPTED_MESSAGE_ID in message.tlvs
    )


def read_receipt(message: Delivered) -> DeliveryReceipt | None:
    """Read a receipt; None where it does not say of which message, or nothing of what became of it."""
    charset = "utf-16-be" if message.data_coding == commands.UCS2_CODING else "latin-1"
    text = message.octets.decode(charset, "replace")
    usual = _USUAL.match(text)
    message_id, stat, error = usual.groups() if usual else _loose(text)
    if message.tlvs:
        message_id, stat, error = _from_tlvs(message, (message_id, stat, error))
    fate = _fate(stat)
    if not message_id or fate is None or len(message_id) > _LONGEST_ID:
        return None
    return DeliveryReceipt(message_id, fate, stat, error, text)


def _loose(text: str) -> tuple[str, str, str]:
    end = _TEXT.search(text)
    head = text[:end.start()] if end else text
    message_id, stat, error = (
        found[1] if (found := form.search(head)) else "" for form in (_ID, _STAT, _ERR)
    )
    return message_id, stat, error


def _from_tlvs(message: Delivered, said: tuple[str, str, str]) -> tuple[str, str, str]:
    """What optional parameters say goes before words."""
    message_id, stat, error = said
    tlvs = message.tlvs
    if named := tlvs.get(commands.RECEIPTED_MESSAGE_ID, b"").split(b"\0")[0].decode("latin-1").strip():
        message_id = named
    if state := tlvs.get(commands.MESSAGE_STATE):
        stat = str(state[0])
    if not error and (code := tlvs.get(commands.NETWORK_ERROR_CODE)) and len(code) == 3:
        error = f"{code[0]}/{int.from_bytes(code[1:], 'big')}"
    return message_id, stat, error


def _fate(stat: str) -> Fate | None:
    """The fate a stat names; an unknown word is None, an unknown number of a message_state `UNKNOWN`."""
    if stat in _WORDS:
        return _WORDS[stat]
    if stat.isascii() and stat.isdigit():
        number = int(stat[:3])
        return Fate(number) if number in range(10) else Fate.UNKNOWN
    return _WORDS.get(stat.upper())


def same_id(message_id: str, form: IdForm) -> str:
    """The id in one form for answer and receipt, where a centre gives the same number to two bases."""
    if form == "text":
        return message_id
    try:
        return str(int(message_id, 16 if form == "hex" else 10))
    except ValueError:
        return message_id
