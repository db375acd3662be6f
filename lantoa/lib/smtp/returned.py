"""What comes back by mail: bounces, receipts, complaints, refusals of further messages, answers of people.

Standard reports (RFC 3464, RFC 5965) are read by their fields, the bounces of older servers by their words. Machines
that answer for an absent person (RFC 3834) say nothing about the message. All of it comes from anywhere: it is
bounded, and what cannot be read is nothing.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import parseaddr
from enum import Enum
from typing import TYPE_CHECKING

from lantoa.lib.smtp.addresses import KEY
from lantoa.lib.smtp.answers import answer_of, header, parts_of, text_of

if TYPE_CHECKING:
    from lantoa.lib.smtp.addresses import KeyedAddress

MOST_BYTES = 1 << 19
"""What is read of a message; reports come first in it, and a returned original may be cut."""
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError)
"""What the standard parser meets in mail nobody meant well."""
_ARRIVED_AT = (
    "Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-RCPT-To", "To", "Cc",
    "Resent-To",
)  # fmt: skip
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#-])([45]\d\d)(?=[ \-][^\n]{3})")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,190}")
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system|mail administrator", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|returned mail|mail delivery failed|delivery (?:status notification|failure|has failed)|failure notice|"
    r"could not be delivered|wasn't able to deliver|cannot be delivered|không gửi được|không thể gửi|thư bị trả lại",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"delayed|will (?:keep|continue) (?:trying|to try)|still trying|warning: message|bị chậm", re.IGNORECASE
)
_ABSENT = re.compile(
    r"out of (?:the )?office|auto(?:matic)?[ -]?(?:reply|response|respond)|on vacation|trả lời tự động|vắng mặt",
    re.IGNORECASE,
)
_MACHINES = ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply")
_STOP = re.compile(
    r"\s*(?:re:\s*)?(?:unsubscribe|stop|h[uủ][yỷ]|từ chối|tu choi|(?:h[uủ][yỷ]|hủy|huỷ) (?:đăng ký|dang ky|nhận tin)|"
    r"(?:từ chối|tu choi) (?:nhận|nhan)(?: tin| thư| thu)?)\s*[.!]?\s*",
    re.IGNORECASE,
)


class Kind(Enum):
    """What a returned message says of the one it answers."""

    BOUNCED = "bounced"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    """The recipient called it unwanted (spam)."""
    OPT_OUT = "opt_out"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Returned:
    """What was understood of a returned message."""

    kind: Kind
    key: str = ""
    """Of the message it is about; empty where it does not say."""
    address: str = ""
    """Who did not get it, or who wrote."""
    code: int = 0
    status: str = ""
    """The enhanced status code (RFC 3463), `5.1.1`."""
    text: str = ""
    """The server's own words, or what the person wrote."""
    to: str = ""

    @property
    def codes(self) -> str:
        """Both codes as one: `550 5.1.1`."""
        return f"{self.code or ''} {self.status}".strip()


@dataclass(frozen=True, slots=True)
class Own:
    """By what our own messages are known."""

    domain: str
    """Of our Message-IDs."""
    bounces: KeyedAddress | None = None
    opt_out: KeyedAddress | None = None


def read_returned(data: bytes, own: Own) -> Returned | None:
    """What a message says of one of ours; None when it says nothing, or nothing that can be read."""
    try:
        message = email.message_from_bytes(data[:MOST_BYTES], policy=email.policy.compat32)
        return _Reading(message, data[:MOST_BYTES], own).read()
    except _BROKEN:
        return None


