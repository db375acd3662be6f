"""A message centre that speaks SMPP 3.4 and does what a script says: for rehearsals, trials and measuring.

It counts what it really got: what it answered `ESME_ROK` to, and what it took without answering. Kept in memory, or
line by line in a file that is written before anything is answered, so that it outlives the centre and whoever sent.

    python -m lantoa.simulators.smsc --port 2775 --log smsc.log --script '{"delay": 0.05, "errors": {"0x45": 0.01}}'
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import time
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lantoa.lib.smpp import commands, statuses
from lantoa.lib.smpp.commands import RESPONSE, SUBMIT_SM, SUBMIT_SM_RESP
from lantoa.lib.smpp.pdu import HEADER, HEADER_LENGTH, LONGEST, MalformedPdu, read_deliver_sm, write_pdu
from lantoa.lib.smpp.receipts import Fate
from lantoa.lib.smpp.text import alone, in_parts, read_words
from lantoa.lib.sms import Joiner, Part, Place, encoded
from lantoa.lib.sms.header import room_of
from lantoa.lib.sms.measure import cut
from lantoa.simulators.smsc_script import (
    Fortune,
    Script,
    ToTell,
    delivered_body,
    fortune,
    status_for,
    write_id,
    write_receipt,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

    from lantoa.lib.smpp.pdu import Delivered

_BINDS = {command: kind for kind, command in commands.BINDS.items()}
_LUCKY = Fortune(1.0, 1.0, 1.0, 1.0, 1.0)


class Arrival(NamedTuple):
    """A submit_sm that was taken."""

    at: float
    """Seconds since 1970."""
    destination: str
    source: str
    text: str
    place: Place | None
    message_id: str


class Smsc:
    """The centre: `await start()`, look at `port`, and at what it got in `arrivals` and `statuses`; `await stop()`."""

    def __init__(self, script: Script | None = None, *, log: Path | None = None) -> None:
        self.script = script or Script()
        self.port = 0
        self.statuses: Counter[int] = Counter()
        """What was answered, by command_status."""
        self.acknowledged = 0
        """Receipts and replies that the other side acknowledged."""
        self.refused = 0
        self.binds = 0
        """How often somebody bound."""
        self.peers: set[_Peer] = set()
        self._taken: list[tuple[float, str, Delivered]] = []
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if log else None
        self._lines: list[str] = []
        self._mail: dict[str, deque[bytes]] = {}
        """What waits for a bind that can receive, by system_id."""
        self._seen: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._second: deque[float] = deque()
        self._queued, self._queued_at = 0.0, 0.0
        self._submits = 0
        self._silent_until = 0.0
        self._last_id = time.time_ns() // 1000
        self._whole = Joiner(most=100_000)
        self._server: asyncio.Server | None = None

    @property
    def arrivals(self) -> list[Arrival]:
        """What was taken, in its order; empty when it went to a log."""
        return [_arrival(*taken) for taken in self._taken]

    async def start(self, port: int = 0, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        """Listen on this machine only, unless told another of its addresses."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Peer(self), host, port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and cut every connection."""
        if self._server:
            self._server.close()
        for peer in list(self.peers):
            peer.cut()
        while self.peers:  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0.001)
        if self._log is not None:
            os.close(self._log)
            self._log = None

    # --- what a peer asks ----------------------------------------------------------------------------------

    def judge(self, message: Delivered) -> tuple[int, Fortune]:
        """What to answer, and how the number fares."""
        now = time.monotonic()
        self._submits += 1
        if self._submits == self.script.stall_after:
            self._silent_until = now + self.script.stall
        luck = _LUCKY if self.script.is_plain() else fortune(self.script.seed, message.destination)
        return self._over_limit(now) or self._error(message.destination, luck), luck

    def _over_limit(self, now: float) -> int:
        script = self.script
        if script.rate:
            while self._second and now - self._second[0] >= 1.0:
                self._second.popleft()
            if len(self._second) >= script.rate:
                return statuses.THROTTLED
            self._second.append(now)
        if script.queue:
            self._queued = max(0.0, self._queued - (now - self._queued_at) * script.drain)
            self._queued_at = now
            if self._queued + 1 > script.queue:
                return statuses.QUEUE_FULL
            self._queued += 1
        return 0

    def _error(self, number: str, luck: Fortune) -> int:
        status = status_for(self.script, luck) if self.script.errors else 0
        if status and self.script.tries:
            self._seen[number] += 1
            if self._seen[number] > self.script.tries:
                return 0
        return status

    def loses(self, number: str, luck: Fortune) -> bool:
        """Whether a number's answer gets lost on its way."""
        if luck.lost_answer >= self.script.lost_answers:
            return False
        self._lost[number] += 1
        return not self.script.tries or self._lost[number] <= self.script.tries

    def take(self, message: Delivered) -> int:
        """Write a message down; its number. On the disk it is before `saved` returns."""
        self._last_id += 1
        message_id, now = write_id(self._last_id, self.script.answer_ids), time.time()
        if self._log is None:
            self._taken.append((now, message_id, message))
        else:
            self._lines.append(_line(_arrival(now, message_id, message)))
        return self._last_id

    def saved(self) -> None:
        """Put what was taken into the log."""
        if self._lines and self._log is not None:
            os.write(self._log, "".join(self._lines).encode())
            self._lines.clear()

    def is_silent(self) -> float:
        """Seconds for which nothing is answered."""
        return max(0.0, self._silent_until - time.monotonic()) if self._silent_until else 0.0

    # --- what comes back to the sender ---------------------------------------------------------------------

    def follow(self, peer: _Peer, number: int, message: Delivered, luck: Fortune) -> None:
        """Let a receipt and a reply follow, where the script has them."""
        script = self.script
        bodies = []
        fate = Fate.UNDELIVERABLE if luck.undelivered < script.undelivered else Fate.DELIVERED
        is_asked = message.registered & 3 == 1 or (message.registered & 3 == 2 and fate is not Fate.DELIVERED)
        if script.receipts and is_asked and luck.receipt_lost >= script.receipts_lost:
            message_id = write_id(number, script.receipt_ids)
            told = ToTell(message_id, message.destination, message.source, message.octets, fate)
            bodies.append(write_receipt(script, told))
        if script.reply and luck.reply < script.replies and self._is_whole(message):
            bodies += write_reply(script.reply, message.destination, message.source, number)
        if not bodies:
            return
        if script.receipt_delay:
            asyncio.get_running_loop().call_later(script.receipt_delay, self.post, peer.system_id, bodies)
        else:
            self._mail.setdefault(peer.system_id, deque()).extend(bodies)

    def post(self, system_id: str, bodies: Iterable[bytes]) -> None:
        """Let something come in to whoever binds, or has bound, as `system_id`."""
        self._mail.setdefault(system_id, deque()).extend(bodies)
        self.hand_out(system_id)

    def hand_out(self, system_id: str) -> None:
        """Let whoever receives for `system_id` have what waits."""
        if self._mail.get(system_id):
            for peer in self.peers:
                if peer.system_id == system_id:
                    peer.deliver()
                    peer.flush()

    def mail_of(self, system_id: str) -> deque[bytes]:
        """What waits to be delivered."""
        return self._mail.setdefault(system_id, deque())

    def _is_whole(self, message: Delivered) -> bool:
        place, text = read_words(message)
        if place is None:
            return True
        return bool(self._whole.add(Part(message.source, message.destination, place, text), 0.0))


