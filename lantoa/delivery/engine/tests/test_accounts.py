from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, connection

from lantoa.channels.base import State
from lantoa.channels.memory_wire import Letterbox, MemorySession, MemoryWire
from lantoa.channels.wire import SENT, Account, Outcome
from lantoa.delivery.engine.engine import Manner
from lantoa.delivery.engine.store import Store
from lantoa.delivery.engine.tests.builders import (
    begin,
    counted,
    make_people,
    make_words,
    make_world,
    send,
    tally,
    use_memory_wire,
)
from lantoa.delivery.models import Dispatch
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    import pytest

    from lantoa.channels.wire import Feed, Item


def test_a_pace_holds_in_every_second() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=60),))
    times: list[float] = []

    def answer(_: Item) -> Outcome:
        times.append(time.monotonic())
        return SENT

    box.answer = answer
    _, campaign = make_world(150)
    begin(campaign)
    send()
    assert len(times) == 150
    for start in times:
        assert sum(start <= at < start + 1 for at in times) <= 60
    assert 150 / (times[-1] - times[0]) > 45, "and it is used: under load this machine may be late, but not by so much"


def test_parts_of_a_long_message_count(monkeypatch: pytest.MonkeyPatch) -> None:
    box = use_memory_wire(accounts=(Account("a", pace=60),))
    monkeypatch.setattr("lantoa.channels.memory_wire.MemoryTemplate.parts", lambda _, __: 3)
    _, campaign = make_world(30)
    begin(campaign)
    started = time.monotonic()
    send()
    assert len(box.received) == 30
    assert time.monotonic() - started > 29 * 3 / 60


class _Sessions:
    """What accounts of a memory wire do, by their name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, box: Letterbox) -> None:
        self.sent: dict[str, int] = {}
        self.slow: set[str] = set()
        self.down: set[str] = set()
        world = self

        async def open_(_: MemoryWire, account: Account, feed: Feed) -> MemorySession:
            def answer(_: Item) -> Outcome:
                world.sent[account.name] = world.sent.get(account.name, 0) + 1
                if account.name in world.slow:
                    feed.slow(0.2)
                    return Outcome(State.FAILED_FOR_NOW, code="421")
                return SENT

            session = MemorySession(feed, Letterbox(answer=answer, is_away=account.name in world.down))
            box.received.append((account.name, "opened"))
            return session

        monkeypatch.setattr(MemoryWire, "open", open_)


def test_when_one_account_is_down_the_others_carry_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    box = use_memory_wire(accounts=(Account("one"), Account("two")))
    world = _Sessions(monkeypatch, box)
    world.down = {"one"}
    _, campaign = make_world(900)
    dispatch = begin(campaign)
    send()
    assert world.sent == {"two": 900}
    assert tally(dispatch) == {"sent": 900}


def test_a_standby_account_is_used_only_while_the_others_do_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    box = use_memory_wire(accounts=(Account("main"), Account("spare", is_standby=True)))
    world = _Sessions(monkeypatch, box)
    _, campaign = make_world(300)
    begin(campaign)
    send()
    assert world.sent == {"main": 300}
    world.down = {"main"}
    make_words(campaign, "Lời mới: đo mưa từ ngày 07/6/2025.")
    begin(campaign)
    send()
    assert world.sent == {"main": 300, "spare": 300}


def test_an_account_that_asks_for_less_rests_longer_each_time_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = use_memory_wire(accounts=(Account("one"), Account("two")))
    world = _Sessions(monkeypatch, box)
    world.slow = {"one"}
    _, campaign = make_world(900)
    dispatch = begin(campaign)
    send()
    assert world.sent["one"] < 5
    assert tally(dispatch) == counted(dispatch) == {"sent": 900}


def test_an_urgent_dispatch_overtakes_what_is_on_its_way() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=300),))
    cast, campaign = make_world(0)
    make_people(cast, 1500)
    begin(campaign)
    make_words(campaign, "Đính chính: 05/7/2025.", kind="article")
    some = list(Resident.objects.order_by("-pk").values_list("pk", flat=True)[:20])
    Resident.objects.filter(pk__in=some).update(device="at_risk")
    heard: list[tuple[float, str]] = []
    approved: list[float] = []

    def correct() -> None:
        begin(campaign, rendering_kind="article", lane=Dispatch.Lane.URGENT, segment="device=at_risk")
        approved.append(time.monotonic())
        connection.close()

    def pause() -> None:
        Dispatch.objects.update(state=Dispatch.State.PAUSED)
        connection.close()

    def answer(item: Item) -> Outcome:
        heard.append((time.monotonic(), item.template.show(item)))
        if act := {100: correct, 700: pause}.get(len(heard)):
            threading.Thread(target=act).start()
        return SENT

    box.answer = answer
    send()
    corrections = [when for when, text in heard if text.startswith("Đính chính")]
    assert len(corrections) == 20
    assert max(corrections) - approved[0] < 2
    assert heard[-1][1].startswith("Kính gửi"), "and the rest goes on behind it"


def test_a_database_that_does_not_answer_for_a_while_costs_nothing_and_nobody_is_sent_to_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = use_memory_wire()
    _, campaign = make_world(1500)
    dispatch = begin(campaign)
    commit, calls = Store.commit, [0]

    def failing(store: Store, batch: Any) -> Any:
        calls[0] += 1
        if calls[0] in {3, 4, 9}:
            raise OperationalError("database is locked")
        if calls[0] == 12:  # written, but the answer is lost
            commit(store, batch)
            raise InterfaceError("connection lost")
        return commit(store, batch)

    monkeypatch.setattr(Store, "commit", failing)
    send(Manner(is_once=True, poll=0.05, window=100))
    assert calls[0] > 12
    assert len({address for address, _ in box.received}) == len(box.received) == 1500
    assert tally(dispatch) == counted(dispatch) == {"delivered": 1500}


def test_what_leaves_and_is_not_written_yet_stays_within_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    box = use_memory_wire()
    _, campaign = make_world(1500)
    begin(campaign)
    most = [0]
    commit = Store.commit

    def watching(store: Store, batch: Any) -> Any:
        written = Dispatch.objects.get().recipients.exclude(state=0).count()
        most[0] = max(most[0], len(box.received) - written)
        return commit(store, batch)

    monkeypatch.setattr(Store, "commit", watching)
    send(Manner(is_once=True, poll=0.05, window=50))
    assert 0 < most[0] <= 50
