"""Where a campaign stands on its roadmap: T-90 … T-0 … after, counted from its facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.campaigns.rules.pack import Pack, PackMessage, PackPhase
    from lantoa.campaigns.rules.wording import FactValue

REPLAYED_AFTER: Final = dt.timedelta(days=31)
"""A letter taken up this long after its own day is played again in its own time, not in ours."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase with its days; `until` is None when it has no end yet."""

    phase: PackPhase
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Where a campaign stands on `day`: the phase it is in and the one that comes next. Either may be none."""

    day: dt.date
    now: Stretch | None
    following: Stretch | None

    @property
    def days_left(self) -> int | None:
        """Days until the next phase begins."""
        return None if self.following is None else (self.following.since - self.day).days


def phase_on(pack: Pack, facts: Mapping[str, FactValue], day: dt.date) -> Roadmap | None:
    """Where a campaign of `pack` with these `facts` stands on `day`; None when no phase has a date to count from."""
    stretches = list(_stretches(pack, facts))
    if not stretches:
        return None
    begun = [one for one in stretches if one.since <= day]
    now = begun[-1] if begun and (begun[-1].until is None or day <= begun[-1].until) else None
    return Roadmap(day, now, next((one for one in stretches if one.since > day), None))


def _stretches(pack: Pack, facts: Mapping[str, FactValue]) -> Iterator[Stretch]:
    """The phases that can be placed, in order; each ends at the latest where the next begins."""
    placed = [
        (phase, start)
        for phase in pack.phases
        if (start := first_day_of(facts.get(phase.counts_from or pack.key_fact))) is not None
    ]
    begins = [start + dt.timedelta(days=phase.first_day) for phase, start in placed]
    for (phase, start), (begin, following) in zip(placed, pairwise([*begins, None]), strict=True):
        end = None if phase.last_day is None else start + dt.timedelta(days=phase.last_day)
        if following is not None:
            before = following - dt.timedelta(days=1)
            end = before if end is None else min(end, before)
        if begin is not None and (end is None or begin <= end):
            yield Stretch(phase, begin, end)


def first_day_of(fact: FactValue | None) -> dt.date | None:
    """The day a date or month falls on, a month from its first day: nobody is told too late. None: not known."""
    if fact is None or not fact.verified or fact.value is None or fact.kind not in {"date", "month"}:
        return None
    return dt.date.fromisoformat(fact.value if fact.kind == "date" else f"{fact.value}-01")


def campaign_day(as_of: dt.date, opened_on: dt.date, today: dt.date) -> dt.date:
    """The day a campaign lives in: today, but for a letter of long ago the days since it was taken up, from its own."""
    return today if opened_on - as_of <= REPLAYED_AFTER else as_of + (today - opened_on)


def said_in(phase: PackPhase | None, words: Mapping[str, PackMessage]) -> dict[str, PackMessage]:
    """`words` as this phase says them: a message it says otherwise keeps its key and takes the other's words."""
    said = {} if phase is None else phase.says
    return {key: replace(words[said[key]], key=key) if key in said else message for key, message in words.items()}