class _Peer(asyncio.Protocol):
    """One connection to the centre."""

    def __init__(self, smsc: Smsc) -> None:
        self.system_id = ""
        self._smsc = smsc
        self._kind = ""
        self._rest = b""
        self._out: list[bytes] = []
        self._later: deque[tuple[float, list[bytes]]] = deque()
        self._sequence = 0
        self._unacknowledged: dict[int, bytes] = {}
        self._submits = 0
        self._is_cut = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream connection has no other
        self._smsc.peers.add(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the same whatever it was
        self._smsc.peers.discard(self)
        if self._unacknowledged:
            self._smsc.mail_of(self.system_id).extendleft(reversed(self._unacknowledged.values()))
            self._smsc.post(self.system_id, ())

    def cut(self) -> None:
        """End at once."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        at, end = 0, len(data)
        while end - at >= HEADER_LENGTH and not self._is_cut:
            length, command, status, sequence = HEADER.unpack_from(data, at)
            if not HEADER_LENGTH <= length <= LONGEST:
                self.cut()
                return
            if at + length > end:
                break
            self._take(command, status, sequence, data[at + HEADER_LENGTH:at + length])
            at += length
        self._rest = data[at:]
        self._smsc.saved()
        self.deliver()
        self.flush()
        self._smsc.hand_out(self.system_id)

    def flush(self) -> None:
        """Answer, at once or later as the script says."""
        wait = self._smsc.script.delay or self._smsc.is_silent()
        if self._out and wait:
            out, self._out = self._out, []
            asyncio.get_running_loop().call_later(max(wait, self._smsc.is_silent()), self._write, out)
        elif self._out:
            self._write(self._out)
            self._out = []

    def deliver(self) -> None:
        """Hand over what waits, as far as the window goes."""
        if self._kind not in {"transceiver", "receiver"}:
            return
        mail = self._smsc.mail_of(self.system_id)
        while mail and len(self._unacknowledged) < self._smsc.script.receipt_window:
            self._sequence += 1
            body = self._unacknowledged[self._sequence] = mail.popleft()
            self._out.append(write_pdu(commands.DELIVER_SM, self._sequence, body))

    def _write(self, out: list[bytes]) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(b"".join(out))

    def _take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if command == SUBMIT_SM:
            self._take_submit(sequence, body)
        elif command in _BINDS:
            self._take_bind(command, sequence, body)
        elif command == commands.DELIVER_SM_RESP:
            if self._unacknowledged.pop(sequence, None) is not None:
                self._smsc.acknowledged += not status
                self._smsc.refused += bool(status)
        elif command in {commands.ENQUIRE_LINK, commands.UNBIND}:
            self._out.append(write_pdu(command | RESPONSE, sequence))
            if command == commands.UNBIND:
                self._kind = ""
                self.flush()
                if self._transport:
                    self._transport.close()
        elif not command & RESPONSE:
            self._out.append(write_pdu(commands.GENERIC_NACK, sequence, status=statuses.INVALID_COMMAND))

    def _take_bind(self, command: int, sequence: int, body: bytes) -> None:
        script, smsc = self._smsc.script, self._smsc
        system_id, password = [*body.split(b"\0"), b"", b""][:2]
        status = 0
        if script.system_id and (system_id.decode("latin-1"), password.decode("latin-1")) != (
            script.system_id, script.password,
        ):
            status = 0x0E
        elif script.most_binds and sum(bool(peer.system_id) for peer in smsc.peers) >= script.most_binds:
            status = 0x0D
        else:
            self.system_id, self._kind = system_id.decode("latin-1"), _BINDS[command]
            smsc.binds += 1
        self._out.append(write_pdu(command | RESPONSE, sequence, b"lantoa\0" if not status else b"\0", status))

    def _take_submit(self, sequence: int, body: bytes) -> None:
        smsc = self._smsc
        self._submits += 1
        if self._kind not in {"transceiver", "transmitter"}:
            self._answer(sequence, statuses.NOT_BOUND)
            return
        try:
            message = read_deliver_sm(body)
        except MalformedPdu:
            self._answer(sequence, 0x01)
            return
        status, luck = smsc.judge(message)
        if status:
            self._answer(sequence, status)
            return
        number = smsc.take(message)
        self._is_cut = 0 < smsc.script.cut_after <= self._submits
        if not self._is_cut and not smsc.loses(message.destination, luck):
            self._answer(sequence, 0, write_id(number, smsc.script.answer_ids).encode())
        smsc.follow(self, number, message, luck)
        if self._is_cut and self._transport:
            smsc.saved()
            self.flush()
            self._transport.close()

    def _answer(self, sequence: int, status: int, message_id: bytes = b"") -> None:
        self._smsc.statuses[status] += 1
        self._out.append(write_pdu(SUBMIT_SM_RESP, sequence, message_id + b"\0", status))


# --- what it got ------------------------------------------------------------------------------------------


def _arrival(at: float, message_id: str, message: Delivered) -> Arrival:
    place, text = read_words(message)
    return Arrival(at, message.destination, message.source, text, place, message_id)


def _line(arrival: Arrival) -> str:
    return json.dumps([*arrival[:4], arrival.place and [*_place(arrival.place)], arrival.message_id]) + "\n"


def _place(place: Place) -> tuple[int, int, int]:
    return place.reference, place.total, place.number


def read_log(path: Path) -> Iterator[Arrival]:
    """What a centre wrote down; a last line that was cut off is left out."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                at, destination, source, text, place, message_id = json.loads(line)
                yield Arrival(at, destination, source, text, Place(*place) if place else None, message_id)


def whole_messages(arrivals: Iterable[Arrival]) -> list[tuple[str, str]]:
    """Destination and text of each message that came whole, in the order of their last parts."""
    joiner = Joiner(most=1_000_000)
    whole = []
    for arrival in arrivals:
        if arrival.place is None:
            whole.append((arrival.destination, arrival.text))
            continue
        part = Part(arrival.source, arrival.destination, arrival.place, arrival.text)
        whole += [(joined.to, joined.text) for joined in joiner.add(part, 0.0)]
    return whole


def busiest(arrivals: Iterable[Arrival], seconds: float = 1.0) -> int:
    """The most that came within any `seconds`: whether a pace was kept."""
    most, window = 0, deque[float]()
    for arrival in arrivals:
        window.append(arrival.at)
        while arrival.at - window[0] >= seconds:
            window.popleft()
        most = max(most, len(window))
    return most


def write_reply(text: str, sender: str, to: str, number: int) -> list[bytes]:
    """The bodies of what `sender` writes to `to`, for `Smsc.post`; `number` names a long text that comes in parts."""
    alphabet, octets = encoded(text)
    parts = cut(octets, alphabet, room_of(alphabet))
    coding = commands.UCS2_CODING if alphabet == "UCS-2" else commands.GSM7_CODING
    kind = commands.HAS_HEADER if len(parts) > 1 else 0
    head = delivered_body(sender, to, kind, coding)
    endings = in_parts(parts, number, "udh") if len(parts) > 1 else [alone(octets)]
    return [head + ending for ending in endings]


def main() -> None:
    """Listen until stopped; the port is told on standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=str, default="")
    parser.add_argument("--script", type=json.loads, default={})
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(given))


async def _serve(given: argparse.Namespace) -> None:
    script = {**given.script, "errors": {int(code, 0): share for code, share in given.script.get("errors", {}).items()}}
    smsc = Smsc(Script(**script), log=Path(given.log) if given.log else None)
    await smsc.start(given.port)
    print(smsc.port, flush=True)  # noqa: T201 - for whoever started it
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
