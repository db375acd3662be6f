from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.channels.wire import Account, Reaches
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import (
    Order,
    Withdrawal,
    carry_out,
    plan_correction,
    queue_dispatch,
    start_dispatch,
    withdraw_message,
)
from lantoa.delivery.actions.addressing import count_again, numbers
from lantoa.delivery.models import Chunk, Correction, Dispatch, Recipient
from lantoa.delivery.rules.states import FAILED_FOR_NOW, QUEUED, REFUSED, SENT, UNKNOWN
from lantoa.delivery.tests.builders import PORTAL, change, make_ready
from lantoa.places.models import Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

CORRECTION_SMS = """
[[piece]]
kind = "correction_sms"
audience = "residents"
[piece.slots]
text = ["update_sms"]
"""
WIRE = "lantoa.channels.memory_wire.MemoryWire"


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    django_settings.LANTOA_CHANNELS["post"] = (WIRE, {"accounts": (Account("a"),)})
    django_settings.LANTOA_CHANNELS["second"] = (WIRE, {"accounts": (Account("a"),), "reaches": Reaches.EMAIL})
    Place.objects.filter(pk=cast.district.pk).update(kind="province")  # whose level may send SMS
    cast.district.refresh_from_db()
    Resident.objects.bulk_create(
        Resident(phone=f"09{number:08d}", email=f"p{number}@a.example", place=cast.neighbourhood)
        for number in range(10)
    )
    return make_ready(cast, PORTAL, pieces=(CORRECTION_SMS,))


def send(campaign: Campaign, channel: str = "post", segment: str = "") -> Dispatch:
    """Queue and start the words as they stand."""
    make_kit(campaign, None)
    approve_kit(campaign, None)
    order = Order(channel, "sms", audience="residents", segment=segment)
    dispatch = queue_dispatch(campaign, order, None)
    start_dispatch(dispatch, None)
    return dispatch


def went(dispatch: Dispatch, number: int = 100, state: int = SENT) -> list[int]:
    """What the engine writes down when so many of a dispatch were sent to."""
    people = list(Recipient.objects.filter(dispatch=dispatch, state=QUEUED).order_by("person")
                  .values_list("person", flat=True)[:number])
    Recipient.objects.filter(dispatch=dispatch, person__in=people).update(state=state, at=1)
    count_again(dispatch)
    if not Recipient.objects.filter(dispatch=dispatch, state=QUEUED).exists():
        dispatch.chunks.update(state=Chunk.State.DONE)
        Dispatch.objects.filter(pk=dispatch.pk).update(state=Dispatch.State.DONE)
    return people


def people_of(dispatch: Dispatch) -> list[int]:
    return sorted(Recipient.objects.filter(dispatch=dispatch).values_list("person", flat=True))


def test_who_read_the_old_value_is_told_and_who_still_waits_gets_the_new_words(campaign: Campaign) -> None:
    old = send(campaign)
    told = went(old, 4)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    notice, rest = plan.dispatches.order_by("pk")
    assert (notice.rendering_kind, notice.lane, people_of(notice)) == ("correction_sms", 0, told)
    assert (rest.rendering_kind, rest.lane, rest.instead_of) == ("sms", 1, old)
    assert len(people_of(rest)) == 6
    assert {notice.state, rest.state} == {"planned"}, "a plan sends nothing"
    carry_out(plan, None)
    old.refresh_from_db()
    notice.refresh_from_db()
    rest.refresh_from_db()
    assert (old.state, notice.state, rest.state) == ("cancelled", "running", "running")
    assert "nay là" in notice.texts.get(place=campaign.place).rendering.words
    plan.refresh_from_db()
    assert plan.state == Correction.State.PLANNED, "it is carried out when everybody was sent to"
    went(notice)
    went(rest)
    carry_out(plan, None)
    plan.refresh_from_db()
    assert plan.state == Correction.State.CARRIED_OUT
    assert plan_correction(campaign, None) is None, "nobody is told twice"


def test_what_goes_out_between_the_plan_and_its_approval_is_told_too_and_not_sent_anew(campaign: Campaign) -> None:
    old = send(campaign)
    first = went(old, 3)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    late = went(old, 2)
    carry_out(plan, None)
    notice, rest = plan.dispatches.order_by("pk")
    assert people_of(notice) == sorted(first + late)
    assert not set(people_of(rest)) & set(first + late)
    assert numbers([rest.pk])[rest.pk] == {QUEUED: 5}


def test_whoever_may_have_got_it_is_told_and_whoever_surely_did_not_is_left_alone(campaign: Campaign) -> None:
    old = send(campaign)
    unsure = went(old, 2, UNKNOWN)
    never = went(old, 3, REFUSED)
    went(old)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    notice = plan.dispatches.get()
    assert set(unsure) <= set(people_of(notice))
    assert not set(never) & set(people_of(notice))


def test_whoever_was_to_be_tried_again_gets_the_new_words_instead(campaign: Campaign) -> None:
    old = send(campaign)
    later = went(old, 3, FAILED_FOR_NOW)
    told = went(old, 6)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, None)
    notice, rest = plan.dispatches.order_by("pk")
    assert people_of(notice) == told
    assert set(later) < set(people_of(rest))
    assert len(people_of(rest)) == 4


