"""The history: one entry for everything done, chained by hashes, written in the transaction of what was done."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from lantoa.evidence.models import HistoryEntry
from lantoa.evidence.rules import FIRST_HASH, EntryFacts, HistoryCheck, check_chain, entry_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.places.events import Event

# Any number will do, as long as nothing else in this database takes the same advisory lock.
_LOCK = 0x6C616E746F61


@transaction.atomic
def append_entry(event: Event, **_signal: Any) -> None:
    """Add the event to the history, after the last entry there is."""
    _wait_for_turn()
    last = HistoryEntry.objects.order_by("-seq").first()
    entry = HistoryEntry(
        seq=last.seq + 1 if last else 1,
        at=timezone.now(),
        by=event.by,
        verb=event.verb,
        campaign_id=event.campaign_id,
        subject_type=event.subject._meta.label_lower,  # noqa: SLF001 - Django documents it
        subject_id=str(event.subject.pk),
        detail=_plain(event.detail),
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = entry_hash(_facts(entry))
    entry.save(force_insert=True)


def verify_history() -> HistoryCheck:
    """Compute the whole chain again and compare."""
    return check_chain(_chain())


def _chain() -> Iterator[tuple[EntryFacts, str]]:
    for entry in HistoryEntry.objects.order_by("seq").iterator(chunk_size=2000):
        yield _facts(entry), entry.hash


def _facts(entry: HistoryEntry) -> EntryFacts:
    return EntryFacts(
        seq=entry.seq,
        at=entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        by=entry.by_id,
        verb=entry.verb,
        campaign=entry.campaign_id,
        subject=f"{entry.subject_type}:{entry.subject_id}",
        detail=entry.detail,
        previous_hash=entry.previous_hash,
    )


def _wait_for_turn() -> None:
    """Let one writer at a time see the last entry and add the next, until its transaction ends.

    SQLite has one writer anyway, from the BEGIN IMMEDIATE of the settings on.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Details as JSON that reads back as it was written: a fraction as text, because databases respell numbers."""
    text = json.dumps(dict(detail), cls=DjangoJSONEncoder, ensure_ascii=False).replace("\\u0000", "")
    plain: dict[str, Any] = json.loads(text, parse_float=str)
    return plain
