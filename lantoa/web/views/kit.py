"""The kit: what was made for each place, seen before it is trusted."""

from __future__ import annotations

import tempfile
import zipfile
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.text import get_valid_filename

from lantoa.content.models import Rendering
from lantoa.places.models import Place
from lantoa.web.doors import campaign_page
from lantoa.web.first_page import first_page
from lantoa.web.frame import show
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked

PREVIEW_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
SHOWN_INLINE = ("image/png", "audio/", "application/pdf", "text/plain", "text/html")


def current(request: Asked, campaign: Campaign) -> Any:
    """The latest kit, as far as this person may see it."""
    return Rendering.objects.for_user(request.user).filter(campaign=campaign).current().select_related("place")


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
    }
    return show(request, campaign, "kit", context)


@campaign_page("see_campaign")
def show_rendering(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """One rendering as its reader or hearer gets it, with its words, measures and the facts it stands on."""
    rendering = get_object_or_404(Rendering.objects.for_user(request.user).filter(campaign=campaign), pk=pk)
    used = [fact for fact in campaign.facts.all() if rendering.facts.get(fact.key) == fact.version]
    others = current(request, campaign).filter(place=rendering.place).exclude(pk=pk)
    return show(
        request, campaign, "kit", {"template": "rendering", "rendering": rendering, "used": used, "others": others}
    )


@campaign_page("see_campaign")
def open_file(request: Asked, campaign: Campaign, pk: int) -> HttpResponseBase:
    """The file itself; `?tai=1` as a download. HTML is shown in a sandbox of its own."""
    rendering = get_object_or_404(Rendering.objects.for_user(request.user).filter(campaign=campaign), pk=pk)
    if not rendering.path.exists():
        raise Http404
    inline = rendering.media_type.startswith(SHOWN_INLINE) and not request.GET.get("tai")
    response = FileResponse(
        rendering.path.open("rb"),
        content_type=_media_type(rendering),
        as_attachment=not inline,
        filename=rendering.file_name,
    )
    response["Content-Security-Policy"] = _policy(rendering)
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
                packed.write(rendering.path, f"{get_valid_filename(rendering.place.code)}/{rendering.file_name}")
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{campaign.slug}{'-' + place if place else ''}.zip")
