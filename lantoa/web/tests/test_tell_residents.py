"""The public page and the check of a phone: for anybody, light, and true to the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from lantoa.content.models import Rendering
from lantoa.delivery.models import Publication
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Land


def test_it_needs_no_sign_in_no_script_and_nothing_from_elsewhere(client: Client, campaign: Campaign) -> None:
    response = client.get(reverse("public_page", args=[campaign.slug]), {"noi": "c0"})
    page = response.content.decode()
    assert response.status_code == 200
    assert len(response.content) <= 30 * 1024
    assert "<script" not in page
    loaded = re.sub(r'<link rel="alternate"[^>]*>', "", page)
    assert not re.search(r"<(?:link|img|iframe)[^>]+(?:src|href)=\"(?!data:)", loaded)
    assert "script-src" not in response["Content-Security-Policy"]
    assert "16/9/2024" in page
    assert "0225 388 1000" in page
    assert "sessionid" not in response.cookies


def test_a_phone_that_has_the_page_is_not_sent_it_again(client: Client, campaign: Campaign) -> None:
    address = reverse("public_page", args=[campaign.slug])
    first = client.get(address)
    assert "max-age=300" in first["Cache-Control"]
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_neighbourhood_gets_the_page_of_its_commune(client: Client, campaign: Campaign, land: Land) -> None:
    response = client.get(reverse("public_page", args=[campaign.slug]), {"noi": land.hamlet.code})
    assert response.context["place"] == land.communes[0]


def test_it_shows_what_is_published_not_what_is_only_made(client: Client, campaign: Campaign, land: Land) -> None:
    place = land.communes[0]
    address = reverse("public_page", args=[campaign.slug])
    Rendering.objects.filter(place=place, kind="article").update(is_current=False)
    fresh = make_rendering(campaign, place, words="mới")
    assert client.get(address, {"noi": "c0"}).context["rendering"] != fresh
    old = Publication.objects.get(rendering__kind="article", rendering__place=place)
    Publication.objects.create(
        campaign=campaign,
        rendering=fresh,
        place=old.place,
        channel="folder",
        channel_kind="portal",
        state="sent",
        live_from=timezone.now(),
    )
    old.live_to = timezone.now()
    old.save()
    assert client.get(address, {"noi": "c0"}).context["rendering"] == fresh


def test_english_readers_are_told_the_text_is_vietnamese(client: Client, campaign: Campaign) -> None:
    response = client.get(reverse("public_page", args=[campaign.slug]), {"lang": "en"})
    page = response.content.decode()
    assert '<html lang="en">' in page
    assert "Check your phone" in page
    assert response["Content-Language"] == "en"


def test_a_rehearsal_has_no_public_page(client: Client, campaign: Campaign) -> None:
    campaign.is_rehearsal = True
    campaign.save()
    assert client.get(reverse("public_page", args=[campaign.slug])).status_code == 404


def test_anybody_may_check_a_phone(client: Client, campaign: Campaign) -> None:
    assert campaign.pk
    address = reverse("check_phone")
    assert client.get(address).status_code == 200
    packs = client.get(address).context["form"].fields["pack"].choices
    answer = client.post(address, {"pack": packs[0][0], "model": "Nokia 105"})
    assert answer.context["result"].advice
    assert "Hãy nhập kiểu máy" in client.post(address, {"pack": packs[0][0]}).content.decode()
