"""One account at a message centre in use: its binds, and what is in flight on them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import State
from lantoa.channels.sms.hearing import Hearing
from lantoa.channels.sms.outcomes import BAD_NUMBER, CUT_OFF, LOST, NO_ANSWER, UNWRITTEN, Judge, LongMessage
from lantoa.channels.sms.wording import cannot_write
from lantoa.channels.wire import Outcome, Report
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.receipts import same_id
from lantoa.lib.smpp.statuses import Meaning
from lantoa.lib.smpp.text import alone, in_latin1, in_parts
from lantoa.lib.sms import OutsideAlphabet

if TYPE_CHECKING:
    from lantoa.channels.wire import Feed, Item
    from lantoa.lib.smpp.client import Bind
    from lantoa.lib.smpp.connection import Connection
    from lantoa.lib.smpp.options import Access, Forming
    from lantoa.lib.smpp.text import References

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds without sending after the centre said that it is too much; twice as long each time in a row."""
_MOST_TRIES = 5
"""How often parts that were not taken are sent again while the rest of their message waits."""
_GOODBYE = 1.0
"""Seconds for the centre to agree to an unbind."""
_SPACING = str.maketrans("", "", " .-()\u00a0")


class SmppSession:
    """Pulls items whenever a bind has room. A token of the connections is an item, or a part: (long message, which)."""

    def __init__(self, feed: Feed, forming: Forming, references: References) -> None:
        self._feed = feed
        self._forming = forming
        self._references = references
        self._judge = Judge(forming.judgements())
        self._hearing = Hearing(feed, forming)
        self.delivered = self._hearing.take
        """The centre hands over a receipt, or what somebody wrote."""
        form = forming.form()
        header = commands.HAS_HEADER if forming.long_text == "udh" else 0
        codings = {"GSM-7": forming.gsm7_coding, "UCS-2": forming.ucs2_coding}
        self._head = form.head()
        self._tails = {alphabet: form.tail(coding) for alphabet, coding in codings.items()}
        self._part_tails = {alphabet: form.tail(coding, header) for alphabet, coding in codings.items()}
        self._is_latin1 = forming.default_alphabet == "latin1"
        self._has_numbered_ids = forming.answer_ids != "text"
        self._binds: list[Bind] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._ready: list[Connection] = []
        """Bound, and able to send."""
        self._held_back: list[tuple[LongMessage, int]] = []
        self._is_closing = self._is_paused = False
        self._pause = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, access: Access, window: int) -> None:
        """Begin to bind; connecting goes on behind. Raises `OptionError`."""
        self._binds = access.binds(self, window)
        self._tasks = [asyncio.create_task(bind.run()) for bind in self._binds]

    # --- the engine calls ----------------------------------------------------------------------------------

    def wake(self) -> None:
        """There is something to take."""
        if not self._is_paused:
            for connection in list(self._ready):
                connection.poke()

    async def close(self, grace: float = 10.0) -> None:
        """Take nothing more, wait up to `grace` seconds for answers, call the rest `UNKNOWN`, and say goodbye."""
        self._is_closing = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._is_busy:  # noqa: ASYNC110 - an event would cost every message something, for this alone
                    await asyncio.sleep(0.01)
        if self._timer:
            self._timer.cancel()
        self._hearing.close()
        await asyncio.gather(*(bind.leave(_GOODBYE) for bind in self._binds))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._release()

    @property
    def _is_busy(self) -> bool:
        return bool(self._held_back) or any(connection.is_busy for connection in self._ready)

    # --- connections call ----------------------------------------------------------------------------------

    def bound(self, connection: Connection) -> None:
        """A bind stands."""
        if connection.window:
            self._ready.append(connection)
            self._feed.up()

    def failed(self, why: str, *, permanent: bool) -> None:
        """A bind could not be made or broke: told when none is left that could send."""
        if self._is_closing:
            return
        if self._ready:
            _log.warning("One of several binds is down: %s", why)
        else:
            self._feed.down(why, permanent=permanent)

    def gone(self, connection: Connection, written: list[Any], unwritten: list[Any]) -> None:
        """A connection is over: what never left goes back, of what was written nobody knows."""
        if connection in self._ready:
            self._ready.remove(connection)
        for token in written:
            self._missed(token, CUT_OFF)
        for token in unwritten:
            if token.__class__ is tuple:
                self._note(token, UNWRITTEN)
            else:
                self._feed.back(token)

    def fill(self, connection: Connection) -> None:
        """A connection has room."""
        if self._is_closing or self._is_paused:
            return
        take = self._feed.take
        while connection.free > 0:
            item = take()
            if item is None:
                return
            self._submit(connection, item)

    def answered(self, token: Any, status: int, message_id: str) -> None:
        """What the centre said of a message."""
        if status == 0:
            if self._has_numbered_ids:
                message_id = same_id(message_id, self._forming.answer_ids)
            if self._pause and not self._is_paused:
                self._pause = 0.0
        else:
            self._heed(status)
        if token.__class__ is tuple:
            self._note(token, status, message_id)
        elif status == 0:
            self._feed.done(token, Outcome(State.SENT, (message_id,) if message_id else ()))
        elif self._judge.again(status):
            self._feed.back(token)
        else:
            self._feed.done(token, self._judge.outcome(status))

    def expired(self, token: Any) -> None:
        """Nothing was said of a message for too long."""
        self._missed(token, NO_ANSWER)

    def answered_late(self, token: Any, status: int, message_id: str) -> None:
        """The answer to a message that was called `UNKNOWN` before: told as a report on our own key."""
        if token.__class__ is tuple:
            message, part = token
            message.answers[part], message.ids[part] = status, message_id
            if message.left or LOST in message.answers or UNWRITTEN in message.answers:
                return
            item, outcome = message.item, message.outcome(self._judge)
        else:
            item = token
            outcome = self._judge.outcome(status) if status else Outcome(State.SENT, (message_id,))
        raw = {"message_ids": " ".join(outcome.provider_ids)}
        self._feed.heard(Report("", outcome.state, outcome.code, outcome.why, item.key, raw))

    # --- sending -------------------------------------------------------------------------------------------

    def _submit(self, connection: Connection, item: Item) -> None:
        number = self._number(item.address)
        if number is None:
            self._feed.done(item, BAD_NUMBER)
            return
        try:
            alphabet, parts = item.template.fill(item)
            if self._is_latin1 and alphabet == "GSM-7":
                parts = [in_latin1(part) for part in parts]
        except OutsideAlphabet as error:
            self._feed.done(item, Outcome(State.FAILED_FOR_GOOD, code="alphabet", why=cannot_write(error)))
            return
        if len(parts) == 1:
            connection.submit(b"".join((self._head, number, self._tails[alphabet], alone(parts[0]))), item)
        elif why := item.template.wording.too_long(len(parts)):
            self._feed.done(item, Outcome(State.FAILED_FOR_GOOD, code="length", why=why))
        else:
            self._submit_long(connection, item, self._head + number + self._part_tails[alphabet], parts)

    def _submit_long(self, connection: Connection, item: Item, before: bytes, parts: list[bytes]) -> None:
        reference = self._references.following(item.address, item.ref[0])
        wording = item.template.wording
        endings = in_parts(parts, reference, self._forming.long_text, wording.reference_bits)
        if len(endings) == 1:
            connection.submit(before + endings[0], item)
            return
        message = LongMessage(item, [before + ending for ending in endings])
        for part, body in enumerate(message.bodies):
            connection.submit(body, (message, part))

    def _number(self, address: str) -> bytes | None:
        """A number as the centre wants it: `0912 345 678` → `84912345678`; None for what is no number."""
        digits = address if address.isdigit() else address.translate(_SPACING).removeprefix("+")
        code = self._forming.country_code
        if code and digits[:1] == "0" and digits[:2] != "00":
            digits = code + digits[1:]
        return digits.encode("ascii") if digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 20 else None

    # --- what became of it ---------------------------------------------------------------------------------

    def _missed(self, token: Any, outcome: Outcome) -> None:
        if token.__class__ is tuple:
            self._note(token, LOST)
        else:
            self._feed.done(token, outcome)

    def _note(self, token: tuple[LongMessage, int], code: int, message_id: str = "") -> None:
        message, part = token
        if message.note(part, code, message_id):
            self._settle(message)

    def _settle(self, message: LongMessage) -> None:
        """All parts are accounted for: say what became of the whole, or send again what was not taken."""
        parts = message.held_back(self._judge)
        if parts and message.is_untouched:
            self._feed.back(message.item)
        elif parts and self._ready and message.tries < _MOST_TRIES:
            message.tries += 1
            message.left = len(parts)
            self._held_back += [(message, part) for part in parts]
            asyncio.get_running_loop().call_soon(self._resend)
        else:
            self._feed.done(message.item, message.outcome(self._judge))

    def _heed(self, status: int) -> None:
        """Do what an answer asks of the account, beside what it says of its message."""
        meaning = self._judge.status(status).meaning
        if meaning in {Meaning.SLOW, Meaning.FULL} and not self._is_paused:
            self._pause = min(self._pause * 2 or _FIRST_PAUSE, _LONGEST_PAUSE)
            self._is_paused = True
            self._feed.slow(self._pause)
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._go_on)
        elif meaning is Meaning.UNBOUND:
            for connection in list(self._ready):
                connection.drop(self._judge.status(status).why, in_vain=True)

    def _go_on(self) -> None:
        """The pause is over: first the parts that were held back, then what is new."""
        self._is_paused = False
        self._resend()
        self.wake()

    def _resend(self) -> None:
        if self._is_paused:
            return
        if self._ready:
            held, self._held_back = self._held_back, []
            for index, (message, part) in enumerate(held):
                connection = self._ready[index % len(self._ready)]
                connection.submit(message.bodies[part], (message, part))
                connection.poke()
        else:
            self._release()

    def _release(self) -> None:
        """No connection is left for the parts that were held back."""
        held, self._held_back = self._held_back, []
        for message, part in held:
            if message.note(part, UNWRITTEN):
                self._settle(message)
