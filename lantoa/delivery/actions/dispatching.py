"""Verbs of a dispatch: queue it, start, pause, cancel, extend; send again, or leave be, what is unknown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.models import Campaign
from lantoa.channels.base import ChannelError
from lantoa.channels.registry import ChannelSettingError, is_wire, open_wire
from lantoa.channels.wire import Reaches
from lantoa.content.rules.kinds import KINDS
from lantoa.delivery.actions.addressing import add_people, people
from lantoa.delivery.actions.barring import refuse_stale, refuse_withdrawn, withdrawn
from lantoa.delivery.engine.store import open_again
from lantoa.delivery.engine.words import message_of
from lantoa.delivery.models import Chunk, Dispatch, DispatchWords
from lantoa.delivery.rules.hours import read_hours
from lantoa.delivery.rules.publishing import SMS_IS_BARRED, is_barred
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lantoa.channels.wire import Wire
    from lantoa.content.models import Rendering
    from lantoa.places.models import User

USUAL_AUDIENCE = {
    Reaches.EMAIL: Dispatch.Audience.PLACES,
    Reaches.PHONE: Dispatch.Audience.RESIDENTS,
    Reaches.BROWSER: Dispatch.Audience.BROWSERS,
}


OF_PLAN = "Đợt gửi này thuộc một kế hoạch đính chính. Hãy xem và xác nhận cả kế hoạch ở trang Đính chính."


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants sent: which words, by which channel, to whom, when."""

    channel: str
    rendering_kind: str
    segment: str = ""
    audience: str = ""
    """`residents`, `places` or `browsers`; the usual one of the channel when empty."""
    lane: int = Dispatch.Lane.BULK
    priority: int = 0
    hours: str | None = None
    """`07:00-21:00`; None takes the setting."""
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    unknown: str = Dispatch.Unknown.ASK


@dataclass(frozen=True, slots=True)
class Ready:
    """An order that may be carried out."""

    wire: Wire
    audience: str
    renderings: tuple[Rendering, ...]


def wire_of(channel: str) -> Wire:
    """A configured channel to many people. Raises `RefusedError`, naming those there are."""
    try:
        return open_wire(channel, settings.LANTOA_CHANNELS)
    except ChannelSettingError as error:
        wires = ", ".join(sorted(name for name in settings.LANTOA_CHANNELS if is_wire(name, settings.LANTOA_CHANNELS)))
        raise RefusedError(f"Kênh “{channel}” không gửi được cho nhiều người. Dùng được: {wires}.") from error


def check_queue_dispatch(campaign: Campaign, order: Order, by: User | None) -> Ready:
    """Whether it may be sent at all: right, level, words approved and current, carried by the channel.

    Raises `RefusedError` naming what stands in the way.
    """
    require(by, "deliver_message", campaign.place)
    if campaign.state != Campaign.State.LIVE:
        raise RefusedError("Chiến dịch đã kết thúc.")
    asked = wire_of(order.channel)
    if is_barred(order.rendering_kind, order.channel, asked.reaches, campaign.place.kind):
        raise RefusedError(SMS_IS_BARRED)
    renderings = tuple(
        campaign.rendering_set.current().filter(kind=order.rendering_kind).exclude(pk__in=withdrawn(campaign))
    )
    if not renderings:
        kinds = ", ".join(sorted({row.kind for row in campaign.rendering_set.current()} & set(KINDS)))
        raise RefusedError(f"Bộ nội dung không có “{order.rendering_kind}” để gửi. Đang có: {kinds}.")
    if any(row.approved_at is None for row in renderings):
        raise RefusedError("Nội dung này chưa được duyệt. Hãy duyệt bộ nội dung trước khi gửi.")
    refuse_stale(campaign, renderings)
    _refuse_what_cannot_be_carried(asked, renderings)
    audience = order.audience or USUAL_AUDIENCE[asked.reaches]
    try:
        read_hours(order.hours or "")
        people(Dispatch(campaign=campaign, audience=audience, segment=order.segment, reaches=asked.reaches.value))
    except ValueError as error:
        raise RefusedError(str(error)) from error
    return Ready(asked, audience, renderings)


