"""What passes between the event loop, which sends, and the writer, which alone touches the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

    from lantoa.channels.wire import Reply


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """A running dispatch as the engine needs it."""

    id: int
    channel: str
    lane: int
    audience: str
    reaches: str
    hours: str
    not_before: dt.datetime | None
    not_after: dt.datetime | None
    unknown: str


Row = Sequence[Any]
"""Somebody still to be sent to: person, state, attempts, place, address (None when they are no longer in the register),
name, whether they refused messages."""
Alike = tuple[int, int, int, int]
"""What many who simply were sent to have in common: dispatch, the state they were in, attempt, account."""


class Written(NamedTuple):
    """What became of somebody, as it goes into the ledger."""

    dispatch: int
    person: int
    was: int
    state: int
    attempts: int
    account: int | None
    provider_id: str | None
    code: str | None
    why: str | None
    wait: float | None
    """Seconds until the next attempt."""


class Heard(NamedTuple):
    """A receipt: whom it names, by the provider's number or by ours, and what it says."""

    provider_id: str
    ref: tuple[int, int] | None
    state: int
    code: str | None
    why: str | None
    ids: tuple[str, ...] = ()
    """The provider's numbers, where an answer that was lost came late."""


HeardRow = tuple[int, int, int, str | None, str | None, str | None]
"""A receipt for one recipient: dispatch, person, state, code, reason, and the provider's number where it is news."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Chunks to claim: of which dispatches, in this order, and how many; or just these."""

    dispatches: tuple[int, ...] = ()
    count: int = 1
    chunks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A chunk that is ours now, with those of its people who are still to be sent to."""

    id: int
    dispatch: int
    rows: list[Row]


@dataclass(slots=True)
class Batch:
    """All that waits to be written: one transaction."""

    sent: defaultdict[Alike, list[int]] = field(default_factory=lambda: defaultdict(list))
    """People it went to, of whom there is nothing more to tell."""
    numbered: defaultdict[Alike, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    """People it went to, with the number by which a receipt will name them."""
    written: list[Written] = field(default_factory=list)
    """The rest."""
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    """Provider's number, dispatch and person of each part of a long message."""
    heard: list[Heard] = field(default_factory=list)
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    """Channel and what somebody wrote."""
    begins: dict[int, int] = field(default_factory=dict)
    """By chunk, up to which person messages may now leave."""
    ended: list[int] = field(default_factory=list)
    """Chunks whose people were all sent to, as far as it went."""
    released: list[int] = field(default_factory=list)
    """Chunks given back: nobody of them is on the way."""
    wanted: list[Wanted] = field(default_factory=list)
    slots: list[tuple[int, float, int]] = field(default_factory=list)
    """Account, its pace and how many slots to reserve."""
    pauses: list[tuple[int, str]] = field(default_factory=list)
    """Dispatches to pause, and why."""
    accounts: list[tuple[int, bool, str]] = field(default_factory=list)
    """Accounts that came up or went down, and why."""
    beats: bool = False
    """Whether to show the others that this worker is at work; it goes along with whatever is written."""
    is_second_try: bool = False
    """The first may have been written after all: what is counted is counted anew."""

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.sent or self.numbered or self.written or self.heard or self.replies
            or self.begins or self.ended or self.released or self.wanted
            or self.slots or self.pauses or self.accounts or self.parts or self.beats
        )


@dataclass(slots=True)
class Committed:
    """What a transaction brought."""

    now: float
    """Seconds since 1970 by the database's clock."""
    clock: float
    """`time.monotonic()` at that moment."""
    lost: set[int] = field(default_factory=set)
    """Chunks that are no longer ours: nothing of them may leave."""
    claimed: list[Claimed] = field(default_factory=list)
    slots: dict[int, float] = field(default_factory=dict)
    """By account, when the first of the reserved slots is."""
    moves: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    """How many people of a dispatch went from one state to another."""
