"""A relay in use: as many connections as there is work for and it allows, opened again when they break."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Protocol

from lantoa.lib.smtp.connection import Connection, Outbox
from lantoa.lib.smtp.hello import dial
from lantoa.lib.smtp.relay import RelayError
from lantoa.lib.smtp.replies import Stage

if TYPE_CHECKING:
    from lantoa.lib.smtp.relay import Relay

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0
"""Seconds before the first new try, and the most there are between two."""
_PROBATION = 60.0
"""Seconds after which more connections than the server allowed are tried again."""
_GOODBYE = 1.0
"""Seconds a closed connection may take to be gone."""


class Caller(Outbox, Protocol):
    """An outbox that also hears how the relay is."""

    def up(self) -> None:
        """It works (again)."""
        ...

    def down(self, why: str, *, permanent: bool) -> None:
        """It does not work; unless `permanent`, the session goes on trying."""
        ...


class Session:
    """Keeps the connections of one relay. Made in a running event loop; connecting goes on behind."""

    def __init__(self, relay: Relay, caller: Caller) -> None:
        """Begin with one connection; more follow when there is work for them."""
        self._relay, self._caller = relay, caller
        self._loop = asyncio.get_running_loop()
        self._most = relay.connections
        self._connections: set[Connection] = set()
        self._idle: list[Connection] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._sockets: set[Connection] = set()
        self._failures = 0
        self._retry: asyncio.TimerHandle | None = None
        self._is_up = self._is_closing = self._is_dead = False
        self._said = ""
        self._quiet = asyncio.Event()
        self._begin_clock()
        self._open(1)

    # What the engine calls.

    def wake(self) -> None:
        """There is something to take: idle connections do; when all are busy, more are opened."""
        if self._is_closing:
            return
        while self._idle:
            if not self._idle.pop().go():
                return
        self._grow()

    async def close(self, grace: float = 10.0) -> None:
        """Take nothing more, wait up to `grace` seconds for answers, give up the rest, and say goodbye."""
        self._is_closing = True
        if self._retry:
            self._retry.cancel()
        opening = tuple(self._opening)
        for task in opening:
            task.cancel()
        await asyncio.gather(*opening, return_exceptions=True)
        for connection in tuple(self._connections):
            connection.finish()
        if self._connections:
            try:
                await asyncio.wait_for(self._quiet.wait(), grace)
            except TimeoutError:
                for connection in tuple(self._connections):
                    connection.abandon()
        self._clock.cancel()
        if self._sockets:
            await asyncio.wait([connection.closed for connection in self._sockets], timeout=_GOODBYE)
        for connection in tuple(self._sockets):
            connection.drop()

    # What connections call.

    def idle(self, connection: Connection) -> None:
        """Keep it for what comes."""
        self._idle.append(connection)

    def gone(self, connection: Connection, why: RelayError | None) -> None:
        """Go on without it: at once, or after a while when there is reason to wait."""
        self._connections.discard(connection)
        was_idle = connection in self._idle
        if was_idle:
            self._idle.remove(connection)
        if self._is_closing:
            if not self._connections:
                self._quiet.set()
        elif why and why.seconds:  # about us, whichever connection it is said on
            for other in tuple(self._connections):
                other.finish()
            self._fail(why)
        elif why and not connection.carried and not was_idle:
            self._missed(why)
        else:
            self._failures = 0
            if not was_idle:
                self._loop.call_soon(self.wake)  # what it gave back may go another way

    # Opening.

    def _grow(self) -> None:
        """Open as many again as there are, up to the most."""
        if self._retry or self._is_dead or (self._opening and not self._connections):
            return
        room = self._most - len(self._connections) - len(self._opening)
        self._open(min(room, max(1, len(self._connections)) - len(self._opening)))

    def _open(self, count: int) -> None:
        for _ in range(count):
            task = self._loop.create_task(self._connect())
            self._opening.add(task)

    async def _connect(self) -> None:
        task = asyncio.current_task()
        connection = Connection(self._caller, self, self._relay.messages_per_connection)
        self._sockets.add(connection)
        connection.closed.add_done_callback(lambda _: self._sockets.discard(connection))
        try:
            await dial(connection, self._relay)
        except RelayError as error:
            self._missed(error)
            return
        finally:
            self._opening.discard(task)
        self._connections.add(connection)
        if self._retry:  # meanwhile another was told that we are not wanted
            connection.finish()
            return
        if not self._is_up:
            self._is_up, self._said = True, ""
            self._caller.up()
        if connection.go():
            self._grow()

    def _missed(self, error: RelayError) -> None:
        """A connection came to nothing: while others work, the server allows only so many."""
        if not self._connections:
            self._fail(error)
            return
        self._most = len(self._connections)
        self._loop.call_later(_PROBATION, self._try_more)
        self._loop.call_soon(self.wake)

    def _try_more(self) -> None:
        self._most = self._relay.connections

    def _fail(self, error: RelayError) -> None:
        """The relay does not work: say so, and try again later, each time waiting longer."""
        if self._retry or self._is_dead:
            return
        self._failures += 1
        self._is_up = False
        if self._said != str(error):
            self._said = str(error)
            self._caller.down(self._said, permanent=error.permanent)
        if error.permanent:
            self._is_dead = True
            return
        wait = max(_FIRST_WAIT * 2 ** min(self._failures - 1, 10), error.seconds)
        jitter = random.uniform(0.75, 1.25)  # noqa: S311 - so that many workers do not come back at one moment
        self._retry = self._loop.call_later(min(wait, _LONGEST_WAIT) * jitter, self._again)

    def _again(self) -> None:
        self._retry = None
        self._open(1)

    # Time.

    def _begin_clock(self) -> None:
        patience = self._relay.patience
        seconds = {
            Stage.IDLE: self._relay.idle, Stage.RSET: patience.command, Stage.MAIL: patience.command,
            Stage.RCPT: patience.command, Stage.DATA: patience.data, Stage.DOT: patience.end,
        }
        self._tick = min(1.0, *(max(one, 0.04) / 4 for one in seconds.values()))
        self._ticks = {int(stage): max(one, 0.04) / self._tick for stage, one in seconds.items()}
        self._clock = self._loop.call_later(self._tick, self._look)

    def _look(self) -> None:
        """One clock for all connections: a timer for each message would cost more than the message."""
        for connection in tuple(self._connections):
            connection.ticks += 1
            limit = self._ticks[connection.stage]
            if connection.ticks <= limit:
                continue
            if connection.stage == Stage.IDLE:
                connection.finish()
            else:
                connection.abandon(f"Máy chủ thư không trả lời trong {limit * self._tick:g} giây.")
        self._clock = self._loop.call_later(self._tick, self._look)
