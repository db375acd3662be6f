"""One bind at a message centre: a window of messages in flight, the link kept alive, everything answered (SMPP 3.4 §2).

What stands above hands bodies over with a token of its own and hears of each token once: answered, expired, or gone
with the connection. Many PDUs are read at a time and many written at once; of a message only its bytes are made here.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol, cast

from lantoa.lib.smpp import commands, statuses
from lantoa.lib.smpp.commands import DELIVER_SM, MOST_SEQUENCE, RESPONSE, SUBMIT_SM, SUBMIT_SM_RESP
from lantoa.lib.smpp.pdu import HEADER, HEADER_LENGTH, LONGEST, read_message_id, write_pdu

_SHORTEST_WRITE = 64 * 1024
"""Octets that may wait for the network before no more is handed to it."""
_MOST_UNACKNOWLEDGED = 10_000
"""Messages from the centre that wait to be kept; with more of them, nothing more is read for a while."""
_MOST_NONSENSE = 100
"""PDUs that we had to refuse, after which the other end is taken for something else than a message centre."""
_MOST_LATE = 10_000
"""Messages given up without an answer whose answer is still known when it comes after all."""
_WINDING_DOWN = 2.0
"""Seconds in which a centre that says goodbye may still answer what it has."""


class Handler(Protocol):
    """What stands above a connection. No call may block or raise."""

    def bound(self, connection: Connection) -> None:
        """The bind stands."""

    def fill(self, connection: Connection) -> None:
        """There is room: call `connection.submit` while there is `connection.free`."""

    def answered(self, token: Any, status: int, message_id: str) -> None:
        """What the centre said of a message."""

    def answered_late(self, token: Any, status: int, message_id: str) -> None:
        """What the centre said of a message that had expired."""

    def expired(self, token: Any) -> None:
        """A message was written, and nothing has been said of it for too long."""

    def gone(self, connection: Connection, written: list[Any], unwritten: list[Any]) -> None:
        """The connection is over: tokens that were written and not answered, and tokens that never left."""

    def delivered(self, connection: Connection, command: int, sequence: int, body: bytes) -> None:
        """The centre hands something over, a deliver_sm or a data_sm; `connection.acknowledge` once it is kept."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long to wait, in seconds (the timers of SMPP 3.4 §7.2)."""

    connect: float = 10.0
    """For the network, TLS and the answer to a bind."""
    answer: float = 30.0
    """For the answer to anything else."""
    enquire: float = 30.0
    """Of silence, after which the centre is asked whether it is still there."""


