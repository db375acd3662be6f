"""The page residents open: one small file, nothing from elsewhere, and no script but the one that offers notices.

It shows what the ledger says stands there: the article published for the place, until a correction replaces it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.models import Campaign
from lantoa.campaigns.rules.pack import PackError
from lantoa.delivery.models import Publication
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.web.doors import public
from lantoa.web.push_key import push_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from lantoa.content.models import Rendering

ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
SECONDS_KEPT = 300
WITH_SCRIPT = "script-src 'self'; connect-src 'self'; worker-src 'self'; "
"""What the page may do besides where notices are offered."""
INTERFACE = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class Style:
    """The page's own style and the hash by which the browser is told to trust it."""

    text: SafeString
    policy: str


@cache
def style() -> Style:
    """The inline style, read once."""
    text = (Path(__file__).parent.parent / "public_page.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"
    )
    return Style(mark_safe(text), policy)  # noqa: S308 - our own file


@public
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign for one place (`?noi=<code>`), in Vietnamese or (`?lang=en`) another language it has words in."""
    campaign = get_object_or_404(Campaign.objects.select_related("place"), slug=slug, is_rehearsal=False)
    languages = _languages(campaign)
    language = chosen_language(request, campaign)
    place = place_of(campaign, request.GET.get("noi", ""))
    rendering = article_of(campaign, place, language)
    if rendering is None or not rendering.path.exists():
        raise Http404
    found = ARTICLE.search(rendering.path.read_text(encoding="utf-8"))
    context = {
        "campaign": campaign,
        "place": rendering.place,
        "rendering": rendering,
        "language": language,
        "languages": languages,
        "style": style().text,
        "article": mark_safe(found[0] if found else ""),  # noqa: S308 - made by our own maker, which escapes every word
        "places": _places(campaign),
        "desk": desk_of(rendering.place),
        "asked": place,
        "push_key": push_key(),
    }
    with override(interface_language(language)):
        response = render(request, "web/public_page.html", context)
    policy = f"{WITH_SCRIPT if context['push_key'] else ''}{style().policy}"
    return _kept(request, response, {"Content-Security-Policy": policy, "Content-Language": language})


def _languages(campaign: Campaign) -> dict[str, str]:
    """The languages one may choose, as their readers call them: the interface's own, and those of approved articles."""
    articles = campaign.rendering_set.in_every_language().filter(kind="article", approved_at__isnull=False)
    others = set(articles.values_list("language", flat=True)) - set(INTERFACE)
    try:
        spoken = pack_of(campaign).languages if others else ()
    except (RefusedError, PackError):  # the pack is there no more, or somebody is writing in it
        spoken = ()
    return INTERFACE | {one.code: one.name for one in spoken if one.code in others}


def chosen_language(request: HttpRequest, campaign: Campaign) -> str:
    """The language asked for (`?lang=`) when the campaign has words in it; else Vietnamese."""
    asked = request.GET.get("lang", "")
    return asked if asked in _languages(campaign) else "vi"


def interface_language(language: str) -> str:
    """The language of the page's own words for a reader of `language`."""
    return language if language in dict(settings.LANGUAGES) else "vi"


def _kept(request: HttpRequest, response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    """With its tag, so that a phone that has the page is not sent it again."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    unchanged = request.headers.get("If-None-Match") == tag
    answer = HttpResponseNotModified() if unchanged else response
    for name, value in {**headers, "ETag": tag}.items():
        answer[name] = value
    patch_cache_control(answer, public=True, max_age=SECONDS_KEPT)
    return answer


def place_of(campaign: Campaign, code: str) -> Place:
    """The place asked for as it stood then; one that is not there is the whole campaign's."""
    found: Place | None = Place.objects.on(campaign.as_of).filter(code=code).first() if code else None
    return found or campaign.place


def article_of(campaign: Campaign, place: Place, language: str) -> Rendering | None:
    """What stands on the portal of the place, else of the nearest place above that has it."""
    live = Publication.objects.filter(campaign=campaign, rendering__kind="article").live().order_by("-live_from")
    shown = {row.rendering.place_id: row.rendering for row in reversed(live.select_related("rendering__place"))}
    node: Place | None = place
    while node is not None and node.pk not in shown:
        node = node.parent
    vietnamese = shown.get(node.pk if node else campaign.place_id) or next(iter(shown.values()), None)
    if language == "vi" or vietnamese is None:
        return vietnamese
    others = campaign.rendering_set.in_every_language().filter(kind="article", approved_at__isnull=False)
    return others.filter(place=vietnamese.place, language=language).first() or vietnamese


def _places(campaign: Campaign) -> QuerySet[Place]:
    """Where the campaign has a page of its own."""
    live = Publication.objects.filter(campaign=campaign, rendering__kind="article").live()
    return Place.objects.filter(pk__in=live.values("rendering__place")).order_by("code")


def desk_of(place: Place) -> Place | None:
    """Whom residents of the place may ask: its committee, when a real address or number is known."""
    desks: list[Place] = [*place.children.filter(kind=Place.Kind.COMMITTEE), place]
    return next((one for one in desks if one.phone or (one.email and not one.email.endswith(".invalid"))), None)
