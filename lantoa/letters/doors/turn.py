"""What a round at a door took, and one round at a time on one machine."""

from __future__ import annotations

import contextlib
import fcntl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.letters.actions import Received

LONGEST = 60.0
"""Seconds after which a round ends and leaves the rest to the next: other timed work waits meanwhile."""


@dataclass(slots=True)
class Taken:
    """How many letters were new in the register, were known already, could not be read, and failed to be taken."""

    new: int = 0
    known: int = 0
    unread: int = 0
    failed: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST, repr=False, compare=False)

    @property
    def is_over(self) -> bool:
        """Whether the round has taken long enough."""
        return time.monotonic() > self.until

    def count(self, received: Received) -> None:
        """Count one file."""
        if received.row is None:
            self.unread += 1
        elif received.is_new:
            self.new += 1
        else:
            self.known += 1

    def __str__(self) -> str:
        said = (("vào sổ", self.new), ("đã có trong sổ", self.known), ("không đọc được", self.unread))
        return ", ".join(f"{words} {number}" for words, number in (*said, ("lỗi", self.failed)) if number)


@contextlib.contextmanager
def turn_at(door: str) -> Iterator[bool]:
    """Hold the door's lock for a round; False when another process holds it. It is let go even by a kill."""
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    with (settings.LANTOA_HOME / f"{door}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
