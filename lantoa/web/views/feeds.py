"""The campaign as a feed for one place: Atom and RSS, of what the ledger says stands on its public page.

An entry keeps its id as long as its page has its address. When a correction put other words there, its `updated` is
the moment they came, and it says first what holds now; the value before is not printed (docs/decisions/0007).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from lantoa.campaigns.models import Campaign
from lantoa.campaigns.rules.wording import FactValue, show
from lantoa.content.actions.homes import public_address
from lantoa.content.makers.feed import Entry, Feed, write_atom, write_rss
from lantoa.delivery.models import Publication
from lantoa.web.doors import public
from lantoa.web.views.public_page import (
    ARTICLE,
    SECONDS_KEPT,
    article_of,
    chosen_language,
    interface_language,
    place_of,
)

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from lantoa.content.models import Rendering
    from lantoa.places.models import Place

WRITERS = {"atom": (write_atom, "application/atom+xml"), "rss": (write_rss, "application/rss+xml")}
SUMMARY = 300
"""Characters of the first words that stand for an entry in a list."""


@public
def show_feed(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The feed of one place (`?noi=<code>`), in Vietnamese or (`?lang=en`) another language; who has it is told so."""
    if form not in WRITERS:
        raise Http404
    campaign = get_object_or_404(Campaign.objects.select_related("place"), slug=slug, is_rehearsal=False)
    language = chosen_language(request, campaign)
    place = place_of(campaign, request.GET.get("noi", ""))
    write, media_type = WRITERS[form]
    with override(interface_language(language)):
        feed = feed_of(campaign, place, language, form)
    content = write(feed)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["ETag"], response["Content-Language"] = tag, language
    changed_at = int(feed.updated.timestamp())
    answer = get_conditional_response(request, tag, changed_at, response) or response
    patch_cache_control(answer, public=True, max_age=SECONDS_KEPT)
    return answer


def feed_of(campaign: Campaign, place: Place, language: str, form: str) -> Feed:
    """What stands on the public page of the place; nothing when nothing stands there."""
    rendering = article_of(campaign, place, language)
    home = rendering.place if rendering is not None else place
    page = public_address(campaign.slug, home.code)
    entries = [] if rendering is None else [_entry(campaign, rendering, page)]
    there = f"?noi={home.code}" + (f"&lang={language}" if language != "vi" else "")
    address = page.partition("/c/")[0] + reverse("public_feed", args=[campaign.slug, form]) + there
    title = f"{campaign.title.partition(' – ')[0]} – {home}"
    return Feed(title, _publisher(home), page, address, tuple(entries), language)


def _entry(campaign: Campaign, rendering: Rendering, page: str) -> Entry:
    stood = Publication.objects.filter(
        campaign=campaign, rendering__kind="article", rendering__place=rendering.place, live_from__isnull=False
    ).order_by("live_from")
    first, now = stood.first(), stood.live().first()
    begun = first.live_from if first and first.live_from else rendering.made_at
    since = now.live_from if now and now.live_from else begun
    found = ARTICLE.search(rendering.path.read_text(encoding="utf-8")) if rendering.path.exists() else None
    words = " ".join(strip_tags(found[0]).split()) if found else rendering.words
    return Entry(
        url=page,
        title=rendering.title,
        author=_publisher(rendering.place),
        published=begun,
        updated=since,
        html=found[0] if found else "",
        summary=words[:SUMMARY].rsplit(" ", 1)[0] + "…" if len(words) > SUMMARY else words,
        changes=_changes(campaign, first.facts if first else {}, rendering),
        language=rendering.language,
    )


def _changes(campaign: Campaign, first: dict[str, int], rendering: Rendering) -> str:
    """The facts whose value is another than when it was first told, as they are now."""
    versions = {(fact.key, fact.version): fact for fact in campaign.facts.filter(key__in=first)}
    told = []
    for key, version in rendering.facts.items():
        before, now = versions.get((key, first.get(key, 0))), versions.get((key, version))
        if before is not None and now is not None and before.value != now.value:
            told.append(f"{now.label}: {_shown(now, rendering.language)}")
    return _("Đã cập nhật. Nay là: %(changes)s.") % {"changes": "; ".join(sorted(told))} if told else ""


def _shown(fact: Any, language: str) -> str:
    return show(FactValue(fact.kind, fact.value, fact.label, fact.unit), language=language)


def _publisher(place: Place) -> str:
    committee = place.children.filter(kind="committee").first()
    return str(committee or place)
