"""What passes between the event loop, which sends, and the writer, which alone touches the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lantoa.delivery.rules.states import SENT

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


class Row(NamedTuple):
    """Somebody still to be sent to."""

    person: int
    state: int
    attempts: int
    place_id: int
    address: str | None
    """None when they are no longer in the register."""
    name: str | None
    is_suppressed: bool


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

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell but that it went."""
        return self.state == SENT and self.provider_id is None and self.code is None


class Heard(NamedTuple):
    """A receipt: whom it names, by the provider's number or by ours, and what it says."""

    provider_id: str
    ref: tuple[int, int] | None
    state: int
    code: str | None
    why: str | None
    ids: tuple[str, ...] = ()
    """The provider's numbers, where an answer that was lost came late."""


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

    written: list[Written] = field(default_factory=list)
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
    is_second_try: bool = False
    """The first may have been written after all: what is counted is counted anew."""

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.written or self.heard or self.replies or self.begins or self.ended or self.released or self.wanted
            or self.slots or self.pauses or self.accounts or self.parts
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
