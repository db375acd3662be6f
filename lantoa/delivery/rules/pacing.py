"""Keeping to what a contract allows: slots a fraction of a second apart, given out in blocks to whoever sends.

All workers of an account share one line of slots. A worker reserves the next few and may send one part at each; so the
rate holds over all of them together, in every second, and not only on average.
"""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 0.975
"""Of the contract's rate, what is used. At 30 parts a second the slots then lie 34.2 ms apart: 31 of them never fall
into one second, even when a part leaves 20 ms late."""
LATE = 0.02
"""Seconds a part may leave after its slot without the slots behind it moving; what is later is lost to the line."""
BLOCK = 0.2
"""Seconds of slots reserved at a time."""
AHEAD = 2.0
"""Most seconds a line may run ahead of the clock; what lies further (the clock was put back) is forgotten."""


def spacing(pace: float) -> float:
    """Seconds between two slots of an account that may send `pace` parts a second."""
    return 1 / (pace * MARGIN)


def block_of(pace: float, wanted: int) -> int:
    """How many slots to reserve when `wanted` parts wait."""
    return max(1, min(wanted, round(pace * MARGIN * BLOCK)))


def reserve(next_slot: float, now: float, pace: float, parts: int) -> tuple[float, float]:
    """When the first of `parts` reserved slots is, and where the line goes on; all in seconds since 1970."""
    start = now if next_slot > now + AHEAD else max(next_slot, now)
    return start, start + parts * spacing(pace)


@dataclass(slots=True)
class Slots:
    """A reserved block: `left` slots, the next at `at` (seconds, of whatever clock it was reserved by)."""

    at: float
    left: int
    apart: float

    def take(self, parts: int, now: float) -> bool:
        """Use slots for `parts` parts if the first is due; a long message may take more than are left."""
        if self.left <= 0 or now < self.at:
            return False
        self.left -= parts
        self.at = max(self.at, now - LATE) + parts * self.apart
        return True
