from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.channels.base import State
from lantoa.channels.memory_wire import LETTERBOX
from lantoa.channels.wire import SENT, Account, Outcome
from lantoa.delivery.actions.dispatching import (
    cancel_dispatch,
    extend_dispatch,
    pause_dispatch,
    send_again,
    start_dispatch,
)
from lantoa.delivery.engine.tests.builders import begin, counted, make_words, make_world, send, tally, use_memory_wire
from lantoa.delivery.models import Chunk, Dispatch, SendingAccount
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.channels.wire import Item


def stop_after(number: int, state: str) -> None:
    """Change the dispatch in the database, as somebody at a screen would, once so many have gone."""
    seen = [0]

    def change() -> None:
        Dispatch.objects.update(state=state)
        connection.close()

    def answer(_: Item) -> Outcome:
        seen[0] += 1
        if seen[0] == number:
            threading.Thread(target=change).start()
        return SENT

    LETTERBOX.answer = answer


@pytest.mark.parametrize("state", [Dispatch.State.PAUSED, Dispatch.State.CANCELLED])
def test_a_pause_or_an_end_holds_within_a_fraction_of_a_second_and_nobody_is_in_between(state: str) -> None:
    box = use_memory_wire(accounts=(Account("a", pace=200),))
    _, campaign = make_world(2000)
    stop_after(20, state)
    dispatch = begin(campaign)
    send()
    assert 20 <= len(box.received) < 150
    assert tally(dispatch) == counted(dispatch) == {"sent": len(box.received), "queued": 2000 - len(box.received)}
    assert not Chunk.objects.filter(state=Chunk.State.LEASED).exists()


def test_a_paused_dispatch_goes_on_where_it_stood() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=500),))
    _, campaign = make_world(400)
    stop_after(10, Dispatch.State.PAUSED)
    dispatch = begin(campaign)
    send()
    dispatch.refresh_from_db()
    box.answer = None
    settings.LANTOA_CHANNELS["post"] = (settings.LANTOA_CHANNELS["post"][0], {"accounts": (Account("a"),)})
    start_dispatch(dispatch, None)
    send()
    assert len({address for address, _ in box.received}) == len(box.received) == 400


def test_only_a_running_dispatch_can_be_paused_and_a_cancelled_one_never_goes_on() -> None:
    use_memory_wire()
    _, campaign = make_world(2)
    dispatch = begin(campaign)
    pause_dispatch(dispatch, "kiểm tra lại", None)
    with pytest.raises(RefusedError, match="Chỉ tạm dừng"):
        pause_dispatch(dispatch, "", None)
    cancel_dispatch(dispatch, "gửi nhầm", None)
    with pytest.raises(RefusedError, match="đã hủy"):
        start_dispatch(dispatch, None)
    with pytest.raises(RefusedError, match="đã kết thúc"):
        cancel_dispatch(dispatch, "", None)
    assert send() == 0


def test_before_its_time_and_outside_its_hours_it_waits() -> None:
    box = use_memory_wire()
    _, campaign = make_world(2)
    now = timezone.localtime()
    later = begin(campaign, not_before=now + dt.timedelta(hours=1))
    send()
    assert not box.received
    later.not_before = None
    later.hours = f"{(now + dt.timedelta(hours=2)):%H}:00-{(now + dt.timedelta(hours=3)):%H}:00".replace("-00:", "-24:")
    later.save()
    send()
    assert not box.received
    assert tally(later) == {"queued": 2}


def test_after_its_time_it_asks_instead_of_sending_late() -> None:
    box = use_memory_wire()
    _, campaign = make_world(2)
    dispatch = begin(campaign, not_after=timezone.now() + dt.timedelta(hours=1))
    Dispatch.objects.update(not_after=timezone.now() - dt.timedelta(seconds=1))
    send()
    dispatch.refresh_from_db()
    assert not box.received
    assert dispatch.state == Dispatch.State.PAUSED
    assert "quá thời hạn" in dispatch.why
    with pytest.raises(RefusedError, match="quá thời hạn"):
        start_dispatch(dispatch, None)
    extend_dispatch(dispatch, timezone.now() + dt.timedelta(hours=1), None)
    start_dispatch(dispatch, None)
    send()
    assert len(box.received) == 2


def test_when_too_many_fail_it_pauses_by_itself_and_says_so() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=400),))
    box.answer = lambda _: Outcome(State.FAILED_FOR_GOOD, code="550", why="Không có người này")
    _, campaign = make_world(2000)
    dispatch = begin(campaign)
    send()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED
    assert "không gửi được" in dispatch.why
    assert tally(dispatch)["failed_for_good"] < 400
    box.answer = None
    settings.LANTOA_CHANNELS["post"] = (settings.LANTOA_CHANNELS["post"][0], {"accounts": (Account("a"),)})
    send_again(dispatch, (5,), None)
    start_dispatch(dispatch, None)
    send()
    assert tally(dispatch) == counted(dispatch) == {"delivered": 2000}


def test_a_channel_without_an_account_pauses_the_dispatch_and_says_what_to_do() -> None:
    use_memory_wire(accounts=())
    _, campaign = make_world(2)
    dispatch = begin(campaign)
    send()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED
    assert "channels.toml" in dispatch.why


def test_what_accounts_say_of_themselves_can_be_read_by_everyone() -> None:
    box = use_memory_wire()
    _, campaign = make_world(1)
    begin(campaign)
    send()
    assert list(SendingAccount.objects.values_list("channel", "name", "is_up")) == [("post", "a", True)]
    assert box.received


def test_a_fact_that_changes_meanwhile_stops_what_still_shows_the_old_value() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=200),))
    _, campaign = make_world(1000)
    make_words(campaign, "Đo mưa từ ngày 07/6/2025.", facts={"start_date": 1})
    seen = [0]

    def change() -> None:
        record_fact(campaign, FactChange("start_date", "2025-07-05", "Thông báo số 20"), None)
        connection.close()

    def answer(_: Item) -> Outcome:
        seen[0] += 1
        if seen[0] == 20:
            threading.Thread(target=change).start()
        return SENT

    box.answer = answer
    dispatch = begin(campaign)
    send()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED
    assert "Dữ kiện đã đổi" in dispatch.why
    assert 20 <= len(box.received) < 200
