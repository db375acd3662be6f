"""Rows of the ledger as sending needs them: few columns each, and what thousands of them share read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.content.models import Rendering
from lantoa.delivery.actions.ledger import MODELS, Row
from lantoa.delivery.models import CorrectionAct
from lantoa.delivery.rules.correcting import REPLACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lantoa.campaigns.models import Campaign

_OF_ROW = ("rendering", "channel", "channel_kind", "state", "target", "attempts", "act")
_OF_ACT = ("act", "correction", "publication", "delivery", "rendering")


class Loader:
    """Reads what a run of one campaign sends."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._renderings: dict[int, Rendering] = {}

    def rows(self, model: type[Row], ids: Sequence[int]) -> list[Row]:
        """These rows in their order, each with its campaign, rendering, place and act, ready to be sent."""
        columns = (*_OF_ROW, model.WHERE, f"{model.WHERE}__name", f"{model.WHERE}__kind")
        rows = list(model.objects.filter(pk__in=ids).select_related(model.WHERE).only(*columns).order_by("pk"))
        self._read_renderings({row.rendering_id for row in rows})
        acts = _acts({row.act_id for row in rows if row.act_id})
        for row in rows:
            row.campaign, row.rendering = self.campaign, self._renderings[row.rendering_id]
            if row.act_id:
                row.act = acts[row.act_id]
        return rows

    def _read_renderings(self, ids: set[int]) -> None:
        missing = ids - self._renderings.keys()
        if missing:
            found = Rendering.objects.filter(pk__in=missing).select_related("place__parent").defer("words")
            self._renderings |= {row.pk: row for row in found}


def _acts(ids: Iterable[int]) -> dict[int, CorrectionAct]:
    """These acts; what one replaces comes with it, for its place is what the new thing takes."""
    acts = {act.pk: act for act in CorrectionAct.objects.filter(pk__in=ids).only(*_OF_ACT)}
    for model in MODELS:
        replaced = {getattr(act, f"{model.KIND}_id") for act in acts.values() if act.act == REPLACE} - {None}
        exposures: dict[int, Any] = model.objects.only("target").in_bulk(replaced) if replaced else {}
        for act in acts.values():
            number = getattr(act, f"{model.KIND}_id")
            if number in exposures:
                setattr(act, model.KIND, exposures[number])
    return acts
