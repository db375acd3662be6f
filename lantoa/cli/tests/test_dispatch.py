from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from lantoa.channels.base import State
from lantoa.channels.wire import Outcome
from lantoa.delivery.engine.tests.builders import make_world, use_memory_wire
from lantoa.delivery.tests.builders import PORTAL, make_live
from lantoa.places.tests.builders import make_cast

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign
    from lantoa.channels.wire import Item

pytestmark = pytest.mark.usefixtures("file_database")


@pytest.fixture
def campaign(settings: LazySettings) -> Campaign:
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    settings.LANTOA_SENDING_HOURS = settings.LANTOA_URGENT_HOURS = ""
    return make_world(30)[1]


def fails_for_some(item: Item) -> Outcome:
    if item.address.endswith("7"):
        return Outcome(State.FAILED_FOR_GOOD, code="550", why="Không có người này")
    return Outcome(State.UNKNOWN if item.address.endswith("3") else State.SENT)


def test_a_message_goes_to_everybody_of_a_segment_and_what_became_of_them_is_told(run: Any, campaign: Campaign) -> None:
    use_memory_wire().answer = fails_for_some
    sent = ("deliver", campaign.pk, "--channel", "post", "--message", "social_post")
    code, out, _ = run(*sent, "--json")
    data = json.loads(out)
    assert code == 1
    assert (data["people"], data["sent"], data["failed"], data["unknown"]) == (30, 24, 3, 3)
    code, out, _ = run("dispatch", "show", data["dispatch"])
    assert code == 1
    assert f"lantoa dispatch missed {data['dispatch']}" in out


def test_queued_only_it_waits_for_somebody_to_start_it(run: Any, campaign: Campaign) -> None:
    box = use_memory_wire()
    out = run("deliver", campaign.pk, "--channel", "post", "--message", "social_post", "--queue-only")[1]
    assert "Bắt đầu: lantoa dispatch start" in out
    assert not box.received
    number = json.loads(run("dispatch", "list", "--json")[1])["dispatches"][0]["dispatch"]
    assert run("dispatch", "start", number)[0] == 0
    assert len(box.received) == 30


def test_who_missed_it_is_a_list_to_call_by(run: Any, campaign: Campaign, tmp_path: Path) -> None:
    use_memory_wire().answer = fails_for_some
    run("deliver", campaign.pk, "--channel", "post", "--message", "social_post")
    number = json.loads(run("dispatch", "list", "--json")[1])["dispatches"][0]["dispatch"]
    told = json.loads(run("dispatch", "missed", number, "--json")[1])["missed"]
    assert {one["why"] for one in told} == {"Không có người này", "Chưa rõ kết quả"}
    assert run("dispatch", "missed", number, "--out", tmp_path / "list.xlsx")[0] == 0
    rows = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert [row[3] for row in rows[3:]] == [one["phone"] for one in told]


def test_a_dispatch_can_be_paused_cancelled_and_sent_again_by_command(run: Any, campaign: Campaign) -> None:
    box = use_memory_wire()
    box.answer = fails_for_some
    run("deliver", campaign.pk, "--channel", "post", "--message", "social_post")
    number = json.loads(run("dispatch", "list", "--json")[1])["dispatches"][0]["dispatch"]
    assert run("dispatch", "pause", number)[0] == 2, "it is done already"
    box.answer = None
    code, out, _ = run("dispatch", "again", number, "--state", "unknown", "--state", "failed_for_good", "--json")
    assert (code, json.loads(out)["sent"]) == (0, 30)
    assert "đã kết thúc" in run("dispatch", "cancel", number, "--yes")[2]
    assert "Không có đợt gửi 99" in run("dispatch", "show", 99)[2]


def test_a_segment_nobody_understands_is_refused_by_name(run: Any, campaign: Campaign) -> None:
    use_memory_wire()
    code, _, err = run("deliver", campaign.pk, "--channel", "post", "--message", "social_post", "--segment", "tuổi=80")
    assert code == 2
    assert "tuổi=80" in err


def test_a_worker_sends_what_waits(run: Any) -> None:
    campaign = make_live(make_cast(), PORTAL, pieces=())
    campaign.publication_set.update(state="queued")
    assert "đã gửi 1, lỗi 0" in run("worker", "--once")[1]
    assert run("worker", "--once")[1] == ""
