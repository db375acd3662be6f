"""What a drill has seen, as plain data: the ledger on one side, what every other end got on the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GRACE = 1.0
"""Seconds in which what was on the wire may still arrive after somebody refused, or a correction was approved."""

Ref = tuple[int, int]
"""Dispatch and person."""
Who = tuple[str, int]
"""An audience and a person's number in it: `("residents", 7)`."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One dispatch of the drill."""

    number: int
    channel: str
    audience: str
    state: str
    is_old: bool = False
    """Whether its words show what no longer holds since the change."""
    tells: bool = False
    """Whether it tells of the change."""
    instead_of: int = 0
    """The dispatch whose people, who still waited for the old words, it brings the new ones."""
    is_closed: bool = False
    """Whether its hours lie outside those of the drill."""
    fallback: int = 0
    """The dispatch that carries on for it."""

    @property
    def is_instead(self) -> bool:
        """Whether it takes over from another."""
        return bool(self.instead_of)


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient as the ledger has it."""

    dispatch: int
    person: int
    state: str
    """`channels.base.State`."""
    code: str = ""
    told: bool | None = None
    """What the other end said later, if it took the message: arrived, or not."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that another end took."""

    channel: str
    at: float
    dispatch: int = 0
    """0: of nothing the ledger knows."""
    person: int = 0
    is_right: bool = True
    """Whether its words, with the name in them, are those that were meant for this person."""
    what: str = ""
    """Address and words, where something is wrong with them."""

    @property
    def ref(self) -> Ref:
        """Dispatch and person."""
        return self.dispatch, self.person


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who wanted no more messages, and when we knew; 0: never."""

    who: Who
    at: float
    how: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody wrote that a person must read, and whether it lies on the desk."""

    address: str
    text: str
    is_on_desk: bool


@dataclass(frozen=True, slots=True)
class Busiest:
    """How much an end took at most, in messages or parts, and what its account may send a second."""

    pace: int
    in_one: int
    """Within one second."""
    in_five: int
    """Within five."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The campaign's report: what it lacks or says wrong."""

    files: int = 0
    figures: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """All of it."""

    dispatches: Mapping[int, Sending]
    rows: tuple[Row, ...]
    taken: tuple[Taken, ...]
    meant: Mapping[Who, int] = field(default_factory=dict)
    """Everybody who was to get something, and by how many dispatches at least."""
    refused: tuple[Refused, ...] = ()
    bounced: tuple[Ref, ...] = ()
    answers: tuple[Answered, ...] = ()
    busiest: Mapping[str, Busiest] = field(default_factory=dict)
    """By channel that has a pace."""
    receipts_given_up: int = 0
    """Receipts that were posted to us and never answered for."""
    approved_at: float = 0.0
    """When the correction was; 0: there was none."""
    published: int = 0
    stale_left: int = 0
    """Publications and deliveries that still show what no longer holds."""
    report: Reported = field(default_factory=Reported)
    history: str = ""
    """Empty when the history is whole."""

    @cached_property
    def by_ref(self) -> Mapping[Ref, list[Taken]]:
        """What arrived, by recipient."""
        found: dict[Ref, list[Taken]] = defaultdict(list)
        for one in self.taken:
            found[one.ref].append(one)
        return found

    @cached_property
    def row_of(self) -> Mapping[Ref, Row]:
        """The ledger, by recipient."""
        return {(row.dispatch, row.person): row for row in self.rows}

    def who(self, ref: Ref) -> Who:
        """The person of a recipient, over all dispatches."""
        return self.dispatches[ref[0]].audience, ref[1]

    def rows_of(self, dispatches: Iterable[Sending]) -> list[Row]:
        """The recipients of these."""
        numbers = {one.number for one in dispatches}
        return [row for row in self.rows if row.dispatch in numbers]

    def having(self, **values: bool) -> list[Sending]:
        """The dispatches of which these things hold."""
        return [
            one
            for one in self.dispatches.values()
            if all(getattr(one, name) == value for name, value in values.items())
        ]
