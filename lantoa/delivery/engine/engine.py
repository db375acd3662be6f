"""The engine: one event loop that sends, one thread that writes, and a batch that goes back and forth between them.

Each round everything that waits is written in one transaction: what became of messages, which may leave next, which
chunks are wanted. While it is written, sessions go on sending what is ready. A round that fails (a locked or restarted
database, a full disk) is tried again; until it succeeds nothing new leaves, and nothing is forgotten.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.channels.base import ChannelError
from lantoa.delivery.engine.account_run import AccountRun
from lantoa.delivery.engine.channel_run import LANES, ChannelRun, OpenChunk
from lantoa.delivery.engine.freshness import WHY, Freshness
from lantoa.delivery.engine.gathering import fill_chunk, put_back, settle_items, write_news, write_outcomes
from lantoa.delivery.engine.offering import verdict_of
from lantoa.delivery.engine.refusing import Refusals
from lantoa.delivery.engine.watching import Watch
from lantoa.delivery.engine.words import Words, load_words
from lantoa.delivery.engine.work import Batch, Wanted
from lantoa.delivery.engine.writer import Writer
from lantoa.delivery.models import SendingAccount
from lantoa.delivery.rules.health import ErrorRate
from lantoa.delivery.rules.hours import Verdict
from lantoa.delivery.rules.keys import key_maker
from lantoa.delivery.rules.pacing import Slots, block_of, spacing
from lantoa.delivery.rules.retrying import Retry
from lantoa.delivery.rules.states import LOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lantoa.channels.wire import Item, Wire
    from lantoa.delivery.engine.store import Store
    from lantoa.delivery.engine.work import Claimed, Committed, DispatchLine

CLAIM = 2
"""Chunks wanted at a time."""
BREATH = 0.006
"""Seconds from one transaction to the next, at least."""
BEAT = 5.0
"""Seconds between the beats by which others see that a worker does not hang."""
LOW_WATER = 600
"""When fewer people than these wait in chunks of a lane, more are claimed."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How an engine works."""

    window: int = 1000
    """Most people who may have been sent to without the ledger knowing: after a kill, so many may be unknown."""
    poll: float = 0.25
    """Seconds between looks at which dispatches run."""
    grace: float = 10.0
    """Seconds that a stop waits for answers."""
    retry: Retry = field(default_factory=Retry)
    is_once: bool = False
    """Whether to end when there is nothing to send now."""
    is_led: bool = False
    """Whether it claims only what `Engine.send_chunks` asks for: a job queue says what is next."""
    started: Callable[[tuple[asyncio.AbstractEventLoop, Engine]], object] | None = None
    """Told of the engine and its loop once, so that another thread can stop it."""
    looked: Callable[[], object] | None = None
    """Called at every look, in the writer's thread: to show how far it is."""


@dataclass(slots=True)
class _Round:
    """What one transaction settles once it is through."""

    batch: Batch
    grants: list[tuple[ChannelRun, list[tuple[OpenChunk, list[Item]]]]] = field(default_factory=list)
    settled: list[tuple[ChannelRun, list[Item]]] = field(default_factory=list)
    kept: list[Callable[[], None]] = field(default_factory=list)
    claims: list[ChannelRun] = field(default_factory=list)
    closed: list[tuple[ChannelRun, OpenChunk]] = field(default_factory=list)
    slots: dict[int, tuple[AccountRun, int]] = field(default_factory=dict)


