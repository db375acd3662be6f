"""Corrections: what a changed fact made stale, the plan by channel, and one approval that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Fact, Task
from lantoa.channels.base import DONE, ChannelError, State
from lantoa.content.actions import approve_kit, check_approve_kit, make_kit, make_notices
from lantoa.content.rules.kinds import KINDS
from lantoa.delivery.actions.publishing import channel, refuse_stale, send, still_true
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.delivery.rules.correcting import NOTICE, LiveExposure, PlannedAct, plan_acts, settled_by, stale_keys
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lantoa.content.models import Rendering
    from lantoa.places.models import Place, User

    Held = Publication | Delivery


def plan_correction(campaign: Campaign, by: User | None) -> Correction | None:
    """Plan what puts right everything stale; None when nothing is. Renderings are made, nothing outside is touched.

    A plan not yet carried out is replaced by the new one; of a plan carried out in part, what was done stays.
    """
    require(by, "change_fact", campaign.place)
    true = still_true(campaign)
    acts = plan_acts(_live(campaign), true)
    _put_aside(campaign)
    if not acts:
        return None
    keys = {key for act in acts for key in stale_keys(act.exposure.facts, true)}
    changed = list(campaign.facts.current().filter(key__in=keys))
    make_kit(campaign, by)
    make_notices(campaign, changed, {act.exposure.territory_id for act in acts if act.act == "follow_up"}, by)
    return _write_plan(campaign, acts, changed, by)


@transaction.atomic
def _put_aside(campaign: Campaign) -> None:
    for row in campaign.correction_set.filter(state=Correction.State.PLANNED):
        if row.acts.filter(done_at__isnull=False).exists():
            row.acts.filter(done_at__isnull=True).delete()
            row.state, row.carried_out_at = Correction.State.CARRIED_OUT, timezone.now()
            row.save(update_fields=["state", "carried_out_at"])
        else:
            row.delete()


def _live(campaign: Campaign, at: Place | None = None) -> Iterator[LiveExposure]:
    for model in (Publication, Delivery):
        rows = model.objects.filter(campaign=campaign).live().select_related("rendering")
        for row in rows if at is None else rows.filter(**{model.WHERE: at}):
            yield _seen(row)


def _seen(row: Held) -> LiveExposure:
    """A row of the ledger as the rules see it."""
    return LiveExposure(
        id=row.pk,
        is_delivery=isinstance(row, Delivery),
        place_id=getattr(row, f"{row.WHERE}_id"),
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
    acts = correction.acts.filter(done_at__isnull=True).select_related("rendering")
    refuse_stale(correction.campaign, [act.rendering for act in acts if act.rendering])
    check_approve_kit(correction.campaign, by)


def carry_out(
    correction: Correction, by: User | None, progress: Callable[[int, int], None] | None = None
) -> Correction:
    """Approve the new words and carry out every act not yet done. Cut off and called again, it goes on."""
    check_carry_out(correction, by)
    approve_kit(correction.campaign, by)
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
        _withdraw(act)
        return
    if act.rendering_id == old.rendering_id:  # the new value is printed in the same words: nothing to swap
        old.facts = act.rendering.facts
        old.save(update_fields=["facts"])
        _done(act)
        return
    row: Held = old.replaced_by or _row_for(old, act.rendering, type(old))  # one that never went out is used now
    row.rendering, row.facts = act.rendering, act.rendering.facts
    row.save()
    old.replaced_by = row
    old.save(update_fields=["replaced_by"])
    send(row, instead_of=old.target)
    with transaction.atomic():
        row.save()
        if row.error:
            _failed(act, row.error)
            return
        old.live_to = timezone.now()
        old.save(update_fields=["live_to"])
        _done(act)


def _withdraw(act: CorrectionAct) -> None:
    """Take down what has no new version: better nothing than what is no longer true."""
    old = act.exposure
    try:
        channel(old.channel).withdraw(old.target)
    except ChannelError as error:
        _failed(act, str(error))
        return
    with transaction.atomic():
        old.live_to = timezone.now()
        old.save(update_fields=["live_to"])
        _done(act)


def _follow_up(act: CorrectionAct) -> None:
    """Hand the notice to whoever was handed the old words, in the place of the notice they had before."""
    if act.rendering is None:
        _failed(act, "chưa soạn được thông báo đính chính")
        return
    row = _row_for(act.exposure, act.rendering, Delivery)
    if State(row.state) not in DONE:
        send(row, instead_of=_earlier_notice(row))
    with transaction.atomic():
        row.save()
        if row.error:
            _failed(act, row.error)
            return
        _settle(act)
        _done(act)


def _earlier_notice(row: Held) -> str:
    """Where the recipient's last notice lies, when the channel can put another there."""
    if channel(row.channel).corrects.value != CorrectionAct.Act.REPLACE:
        return ""
    notices = Delivery.objects.filter(campaign_id=row.campaign_id, recipient=row.where, channel=row.channel)
    last = notices.live().filter(rendering__kind=NOTICE).exclude(pk=row.pk).order_by("pk").last()
    return last.target if last else ""


def _row_for(old: Held, rendering: Rendering, model: type[Publication | Delivery]) -> Held:
    """The ledger's row of what goes out now, written before it leaves."""
    row, _ = model.objects.get_or_create(
        rendering=rendering,
        channel=old.channel,
        channel_kind=old.channel_kind,
        live_to=None,
        **{model.WHERE: old.where},
        defaults={"campaign_id": old.campaign_id, "assignment_id": old.assignment_id, "facts": rendering.facts},
    )
    return row


def _settle(act: CorrectionAct) -> None:
    """Close what no channel can replace at a place that was told, or given the task."""
    campaign, planned = act.correction.campaign, PlannedAct(act.act, _seen(act.exposure))
    for one in settled_by(planned, _live(campaign, at=act.exposure.where), still_true(campaign)):
        model = Delivery if one.is_delivery else Publication
        model.objects.filter(pk=one.id).update(live_to=timezone.now())


def _done(act: CorrectionAct) -> None:
    act.done_at, act.error = timezone.now(), ""
    act.save(update_fields=["done_at", "error"])


def _failed(act: CorrectionAct, why: str) -> None:
    act.error = why
    act.save(update_fields=["error"])


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
    act.save(update_fields=["assignment"])
    _settle(act)
    _done(act)


DOERS: dict[str, Callable[[CorrectionAct], None]] = {
    CorrectionAct.Act.REPLACE: _replace,
    CorrectionAct.Act.FOLLOW_UP: _follow_up,
    CorrectionAct.Act.TASK: _give_task,
}
