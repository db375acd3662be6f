"""Forgetting: who got what is kept as long as it is needed, then only how many (Luật 91/2025/QH15)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from lantoa.delivery.engine.stores import open_store
from lantoa.delivery.models import Dispatch, PushSubscription, Recipient, StrayReport, Worker
from lantoa.delivery.rules.states import REFUSED
from lantoa.places.events import Event, record

if TYPE_CHECKING:
    from collections.abc import Sequence

STRAYS = dt.timedelta(days=7)
"""A receipt that names nothing after so long never will."""
WORKERS = dt.timedelta(days=30)
GONE = ("404", "410")
"""What a push service answers for a subscription that has ended (RFC 8030 §7.3; services also say 410)."""


def forget_recipients() -> int:
    """Drop the people of dispatches that ended before the time of the settings; returns of how many dispatches."""
    now = timezone.now()
    StrayReport.objects.filter(at__lt=int((now - STRAYS).timestamp())).delete()
    Worker.objects.filter(ended_at__lt=now - WORKERS, chunk=None).delete()
    days = settings.LANTOA_KEEP_RECIPIENTS_DAYS
    if not days:
        return 0
    ended = Dispatch.objects.exclude(state__in=[Dispatch.State.PLANNED, Dispatch.State.RUNNING, Dispatch.State.PAUSED])
    before = now - dt.timedelta(days=days)
    old = ended.filter(queued_at__lt=before, forgotten_at__isnull=True).exclude(finished_at__gt=before)
    found = list(old.select_related("campaign"))
    with transaction.atomic():
        _drop([dispatch.pk for dispatch in found])
        for dispatch in found:
            dispatch.forgotten_at = now
            dispatch.save(update_fields=["forgotten_at"])
            record(Event(None, "forget_recipients", dispatch, dispatch.campaign_id, {"days": days}))
    return len(found)


@transaction.atomic
def forget_gone_browsers() -> int:
    """Drop subscriptions of which their push service said that they have ended; returns how many.

    Who it was stays in the ledger of the dispatch as not reached, with the reason.
    """
    dispatches = Dispatch.objects.filter(audience=Dispatch.Audience.BROWSERS, forgotten_at=None)
    told = Recipient.objects.filter(dispatch__in=dispatches, state=REFUSED, code__in=GONE)
    gone = list(PushSubscription.objects.filter(pk__in=told.values("person")))
    for row in gone:
        record(Event(None, "unsubscribe_browser", row, detail={"gone": True}))
        row.delete()
    return len(gone)


def _drop(dispatches: Sequence[int]) -> None:
    """Whole partitions go at once where the database has them; the tallies stay."""
    if not dispatches:
        return
    store = open_store()
    left = store.drop_partitions(dispatches)
    which, parameters = store.among("dispatch_id", list(left))
    parts, of_parts = store.among("dispatch_id", list(dispatches))
    with connection.cursor() as cursor:
        if left:
            cursor.execute(f"DELETE FROM delivery_recipient WHERE {which}", parameters)
        cursor.execute(f"DELETE FROM delivery_part WHERE {parts}", of_parts)
        cursor.execute(f"DELETE FROM delivery_chunk WHERE {parts}", of_parts)
