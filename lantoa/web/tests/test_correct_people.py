"""A correction among people on its pages: whom it will tell before it is approved, how far it got after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lantoa.campaigns.tests.builders import write_pack
from lantoa.delivery.actions import carry_out, plan_correction
from lantoa.delivery.models import Correction, Dispatch, Suppression
from lantoa.delivery.rules.states import REFUSED
from lantoa.delivery.tests.builders import PORTAL, change, make_live
from lantoa.delivery.tests.test_correct_people import CORRECTION_SMS, send, went
from lantoa.places.models import Place
from lantoa.places.tests.builders import make_cast
from lantoa.residents.models import Resident
from lantoa.web.tests.dispatch_builders import use_wire

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def cast(db: Any, settings: LazySettings, home: Path) -> Cast:  # noqa: ARG001 - rows need the database
    """A province whose officer may send, with the rain pack as the only pack."""
    settings.LANTOA_PACKS = write_pack(home / "packs")
    settings.LANTOA_SENDING_HOURS = settings.LANTOA_URGENT_HOURS = ""
    cast = make_cast()
    Place.objects.filter(pk=cast.district.pk).update(kind="province")
    cast.district.refresh_from_db()
    return cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """Its page is on the portal; ten residents are in the register."""
    use_wire("post")
    Resident.objects.bulk_create(
        Resident(phone=f"09{number:08d}", name=f"Người {number}", place=cast.neighbourhood) for number in range(10)
    )
    return make_live(cast, PORTAL, pieces=(CORRECTION_SMS,))


@pytest.fixture
def planned(campaign: Campaign) -> Correction:
    """Four got the old words, six still wait; the fact has changed since."""
    went(send(campaign), 4)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    return plan


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def test_the_plan_says_how_many_people_what_they_will_read_and_who_refused(
    client: Client, campaign: Campaign, cast: Cast, planned: Correction
) -> None:
    Suppression.objects.create(reaches="phone", address="0900000000", source="person")
    client.force_login(cast.officer)
    shown = page(client, "corrections", campaign.slug)
    assert "Xác nhận: làm 1 việc, gửi cho 10 người" in shown
    assert "4 người" in shown
    assert "1 người trong số này đã từ chối nhận tin" in shown
    assert "nay là" in shown, "the words themselves"
    old = planned.dispatches.exclude(instead_of=None).get().instead_of
    assert old is not None
    assert f"Người đợt {old.pk} chưa gửi tới nhận lời mới" in shown


def test_one_approval_starts_all_of_it_and_leads_to_how_far_it_is(
    client: Client, campaign: Campaign, cast: Cast, planned: Correction
) -> None:
    client.force_login(cast.officer)
    answer = client.post(reverse("carry_out", args=[campaign.slug, planned.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("correction", args=[campaign.slug, planned.pk])
    shown = answer.content.decode()
    assert "Tin đang được gửi tới từng người" in shown
    assert "Chờ gửi 4" in shown
    assert "Còn giữ bản cũ: 4" in shown
    assert 'hx-trigger="every 3s"' in shown
    assert set(planned.dispatches.values_list("state", flat=True)) == {"running"}


def test_while_it_goes_only_the_people_are_asked_for_again_and_then_the_whole_page(
    client: Client, campaign: Campaign, cast: Cast, planned: Correction
) -> None:
    carry_out(planned, None)
    client.force_login(cast.officer)
    address = reverse("correction", args=[campaign.slug, planned.pk])
    notice = planned.dispatches.get(instead_of=None)
    went(notice, 1)
    part = client.get(address, {"nguoi": "1"}, headers={"hx-request": "true"}).content.decode()
    assert part.startswith(f'<div class="stack tight" id="nguoi-nhan-{planned.pk}"')
    assert "Đã báo 1" in part
    for dispatch in planned.dispatches.all():
        went(dispatch)
    through = client.get(address, {"nguoi": "1"}, headers={"hx-request": "true"})
    assert through["HX-Refresh"] == "true"


def test_who_missed_it_is_one_click_away_and_has_both_times(
    client: Client, campaign: Campaign, cast: Cast, planned: Correction, tmp_path: Path
) -> None:
    carry_out(planned, None)
    notice = planned.dispatches.get(instead_of=None)
    went(notice, 3)
    went(notice, 1, REFUSED)
    client.force_login(cast.officer)
    shown = page(client, "correction", campaign.slug, planned.pk)
    assert "Không tới 1, chưa rõ 0: xem vì sao" in shown
    everybody = page(client, "recipients", campaign.slug, notice.pk, **{"trang-thai": "tat-ca"})
    assert "Nhận lời cũ lúc" in everybody
    assert everybody.count("1/1/1970") >= 7, "three told, and four who had the old words"
    file = client.get(reverse("recipients_file", args=[campaign.slug, notice.pk, "xlsx"]), {"trang-thai": "tat-ca"})
    (tmp_path / "list.xlsx").write_bytes(file.content)
    rows = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert "Nhận lời cũ lúc" in rows[2] or "Nhận lời cũ lúc" in rows[1]


def test_a_planned_part_of_it_cannot_be_sent_from_its_own_page(
    client: Client, campaign: Campaign, cast: Cast, planned: Correction
) -> None:
    client.force_login(cast.officer)
    notice = planned.dispatches.get(instead_of=None)
    shown = page(client, "dispatch", campaign.slug, notice.pk)
    assert "thuộc một kế hoạch đính chính" in shown
    assert "Xem lại và xác nhận" not in shown
    assert "Bỏ, không gửi" not in shown
    answer = client.get(reverse("start_dispatch", args=[campaign.slug, notice.pk]))
    assert answer.status_code == 302


def test_those_whom_nothing_can_tell_are_shown_though_there_is_no_plan(
    client: Client, campaign: Campaign, cast: Cast
) -> None:
    dispatch = send(campaign)
    went(dispatch)
    Dispatch.objects.filter(pk=dispatch.pk).update(rendering_kind="social_post", reaches="email")
    campaign.publication_set.all().delete()
    change(campaign)
    assert plan_correction(campaign, None) is None
    client.force_login(cast.officer)
    assert "10 người giữ giá trị cũ" in page(client, "corrections", campaign.slug)


def test_a_plan_that_only_stops_a_dispatch_says_so_and_stops_it(
    client: Client, campaign: Campaign, cast: Cast
) -> None:
    dispatch = send(campaign)
    Dispatch.objects.filter(pk=dispatch.pk).update(rendering_kind="briefing")  # of which the new kit has none
    campaign.publication_set.all().delete()
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    client.force_login(cast.officer)
    assert "các đợt gửi đang mang giá trị cũ dừng lại" in page(client, "corrections", campaign.slug)
    client.post(reverse("carry_out", args=[campaign.slug, plan.pk]))
    dispatch.refresh_from_db()
    plan.refresh_from_db()
    assert (dispatch.state, plan.state) == ("cancelled", "carried_out")


def test_a_withdrawal_says_beforehand_how_many_people_it_tells_and_shows_them_after(
    client: Client, campaign: Campaign, cast: Cast
) -> None:
    old = send(campaign)
    went(old, 4)
    client.force_login(cast.officer)
    assert "sms" in client.get(reverse("exposures", args=[campaign.slug])).context["withdrawable"]
    shown = page(client, "withdraw_message", campaign.slug, "sms")
    assert "4 người đã nhận qua đợt gửi sẽ được báo" in shown
    assert f"Đợt {old.pk} dừng lại" in shown
    after = client.post(reverse("withdraw_message", args=[campaign.slug, "sms"]), {"ly-do": "sai"}, follow=True)
    assert "Chờ gửi 4" in after.content.decode()