class _Reading:
    """One message on the table."""

    def __init__(self, message: Message, data: bytes, own: Own) -> None:
        self._message, self._own = message, own
        self._parts = list(parts_of(message))
        self._subject = header(message, "Subject")
        self._sender = parseaddr(header(message, "From"))[1]
        head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
        self._body = body.decode("utf-8", "replace")
        self._head = head.decode("utf-8", "replace")

    def read(self) -> Returned | None:
        for part in self._parts:
            kind = part.get_content_type()
            if kind in _REPORTS and (block := _block(blocks := _fields(part))):
                return self._report(block, header(blocks[0], "Original-Envelope-Id"))
            if kind == "message/feedback-report":
                return self._feedback(part)
            if kind == "message/disposition-notification":
                return None  # somebody opened it; we never ask
        if self._refuses():
            return Returned(Kind.OPT_OUT, self._key(), self._sender)
        if self._is_bounce():
            return self._old_bounce()
        return None if self._is_automatic() else self._answer()

    # What kind it is.

    def _refuses(self) -> bool:
        own = self._own
        is_for_refusals = own.opt_out and own.opt_out != own.bounces and own.opt_out.find(self._arrived()) is not None
        return bool(is_for_refusals or _STOP.fullmatch(self._subject)) and not self._is_from_machine()

    def _is_from_machine(self) -> bool:
        return bool(_DAEMON.search(header(self._message, "From"))) or header(self._message, "Return-Path") == "<>"

    def _is_bounce(self) -> bool:
        if header(self._message, "X-Failed-Recipients"):
            return True
        if not self._is_from_machine() or _ABSENT.search(self._subject):
            return False
        text = self._text()
        is_daemon = _DAEMON.search(header(self._message, "From"))
        return bool(_FAILURE.search(self._subject) or _FAILURE.search(text) or (is_daemon and _CODE.search(text)))

    def _is_automatic(self) -> bool:
        message = self._message
        submitted = header(message, "Auto-Submitted").lower()
        return (
            self._is_from_machine() or submitted not in ("", "no")
            or any(name in message for name in _MACHINES)
            or header(message, "Precedence").lower() in {"auto_reply", "bulk", "junk", "list"}
            or bool(_ABSENT.search(self._subject))
        )

    # What it says.

    def _report(self, block: Message, envelope: str) -> Returned | None:
        """A delivery status notification (RFC 3464 §2.3)."""
        action = header(block, "Action").lower().partition(" ")[0]
        if action not in {"failed", "delivered"}:
            return None  # on its way still, or beyond where anybody reports
        said = _behind(header(block, "Diagnostic-Code"))
        status = _status(header(block, "Status"))
        if status.endswith(".0.0"):
            status = _status(said) or status
        key = self._key() or (envelope if re.fullmatch(KEY, envelope) else "")
        address = _behind(header(block, "Final-Recipient") or header(block, "Original-Recipient"))
        kind = Kind.DELIVERED if action == "delivered" else Kind.BOUNCED
        return Returned(kind, key, address, _code(said), status, said[:500])

    def _feedback(self, part: Message) -> Returned | None:
        """A complaint (RFC 5965 §3)."""
        fields = _fields(part)[0]
        kind = header(fields, "Feedback-Type").lower()
        if kind not in {"abuse", "fraud", "opt-out", "opt-out-list", "other"}:
            return None
        address = header(fields, "Original-Rcpt-To").strip("<>")
        return Returned(Kind.OPT_OUT if kind.startswith("opt-out") else Kind.COMPLAINT, self._key(), address)

    def _old_bounce(self) -> Returned | None:
        """A bounce in a server's own words."""
        text = self._text()
        failed = header(self._message, "X-Failed-Recipients")
        if not failed and (_DELAY.search(self._subject) or _DELAY.search(text[:1000])):
            return None
        ours = {keyed.address.lower() for keyed in (self._own.bounces, self._own.opt_out) if keyed}
        named = [one for one in _ADDRESS.findall(text) if one.lower() not in ours and one != self._sender]
        address = parseaddr(failed)[1] or (named[0].rstrip(".") if named else "")
        said = next((line.strip() for line in text.splitlines() if _CODE.search(line) or _STATUS.search(line)), "")
        return Returned(Kind.BOUNCED, self._key(), address, _code(text), _status(text), said[:500])

    def _answer(self) -> Returned | None:
        text = answer_of(self._text())
        if not self._sender or not (text or self._subject):
            return None
        if _STOP.fullmatch(text):
            return Returned(Kind.OPT_OUT, self._key(), self._sender)
        to = parseaddr(header(self._message, "To"))[1]
        return Returned(Kind.ANSWER, self._key(), self._sender, text=text or self._subject, to=to)

    # What of ours it is about.

    def _key(self) -> str:
        """By the address it came to, by what it answers, by the original that it brings back."""
        keyed = [one for one in (self._own.bounces, self._own.opt_out) if one]
        id_ = rf"<({KEY})@{re.escape(self._own.domain)}>"
        answered = " ".join(header(self._message, name) for name in ("In-Reply-To", "References"))
        found = (
            *(one.find(self._arrived()) for one in keyed),
            *re.findall(id_, answered)[-1:],
            *(match[1] for match in [re.search(rf"(?im)^[>\s]*Message-ID:\s*{id_}", self._body)] if match),
            *(one.find(self._body) for one in keyed),
        )
        return next((key for key in found if key), "")

    def _arrived(self) -> str:
        """Where it came to, as the servers on its way wrote it down."""
        named = [header(self._message, name) for name in _ARRIVED_AT]
        return " ".join([*named, *re.findall(r"\bfor\s+(<[^<>\s]{3,320}>)", self._head)])

    def _text(self) -> str:
        return text_of(self._parts)[:20_000]


def _block(blocks: list[Message]) -> Message | None:
    """The fields about a recipient, one who did not get it first."""
    told = [block for block in blocks[1:] if "Action" in block]
    failed = [block for block in told if header(block, "Action").lower().startswith("failed")]
    return next(iter([*failed, *told]), None)


def _fields(part: Message) -> list[Message]:
    """The blocks of fields of a report's part, whichever way the parser took it (`message/global-…`: RFC 6533)."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else [payload]
    text = "\n\n".join(
        block.as_bytes().decode("utf-8", "replace") if isinstance(block, Message) else str(block) for block in blocks
    )
    return [email.message_from_string(block) for block in re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n"))]


def _behind(value: str) -> str:
    """What stands behind the type of a field: `rfc822; a@b.example` → `a@b.example`."""
    return (value.partition(";")[2] or value).strip()


def _status(text: str) -> str:
    return next((found[0] for found in _STATUS.finditer(text) if found[1] != "2"), "")


def _code(text: str) -> int:
    found = _CODE.search(text)
    return int(found[1]) if found else 0
