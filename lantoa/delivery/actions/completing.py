"""What a thing sent completes: its act is done, what it replaces or answers no longer stands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.channels.base import SHOWN, State
from lantoa.delivery.actions.ledger import MODELS, Ledger
from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.delivery.rules.correcting import FOLLOW_UP, is_settled_by
from lantoa.places.events import Event, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Delivery, Publication
    from lantoa.delivery.rules.correcting import Batch
    from lantoa.places.models import User

REFUSED = "Kênh từ chối nhận."


class Completion:
    """Writes down what acts completed; the ledger is read once for each correction, however many chunks there are."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._ledgers: dict[int, Ledger] = {}

    def ledger(self, correction: Correction) -> Ledger:
        """What the correction was to put right, as it stood when the run began."""
        if correction.pk not in self._ledgers:
            self._ledgers[correction.pk] = Ledger.read(self.campaign, correction)
        return self._ledgers[correction.pk]

    def complete(self, rows: Sequence[Publication | Delivery]) -> None:
        """Close the acts these rows carried out, and note on the others why they could not be."""
        acts = {act.pk: act for act in _acts_of(rows)}
        failed: dict[str, list[int]] = defaultdict(list)
        done: list[CorrectionAct] = []
        for row in rows:
            act = acts[row.act_id or 0]
            if not row.error and State(row.state) in SHOWN:
                done.append(act)
            else:
                failed[row.error or REFUSED].append(act.pk)
        for why, ids in failed.items():
            CorrectionAct.objects.filter(pk__in=ids).update(error=why)
        self._close(done)

    def take_down(self, acts: Sequence[CorrectionAct]) -> None:
        """The same for what was taken down."""
        for act in acts:
            if act.error:
                CorrectionAct.objects.filter(pk=act.pk).update(error=act.error)
        self._close([act for act in acts if not act.error])

    def _close(self, acts: Sequence[CorrectionAct]) -> None:
        now = timezone.now()
        CorrectionAct.objects.filter(pk__in=[act.pk for act in acts]).update(done_at=now, error="")
        for model in MODELS:
            own = [getattr(act, f"{model.KIND}_id") for act in acts if act.act != FOLLOW_UP]
            model.objects.filter(pk__in=[pk for pk in own if pk], live_to__isnull=True).update(live_to=now)
        told: dict[int, list[CorrectionAct]] = defaultdict(list)
        for act in acts:
            if act.act == FOLLOW_UP:
                told[act.correction_id].append(act)
        for some in told.values():
            self.settle(some[0].correction, FOLLOW_UP, {_place_id(act) for act in some})

    def settle(self, correction: Correction, act: str, places: Iterable[int]) -> None:
        """Close what no channel can replace at places that were told, or given the task."""
        ledger = self.ledger(correction)

        def settled(batch: Batch) -> bool:
            return ledger.is_wrong(batch) and is_settled_by(batch, act)

        for model in MODELS:
            own = ledger.where(model, settled)
            there = model.objects.filter(**{f"{model.WHERE}__in": set(places)}).live()
            # By number, in two steps: a database asked both at once may begin with the batches, not with the places.
            ids = list(there.filter(campaign=self.campaign).values_list("pk", flat=True))
            model.objects.filter(own, pk__in=ids).update(live_to=timezone.now())

    @staticmethod
    def finish(correction: Correction, by: User | None) -> bool:
        """Write down that a correction is carried out, once nothing of it is left; returns whether it is."""
        with transaction.atomic():
            acts = correction.acts.all()
            if acts.filter(done_at__isnull=True).exists() or correction.dispatches.unfinished().exists():
                return False
            correction.state, correction.carried_out_at = Correction.State.CARRIED_OUT, timezone.now()
            correction.save(update_fields=["state", "carried_out_at"])
            record(Event(by, "carry_out", correction, correction.campaign_id, {"done": acts.count(), "undone": 0}))
        return True


def _acts_of(rows: Sequence[Publication | Delivery]) -> Iterable[CorrectionAct]:
    ids = {row.act_id for row in rows if row.act_id}
    return CorrectionAct.objects.filter(pk__in=ids).select_related("correction", "publication", "delivery")


def _place_id(act: CorrectionAct) -> int:
    exposure = act.exposure
    place_id: int = getattr(exposure, f"{exposure.WHERE}_id")
    return place_id
