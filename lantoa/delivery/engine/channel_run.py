"""One channel at work: the chunks it holds, what of them may leave, and what came back and is not written yet."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from lantoa.channels.wire import Item, Outcome, Reply, Report, Wire
    from lantoa.delivery.engine.account_run import AccountRun
    from lantoa.delivery.engine.work import DispatchLine

LANES = 2
URGENT, BULK = range(LANES)
FEWEST_READY = 16
"""So many items may stand ready however slow the channel is."""
READY_SECONDS = 0.06
"""What stands ready is about what leaves in this time: after a kill it is what nobody knows of."""
PACED_SECONDS = 0.4
RATED_SECONDS = 0.05


@dataclass(slots=True, eq=False)
class OpenChunk:
    """A chunk this worker holds."""

    id: int
    line: DispatchLine
    pending: deque[Item] = field(default_factory=deque)
    """Who may not leave yet."""
    unwritten: int = 0
    """Who may have left, and of whom the ledger does not know yet what became."""
    is_dropped: bool = False
    """Nothing more of it leaves: paused, or no longer ours."""
    is_lost: bool = False

    @property
    def is_through(self) -> bool:
        """Whether nothing of it is left here."""
        return not self.pending and not self.unwritten


class ChannelRun:
    """A wire with its accounts, chunks and lanes. Lives in the event loop."""

    def __init__(self, wire: Wire, nudge: Callable[[], None]) -> None:
        self.wire = wire
        self.nudge = nudge
        self.lanes: tuple[deque[Item], deque[Item]] = (deque(), deque())
        """What may leave now."""
        self.chunks: list[OpenChunk] = []
        self.accounts: list[AccountRun] = []
        self.outcomes: list[tuple[Item, Outcome, int]] = []
        self.news: list[tuple[Report | Reply, Callable[[], None] | None]] = []
        self.changed_accounts: list[AccountRun] = []
        self.unwritten = 0
        """Over all chunks, who may have left without the ledger knowing what became of them."""
        self.rate = 0.0
        """Outcomes a second, of late."""
        self._done = 0
        self._rated_at = 0.0

    # --- what sessions call ----------------------------------------------------------------------

    def done(self, item: Item, outcome: Outcome, account: int) -> None:
        """Keep an outcome for the writer."""
        self.outcomes.append((item, outcome, account))
        self._done += 1
        self.nudge()

    def back(self, item: Item) -> None:
        """An item that did not leave stands in front again, unless its chunk was dropped meanwhile."""
        chunk: OpenChunk = item.mine
        if chunk.is_dropped:
            self.settle(chunk, 1)
            self.nudge()
            return
        self.lanes[chunk.line.lane].appendleft(item)
        self.wake()

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None) -> None:
        """Keep what came in for the writer."""
        self.news.append((news, kept))
        self.nudge()

    def note_account(self, account: AccountRun) -> None:
        """Tell the others, by the ledger, whether an account works."""
        self.changed_accounts.append(account)
        self.nudge()
        self.wake()

    def has_others(self, account: AccountRun) -> bool:
        """Whether an account that is no standby works."""
        return any(one.is_able and not one.account.is_standby for one in self.accounts if one is not account)

    # --- what the engine calls -------------------------------------------------------------------

    def wake(self) -> None:
        """Tell every session that there may be something to take."""
        for account in self.accounts:
            account.wake()

    def room(self, lane: int, window: int) -> int:
        """How many more items of a lane may be made ready."""
        ready = len(self.lanes[lane])
        if any(not account.account.pace for account in self.accounts if account.is_able):
            most = max(FEWEST_READY, int(self.rate * READY_SECONDS))
        else:
            most = max(2, int(sum(one.account.pace for one in self.accounts) * PACED_SECONDS))
        return max(0, min(most - ready, window - self.unwritten))

    def next_items(self, lane: int, number: int) -> Iterable[tuple[OpenChunk, list[Item]]]:
        """The next items of a lane that may be made ready; they leave their chunk's queue."""
        for chunk in self.chunks:
            if number <= 0:
                return
            if chunk.line.lane == lane and chunk.pending and not chunk.is_dropped:
                items = [chunk.pending.popleft() for _ in range(min(number, len(chunk.pending)))]
                number -= len(items)
                yield chunk, items

    def pending(self, lane: int) -> int:
        """How many wait in chunks of a lane."""
        return sum(len(chunk.pending) for chunk in self.chunks if chunk.line.lane == lane and not chunk.is_dropped)

    def make_ready(self, chunk: OpenChunk, items: list[Item]) -> None:
        """Put items whose turn is written down into their lane."""
        self.lanes[chunk.line.lane].extend(items)

    def settle(self, chunk: OpenChunk, number: int) -> None:
        """So many of a chunk are no longer in the air."""
        chunk.unwritten -= number
        self.unwritten -= number

    def holds(self, chunk: OpenChunk, addresses: Collection[str]) -> bool:
        """Whether one of these addresses is still to be sent to in a chunk."""
        waiting = (item for item in self.lanes[chunk.line.lane] if item.mine is chunk)
        return bool(addresses) and any(item.address in addresses for item in (*chunk.pending, *waiting))

    def drop(self, chunk: OpenChunk, *, is_lost: bool = False) -> None:
        """Let nothing more of a chunk leave; what is on the wire is waited for."""
        chunk.is_dropped = True
        chunk.is_lost = chunk.is_lost or is_lost
        chunk.pending.clear()
        lane = self.lanes[chunk.line.lane]
        kept = [item for item in lane if item.mine is not chunk]
        self.settle(chunk, len(lane) - len(kept))
        lane.clear()
        lane.extend(kept)
        self.nudge()

    def note_rate(self, now: float) -> None:
        """Learn how quick the channel is; called after each transaction, with the time (`time.monotonic`)."""
        past = now - self._rated_at
        if past >= RATED_SECONDS:
            done, self._done = self._done, 0
            self.rate = (self.rate + done / past) / 2 if past < 1 else done / past
            self._rated_at = now

    def is_idle(self) -> bool:
        """Whether nothing is here to be sent or written."""
        return not (self.chunks or self.outcomes or self.news or self.changed_accounts)
