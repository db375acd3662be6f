"""People who refuse while their turn is near: chunks that hold them are given back, and claimed again without them."""

from __future__ import annotations

from lantoa.delivery.models import Suppression

LOOK_BACK = 200
"""Numbers of refusals that may be written down after a higher one, by others at the same moment."""


class Refusals:
    """What an engine knows of refusals. Used in the writer's thread."""

    def __init__(self) -> None:
        self._seen: set[int] | None = None
        self._last = 0

    def new(self) -> frozenset[str]:
        """Addresses refused since the last call; at the first there are none: whoever refused before is not claimed."""
        rows = Suppression.objects.filter(pk__gt=self._last - LOOK_BACK).order_by("-pk").values_list("pk", "address")
        found = dict(rows[:LOOK_BACK] if self._seen is None else rows)
        known, self._seen = self._seen, set(found)
        self._last = max(found, default=self._last)
        return frozenset() if known is None else frozenset(address for pk, address in found.items() if pk not in known)
