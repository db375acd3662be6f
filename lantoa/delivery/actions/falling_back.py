"""Whom one channel cannot reach is sent to by another: Zalo first, SMS for those without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lantoa.delivery.actions.addressing import add_people, people
from lantoa.delivery.models import Dispatch, Recipient
from lantoa.delivery.rules.states import LOST
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.places.models import User

NOT_AGAIN = ("opted_out", "poison")
"""Codes of people whom no other channel is to reach either."""


@transaction.atomic
def set_fallback(dispatch: Dispatch, other: Dispatch, by: User | None) -> None:
    """Let `other` carry the message to whoever `dispatch` cannot reach. It gets only those people.

    Raises `RefusedError` where the two are not of one campaign and audience, or `other` has people already.
    """
    require(by, "deliver_message", dispatch.campaign.place)
    if other.pk == dispatch.pk or (other.campaign_id, other.audience) != (dispatch.campaign_id, dispatch.audience):
        raise RefusedError("Đợt gửi dự phòng phải cùng chiến dịch và cùng loại người nhận.")
    if other.state != Dispatch.State.PLANNED:
        raise RefusedError("Đợt gửi dự phòng đã bắt đầu: hãy xếp một đợt mới.")
    Recipient.objects.filter(dispatch=other).delete()
    other.chunks.all().delete()
    other.tallies.all().delete()
    dispatch.fallback = other
    dispatch.save(update_fields=["fallback"])
    record(Event(by, "set_fallback", dispatch, dispatch.campaign_id, {"other": other.pk}))


def fall_back() -> int:
    """Add to every fallback whom its dispatch could not reach so far; returns how many."""
    return sum(_fall_back(one) for one in Dispatch.objects.filter(fallback__isnull=False).select_related("fallback"))


@transaction.atomic
def _fall_back(dispatch: Dispatch) -> int:
    other = dispatch.fallback
    if other is None or other.state == Dispatch.State.CANCELLED or dispatch.state == Dispatch.State.PLANNED:
        return 0
    lost = Recipient.objects.filter(dispatch=dispatch, state__in=LOST, code__isnull=False).exclude(code__in=NOT_AGAIN)
    new = lost.exclude(person__in=Recipient.objects.filter(dispatch=other).values("person"))
    if not new.exists():
        return 0
    rows: Any = people(other).filter(pk__in=new.values("person"))
    number = add_people(other, rows)
    if number:
        Dispatch.objects.filter(pk=other.pk).update(
            state=Dispatch.State.RUNNING, started_at=other.started_at or timezone.now(), finished_at=None,
        )
        record(Event(None, "fall_back", other, other.campaign_id, {"from": dispatch.pk, "number": number}))
    return number
