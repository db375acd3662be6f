"""Verbs of delivery: publish the kit, hand a message to an audience."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from lantoa.campaigns.models import Assignment, Campaign, Question
from lantoa.channels.registry import is_wire
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, NOTICE_KINDS, SMS_LEVELS
from lantoa.delivery.actions.barring import refuse_stale, refuse_withdrawn, withdrawn
from lantoa.delivery.actions.dispatching import Order
from lantoa.delivery.actions.preparing import plan_dispatch
from lantoa.delivery.actions.proposing import Proposal, propose_dispatches
from lantoa.delivery.actions.routing import route, wire_for
from lantoa.delivery.actions.sending import send_waiting
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.rules.publishing import (
    SMS_IS_BARRED,
    Barred,
    PlannedExposure,
    Work,
    plan_exposures,
    plan_neighbourhoods,
)
from lantoa.places.actions import tree
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lantoa.content.models import Rendering
    from lantoa.places.models import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of sending did."""

    publications: int
    deliveries: int
    sent: int
    failed: int
    proposals: tuple[Proposal, ...] = ()
    """Dispatches to many people that wait for somebody's word, or why there are none."""


def check_publish_kit(campaign: Campaign, by: User | None) -> None:
    """Whether `by` may publish, and everything that would go out has been approved."""
    require(by, "publish_kit", campaign.place)
    if campaign.state != Campaign.State.LIVE:
        raise RefusedError("Chiến dịch đã kết thúc.")
    kit = campaign.rendering_set.current().exclude(kind__in=NOTICE_KINDS)
    waiting = kit.filter(approved_at__isnull=True).count()
    if waiting:
        raise RefusedError(f"Còn {waiting} sản phẩm chưa được duyệt. Hãy duyệt bộ nội dung trước khi phát.")
    refuse_stale(campaign, kit)