def test_who_belongs_to_a_unit_that_is_no_more_was_sent_the_words_and_is_told_too(
    campaign: Campaign, cast: Cast
) -> None:
    told = went(send(campaign))
    Place.objects.filter(pk__in=[cast.neighbourhood.pk, cast.ward.pk]).update(valid_to="2025-01-01")
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    assert people_of(plan.dispatches.get()) == told


def test_a_plan_put_aside_leaves_no_dispatch_behind(campaign: Campaign) -> None:
    went(send(campaign))
    change(campaign)
    assert plan_correction(campaign, None) is not None
    change(campaign, "2025-08-02")
    plan = plan_correction(campaign, None)
    assert plan is not None
    assert Dispatch.objects.filter(state="planned").get().correction == plan
    assert Recipient.objects.count() == 20


def test_a_value_that_changes_back_is_told_to_those_who_heard_the_other_one(campaign: Campaign) -> None:
    went(send(campaign))
    change(campaign)
    first = plan_correction(campaign, None)
    assert first is not None
    carry_out(first, None)
    told = went(first.dispatches.get(), 6)
    went(first.dispatches.get(), 10, REFUSED)
    change(campaign, "2025-06-07")
    second = plan_correction(campaign, None)
    assert second is not None
    assert people_of(second.dispatches.get()) == told, "the others hold the value that is true again"


def test_who_got_it_twice_is_told_once_by_telephone_first(campaign: Campaign) -> None:
    went(send(campaign))
    went(send(campaign, "second"), 7)
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    notices = plan.dispatches.filter(instead_of=None)
    assert [(dispatch.channel, len(people_of(dispatch))) for dispatch in notices] == [("post", 10)]
    assert len(people_of(plan.dispatches.exclude(instead_of=None).get())) == 3, "who was to get it by mail still does"


def test_who_heard_the_new_value_meanwhile_is_not_told(campaign: Campaign) -> None:
    went(send(campaign))
    change(campaign)
    newer = send(campaign, segment="device=unknown")
    went(newer, 4)
    plan = plan_correction(campaign, None)
    assert plan is None or not [dispatch for dispatch in plan.dispatches.all() if people_of(dispatch)]


def test_a_withdrawn_message_is_told_to_those_who_got_it_and_goes_to_nobody_else(campaign: Campaign) -> None:
    old = send(campaign)
    told = went(old, 4)
    correction = withdraw_message(campaign, Withdrawal("sms", "sai đối tượng"), None)
    old.refresh_from_db()
    assert old.state == "cancelled"
    notice = correction.dispatches.get()
    assert (notice.state, people_of(notice)) == ("running", told)
    assert "thu hồi" in notice.texts.get(place=campaign.place).rendering.words.lower()


# --- any sequence --------------------------------------------------------------------------------

VALUES = ("2025-06-07", "2025-07-05", "2025-08-02")
Step = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 10)),
    st.tuples(st.just("change"), st.sampled_from(VALUES)),
    st.tuples(st.just("go"), st.integers(1, 6)),
    st.tuples(st.just("correct"), st.integers(0, 10)),
)


class Play:
    """A campaign as it goes, and what each person last heard."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.heard: dict[int, str] = {}

    def value(self) -> str:
        return self.campaign.facts.current().get(key="start_date").value or ""

    def hand_over(self, dispatch: Dispatch, number: int) -> None:
        """So many more of a running dispatch are sent to; what is urgent has gone before."""
        dispatch.refresh_from_db()
        if dispatch.lane != Dispatch.Lane.URGENT:
            for urgent in Dispatch.objects.filter(state="running", lane=Dispatch.Lane.URGENT).order_by("pk"):
                self.hand_over(urgent, 100)
        if dispatch.state != Dispatch.State.RUNNING:
            return
        version = dispatch.texts.get(place=self.campaign.place).facts["start_date"]
        value = self.campaign.facts.get(key="start_date", version=version).value or ""
        is_notice = dispatch.rendering_kind.startswith("correction")
        assert value == self.value() or not is_notice, "a correction tells what holds"
        for person in went(dispatch, number):
            if is_notice:
                assert self.heard[person] != value, "told the same value twice"
            self.heard[person] = value

    def do(self, what: str, with_: Any) -> None:
        if what == "change" and self.value() != with_:
            change(self.campaign, with_)
            Dispatch.objects.filter(state="running").update(state="paused")  # as the engine does within a moment
        elif what == "send":
            self.hand_over(send(self.campaign), with_)
        elif what == "go":
            for dispatch in Dispatch.objects.filter(state="running").order_by("lane", "pk"):
                self.hand_over(dispatch, with_)
        elif what == "correct":
            self.correct(with_)

    def correct(self, number: int) -> None:
        plan = plan_correction(self.campaign, None)
        if plan is None:
            return
        carry_out(plan, None)
        for dispatch in plan.dispatches.order_by("lane", "pk"):
            self.hand_over(dispatch, number)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(Step, max_size=9))
def test_after_any_sequence_everybody_holds_what_is_true_and_was_told_it_once(
    campaign: Campaign, steps: list[tuple[str, Any]]
) -> None:
    mark = transaction.savepoint()
    try:
        play = Play(campaign)
        for step in steps:
            play.do(*step)
        play.correct(100)
        play.do("go", 100)
        assert plan_correction(campaign, None) is None, "nothing is left to put right"
        assert set(play.heard.values()) <= {play.value()}
    finally:
        transaction.savepoint_rollback(mark)
