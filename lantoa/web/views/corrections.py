"""A changed fact's correction: seen act by act before one approval carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.web.doors import Asked


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changed: the version people hold and the one that is true."""

    old: Fact | None
    new: Fact


@dataclass(frozen=True, slots=True)
class Group:
    """Acts of one way that put right renderings of one kind."""

    way: str
    kind: str
    acts: list[CorrectionAct]


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction as it is laid before a person."""

    correction: Correction
    changes: list[Change]
    groups: list[Group]

    @property
    def size(self) -> int:
        """How many acts there are."""
        return sum(len(group.acts) for group in self.groups)


@campaign_page("see_campaign")
def list_corrections(request: Asked, campaign: Campaign) -> HttpResponse:
    """The plan that waits for a word, and the corrections carried out."""
    laid_out = [lay_out(row) for row in campaign.correction_set.select_related("by").prefetch_related("facts")]
    context = {
        "planned": [one for one in laid_out if one.correction.state == Correction.State.PLANNED],
        "carried_out": [one for one in laid_out if one.correction.state == Correction.State.CARRIED_OUT],
        "may_correct": can(request, "correct"),
    }
    return show(request, campaign, "corrections", context)


def lay_out(correction: Correction) -> Shown:
    """The changes behind a correction and its acts by how they put things right."""
    near = (
        "publication__place",
        "publication__rendering",
        "delivery__recipient",
        "delivery__rendering",
        "rendering",
        "assignment__place",
    )
    acts = sorted(correction.acts.select_related(*near), key=_group_of)
    groups = [Group(way, kind, list(some)) for (way, kind), some in groupby(acts, key=_group_of)]
    changes = []
    for fact in correction.facts.all():
        before = fact.campaign.facts.filter(key=fact.key, version__lt=fact.version).order_by("-version").first()
        changes.append(Change(before, fact))
    return Shown(correction, changes, groups)


def _group_of(act: CorrectionAct) -> tuple[str, str]:
    return act.act, act.exposure.rendering.kind


@campaign_page("correct")
@require_POST
def perform(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Carry out the plan that was shown."""
    correction = get_object_or_404(campaign.correction_set, pk=pk)
    from lantoa.delivery.actions import carry_out  # noqa: PLC0415 - actions are loaded when one is called

    if attempt(request, lambda: carry_out(correction, request.user)):
        messages.success(request, _("Đã thực hiện đính chính."))
    return redirect("corrections", campaign.slug)
