"""Looking after the other workers: what a dead one held is opened again."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lantoa.delivery.engine.store import Store

logger = logging.getLogger(__name__)

HANGS = 60.0
"""Seconds without a beat after which a worker that still holds its lock is given up: stopped, or cut off."""


class Watch:
    """What one worker sees of the others. Used in the writer's thread."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._seen: dict[int, tuple[int, float]] = {}

    def take_over(self) -> int:
        """Open what dead workers held; returns how many chunks that were."""
        number = 0
        for worker in self._dead():
            chunks, unknown = self.store.take_over(worker)
            if chunks:
                logger.warning("Worker %s is gone: %s chunks opened again, %s people unknown", worker, chunks, unknown)
            number += chunks
        return number

    def _dead(self) -> list[int]:
        """Those whose lock is free, and those that have not counted on for a while, by this process's own clock."""
        beats = self.store.beats()
        now = time.monotonic()
        dead = []
        for worker, beat in beats.items():
            before, since = self._seen.get(worker, (-1, now))
            self._seen[worker] = (beat, since if beat == before else now)
            if self.store.is_dead(worker) or now - self._seen[worker][1] > HANGS:
                dead.append(worker)
        self._seen = {worker: seen for worker, seen in self._seen.items() if worker in beats}
        return dead
