"""When a message that did not go is tried again, and when that is given up."""

from __future__ import annotations

from dataclasses import dataclass

from lantoa.channels.base import State


@dataclass(frozen=True, slots=True)
class Retry:
    """How a channel's messages are tried again."""

    most_attempts: int = 8
    first: float = 60.0
    """Seconds before the second attempt; each later one waits twice as long as the one before."""
    longest: float = 4 * 3600.0
    spread: float = 0.3
    """A wait varies by this share, so that a million messages do not come back in one second."""

    def wait(self, attempt: int, chance: float, asked: float | None = None) -> float | None:
        """Seconds until the next attempt after the `attempt`-th failed; None when there is no next one.

        `chance` is a random number from 0 to 1. What the provider `asked` for is never undercut.
        """
        if attempt >= self.most_attempts:
            return None
        wait = min(self.first * float(2 ** (attempt - 1)), self.longest)
        wait *= 1 + self.spread * (chance - 0.5)
        return max(wait, asked or 0.0)


GIVEN_UP = "Đã thử nhiều lần không được"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is written down of an attempt."""

    state: State
    why: str
    wait: float | None = None
    """Seconds until it is tried again."""


def settle(attempt: int, outcome: tuple[State, str, float | None], retry: Retry, *, chance: float) -> Settled:
    """What an outcome (state, why, seconds asked for) means: tried again later, or given up with the last reason."""
    state, why, asked = outcome
    if state is not State.FAILED_FOR_NOW:
        return Settled(state, why)
    wait = retry.wait(attempt, chance, asked)
    if wait is None:
        return Settled(State.FAILED_FOR_GOOD, f"{GIVEN_UP}: {why}" if why else GIVEN_UP)
    return Settled(state, why, wait)
