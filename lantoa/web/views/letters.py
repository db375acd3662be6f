"""The letter beside what was read from it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lantoa.web.doors import campaign_page
from lantoa.web.frame import show
from lantoa.web.rules import fields_of, stretches

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign
    from lantoa.letters.models import IncomingLetter
    from lantoa.web.doors import Asked


@campaign_page("see_campaign")
def show_letter(request: Asked, campaign: Campaign) -> HttpResponse:
    """Text and fields side by side: pointing at either lights the other."""
    return show(request, campaign, "letter", reading(campaign.letter))


def reading(row: IncomingLetter) -> dict[str, object]:
    """What the side-by-side view needs of a registered letter."""
    fields = fields_of(row.letter)
    doubtful = [field for field in fields if field.doubts]
    sure = [field for field in fields if not field.doubts]
    groups = [(name, list(some)) for name, some in groupby(sure, key=lambda field: field.group)]
    return {"row": row, "doubtful": doubtful, "groups": groups, "stretches": stretches(row.text, fields)}
