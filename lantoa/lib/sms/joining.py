"""Putting the parts of a long message together that a person wrote: bounded, and without waiting for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lantoa.lib.sms.header import Place

LOST = "[…]"
"""What stands where a part never came."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it came."""

    sender: str
    to: str
    place: Place
    text: str
    token: Any = None
    """Whatever the caller wants back with the whole: an acknowledgement."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A message with all of its parts, or with what came of them."""

    sender: str
    to: str
    text: str
    tokens: tuple[Any, ...]
    is_whole: bool


@dataclass(slots=True)
class _Heap:
    began: float
    parts: dict[int, Part] = field(default_factory=dict)
    repeats: list[Part] = field(default_factory=list)


class Joiner:
    """Keeps parts until their message is whole. The clock is the caller's, in seconds."""

    def __init__(self, *, patience: float = 300.0, most: int = 1000) -> None:
        self._patience = patience
        self._most = most
        """Messages waited for at once: whoever sends only first parts fills no memory."""
        self._heaps: dict[tuple[str, str, int, int], _Heap] = {}

    def __len__(self) -> int:
        return len(self._heaps)

    def add(self, part: Part, now: float) -> list[Joined]:
        """Take a part; what is whole by it, and what had to be given up to make room."""
        key = (part.sender, part.to, part.place.reference, part.place.total)
        heap = self._heaps.setdefault(key, _Heap(now))
        if part.place.number in heap.parts:
            heap.repeats.append(part)
        else:
            heap.parts[part.place.number] = part
        if len(heap.parts) == part.place.total:
            return [self._end(key)]
        if len(heap.repeats) > part.place.total or len(self._heaps) > self._most:
            return [self._end(key if heap.repeats else next(iter(self._heaps)))]
        return []

    def overdue(self, now: float) -> list[Joined]:
        """What waited too long, as far as it came."""
        late = [key for key, heap in self._heaps.items() if now - heap.began >= self._patience]
        return [self._end(key) for key in late]

    def rest(self) -> list[Joined]:
        """Everything that still waits, as far as it came: nobody listens any longer."""
        return [self._end(key) for key in list(self._heaps)]

    def _end(self, key: tuple[str, str, int, int]) -> Joined:
        heap = self._heaps.pop(key)
        sender, to, _, total = key
        text = "".join(heap.parts[number].text if number in heap.parts else LOST for number in range(1, total + 1))
        tokens = tuple(part.token for part in (*heap.parts.values(), *heap.repeats))
        return Joined(sender, to, text, tokens, is_whole=len(heap.parts) == total)
