"""Corrections: what a changed fact made stale, the plan by channel, and one approval that carries it out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Fact, Task
from lantoa.content.actions import make_kit, make_notices
from lantoa.content.rules.kinds import KINDS
from lantoa.delivery.actions.publishing import channel, send
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.delivery.rules.correcting import LiveExposure, PlannedAct, plan_acts, stale_keys
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lantoa.content.models import Rendering
    from lantoa.places.models import User

NOTICE = "correction_notice"


def plan_correction(campaign: Campaign, by: User | None) -> Correction | None:
    """Plan what puts right everything stale; None when nothing is. Renderings are made, nothing outside is touched.

    A plan not yet carried out is replaced by the new one.
    """
    require(by, "change_fact", campaign.place)
    still_true = _still_true(campaign)
    live = {(row.is_delivery, row.id): row for row in _live(campaign)}
    acts = plan_acts(live.values(), still_true)
    with transaction.atomic():
        campaign.correction_set.filter(state=Correction.State.PLANNED).delete()
    if not acts:
        return None
    keys = {key for act in acts for key in stale_keys(act.exposure.facts, still_true)}
    changed = list(campaign.facts.current().filter(key__in=keys))
    make_kit(campaign, by)
    make_notices(campaign, changed, {act.exposure.territory_id for act in acts if act.act == "follow_up"}, by)
    return _write_plan(campaign, acts, changed, by)


def _still_true(campaign: Campaign) -> dict[str, frozenset[int]]:
    now = dict(campaign.facts.current().values_list("key", "value"))
    versions: dict[str, set[int]] = defaultdict(set)
    for key, version, value in campaign.facts.values_list("key", "version", "value"):
        if value == now[key]:
            versions[key].add(version)
    return {key: frozenset(found) for key, found in versions.items()}


def _live(campaign: Campaign) -> Iterator[LiveExposure]:
    for model in (Publication, Delivery):
        rows = model.objects.filter(campaign=campaign).live().exclude(rendering__kind__startswith=NOTICE)
        for row in rows.select_related("rendering"):
            yield LiveExposure(
                id=row.pk,
                is_delivery=model is Delivery,
                place_id=getattr(row, f"{model.WHERE}_id"),
                rendering_id=row.rendering_id,
                rendering_kind=row.rendering.kind,
                territory_id=row.rendering.place_id,
                is_print=KINDS[row.rendering.kind].is_print,
                facts=row.facts,
                corrects=channel(row.channel).corrects.value,
            )


@transaction.atomic
def _write_plan(campaign: Campaign, acts: list[PlannedAct], changed: list[Fact], by: User | None) -> Correction:
    renderings = {(row.place_id, row.kind): row for row in campaign.rendering_set.current()}
    correction = Correction.objects.create(campaign=campaign, by=by)
    correction.facts.set(changed)
    CorrectionAct.objects.bulk_create(_act(correction, item, renderings) for item in acts)
    record(
        Event(
            by,
            "plan_correction",
            correction,
            campaign.pk,
            {"facts": {fact.key: fact.version for fact in changed}, "acts": len(acts)},
        )
    )
    return correction


def _act(correction: Correction, item: PlannedAct, renderings: Mapping[tuple[int, str], Rendering]) -> CorrectionAct:
    exposure = item.exposure
    kind = NOTICE if item.act == CorrectionAct.Act.FOLLOW_UP else exposure.rendering_kind
    return CorrectionAct(
        correction=correction,
        act=item.act,
        rendering=renderings.get((exposure.territory_id, kind)),
        **{"delivery_id" if exposure.is_delivery else "publication_id": exposure.id},
    )


def check_carry_out(correction: Correction, by: User | None) -> None:
    """Whether `by` may carry the plan out, and it is still the plan for the facts as they stand."""
    require(by, "correct", correction.campaign.place)
    if correction.state == Correction.State.CARRIED_OUT:
        raise RefusedError("Đính chính này đã được thực hiện.")
    latest = dict(correction.campaign.facts.current().values_list("key", "version"))
    if any(latest[fact.key] != fact.version for fact in correction.facts.all()):
        raise RefusedError("Dữ kiện đã đổi sau khi lập kế hoạch. Hãy lập lại kế hoạch đính chính.")


def carry_out(
    correction: Correction, by: User | None, progress: Callable[[int, int], None] | None = None
) -> Correction:
    """Carry out every act not yet done. Cut off and called again, it goes on where it stopped."""
    check_carry_out(correction, by)
    acts = list(
        correction.acts.filter(done_at__isnull=True).select_related(
            "publication__rendering",
            "delivery__rendering",
            "publication__place",
            "delivery__recipient",
            "rendering__place",
        )
    )
    for number, act in enumerate(acts, start=1):
        DOERS[act.act](act)
        if progress:
            progress(number, len(acts))
    undone = correction.acts.filter(done_at__isnull=True).count()
    with transaction.atomic():
        if not undone:
            correction.state, correction.carried_out_at = Correction.State.CARRIED_OUT, timezone.now()
            correction.save(update_fields=["state", "carried_out_at"])
        record(
            Event(by, "carry_out", correction, correction.campaign_id, {"done": len(acts) - undone, "undone": undone})
        )
    return correction


def _replace(act: CorrectionAct) -> None:
    """Put the new rendering where the old one stands; the old row is closed and points at the new."""
    old = act.exposure
    if act.rendering is None:
        act.error = "bộ nội dung mới không còn sản phẩm này"
        act.save(update_fields=["error"])
        return
    row, _ = type(old).objects.get_or_create(
        rendering=act.rendering,
        channel=old.channel,
        channel_kind=old.channel_kind,
        live_to=None,
        **{old.WHERE: old.where},
        defaults={"campaign_id": old.campaign_id, "assignment_id": old.assignment_id, "facts": act.rendering.facts},
    )
    send(row, instead_of=old.target)
    with transaction.atomic():
        row.save()
        if row.error:
            act.error = row.error
        else:
            old.live_to, old.replaced_by = timezone.now(), row
            old.save(update_fields=["live_to", "replaced_by"])
            act.done_at, act.error = timezone.now(), ""
        act.save(update_fields=["done_at", "error"])


def _follow_up(act: CorrectionAct) -> None:
    """Hand the notice to whoever was handed the old words."""
    old = act.exposure
    if act.rendering is None:
        act.error = "chưa soạn được thông báo đính chính"
        act.save(update_fields=["error"])
        return
    row, _ = Delivery.objects.get_or_create(
        rendering=act.rendering,
        channel=old.channel,
        channel_kind=old.channel_kind,
        recipient=old.where,
        live_to=None,
        defaults={"campaign_id": old.campaign_id, "assignment_id": old.assignment_id, "facts": act.rendering.facts},
    )
    send(row)
    with transaction.atomic():
        row.save()
        act.error, act.done_at = row.error, None if row.error else timezone.now()
        act.save(update_fields=["done_at", "error"])


@transaction.atomic
def _give_task(act: CorrectionAct) -> None:
    """Give the place the task of taking away what was printed."""
    campaign = act.correction.campaign
    labels = sorted(act.correction.facts.values_list("label", flat=True))
    task, _ = Task.objects.get_or_create(
        campaign=campaign,
        index=f"ĐC.{act.correction_id}",
        defaults={
            "summary": f"Thu lại bản in cũ đã dán, đã phát và thay bằng bản mới (thay đổi: {', '.join(labels)})",
            "is_correction": True,
            "channel_kinds": [],
        },
    )
    act.assignment, _ = Assignment.objects.get_or_create(
        task=task, place=act.exposure.where, defaults={"phrase": "đính chính"}
    )
    act.done_at = timezone.now()
    act.save(update_fields=["assignment", "done_at"])


DOERS: dict[str, Callable[[CorrectionAct], None]] = {
    CorrectionAct.Act.REPLACE: _replace,
    CorrectionAct.Act.FOLLOW_UP: _follow_up,
    CorrectionAct.Act.TASK: _give_task,
}
