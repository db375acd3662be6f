"""What is stale when a fact changes, and the smallest set of acts that puts it right.

A hundred thousand deliveries share a few renderings: what is stale, and what is to be done about it, is decided once
for each *batch* (the exposures that show one rendering with the same fact versions through one channel).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.kinds import NOTICE_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLACE, FOLLOW_UP, TASK, WITHDRAW, CLOSE = "replace", "follow_up", "task", "withdraw", "close"
NOTICE = "correction_notice"
"""The rendering kind of a correction notice to an office. An old one is answered by a new one, by no third thing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Exposures alike in everything a correction asks about; only their places differ."""

    is_delivery: bool
    channel: str
    corrects: str
    """How its channel can be put right: `replace`, `follow_up` or `task`."""
    rendering_id: int
    rendering_kind: str
    territory_id: int
    """Whose words they are."""
    is_print: bool
    facts: tuple[tuple[str, int], ...]
    """The fact versions shown, as they were written down."""
    size: int = 1

    @property
    def is_notice(self) -> bool:
        """Whether these are themselves notices of an earlier correction."""
        return self.rendering_kind in NOTICE_KINDS

    def stale(self, still_true: Mapping[str, frozenset[int]]) -> frozenset[str]:
        """The facts shown in a version that is no longer true."""
        return stale_keys(dict(self.facts), still_true)


def stale_keys(shown: Mapping[str, int], still_true: Mapping[str, frozenset[int]]) -> frozenset[str]:
    """Facts shown in a version whose value is not the current one.

    `still_true` gives for each fact the versions that hold its current value: a fact that changed and changed back
    is true again wherever its first value still stands.
    """
    return frozenset(key for key, version in shown.items() if key in still_true and version not in still_true[key])


def is_replaced(batch: Batch) -> bool:
    """Whether new words are put where the old stand. An old notice is not: the next one takes its place."""
    return batch.corrects == REPLACE and not batch.is_notice


def is_told(batch: Batch) -> bool:
    """Whether those it reached have read it, so that each of them is told of the change, once."""
    return batch.is_delivery or batch.corrects == FOLLOW_UP


def needs_hands(batch: Batch) -> bool:
    """Whether it is out of reach: its place is given the task of taking the old sheets away, once."""
    return batch.is_print or (batch.corrects == TASK and not batch.is_notice)


def is_settled_by(batch: Batch, act: str) -> bool:
    """Whether a stale thing no longer counts as standing once its place was told, or was given the task.

    That is what no channel can replace. So a second plan finds nothing left, and nobody is told twice.
    """
    return (batch.is_notice and act == FOLLOW_UP) or (batch.corrects == act and not batch.is_notice)
