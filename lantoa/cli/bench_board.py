"""What `lantoa bench board` measures: the numbers of dispatches, with millions of recipients in the ledger."""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from lantoa.cli.trials import get_world_ready, make_campaign, make_people, make_words, queue, text_of, write_channels

CHANNELS = """
email.sender = "thong-bao@phuong-mau.example"
[[email.account]]
name = "bench"
host = "127.0.0.1"
"""
DISPATCHES = 5
LOOKS = 50


def measure(count: int) -> dict[str, Any]:
    """So many recipients in five dispatches, a fifth of them each; milliseconds to read the board."""
    get_world_ready()
    campaign = make_campaign()
    people = count // DISPATCHES
    make_people(people)
    write_channels(CHANNELS)
    queueing: list[float] = []
    for number in range(DISPATCHES):
        make_words(campaign, text_of(200, number))
        started = time.perf_counter()
        queue(campaign, "email")
        queueing.append(time.perf_counter() - started)
    return {
        "recipients": people * DISPATCHES,
        **_looked(campaign),
        "queueing_seconds_of_a_fifth": round(statistics.median(queueing), 2),
    }


def _looked(campaign: Any) -> dict[str, float]:
    from lantoa.delivery.actions import numbers
    from lantoa.delivery.engine.stores import open_store

    ids = list(campaign.dispatch_set.values_list("pk", flat=True))
    store = open_store()
    took: dict[str, list[float]] = {"numbers_ms": [], "engine_ms": []}
    for _ in range(LOOKS):
        for name, look in (("numbers_ms", lambda: numbers(ids)), ("engine_ms", store.board)):
            started = time.perf_counter()
            look()
            took[name].append((time.perf_counter() - started) * 1000)
    return {name: round(statistics.median(times), 2) for name, times in took.items()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))
