"""The plan of a correction: what is wrong, and the acts that put it right, written by the database itself.

What to do is decided for each batch of the ledger; the acts on its exposures are made by `INSERT … SELECT`. Nothing
outside is touched.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import BigIntegerField, Case, Exists, F, Min, OuterRef, Subquery, Value, When
from django.utils import timezone

from lantoa.channels.base import State
from lantoa.content.actions import make_kit, make_notices
from lantoa.content.models import Rendering
from lantoa.content.rules.kinds import NOTICE_KINDS
from lantoa.delivery.actions.inserting import insert_from, know_tables
from lantoa.delivery.actions.ledger import MODELS, Ledger, Row
from lantoa.delivery.actions.telling import Telling
from lantoa.delivery.actions.telling_people import People, forget_planned
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.delivery.rules.correcting import (
    CLOSE,
    FOLLOW_UP,
    NOTICE,
    REPLACE,
    TASK,
    WITHDRAW,
    is_replaced,
    needs_hands,
    stale_keys,
)
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from lantoa.campaigns.models import Campaign
    from lantoa.content.actions.making import Kit
    from lantoa.delivery.actions.telling import Keys
    from lantoa.delivery.actions.telling_people import Notices
    from lantoa.delivery.models import ExposureQuerySet
    from lantoa.delivery.rules.correcting import Batch
    from lantoa.places.models import User


def plan_correction(campaign: Campaign, by: User | None) -> Correction | None:
    """Plan what puts right everything stale; None where nothing can be. Renderings are made, nothing else is touched.

    A plan not yet carried out is replaced by the new one; of a plan carried out in part, what was done stays.
    """
    require(by, "change_fact", campaign.place)
    know_tables(*MODELS, CorrectionAct)
    put_aside(campaign)
    ledger = Ledger.read(campaign)
    people = People(campaign, ledger.true)
    if not ledger.wrong() and not people.has_work():
        return None
    if not _is_fresh(ledger):
        make_kit(campaign, by)
    plan = Plan(ledger)
    keys = ledger.stale_keys().union(*(words.keys for words in people.stale))
    changed = list(campaign.facts.current().filter(key__in=keys))
    notices = make_all_notices(
        plan, people, lambda keys, where: make_notices(campaign, [one for one in changed if one.key in keys], where, by)
    )
    with transaction.atomic():
        correction = Correction.objects.create(campaign=campaign, by=by)
        correction.facts.set(changed)
        acts = plan.write(correction, letters_of(notices))
        number = people.plan(correction, notices, by)
        if not (acts or number or people.unfinished()):  # for what people hold there is no notice: nothing can be done
            correction.delete()
            return None
        told = {"people": number} if number else {}
        detail = {"facts": {fact.key: fact.version for fact in changed}, "acts": acts, **told}
        record(Event(by, "plan_correction", correction, campaign.pk, detail))
    return correction


def _is_fresh(ledger: Ledger) -> bool:
    """Whether the kit was made since the facts changed."""
    kit = ledger.campaign.rendering_set.filter(is_current=True).exclude(kind__in=NOTICE_KINDS)
    return not any(stale_keys(facts, ledger.true) for facts in kit.values_list("facts", flat=True))


def make_all_notices(plan: Plan, people: People, make: Callable[[Keys, set[int]], Kit]) -> dict[Keys, Notices]:
    """The notices of what places and people are told together: by kind and territory. A neighbourhood gets its ward's.

    `make` makes the notices of these facts for the offices of these territories.
    """
    wanted = plan.telling.notices()
    for keys, territories in people.notices().items():
        wanted[keys] = wanted.get(keys, set()) | territories
    office = offices_of(set().union(*wanted.values()))
    found: dict[Keys, Notices] = {}
    for keys, territories in wanted.items():
        rows = [row for row in make(keys, {office[one] for one in territories}).renderings if row.language == "vi"]
        found[keys] = {(row.kind, one): row for one in territories for row in rows if row.place_id == office[one]}
    return found


def letters_of(notices: Mapping[Keys, Notices]) -> dict[Keys, dict[int, int]]:
    """Of these, the letter for each territory: its rendering by the territory."""
    return {
        keys: {place: row.pk for (kind, place), row in rows.items() if kind == NOTICE}
        for keys, rows in notices.items()
    }


def offices_of(territories: Iterable[int]) -> dict[int, int]:
    """Each of these territories with the one whose office speaks to it: itself, or the ward of a neighbourhood."""
    wards = Place.objects.filter(pk__in=territories, kind="neighbourhood", parent__isnull=False)
    return {territory: territory for territory in territories} | dict(wards.values_list("pk", "parent_id"))


@transaction.atomic
def put_aside(campaign: Campaign) -> None:
    """Close plans for changed facts not carried out: what was queued and never sent is taken back, what was done stays.

    Of what was being sent when the run was cut off nobody knows whether it went: it counts as standing, so that the
    next plan puts it right as well.
    """
    for correction in campaign.correction_set.filter(state=Correction.State.PLANNED, withdraws=""):
        undone = correction.acts.filter(done_at__isnull=True)
        for model in MODELS:
            rows = model.objects.filter(act__in=undone)
            rows.filter(state=State.SENDING.value).update(state=State.UNKNOWN.value, live_from=timezone.now())
            rows.exclude(state=State.UNKNOWN.value).filter(live_from__isnull=True).delete()
        forget_planned(correction)
        if correction.acts.filter(done_at__isnull=False).exists() or correction.dispatches.exists():
            undone.delete()
            correction.state, correction.carried_out_at = Correction.State.CARRIED_OUT, timezone.now()
            correction.save(update_fields=["state", "carried_out_at"])
        else:
            correction.delete()


class Plan:
    """The acts that put right what is wrong in a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.telling = Telling(ledger)

    def _rows(self, model: type[Row], wanted: Callable[[Batch], bool]) -> ExposureQuerySet[Row]:
        return self.ledger.rows(model, lambda batch: self.ledger.is_wrong(batch) and wanted(batch))

    def write(self, correction: Correction, notices: Mapping[Keys, Mapping[int, int]]) -> int:
        """Write the acts of `correction`; `notices` are the renderings to tell with. Returns how many there are."""
        number: int = sum(self._replace(correction, model) for model in MODELS)
        number += self._follow_up(correction, notices)
        number += self._take_away_notices(correction)
        number += self._give_tasks(correction)
        return number + sum(_insert(correction, CLOSE, self.telling.heard(model)) for model in MODELS)

    def _replace(self, correction: Correction, model: type[Row]) -> int:
        """Put new words where they can be put, and take down what has none."""
        fresh = self._fresh
        rows = self._rows(model, lambda batch: is_replaced(batch) and batch.rendering_id in fresh)
        number = _insert(correction, REPLACE, rows, self._new)
        gone = self._rows(model, lambda batch: is_replaced(batch) and batch.rendering_id not in fresh)
        return number + _insert(correction, WITHDRAW, gone)

    @property
    def _new(self) -> Subquery:
        """The words that hold now, of the same kind and for the same territory as those of an exposure."""
        new = Rendering.objects.filter(
            campaign=self.ledger.campaign,
            is_current=True,
            kind=OuterRef("rendering__kind"),
            place=OuterRef("rendering__place"),
            language=OuterRef("rendering__language"),
        )
        return Subquery(new.values("pk")[:1])

    @cached_property
    def _fresh(self) -> frozenset[int]:
        """Renderings that have a current one in their place; what is withdrawn gets none."""
        if self.ledger.withdraws:
            return frozenset()
        current = Rendering.objects.filter(
            campaign=self.ledger.campaign,
            is_current=True,
            kind=OuterRef("kind"),
            place=OuterRef("place"),
            language=OuterRef("language"),
        )
        old = Rendering.objects.filter(pk__in={batch.rendering_id for batch in self.ledger.wrong()})
        return frozenset(old.filter(Exists(current)).values_list("pk", flat=True))

    def _follow_up(self, correction: Correction, notices: Mapping[Keys, Mapping[int, int]]) -> int:
        """Tell each place once, by the way its stale thing came."""
        number = 0
        for keys, (shown, handed) in self.telling.groups():
            notice = _for_territory(notices.get(keys, {}), self.ledger.wrong())
            number += _insert(correction, FOLLOW_UP, shown, notice) + _insert(correction, FOLLOW_UP, handed, notice)
        return number

    def _take_away_notices(self, correction: Correction) -> int:
        """Take down old notices where no new one comes in their place."""
        told = CorrectionAct.objects.filter(
            correction=correction,
            act=FOLLOW_UP,
            delivery__recipient=OuterRef("recipient"),
            delivery__channel=OuterRef("channel"),
        )
        old = self._rows(Delivery, lambda batch: batch.is_notice and batch.corrects == REPLACE)
        return _insert(correction, WITHDRAW, old.filter(~Exists(told)))

    def _give_tasks(self, correction: Correction) -> int:
        shown = self._rows(Publication, needs_hands)
        handed = self._rows(Delivery, needs_hands).exclude(recipient__in=shown.values("place"))
        new = None if self.ledger.withdraws else self._new
        return sum(_insert(correction, TASK, _first_of_each(rows), new) for rows in (shown, handed))


