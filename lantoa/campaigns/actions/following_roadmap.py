"""Where a campaign stands on its pack's roadmap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from lantoa.campaigns.actions.opening import pack_of
from lantoa.campaigns.rules.phases import Roadmap, campaign_day, phase_on
from lantoa.campaigns.rules.wording import FactValue

if TYPE_CHECKING:
    import datetime as dt

    from lantoa.campaigns.models import Campaign
    from lantoa.campaigns.rules.pack import Pack


def roadmap_of(campaign: Campaign, today: dt.date, pack: Pack | None = None) -> Roadmap | None:
    """The phase `campaign` is in on its own day, and the next; None when its pack has no phases it can place."""
    facts = {
        fact.key: FactValue(fact.kind, fact.value, fact.label, verified=fact.is_verified)
        for fact in campaign.facts.current()
    }
    day = campaign_day(campaign.as_of, timezone.localtime(campaign.opened_at).date(), today)
    return phase_on(pack or pack_of(campaign), facts, day)
