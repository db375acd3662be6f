"""What was done, by whom, in a chain that shows if anybody changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.evidence.models import HistoryEntry
from lantoa.web.doors import campaign_page
from lantoa.web.frame import show
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked


@campaign_page("see_history")
def list_history(request: Asked, campaign: Campaign) -> HttpResponse:
    """The campaign's entries, newest first, and whether the whole chain holds."""
    from lantoa.evidence.actions import verify_history  # noqa: PLC0415 - actions are loaded when one is called

    rows = HistoryEntry.objects.for_user(request.user).filter(campaign=campaign).select_related("by").order_by("-seq")
    kept = rows.filter(verb=request.GET["viec"]) if request.GET.get("viec") else rows
    verbs = sorted(set(rows.order_by().values_list("verb", flat=True)))
    return show(
        request, campaign, "history", {"page": page_of(request, kept), "check": verify_history(), "verbs": verbs}
    )