def publish_kit(campaign: Campaign, by: User | None, progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Show the kit at every place the tasks name and hand it to every team; what already stands there stays.

    To many people nothing is sent: where a route leads to them, a dispatch is planned that waits for somebody's word.
    """
    check_publish_kit(campaign, by)
    with transaction.atomic():
        planned, barred = plan_exposures(_work(campaign))
        to_many, to_places = _split(planned)
        publications, deliveries = _queue(campaign, to_places)
        proposals = propose_dispatches(campaign, to_many, by)
        _ask_about(campaign, barred)
        if publications or deliveries:
            record(
                Event(
                    by, "publish_kit", campaign, campaign.pk, {"publications": publications, "deliveries": deliveries}
                )
            )
    sent, failed = send_waiting(campaign, progress)
    return Outcome(publications, deliveries, sent, failed, tuple(proposals))


def _split(planned: Sequence[PlannedExposure]) -> tuple[dict[str, dict[str, set[int]]], list[PlannedExposure]]:
    """What channels to many people are to carry: by channel and channel kind, the territories; and all the rest."""
    to_many: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    to_places: list[PlannedExposure] = []
    wires = {kind: wire_for(kind) for kind in {item.channel_kind for item in planned}}
    for item in planned:
        if name := wires[item.channel_kind]:
            to_many[name][item.channel_kind].add(item.territory_id)
        else:
            to_places.append(item)
    return to_many, to_places


def _work(campaign: Campaign) -> Iterator[Work]:
    rows = Assignment.objects.filter(task__campaign=campaign, task__is_correction=False).select_related("task", "place")
    places = tree(campaign.as_of)
    for row in rows:
        home, own = places.territory(row.place_id), 0
        if home is not None and home.kind == "neighbourhood" and home.parent_id is not None:
            home, own = places.by_id[home.parent_id], home.id
        if home is not None:
            yield Work(
                row.pk,
                row.place_id,
                row.place.kind,
                home.id,
                home.kind,
                tuple(row.task.channel_kinds),
                is_handed_on=row.given_by_id is not None,
                neighbourhood_id=own,
            )


def _queue(campaign: Campaign, planned: Sequence[PlannedExposure]) -> tuple[int, int]:
    kit = campaign.rendering_set.current().exclude(pk__in=withdrawn(campaign)).select_related("place")
    renderings = {(row.place_id, row.kind): row for row in kit}
    standing, taken = _standing(campaign), _taken(campaign)
    publications: list[Publication] = []
    deliveries: list[Delivery] = []

    def queue(item: PlannedExposure) -> None:
        own = renderings.get((item.neighbourhood_id, item.rendering_kind))
        rendering = own or renderings.get((item.territory_id, item.rendering_kind))
        slot = (item.is_delivery, item.place_id, item.channel_kind, item.rendering_kind)
        if rendering is None or slot in standing:
            return
        standing.add(slot)
        taken.add((rendering.place_id, rendering.kind))
        if item.is_delivery:
            deliveries.append(Delivery(recipient_id=item.place_id, **_exposed(campaign, item, rendering)))
        else:
            publications.append(Publication(place_id=item.place_id, **_exposed(campaign, item, rendering)))

    for item in planned:
        queue(item)
    own = [key for key, row in renderings.items() if row.place.kind == "neighbourhood"]
    for item in plan_neighbourhoods(own, taken):
        queue(item)
    Publication.objects.bulk_create(publications)
    Delivery.objects.bulk_create(deliveries)
    return len(publications), len(deliveries)


def _exposed(campaign: Campaign, item: PlannedExposure, rendering: Rendering) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "rendering": rendering,
        "assignment_id": item.assignment_id,
        "facts": rendering.facts,
        "channel": route(campaign, item.channel_kind),
        "channel_kind": item.channel_kind,
    }


def _taken(campaign: Campaign) -> set[tuple[int, str]]:
    """Renderings, by place and kind, that stand somewhere or are on their way."""
    found: set[tuple[int, str]] = set()
    for rows in (campaign.publication_set, campaign.delivery_set):
        live = rows.filter(live_to__isnull=True, rendering__place__kind="neighbourhood")
        found |= set(live.values_list("rendering__place_id", "rendering__kind"))
    return found


def _standing(campaign: Campaign) -> set[tuple[bool, int, str, str]]:
    """Slots that hold something live or on its way: a second run leaves them, only a correction changes them."""
    shown = campaign.publication_set.filter(live_to__isnull=True).values_list(
        "place_id", "channel_kind", "rendering__kind"
    )
    handed = campaign.delivery_set.filter(live_to__isnull=True).values_list(
        "recipient_id", "channel_kind", "rendering__kind"
    )
    return {(False, *row) for row in shown} | {(True, *row) for row in handed}


def _ask_about(campaign: Campaign, barred: Iterable[Barred]) -> None:
    asks = {
        item.channel_kind: Question(
            campaign=campaign,
            about=Question.About.ASSIGNEE,
            subject=CHANNEL_KIND_LABELS[item.channel_kind],
            why=f"Cấp này không được tự gửi qua kênh “{CHANNEL_KIND_LABELS[item.channel_kind]}” ({item.rule}). "
            "Nội dung đã soạn sẵn trong bộ nội dung: hãy đề nghị cấp tỉnh gửi, hoặc chọn kênh khác.",
        )
        for item in barred
    }
    Question.objects.bulk_create(asks.values(), ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to get what, and which way.

    `way` is a channel or a channel kind, whose route says which; `segment` is a kind of place, a code, or empty for
    all given work.
    """

    way: str
    rendering_kind: str
    segment: str = ""


def check_deliver_message(campaign: Campaign, audience: Audience, by: User | None) -> dict[int, Rendering]:
    """The approved, current renderings to send, by territory. Raises `RefusedError` naming what stands in the way."""
    require(by, "deliver_message", campaign.place)
    if audience.way not in settings.LANTOA_CHANNELS and audience.way not in CHANNEL_KIND_LABELS:
        raise RefusedError(f"Không có kênh “{audience.way}”. Các kênh: {', '.join(settings.LANTOA_CHANNELS)}.")
    if audience.way == "sms" and campaign.place.kind not in SMS_LEVELS:
        raise RefusedError(SMS_IS_BARRED)
    renderings = {row.place_id: row for row in campaign.rendering_set.current().filter(kind=audience.rendering_kind)}
    if not renderings:
        raise RefusedError(f"Bộ nội dung không có sản phẩm “{audience.rendering_kind}”.")
    refuse_withdrawn(campaign, renderings.values())
    if any(row.approved_at is None for row in renderings.values()):
        raise RefusedError("Sản phẩm này chưa được duyệt.")
    refuse_stale(campaign, renderings.values())
    return renderings


def deliver_message(campaign: Campaign, audience: Audience, by: User | None) -> Outcome:
    """Hand one rendering to every place of the audience, once, and send what waits.

    Where the way leads to many people, the dispatch is planned and waits for somebody's word.
    """
    if name := _wire_of(audience.way):
        order = Order(name, audience.rendering_kind, audience.segment)
        planned = plan_dispatch(campaign, order, by)
        return Outcome(0, 0, 0, 0, (Proposal(name, (), planned.dispatch, is_new=planned.is_new),))
    rows = list(_addressed(campaign, audience, check_deliver_message(campaign, audience, by)))
    detail = {"way": audience.way, "rendering": audience.rendering_kind, "queued": len(rows)}
    with transaction.atomic():
        Delivery.objects.bulk_create(rows)
        record(Event(by, "deliver_message", campaign, campaign.pk, detail))
    sent, failed = send_waiting(campaign)
    return Outcome(0, len(rows), sent, failed)


def _wire_of(way: str) -> str:
    """The channel to many people that a channel or channel kind means, if it means one."""
    if way in settings.LANTOA_CHANNELS:
        return way if is_wire(way, settings.LANTOA_CHANNELS) else ""
    return wire_for(way) if way in CHANNEL_KIND_LABELS else ""


def _addressed(campaign: Campaign, audience: Audience, renderings: Mapping[int, Rendering]) -> Iterator[Delivery]:
    """One delivery for each place of the audience that does not hold the rendering yet."""
    is_channel = audience.way in settings.LANTOA_CHANNELS
    name = audience.way if is_channel else route(campaign, audience.way)
    standing = campaign.delivery_set.filter(channel=name, rendering__kind=audience.rendering_kind, live_to=None)
    already = set(standing.values_list("recipient_id", flat=True))
    codes = {place.id: place.code for place in tree(campaign.as_of).places}
    chosen = {
        item.place_id: item
        for item in _work(campaign)
        if audience.segment in {"", item.place_kind, codes.get(item.place_id)} and item.place_id not in already
    }
    for item in chosen.values():
        nearest = (item.neighbourhood_id, item.territory_id, campaign.place_id)
        rendering = next((renderings[place] for place in nearest if place in renderings), None)
        if rendering is not None:
            yield Delivery(
                campaign=campaign,
                rendering=rendering,
                assignment_id=item.assignment_id,
                recipient_id=item.place_id,
                channel=name,
                channel_kind="other" if is_channel else audience.way,
                facts=rendering.facts,
            )
