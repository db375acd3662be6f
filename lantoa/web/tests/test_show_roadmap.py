"""The overview says where a campaign stands on its roadmap; the public page shows an article that is translated."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from lantoa.campaigns.rules.pack import FORM_LABELS
from lantoa.campaigns.rules.tests.conftest import PACKS
from lantoa.content.models import Rendering
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land


def test_the_overview_names_the_phase_and_the_next(client: Client, campaign: Campaign, cast: Cast) -> None:
    cutoff = timezone.localdate() + dt.timedelta(days=10)
    campaign.as_of = timezone.localdate()
    campaign.save()
    latest = campaign.facts.filter(key="cutoff_date").latest("version")
    latest.value, latest.is_verified = cutoff.isoformat(), True
    latest.save()
    client.force_login(cast.officer)
    page = client.get(reverse("overview", args=[campaign.slug])).content.decode()
    assert "Chuyển đổi theo danh sách" in page
    assert "Những ngày cuối" in page
    assert "còn 7 ngày" in page


def test_a_campaign_whose_pack_is_gone_still_has_its_overview(client: Client, campaign: Campaign, cast: Cast) -> None:
    campaign.pack = "khong-con"
    campaign.save()
    client.force_login(cast.officer)
    response = client.get(reverse("overview", args=[campaign.slug]))
    assert response.status_code == 200
    assert "Lộ trình" not in response.content.decode()


def test_english_readers_get_the_approved_translation(client: Client, campaign: Campaign, land: Land) -> None:
    address = reverse("public_page", args=[campaign.slug])
    english = make_rendering(campaign, land.communes[0], words="English", language="en", approved_at=None)
    question = {"noi": "c0", "lang": "en"}
    before = client.get(address, question)
    assert before.context["rendering"] != english
    assert "is in Vietnamese" in before.content.decode()
    Rendering.objects.filter(pk=english.pk).update(approved_at=timezone.now())
    response = client.get(address, question)
    assert response.context["rendering"] == english
    assert "is in Vietnamese" not in response.content.decode()
    assert client.get(address, {"noi": "c0"}).context["rendering"] != english


def test_a_minority_language_is_offered_by_its_own_name(
    client: Client, campaign: Campaign, land: Land, home: Path, settings: LazySettings
) -> None:
    address = reverse("public_page", args=[campaign.slug])
    settings.LANTOA_PACKS = home / "packs"
    shutil.copytree(PACKS / campaign.pack, settings.LANTOA_PACKS / campaign.pack)
    labels = "".join(f'{one} = "{{name}}{{page}}{{pages}}{{url}}{{date}}"\n' for one in FORM_LABELS)
    text = f'name = "Tiếng Thử"\nsource = "Bà Lò Thị Mẩy"\nnote = "…"\n[labels]\n{labels}'
    (settings.LANTOA_PACKS / campaign.pack / "languages" / "tyz.toml").write_text(text, encoding="utf-8")
    assert "Tiếng Thử" not in client.get(address).content.decode()
    row = make_rendering(campaign, land.communes[0], language="tyz")
    assert '<a href="?lang=tyz" lang="tyz" hreflang="tyz">Tiếng Thử</a>' in client.get(address).content.decode()
    response = client.get(address, {"noi": "c0", "lang": "tyz"})
    assert (response.context["rendering"], response["Content-Language"]) == (row, "tyz")
    assert client.get(address, {"lang": "xx"})["Content-Language"] == "vi"
