"""The list of campaigns, the way in for a letter, and a campaign at a glance."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lantoa.campaigns.actions import roadmap_of
from lantoa.campaigns.models import Assignment, Campaign
from lantoa.campaigns.rules.pack import PackError
from lantoa.delivery.models import Delivery, Publication
from lantoa.letters.models import Arrival
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.web import jobs
from lantoa.web.doors import campaign_page, page
from lantoa.web.forms import LetterForm
from lantoa.web.frame import can, planned, printed_keys, show, waiting_dispatches
from lantoa.web.search import matching
from lantoa.web.tables import ordered, page_of

if TYPE_CHECKING:
    import uuid
    from pathlib import Path

    from django.http import HttpResponseBase

    from lantoa.campaigns.rules.phases import Roadmap
    from lantoa.places.models import User
    from lantoa.web.doors import Asked

PASTED = "noi-dung-dan.txt"
"""How a letter is called whose words were pasted."""
ORDERS = {"moi": "-opened_at", "ten": "title", "don-vi": "place__name"}


@page("see_campaign")
def list_campaigns(request: Asked) -> HttpResponse:
    """Every campaign one may see, newest first; search is by title, place and letter, with or without accents."""
    seen = Campaign.objects.for_user(request.user)
    kept = (
        seen.filter(state=request.GET["trang-thai"]) if request.GET.get("trang-thai") in Campaign.State.values else seen
    )
    words = request.GET.get("tim", "").strip()
    if words:
        named = kept.values_list("pk", "title", "place__name", "letter__subject")
        kept = kept.filter(pk__in=matching(words, named))
    rows = (
        Campaign.objects.filter(pk__in=kept.values("pk"))
        .select_related("place", "letter")
        .annotate(
            work=Count("tasks__assignments", distinct=True),
            done=Count("tasks__assignments", Q(tasks__assignments__state=Assignment.State.DONE), distinct=True),
            asked=Count("questions", Q(questions__answered_at=None), distinct=True),
        )
        .order_by(ordered(request, ORDERS, "moi"))
    )
    form = LetterForm() if can(request, "register_letter") else None
    context = {
        "page": page_of(request, rows, 20),
        "total": seen.count(),
        "form": form,
        "states": Campaign.State.choices,
    }
    return render(request, "web/campaigns.html", context)


@page("register_letter")
def upload_letter(request: Asked) -> HttpResponse:
    """Take a letter, as a file or as words; it is read and registered, and its confirm page opens."""
    form = LetterForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        return render(request, "web/upload.html", {"form": form}, status=400 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    job = jobs.open_job(request.user.pk, _bare_name(file.name) if file else PASTED)
    path = job.folder / job.file_name
    with path.open("wb") as kept:
        for chunk in file.chunks() if file else [form.cleaned_data["text"].encode()]:
            kept.write(chunk)
    jobs.start(job, _receiving(path, request.user, is_pasted=not file))
    return redirect("progress", job.id)


def _bare_name(name: str) -> str:
    """The file's own name, without folders of either kind of computer."""
    return PurePosixPath(PureWindowsPath(name).name).name or "van-ban"


def _receiving(path: Path, by: User, *, is_pasted: bool) -> jobs.Work:
    def work(_tell: jobs.Tell) -> str:
        from lantoa.letters.actions import Incoming, receive, receive_text  # noqa: PLC0415 - loads the readers of files

        book = by.territory or Place.objects.filter(parent=None).first()
        if book is None:
            raise RefusedError(_("Chưa có cây đơn vị nên chưa có sổ để ghi. Hãy nạp bằng lantoa import places TỆP."))
        data = path.read_bytes()
        if is_pasted:
            received = receive_text(data.decode(), book, by)
        else:
            received = receive(Incoming(data, path.name, Arrival.Way.UPLOAD), book, by)
        if received.row is None:
            raise RefusedError(received.arrival.why)
        return reverse("confirm_letter", args=[received.row.pk])

    return work


@page("register_letter")
def show_progress(request: Asked, job_id: uuid.UUID) -> HttpResponseBase:
    """How far the work is; the page asks again every two seconds and goes on to what came of it."""
    job = jobs.find(str(job_id), timezone.now())
    if job is None or job.by_id != request.user.pk:
        raise Http404
    if job.state == "done" and not request.htmx:
        return redirect(job.leads_to)
    if job.state == "done":
        return HttpResponse(status=200, headers={"HX-Redirect": job.leads_to})
    return render(request, "web/_progress.html" if request.htmx else "web/progress.html", {"job": job})


def _roadmap(campaign: Campaign) -> Roadmap | None:
    """The phase the campaign is in; none when its pack is there no more."""
    try:
        return roadmap_of(campaign, timezone.localdate())
    except (RefusedError, PackError):
        return None


@campaign_page("see_campaign")
def show_overview(request: Asked, campaign: Campaign) -> HttpResponse:
    """Where the campaign stands and what waits for a person."""
    work = Assignment.objects.for_user(request.user).filter(task__campaign=campaign)
    counted = dict(work.values_list("state").annotate(Count("pk", distinct=True)).order_by())
    context = {
        "states": [(state, counted[state.value]) for state in Assignment.State if state.value in counted],
        "work": sum(counted.values()),
        "done": counted.get(Assignment.State.DONE, 0),
        "overdue": work.overdue(timezone.localdate()).distinct().count(),
        "doubts": len(campaign.letter.letter.doubts),
        "asked": campaign.questions.filter(answered_at=None).count(),
        "plan": planned(campaign).first(),
        "unsent": waiting_dispatches(campaign),
        "roadmap": _roadmap(campaign),
        "unverified": campaign.facts.current().filter(is_verified=False).count(),
        "facts": campaign.facts.current().filter(key__in=printed_keys(campaign)),
        "renderings": campaign.rendering_set.current().count(),
        "publications": Publication.objects.filter(campaign=campaign).live().count(),
        "deliveries": Delivery.objects.filter(campaign=campaign).live().count(),
    }
    return show(request, campaign, "overview", context)