def _refuse_what_cannot_be_carried(wire: Wire, renderings: Iterable[Rendering]) -> None:
    for row in renderings:
        try:
            wire.compile(message_of(row))
        except ChannelError as error:
            raise RefusedError(f"{row.place}: kênh không chở được nội dung này: {error}") from error
        except OSError as error:
            raise RefusedError(f"Không đọc được {row.file_name} trong kho. Hãy làm lại bộ nội dung.") from error


@transaction.atomic
def queue_dispatch(campaign: Campaign, order: Order, by: User | None) -> Dispatch:
    """Write down who gets what; nothing leaves before `start_dispatch`.

    Queued again, the same words by the same channel to people of the same kind are the same dispatch: only people who
    are new in it are added.
    """
    ready = check_queue_dispatch(campaign, order, by)
    # A rehearsal's dispatches all go one way, whatever was asked for, to the people who would have been meant.
    name = settings.LANTOA_ROUTES["rehearsal_dispatch"] if campaign.is_rehearsal else order.channel
    dispatch, is_new = Dispatch.objects.exclude(state=Dispatch.State.CANCELLED).get_or_create(
        campaign=campaign,
        channel=name,
        rendering_kind=order.rendering_kind,
        words=words_of(ready.renderings, ready.audience),
        defaults={
            "audience": ready.audience,
            "segment": order.segment,
            "reaches": ready.wire.reaches.value,
            "lane": order.lane,
            "priority": order.priority,
            "hours": usual_hours(ready.wire, order.lane) if order.hours is None else order.hours,
            "not_before": order.not_before,
            "not_after": order.not_after,
            "unknown": order.unknown,
            "by": by,
        },
    )
    if is_new:
        DispatchWords.objects.bulk_create(
            DispatchWords(dispatch=dispatch, place_id=row.place_id, rendering=row, facts=row.facts)
            for row in ready.renderings
        )
    elif dispatch.segment != order.segment:
        dispatch.segment = order.segment
        dispatch.save(update_fields=["segment"])
    added = add_people(dispatch)
    if added and dispatch.state == Dispatch.State.DONE:
        dispatch.state = Dispatch.State.PLANNED
        dispatch.save(update_fields=["state"])
    detail = {"channel": name, "rendering": order.rendering_kind, "segment": order.segment, "added": added}
    record(Event(by, "queue_dispatch", dispatch, campaign.pk, detail))
    return dispatch


def usual_hours(wire: Wire, lane: int) -> str:
    """When a channel may be used, unless somebody says otherwise: a telephone does not ring at night."""
    if wire.reaches is Reaches.EMAIL:
        return ""
    hours: str = settings.LANTOA_URGENT_HOURS if lane == Dispatch.Lane.URGENT else settings.LANTOA_SENDING_HOURS
    return hours


def words_of(renderings: Iterable[Rendering], audience: str) -> str:
    """A name for these words in these territories to people of one kind: the same words have the same."""
    said = sorted(f"{row.place_id}:{row.hash}" for row in renderings)
    return hashlib.sha256("\n".join([audience, *said]).encode()).hexdigest()


def is_of_plan(dispatch: Dispatch) -> bool:
    """Whether it belongs to a correction that nobody has approved yet: one approval carries out all of it."""
    return dispatch.correction is not None and dispatch.correction.approved_at is None


def check_start_dispatch(dispatch: Dispatch, by: User | None) -> None:
    """Whether `by` may let it go out, and its words still hold. Raises `RefusedError`."""
    require(by, "deliver_message", dispatch.campaign.place)
    if dispatch.state == Dispatch.State.CANCELLED:
        raise RefusedError("Đợt gửi này đã hủy. Hãy xếp đợt mới.")
    if is_of_plan(dispatch):
        raise RefusedError(OF_PLAN)
    if dispatch.not_after is not None and dispatch.not_after <= timezone.now():
        raise RefusedError("Đã quá thời hạn gửi. Hãy gia hạn trước khi cho gửi tiếp.")
    words = [text.rendering for text in dispatch.texts.select_related("rendering")]
    refuse_stale(dispatch.campaign, words)
    refuse_withdrawn(dispatch.campaign, words)


