"""Carrying out a correction: one approval, everything queued at once in the urgent lane, then sent in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Task
from lantoa.channels.base import State
from lantoa.content.actions import approve_kit, check_approve_kit
from lantoa.content.models import Rendering
from lantoa.content.rules.kinds import KINDS
from lantoa.content.rules.withdrawal import notices_of
from lantoa.delivery.actions.barring import refuse_stale
from lantoa.delivery.actions.completing import Completion, Settling
from lantoa.delivery.actions.inserting import insert_from
from lantoa.delivery.actions.ledger import MODELS, Ledger, Row, still_true
from lantoa.delivery.actions.sending import Run
from lantoa.delivery.actions.telling_people import People, start_telling
from lantoa.delivery.actions.turn import sending_turn
from lantoa.delivery.models import LOST, Correction, CorrectionAct, Delivery, DispatchWords, Publication
from lantoa.delivery.rules.correcting import CLOSE, FOLLOW_UP, NOTICE, REPLACE, TASK
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from lantoa.places.models import User

    Held = Publication | Delivery


def check_carry_out(correction: Correction, by: User | None) -> None:
    """Whether `by` may carry it out, it is still the plan for the facts as they stand, and its words are right."""
    require(by, "correct", correction.campaign.place)
    _check_plan(correction)
    if _brings_words(correction):
        check_approve_kit(correction.campaign, by, _words(correction))


def _check_plan(correction: Correction) -> None:
    if correction.state == Correction.State.CARRIED_OUT:
        raise RefusedError("Đính chính này đã được thực hiện.")
    latest = dict(correction.campaign.facts.current().values_list("key", "version"))
    if any(latest[fact.key] != fact.version for fact in correction.facts.all()):
        raise RefusedError("Dữ kiện đã đổi sau khi lập kế hoạch. Hãy lập lại kế hoạch đính chính.")
    refuse_stale(correction.campaign, _words(correction))


def _brings_words(correction: Correction) -> bool:
    """Whether words go out with it that nobody has approved: it is not approved yet, and no withdrawal.

    A fault elsewhere in the kit is no reason to leave standing what must go.
    """
    return correction.approved_at is None and not correction.withdraws


def _words(correction: Correction) -> QuerySet[Rendering]:
    """The renderings that are still to go out."""
    undone = correction.acts.filter(done_at__isnull=True, rendering__isnull=False)
    sent = DispatchWords.objects.filter(dispatch__correction=correction)
    which = Q(pk__in=undone.values("rendering")) | Q(pk__in=sent.values("rendering"))
    return Rendering.objects.filter(which).select_related("place")


def approve_correction(correction: Correction, by: User | None) -> Correction:
    """Approve the new words and queue all of it in the urgent lane. Cut off and called again, it goes on."""
    require(by, "correct", correction.campaign.place)
    _check_plan(correction)
    with transaction.atomic():
        if correction.withdraws:
            letters = _words(correction)
            short = correction.campaign.rendering_set.filter(
                kind__in=set(notices_of(correction.withdraws)) - {NOTICE},
                place__in=list(letters.values_list("place", flat=True)),
                is_current=True,
            )
            for words in (letters, short):
                words.filter(approved_at__isnull=True).update(approved_at=timezone.now(), approved_by=by)
        elif _brings_words(correction):
            approve_kit(correction.campaign, by, _words(correction))
        if correction.approved_at is None:
            correction.approved_at = timezone.now()
            correction.save(update_fields=["approved_at"])
            detail = {"acts": correction.acts.count()}
            record(Event(by, "approve_correction", correction, correction.campaign_id, detail))
        start_telling(correction, People(correction.campaign, still_true(correction.campaign), correction.withdraws))
    with sending_turn(correction.campaign, waits=True):
        for model in MODELS:
            _queue_replacements(correction, model)
        _queue_notices(correction)
        _give_tasks(correction)
        _close_answered(correction)
    return correction


def carry_out(
    correction: Correction, by: User | None, progress: Callable[[int, int], None] | None = None
) -> Correction:
    """Approve the plan, queue it and send it. Cut off and called again, or taken up by the worker, it goes on."""
    approve_correction(correction, by)
    with sending_turn(correction.campaign, waits=True):
        Run(correction.campaign, progress).send_urgent()
    correction.refresh_from_db()
    if correction.state != Correction.State.CARRIED_OUT and not Completion.finish(correction, by):
        with transaction.atomic():
            undone = correction.acts.filter(done_at__isnull=True).count()
            detail = {"done": correction.acts.count() - undone, "undone": undone}
            record(Event(by, "carry_out", correction, correction.campaign_id, detail))
    return correction


# --- queueing ------------------------------------------------------------------------------------


def _undone(correction: Correction, act: str, model: type[Row]) -> QuerySet[CorrectionAct]:
    return correction.acts.filter(act=act, done_at__isnull=True, **{f"{model.KIND}__isnull": False})


@transaction.atomic
def _queue_replacements(correction: Correction, model: type[Row]) -> None:
    """Write down what takes the place of what, before any of it leaves."""
    acts = _undone(correction, REPLACE, model)
    same = acts.filter(rendering=F(f"{model.KIND}__rendering"))
    facts = Rendering.objects.filter(pk=OuterRef("rendering")).values("facts")
    model.objects.filter(pk__in=same.values(model.KIND)).update(facts=Subquery(facts))
    same.update(done_at=timezone.now(), error="")  # the new value is printed in the same words: nothing to swap
    _insert_rows(model, acts, model, F(f"{model.KIND}__target"))
    for act, row in _without_row(model, acts, model):
        row.act, row.state = act, State.QUEUED.value
        row.save(update_fields=["act", "state"])
    new = model.objects.filter(**{f"act__{model.KIND}": OuterRef("pk")}, act__correction=correction, act__act=REPLACE)
    model.objects.filter(pk__in=acts.values(model.KIND)).update(replaced_by=Subquery(new.values("pk")[:1]))
    model.objects.filter(act__in=acts, state__in=LOST).update(state=State.QUEUED.value)


@transaction.atomic
def _queue_notices(correction: Correction) -> None:
    """Write down who is told, by the way the old words came."""
    for model in MODELS:
        acts = _undone(correction, FOLLOW_UP, model)
        acts.filter(rendering__isnull=True).update(error="chưa soạn được thông báo đính chính")
        acts = acts.filter(rendering__isnull=False)
        _insert_rows(Delivery, acts, model, Value(""))
        told: list[Delivery] = []
        for act, row in _without_row(Delivery, acts, model):
            row.act = act
            row.save(update_fields=["act"])
            told += [row] if row.live_from else []  # it is in their hands already
        Completion(correction.campaign).complete(told)
        Delivery.objects.filter(act__in=acts, state__in=LOST).update(state=State.QUEUED.value)


def _insert_rows(model: type[Row], acts: QuerySet[CorrectionAct], source: type[Held], target: Combinable) -> None:
    """A waiting row of `model` for each act on an exposure of `source` that has none yet."""
    old = source.KIND
    columns: dict[str, Combinable] = {
        "campaign": F(f"{old}__campaign"),
        "rendering": F("rendering"),
        "assignment": F(f"{old}__assignment"),
        "channel": F(f"{old}__channel"),
        "channel_kind": F(f"{old}__channel_kind"),
        "facts": F("rendering__facts"),
        model.WHERE: F(f"{old}__{source.WHERE}"),
        "state": Value(State.QUEUED.value),
        "target": target,
        "provider_id": Value(""),
        "attempts": Value(0),
        "error": Value(""),
        "queued_at": Value(timezone.now(), output_field=DateTimeField()),
        "act": F("pk"),
    }
    rows = acts.filter(~Exists(model.objects.filter(act=OuterRef("pk"))))
    insert_from(model, tuple(columns), rows.order_by("pk").values_list(*columns.values()), in_order=True)


def _without_row(
    model: type[Row], acts: QuerySet[CorrectionAct], source: type[Held]
) -> Iterator[tuple[CorrectionAct, Row]]:
    """Acts whose place already has the very words, or has them on the way, and the row that stands for them there."""
    for act in acts.filter(~Exists(model.objects.filter(act=OuterRef("pk")))).select_related(source.KIND):
        old = act.exposure
        slot = {"channel": old.channel, "channel_kind": old.channel_kind, model.WHERE: old.where, "live_to": None}
        row = model.objects.filter(rendering=act.rendering_id, **slot).first()
        if row is not None:
            yield act, row


@transaction.atomic
def _give_tasks(correction: Correction) -> None:
    """Give each place whose sheets are out of reach the task of taking them away."""
    acts = correction.acts.filter(act=TASK, done_at__isnull=True)
    if not acts.exists():
        return
    task, _ = Task.objects.get_or_create(
        campaign=correction.campaign,
        index=f"ĐC.{correction.pk}",
        defaults={"summary": _order(correction), "is_correction": True, "channel_kinds": []},
    )
    for model in MODELS:
        own = _undone(correction, TASK, model)
        place = F(f"{model.KIND}__{model.WHERE}")
        columns: dict[str, Combinable] = {
            "task": Value(task.pk),
            "place": place,
            "phrase": Value("đính chính"),
            "state": Value(Assignment.State.ARRIVED.value),
            "note": Value(""),
            "changed_at": Value(timezone.now(), output_field=DateTimeField()),
        }
        insert_from(Assignment, tuple(columns), own.values_list(*columns.values()))
        given = Assignment.objects.filter(task=task, **{f"place__{_RELATED[model]}": OuterRef(model.KIND)})
        own.update(assignment=Subquery(given.values("pk")[:1]))
    Settling(Ledger.read(correction.campaign, correction), correction, TASK).close_all()
    acts.update(done_at=timezone.now(), error="")


_RELATED = {Publication: "publications", Delivery: "deliveries"}


def _order(correction: Correction) -> str:
    """What the place is to do, in words."""
    if correction.withdraws:
        return f"Thu lại bản in đã dán, đã phát: {KINDS[correction.withdraws].label} (lý do: {correction.reason})"
    labels = sorted(correction.facts.values_list("label", flat=True))
    return f"Thu lại bản in cũ đã dán, đã phát và thay bằng bản mới (thay đổi: {', '.join(labels)})"


@transaction.atomic
def _close_answered(correction: Correction) -> None:
    """What somebody holds who was told since no longer counts as standing; nothing is sent."""
    acts = correction.acts.filter(act=CLOSE, done_at__isnull=True)
    for model in MODELS:
        model.objects.filter(pk__in=acts.values(model.KIND)).update(live_to=timezone.now())
    acts.update(done_at=timezone.now(), error="")
