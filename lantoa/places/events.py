"""What happened, told to whoever keeps it.

Every action tells what it did, in its own transaction. The evidence room listens and writes the tamper-evident
history; it lies further down the house, so the rooms above it speak through this signal instead of importing it
(docs/decisions/0003-history-by-signal.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

    from lantoa.places.models import User

happened = Signal()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done: `verb` is the action's name, `subject` the row it was done to."""

    by: User | None
    verb: str
    subject: Model
    campaign_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(event: Event) -> None:
    """Tell what happened. Listeners run at once, inside the caller's transaction; their failure is the caller's."""
    happened.send(sender=Event, event=event)
