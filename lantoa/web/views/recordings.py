"""Bulletins read by a place's own announcer: the script to read, what was recorded, and whether it is aired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.content.models import Recording, Rendering
from lantoa.content.rules.kinds import KINDS
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.forms import RecordingForm
from lantoa.web.frame import can, show
from lantoa.web.labels import RENDERINGS, label
from lantoa.web.middleware import POLICY
from lantoa.web.search import matching
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponseBase

    from lantoa.campaigns.models import Campaign
    from lantoa.content.actions.recording import Reading
    from lantoa.web.doors import Asked

SOUND = [kind.name for kind in KINDS.values() if kind.media_type.startswith("audio/")]
MICROPHONE = "camera=(), geolocation=(), microphone=(self)"


def bulletins(request: Asked, campaign: Campaign) -> Any:
    """The bulletins of the current kit that this person's places air."""
    rows = Rendering.objects.for_user(request.user).filter(campaign=campaign, kind__in=SOUND).current()
    if not request.user.is_superuser:
        rows = rows.filter(place__in=Place.objects.for_user(request.user))
    return rows.select_related("place")


@campaign_page("see_campaign")
def list_recordings(request: Asked, campaign: Campaign) -> HttpResponse:
    """Every place with a bulletin: who reads it now, and what waits to be heard."""
    rows = bulletins(request, campaign)
    if words := request.GET.get("tim", "").strip():
        rows = rows.filter(pk__in=matching(words, rows.values_list("pk", "place__name", "place__code")))
    waiting = Recording.objects.for_user(request.user).filter(campaign=campaign).to_be_heard()
    context = {
        "template": "recordings",
        "page": page_of(request, rows),
        "waiting": set(waiting.values_list("place", flat=True)),
        "may_record": can(request, "record_bulletin"),
    }
    return show(request, campaign, "kit", context)


@dataclass(frozen=True, slots=True)
class Take:
    """One script a place is to read, what airs it now, and what was recorded of it."""

    reading: Reading
    aired: list[Rendering]
    waiting: list[Recording]
    in_use: Recording | None

    @property
    def name(self) -> str:
        """Which bulletins it is."""
        return ", ".join(label(RENDERINGS, kind) for kind in self.reading.kinds)


@campaign_page("record_bulletin")
def record(request: Asked, campaign: Campaign, code: str) -> HttpResponse:
    """The script of one place's bulletin, and a recording of it to bring; what was brought is listened to here."""
    place = Place.objects.filter(pk__in=bulletins(request, campaign).values("place"), code=code).first()
    if place is None:
        raise Http404
    form = RecordingForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid() and _brought(request, campaign, place, form):
        return redirect("recording", campaign.slug, code)
    takes, why_not = _takes(request, campaign, place)
    hashes = [take.reading.script_hash for take in takes]
    own = Recording.objects.for_user(request.user).filter(campaign=campaign, place=place)
    context = {
        "template": "recording",
        "place": place,
        "takes": takes,
        "why_not": why_not,
        "stale": own.filter(dropped_at__isnull=True).exclude(script_hash__in=hashes),
        "form": form,
    }
    response = show(request, campaign, "kit", context)
    response["Permissions-Policy"] = MICROPHONE
    response["Content-Security-Policy"] = POLICY.replace("media-src 'self'", "media-src 'self' blob:")
    return response


def _brought(request: Asked, campaign: Campaign, place: Place, form: RecordingForm) -> bool:
    from lantoa.content.actions import Upload, record_bulletin  # noqa: PLC0415 - actions are loaded when one is called

    file = form.cleaned_data["file"]
    upload = Upload(place, form.cleaned_data["script"], file.name, file.read())
    row = attempt(request, lambda: record_bulletin(campaign, upload, request.user))
    if row is not None:
        messages.success(request, _("Đã nhận bản thu. Hãy nghe hết rồi mới dùng."))
    return row is not None


def _takes(request: Asked, campaign: Campaign, place: Place) -> tuple[list[Take], str]:
    from lantoa.content.actions.recording import readings_of  # noqa: PLC0415 - actions are loaded when one is called

    try:
        readings: Sequence[Reading] = readings_of(campaign, place)
    except RefusedError as why:
        return [], str(why)
    own = Recording.objects.for_user(request.user).filter(campaign=campaign, place=place)
    current = list(bulletins(request, campaign).filter(place=place))
    return [
        Take(
            reading,
            [row for row in current if row.kind in reading.kinds],
            list(own.to_be_heard().filter(script_hash=reading.script_hash).select_related("by")),
            own.in_use().filter(script_hash=reading.script_hash).select_related("by", "accepted_by").first(),
        )
        for reading in readings
    ], ""


def _own(request: Asked, campaign: Campaign, pk: int) -> Recording:
    rows = Recording.objects.for_user(request.user).filter(campaign=campaign)
    found: Recording = get_object_or_404(rows.select_related("place", "campaign__place", "campaign__letter"), pk=pk)
    return found


@campaign_page("see_campaign")
def open_recording(request: Asked, campaign: Campaign, pk: int) -> HttpResponseBase:
    """The bulletin made of a recording, to be listened to: our own encoding, never the file that was brought."""
    row = _own(request, campaign, pk)
    if not row.path.exists():
        raise Http404
    response = FileResponse(row.path.open("rb"), content_type="audio/mpeg", filename="ban-tin.mp3")
    patch_cache_control(response, private=True, max_age=3600)
    return response


@campaign_page("record_bulletin")
@require_POST
def accept(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Take the recording in place of the voice."""
    from lantoa.content.actions import accept_recording  # noqa: PLC0415 - actions are loaded when one is called

    row = _own(request, campaign, pk)
    if attempt(request, lambda: accept_recording(row, request.user)):
        messages.success(request, _("Bản thu sẽ được phát thay giọng máy, sau khi bộ nội dung được duyệt."))
    return redirect("recording", campaign.slug, row.place.code)


@campaign_page("record_bulletin")
@require_POST
def drop(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Give a recording up; where it was used, the voice reads again."""
    from lantoa.content.actions import drop_recording  # noqa: PLC0415 - actions are loaded when one is called

    row = _own(request, campaign, pk)
    was_used = row.accepted_at is not None
    if attempt(request, lambda: drop_recording(row, request.user)):
        messages.success(request, _("Đã trở về giọng máy.") if was_used else _("Đã bỏ bản thu."))
    return redirect("recording", campaign.slug, row.place.code)
