"""One connection to the relay: message after message with one read and one write each (RFC 5321, RFC 2920).

While a message's content is on its way, the commands of the next one already follow its final dot; so two items at most
are under way: `_going`, whose content was handed to the network, and `_coming`, of which the server knows the
envelope only. That line decides what a broken connection means: the first is lost (it may have arrived), the
second goes back (it surely did not).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, cast

from lantoa.lib.smtp.relay import Peer, RelayError
from lantoa.lib.smtp.replies import Reply, Stage, Verdict, judge, read_reply, reason

if TYPE_CHECKING:
    import ssl

_IDLE, _RSET, _MAIL, _RCPT, _DATA, _DOT = (int(stage) for stage in Stage)
_LARGE = 1 << 16
"""Octets of content that the system may not take at once: its final dot is held until the rest has gone."""
_MOST_REPLY = 1 << 16
"""Octets of what the server says at once; one that says more makes no sense."""
_MOST_LINES = 200
_END = b".\r\n"
_LONG_PAUSE = 60.0
"""Seconds to leave a server alone that has something against us, not against a recipient."""

Letter = tuple[Any, bytes, bytes]
"""An item of whoever sends; its commands MAIL, RCPT and DATA; its content with dots stuffed, without the final one."""


class Outbox(Protocol):
    """Where messages come from, and who is told what became of each. No call blocks or raises."""

    def take(self, peer: Peer) -> Letter | None:
        """The next message that may leave now, for a server that can this much."""
        ...

    def sent(self, item: Any) -> None:
        """The server took it over."""
        ...

    def failed(self, item: Any, verdict: Verdict, stage: Stage, reply: Reply) -> None:
        """The server did not take it; the verdict is never `ACCOUNT`."""
        ...

    def lost(self, item: Any) -> None:
        """It went, whole, and no answer came."""
        ...

    def back(self, item: Any) -> None:
        """The server surely does not have it."""
        ...

    def slow(self, seconds: float) -> None:
        """The server asks for less mail: nothing should leave for so long."""
        ...


class Keeper(Protocol):
    """Who keeps connections."""

    def idle(self, connection: Connection) -> None:
        """It has nothing to do."""
        ...

    def gone(self, connection: Connection, why: RelayError | None) -> None:
        """It carries no more; without a reason it was time to end."""
        ...


class Connection(asyncio.Protocol):
    """A conversation with the server: first by question and answer (`ask`), then, from `start` on, messages."""

    def __init__(self, outbox: Outbox, keeper: Keeper, most: int = 0) -> None:
        """`most` messages at most go over it; 0 is no limit."""
        self.peer = Peer()
        self.carried = 0
        """Messages the server has given its answer for."""
        self.ticks = 0
        """Counted up by the keeper's clock, and back to 0 at every word of the server."""
        self.stage = _IDLE
        """Which answer comes next."""
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outbox, self._keeper, self._most = outbox, keeper, most
        self._transport = cast("asyncio.Transport", None)
        self._rest, self._lines = b"", list[bytes]()
        self._is_talking, self._is_leaving = True, False
        self._waiter: asyncio.Future[Reply] | None = None
        self._heard: list[Reply] = []
        self._why: RelayError | None = None
        self._going: Any = None
        self._coming: tuple[Any, bytes] | None = None
        self._steps: list[bytes] = []
        self._needs_reset = False
        self._is_paused = False
        self._held = b""

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it broke changes nothing
        """Say what became of what was under way."""
        self._end(RelayError("Máy chủ thư đóng kết nối giữa chừng."))
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        """The system takes no more for now."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """The system has taken nearly all: a large message's final dot may follow."""
        self._is_paused = False
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)

    def data_received(self, data: bytes) -> None:
        """Read replies, and go on with each."""
        self.ticks = 0
        if self._rest:
            data = self._rest + data
        lines = data.split(b"\n")
        self._rest = lines.pop()
        if len(data) > _MOST_REPLY:
            self._make_no_sense(data)
            return
        for line in lines:
            if self._why:
                return
            stage, start = self.stage, line[:4]
            if self._is_talking or self._lines:
                self._read(line)
            elif start == b"250 " and _MAIL <= stage <= _RCPT:
                self._go_on()
            elif start == b"250 " and stage == _DOT:
                self._accepted()
            elif start == b"354 " and stage == _DATA:
                self._send_content()
            else:
                self._read(line)

    # By question and answer.

    @property
    def address(self) -> str:
        """Our own address in this conversation, as EHLO names it (RFC 5321 §4.1.3)."""
        host = str((self._transport.get_extra_info("sockname") or ["127.0.0.1"])[0])
        return f"[IPv6:{host}]" if ":" in host else f"[{host}]"

    async def ask(self, command: str, seconds: float) -> Reply:
        """Say something (nothing: to be greeted) and wait for the answer. Raises `RelayError`."""
        if self._why:
            raise self._why
        self._waiter = asyncio.get_running_loop().create_future()
        if command:
            self._transport.write(f"{command}\r\n".encode())
        elif self._heard:
            self._waiter.set_result(self._heard.pop())
        try:
            async with asyncio.timeout(seconds):
                return await self._waiter
        except TimeoutError:
            raise RelayError(f"Máy chủ thư không trả lời trong {seconds:g} giây.") from None
        finally:
            self._waiter = None

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Encrypt from here on. Raises `RelayError`, `OSError` and `ssl.SSLError`."""
        if self._rest or self._heard or self._lines:  # said in the clear, to be taken for what is said encrypted
            raise RelayError("Có lời chen vào trước khi mã hóa: kết nối bị can thiệp.")
        if self._why:
            raise self._why
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._transport, self, context, server_hostname=host)
        if transport is None or self._why:
            raise self._why or RelayError("Máy chủ thư đóng kết nối giữa chừng.")
        self._transport = transport

    def start(self, peer: Peer) -> None:
        """From here on carry messages."""
        self.peer, self._is_talking, self.ticks = peer, False, 0

    # Messages.

    def go(self) -> bool:
        """Take a message, if there is one; only for a connection that is idle."""
        letter = self._take()
        if letter is None:
            self.stage = _IDLE
            if self._is_leaving or self._is_full():
                self._leave()
            else:
                self._keeper.idle(self)
            return False
        item, envelope, content = letter
        self._coming = (item, content)
        self.ticks = 0
        self.stage = _RSET if self._needs_reset else _MAIL
        commands = b"RSET\r\n" + envelope if self._needs_reset else envelope
        self._needs_reset = False
        self._steps = [commands] if self.peer.pipelining else commands.splitlines(keepends=True)
        self._transport.write(self._steps.pop(0))
        return True

    def finish(self) -> None:
        """Take nothing more, and say goodbye when what is under way is answered."""
        self._is_leaving = True
        if self.stage == _IDLE and not self._is_talking:
            self._leave()

    def abandon(self, why: str = "") -> None:
        """End at once, whatever is under way."""
        self._end(RelayError(why or "Kết nối bị bỏ."))

    def drop(self) -> None:
        """Let go of the network at once, when goodbye has been said."""
        if self._transport:
            self._transport.abort()

    def _take(self) -> Letter | None:
        return None if self._is_leaving or self._is_full() else self._outbox.take(self.peer)

    def _is_full(self) -> bool:
        return bool(self._most) and self.carried + (self._going is not None) >= self._most

    def _go_on(self) -> None:
        """The server agreed to a command: the next one, unless it has gone already."""
        self.stage += 1
        if self._steps:
            self._transport.write(self._steps.pop(0))

    def _send_content(self) -> None:
        """Write the content, its final dot and, where replies need not be waited for, the commands of the next."""
        self.stage = _DOT
        if self._coming is None:  # its recipient was refused, yet the server wants to hear it (RFC 2920 §3.1)
            self._transport.write(_END)
            return
        (self._going, content), self._coming = self._coming, None
        letter = self._take() if self.peer.pipelining else None
        end = _END
        if letter:
            end += letter[1]
            self._coming = (letter[0], letter[2])
        if len(content) <= _LARGE:
            self._transport.writelines((content, end))
            return
        self._transport.write(content)
        if self._is_paused:
            self._held = end
        else:
            self._transport.write(end)

    def _accepted(self) -> None:
        if self._held:
            self._make_no_sense(b"250, before the message's end")
            return
        item, self._going = self._going, None
        self._after_content(item)
        if item is not None:
            self._outbox.sent(item)
        if self.stage == _IDLE and not self._why:
            self.go()

    def _after_content(self, item: Any) -> None:
        self.carried += item is not None
        self.stage = _IDLE if self._coming is None else _MAIL

    def _read(self, line: bytes) -> None:
        """Take in a line that is not one of the three usual ones."""
        self._lines.append(line)
        if line[3:4] == b"-" and len(self._lines) < _MOST_LINES:
            return
        lines, self._lines = self._lines, []
        reply = read_reply(lines) if line[3:4] != b"-" else None
        if reply is None:
            self._make_no_sense(line)
        elif not self._is_talking:
            self._answered(reply)
        elif self._waiter and not self._waiter.done():
            self._waiter.set_result(reply)
        elif not self._heard:
            self._heard.append(reply)
        else:
            self._make_no_sense(line)

    def _answered(self, reply: Reply) -> None:
        stage, kind = self.stage, reply.code // 100
        if reply.code == 421:
            self._dismissed(reply)
        elif kind == 2 and stage in {_RSET, _MAIL, _RCPT}:
            self._go_on()
        elif kind == 2 and stage == _DOT:
            self._accepted()
        elif reply.code == 354 and stage == _DATA:
            self._send_content()
        elif kind > 3 and stage == _DOT:
            self._content_refused(reply)
        elif kind > 3 and stage in {_MAIL, _RCPT, _DATA}:
            self._envelope_refused(reply)
        else:
            self._make_no_sense(f"{reply.code} {reply.text}".encode())

    def _content_refused(self, reply: Reply) -> None:
        item, self._going = self._going, None
        self._after_content(item)
        if item is not None:
            self._refused(item, Stage.DOT, reply)
        if self._held:
            self._end(RelayError(f"Máy chủ thư ngắt giữa thư: {reply.codes}. {_words(reply)}"))
        elif self.stage == _IDLE and not self._why:
            self.go()

    def _envelope_refused(self, reply: Reply) -> None:
        stage, coming = Stage(self.stage), self._coming
        self._coming, self._steps = None, []
        is_over = stage is Stage.DATA or not self.peer.pipelining
        self._needs_reset = is_over and stage is not Stage.MAIL
        self.stage = _IDLE if is_over else self.stage + 1
        if coming is not None:
            self._refused(coming[0], stage, reply)
        if is_over and not self._why:
            self.go()

    def _refused(self, item: Any, stage: Stage, reply: Reply) -> None:
        """Tell of it; where the server is against us, every further message would end the same: stop."""
        verdict = judge(stage, reply)
        if verdict is not Verdict.ACCOUNT:
            self._outbox.failed(item, verdict, stage, reply)
            return
        self._outbox.back(item)
        why = f"Máy chủ thư không nhận gửi từ địa chỉ hoặc tài khoản này: {reply.codes}. {_words(reply)}"
        self._end(RelayError(why, seconds=_LONG_PAUSE))

    def _dismissed(self, reply: Reply) -> None:
        """421: the server closes. What it answered was refused for now; of the rest it knows nothing."""
        item = None
        stage = Stage(self.stage)
        if stage is Stage.DOT:
            item, self._going = self._going, None
        elif stage in {Stage.RCPT, Stage.DATA} and self._coming:
            item, self._coming = self._coming[0], None
        if item is not None:
            self._outbox.failed(item, Verdict.LATER, stage, reply)
        if reply.is_throttling:
            self._outbox.slow(reply.retry_after or _LONG_PAUSE)
        self._end(RelayError(f"Máy chủ thư tạm ngừng phục vụ: {reply.codes}. {_words(reply)}"))

    # The end.

    def _make_no_sense(self, data: bytes) -> None:
        shown = "".join(letter if letter.isprintable() else "?" for letter in data[:80].decode("utf-8", "replace"))
        self._end(RelayError(f"Máy chủ thư trả lời không hiểu được: “{shown.strip()}”."))

    def _leave(self) -> None:
        self._why = RelayError("Kết nối đã đóng.")
        self._transport.write(b"QUIT\r\n")
        self._transport.close()  # what it says to QUIT changes nothing
        self._keeper.gone(self, None)

    def _end(self, why: RelayError) -> None:
        if self._why:
            return
        self._why = why
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(why)
        going, coming, self._going, self._coming = self._going, self._coming, None, None
        if self._transport:
            self._transport.abort()
        elif not self.closed.done():
            self.closed.set_result(None)
        if coming is not None:
            self._outbox.back(coming[0])
        if going is not None:
            # Of a large message whose dot was still held, the server has a stump at most.
            (self._outbox.back if self._held else self._outbox.lost)(going)
        if not self._is_talking:
            self._keeper.gone(self, why)


def _words(reply: Reply) -> str:
    return reason(reply.code, reply.status, reply.text)
