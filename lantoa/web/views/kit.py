"""The kit: what was made for each place, seen before it is trusted."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.campaigns.models import Campaign
from lantoa.content.models import Rendering
from lantoa.content.rules.kinds import BULLETIN_VARIANTS, KINDS
from lantoa.content.rules.slots import fill_slots
from lantoa.places.models import Place
from lantoa.web import jobs
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.first_page import first_page
from lantoa.web.frame import can, show
from lantoa.web.measures import measures_of
from lantoa.web.rules.marking import cut_at
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from lantoa.content.actions.approving import KitFinding
    from lantoa.places.models import User
    from lantoa.web.doors import Asked

PREVIEW_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
CHECK_KEPT_SECONDS = 600
SHOWN_INLINE = ("image/png", "audio/", "application/pdf", "text/plain", "text/html")


def current(request: Asked, campaign: Campaign) -> Any:
    """The latest kit, as far as this person may see it."""
    return (
        Rendering.objects.for_user(request.user).filter(campaign=campaign).in_every_language().select_related("place")
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """One fault, wherever in the kit it stands."""

    first: KitFinding
    all: list[KitFinding]


@dataclass(frozen=True, slots=True)
class Checked:
    """The check before release as it is shown: each fault once, by severity; and how much waits for approval."""

    groups: list[tuple[str, list[Alike]]]
    waiting: int

    @property
    def blocks(self) -> bool:
        """Whether nothing may be approved."""
        return any(severity == "blocks" for severity, _alike in self.groups)

    @property
    def remakes(self) -> bool:
        """Whether making the kit anew mends something."""
        return any(one.first.finding.mend.act == "remake" for _severity, some in self.groups for one in some)


def checked(campaign: Campaign) -> Checked:
    """Go through the whole kit, as `approve_kit` will; what was found is kept until something it rests on changes."""
    from lantoa.content.actions import check_kit  # noqa: PLC0415 - actions are loaded when one is called

    key = _stand_of(campaign)
    findings: list[KitFinding] | None = cache.get(key)
    if findings is None:
        findings = check_kit(campaign)
        cache.set(key, findings, CHECK_KEPT_SECONDS)
    alike: dict[tuple[str, str, str], list[KitFinding]] = {}
    for one in findings:
        alike.setdefault((one.finding.severity, one.finding.why, one.finding.found), []).append(one)
    by_severity: dict[str, list[Alike]] = {}
    for (severity, _why, _found), some in alike.items():
        by_severity.setdefault(severity, []).append(Alike(some[0], some))
    waiting = campaign.rendering_set.current().filter(approved_at__isnull=True).count()
    return Checked(sorted(by_severity.items()), waiting)


def _stand_of(campaign: Campaign) -> str:
    """A name for all that the check rests on: renderings, facts, letter, messages and orders as they stand."""
    rests_on = [
        list(campaign.rendering_set.in_every_language().order_by("pk").values_list("pk", "hash", "details__letter")),
        list(campaign.facts.order_by("pk").values_list("pk", "value", "is_verified")),
        list(campaign.message_set.order_by("pk").values_list("pk", "approved_at")),
        list(campaign.tasks.order_by("pk").values_list("pk", "channel_kinds")),
        campaign.letter.content,
    ]
    return f"check-{campaign.pk}-{hashlib.sha256(repr(rests_on).encode()).hexdigest()}"


def outdated(campaign: Campaign) -> Any:
    """What is out in words that approved ones have followed."""
    from lantoa.delivery.actions import outdated as found  # noqa: PLC0415 - actions are loaded when one is called

    return found(campaign)


@campaign_page("see_campaign")
def list_kit(request: Asked, campaign: Campaign) -> HttpResponse:
    """Everything made for one place (`?noi=`), or one kind everywhere (`?loai=`)."""
    rows = current(request, campaign)
    places = Place.objects.filter(pk__in=rows.order_by().values("place")).order_by("code")
    kinds = sorted(set(rows.order_by().values_list("kind", flat=True)))
    place, kind = request.GET.get("noi"), request.GET.get("loai")
    if place is None and not kind:
        first = places.filter(pk=campaign.place_id).first() or places.first()
        place = first.code if first else None
    kept = rows
    if place:
        kept = kept.filter(place__code=place)
    if kind in kinds:
        kept = kept.filter(kind=kind)
    context = {
        "page": page_of(request, kept, 24),
        "places": places,
        "kinds": kinds,
        "place_code": place,
        "total": rows.count(),
        "checked": checked(campaign),
        "may_approve": can(request, "approve_kit"),
        "may_make": can(request, "make_kit"),
        "may_edit": can(request, "edit_message"),
        "outdated": outdated(campaign).count() if can(request, "correct") else 0,
        "has_sound": any(KINDS[kind].media_type.startswith("audio/") for kind in kinds),
        "lacks_variants": "audio" in kinds and not BULLETIN_VARIANTS & {kind for kind in kinds if "audio" in kind},
    }
    return show(request, campaign, "kit", context)


@campaign_page("approve_kit")
@require_POST
def approve(request: Asked, campaign: Campaign) -> HttpResponse:
    """Approve the kit as it was shown; what blocks is named instead."""
    from lantoa.content.actions import approve_kit  # noqa: PLC0415 - actions are loaded when one is called

    number = attempt(request, lambda: approve_kit(campaign, request.user))
    if number is not None:
        messages.success(request, _("Đã duyệt %(number)s sản phẩm.") % {"number": number})
    return redirect("kit", campaign.slug)


@campaign_page("make_kit")
@require_POST
def make(request: Asked, campaign: Campaign) -> HttpResponse:
    """Make the kit anew from the facts and messages as they stand; its progress is shown, then the kit.

    With `moi-do-dai`, bulletins as sound in every length and format too.
    """
    job = jobs.open_job(request.user.pk, campaign.title, reverse("kit", args=[campaign.slug]))
    jobs.start(job, _making(campaign.pk, request.user, variants="moi-do-dai" in request.POST))
    return redirect("progress", job.id)


@campaign_page("correct")
@require_POST
def renew(request: Asked, campaign: Campaign) -> HttpResponse:
    """Plan to put approved new words where old ones stand; the plan is shown, and carried out once confirmed."""
    from lantoa.delivery.actions import plan_renewal  # noqa: PLC0415 - actions are loaded when one is called

    plan = attempt(request, lambda: [plan_renewal(campaign, request.user)])
    if plan == [None]:
        messages.info(request, _("Mọi nơi thay được đều đang hiện lời mới."))
    return redirect("corrections" if plan and plan[0] else "kit", campaign.slug)


def _making(pk: int, by: User, *, variants: bool) -> jobs.Work:
    def work(tell: jobs.Tell) -> str:
        from lantoa.content.actions import make_kit  # noqa: PLC0415 - actions are loaded when one is called

        campaign = Campaign.objects.get(pk=pk)
        make_kit(campaign, by, lambda done, of: tell("make", done, of), variants=variants)
        return reverse("kit", args=[campaign.slug])

    return work


@campaign_page("see_campaign")
def show_rendering(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """One rendering as its reader or hearer gets it, with its words, measures and the facts it stands on."""
    rendering = get_object_or_404(Rendering.objects.for_user(request.user).filter(campaign=campaign), pk=pk)
    used = [fact for fact in campaign.facts.all() if rendering.facts.get(fact.key) == fact.version]
    others = current(request, campaign).filter(place=rendering.place).exclude(pk=pk)
    context = {
        "template": "rendering",
        "rendering": rendering,
        "used": used,
        "others": others,
        "may_record": rendering.media_type.startswith("audio/") and can(request, "record_bulletin"),
        "measures": measures_of(rendering, request.user),
        "transcripts": sorted(ending.lstrip(".") for ending, path in rendering.beside.items() if path.exists()),
    }
    return show(request, campaign, "kit", context | (_marked(rendering) if rendering.is_current else {}))


def _marked(rendering: Rendering) -> dict[str, Any]:
    """What the check found in a rendering, and its text in pieces: those that were found are to be marked."""
    from lantoa.content.actions import check_rendering  # noqa: PLC0415 - actions are loaded when one is called

    text, findings = check_rendering(rendering)
    return {"findings": findings, "pieces": cut_at(text, findings) if findings else []}


@campaign_page("see_campaign")
def open_file(request: Asked, campaign: Campaign, pk: int) -> HttpResponseBase:
    """The file itself; `?tai=1` as a download. HTML is shown in a sandbox of its own."""
    rendering = get_object_or_404(Rendering.objects.for_user(request.user).filter(campaign=campaign), pk=pk)
    if not rendering.path.exists():
        raise Http404
    inline = rendering.media_type.startswith(SHOWN_INLINE) and not request.GET.get("tai")
    has_slots = inline and KINDS[rendering.kind].has_slots
    response = FileResponse(
        io.BytesIO(_as_read(rendering)) if has_slots else rendering.path.open("rb"),
        content_type=_media_type(rendering),
        as_attachment=not inline,
        filename=rendering.file_name,
    )
    response["Content-Security-Policy"] = _policy(rendering)
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _as_read(rendering: Rendering) -> bytes:
    """The file as somebody gets it of whom nothing is known: what is downloaded keeps its slots."""
    return fill_slots(rendering.path.read_text(encoding="utf-8")).encode()


@campaign_page("see_campaign")
def open_transcript(request: Asked, campaign: Campaign, pk: int, ending: str) -> HttpResponseBase:
    """The words of a bulletin with the seconds each is heard at: WebVTT (`vtt`) or JSON (`words.json`)."""
    rendering = get_object_or_404(Rendering.objects.for_user(request.user).filter(campaign=campaign), pk=pk)
    path = rendering.beside.get(f".{ending}")
    if path is None or not path.exists():
        raise Http404
    media_type = "text/vtt" if ending == "vtt" else "application/json"
    name = f"{rendering.file_name.rpartition('.')[0]}.{ending}"
    response = FileResponse(path.open("rb"), content_type=f"{media_type}; charset=utf-8", filename=name)
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _media_type(rendering: Rendering) -> str:
    media_type: str = rendering.media_type
    return (
        f"{media_type}; charset=utf-8" if media_type.startswith("text/") and "charset" not in media_type else media_type
    )


def _policy(rendering: Rendering) -> str:
    if rendering.media_type == "application/pdf":  # a browser's own PDF reader does not run in a sandbox
        return "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return PREVIEW_POLICY


@campaign_page("see_campaign")
def show_first_page(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """The first page of a PDF as a picture, for the list."""
    rows = Rendering.objects.for_user(request.user).filter(campaign=campaign, media_type="application/pdf")
    rendering = get_object_or_404(rows, pk=pk)
    if not rendering.path.exists():
        raise Http404
    response = HttpResponse(first_page(rendering.path), "image/png")
    patch_cache_control(response, private=True, max_age=86400)
    return response


@campaign_page("see_campaign")
def download_all(request: Asked, campaign: Campaign) -> HttpResponseBase:
    """The whole kit, a folder a place; `?noi=` for one place."""
    rows = current(request, campaign)
    if place := request.GET.get("noi"):
        rows = rows.filter(place__code=place)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when the last byte is sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for rendering in rows.iterator():
            if rendering.path.exists():
                folder = get_valid_filename(rendering.place.code)
                packed.write(rendering.path, f"{folder}/{rendering.name_in_kit}")
                for ending, path in rendering.beside.items():
                    if path.exists():
                        packed.write(path, f"{folder}/{rendering.name_in_kit.rpartition('.')[0]}{ending}")
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{campaign.slug}{'-' + place if place else ''}.zip")
