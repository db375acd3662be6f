"""E-mail to many people through a mail server that takes it over (docs/channels/smtp_relay.md)."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import ChannelError, Correcting, Limits, State
from lantoa.channels.wire import SENT, Outcome, Reaches, Reply, Report, split_slots
from lantoa.lib.imap import MailboxAddress, address_of
from lantoa.lib.smtp.addresses import AddressError, KeyedAddress, mailbox_of
from lantoa.lib.smtp.compiling import Compiled, Draft, MessageError, Sender
from lantoa.lib.smtp.dkim import Signer, SigningError, read_signer
from lantoa.lib.smtp.relay import RelayError, password_in, relay_of
from lantoa.lib.smtp.replies import Stage, Verdict, reason
from lantoa.lib.smtp.returned import Kind, Own, Returned, read_returned
from lantoa.lib.smtp.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.channels.wire import Account, Feed, Item, Message
    from lantoa.channels.wire import Session as WireSession
    from lantoa.lib.smtp.connection import Letter
    from lantoa.lib.smtp.relay import Peer
    from lantoa.lib.smtp.replies import Reply as Answer

logger = logging.getLogger(__name__)
OPT_OUT = "opted_out"
COMPLAINT = "complaint"
"""Codes of a `REFUSED` report: the recipient wants no more of this, whatever it says."""
_PAUSE = 60.0
"""Seconds to leave a server alone that has no room or wants it slower, unless it says how long."""
_SEPARATOR = re.compile(r"[+\-=_.]?")
_LONGEST_NAME = 32
"""Of the 64 letters before the @, the other half is the key's."""
_STATES = {
    Verdict.LATER: State.FAILED_FOR_NOW, Verdict.NEVER: State.FAILED_FOR_GOOD, Verdict.REFUSED: State.REFUSED,
}
_NOT_MADE = Outcome(State.FAILED_FOR_GOOD, why="Không soạn được thư cho người này; nhật ký của máy nói rõ hơn.")
_NO_ANSWER = Outcome(
    State.UNKNOWN, why="Thư đã gửi hết nhưng máy chủ chưa trả lời thì đứt kết nối; có thể thư đã đi."
)


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A message as the channel compiled it."""

    compiled: Compiled

    def parts(self, item: Item) -> int:  # noqa: ARG002 - the same for everyone
        """A message is a message."""
        return 1

    def show(self, item: Item) -> str:
        """To whom, subject and text, as this recipient reads them. Raises `ChannelError`."""
        try:
            mailbox_of(item.address)
        except AddressError as error:
            raise ChannelError(str(error), permanent=True) from error
        return self.compiled.show(item.address, item.key, item.fields)


@dataclass(kw_only=True)
class SmtpRelayChannel:
    """A channel whose other end is a mail server, the *relay*, with one account or more."""

    name: str = "email"
    accounts: tuple[Account, ...] = ()
    sender: str = ""
    sender_name: str = ""
    """Where a message does not say who speaks."""
    bounce_address: str = ""
    """Where what comes back goes; with the key in it."""
    key_separator: str = "+"
    """Between the address's own name and the key; empty where the mail server cannot do that."""
    reply_to: str = ""
    opt_out_address: str = ""
    asks_receipts: bool = False
    dkim: tuple[Mapping[str, str], ...] | list[Mapping[str, str]] = ()
    mailbox: str = ""
    mailbox_password_file: str = ""
    mailbox_ca_file: str = ""
    limits: Limits = field(default_factory=Limits, init=False)
    corrects: Correcting = field(default=Correcting.FOLLOW_UP, init=False)
    reaches: Reaches = field(default=Reaches.EMAIL, init=False)
    gives_receipts: bool = field(default=False, init=False)
    _signers: tuple[Signer, ...] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Options are looked at when they are used: a wrong one must not keep the program from starting."""
        self.gives_receipts = self.asks_receipts

    def compile(self, message: Message) -> MailTemplate:
        """Build it once, signed with the channel's keys. Raises `ChannelError` for what no recipient could be sent."""
        draft = Draft(
            split_slots(message.title), split_slots(message.text), split_slots(message.html), message.language,
            message.opt_out_url,
        )
        try:
            return MailTemplate(Compiled(draft, self._sender(message.sender or self.sender_name)))
        except (AddressError, MessageError, SigningError) as error:
            raise ChannelError(f"Kênh {self.name}: {error}", permanent=True) from error

    async def open(self, account: Account, feed: Feed) -> WireSession:
        """Begin to use a relay. Raises `ChannelError` for options that cannot work."""
        try:
            relay = relay_of(account.options)
            if relay.password_file:
                password_in(relay.password_file)  # read anew at each login; what is missing is told now
        except RelayError as error:
            raise ChannelError(f"Kênh {self.name}, tài khoản {account.name}: {error}", permanent=True) from error
        return Session(relay, _Caller(feed))

    def read(self, data: bytes) -> Report | Reply | None:
        """What a message that came back says of one of ours; None when it says nothing."""
        returned = read_returned(data, self._own())
        if returned is None:
            return None
        if returned.kind is Kind.ANSWER:
            return Reply(returned.address, returned.text, returned.to, returned.key)
        return _report(returned)

    def where_returned(self) -> MailboxAddress | None:
        """The mailbox to read returned messages from; None when none is set. Raises `ChannelError`."""
        if not self.mailbox:
            return None
        try:
            password = password_in(self.mailbox_password_file) if self.mailbox_password_file else ""
            return address_of(self.mailbox, password)
        except (RelayError, ValueError) as error:
            raise ChannelError(f"Kênh {self.name}, mailbox: {error}", permanent=True) from error

    def _sender(self, name: str) -> Sender:
        if not self.sender:
            raise AddressError("chưa có địa chỉ người gửi; đặt sender trong channels.toml.")
        if self._signers is None:
            self._signers = tuple(map(_signer, self.dkim))
        return Sender(
            _address(self.sender), name, self._keyed(self.bounce_address),
            _address(self.reply_to) if self.reply_to else "", self._keyed(self.opt_out_address), self._signers,
            self.asks_receipts,
        )

    def _keyed(self, address: str) -> KeyedAddress | None:
        if not address:
            return None
        if not _SEPARATOR.fullmatch(self.key_separator):
            raise AddressError(f"key_separator = {self.key_separator!r}; dùng một trong + - = _ . hoặc để trống.")
        keyed = KeyedAddress(_address(address), self.key_separator)
        if self.key_separator and len(keyed.around()[0]) > _LONGEST_NAME:
            raise AddressError(f"Phần trước @ của {address} dài quá {_LONGEST_NAME - 2} chữ, không còn chỗ cho mã thư.")
        return keyed

    def _own(self) -> Own:
        try:
            domain = mailbox_of(self.sender).address.rpartition("@")[2]
            return Own(domain, self._keyed(self.bounce_address), self._keyed(self.opt_out_address))
        except AddressError as error:
            raise ChannelError(f"Kênh {self.name}: {error}", permanent=True) from error


