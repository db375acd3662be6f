"""What a message centre hands over by itself: receipts, and what people write back."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from lantoa.channels.sms.outcomes import FATES
from lantoa.channels.wire import Reply, Report
from lantoa.lib.smpp import commands, statuses
from lantoa.lib.smpp.pdu import MalformedPdu, read_data_sm, read_deliver_sm
from lantoa.lib.smpp.receipts import is_receipt, read_receipt, same_id
from lantoa.lib.smpp.text import read_words
from lantoa.lib.sms import Joiner, Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.channels.wire import Feed
    from lantoa.lib.smpp.connection import Connection
    from lantoa.lib.smpp.options import Forming
    from lantoa.lib.smpp.pdu import Delivered
    from lantoa.lib.sms import Joined

_log = logging.getLogger(__name__)

_NO_WORDS = frozenset({0x08, 0x18})
"""Message types without a word of a person: a delivery acknowledgement, a conversation aborted (SMPP 3.4 §5.2.12)."""
_STOP_AND_WAIT = 1.0
"""Seconds after which a part is acknowledged although the rest has not come: some centres send the next only then."""
_PATIENCE = 300.0
"""Seconds to wait for the rest of a message."""
_SWEEP = 30.0
"""Seconds between two looks for messages whose rest does not come."""


class Acknowledgement:
    """What is called once something is kept; the second time, or after the connection, it does nothing."""

    __slots__ = ("_command", "_connection", "_sequence", "is_given", "timer")

    def __init__(self, connection: Connection, command: int, sequence: int) -> None:
        self._connection = connection
        self._command = command
        self._sequence = sequence
        self.is_given = False
        self.timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """It is kept."""
        self.is_given = True
        self._connection.acknowledge(self._sequence, self._command)


class Hearing:
    """Tells the feed of each thing once, and acknowledges it when it is kept."""

    def __init__(self, feed: Feed, forming: Forming) -> None:
        self._feed = feed
        self._id_form = forming.receipt_ids
        self._alphabet = forming.default_alphabet
        self._country_code = forming.country_code
        self._joiner = Joiner(patience=_PATIENCE)
        self._sweep_every = min(_SWEEP, _PATIENCE)
        self._loop = asyncio.get_running_loop()
        self._sweeper: asyncio.TimerHandle | None = None

    def take(self, connection: Connection, command: int, sequence: int, body: bytes) -> None:
        """Take a deliver_sm or a data_sm. One that cannot be read is refused: repeated, it would be no better."""
        try:
            message = read_deliver_sm(body) if command == commands.DELIVER_SM else read_data_sm(body)
        except MalformedPdu as error:
            _log.warning("A message from the centre cannot be read: %s", error)
            connection.acknowledge(sequence, command, statuses.REJECTED)
            return
        if is_receipt(message):
            self._take_receipt(message, partial(connection.acknowledge, sequence, command))
        elif message.esm_class & commands.MESSAGE_TYPE in _NO_WORDS:
            connection.acknowledge(sequence, command)
        else:
            self._take_words(message, Acknowledgement(connection, command, sequence))

    def _take_receipt(self, message: Delivered, kept: Callable[[], None]) -> None:
        receipt = read_receipt(message)
        if receipt is None:
            _log.warning("A receipt names no message, or no state: %r", message.octets[:200])
            kept()
            return
        state, why = FATES[receipt.fate]
        code = f"{receipt.stat} {receipt.error}" if receipt.error else receipt.stat
        provider_id = receipt.message_id if self._id_form == "text" else same_id(receipt.message_id, self._id_form)
        self._feed.heard(Report(provider_id, state, code, why, raw={"receipt": receipt.text}), kept)

    def _take_words(self, message: Delivered, kept: Acknowledgement) -> None:
        place, text = read_words(message, self._alphabet)
        if place is None or place.total == 1:
            self._feed.heard(Reply(self._national(message.source), text, message.destination), kept)
            return
        kept.timer = self._loop.call_later(_STOP_AND_WAIT, kept)
        part = Part(message.source, message.destination, place, text, kept)
        for joined in self._joiner.add(part, self._loop.time()):
            self._tell(joined)
        if len(self._joiner) and self._sweeper is None:
            self._sweeper = self._loop.call_later(self._sweep_every, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        for joined in self._joiner.overdue(self._loop.time()):
            self._tell(joined)
        if len(self._joiner):
            self._sweeper = self._loop.call_later(self._sweep_every, self._sweep)

    def _tell(self, joined: Joined) -> None:
        kept: tuple[Acknowledgement, ...] = joined.tokens
        for one in kept:
            if one.timer:
                one.timer.cancel()

        def all_kept() -> None:
            for one in kept:
                one()

        self._feed.heard(Reply(self._national(joined.sender), joined.text, joined.to), all_kept)

    def _national(self, number: str) -> str:
        """A number as the register has it: `84912345678` → `0912345678`."""
        code, digits = self._country_code, number.lstrip("+")
        return "0" + digits[len(code):] if code and digits.startswith(code) and len(digits) > 9 else number

    def close(self) -> None:
        """Tell what came of messages whose rest never will; what was not acknowledged the centre sends again."""
        if self._sweeper:
            self._sweeper.cancel()
        for joined in self._joiner.rest():
            if any(one.is_given for one in joined.tokens):
                self._tell(joined)
            for one in joined.tokens:
                one.timer.cancel()
