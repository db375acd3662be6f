from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import State
from lantoa.channels.wire import SENT, Outcome
from lantoa.delivery.actions.dispatching import leave_unknown, send_again
from lantoa.delivery.engine.engine import Manner
from lantoa.delivery.engine.tests.builders import ONCE, begin, counted, make_world, send, tally, use_memory_wire
from lantoa.delivery.models import Chunk, Dispatch
from lantoa.delivery.rules.retrying import Retry
from lantoa.delivery.rules.states import UNKNOWN

if TYPE_CHECKING:
    from lantoa.channels.wire import Item

BUSY = Outcome(State.FAILED_FOR_NOW, code="451", why="Máy chủ bận")
GONE = Outcome(State.FAILED_FOR_GOOD, code="550 5.1.1", why="Không có người này")
LOST = Outcome(State.UNKNOWN, code="lost", why="Mất trả lời")


def until_done(dispatch: Dispatch, manner: Manner = ONCE) -> None:
    """Run again as the clock would, until nothing is to be tried any more."""
    for _ in range(20):
        send(manner)
        Chunk.objects.filter(state=Chunk.State.OPEN).update(not_before=0)
        dispatch.recipients.exclude(due=None).update(due=0)
        dispatch.refresh_from_db()
        if dispatch.state != Dispatch.State.RUNNING:
            return
    pytest.fail("never done")


def test_what_fails_for_now_is_tried_again_and_the_rest_is_not() -> None:
    box = use_memory_wire()
    seen: dict[str, int] = {}

    def answer(item: Item) -> Outcome:
        seen[item.address] = seen.get(item.address, 0) + 1
        return BUSY if item.address.endswith("5") and seen[item.address] < 3 else SENT

    box.answer = answer
    _, campaign = make_world(600)
    dispatch = begin(campaign)
    until_done(dispatch)
    assert tally(dispatch) == counted(dispatch) == {"sent": 600}
    assert {seen[address] for address in seen if address.endswith("5")} == {3}
    assert {seen[address] for address in seen if not address.endswith("5")} == {1}
    assert set(dispatch.recipients.values_list("attempts", flat=True)) == {1, 3}
    assert not dispatch.recipients.exclude(code=None).exists(), "an old error stays on nobody who got it"


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    box = use_memory_wire()
    box.answer = lambda _: Outcome(State.FAILED_FOR_NOW, retry_after=500.0)
    _, campaign = make_world(1)
    dispatch = begin(campaign)
    send()
    row = dispatch.recipients.get()
    assert row.due is not None
    assert row.at is not None
    assert row.due - row.at == 500
    assert Chunk.objects.get().not_before == row.due
    assert send() == 0
    assert tally(dispatch) == {"failed_for_now": 1}


def test_after_the_last_attempt_it_is_given_up_with_the_last_reason() -> None:
    box = use_memory_wire()
    box.answer = lambda _: BUSY
    _, campaign = make_world(3)
    dispatch = begin(campaign)
    until_done(dispatch, Manner(is_once=True, poll=0.05, retry=Retry(most_attempts=2, first=0.01)))
    assert tally(dispatch) == counted(dispatch) == {"failed_for_good": 3}
    assert set(dispatch.recipients.values_list("why", "attempts")) == {("Đã thử nhiều lần không được: Máy chủ bận", 2)}


def test_what_nobody_knows_of_is_asked_about_and_sent_again_when_a_person_says_so() -> None:
    box = use_memory_wire()
    box.answer = lambda item: LOST if item.address.endswith("3") else SENT
    _, campaign = make_world(40)
    dispatch = begin(campaign)
    until_done(dispatch)
    assert dispatch.state == Dispatch.State.DONE
    assert tally(dispatch) == counted(dispatch) == {"sent": 36, "unknown": 4}
    box.answer = lambda _: SENT
    box.received.clear()
    assert send_again(dispatch, (UNKNOWN,), None) == 4
    until_done(dispatch)
    assert tally(dispatch) == counted(dispatch) == {"sent": 40}
    assert sorted(address for address, _ in box.received) == [f"09000000{tens}3" for tens in range(4)]


def test_what_nobody_knows_of_is_sent_again_by_itself_where_the_dispatch_says_so() -> None:
    box = use_memory_wire()
    seen: dict[str, int] = {}

    def answer(item: Item) -> Outcome:
        seen[item.address] = seen.get(item.address, 0) + 1
        return LOST if seen[item.address] == 1 else SENT

    box.answer = answer
    _, campaign = make_world(5)
    dispatch = begin(campaign, unknown="again")
    until_done(dispatch)
    assert tally(dispatch) == {"sent": 5}
    assert set(seen.values()) == {2}


def test_what_nobody_knows_of_can_be_left_be() -> None:
    box = use_memory_wire()
    box.answer = lambda _: LOST
    _, campaign = make_world(2)
    dispatch = begin(campaign)
    until_done(dispatch)
    leave_unknown(dispatch, None)
    assert dispatch.unknown == Dispatch.Unknown.LEAVE
    assert tally(dispatch) == {"unknown": 2}


def test_what_failed_for_good_can_be_sent_again_once_the_cause_is_mended() -> None:
    box = use_memory_wire()
    box.answer = lambda item: GONE if item.address.endswith("1") else SENT
    _, campaign = make_world(20)
    dispatch = begin(campaign)
    until_done(dispatch)
    assert tally(dispatch) == {"sent": 18, "failed_for_good": 2}
    box.answer = None
    send_again(dispatch, (5,), None)
    until_done(dispatch)
    assert tally(dispatch) == counted(dispatch) == {"sent": 18, "delivered": 2}