@transaction.atomic
def start_dispatch(dispatch: Dispatch, by: User | None) -> None:
    """Let it go out; one that was paused goes on."""
    check_start_dispatch(dispatch, by)
    _move(dispatch, Dispatch.State.RUNNING, by, "start_dispatch")


@transaction.atomic
def pause_dispatch(dispatch: Dispatch, why: str, by: User | None) -> None:
    """Let nothing more leave; what is on the wire at this moment still arrives."""
    require(by, "deliver_message", dispatch.campaign.place)
    if dispatch.state != Dispatch.State.RUNNING:
        raise RefusedError("Chỉ tạm dừng được đợt đang gửi.")
    _move(dispatch, Dispatch.State.PAUSED, by, "pause_dispatch", why)


@transaction.atomic
def cancel_dispatch(dispatch: Dispatch, why: str, by: User | None) -> None:
    """Never send to those who are still waiting. It cannot be taken back; a new dispatch leaves out who got it."""
    require(by, "deliver_message", dispatch.campaign.place)
    if dispatch.state in {Dispatch.State.DONE, Dispatch.State.CANCELLED}:
        raise RefusedError("Đợt gửi này đã kết thúc.")
    _move(dispatch, Dispatch.State.CANCELLED, by, "cancel_dispatch", why)


def _move(dispatch: Dispatch, state: Dispatch.State, by: User | None, verb: str, why: str = "") -> None:
    dispatch.state, dispatch.why = state, why.strip()
    if state == Dispatch.State.RUNNING:
        dispatch.started_at = dispatch.started_at or timezone.now()
        if not dispatch.chunks.exclude(state=Chunk.State.DONE).exists():
            dispatch.state, dispatch.finished_at = Dispatch.State.DONE, timezone.now()
    dispatch.save(update_fields=["state", "why", "started_at", "finished_at"])
    record(Event(by, verb, dispatch, dispatch.campaign_id, {"why": dispatch.why} if dispatch.why else {}))


@transaction.atomic
def extend_dispatch(dispatch: Dispatch, not_after: dt.datetime | None, by: User | None) -> None:
    """Let it go out until later, or without an end."""
    require(by, "deliver_message", dispatch.campaign.place)
    if not_after is not None and not_after <= timezone.now():
        raise RefusedError("Thời hạn mới phải ở sau lúc này.")
    dispatch.not_after = not_after
    dispatch.save(update_fields=["not_after"])
    until = not_after.isoformat() if not_after else ""
    record(Event(by, "extend_dispatch", dispatch, dispatch.campaign_id, {"not_after": until}))


@transaction.atomic
def send_again(dispatch: Dispatch, states: tuple[int, ...], by: User | None) -> int:
    """Put people in these states back into the queue; returns how many. Those who are unknown may get it twice."""
    require(by, "deliver_message", dispatch.campaign.place)
    check_start_dispatch(dispatch, by)
    number = open_again(dispatch.pk, states)
    detail = {"states": list(states), "number": number}
    record(Event(by, "send_again", dispatch, dispatch.campaign_id, detail))
    if number and dispatch.state != Dispatch.State.PAUSED:
        start_dispatch(dispatch, by)
    return number


@transaction.atomic
def leave_unknown(dispatch: Dispatch, by: User | None) -> None:
    """Ask no more about those of whom nobody knows: they count as perhaps told."""
    require(by, "deliver_message", dispatch.campaign.place)
    dispatch.unknown = Dispatch.Unknown.LEAVE
    dispatch.save(update_fields=["unknown"])
    record(Event(by, "leave_unknown", dispatch, dispatch.campaign_id))

