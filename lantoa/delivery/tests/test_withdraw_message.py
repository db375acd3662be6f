from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.models import Assignment
from lantoa.channels.base import Correcting
from lantoa.content.actions import approve_kit, make_kit
from lantoa.content.tests.builders import reword
from lantoa.delivery.actions import Withdrawal, plan_correction, publish_kit, send_waiting, withdraw_message
from lantoa.delivery.models import Correction, Delivery, Publication
from lantoa.delivery.tests.builders import PORTAL, TEAMS, change, fault, files_outside, make_live, use_test_channel
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast

WHY = "in nhầm số điện thoại"


def test_a_page_is_taken_down_and_stays_down(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    files = files_outside()
    correction = withdraw_message(campaign, Withdrawal("article", WHY), cast.officer)
    assert correction.state == Correction.State.CARRIED_OUT
    gone = set(files) - set(files_outside())
    assert [name.rsplit("/", 1)[-1] for name in gone] == ["bai-dang-cong.html"]
    assert not Publication.objects.live().exists()
    assert publish_kit(campaign, None).publications == 0, "these very words never go out again"
    entry = HistoryEntry.objects.get(verb="withdraw_message")
    assert (entry.by, entry.detail["rendering"], entry.detail["reason"]) == (cast.officer, "article", WHY)


def test_new_words_of_the_kind_may_go_out(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    withdraw_message(campaign, Withdrawal("article", WHY), None)
    reword(campaign, "title", "Đo mưa cùng nhau")
    make_kit(campaign, None)
    approve_kit(campaign, None)
    assert publish_kit(campaign, None).publications == 1


def test_those_who_were_handed_it_are_told_why_and_sheets_are_fetched_back(cast: Cast) -> None:
    world = use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS)
    world.acts.clear()
    correction = withdraw_message(campaign, Withdrawal("leaflet", WHY), None)
    assert sorted(act.act for act in correction.acts.all()) == ["follow_up", "task"]
    notice = Delivery.objects.get(rendering__kind="correction_notice")
    assert (notice.recipient, notice.state) == (cast.team, "sent")
    assert WHY in notice.rendering.words
    assert WHY in Assignment.objects.get(task__is_correction=True).task.summary
    assert not Delivery.objects.live().filter(rendering__kind="leaflet").exists()
    assert Delivery.objects.live().filter(rendering__kind="covering_letter").exists(), "the rest stands"
    assert len(world.acts) == 1
    change(campaign)
    assert plan_correction(campaign, None) is not None, "and can still be corrected"


def test_what_waits_is_taken_out_of_the_queue(cast: Cast) -> None:
    world = use_test_channel()
    world.faults.append(fault())
    campaign = make_live(cast, PORTAL)
    withdraw_message(campaign, Withdrawal("article", WHY), None)
    assert send_waiting(campaign) == (0, 0)
    assert not world.acts


def test_what_could_not_be_taken_down_is_tried_again_by_the_worker(cast: Cast) -> None:
    world = use_test_channel()
    campaign = make_live(cast, PORTAL)
    world.faults.append(fault())
    correction = withdraw_message(campaign, Withdrawal("article", WHY), None)
    assert correction.acts.get().error == "Máy chủ bận."
    assert Publication.objects.live().exists(), "it still stands, and the ledger says so"
    change(campaign)
    send_waiting(campaign)
    correction.refresh_from_db()
    assert correction.state == Correction.State.CARRIED_OUT
    assert not Publication.objects.live().exists()


@pytest.mark.parametrize(
    ("kind", "reason", "why"),
    [
        ("article", " ", "lý do"),
        ("poster", WHY, "không đang phát"),
        ("correction_notice", WHY, "Không thu hồi được"),
        ("pigeon", WHY, "Không thu hồi được"),
    ],
)
def test_a_withdrawal_that_makes_no_sense_is_refused(cast: Cast, kind: str, reason: str, why: str) -> None:
    campaign = make_live(cast, PORTAL)
    with pytest.raises(RefusedError, match=why):
        withdraw_message(campaign, Withdrawal(kind, reason), None)


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_withdraw(cast: Cast, who: str) -> None:
    campaign = make_live(cast, PORTAL)
    with pytest.raises(RefusedError):
        withdraw_message(campaign, Withdrawal("article", WHY), getattr(cast, who))
    assert Publication.objects.live().exists()
