"""Pure decisions about visits: how far a person got, and which of two versions of one visit stands.

Telling is not converting: the funnel starts from those at risk and counts only what was done with the phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

STAGES = ("at_risk", "checked", "helped", "converted", "verified")
"""Each stage includes those after it: who was helped was checked."""
FUNNEL_LABELS = {
    "at_risk": "Có nguy cơ", "checked": "Đã kiểm tra", "helped": "Đã giúp", "converted": "Đã chuyển đổi",
    "verified": "Đã kiểm chứng",
}
RESULTS = ("absent", "refused", "told", *STAGES[1:])
"""Results of a visit, from the least to the furthest."""
SHOWS_RISK = STAGES.index("helped")
"""From this stage on a visit itself shows that the household was at risk, whatever the register says."""


def stage_of(result: str) -> int:
    """Tell how far a visit's result brings somebody: the index of its stage, 0 for no step beyond being at risk."""
    return STAGES.index(result) if result in STAGES else 0


@dataclass(frozen=True, slots=True)
class VisitVersion:
    """One version of a visit as a device sent it. A device that changes a visit sets `visited_at` anew."""

    visited_at: dt.datetime
    result: str
    place_id: int
    resident_id: int | None
    household: str
    note: str

    def rank(self) -> tuple[dt.datetime, int, str, str, int, int]:
        """Rank versions in one order for everybody: the later, then the further; the rest only breaks ties."""
        further = RESULTS.index(self.result)
        return (self.visited_at, further, self.note, self.household, self.resident_id or 0, self.place_id)


def replaces(new: VisitVersion, old: VisitVersion) -> bool:
    """Whether `new` stands instead of `old`. Versions form one order, so every order of arrival ends the same."""
    return new.rank() > old.rank()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the funnel with how many got at least so far: people of the register and, apart, households."""

    key: str
    label: str
    count: int
    residents: int
    households: int
    """Visited households of which the register knows nobody."""