class Engine:
    """Sends what runs until it is told to stop, or, where it is to run once, until there is nothing left to do."""

    def __init__(self, store: Store, wire: Callable[[str], Wire], manner: Manner | None = None) -> None:
        self.store = store
        self.wire = wire
        """A configured wire by its channel's name. Raises `ValueError` for none."""
        self.manner = manner or Manner()
        self.runs: dict[str, ChannelRun] = {}
        self.sent = 0
        self._words: dict[int, Words] = {}
        self._rates: dict[int, ErrorRate] = {}
        self._early = Batch()
        """What is to be written without having been on a wire."""
        self._board: dict[int, DispatchLine] = {}
        self._going: dict[str, tuple[tuple[int, ...], ...]] = {}
        """By channel and lane, the dispatches that may go out now."""
        self._nothing_until: dict[tuple[str, int], float] = {}
        self._key = key_maker(settings.SECRET_KEY)
        self._writer = Writer(store)
        self._nudged = asyncio.Event()
        self._is_stopping = False
        self._watch = Watch(store)
        self._freshness = Freshness()
        self._refusals = Refusals()
        self._polled_at = self._written_at = self._beaten_at = 0.0
        self._asked: list[int] = []
        self._asking: dict[int, asyncio.Future[None]] = {}

    # --- life ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until stopped."""
        await self._writer.do(self.store.sign_on)
        try:
            while not self._is_through():
                await self._round()
        finally:
            await self._end()

    def stop(self) -> None:
        """Take nothing new, wait for answers, write them down, and end. Call it in the loop's thread."""
        self._is_stopping = True
        self._nudged.set()

    async def send_chunks(self, chunks: Sequence[int]) -> None:
        """Send these chunks as far as they are open and may go out now; return when they are closed or given back."""
        loop = asyncio.get_running_loop()
        own = {chunk: self._asking.setdefault(chunk, loop.create_future()) for chunk in chunks}
        self._asked += own
        self._polled_at = 0.0  # they may be of a dispatch that was started a moment ago
        self._nudged.set()
        await asyncio.wait(own.values())

    def _answer(self, chunks: Iterable[int]) -> None:
        for chunk in chunks:
            if (asked := self._asking.pop(chunk, None)) is not None and not asked.done():
                asked.set_result(None)

    async def _end(self) -> None:
        for run in self.runs.values():
            for account in run.accounts:
                account.stop()
            for chunk in run.chunks:
                run.drop(chunk)
        sessions = [one.session for run in self.runs.values() for one in run.accounts if one.session]
        await asyncio.gather(*(session.close(self.manner.grace) for session in sessions))
        while not all(run.is_idle() for run in self.runs.values()) or not self._early.is_empty():
            await self._commit(self._gather(is_ending=True))
        await self._writer.end()

    def _is_through(self) -> bool:
        if self._is_stopping:
            return True
        is_done = self._polled_at > 0 and self._early.is_empty() and all(run.is_idle() for run in self.runs.values())
        return self.manner.is_once and is_done and self._has_nothing_to_claim()

    def _has_nothing_to_claim(self) -> bool:
        now = time.monotonic()
        return all(
            not dispatches or self._nothing_until.get((name, lane), 0) > now
            for name, lanes in self._going.items() for lane, dispatches in enumerate(lanes)
        )

    # --- a round ---------------------------------------------------------------------------------

    async def _round(self) -> None:
        if time.monotonic() - self._polled_at >= self.manner.poll:
            await self._look()
        # A transaction costs the same for one outcome as for a hundred: while many come, they wait for each other.
        await asyncio.sleep(self._written_at + BREATH - time.monotonic())
        self._nudged.clear()
        this = self._gather()
        if this.batch.is_empty():
            wait = self.manner.poll - (time.monotonic() - self._polled_at)
            try:
                async with asyncio.timeout(max(0.001, wait)):
                    await self._nudged.wait()
            except TimeoutError:
                pass
            return
        await self._commit(this)

    async def _look(self) -> None:
        """See which dispatches run, and who died."""
        board = await self._writer.do(self.store.board)
        if self.manner.looked:
            await self._writer.do(self.manner.looked)
        stale = await self._writer.do(partial(self._freshness.stale, [line.id for line in board]))
        self._early.pauses += [(dispatch, WHY) for dispatch in stale]
        refused = await self._writer.do(self._refusals.new)
        board = [line for line in board if line.id not in stale]
        self._polled_at = time.monotonic()
        self._board = {line.id: line for line in board}
        going: dict[str, list[list[int]]] = {}
        for line in board:
            if self._may_go(line):
                going.setdefault(line.channel, [[] for _ in range(LANES)])[line.lane].append(line.id)
        self._going = {name: tuple(map(tuple, lanes)) for name, lanes in going.items()}
        for name in list(self._going):
            await self._open(name)
        ready = {dispatch for lanes in self._going.values() for lane in lanes for dispatch in lane}
        for run in self.runs.values():
            for chunk in run.chunks:
                if not chunk.is_dropped and (chunk.line.id not in ready or run.holds(chunk, refused)):
                    run.drop(chunk)
        if await self._writer.do(self._watch.take_over):
            self._nothing_until.clear()

    def _may_go(self, line: DispatchLine) -> bool:
        verdict = verdict_of(line)
        if verdict is Verdict.ASK:
            why = "Đã quá thời hạn gửi. Hãy xem lại nội dung, rồi gia hạn hoặc hủy."
            self._early.pauses.append((line.id, why))
        return verdict is Verdict.GO

    async def _open(self, name: str) -> None:
        """Put a channel to work; a dispatch by one that cannot work is paused with the reason."""
        if name in self.runs:
            return
        try:
            wire = self.wire(name)
            run = ChannelRun(wire, self._nudged.set)
            for account in wire.accounts:
                number = await self._writer.do(partial(_number, name, account.name))
                one = AccountRun(account, number, run)
                one.session = await wire.open(account, one)
                run.accounts.append(one)
        except (ChannelError, ValueError) as error:
            self._stop_dispatches(name, str(error))
            return
        if run.accounts:
            self.runs[name] = run
        else:
            self._stop_dispatches(name, f"Kênh “{name}” chưa có tài khoản gửi: hãy khai báo trong channels.toml.")

    def _stop_dispatches(self, name: str, why: str) -> None:
        self._early.pauses += [(dispatch, why) for lane in self._going.pop(name, ()) for dispatch in lane]

    def _gather(self, *, is_ending: bool = False) -> _Round:
        early, self._early = self._early, Batch()
        this = _Round(early)
        if time.monotonic() - self._beaten_at > BEAT and any(run.chunks for run in self.runs.values()):
            early.beats, self._beaten_at = True, time.monotonic()
        for name, run in self.runs.items():
            this.settled.append((run, write_outcomes(run, this.batch, self.manner.retry)))
            this.kept += write_news(run, this.batch, settings.SECRET_KEY)
            this.batch.accounts += [(one.number, bool(one.is_up), one.why) for one in run.changed_accounts]
            run.changed_accounts.clear()
            self._close_chunks(run, this)
            if not is_ending:
                self._grant(run, this)
                self._reserve(run, this)
                self._want(name, run, this)
        if self._asked and not is_ending:
            this.batch.wanted.append(Wanted(chunks=tuple(self._asked)))
            self._asked.clear()
        return this

    def _close_chunks(self, run: ChannelRun, this: _Round) -> None:
        for chunk in run.chunks:
            if chunk.is_through:
                this.closed.append((run, chunk))
                if not chunk.is_lost:
                    (this.batch.released if chunk.is_dropped else this.batch.ended).append(chunk.id)

    def _grant(self, run: ChannelRun, this: _Round) -> None:
        """Let the next people's messages leave, as soon as that is written down."""
        granted: list[tuple[OpenChunk, list[Item]]] = []
        for lane in range(LANES):
            for chunk, items in run.next_items(lane, run.room(lane, self.manner.window)):
                run.settle(chunk, -len(items))
                this.batch.begins[chunk.id] = items[-1].ref[1]
                granted.append((chunk, items))
        if granted:
            this.grants.append((run, granted))

    def _reserve(self, run: ChannelRun, this: _Round) -> None:
        for one in run.accounts:
            if wanted := one.wants_slots():
                number = block_of(one.account.pace, wanted)
                this.batch.slots.append((one.number, one.account.pace, number))
                this.slots[one.number] = one, number

    def _want(self, name: str, run: ChannelRun, this: _Round) -> None:
        """Ask for more chunks where few people are left."""
        if self.manner.is_led:
            return
        now = time.monotonic()
        for lane, dispatches in enumerate(self._going.get(name, ())):
            if dispatches and run.pending(lane) < LOW_WATER and self._nothing_until.get((name, lane), 0) <= now:
                this.batch.wanted.append(Wanted(dispatches, CLAIM))
                self._nothing_until[name, lane] = now + self.manner.poll  # until the answer says otherwise

    # --- writing ---------------------------------------------------------------------------------

    async def _commit(self, this: _Round) -> None:
        self._written_at = time.monotonic()
        committed = await self._write(this)
        self._let_go(this, committed)
        for run, items in this.settled:
            settle_items(run, items)
            self.sent += len(items)
        for number, start in committed.slots.items():
            one, reserved = this.slots[number]
            at = committed.clock + (start - committed.now)
            one.next_slots = Slots(at, reserved, spacing(one.account.pace))
        self._answer({chunk for wanted in this.batch.wanted for chunk in wanted.chunks}
                     - {claimed.id for claimed in committed.claimed})
        self._answer([*this.batch.ended, *this.batch.released, *committed.lost])
        for run, chunk in this.closed:
            run.chunks.remove(chunk)
            self._nothing_until.pop((chunk.line.channel, chunk.line.lane), None)  # it may be open again already
        for kept in this.kept:
            kept()
        for claimed in committed.claimed:
            await self._take(claimed)
        self._watch_errors(committed)
        for run in self.runs.values():
            run.note_rate(committed.clock)
            run.wake()

    @staticmethod
    def _let_go(this: _Round, committed: Committed) -> None:
        """What may leave is ready now; what is no longer ours stays."""
        for run, granted in this.grants:
            for chunk, items in granted:
                if chunk.id in committed.lost or chunk.is_dropped:
                    run.settle(chunk, len(items))
                    run.drop(chunk, is_lost=chunk.id in committed.lost)
                else:
                    run.make_ready(chunk, items)

    async def _write(self, this: _Round) -> Committed:
        """Write until it is written; meanwhile nothing new may leave."""

        def again() -> None:
            this.batch.is_second_try = True
            for run, granted in this.grants:
                put_back(run, granted)
            self._asked += [chunk for wanted in this.batch.wanted for chunk in wanted.chunks]
            this.grants, this.batch.begins, this.batch.wanted, this.batch.slots = [], {}, [], []

        committed = await self._writer.do(partial(self.store.commit, this.batch), again=again)
        if self._writer.is_lost:
            self._writer.is_lost = False
            known = {chunk.id for run in self.runs.values() for chunk in run.chunks}
            known |= {claimed.id for claimed in committed.claimed}
            self._early.released += await self._writer.do(partial(self.store.orphans, known))
        return committed

    # --- what a transaction brought --------------------------------------------------------------

    async def _take(self, claimed: Claimed) -> None:
        """Make a claimed chunk ready to be sent."""
        line = self._board.get(claimed.dispatch)
        run = self.runs.get(line.channel) if line else None
        if line is None or run is None or line.id not in self._going.get(line.channel, ((), ()))[line.lane]:
            self._early.released.append(claimed.id)
            return
        self._nothing_until.pop((line.channel, line.lane), None)
        words = await self._words_of(line, run)
        chunk = OpenChunk(claimed.id, line)
        run.chunks.append(chunk)
        if words is None:
            run.drop(chunk)
            return
        self._early.written += fill_chunk(claimed, chunk, words, self._key)

    async def _words_of(self, line: DispatchLine, run: ChannelRun) -> Words | None:
        if line.id not in self._words:
            try:
                self._words[line.id] = await self._writer.do(partial(load_words, line.id, run.wire))
            except (ChannelError, OSError, ValueError) as error:
                self._early.pauses.append((line.id, f"Không soạn được nội dung cho kênh này: {error}"))
                return None
        return self._words[line.id]

    def _watch_errors(self, committed: Committed) -> None:
        """Pause a dispatch of which too many fail."""
        seen: dict[int, list[int]] = {}
        for (dispatch, _, state), number in committed.moves.items():
            seen.setdefault(dispatch, [0, 0])[state in LOST] += number
        for dispatch, (good, bad) in seen.items():
            rate = self._rates.setdefault(dispatch, ErrorRate())
            if rate.note(good, bad):
                why = f"Tự dừng: {rate.words()}. Hãy xem danh sách người chưa nhận, rồi cho gửi tiếp hoặc hủy."
                self._early.pauses.append((dispatch, why))
                self._rates.pop(dispatch)

def _number(channel: str, name: str) -> int:
    """The account's row in the database."""
    return SendingAccount.objects.get_or_create(channel=channel, name=name)[0].pk
