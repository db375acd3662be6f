"""The pages of messages and bulletins: as they are read, measured, priced, and with the times of their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.urls import reverse

from lantoa.content.makers.making import make
from lantoa.content.makers.tests.builders import FULL
from lantoa.content.rules.kinds import KINDS
from lantoa.residents.models import Resident
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.web.tests.builders import Cast, Land

TARIFFS = """
[[tariff]]
operator = "Nhà mạng A"
from = 2020-01-01
source = "Hợp đồng số 5"
per_part_gsm7 = 300
per_part_ucs2 = 500
most_parts = 3
[[tariff]]
operator = "Nhà mạng B"
from = 2020-01-01
source = "Hợp đồng số 6"
per_part_gsm7 = 400
per_part_ucs2 = 800
most_parts = 3
"""


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


def made(campaign: Campaign, land: Land, kind: str) -> Rendering:
    """A rendering as its maker makes it."""
    content = make(kind, FULL)
    row = make_rendering(campaign, land.communes[0], "sms", words=FULL.title, details=dict(content.details))
    row.path.unlink()
    row.kind, row.file_name, row.media_type = kind, KINDS[kind].file_name, KINDS[kind].media_type
    row.save()
    row.path.write_bytes(content.content)
    for ending, data in content.beside.items():
        row.path.with_suffix(ending).write_bytes(data)
    return row


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def page(client: Client, campaign: Campaign, row: Rendering) -> str:
    return client.get(reverse("rendering", args=[campaign.slug, row.pk])).content.decode()


def test_an_e_mail_is_shown_as_read_and_downloaded_with_its_slots(
    officer: Client, campaign: Campaign, land: Land
) -> None:
    campaign.rendering_set.filter(kind="sms").delete()
    row = made(campaign, land, "email")
    address = reverse("rendering_file", args=[campaign.slug, row.pk])
    shown = body(officer.get(address))
    assert "Kính gửi quý vị," in shown
    assert "{{" not in shown
    kept = officer.get(address, {"tai": "1"})
    assert "{{name|quý vị}}" in body(kept)
    assert "attachment" in kept["Content-Disposition"]
    told = page(officer, campaign, row)
    assert FULL.title in told
    assert "Bản chữ thường của thư" in told
    assert "{{" not in told


def test_a_push_message_and_a_notification_are_shown_as_words(officer: Client, campaign: Campaign, land: Land) -> None:
    campaign.rendering_set.filter(kind="sms").delete()
    row = made(campaign, land, "push")
    assert f'<div class="bubble" lang="vi">{FULL.title}</div>' in page(officer, campaign, row)


def test_a_bulletins_words_and_their_times_are_opened_from_its_page(
    officer: Client, client: Client, campaign: Campaign, land: Land
) -> None:
    row = make_rendering(campaign, land.communes[0], "audio", is_current=False, details={"seconds": 58.1, "slot": 60})
    assert "WebVTT" not in page(officer, campaign, row)
    for ending, text in ((".vtt", "WEBVTT\n"), (".words.json", "{}")):
        row.path.with_suffix(ending).write_text(text, encoding="utf-8")
        address = reverse("rendering_transcript", args=[campaign.slug, row.pk, ending[1:]])
        assert address in page(officer, campaign, row)
        assert body(officer.get(address)) == text
    assert "58,1 giây trong khung 60 giây" in page(officer, campaign, row)
    assert officer.get(reverse("rendering_transcript", args=[campaign.slug, row.pk, "exe"])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def register(land: Land, **carriers: int) -> None:
    numbers = iter(range(1000))
    for carrier, count in carriers.items():
        Resident.objects.bulk_create(
            Resident(phone=f"09{next(numbers):08d}", place=land.hamlet, carrier=carrier.replace("_", " "))
            for _ in range(count)
        )


@pytest.mark.parametrize(
    ("registered", "told"),
    [
        ({}, "từ 1.000 đến 1.600 đồng, một tin (chưa có danh sách thuê bao)"),
        ({"Nhà_mạng_A": 3}, "3.000 đồng, 3 thuê bao"),
        ({"Nhà_mạng_A": 1, "": 2}, "từ 3.000 đến 4.200 đồng, 3 thuê bao"),
    ],
)
def test_an_sms_says_what_it_would_cost_by_the_agencys_own_table(
    officer: Client, campaign: Campaign, land: Land, registered: dict[str, int], told: str
) -> None:
    details: dict[str, Any] = {"alphabet": "UCS-2", "units": 100, "parts": 2}
    row = make_rendering(campaign, land.communes[0], "sms", is_current=False, details=details)
    assert "<dd>chưa có bảng giá</dd>" in page(officer, campaign, row)
    register(land, **registered)
    (settings.LANTOA_HOME / "tariffs.toml").write_text(TARIFFS, encoding="utf-8")
    shown = page(officer, campaign, row)
    assert told in shown
    assert "2 phần, 100 đơn vị UCS-2" in shown
    assert "Nhà mạng A: Hợp đồng số 5, 1/1/2020" in shown


def test_a_table_of_prices_with_a_fault_is_told_and_the_page_stays(
    officer: Client, campaign: Campaign, land: Land
) -> None:
    row = make_rendering(campaign, land.communes[0], "sms", is_current=False)
    (settings.LANTOA_HOME / "tariffs.toml").write_text("[[tariff]]\n", encoding="utf-8")
    assert "thiếu «operator»" in page(officer, campaign, row)


def test_the_kit_offers_to_make_bulletins_of_other_lengths_once(officer: Client, campaign: Campaign) -> None:
    address = reverse("kit", args=[campaign.slug])
    assert 'name="moi-do-dai"' in officer.get(address).content.decode()
    row = campaign.rendering_set.filter(kind="audio").first()
    assert row is not None
    row.pk, row.kind = None, "audio_60"
    row.save()
    assert 'name="moi-do-dai"' not in officer.get(address).content.decode()
