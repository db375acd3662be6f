"""The states of `channels.base` as the small numbers that the ledger keeps of each of millions of recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.channels.base import DONE, FAILED, SHOWN, STATE_LABELS, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QUEUED, SENDING, SENT, DELIVERED, FAILED_FOR_NOW, FAILED_FOR_GOOD, REFUSED, UNKNOWN = range(8)
"""`SENDING` is never written: a recipient is being sent to while its chunk is leased and its turn has begun."""
NUMBER: Mapping[State, int] = {
    State.QUEUED: QUEUED,
    State.SENDING: SENDING,
    State.SENT: SENT,
    State.DELIVERED: DELIVERED,
    State.FAILED_FOR_NOW: FAILED_FOR_NOW,
    State.FAILED_FOR_GOOD: FAILED_FOR_GOOD,
    State.REFUSED: REFUSED,
    State.UNKNOWN: UNKNOWN,
}
STATE: Mapping[int, State] = {number: state for state, number in NUMBER.items()}
LABELS: Mapping[int, str] = {number: STATE_LABELS[state] for state, number in NUMBER.items()}
UNSENT = (QUEUED, FAILED_FOR_NOW)
"""Whoever is in one of these is still to be sent to."""
UNREACHED = (FAILED_FOR_NOW, FAILED_FOR_GOOD, REFUSED, UNKNOWN)
"""Whom it did not reach, or not surely."""
REACHED = tuple(sorted(NUMBER[state] for state in DONE))
MAY_HOLD = tuple(sorted(NUMBER[state] for state in SHOWN))
"""Who may have read it: a correction tells them."""
MAY_CHANGE = (SENT, UNKNOWN)
"""A receipt settles what was handed over; it never undoes what an earlier one settled."""
LOST = tuple(sorted(NUMBER[state] for state in FAILED))


def listed(numbers: Iterable[int]) -> str:
    """For SQL: `(0, 4)`. Numbers of our own, never what somebody typed."""
    return f"({', '.join(map(str, numbers))})"
