"""Where a route leads to a channel to many people: the dispatch is written down, and waits for somebody's word.

Publishing never sends to people by itself: who they are and what it costs is for an officer to look at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.channels.registry import open_wire
from lantoa.channels.wire import Reaches
from lantoa.content.rules.kinds import CARRIED_BY, KINDS
from lantoa.delivery.actions.barring import withdrawn
from lantoa.delivery.actions.dispatching import USUAL_AUDIENCE, Order
from lantoa.delivery.actions.preparing import drop_dispatch, is_unsent, plan_dispatch
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.publishing import is_meant_for
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a channel to many people would carry for a campaign: a dispatch that waits, or why there is none."""

    channel: str
    channel_kinds: tuple[str, ...]
    dispatch: Dispatch | None = None
    is_new: bool = False
    """Whether it was not waiting before."""
    why_not: str = ""


def propose_dispatches(
    campaign: Campaign, wanted: Mapping[str, Mapping[str, set[int]]], by: User | None
) -> list[Proposal]:
    """Plan a dispatch for each channel that tasks ask for, once; what was sent, or cancelled, is not proposed again.

    `wanted` gives by channel and channel kind the territories whose tasks name it. The caller holds the transaction.
    """
    require(by, "publish_kit", campaign.place)
    found = (_propose(campaign, name, kinds, by) for name, kinds in wanted.items())
    return [one for one in found if one is not None]


def _propose(campaign: Campaign, name: str, kinds: Mapping[str, set[int]], by: User | None) -> Proposal | None:
    about = (name, tuple(sorted(kinds)))
    kind = _words_for(campaign, name, kinds)
    if kind is None:
        return Proposal(*about, why_not="bộ nội dung chưa có lời nào dành cho kênh này")
    before = _before(campaign, name, kind)
    if before is not None and not is_unsent(before):
        return None
    if before is not None and _is_current(before):
        return Proposal(*about, before)
    order = Order(name, kind, segment=_segment(campaign, name, set().union(*kinds.values())))
    try:
        if before is not None:
            drop_dispatch(before, by)
        return Proposal(*about, plan_dispatch(campaign, order, by).dispatch, is_new=True)
    except RefusedError as error:
        return Proposal(*about, why_not=str(error))


def _words_for(campaign: Campaign, name: str, channel_kinds: Iterable[str]) -> str | None:
    """The rendering kind of the kit to send by this channel: one written for it, else one the channel kinds carry."""
    reaches = open_wire(name, settings.LANTOA_CHANNELS).reaches
    meant = [kind for kind in KINDS if is_meant_for(kind, name, reaches)]
    carried = [kind for one in channel_kinds for kind in CARRIED_BY[one]]
    kit = set(campaign.rendering_set.current().values_list("kind", flat=True))
    return next((kind for kind in [*meant, *carried] if kind in kit), None)


def _before(campaign: Campaign, name: str, kind: str) -> Dispatch | None:
    """The last dispatch of such words by this channel, unless what it sent was withdrawn since."""
    channel = settings.LANTOA_ROUTES["rehearsal_dispatch"] if campaign.is_rehearsal else name
    gone = withdrawn(campaign)
    audience = USUAL_AUDIENCE[open_wire(name, settings.LANTOA_CHANNELS).reaches]
    rows = Dispatch.objects.filter(campaign=campaign, channel=channel, rendering_kind=kind, audience=audience)
    for row in rows.order_by("-pk"):
        if not set(row.texts.values_list("rendering", flat=True)) <= gone:
            return row
    return None


def _is_current(dispatch: Dispatch) -> bool:
    return not dispatch.texts.filter(rendering__is_current=False).exists()


def _segment(campaign: Campaign, name: str, territories: set[int]) -> str:
    """The residents of these territories; everybody where the campaign's own is one, or the channel is for others."""
    is_for_residents = open_wire(name, settings.LANTOA_CHANNELS).reaches is Reaches.PHONE
    if campaign.place_id in territories or not is_for_residents:
        return ""
    codes = Place.objects.filter(pk__in=territories).order_by("code").values_list("code", flat=True)
    return f"place={','.join(codes)}"
