"""What must not go out any more: words that are no longer true, and words that were withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.actions.homes import cites_otherwise
from lantoa.delivery.actions.ledger import still_true
from lantoa.delivery.models import CorrectionAct, DispatchWords
from lantoa.delivery.rules.correcting import stale_keys
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering


def withdrawn(campaign: Campaign) -> set[int]:
    """Renderings that were withdrawn: these very words never go out again, new words may."""
    withdrawals = campaign.correction_set.exclude(withdraws="")
    acts = CorrectionAct.objects.filter(correction__in=withdrawals)
    shown = acts.values_list("publication__rendering", "delivery__rendering")
    found = {pk for pair in shown.distinct() for pk in pair if pk}
    for kind, planned_at in withdrawals.values_list("withdraws", "planned_at"):
        sent = DispatchWords.objects.filter(
            dispatch__campaign=campaign, rendering__kind=kind, dispatch__queued_at__lte=planned_at
        )
        found |= set(sent.values_list("rendering", flat=True))
    return found


def refuse_withdrawn(campaign: Campaign, renderings: Iterable[Rendering]) -> None:
    """Raise `RefusedError` when one of these was withdrawn."""
    gone = withdrawn(campaign)
    if any(rendering.pk in gone for rendering in renderings):
        raise RefusedError("Nội dung này đã được thu hồi. Hãy soạn lại rồi duyệt trước khi gửi.")


def refuse_stale(campaign: Campaign, renderings: Iterable[Rendering]) -> None:
    """Raise `RefusedError` when one of these shows a value that is no longer true, or names the letter by something
    nobody has settled: it must not go out any more.
    """  # noqa: D205 - two reasons, one sentence
    true = still_true(campaign)
    if any(stale_keys(rendering.facts, true) for rendering in renderings):
        raise RefusedError("Dữ kiện đã đổi sau khi làm bộ nội dung. Hãy làm lại bộ nội dung và duyệt trước khi phát.")
    if cites_otherwise(campaign, renderings):
        raise RefusedError("Văn bản đã được sửa sau khi làm bộ nội dung. Hãy làm lại và duyệt trước khi phát.")
