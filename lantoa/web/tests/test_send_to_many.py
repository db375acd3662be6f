"""Messages to many people: chosen, counted, looked at, confirmed, watched and stopped."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lantoa.channels.wire import Reaches
from lantoa.delivery.actions import numbers, pause_dispatch, refuse_messages
from lantoa.delivery.models import Dispatch, Recipient, SendingAccount
from lantoa.delivery.rules.progress import read_look
from lantoa.web.dispatch_forms import whole_places
from lantoa.web.tests.dispatch_builders import (
    DELIVERED,
    GONE,
    UNKNOWN,
    make_dispatch,
    make_residents,
    make_words,
    settle,
    use_wire,
)

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.residents.models import Resident
    from lantoa.web.tests.builders import Cast, Land

HTMX = {"hx-request": "true"}
TARIFFS = """
[[tariff]]
operator = "Viettel"
from = 2024-01-01
source = "Hợp đồng 05/2024"
per_part_gsm7 = 350
per_part_ucs2 = 800
most_parts = 3
"""
FILLED = {"kenh": "zns", "words": "social_post", "audience": "residents", "hours": "usual", "unknown": "ask"}


@pytest.fixture(autouse=True)
def _wired(settings: LazySettings) -> None:
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    settings.LANTOA_SENDING_HOURS = settings.LANTOA_URGENT_HOURS = ""
    use_wire()


@pytest.fixture
def residents(campaign: Campaign, land: Land) -> list[Resident]:
    make_words(campaign)
    return make_residents(land)


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


# --- choosing ------------------------------------------------------------------------------------


def test_channels_that_cannot_send_say_what_to_do(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    shown = page(client, "plan_dispatch", campaign.slug)
    assert 'href="?kenh=zns"' in shown
    assert 'href="?kenh=email"' not in shown
    assert "[[email.account]]" in shown


def test_words_that_may_not_go_are_shown_with_the_reason(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    client.force_login(cast.officer)
    shown = page(client, "plan_dispatch", campaign.slug, kenh="zns")
    assert 'value="social_post"' in shown
    assert 'value="sms"' not in shown
    assert "NĐ 49/2024/NĐ-CP" in shown
    campaign.rendering_set.filter(kind="social_post").update(approved_at=None)
    assert "chưa được duyệt" in page(client, "plan_dispatch", campaign.slug, kenh="zns")


def test_the_count_follows_the_form(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    refuse_messages(Reaches.PHONE, residents[1].phone, "", cast.officer)
    client.force_login(cast.officer)

    def reach(**more: Any) -> tuple[int, int, int]:
        response = client.get(reverse("count_people", args=[campaign.slug]), {**FILLED, **more}, headers=HTMX)
        found = response.context["counted"]["reach"]
        return found.people, found.refused, found.sent_to

    assert reach() == (6, 1, 5)
    assert reach(places=[land.communes[0].code]) == (3, 0, 3)
    assert reach(devices=["at_risk"]) == (3, 1, 2)
    assert reach(devices=["at_risk"], needs_help="yes") == (1, 0, 1)
    assert reach(carriers=["Viettel"], places=[land.hamlet.code, land.communes[1].code]) == (6, 1, 5)
    assert reach(audience="places") == (3, 0, 2)


def test_what_it_would_cost_is_said_where_the_agency_has_a_table_of_prices(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    assert residents
    land.district.kind = "province"  # SMS is for this level
    land.district.save()
    make_words(campaign, "sms")
    use_wire("sms")
    client.force_login(cast.officer)
    address, query = reverse("count_people", args=[campaign.slug]), {**FILLED, "kenh": "sms", "words": "sms"}
    assert client.get(address, query, headers=HTMX).context["counted"]["price"] == ""
    settings.LANTOA_HOME.mkdir(exist_ok=True)
    (settings.LANTOA_HOME / "tariffs.toml").write_text(TARIFFS, encoding="utf-8")
    assert "4.800 đồng, 6 thuê bao" in client.get(address, query, headers=HTMX).content.decode()
    dispatch = plan(client, campaign, kenh="sms", words="sms")
    assert "4.800 đồng, 6 thuê bao" in page(client, "start_dispatch", campaign.slug, dispatch.pk)
    (settings.LANTOA_HOME / "tariffs.toml").write_text("[[tariff]]\n", encoding="utf-8")
    assert "nhà mạng" in client.get(address, query, headers=HTMX).context["counted"]["price"]


def test_what_stands_in_the_way_is_told_instead_of_a_count(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    client.force_login(cast.officer)
    address = reverse("count_people", args=[campaign.slug])
    assert "điền đủ" in client.get(address, {"kenh": "zns"}, headers=HTMX).content.decode()
    campaign.state = "closed"
    campaign.save()
    assert "đã kết thúc" in client.get(address, FILLED, headers=HTMX).content.decode()
    assert client.get(address, {**FILLED, "kenh": "khong-co"}, headers=HTMX).status_code == 404


def test_without_a_script_the_same_form_counts_by_a_button(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    client.force_login(cast.officer)
    shown = page(client, "plan_dispatch", campaign.slug, **FILLED)
    assert "người sẽ được gửi" in shown
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(("more", "why"), [
    ({"hours": "own"}, "Hãy ghi giờ"),
    ({"hours": "own", "own_hours": "8-17"}, "không đúng"),
    ({"not_after": "2020-01-01T08:00"}, "sau lúc này"),
    ({"not_before": "2099-01-02T08:00", "not_after": "2099-01-01T08:00"}, "sau lúc bắt đầu"),
    ({"words": "leaflet"}, ""),
    ({"places": ["d2"]}, ""),
])
def test_a_form_that_makes_no_sense_comes_back_with_what_is_wrong(
    client: Client, campaign: Campaign, cast: Cast, more: dict[str, Any], why: str,
) -> None:
    make_words(campaign)
    client.force_login(cast.officer)
    response = client.post(reverse("plan_dispatch", args=[campaign.slug]), {**FILLED, **more})
    assert response.status_code == 200
    assert why in response.content.decode()
    assert not Dispatch.objects.exists()


def test_a_place_whose_parent_is_ticked_goes_without_saying() -> None:
    offered = [("a", "", 0), ("a1", "", 1), ("a11", "", 2), ("a2", "", 1), ("b", "", 0), ("b1", "", 1)]
    assert whole_places(offered, ["a", "a11", "b1"]) == ["a", "b1"]
    assert whole_places(offered, ["a1", "a11", "a2"]) == ["a1", "a2"]


# --- confirming ----------------------------------------------------------------------------------


def plan(client: Client, campaign: Campaign, **more: Any) -> Dispatch:
    response = client.post(reverse("plan_dispatch", args=[campaign.slug]), {**FILLED, **more})
    dispatch = Dispatch.objects.latest("pk") if "fallback" not in more else Dispatch.objects.earliest("pk")
    assert response["Location"] == reverse("start_dispatch", args=[campaign.slug, dispatch.pk])
    return dispatch


def test_nothing_leaves_before_it_is_confirmed_and_one_sentence_says_what_will_happen(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    refuse_messages(Reaches.PHONE, residents[0].phone, "", cast.officer)
    client.force_login(cast.officer)
    dispatch = plan(client, campaign, needs_help="yes", is_urgent="on")
    assert (dispatch.state, dispatch.segment, dispatch.lane) == ("planned", "needs_help=yes", 0)
    shown = page(client, "start_dispatch", campaign.slug, dispatch.pk)
    whom = "tới 1 người nhận (Người dân, cần giúp đỡ)"
    assert f"Sẽ gửi “Bài đăng mạng xã hội” qua Zalo (ZNS) {whom}, bắt đầu ngay." in shown
    assert "Kính gửi Nguyễn Văn A: mời đổi máy." in shown
    assert "Xác nhận và gửi cho 1 người nhận" in shown
    assert Dispatch.objects.get().state == "planned", "looking does nothing"
    client.post(reverse("start_dispatch", args=[campaign.slug, dispatch.pk]))
    assert Dispatch.objects.get().state == "running"


def test_hours_and_the_window_are_said_before_it_is_let_out(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    client.force_login(cast.officer)
    dispatch = plan(client, campaign, hours="own", own_hours="08:00–17:00", not_before="2099-03-02T20:00",
                    not_after="2099-03-09T12:00")
    assert dispatch.hours == "08:00-17:00"
    shown = page(client, "start_dispatch", campaign.slug, dispatch.pk)
    assert "bắt đầu lúc 3/3/2099 08:00, chỉ trong giờ 08:00–17:00, không gửi sau 9/3/2099 12:00." in shown


def test_whom_it_cannot_reach_is_sent_on_by_the_other_channel(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    assert residents
    land.district.kind = "province"  # SMS is for this level
    land.district.save()
    make_words(campaign, kind="sms")
    use_wire("sms")
    client.force_login(cast.officer)
    dispatch = plan(client, campaign, fallback="sms:sms")
    assert dispatch.fallback is not None
    assert dispatch.fallback.channel == "sms"
    assert "Ai không gửi được sẽ tự được gửi tiếp" in page(client, "start_dispatch", campaign.slug, dispatch.pk)
    response = client.get(reverse("start_dispatch", args=[campaign.slug, dispatch.fallback.pk]))
    assert response.status_code == 302, "the fallback is let out by the dispatch it stands behind"
    assert "dự phòng" in page(client, "dispatches", campaign.slug)


def test_a_plan_can_be_mended_or_dropped(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    assert residents
    client.force_login(cast.officer)
    dispatch = plan(client, campaign, places=[land.hamlet.code], devices=["fine", "at_risk"], needs_help="no")
    before: dict[str, Any] = {"kenh": "zns", "tu": dispatch.pk}
    shown = client.get(reverse("plan_dispatch", args=[campaign.slug]), before)
    form = shown.context["form"]
    assert (form["places"].value(), form["devices"].value()) == ((land.hamlet.code,), ("fine", "at_risk"))
    assert form["needs_help"].value() == "no"
    client.get(reverse("drop_dispatch", args=[campaign.slug, dispatch.pk]))
    assert Dispatch.objects.exists(), "opening an address does nothing"
    client.post(reverse("drop_dispatch", args=[campaign.slug, dispatch.pk]))
    assert not Dispatch.objects.exists()
    assert not Recipient.objects.exists()


def test_an_empty_group_cannot_be_let_out(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    client.force_login(cast.officer)
    dispatch = plan(client, campaign, devices=["unknown"])
    shown = page(client, "start_dispatch", campaign.slug, dispatch.pk)
    assert "Không có ai để gửi" in shown
    assert "Xác nhận và gửi" not in shown


def test_more_people_for_the_same_words_are_added_and_the_officer_is_told(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    assert residents
    first = make_dispatch(campaign, cast, segment=f"place={land.hamlet.code}")
    pause_dispatch(first, "", cast.officer)
    client.force_login(cast.officer)
    response = client.post(reverse("plan_dispatch", args=[campaign.slug]), FILLED, follow=True)
    assert f"đã có đợt {first.pk}" in response.content.decode()
    assert numbers([first.pk])[first.pk] == {0: 6}


def test_a_rehearsal_says_that_nobody_gets_anything(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    campaign.is_rehearsal = True
    campaign.save()
    client.force_login(cast.officer)
    assert "không tới ai" in page(client, "plan_dispatch", campaign.slug)
    response = client.post(reverse("plan_dispatch", args=[campaign.slug]), FILLED, follow=True)
    assert Dispatch.objects.get().channel == "rehearsal"
    assert "Kính gửi Nguyễn Văn A" in response.content.decode()


# --- who may -------------------------------------------------------------------------------------

SENDING = ("plan_dispatch", "count_people")
ON_ONE = ("start_dispatch", "drop_dispatch", "pause_dispatch", "cancel_dispatch", "extend_dispatch", "send_again",
          "leave_unknown")


@pytest.mark.parametrize("who", ["unit_officer", "field_worker"])
def test_units_see_how_far_it_is_and_cannot_send(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], who: str,
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(getattr(cast, who))
    assert "Đợt gửi mới" not in page(client, "dispatches", campaign.slug)
    assert "Tạm dừng" not in page(client, "dispatch", campaign.slug, dispatch.pk)
    for name in SENDING:
        assert client.get(reverse(name, args=[campaign.slug])).status_code == 403, name
    for name in ON_ONE:
        assert client.post(reverse(name, args=[campaign.slug, dispatch.pk])).status_code == 403, name
    dispatch.refresh_from_db()
    assert dispatch.state == "running"


def test_somebody_of_another_district_is_told_it_is_not_there(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.colleague)
    for name in ("dispatch", "dispatch_progress", "recipients", *ON_ONE):
        assert client.get(reverse(name, args=[campaign.slug, dispatch.pk])).status_code in {404, 405}, name
    assert client.post(reverse("pause_dispatch", args=[campaign.slug, dispatch.pk])).status_code == 404


def test_an_officer_of_a_place_below_sees_no_buttons_and_is_refused(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident], land: Land,
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    cast.officer.place = land.communes[0]
    cast.officer.save()
    client.force_login(cast.officer)
    assert "Tạm dừng" not in page(client, "dispatch", campaign.slug, dispatch.pk)
    response = client.post(reverse("pause_dispatch", args=[campaign.slug, dispatch.pk]), follow=True)
    assert "không thuộc phạm vi của bạn" in response.content.decode()
    dispatch.refresh_from_db()
    assert dispatch.state == "running"


# --- watching ------------------------------------------------------------------------------------


def test_the_list_shows_how_far_each_is_and_is_found_filtered_sorted_and_taken_away(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    first = make_dispatch(campaign, cast)
    settle(first, {residents[0].pk: DELIVERED, residents[1].pk: GONE, residents[2].pk: UNKNOWN})
    use_wire("email", reaches=Reaches.EMAIL)
    second = make_dispatch(campaign, cast, channel="email", is_started=False)
    client.force_login(cast.officer)
    address = reverse("dispatches", args=[campaign.slug])
    line = client.get(address).context["lines"][1]
    assert (line.done, line.people, line.lost, line.unknown, line.waiting) == (3, 6, 1, 1, 3)
    for query, found in (
        ({}, [second, first]), ({"xep": "so"}, [first, second]), ({"trang-thai": "planned"}, [second]),
        ({"kenh": "zns"}, [first]), ({"tim": "zalo"}, [first]), ({"tim": "co quan"}, [second]), ({"tim": "?"}, []),
    ):
        assert [one.dispatch for one in client.get(address, query).context["lines"]] == found, query
    table = client.get(reverse("dispatches_file", args=[campaign.slug, "csv"])).content.decode("utf-8-sig")
    assert [row.split(";")[5:10] for row in table.splitlines()[1:]] == [
        ["2", "0", "2", "0", "0"], ["6", "1", "3", "1", "1"],
    ]
    assert client.get(reverse("dispatches_file", args=[campaign.slug, "doc"])).status_code == 404


def test_a_running_list_asks_for_itself_and_nothing_else(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)
    address = reverse("dispatches", args=[campaign.slug])
    assert 'hx-trigger="every 3s"' in client.get(address).content.decode()
    part = client.get(address, headers=HTMX).content.decode()
    assert part.startswith('<div class="stack tight" id="cac-dot"')
    pause_dispatch(dispatch, "", cast.officer)
    assert "hx-trigger" not in client.get(address, headers=HTMX).content.decode()


def test_looking_at_progress_counts_no_rows(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("dispatch_progress", args=[campaign.slug, dispatch.pk]), headers=HTMX)
    assert not [query for query in queries.captured_queries if "delivery_recipient" in query["sql"]]


def test_speed_and_end_are_told_from_two_looks(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)
    address = reverse("dispatch_progress", args=[campaign.slug, dispatch.pk])
    look = client.get(address, {"tt": "running"}, headers=HTMX).context["look"]
    assert look.speed == 0
    settle(dispatch, {one.pk: DELIVERED for one in residents[:4]})
    before = read_look(f"{time.time() - 4:.1f}-0-0.0-0.0")
    response = client.get(address, {"tt": "running", "nhin": str(before)}, headers=HTMX)
    assert response.context["look"].speed == pytest.approx(1, rel=0.1)
    assert response.context["ends_at"] - timezone.localtime() < dt.timedelta(seconds=10)
    assert "Khoảng 1" in response.content.decode()


def test_the_page_loads_itself_anew_when_something_else_may_be_done(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    pause_dispatch(dispatch, "", cast.officer)
    client.force_login(cast.officer)
    address = reverse("dispatch_progress", args=[campaign.slug, dispatch.pk])
    assert client.get(address, {"tt": "running"}, headers=HTMX)["HX-Refresh"] == "true"
    assert client.get(address, {"tt": "running"}).status_code == 302, "a person who opens it gets the page"


def test_when_nothing_goes_for_a_while_the_page_says_whom_to_ask(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)
    address = reverse("dispatch_progress", args=[campaign.slug, dispatch.pk])
    long_ago = f"{time.time() - 60:.1f}-0-0.0-{time.time() - 60:.1f}"
    assert "lantoa worker" in client.get(address, {"nhin": long_ago}, headers=HTMX).content.decode()
    dispatch.chunks.update(not_before=int(time.time()) + 600)
    waits = client.get(address, {"nhin": long_ago}, headers=HTMX).content.decode()
    assert "lantoa worker" not in waits, "everybody left is to be tried again later"
    Dispatch.objects.update(not_before=timezone.now() + dt.timedelta(hours=3))
    assert "Đang chờ tới giờ được gửi" in client.get(address, {"nhin": long_ago}, headers=HTMX).content.decode()


def test_numbers_open_the_people_and_accounts_say_what_is_wrong(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    dispatch = make_dispatch(campaign, cast)
    settle(dispatch, {residents[0].pk: GONE})
    SendingAccount.objects.create(channel="zns", name="a", is_up=False, why="Sai mã truy cập")
    client.force_login(cast.officer)
    shown = page(client, "dispatch", campaign.slug, dispatch.pk)
    address = reverse("recipients", args=[campaign.slug, dispatch.pk])
    assert f'href="{address}?trang-thai=failed_for_good"' in shown
    assert "Sai mã truy cập" in shown


# --- stopping and beginning again ----------------------------------------------------------------


def test_it_is_paused_with_a_reason_and_goes_on(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)
    client.post(reverse("pause_dispatch", args=[campaign.slug, dispatch.pk]), {"why": "xem lại danh sách"})
    shown = page(client, "dispatch", campaign.slug, dispatch.pk)
    assert "xem lại danh sách" in shown
    assert "Cho gửi tiếp" in shown
    client.post(reverse("start_dispatch", args=[campaign.slug, dispatch.pk]))
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.why) == ("running", "")


def test_after_its_time_a_new_time_is_asked_for(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast, not_after=timezone.now() + dt.timedelta(hours=1))
    Dispatch.objects.update(state="paused", why="Đã quá thời hạn gửi.", not_after=timezone.now())
    client.force_login(cast.officer)
    shown = page(client, "dispatch", campaign.slug, dispatch.pk)
    assert "đổi thời hạn gửi" in shown
    assert "Cho gửi tiếp" not in shown
    address = reverse("extend_dispatch", args=[campaign.slug, dispatch.pk])
    assert "phải ở sau lúc này" in client.post(address, {"not_after": "2020-01-01T08:00"}, follow=True).content.decode()
    assert "chưa đúng" in client.post(address, {"not_after": "mai"}, follow=True).content.decode()
    client.post(address, {"not_after": "2099-01-01T08:00"})
    assert "Cho gửi tiếp" in page(client, "dispatch", campaign.slug, dispatch.pk)
    client.post(address, {"not_after": ""})
    dispatch.refresh_from_db()
    assert dispatch.not_after is None


def test_what_cannot_be_taken_back_is_asked_first(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    dispatch = make_dispatch(campaign, cast)
    settle(dispatch, {residents[0].pk: DELIVERED})
    client.force_login(cast.officer)
    assert "5 người chưa đến lượt sẽ không bao giờ" in page(client, "cancel_dispatch", campaign.slug, dispatch.pk)
    dispatch.refresh_from_db()
    assert dispatch.state == "running"
    client.post(reverse("cancel_dispatch", args=[campaign.slug, dispatch.pk]), {"why": "gửi nhầm"})
    assert "gửi nhầm" in page(client, "dispatch", campaign.slug, dispatch.pk)


def test_sending_again_names_the_risk_and_reaches_those_alone_who_were_chosen(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    dispatch = make_dispatch(campaign, cast)
    settle(dispatch, dict.fromkeys([one.pk for one in residents], DELIVERED))
    settle(dispatch, {residents[0].pk: GONE, residents[1].pk: UNKNOWN, residents[2].pk: UNKNOWN})
    dispatch.chunks.update(state=2)
    Dispatch.objects.update(state="done")
    client.force_login(cast.officer)
    shown = page(client, "send_again", campaign.slug, dispatch.pk)
    assert "sẽ nhận lần thứ hai" in shown
    address = reverse("send_again", args=[campaign.slug, dispatch.pk])
    assert "ít nhất một nhóm" in client.post(address).content.decode()
    assert "ít nhất một nhóm" in client.post(address, {"trang-thai": "delivered"}).content.decode()
    response = client.post(address, {"trang-thai": "unknown"}, follow=True)
    assert "Đã xếp lại 2 người" in response.content.decode()
    assert numbers([dispatch.pk])[dispatch.pk] == {0: 2, 3: 3, 5: 1}
    dispatch.refresh_from_db()
    assert dispatch.state == "running"


def test_those_of_whom_nobody_knows_can_be_left_be(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    dispatch = make_dispatch(campaign, cast)
    settle(dispatch, {residents[0].pk: UNKNOWN})
    client.force_login(cast.officer)
    assert "1 người chưa rõ đã nhận hay chưa" in page(client, "dispatch", campaign.slug, dispatch.pk)
    client.post(reverse("leave_unknown", args=[campaign.slug, dispatch.pk]))
    assert "1 người chưa rõ đã nhận hay chưa" not in page(client, "dispatch", campaign.slug, dispatch.pk)


def test_a_dispatch_that_waits_for_a_person_is_counted_in_the_campaigns_sections(
    client: Client, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    assert residents
    dispatch = make_dispatch(campaign, cast)
    client.force_login(cast.officer)

    def waiting() -> int:
        sections = client.get(reverse("overview", args=[campaign.slug])).context["sections"]
        return int(next(one.waiting for one in sections if one.page == "dispatches"))

    assert waiting() == 0
    pause_dispatch(dispatch, "", cast.officer)
    assert waiting() == 1
