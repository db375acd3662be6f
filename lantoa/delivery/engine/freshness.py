"""Words that stopped being true while they are being sent: their dispatch is paused before anything more leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Max

from lantoa.campaigns.models import Fact
from lantoa.delivery.actions.ledger import still_true
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.correcting import stale_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

WHY = "Dữ kiện đã đổi khi đang gửi. Hãy xem và duyệt kế hoạch đính chính: người chưa nhận sẽ được gửi nội dung mới."


class Freshness:
    """What an engine knows of the facts its dispatches show. Used in the writer's thread."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[int, int]] = {}
        """By campaign, the newest fact and how many there are: when neither changed, no fact did."""
        self._looked_at: set[int] = set()

    def stale(self, running: Iterable[int]) -> list[int]:
        """Of these dispatches, those that show a value no longer true; asked often, it costs one query."""
        dispatches = list(Dispatch.objects.filter(pk__in=list(running)).select_related("campaign"))
        now = self._stamps({dispatch.campaign_id for dispatch in dispatches})
        found = [
            dispatch.pk
            for dispatch in dispatches
            if (self._seen.get(dispatch.campaign_id) != now.get(dispatch.campaign_id)
                or dispatch.pk not in self._looked_at) and _is_stale(dispatch)
        ]
        self._seen |= now
        self._looked_at = {dispatch.pk for dispatch in dispatches}
        return found

    @staticmethod
    def _stamps(campaigns: set[int]) -> dict[int, tuple[int, int]]:
        rows = Fact.objects.filter(campaign__in=campaigns).order_by().values_list("campaign")
        return {campaign: (newest, number) for campaign, newest, number in rows.annotate(Max("pk"), Count("pk"))}


def _is_stale(dispatch: Dispatch) -> bool:
    true = still_true(dispatch.campaign)
    return any(stale_keys(facts, true) for facts in dispatch.texts.values_list("facts", flat=True))
