"""Approving new words: what is made of them is made and checked first, then words and renderings hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.models import Campaign
from lantoa.content.actions.approving import check_renderings, refuse_blocked
from lantoa.content.actions.composing import Composer
from lantoa.content.actions.making import keep_rows, kit_scope, make_missing, orders_of_kit, row_of
from lantoa.content.models import Message, Rendering
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lantoa.content.actions.composing import Order
    from lantoa.places.models import User

_CHANGED = "Dữ kiện của chiến dịch vừa đổi trong lúc làm bộ nội dung. Hãy duyệt lại."


def check_approve_messages(campaign: Campaign, seen: Iterable[int], by: User | None) -> list[Message]:
    """The versions that wait among those somebody saw. Raises `RefusedError` when other words came after them."""
    require(by, "approve_kit", campaign.place)
    wanted = set(seen)
    if not wanted:
        raise RefusedError("Chưa chọn thông điệp nào để duyệt.")
    waiting = list(Message.objects.filter(campaign=campaign, pk__in=wanted).waiting())
    gone = wanted - {row.pk for row in waiting}
    if gone:
        keys = Message.objects.filter(campaign=campaign, pk__in=gone).values_list("key", flat=True)
        named = ", ".join(f"«{key}»" for key in sorted(set(keys))) or "một thông điệp"
        raise RefusedError(f"Lời của {named} đã đổi hoặc đã được duyệt sau khi bạn mở trang. Hãy xem lại rồi duyệt.")
    return waiting


def approve_messages(
    campaign: Campaign, seen: Iterable[int], by: User | None, progress: Callable[[int, int], None] | None = None
) -> int:
    """Approve these versions (`seen`, by their ids) and all renderings made anew; returns how many of these there are.

    The kit is made and checked with the new words before anything is changed: what blocks is named, and all stays as
    it was. Raises as `make_kit` does when words do not fill or do not fit.
    """
    rows = check_approve_messages(campaign, seen, by)
    rewords = {(row.key, row.language): row.words for row in rows}
    orders = orders_of_kit(Composer(campaign, pack_of(campaign), rewords=rewords))
    make_missing(orders, progress)
    versions = _versions(campaign)
    refuse_blocked(check_renderings(campaign, _renderings(campaign, orders, versions)))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        check_approve_messages(campaign, [row.pk for row in rows], by)
        if _versions(campaign) != versions:
            raise RefusedError(_CHANGED)
        now = timezone.now()
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(approved_at=now, approved_by=by)
        kept = Rendering.objects.filter(pk__in=[row.pk for row in keep_rows(campaign, orders, kit_scope(campaign))])
        number: int = kept.filter(approved_at__isnull=True).update(approved_at=now, approved_by=by)
        told = [f"{row.key} ({row.language}) {row.version}" for row in rows]
        record(Event(by, "approve_messages", campaign, campaign.pk, {"messages": told, "renderings": number}))
    return number


def _versions(campaign: Campaign) -> dict[str, int]:
    return dict(campaign.facts.current().values_list("key", "version"))


def _renderings(campaign: Campaign, orders: Sequence[Order], versions: dict[str, int]) -> list[Rendering]:
    """The rows of renderings that are in the store and not in the ledger, to be checked."""
    places = Place.objects.in_bulk({order.place_id for order in orders})
    rows = []
    for order in orders:
        row = row_of(campaign, order, {key: versions[key] for key in order.composed.used})
        row.place = places[order.place_id]
        rows.append(row)
    return rows