def _address(text: str) -> str:
    mailbox = mailbox_of(text)
    if mailbox.needs_utf8:
        raise AddressError(f"Địa chỉ của chính mình phải không dấu: {text}.")
    return mailbox.address


def _signer(options: Mapping[str, str]) -> Signer:
    if set(options) != {"domain", "selector", "key_file"}:
        raise SigningError("dkim: mỗi khóa có đúng ba mục domain, selector, key_file.")
    return read_signer(options["domain"], options["selector"], Path(options["key_file"]))


def _report(returned: Returned) -> Report:
    raw = {"address": returned.address, "said": returned.text}
    if returned.kind is Kind.DELIVERED:
        return Report("", State.DELIVERED, returned.codes, key=returned.key, raw=raw)
    if returned.kind is Kind.COMPLAINT:
        return Report("", State.REFUSED, COMPLAINT, "Người nhận báo đây là thư rác; không gửi thêm.", returned.key, raw)
    if returned.kind is Kind.OPT_OUT:
        return Report("", State.REFUSED, OPT_OUT, "Người nhận từ chối nhận thêm thư.", returned.key, raw)
    why = reason(returned.code, returned.status, returned.text)
    return Report("", _state(returned), returned.codes, why, returned.key, raw)


def _state(returned: Returned) -> State:
    if returned.status.startswith("4.") or (not returned.status and 400 <= returned.code < 500):
        return State.FAILED_FOR_NOW
    return State.REFUSED if returned.status.startswith("5.7.") else State.FAILED_FOR_GOOD


class _Caller:
    """A feed, as a session of SMTP sees it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.back, self.up, self.slow, self.down = feed.back, feed.up, feed.slow, feed.down

    def take(self, peer: Peer) -> Letter | None:
        """The next item that can be sent by this server; those that cannot are told of at once."""
        while (item := self._feed.take()) is not None:
            try:
                envelope, content = item.template.compiled.fill(item.address, item.key, item.fields, peer)
            except (AddressError, MessageError) as error:
                self._feed.done(item, Outcome(State.FAILED_FOR_GOOD, why=str(error)))
            except Exception:  # one item that nobody foresaw must neither vanish nor stop the others
                logger.exception("Making the message to %s failed", item.address)
                self._feed.done(item, _NOT_MADE)
            else:
                return item, envelope, content
        return None

    def sent(self, item: Any) -> None:
        """It was taken over; whether it arrives, only what comes back will tell."""
        self._feed.done(item, SENT)

    def failed(self, item: Any, verdict: Verdict, stage: Stage, reply: Answer) -> None:
        """It was not; a server that could take no message just now is left alone for a while."""
        why = reason(reply.code, reply.status, reply.text)
        if reply.is_throttling or (verdict is Verdict.LATER and stage is Stage.MAIL):
            self._feed.slow(reply.retry_after or _PAUSE)
        self._feed.done(item, Outcome(_STATES[verdict], (), reply.codes, why, reply.retry_after))

    def lost(self, item: Any) -> None:
        """Nobody knows."""
        self._feed.done(item, _NO_ANSWER)
