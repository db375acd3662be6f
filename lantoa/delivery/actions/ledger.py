"""The ledger read by batches: what stands in front of people, a few lines however many they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Q

from lantoa.content.rules.kinds import KINDS
from lantoa.delivery.actions.routing import channel
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.rules.correcting import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Correction, ExposureQuerySet

Row = TypeVar("Row", Publication, Delivery)
MODELS: tuple[type[Any], ...] = (Publication, Delivery)


def still_true(campaign: Campaign) -> dict[str, frozenset[int]]:
    """For each fact, the versions that hold its current value."""
    now = dict(campaign.facts.current().values_list("key", "value"))
    versions: dict[str, set[int]] = defaultdict(set)
    for key, version, value in campaign.facts.values_list("key", "version", "value"):
        if value == now[key]:
            versions[key].add(version)
    return {key: frozenset(found) for key, found in versions.items()}


def batches_of(rows: ExposureQuerySet[Row]) -> list[Batch]:
    """The batches of these exposures, each with its size: one query."""
    model = rows.model
    alike = ("channel", "rendering_id", "facts", "rendering__kind", "rendering__place_id")
    counted = rows.order_by().values_list(*alike).annotate(size=Count("pk"))
    return [
        Batch(
            is_delivery=model is Delivery,
            channel=name,
            corrects=channel(name).corrects.value,
            rendering_id=rendering,
            rendering_kind=kind,
            territory_id=territory,
            is_print=KINDS[kind].is_print,
            facts=tuple(facts.items()),
            size=size,
        )
        for name, rendering, facts, kind, territory, size in counted
    ]


def among(wanted: Iterable[Batch], known: Iterable[Batch]) -> Q:
    """The exposures of the `wanted` batches of one model. `known` are all there are.

    The facts are compared only where one rendering stands with different ones: when a new value came out in the
    same words.
    """
    variants = Counter((batch.channel, batch.rendering_id) for batch in known)
    plain: dict[str, set[int]] = defaultdict(set)
    found = Q(pk__in=[])
    for batch in wanted:
        if variants[batch.channel, batch.rendering_id] > 1:
            found |= Q(channel=batch.channel, rendering=batch.rendering_id, facts=dict(batch.facts))
        else:
            plain[batch.channel].add(batch.rendering_id)
    for name, renderings in plain.items():
        found |= Q(channel=name, rendering__in=renderings)
    return found


@dataclass(frozen=True)
class Ledger:
    """What stands in front of people now, and what of it is wrong: shows an old value, or is to be withdrawn."""

    campaign: Campaign
    true: Mapping[str, frozenset[int]]
    batches: tuple[Batch, ...]
    withdraws: str = ""

    @classmethod
    def read(cls, campaign: Campaign, correction: Correction | None = None) -> Ledger:
        """Read it as it stands; what is wrong is what `correction` is about, by default what facts made stale."""
        batches = [batch for model in MODELS for batch in batches_of(model.objects.filter(campaign=campaign).live())]
        return cls(campaign, still_true(campaign), tuple(batches), correction.withdraws if correction else "")

    def is_wrong(self, batch: Batch) -> bool:
        """Whether a batch must not stand as it does."""
        return batch.rendering_kind == self.withdraws if self.withdraws else bool(batch.stale(self.true))

    def wrong(self) -> list[Batch]:
        """What must not stand as it does."""
        return [batch for batch in self.batches if self.is_wrong(batch)]

    def stale_keys(self) -> frozenset[str]:
        """The facts some live thing shows in a version no longer true."""
        return frozenset[str]().union(*(batch.stale(self.true) for batch in self.wrong()))

    def of(self, model: type[Row]) -> list[Batch]:
        """The batches of publications, or of deliveries."""
        return [batch for batch in self.batches if batch.is_delivery == (model is Delivery)]

    def where(self, model: type[Row], wanted: Callable[[Batch], bool]) -> Q:
        """The live exposures of the batches that `wanted` picks."""
        own = self.of(model)
        return among([batch for batch in own if wanted(batch)], own)

    def rows(self, model: type[Row], wanted: Callable[[Batch], bool]) -> ExposureQuerySet[Row]:
        """The same as rows."""
        return model.objects.filter(self.where(model, wanted), campaign=self.campaign).live()
