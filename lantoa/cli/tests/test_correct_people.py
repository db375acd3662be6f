from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from lantoa.channels.base import State
from lantoa.channels.wire import Outcome
from lantoa.delivery.actions import Order, pause_dispatch, queue_dispatch, start_dispatch
from lantoa.delivery.engine.tests.builders import send, use_memory_wire
from lantoa.delivery.models import Correction, Dispatch
from lantoa.delivery.tests.builders import PORTAL, change, make_live
from lantoa.delivery.tests.test_correct_people import CORRECTION_SMS
from lantoa.places.models import Place
from lantoa.places.tests.builders import make_cast
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign
    from lantoa.channels.wire import Item

pytestmark = pytest.mark.usefixtures("file_database")


@pytest.fixture
def campaign(settings: LazySettings) -> Campaign:
    """A campaign whose page is on the portal, and whose message reached ten residents."""
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    settings.LANTOA_SENDING_HOURS = settings.LANTOA_URGENT_HOURS = ""
    use_memory_wire()
    cast = make_cast()
    Place.objects.filter(pk=cast.district.pk).update(kind="province")
    cast.district.refresh_from_db()
    Resident.objects.bulk_create(Resident(phone=f"09{number:08d}", place=cast.ward) for number in range(10))
    campaign = make_live(cast, PORTAL, pieces=(CORRECTION_SMS,))
    start_dispatch(queue_dispatch(campaign, Order("post", "sms", audience="residents"), None), None)
    send()
    return campaign


def fails_for_one(item: Item) -> Outcome:
    return Outcome(State.FAILED_FOR_GOOD, why="Số không còn") if item.address.endswith("7") else Outcome(State.SENT)


def test_a_changed_fact_says_who_will_be_told_and_what_they_will_read(run: Any, campaign: Campaign) -> None:
    changed = ("fact", campaign.pk, "start_date", "2025-07-05", "--source", "TB 20")
    people = json.loads(run(*changed, "--json")[1])["people"]
    one = people["dispatches"][0]
    assert (people["people"], one["act"], one["channel"], one["message"]) == (10, "tell", "post", "correction_sms")
    assert (one["state"], one["parts"], one["facts"]) == ("planned", 10, ["start_date"])
    assert "nay là" in one["sample"]
    out = run(*changed[:3], "2025-07-06", "--source", "TB 21")[1]
    assert "  - Thay bản mới: Bài đăng cổng thông tin (Cổng thông tin điện tử), 1 nơi: " in out
    assert "Tin nhắn đính chính có dấu qua post, 10 người." in out
    assert "Lời gửi: " in out


def test_correcting_tells_them_at_once_though_nothing_else_sends(run: Any, campaign: Campaign) -> None:
    box = use_memory_wire()
    change(campaign)
    code, out, _ = run("correct", campaign.pk, "--json")
    data = json.loads(out)
    people = data["people"]
    assert (code, data["done"], data["undone"]) == (0, 1, 0)
    assert (people["people"], people["told"], people["holding"], people["waiting"]) == (10, 10, 0, 0)
    assert people["dispatches"][0]["first_at"] <= people["dispatches"][0]["last_at"]
    assert len(box.received) == 10
    assert Correction.objects.get().state == "carried_out"
    assert run("correct", campaign.pk)[:2] == (0, "Không có gì phải đính chính.\n")
    assert len(box.received) == 10


def test_whoever_was_not_reached_is_said_with_the_list_to_go_by(run: Any, campaign: Campaign) -> None:
    use_memory_wire().answer = fails_for_one
    change(campaign)
    code, out, _ = run("correct", campaign.pk)
    assert code == 1
    assert "đã gửi 9, không tới 1, còn giữ bản cũ 1" in out
    assert f"lantoa dispatch missed {Dispatch.objects.order_by('-pk')[0].pk}" in out


def test_what_waits_for_its_hours_is_said_and_goes_on_when_asked_again(
    run: Any, campaign: Campaign, settings: LazySettings
) -> None:
    settings.LANTOA_URGENT_HOURS = "22:00-23:00" if timezone.localtime().hour < 12 else "01:00-02:00"
    box = use_memory_wire()
    change(campaign)
    code, out, _ = run("correct", campaign.pk)
    assert code == 0
    assert "Còn 10 người chờ gửi" in out
    assert not box.received
    Dispatch.objects.filter(state="running").update(hours="")
    assert "đã gửi 10" in run("correct", campaign.pk)[1]
    assert len(box.received) == 10


def test_new_words_go_to_those_who_still_waited(run: Any, campaign: Campaign) -> None:
    Resident.objects.bulk_create(Resident(phone=f"08{number:08d}", place=campaign.place) for number in range(3))
    old = queue_dispatch(campaign, Order("post", "sms", audience="residents"), None)
    start_dispatch(old, None)
    pause_dispatch(old, "", None)
    change(campaign)
    people = json.loads(run("correct", campaign.pk, "--json")[1])["people"]
    assert (people["people"], people["told"], people["new_words"]) == (10, 10, 3)
    assert people["dispatches"][1]["instead_of"] == old.pk


def test_who_can_be_told_by_nothing_is_not_passed_over_in_silence(run: Any, campaign: Campaign) -> None:
    Dispatch.objects.update(channel="other", reaches="email")
    campaign.publication_set.all().delete()
    Dispatch.objects.update(rendering_kind="social_post")
    change(campaign)
    code, out, _ = run("correct", campaign.pk)
    assert code == 1
    assert "10 người giữ giá trị cũ mà không có thông báo" in out