def _first_of_each(rows: ExposureQuerySet[Row]) -> ExposureQuerySet[Row]:
    """Of each place the first."""
    firsts = rows.order_by().values(rows.model.WHERE).annotate(first=Min("pk")).values("first")
    chosen: ExposureQuerySet[Row] = rows.model.objects.filter(pk__in=firsts)
    return chosen


def _for_territory(notices: Mapping[int, int], batches: Iterable[Batch]) -> Combinable | None:
    """The notice of the territory whose words the exposure shows; None when the pack has none."""
    words: dict[int, set[int]] = defaultdict(set)
    for batch in batches:
        if batch.territory_id in notices:
            words[notices[batch.territory_id]].add(batch.rendering_id)
    whens = [When(rendering__in=renderings, then=Value(notice)) for notice, renderings in words.items()]
    return Case(*whens, output_field=BigIntegerField()) if whens else None


def _insert(correction: Correction, act: str, rows: QuerySet[Any], rendering: Combinable | None = None) -> int:
    columns: dict[str, Combinable] = {
        "correction": Value(correction.pk),
        "act": Value(act),
        rows.model.KIND: F("pk"),
        "error": Value(""),
    }
    if rendering is not None:
        columns["rendering"] = rendering
    # In the order of their keys: what a table and its indexes get out of order costs PostgreSQL twice the time.
    return insert_from(CorrectionAct, tuple(columns), rows.order_by("pk").values_list(*columns.values()), in_order=True)
