"""Who is told of what by a correction: everybody who read an old value, once, and only what they had not heard yet."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, IntegerField, Max, Min, OuterRef, Q, Value, When

from lantoa.delivery.actions.ledger import MODELS
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.rules.correcting import FOLLOW_UP, REPLACE, Batch, is_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from lantoa.delivery.actions.ledger import Ledger, Row
    from lantoa.delivery.models import ExposureQuerySet

Keys = frozenset[str]
WITHDRAWAL = ""
"""Stands for the one thing a withdrawal tells, where a correction has the keys of its facts."""


class Telling:
    """Whom a ledger's stale things reached, and what each of them is to be told.

    Each fact is a bit: the database adds up for each place the facts it holds stale and has not heard since.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def about(self, batch: Batch) -> Keys:
        """What those who hold a batch are to be told."""
        return Keys({WITHDRAWAL}) if self.ledger.withdraws else batch.stale(self.ledger.true)

    @cached_property
    def _told(self) -> list[Batch]:
        return [batch for batch in self.ledger.wrong() if is_told(batch)]

    @cached_property
    def _keys(self) -> list[str]:
        return sorted(Keys().union(*map(self.about, self._told)))

    def _named(self, mask: int) -> Keys:
        return Keys(key for bit, key in enumerate(self._keys) if mask >> bit & 1)

    def notices(self) -> dict[Keys, set[int]]:
        """The sets of keys that people are told of together, and the territories of whose words theirs were.

        Somebody who holds one stale fact is not told of another that only others hold.
        """
        territories = {batch.territory_id for batch in self._told}
        return {keys: territories for keys, _ in self.groups()}

    def groups(self) -> Iterator[tuple[Keys, tuple[QuerySet[Publication], QuerySet[Delivery]]]]:
        """For each set of keys, what to answer: one stale thing of each place that is told of just these."""
        few = self._by_place
        rest = self._each(Delivery).exclude(recipient__in=few)
        masks = {mask for _, mask in few.values()}
        if len(self._keys) == 1:
            masks.add(1)
        else:
            masks |= set(rest.values_list("mask", flat=True).distinct())
        for mask in sorted(masks):
            shown = Publication.objects.filter(pk__in=[pk for pk, own in few.values() if own == mask])
            handed = Delivery.objects.filter(pk__in=rest.filter(mask=mask).values("first"))
            yield self._named(mask), (shown, handed)

    @cached_property
    def _by_place(self) -> dict[int, tuple[int, int]]:
        """Places told by the way of something shown there: its number, and the bits of all the place holds."""
        few = {place: (pk, mask) for place, pk, mask in self._each(Publication).values_list("place", "first", "mask")}
        if few:
            handed = self._each(Delivery).filter(recipient__in=few).values_list("recipient", "mask")
            for place, mask in handed:
                few[place] = (few[place][0], few[place][1] | mask)
        return few

    def _each(self, model: type[Row]) -> QuerySet[Any, Any]:
        """Each place to be told, the first stale thing it holds, and its bits."""
        rows = self.ledger.rows(model, lambda batch: batch in self._told).filter(self._unheard(model))
        each = rows.order_by().values(model.WHERE)
        found: QuerySet[Any, Any] = each.annotate(first=Min("pk"), mask=self._mask(model))
        return found

    def _mask(self, model: type[Row]) -> Combinable:
        if len(self._keys) <= 1:
            return Max(Value(1), output_field=IntegerField())
        mask: Combinable = Value(0)
        for bit, key in enumerate(self._keys):
            holds = Case(When(self._holds(model, key), then=Value(1 << bit)), default=Value(0))
            mask = mask + Max(holds, output_field=IntegerField())
        return mask

    def _unheard(self, model: type[Row]) -> Q:
        found = Q(pk__in=[])
        for key in self._keys:
            found |= self._holds(model, key)
        return found

    def _holds(self, model: type[Row], key: str) -> Q:
        """Stale in this fact, and nothing newer told the place what holds now."""
        holds = self.ledger.where(model, lambda batch: key in self.about(batch))
        true = self.ledger.true.get(key, frozenset())

        def tells(batch: Batch) -> bool:
            return is_told(batch) and dict(batch.facts).get(key) in true

        for other in MODELS:
            if not any(tells(batch) and batch.is_delivery == (other is Delivery) for batch in self.ledger.batches):
                continue
            later = other.objects.filter(
                self.ledger.where(other, tells),
                campaign=self.ledger.campaign,
                live_from__gt=OuterRef("live_from"),
                replaces__isnull=True,  # what quietly took the place of something told nobody
                **{other.WHERE: OuterRef(model.WHERE)},
            )
            holds &= ~Q(Exists(later.live()))
        return holds

    def heard(self, model: type[Row]) -> ExposureQuerySet[Row]:
        """Stale things of places that have heard since all that is true of them: nobody is told twice."""
        rows = self.ledger.rows(model, lambda batch: batch in self._told and _falls_to_notice(batch))
        return rows.filter(~self._unheard(model))


def _falls_to_notice(batch: Batch) -> bool:
    """Whether nothing but being told would settle it."""
    return batch.corrects != REPLACE if batch.is_notice else batch.corrects == FOLLOW_UP
