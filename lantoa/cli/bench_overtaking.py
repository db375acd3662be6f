"""How long urgent messages take that are approved while a million others go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from lantoa.cli.trials import make_words, queue, set_apart, text_of

if TYPE_CHECKING:
    from lantoa.delivery.models import Dispatch

TIMES = 5
GROUP = "carrier=urgent"
LOOK = 0.005
"""Seconds between two looks at the ledger."""
PATIENCE = 60.0


def overtake(campaign: Any, channel: str, bulk: Dispatch, people: int) -> list[float]:
    """Approve urgent dispatches to so many people, one after the other, while `bulk` is going.

    For each the seconds from its approval until 99 % of them are written down as handed over. Raises `RuntimeError`
    when the others were through before, so that nothing was overtaken.
    """
    from lantoa.delivery.models import Dispatch

    set_apart(people, "urgent")
    _wait(bulk, 1)
    found = []
    for number in range(TIMES):
        make_words(campaign, text_of(400, bulk.pk * 100 + number))
        urgent = queue(campaign, channel, segment=GROUP, lane=Dispatch.Lane.URGENT)
        found.append(_start(urgent, people))
        time.sleep(0.5)
    bulk.refresh_from_db()
    if bulk.state != Dispatch.State.RUNNING:
        raise RuntimeError("the others were through too soon: measure with a larger --n")
    return found


def _start(urgent: Dispatch, people: int) -> float:
    from lantoa.delivery.actions import start_dispatch

    started = time.perf_counter()
    start_dispatch(urgent, None)
    _wait(urgent, people * 0.99)
    return time.perf_counter() - started


def _wait(dispatch: Dispatch, number: float) -> None:
    from lantoa.delivery.rules.states import DELIVERED, SENT

    until = time.perf_counter() + PATIENCE
    while dispatch.recipients.filter(state__in=[SENT, DELIVERED])[:1000].count() < number:
        if time.perf_counter() > until:
            raise RuntimeError(f"nothing left within {PATIENCE:.0f} s")
        time.sleep(LOOK)
