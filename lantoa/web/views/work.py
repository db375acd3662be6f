"""The letter's tasks, who was given them, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.campaigns.models import Assignment
from lantoa.evidence.models import Proof
from lantoa.places.models import Place
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.forms import MoveForm, ProofForm
from lantoa.web.frame import can, show
from lantoa.web.search import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpResponse, HttpResponseBase

    from lantoa.campaigns.models import Campaign, Task
    from lantoa.web.doors import Asked

BRANCHES = frozenset({Place.Kind.PROVINCE, Place.Kind.DISTRICT, Place.Kind.WARD})
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree of work: a place, how deep it stands, and what it was given."""

    place: Place
    depth: int
    given: list[Assignment]


@dataclass(frozen=True, slots=True)
class Branch:
    """The lines of one province, district or ward, with how much of its work is done."""

    place: Place
    nodes: list[Node]

    @property
    def work(self) -> int:
        """How much was given."""
        return sum(len(node.given) for node in self.nodes)

    @property
    def done(self) -> int:
        """How much of it is done."""
        return sum(row.state == Assignment.State.DONE for node in self.nodes for row in node.given)


@campaign_page("see_campaign")
def list_work(request: Asked, campaign: Campaign) -> HttpResponse:
    """Tasks with the letter's words, and below them the tree of who has which."""
    seen = visible(request, campaign)
    kept = seen
    if state := request.GET.get("trang-thai"):
        kept = kept.filter(state=state)
    if (task := request.GET.get("muc", "")).isdecimal():
        kept = kept.filter(task_id=task)
    if request.GET.get("qua-han"):
        kept = kept.overdue(timezone.localdate())
    if words := request.GET.get("tim", "").strip():
        kept = kept.filter(
            pk__in=matching(words, kept.values_list("pk", "place__name", "place__code", "task__summary"))
        )
    rows = list(kept.select_related("place", "task").annotate(proof_count=Count("proofs", distinct=True)))
    context = {
        "tasks": [(task, excerpt(task)) for task in campaign.tasks.all()],
        "branches": arranged(rows),
        "shown": len(rows),
        "total": seen.count(),
        "states": Assignment.State.choices,
        "today": timezone.localdate(),
    }
    return show(request, campaign, "work", context)


def visible(request: Asked, campaign: Campaign) -> Any:
    """The campaign's work that this person may see."""
    return Assignment.objects.for_user(request.user).filter(task__campaign=campaign).distinct()


def excerpt(task: Task) -> str:
    """The letter's own words for a task."""
    span = task.span or {}
    words: str = task.campaign.letter.text[span.get("start", 0) : span.get("end", 0)]
    return " ".join(words.split())


def arranged(rows: Iterable[Assignment]) -> list[Branch]:
    """Work by place in tree order, a branch for each province, district and ward; one query for all places."""
    given: dict[int, list[Assignment]] = {}
    for row in rows:
        given.setdefault(row.place_id, []).append(row)
    known = {place.pk: place for place in Place.objects.all()} if given else {}
    children = _children(known, given)
    branches: list[Branch] = []
    waiting: list[tuple[Place, int, Branch | None]] = [(place, 0, None) for place in reversed(children.get(None, []))]
    while waiting:
        place, depth, branch = waiting.pop()
        if branch is None or place.kind in BRANCHES:
            branch, depth = Branch(place, []), 0
            branches.append(branch)
        if given.get(place.pk) or place.pk != branch.place.pk:
            branch.nodes.append(Node(place, min(depth, DEEPEST), given.get(place.pk, [])))
        waiting += [
            (child, depth + (place.pk != branch.place.pk), branch) for child in reversed(children.get(place.pk, []))
        ]
    return [branch for branch in branches if branch.work]


def _children(known: Mapping[int, Place], given: Iterable[int]) -> dict[int | None, list[Place]]:
    """The tree of the places that have work and those above them: offices before territories, by code."""
    wanted: set[int] = set()
    for place_id in given:
        node: int | None = place_id
        while node is not None and node not in wanted:
            wanted.add(node)
            node = known[node].parent_id
    children: dict[int | None, list[Place]] = {}
    for place in sorted((known[key] for key in wanted), key=lambda place: (place.is_territory, place.code)):
        children.setdefault(place.parent_id, []).append(place)
    return children


@campaign_page("see_campaign")
def show_assignment(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """One assignment: its words, state, proofs, and what may be done with it."""
    return _show(request, campaign, get_object_or_404(visible(request, campaign), pk=pk), {})


def _show(request: Asked, campaign: Campaign, row: Assignment, forms: dict[str, Any]) -> HttpResponse:
    context = {
        "template": "assignment",
        "row": row,
        "words": excerpt(row.task),
        "proofs": row.proofs.select_related("by"),
        "move_form": MoveForm(initial={"state": row.state}) if can(request, "move_assignment") else None,
        "proof_form": ProofForm() if can(request, "attach_proof") else None,
        "today": timezone.localdate(),
    }
    return show(request, campaign, "work", context | forms)


@campaign_page("move_assignment")
@require_POST
def move(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Bring an assignment to another state."""
    row = get_object_or_404(visible(request, campaign), pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, campaign, row, {"move_form": form})
    from lantoa.campaigns.actions import move_assignment  # noqa: PLC0415 - actions are loaded when one is called

    if attempt(
        request, lambda: move_assignment(row, form.cleaned_data["state"], request.user, form.cleaned_data["note"])
    ):
        messages.success(request, _("Đã ghi trạng thái mới."))
    return redirect("assignment", campaign.slug, pk)


@campaign_page("attach_proof")
@require_POST
def attach(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Attach a file or an address that shows the work was done."""
    row = get_object_or_404(visible(request, campaign), pk=pk)
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, campaign, row, {"proof_form": form})
    from lantoa.evidence.actions import attach_proof  # noqa: PLC0415 - actions are loaded when one is called

    sent = form.cleaned_data
    if attempt(request, lambda: attach_proof(row, sent["file"] or sent["url"], request.user, sent["note"])):
        messages.success(request, _("Đã gắn minh chứng."))
    return redirect("assignment", campaign.slug, pk)


@campaign_page("see_campaign")
def open_proof(request: Asked, campaign: Campaign, pk: int) -> HttpResponseBase:
    """The file of a proof, always as a download: what people upload is never shown as a page of ours."""
    proof = get_object_or_404(Proof.objects.filter(assignment__in=visible(request, campaign)).exclude(hash=""), pk=pk)
    return FileResponse(proof.path.open("rb"), as_attachment=True, filename=proof.file_name)
