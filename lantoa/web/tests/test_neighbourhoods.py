from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from lantoa.places.models import Place
from lantoa.web import jobs

if TYPE_CHECKING:
    import pytest
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land


def fields(place: Place, leader: str = "Nguyễn Văn An", phone: str = "0912 345 678") -> dict[str, object]:
    return {"place": [place.pk], f"leader-{place.pk}": leader, f"phone-{place.pk}": phone}


def test_the_page_asks_for_what_is_missing(client: Client, campaign: Campaign, cast: Cast, land: Land) -> None:
    client.force_login(cast.officer)
    page = client.get(reverse("neighbourhoods", args=[campaign.slug])).content.decode()
    assert str(land.hamlet) in page
    assert "Còn thiếu" in page
    assert reverse("make_neighbourhood_kits", args=[campaign.slug]) in page
    assert (
        reverse("neighbourhoods", args=[campaign.slug])
        in client.get(reverse("kit", args=[campaign.slug])).content.decode()
    )


def test_what_is_filled_in_is_kept_and_what_is_wrong_is_named(
    client: Client, campaign: Campaign, cast: Cast, land: Land
) -> None:
    client.force_login(cast.officer)
    address = reverse("record_contacts", args=[campaign.slug])
    page = client.post(address, fields(land.hamlet), follow=True).content.decode()
    assert "Đã ghi liên hệ của 1 tổ" in page
    assert Place.objects.get(pk=land.hamlet.pk).leader == "Nguyễn Văn An"
    page = client.post(address, fields(land.hamlet, phone="hỏi chị Ba"), follow=True).content.decode()
    assert "không phải số điện thoại" in page
    assert Place.objects.get(pk=land.hamlet.pk).phone == "0912 345 678"


def test_a_place_of_another_district_is_not_touched(client: Client, campaign: Campaign, cast: Cast) -> None:
    far = Place.objects.create(code="xa", name="Tổ dân phố số 9", kind="neighbourhood")
    client.force_login(cast.officer)
    client.post(reverse("record_contacts", args=[campaign.slug]), fields(far))
    assert Place.objects.get(pk=far.pk).leader == ""


def test_kits_are_made_in_a_job_that_shows_how_far_it_is(
    client: Client, campaign: Campaign, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("lantoa.content.actions.make_kit", lambda *_args, neighbourhoods: asked.append(neighbourhoods))
    monkeypatch.setattr(jobs, "start", jobs.perform)
    client.force_login(cast.officer)
    answer = client.post(reverse("make_neighbourhood_kits", args=[campaign.slug]))
    assert answer["Location"].startswith("/nhan-van-ban/")
    assert asked == [True]
