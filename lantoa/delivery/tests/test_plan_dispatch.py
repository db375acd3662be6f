from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.tests.builders import make_campaign
from lantoa.delivery.actions import (
    cancel_dispatch,
    check_plan_dispatch,
    drop_dispatch,
    pause_dispatch,
    plan_dispatch,
    start_dispatch,
)
from lantoa.delivery.engine.tests.builders import make_people, make_words, order, tally, use_memory_wire
from lantoa.delivery.models import Chunk, Dispatch, Recipient, Tally
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import make_place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    use_memory_wire()
    use_memory_wire("other")
    campaign = make_campaign(cast)
    make_words(campaign)
    make_people(cast, 5)
    Resident.objects.create(phone="0911111111", place=make_place(parent=cast.district, code="KHAC"))
    return campaign


def test_a_plan_is_written_down_and_nothing_may_leave(campaign: Campaign, cast: Cast) -> None:
    planned = plan_dispatch(campaign, order(), cast.officer)
    assert planned.is_new
    assert planned.dispatch.state == Dispatch.State.PLANNED
    assert tally(planned.dispatch) == {"queued": 6}


def test_a_plan_that_was_never_let_out_is_replaced_by_the_next_of_the_same_words(
    campaign: Campaign, cast: Cast,
) -> None:
    plan_dispatch(campaign, order(lane=1), cast.officer)
    second = plan_dispatch(campaign, order(lane=0, segment="place=KHAC"), cast.officer)
    assert second.is_new
    assert list(Dispatch.objects.values_list("pk", "lane", "segment")) == [(second.dispatch.pk, 0, "place=KHAC")]
    assert tally(second.dispatch) == {"queued": 1}


def test_people_are_added_to_a_paused_dispatch_of_the_same_words_and_the_person_is_told(
    campaign: Campaign, cast: Cast,
) -> None:
    first = plan_dispatch(campaign, order(segment="place=KHAC"), cast.officer).dispatch
    start_dispatch(first, cast.officer)
    pause_dispatch(first, "", cast.officer)
    second = plan_dispatch(campaign, order(), cast.officer)
    assert not second.is_new
    assert second.dispatch.pk == first.pk
    assert second.dispatch.state == Dispatch.State.PAUSED
    assert tally(first) == {"queued": 6}


def test_nobody_is_added_to_a_dispatch_that_is_going_because_they_would_be_sent_to_unconfirmed(
    campaign: Campaign, cast: Cast,
) -> None:
    first = plan_dispatch(campaign, order(segment="place=KHAC"), cast.officer).dispatch
    start_dispatch(first, cast.officer)
    with pytest.raises(RefusedError, match="tạm dừng"):
        plan_dispatch(campaign, order(), cast.officer)
    assert tally(first) == {"queued": 1}


def test_a_cancelled_dispatch_is_not_called_back_to_life_with_those_it_left_out(
    campaign: Campaign, cast: Cast,
) -> None:
    first = plan_dispatch(campaign, order(), cast.officer).dispatch
    start_dispatch(first, cast.officer)
    cancel_dispatch(first, "nhầm nhóm", cast.officer)
    with pytest.raises(RefusedError, match="đã hủy"):
        check_plan_dispatch(campaign, order(segment="place=KHAC"), cast.officer)
    make_words(campaign, "Lời khác.")
    assert plan_dispatch(campaign, order(segment="place=KHAC"), cast.officer).is_new


def test_whom_one_channel_cannot_reach_another_will(campaign: Campaign, cast: Cast) -> None:
    dispatch = plan_dispatch(campaign, order(), cast.officer, order(channel="other")).dispatch
    other = dispatch.fallback
    assert other is not None
    assert other.channel == "other"
    assert tally(other) == {}
    assert not Recipient.objects.filter(dispatch=other).exists()


def test_a_plan_that_cannot_have_its_fallback_is_not_made_at_all(campaign: Campaign, cast: Cast) -> None:
    started = plan_dispatch(campaign, order(channel="other"), cast.officer).dispatch
    start_dispatch(started, cast.officer)
    pause_dispatch(started, "", cast.officer)
    with pytest.raises(RefusedError, match="dự phòng"):
        plan_dispatch(campaign, order(), cast.officer, order(channel="other"))
    assert list(Dispatch.objects.all()) == [started]


def test_a_dropped_plan_leaves_nothing_and_takes_its_fallback_with_it(campaign: Campaign, cast: Cast) -> None:
    dispatch = plan_dispatch(campaign, order(), cast.officer, order(channel="other")).dispatch
    drop_dispatch(dispatch, cast.officer)
    assert [model.objects.count() for model in (Dispatch, Recipient, Chunk, Tally)] == [0, 0, 0, 0]
    assert HistoryEntry.objects.filter(verb="drop_dispatch").count() == 2


def test_what_was_let_out_cannot_be_dropped(campaign: Campaign, cast: Cast) -> None:
    dispatch = plan_dispatch(campaign, order(), cast.officer).dispatch
    start_dispatch(dispatch, cast.officer)
    with pytest.raises(RefusedError, match="đã bắt đầu"):
        drop_dispatch(dispatch, cast.officer)
    assert tally(dispatch) == {"queued": 6}


def test_only_who_may_send_may_plan_and_drop(campaign: Campaign, cast: Cast) -> None:
    dispatch = plan_dispatch(campaign, order(), cast.officer).dispatch
    for who in (cast.unit_officer, cast.outsider):
        with pytest.raises(RefusedError):
            plan_dispatch(campaign, order(), who)
        with pytest.raises(RefusedError):
            drop_dispatch(dispatch, who)


def test_the_same_words_to_offices_and_to_residents_are_two_dispatches(campaign: Campaign, cast: Cast) -> None:
    cast.ward.phone = "0922222222"
    cast.ward.save()
    task = campaign.tasks.create(index="9", summary="", channel_kinds=[])
    task.assignments.create(place=cast.ward, phrase="phường")
    offices = plan_dispatch(campaign, order(audience="places"), cast.officer).dispatch
    residents = plan_dispatch(campaign, order(), cast.officer).dispatch
    assert (tally(offices), tally(residents)) == ({"queued": 1}, {"queued": 6})
    assert Dispatch.objects.count() == 2
