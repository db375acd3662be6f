"""A dispatch as a person prepares it on screen: planned with whoever carries on where it fails, or dropped unsent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from lantoa.delivery.actions.dispatching import OF_PLAN, check_queue_dispatch, is_of_plan, queue_dispatch
from lantoa.delivery.actions.falling_back import set_fallback
from lantoa.delivery.models import Dispatch, Recipient
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.actions.dispatching import Order, Ready
    from lantoa.places.models import User


@dataclass(frozen=True, slots=True)
class Planned:
    """A dispatch that waits for somebody's word, and whether it was there before and got more people."""

    dispatch: Dispatch
    is_new: bool


def check_plan_dispatch(campaign: Campaign, order: Order, by: User | None) -> Ready:
    """Whether an order may be planned: nobody may be sent anything by it before a person has confirmed it.

    Queued again, the same words by the same channel are the same dispatch. So one that is being sent has to be paused
    first, and one that was cancelled is not called back to life with the people it left out. Raises `RefusedError`.
    """
    ready = check_queue_dispatch(campaign, order, by)
    same = same_words(campaign, order, ready)
    if same is not None and same.state == Dispatch.State.RUNNING:
        raise RefusedError(
            f"Đợt {same.pk} đang gửi đúng lời này qua kênh này. Hãy tạm dừng đợt đó rồi mới thêm người nhận vào."
        )
    if same is not None and same.state == Dispatch.State.CANCELLED:
        raise RefusedError(
            f"Đúng lời này đã có đợt {same.pk} qua kênh này, đã hủy giữa chừng. Hãy chọn kênh hoặc nội dung khác, "
            "hoặc sửa lời rồi làm lại và duyệt bộ nội dung."
        )
    return ready


def same_words(campaign: Campaign, order: Order, ready: Ready) -> Dispatch | None:
    """The dispatch that an order would be added to."""
    channel = settings.LANTOA_ROUTES["rehearsal_dispatch"] if campaign.is_rehearsal else order.channel
    wanted = {row.pk for row in ready.renderings}
    rows = Dispatch.objects.filter(
        campaign=campaign, channel=channel, rendering_kind=order.rendering_kind, audience=ready.audience
    )
    return next((row for row in rows if set(row.texts.values_list("rendering", flat=True)) == wanted), None)


@transaction.atomic
def plan_dispatch(campaign: Campaign, order: Order, by: User | None, fallback: Order | None = None) -> Planned:
    """Write down who gets what, and by which other channel whoever that cannot reach; nothing leaves.

    A plan of the same words that nothing was sent of yet is replaced. Raises `RefusedError`.
    """
    ready = check_plan_dispatch(campaign, order, by)
    same = same_words(campaign, order, ready)
    if same is not None and is_unsent(same):
        drop_dispatch(same, by)
        same = None
    dispatch = queue_dispatch(campaign, order, by)
    if fallback is not None:
        other = plan_dispatch(campaign, fallback, by).dispatch
        set_fallback(dispatch, other, by)
    return Planned(dispatch, is_new=same is None)


def is_unsent(dispatch: Dispatch) -> bool:
    """Whether nothing was ever let out."""
    return dispatch.state == Dispatch.State.PLANNED and dispatch.started_at is None


@transaction.atomic
def drop_dispatch(dispatch: Dispatch, by: User | None) -> None:
    """Forget a dispatch of which nothing was sent, and the one that was to carry on for it alone."""
    require(by, "deliver_message", dispatch.campaign.place)
    if is_of_plan(dispatch):
        raise RefusedError(OF_PLAN)
    if not is_unsent(dispatch):
        raise RefusedError("Đợt gửi này đã bắt đầu: chỉ hủy phần chưa gửi được thôi.")
    record(Event(by, "drop_dispatch", dispatch, dispatch.campaign_id, {"channel": dispatch.channel}))
    other = dispatch.fallback
    Recipient.objects.filter(dispatch=dispatch).delete()
    dispatch.delete()
    if other is not None and is_unsent(other) and not other.falls_back_from.exists():
        drop_dispatch(other, by)
