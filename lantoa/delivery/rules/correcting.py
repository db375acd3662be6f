"""What is stale when a fact changes, and the smallest set of acts that puts it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REPLACE, FOLLOW_UP, TASK = "replace", "follow_up", "task"
NOTICE = "correction_notice"
"""The rendering kind of a correction notice. An old one is answered by a new one, never by a third thing."""


@dataclass(frozen=True, slots=True)
class LiveExposure:
    """An exposure that stands in front of someone, with the fact versions it shows."""

    id: int
    is_delivery: bool
    place_id: int
    rendering_id: int
    rendering_kind: str
    is_print: bool
    territory_id: int
    facts: Mapping[str, int]
    corrects: str
    """How its channel can be put right: `replace`, `follow_up` or `task`."""

    @property
    def is_notice(self) -> bool:
        """Whether it is itself a notice of an earlier correction."""
        return self.rendering_kind == NOTICE


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One act on one exposure."""

    act: str
    exposure: LiveExposure


def stale_keys(shown: Mapping[str, int], still_true: Mapping[str, frozenset[int]]) -> frozenset[str]:
    """Facts shown in a version whose value is not the current one.

    `still_true` gives for each fact the versions that hold its current value: a fact that changed and changed back
    is true again wherever its first value still stands.
    """
    return frozenset(key for key, version in shown.items() if key in still_true and version not in still_true[key])


def plan_acts(exposures: Iterable[LiveExposure], still_true: Mapping[str, frozenset[int]]) -> list[PlannedAct]:
    """The acts for everything stale, and for nothing else.

    What a channel can replace is replaced. Whoever was handed something stale, and has read it, is told of the
    change once. What was printed is out of reach: its place is given the task of taking the old sheets away, once.
    """
    acts: list[PlannedAct] = []
    told: set[int] = set()
    tasked: set[int] = set()
    for exposure in exposures:
        if not stale_keys(exposure.facts, still_true):
            continue
        if exposure.corrects == REPLACE and not exposure.is_notice:
            acts.append(PlannedAct(REPLACE, exposure))
        if (exposure.is_delivery or exposure.corrects == FOLLOW_UP) and exposure.place_id not in told:
            told.add(exposure.place_id)
            acts.append(PlannedAct(FOLLOW_UP, exposure))
        needs_hands = exposure.is_print or (exposure.corrects == TASK and not exposure.is_notice)
        if needs_hands and exposure.place_id not in tasked:
            tasked.add(exposure.place_id)
            acts.append(PlannedAct(TASK, exposure))
    return acts


def settled_by(
    act: PlannedAct, exposures: Iterable[LiveExposure], still_true: Mapping[str, frozenset[int]]
) -> list[LiveExposure]:
    """What no longer counts as standing once `act` is done.

    What was replaced; of a place that was told or given the task, everything stale that no channel can replace. So a
    second plan finds nothing left to put right, and nobody is told twice.
    """
    if act.act == REPLACE:
        return [act.exposure]
    stale = [
        exposure
        for exposure in exposures
        if exposure.place_id == act.exposure.place_id and stale_keys(exposure.facts, still_true)
    ]
    return [
        one
        for one in stale
        if (one.is_notice and act.act == FOLLOW_UP) or (one.corrects == act.act and not one.is_notice)
    ]
