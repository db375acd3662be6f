"""A campaign with work given out, for tests of the rooms from the field on."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Task
from lantoa.field.actions import VisitEntry
from lantoa.letters.models import IncomingLetter

if TYPE_CHECKING:
    from lantoa.places.models import Place

_numbers = itertools.count(1)


def make_campaign(place: Place, **values: Any) -> Campaign:
    """Make a campaign run by `place`, from a letter with nothing in it."""
    number = next(_numbers)
    letter = IncomingLetter.objects.create(
        book=place, year=2024, ordinal=number, content={}, text="", arrived_on=dt.date(2024, 8, 20),
        file_name="letter.txt", text_hash=f"{number:064}", file_hash=f"{number:064}",
    )
    defaults = {"slug": f"campaign-{number}", "title": "Dừng công nghệ 2G", "pack": "2g_shutdown"}
    values.setdefault("as_of", dt.date(2024, 8, 20))
    return Campaign.objects.create(letter=letter, place=place, **{**defaults, **values})


def make_assignment(campaign: Campaign, place: Place, **values: Any) -> Assignment:
    """Make one task of the campaign and give it to `place`."""
    task = Task.objects.create(campaign=campaign, index=str(next(_numbers)), summary="Tuyên truyền trên cổng thông tin")
    return Assignment.objects.create(task=task, place=place, phrase="Ủy ban nhân dân các phường", **values)


def make_entry(campaign: Campaign, place: Place, result: str = "told", **values: Any) -> VisitEntry:
    """Make a visit's entry; by default to household H1, now."""
    if "resident" not in values:
        values.setdefault("household", "H1")
    values.setdefault("device_key", uuid.uuid4())
    values.setdefault("visited_at", timezone.now())
    return VisitEntry(campaign=campaign, place=place, result=result, **values)