class Connection(asyncio.Protocol):
    """One bind, from the connection to its end; a new one is made to bind again."""

    def __init__(self, handler: Handler, *, window: int, timing: Timing) -> None:
        self.pending: dict[int, Any] = {}
        """Written and not answered: tokens by sequence number, the oldest first."""
        self.window = window
        self.is_bound = False
        self.has_worked = False
        """Whether the centre ever answered a message."""
        self.was_in_vain = False
        """Whether it had to be dropped although it was bound: the next is no better unless something is put right."""
        self.why = ""
        """Why it ended, where we know more than that it did."""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        self._handler = handler
        self._timing = timing
        self._transport: asyncio.Transport | None = None
        self._socket: socket.socket | None = None
        self._rest = bytearray()
        self._out: list[bytes] = []
        self._waiting: deque[tuple[bytes, Any]] = deque()
        self._batches: deque[tuple[float, int]] = deque()
        """When a batch was written, and its last sequence number."""
        self._late: dict[int, Any] = {}
        self._unacknowledged: set[int] = set()
        self._sequence = 0
        self._binding: asyncio.Future[int] = self._loop.create_future()
        self._bind_command = 0
        self._is_full = self._flushes_soon = self._is_reading = self._is_leaving = self._is_held = False
        self._is_filling = False
        self._is_silent = False
        """Messages expired and none was answered since: nothing more is put at risk."""
        self._has_heard = True
        self._has_answered = False
        self._heard_at = self._loop.time()
        self._enquired_at = 0.0
        self._answered_at = 0.0
        self._nonsense = 0
        self._timer: asyncio.TimerHandle | None = None

    # --- what stands above calls ---------------------------------------------------------------------------

    async def bind(self, command: int, body: bytes) -> int:
        """Ask to be let in; the centre's command_status. Raises `ConnectionError` when it hangs up instead."""
        self._bind_command = command
        self._request(command, body)
        self._flush()
        status = await self._binding
        if status < 0:
            raise ConnectionError
        if status == 0:
            self._tick()
        return status

    @property
    def free(self) -> int:
        """How many messages may be submitted now."""
        if self._is_full or self._is_silent or not self.is_bound:
            return 0
        return self.window - len(self.pending) - len(self._waiting)

    def submit(self, body: bytes, token: Any) -> None:
        """Send a submit_sm with what `fill` or `poke` sends next; beyond the window it waits its turn."""
        is_open = self.is_bound and not self._is_full and not self._is_silent
        if is_open and not self._waiting and len(self.pending) < self.window:
            self._write(body, token)
        else:
            self._waiting.append((body, token))

    @property
    def is_busy(self) -> bool:
        """Whether something was submitted and not answered."""
        return bool(self.pending or self._waiting)

    def poke(self) -> None:
        """Ask for more to send, and send it; while reading, that happens by itself."""
        if not self._is_reading and not self._is_filling:
            self._fill()
            self._flush()

    def acknowledge(self, sequence: int, command: int = DELIVER_SM, status: int = 0) -> None:
        """Tell the centre that what it handed over is kept, or why it is not taken. A second time is none."""
        if sequence not in self._unacknowledged:
            return
        self._unacknowledged.discard(sequence)
        self._out.append(HEADER.pack(HEADER_LENGTH + 1, command | RESPONSE, status, sequence) + b"\0")
        if self._is_held and len(self._unacknowledged) <= _MOST_UNACKNOWLEDGED // 2:
            self._hold(reading=True)
        if not self._flushes_soon and not self._is_reading:
            self._flushes_soon = True
            self._loop.call_soon(self._flush)

    def unbind(self) -> None:
        """Say goodbye; nothing more is submitted, and the connection ends when the centre agrees."""
        self.is_bound = False
        self._is_leaving = True
        self._request(commands.UNBIND)
        self._flush()

    def drop(self, why: str = "", *, in_vain: bool = False) -> None:
        """End at once."""
        self.why = self.why or why
        self.was_in_vain |= in_vain
        self.is_bound = False
        if self._transport:
            self._transport.abort()

    # --- asyncio calls -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Write without delay: what waits for more to come with it waits for the other end's delayed ACK."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_SHORTEST_WRITE)
        self._socket = transport.get_extra_info("socket")
        if self._socket is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def pause_writing(self) -> None:
        """The network takes no more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """It does again."""
        self._is_full = False
        self._fill()
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Read every whole PDU, then write whatever there is room for."""
        self._has_heard = self._is_reading = True
        if self._rest:
            self._rest += data
            if len(self._rest) < HEADER_LENGTH or len(self._rest) < min(_length(self._rest), LONGEST):
                self._is_reading = False
                return
            data = bytes(self._rest)
        read = self._read(data)
        if self._rest or read < len(data):
            self._rest[:] = data[read:]
        if self.is_bound:
            self._fill()
        self._is_reading = False
        if self._out:
            self._flush()
        else:
            self._acknowledge_quickly()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the keeper says what is known of it
        """Hand every token back that nothing more will be heard of."""
        self.is_bound = False
        self.has_worked |= self._has_answered
        if self._timer:
            self._timer.cancel()
        written, unwritten = list(self.pending.values()), [token for _, token in self._waiting]
        self.pending.clear()
        self._waiting.clear()
        self._unacknowledged.clear()
        self._handler.gone(self, written, unwritten)
        if not self._binding.done():
            self._binding.set_result(_HUNG_UP)
        if not self.ended.done():
            self.ended.set_result(None)

    # --- reading -------------------------------------------------------------------------------------------

    def _read(self, data: bytes) -> int:
        """Read all whole PDUs and say where the next one begins."""
        at, end = 0, len(data)
        unpack, pending, answered = HEADER.unpack_from, self.pending, self._handler.answered
        while end - at >= HEADER_LENGTH:
            length, command, status, sequence = unpack(data, at)
            following = at + length
            if not HEADER_LENGTH <= length <= LONGEST:
                self._lose_step(sequence)
                return end
            if following > end:
                break
            if command == SUBMIT_SM_RESP and sequence in pending:
                self._has_answered = True
                answered(pending.pop(sequence), status, read_message_id(data[at + HEADER_LENGTH:following]))
            elif command == DELIVER_SM:
                self._take_delivered(command, sequence, data[at + HEADER_LENGTH:following])
            else:
                self._take(command, status, sequence, data[at + HEADER_LENGTH:following])
            at = following
        return at

    def _take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if command == commands.DATA_SM:
            self._take_delivered(command, sequence, body)
        elif command & RESPONSE:
            self._take_answer(command, status, sequence, body)
        elif command == commands.ENQUIRE_LINK:
            self._out.append(write_pdu(commands.ENQUIRE_LINK_RESP, sequence))
        elif command == commands.UNBIND:
            self._out.append(write_pdu(commands.UNBIND_RESP, sequence))
            self._leave()
        elif command == commands.OUTBIND:  # we bind to whom we know; nobody calls us (SMPP 3.4 §2.2.1)
            self._refuse(sequence, statuses.NOT_BOUND)
        elif command != commands.ALERT_NOTIFICATION:
            self._refuse(sequence, statuses.INVALID_COMMAND)

    def _take_delivered(self, command: int, sequence: int, body: bytes) -> None:
        self._unacknowledged.add(sequence)
        if not self.is_bound and not self._is_leaving:
            self.acknowledge(sequence, command, statuses.NOT_BOUND)
            return
        if len(self._unacknowledged) >= _MOST_UNACKNOWLEDGED and not self._is_held:
            self._hold(reading=False)
        self._handler.delivered(self, command, sequence, body)

    def _take_answer(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if not self._binding.done():
            if command in {self._bind_command | RESPONSE, commands.GENERIC_NACK}:
                failed = status or (statuses.SYSTEM_ERROR if command == commands.GENERIC_NACK else 0)
                self.is_bound = not failed
                self._answered_at = self._loop.time()
                self._binding.set_result(failed)
                if self.is_bound:
                    self._handler.bound(self)
        elif command == commands.GENERIC_NACK and sequence in self.pending:
            self._has_answered = True
            self._handler.answered(self.pending.pop(sequence), status or statuses.INVALID_COMMAND, "")
        elif command == SUBMIT_SM_RESP and sequence in self._late:
            self._handler.answered_late(self._late.pop(sequence), status, read_message_id(body))
        elif command == commands.UNBIND_RESP and self._transport:
            self._transport.close()

    def _leave(self) -> None:
        """The centre says goodbye: what it has not answered yet it may still answer, for a moment."""
        self.why = self.why or "Nhà mạng đã ngắt kết nối (unbind)"
        self.is_bound = False
        self._is_leaving = True
        if self._transport:
            self._loop.call_later(_WINDING_DOWN if self.pending else 0, self._transport.close)

    def _refuse(self, sequence: int, status: int) -> None:
        self._out.append(write_pdu(commands.GENERIC_NACK, sequence, status=status))
        self._nonsense += 1
        if self._nonsense > _MOST_NONSENSE:
            self.drop("Đầu bên kia không nói đúng giao thức SMPP 3.4")

    def _lose_step(self, sequence: int) -> None:
        """A length that cannot be: where the next PDU begins nobody knows, so there is no going on."""
        self.why = "Nhà mạng gửi dữ liệu không đúng giao thức SMPP 3.4"
        self._out.append(write_pdu(commands.GENERIC_NACK, sequence, status=statuses.INVALID_LENGTH))
        self._flush()
        self.is_bound = False
        if self._transport:
            self._transport.close()

    # --- writing -------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        if self._is_full or self._is_silent or not self.is_bound:
            return
        while self._waiting and len(self.pending) < self.window:
            self._write(*self._waiting.popleft())
        if len(self.pending) < self.window:
            self._is_filling = True
            self._handler.fill(self)
            self._is_filling = False

    def _write(self, body: bytes, token: Any) -> None:
        sequence = self._next_sequence()
        self.pending[sequence] = token
        self._out.append(HEADER.pack(HEADER_LENGTH + len(body), SUBMIT_SM, 0, sequence))
        self._out.append(body)

    def _request(self, command: int, body: bytes = b"") -> None:
        self._out.append(write_pdu(command, self._next_sequence(), body))

    def _next_sequence(self) -> int:
        sequence = self._sequence % MOST_SEQUENCE + 1
        while sequence in self.pending:  # after two thousand million others
            sequence = sequence % MOST_SEQUENCE + 1
        self._sequence = sequence
        return sequence

    def _flush(self) -> None:
        self._flushes_soon = False
        if not self._out:
            return
        if self._transport and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
            if not self._batches or self._batches[-1][1] != self._sequence:
                self._batches.append((self._loop.time(), self._sequence))
        self._out.clear()

    def _hold(self, *, reading: bool) -> None:
        """Read nothing more while too much of what was read waits to be kept."""
        self._is_held = not reading
        if self._transport and not self._transport.is_closing():
            (self._transport.resume_reading if reading else self._transport.pause_reading)()

    def _acknowledge_quickly(self) -> None:
        """Acknowledge by TCP what we had nothing to answer to.

        Our kernel would wait for us to say something (40 ms), and an end with Nagle's algorithm on holds its next
        answers until then: measured, that made 2,300 messages a second of 95,000.
        """
        if self._socket is not None and hasattr(socket, "TCP_QUICKACK"):
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    # --- the clock -----------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Give up what waited too long, and ask a silent centre whether it is there."""
        now = self._loop.time()
        if self._has_heard:
            self._has_heard, self._heard_at, self._enquired_at = False, now, 0.0
        if self._has_answered:
            self._answered_at, self._has_answered, self._is_silent, self.has_worked = now, False, False, True
        self._expire(now)
        if self._enquired_at and now - self._enquired_at >= self._timing.answer:
            self.drop("Nhà mạng không trả lời câu hỏi còn kết nối không (enquire_link)")
        elif not self._enquired_at and now - self._heard_at >= self._timing.enquire:
            self._enquired_at = now
            self._request(commands.ENQUIRE_LINK)
        self._fill()
        self._flush()
        step = min(1.0, self._timing.answer / 4, self._timing.enquire / 4)
        self._timer = self._loop.call_later(step, self._tick)

    def _expire(self, now: float) -> None:
        written, last = 0.0, 0
        while self._batches and now - self._batches[0][0] >= self._timing.answer:
            written, last = self._batches.popleft()
        if not last:
            return
        expired = []
        for sequence in self.pending:
            if 0 < (sequence - last) & MOST_SEQUENCE < MOST_SEQUENCE // 2:
                break
            expired.append(sequence)
        for sequence in expired:
            self._expire_one(sequence)
        self._is_silent |= bool(expired) and self._answered_at <= written
        if self._is_silent and not self.pending:
            self.drop(f"Nhà mạng không trả lời tin nào trong {self._timing.answer:.0f} giây")

    def _expire_one(self, sequence: int) -> None:
        token = self.pending.pop(sequence)
        self._late[sequence] = token
        if len(self._late) > _MOST_LATE:
            del self._late[next(iter(self._late))]
        self._handler.expired(token)


_HUNG_UP = -1


def _length(data: bytearray) -> int:
    return int.from_bytes(data[:4], "big")
