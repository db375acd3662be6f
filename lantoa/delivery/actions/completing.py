"""What a thing sent completes: its act is done, what it replaces or answers no longer stands."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils import timezone

from lantoa.channels.base import SHOWN, State
from lantoa.delivery.actions.ledger import MODELS, Ledger
from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.delivery.rules.correcting import FOLLOW_UP, is_settled_by
from lantoa.places.events import Event, record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Delivery, Publication
    from lantoa.delivery.rules.correcting import Batch
    from lantoa.places.models import User

REFUSED = "Kênh từ chối nhận."


class Completion:
    """Writes down what acts completed; the ledger is read once for each correction, however many chunks there are."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._settling: dict[int, Settling] = {}

    def complete(self, rows: Sequence[Publication | Delivery]) -> None:
        """Close the acts these rows carried out, and note on the others why they could not be."""
        failed: dict[str, list[int]] = defaultdict(list)
        told: dict[int, dict[int, CorrectionAct]] = defaultdict(dict)
        done: list[CorrectionAct] = []
        for row in rows:
            if row.act is None:
                continue
            if row.error or State(row.state) not in SHOWN:
                failed[row.error or REFUSED].append(row.act.pk)
                continue
            done.append(row.act)
            if row.act.act == FOLLOW_UP:
                told[row.act.correction_id][getattr(row, f"{row.WHERE}_id")] = row.act
        for why, ids in failed.items():
            CorrectionAct.objects.filter(pk__in=ids).update(error=why)
        self._close(done)
        for correction_id, acts in told.items():
            self._settling_of(correction_id).close(acts)

    def take_down(self, acts: Sequence[CorrectionAct]) -> None:
        """The same for what was taken down."""
        for act in acts:
            if act.error:
                CorrectionAct.objects.filter(pk=act.pk).update(error=act.error)
        self._close([act for act in acts if not act.error])

    @staticmethod
    def _close(acts: Sequence[CorrectionAct]) -> None:
        """Write down that these are done; what they replaced or took down stands no more."""
        now = timezone.now()
        CorrectionAct.objects.filter(pk__in=[act.pk for act in acts]).update(done_at=now, error="")
        for model in MODELS:
            own = [getattr(act, f"{model.KIND}_id") for act in acts if act.act != FOLLOW_UP]
            ids = [pk for pk in own if pk]
            if ids:
                model.objects.filter(pk__in=ids, live_to__isnull=True).update(live_to=now)

    def _settling_of(self, correction_id: int) -> Settling:
        if correction_id not in self._settling:
            correction = self.campaign.correction_set.get(pk=correction_id)
            self._settling[correction_id] = Settling(Ledger.read(self.campaign, correction), correction, FOLLOW_UP)
        return self._settling[correction_id]

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


class Settling:
    """What no channel can replace, and what therefore counts as answered once its place was told or given the task."""

    def __init__(self, ledger: Ledger, correction: Correction, act: str) -> None:
        self.ledger, self.correction, self.act = ledger, correction, act
        models = [model for model in MODELS if any(map(self._is_settled, ledger.of(model)))]
        self._rows = {model: ledger.rows(model, self._is_settled) for model in models}

    def _is_settled(self, batch: Batch) -> bool:
        return self.ledger.is_wrong(batch) and is_settled_by(batch, self.act)

    def close(self, acts: Mapping[int, CorrectionAct]) -> None:
        """Close it at these places, each with the act that answered it there.

        By number: asked for places, a database that knows little of its tables reads all of the campaign each time.
        """
        now = timezone.now()
        for model, rows in self._rows.items():
            answered = (getattr(act, f"{model.KIND}_id") for act in acts.values())
            others = (pk for place in acts for pk in self._others.get((model.KIND, place), ()))
            ids = [pk for pk in (*answered, *others) if pk]
            if ids:
                rows.filter(pk__in=ids).update(live_to=now)

    def close_all(self) -> None:
        """Close it at every place that has such an act, in one go."""
        for model, rows in self._rows.items():
            places = [Subquery(self._acts(one).values(f"{one.KIND}__{one.WHERE}")) for one in MODELS]
            there = Q(**{f"{model.WHERE}__in": places[0]}) | Q(**{f"{model.WHERE}__in": places[1]})
            rows.filter(there).update(live_to=timezone.now())

    @cached_property
    def _others(self) -> dict[tuple[str, int], list[int]]:
        """What an act does not name, because its place is told once for all it holds: few have any.

        Told apart here, not by the database: one that knows little of its tables goes through all acts for each row.
        """
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for model, rows in self._rows.items():
            named = set(self._acts(model).values_list(model.KIND, flat=True))
            for pk, place in rows.order_by().values_list("pk", f"{model.WHERE}_id").iterator():
                if pk not in named:
                    found[model.KIND, place].append(pk)
        return found

    def _acts(self, model: type[Publication | Delivery]) -> QuerySet[CorrectionAct]:
        return self.correction.acts.filter(act=self.act, **{f"{model.KIND}__isnull": False}).order_by()
