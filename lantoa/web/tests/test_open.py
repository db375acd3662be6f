"""Who may open which page, and what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, reverse

from lantoa.channels.memory_wire import Letterbox
from lantoa.places.rules import MAY
from lantoa.web import urls
from lantoa.web.tests.builders import PASSWORD, make_plan, make_rendering
from lantoa.web.tests.dispatch_builders import use_wire

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land

SECTIONS = {
    "overview": "Cần bạn xem",
    "letter": "Thể thức",
    "work": "Ai đang làm",
    "facts": "Ngày dừng 2G",
    "kit": "Tờ rơi A5",
    "exposures": "Cổng thông tin điện tử",
    "dispatches": "Chưa gửi tin cho nhiều người lần nào",
    "questions": "các cơ quan, đơn vị",
    "corrections": "Không có gì phải đính chính",
    "report": "Lượt giao việc",
}
PUBLIC = {
    "sign_in", "sign_out", "switch_language", "public_page", "check_phone", "webhook", "public_feed",
    "opt_out", "subscribe_browser", "service_worker",
}


def test_every_address_says_who_may() -> None:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        permission = getattr(pattern.callback, "permission", None)
        assert permission in {*MAY, "public"}, pattern.name
        assert (permission == "public") == (pattern.name in PUBLIC), pattern.name


def test_a_stranger_is_sent_to_sign_in(client: Client, campaign: Campaign) -> None:
    for name in ("campaigns", "register", "dev_outbox", "dev_letters", "upload_letter"):
        response = client.get(reverse(name))
        assert response.status_code == 302, name
        assert response["Location"].startswith("/dang-nhap?next=")
    for section in SECTIONS:
        assert client.get(reverse(section, args=[campaign.slug])).status_code == 302, section


@pytest.mark.parametrize(("section", "words"), SECTIONS.items())
def test_the_officer_in_charge_sees_every_section(
    client: Client, campaign: Campaign, cast: Cast, section: str, words: str
) -> None:
    client.force_login(cast.officer)
    response = client.get(reverse(section, args=[campaign.slug]))
    assert response.status_code == 200
    assert words in response.content.decode()


@pytest.mark.parametrize("section", SECTIONS)
def test_a_colleague_of_another_district_is_told_it_is_not_there(
    client: Client,
    campaign: Campaign,
    cast: Cast,
    section: str,
) -> None:
    client.force_login(cast.colleague)
    response = client.get(reverse(section, args=[campaign.slug]))
    assert response.status_code == 404
    assert "Không tìm thấy trang này" in response.content.decode()


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("who", ["unit_officer", "field_worker"])
def test_those_who_were_given_work_see_the_campaign(
    client: Client,
    campaign: Campaign,
    cast: Cast,
    section: str,
    who: str,
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse(section, args=[campaign.slug])).status_code == 200


def test_a_unit_sees_its_own_work_and_nobody_elses(client: Client, campaign: Campaign, cast: Cast, land: Land) -> None:
    client.force_login(cast.unit_officer)
    page = client.get(reverse("work", args=[campaign.slug])).content.decode()
    assert land.committees[0].name in page
    assert land.committees[1].name not in page
    other = land.committees[1].assignments.get()
    assert client.get(reverse("assignment", args=[campaign.slug, other.pk])).status_code == 404


def test_the_history_is_for_those_who_answer_for_it(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.unit_officer)
    response = client.get(reverse("history", args=[campaign.slug]))
    assert response.status_code == 403
    assert "không có quyền" in response.content.decode()
    client.force_login(cast.leader)
    assert "nguyên vẹn" in client.get(reverse("history", args=[campaign.slug])).content.decode()


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("upload_letter", "unit_officer"),
        ("answer_question", "unit_officer"),
        ("report_file", "field_worker"),
        ("carry_out", "unit_officer"),
        ("visit", "leader"),
    ],
)
def test_a_role_without_the_right_is_refused(
    client: Client, campaign: Campaign, cast: Cast, name: str, who: str
) -> None:
    args: dict[str, list[Any]] = {
        "upload_letter": [],
        "answer_question": [campaign.slug, 1],
        "report_file": [campaign.slug, "pdf"],
        "carry_out": [campaign.slug, 1],
        "visit": [campaign.slug],
    }
    client.force_login(getattr(cast, who))
    assert client.get(reverse(name, args=args[name])).status_code == 403


def test_a_unit_sees_no_form_for_a_new_fact_and_cannot_send_one(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.unit_officer)
    address = reverse("fact", args=[campaign.slug, "cutoff_date"])
    assert "Ghi phiên bản mới" not in client.get(address).content.decode()
    assert client.post(address, {"value": "2024-10-16", "source": "x"}).status_code == 403
    assert campaign.facts.filter(key="cutoff_date").count() == 1


def test_the_plan_shows_old_and_new_before_it_is_carried_out(client: Client, campaign: Campaign, cast: Cast) -> None:
    make_plan(campaign, cast.officer)
    client.force_login(cast.officer)
    page = client.get(reverse("corrections", args=[campaign.slug])).content.decode()
    assert "<del>16/9/2024</del>" in page
    assert "<ins>16/10/2024</ins>" in page
    assert "Xác nhận và thực hiện 4 việc" in page
    client.force_login(cast.unit_officer)
    assert "Xác nhận và thực hiện" not in client.get(reverse("corrections", args=[campaign.slug])).content.decode()


def test_every_figure_opens_its_rows(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    for key in (
        "publications",
        "deliveries",
        "assignments",
        "visits",
        "tasks",
        "proofs",
        "questions",
        "renderings",
        "corrections",
    ):
        response = client.get(reverse("figure", args=[campaign.slug, key]))
        assert response.status_code == 200, key
    assert client.get(reverse("figure", args=[campaign.slug, "khong-co"])).status_code == 404


def test_a_rendering_shows_the_facts_it_stands_on(client: Client, campaign: Campaign, cast: Cast, land: Land) -> None:
    client.force_login(cast.officer)
    for rendering in campaign.rendering_set.filter(place=land.communes[0]):
        page = client.get(reverse("rendering", args=[campaign.slug, rendering.pk])).content.decode()
        assert "Ngày dừng 2G" in page, rendering.kind
        file = client.get(reverse("rendering_file", args=[campaign.slug, rendering.pk]))
        assert b"".join(file.streaming_content), rendering.kind  # type: ignore[attr-defined]  # a file response streams
        file.close()


def test_an_html_preview_is_sandboxed(client: Client, campaign: Campaign, cast: Cast) -> None:
    article = campaign.rendering_set.filter(kind="article").first()
    assert article is not None
    client.force_login(cast.officer)
    response = client.get(reverse("rendering_file", args=[campaign.slug, article.pk]))
    assert response["Content-Security-Policy"].startswith("sandbox;")
    response.close()
    page = client.get(reverse("rendering", args=[campaign.slug, article.pk])).content.decode()
    assert "<iframe" in page
    assert " sandbox " in page


def test_a_pdf_has_a_picture_of_its_first_page(client: Client, campaign: Campaign, cast: Cast) -> None:
    leaflet = campaign.rendering_set.filter(kind="leaflet").first()
    assert leaflet is not None
    client.force_login(cast.officer)
    response = client.get(reverse("rendering_page", args=[campaign.slug, leaflet.pk]))
    assert response.content.startswith(b"\x89PNG")


def test_a_rendering_of_another_campaign_cannot_be_opened(
    client: Client, campaign: Campaign, cast: Cast, land: Land
) -> None:
    rendering = make_rendering(campaign, land.communes[0], "sms", language="en")
    client.force_login(cast.colleague)
    assert client.get(reverse("rendering_file", args=[campaign.slug, rendering.pk])).status_code == 404


@pytest.mark.parametrize("name", ["campaigns", "register", "upload_letter", "dev_outbox", "dev_letters"])
def test_pages_outside_a_campaign_open_for_the_officer(
    client: Client, campaign: Campaign, cast: Cast, name: str
) -> None:
    assert campaign.pk
    client.force_login(cast.officer)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "Lan Tỏa" in response.content.decode()


def test_development_pages_are_not_there_otherwise(
    client: Client, campaign: Campaign, cast: Cast, settings: Any
) -> None:
    settings.LANTOA_DEV_PAGES = False
    client.force_login(cast.officer)
    assert campaign.pk
    for name in ("dev_outbox", "dev_letters"):
        assert client.get(reverse(name)).status_code == 404


def test_the_outbox_shows_what_a_wire_that_sends_nowhere_holds(
    client: Client, campaign: Campaign, cast: Cast, settings: Any
) -> None:
    assert campaign.pk
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    box = Letterbox([(f"09{n:08d}", f"Kính gửi người {n}: đổi máy.") for n in range(60)])
    use_wire(box=box)
    client.force_login(cast.officer)
    page = client.get(reverse("dev_outbox")).content.decode()
    assert "Kính gửi người 59: đổi máy." in page
    assert "Kính gửi người 9: đổi máy." not in page, "the latest fifty"


def test_the_empty_list_tells_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert "Bắt đầu bằng một văn bản" in client.get("/").content.decode()
    client.force_login(cast.unit_officer)
    assert "Chưa có chiến dịch nào giao cho đơn vị bạn" in client.get("/").content.decode()


def test_campaigns_are_found_without_accents(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert campaign.title in client.get("/", {"tim": "dung cong nghe song mau"}).content.decode()
    assert campaign.title not in client.get("/", {"tim": "khong co gi"}).content.decode()


def test_signing_in_opens_the_list_and_wrong_passwords_are_slowed(client: Client, cast: Cast) -> None:
    assert cast.officer.pk
    for _ in range(5):
        assert client.post("/dang-nhap", {"username": "can-bo", "password": "sai"}).status_code == 200
    page = client.post("/dang-nhap", {"username": "can-bo", "password": PASSWORD}).content.decode()
    assert "chờ 15 phút" in page
    response = client.post("/dang-nhap", {"username": "lanh-dao", "password": PASSWORD})
    assert response.status_code == 302
    assert client.post("/dang-xuat").status_code == 302
    assert client.get("/").status_code == 302


def test_the_api_shows_what_the_session_may_see(client: Client, campaign: Campaign, cast: Cast) -> None:
    assert client.get("/api/campaigns").status_code == 401
    client.force_login(cast.colleague)
    assert client.get("/api/campaigns").json() == []
    assert client.get(f"/api/campaigns/{campaign.slug}/facts").status_code == 404
    client.force_login(cast.unit_officer)
    assert [row["slug"] for row in client.get("/api/campaigns").json()] == [campaign.slug]
    assert {row["key"] for row in client.get(f"/api/campaigns/{campaign.slug}/facts").json()} == {
        "cutoff_date",
        "subscribers",
        "hotline",
    }
    assert len(client.get(f"/api/campaigns/{campaign.slug}/assignments").json()) == 2
    assert len(client.get(f"/api/campaigns/{campaign.slug}/exposures").json()) == 4
    assert client.get(f"/api/campaigns/{campaign.slug}/figures").json()[0]["key"] == "tasks"
    assert "/api/campaigns" in client.get("/api/openapi.json").json()["paths"]
