"""Which chunks to give to a job queue, where one leads the engines (`lantoa/cluster.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.delivery.engine.stores import open_store
from lantoa.delivery.models import Chunk, Dispatch
from lantoa.delivery.rules.hours import Verdict, Window, read_hours

if TYPE_CHECKING:
    from lantoa.delivery.engine.work import DispatchLine

AGAIN = 20
"""Seconds after which a chunk that stays open is offered again: its job was lost. One given back is offered at once."""
MOST = 5000


def verdict_of(line: DispatchLine) -> Verdict:
    """Whether a running dispatch may go out at this moment."""
    return Window(read_hours(line.hours), line.not_before, line.not_after).verdict(timezone.localtime())


@transaction.atomic
def offer_chunks() -> list[tuple[int, bool]]:
    """Chunks to give to the queue now, each with whether it is urgent; they are not offered again for a while."""
    store = open_store()
    now = int(store.now())
    going = [line.id for line in store.board() if verdict_of(line) is Verdict.GO]
    chunks = Chunk.objects.filter(dispatch__in=going, state=Chunk.State.OPEN, not_before__lte=now)
    waiting = chunks.filter(offered_at__lt=now - AGAIN).order_by("dispatch__lane", "-dispatch__priority", "id")
    found = list(waiting.values_list("pk", "dispatch__lane")[:MOST])
    Chunk.objects.filter(pk__in=[pk for pk, _ in found]).update(offered_at=now)
    return [(pk, lane == Dispatch.Lane.URGENT) for pk, lane in found]


def offer_again(dispatch: Dispatch) -> None:
    """Let a dispatch's open chunks be offered at once: it was started, or goes on."""
    dispatch.chunks.filter(state=Chunk.State.OPEN).update(offered_at=0)
