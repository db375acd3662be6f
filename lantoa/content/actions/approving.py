"""The check before release, and the approval of a kit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.rules.false_statements import find_false_statements
from lantoa.content.actions.making import cites_otherwise
from lantoa.content.rules.checks import Finding, check_words, days_around
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.places.models import User

NAMED_OTHERWISE = "số, ký hiệu hoặc cơ quan ban hành của văn bản đã được sửa hoặc còn ngờ; hãy làm lại bộ nội dung"


@dataclass(frozen=True, slots=True)
class KitFinding:
    """A fault in one rendering."""

    rendering: Rendering
    finding: Finding


def check_kit(campaign: Campaign) -> list[KitFinding]:
    """Go through every current rendering: another name for the letter than is settled, dates that are no fact,
    statements known to be false.
    """  # noqa: D205 - what is gone through is one list
    pack = pack_of(campaign)
    facts = list(campaign.facts.current().filter(is_verified=True, value__isnull=False))
    days = days_around(fact.value or "" for fact in facts if fact.kind == "date")
    past = campaign.facts.exclude(pk__in=[fact.pk for fact in facts]).filter(kind="date", value__isnull=False)
    gone = frozenset(dt.date.fromisoformat(fact.value or "") for fact in past) - days
    known = [text for fact in facts for text in (fact.legal_basis, fact.source, fact.value or "")]
    known.append(campaign.letter.text)
    found = [
        KitFinding(rendering, Finding(rendering.details["letter"], NAMED_OTHERWISE))
        for rendering in cites_otherwise(campaign, campaign.rendering_set.current().select_related("place"))
    ]
    for rendering in campaign.rendering_set.current().select_related("place"):
        faults = check_words(rendering.words, days, known, gone)
        faults += [
            Finding(said.quote, f"{said.why} Nên viết: {said.right}")
            for said in find_false_statements(pack, rendering.words)
        ]
        found += [KitFinding(rendering, fault) for fault in faults]
    return found


def check_approve_kit(campaign: Campaign, by: User | None) -> None:
    """Whether `by` may approve, and the check before release finds nothing. Raises `RefusedError` naming the faults."""
    require(by, "approve_kit", campaign.place)
    findings = check_kit(campaign)
    if findings:
        first = findings[0]
        raise RefusedError(
            f"Chưa duyệt được: {len(findings)} lỗi trong bộ nội dung. Lỗi đầu tiên: {first.rendering}: "
            f"“{first.finding.found}”: {first.finding.why}.",
        )


@transaction.atomic
def approve_kit(campaign: Campaign, by: User | None) -> int:
    """Approve every current rendering not approved yet; returns how many. Nothing unapproved is ever published."""
    check_approve_kit(campaign, by)
    waiting = campaign.rendering_set.current().filter(approved_at__isnull=True)
    number = waiting.update(approved_at=timezone.now(), approved_by=by)
    if number:
        record(Event(by, "approve_kit", campaign, campaign.pk, {"renderings": number}))
    return number
