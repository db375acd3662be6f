"""Keeps what is sent in this process: for rehearsals and tests (docs/channels/memory.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lantoa.channels.base import Correcting, Limits, Outgoing, Receipt, State


@dataclass
class Box:
    """What stands in front of whoever looks, by target, and where each key went."""

    shown: dict[str, Outgoing] = field(default_factory=dict)
    target_of: dict[str, str] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything."""
        self.shown.clear()
        self.target_of.clear()


BOX = Box()
"""What memory channels without a box of their own share in this process, so that a test can look into it."""


class MemoryChannel:
    """A channel whose other end is a dictionary."""

    limits = Limits()

    def __init__(self, *, name: str = "memory", box: Box | None = None,
                 corrects: Correcting = Correcting.REPLACE) -> None:
        self.name = name
        self.box = BOX if box is None else box
        self.corrects = corrects

    def send(self, outgoing: Outgoing) -> Receipt:
        """Keep it under a target of its own."""
        target = self.box.target_of.get(outgoing.key)
        if target is None:
            target = f"memory:{outgoing.key}"
            self.box.target_of[outgoing.key] = target
            self.box.shown[target] = outgoing
        return Receipt(State.DELIVERED, target)

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        """Keep `outgoing` at `target` instead of what was there."""
        self.box.target_of[outgoing.key] = target
        self.box.shown[target] = outgoing
        return Receipt(State.DELIVERED, target)

    def withdraw(self, target: str) -> None:
        """Forget what was at `target`; its key may be sent anew."""
        self.box.shown.pop(target, None)
        for key in [key for key, place in self.box.target_of.items() if place == target]:
            del self.box.target_of[key]
