from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from lantoa.delivery.engine.offering import offer_chunks
from lantoa.delivery.engine.stores import open_store
from lantoa.delivery.engine.tests.builders import begin, counted, make_world, send, tally, use_memory_wire
from lantoa.delivery.engine.watching import Watch
from lantoa.delivery.engine.work import Batch, Wanted, Written
from lantoa.delivery.models import Chunk, Worker
from lantoa.delivery.rules.states import QUEUED, SENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lantoa.delivery.engine.store import Store
    from lantoa.delivery.engine.work import Committed
    from lantoa.delivery.models import Dispatch


@dataclass
class Other:
    """A worker that claimed a chunk, let the first people's messages leave, and does nothing more."""

    store: Store
    chunk: int
    people: list[int]

    def begin(self, upto: int) -> Committed:
        return self.store.commit(Batch(begins={self.chunk: self.people[upto - 1]}))

    def die(self) -> None:
        """What the system does with the locks of a killed process."""
        if lock := getattr(self.store, "_lock", None):
            lock.close()
        else:
            connection.close()


@pytest.fixture
def other_worker() -> Iterator[Callable[[Dispatch, int], Other]]:
    made: list[Other] = []

    def make(dispatch: Dispatch, upto: int) -> Other:
        store = open_store()
        store.sign_on()
        claimed = store.commit(Batch(wanted=[Wanted((dispatch.pk,), 1)])).claimed[0]
        made.append(Other(store, claimed.id, [row[0] for row in claimed.rows]))
        made[-1].begin(upto)
        return made[-1]

    yield make
    for one in made:
        one.die()


@pytest.fixture
def me() -> Iterator[Store]:
    store = open_store()
    store.sign_on()
    yield store
    store.sign_off()


def test_of_what_a_dead_worker_held_only_what_may_have_left_is_unknown_and_the_rest_goes_out(
    other_worker: Callable[[Dispatch, int], Other],
) -> None:
    box = use_memory_wire()
    _, campaign = make_world(100)
    dispatch = begin(campaign)
    other_worker(dispatch, 30).die()
    send()
    assert len({address for address, _ in box.received}) == len(box.received) == 70
    assert tally(dispatch) == counted(dispatch) == {"delivered": 70, "unknown": 30}
    assert set(dispatch.recipients.exclude(code=None).values_list("code", flat=True)) == {"unknown"}


def test_where_the_dispatch_says_so_they_are_sent_to_again(
    other_worker: Callable[[Dispatch, int], Other],
) -> None:
    box = use_memory_wire()
    _, campaign = make_world(50)
    dispatch = begin(campaign, unknown="again")
    other_worker(dispatch, 30).die()
    send()
    assert len(box.received) == 50
    assert tally(dispatch) == counted(dispatch) == {"delivered": 50}


def test_to_a_job_queue_a_chunk_is_offered_once_and_at_once_again_when_its_worker_died(
    other_worker: Callable[[Dispatch, int], Other], me: Store,
) -> None:
    use_memory_wire()
    _, campaign = make_world(50)
    dispatch = begin(campaign)
    chunks = list(dispatch.chunks.values_list("pk", flat=True))
    assert [pk for pk, _ in offer_chunks()] == chunks
    assert offer_chunks() == []
    other = other_worker(dispatch, 10)
    me.take_over(other.store.worker)
    assert [pk for pk, _ in offer_chunks()] == [other.chunk]


def test_a_worker_that_was_given_up_can_let_nothing_more_leave(
    other_worker: Callable[[Dispatch, int], Other], me: Store,
) -> None:
    use_memory_wire()
    _, campaign = make_world(50)
    other = other_worker(begin(campaign), 10)
    assert me.take_over(other.store.worker) == (1, 10)
    assert other.begin(50).lost == {other.chunk}
    assert Chunk.objects.get().begun == -1


def test_what_it_finds_out_late_still_settles_what_was_unknown(
    other_worker: Callable[[Dispatch, int], Other], me: Store,
) -> None:
    use_memory_wire()
    _, campaign = make_world(10)
    dispatch = begin(campaign)
    other = other_worker(dispatch, 10)
    me.take_over(other.store.worker)
    late = Written(dispatch.pk, other.people[0], QUEUED, SENT, 1, None, None, None, None, None)
    other.store.commit(Batch(written=[late]))
    assert counted(dispatch) == {"sent": 1, "unknown": 9}


def test_a_living_worker_is_left_alone_and_one_that_hangs_is_given_up(
    other_worker: Callable[[Dispatch, int], Other], me: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_memory_wire()
    _, campaign = make_world(10)
    dispatch = begin(campaign)
    other_worker(dispatch, 5)
    watch = Watch(me)
    monkeypatch.setattr(me, "is_dead", lambda _: False)
    assert watch.take_over() == 0
    watch._seen = {worker: (beat, since - 61) for worker, (beat, since) in watch._seen.items()}
    assert watch.take_over() == 1
    assert tally(dispatch) == {"queued": 5, "unknown": 5}


def test_a_worker_that_stops_as_told_leaves_nothing_to_take_over() -> None:
    use_memory_wire()
    _, campaign = make_world(10)
    begin(campaign)
    send()
    assert Worker.objects.get().ended_at is not None
    assert open_store().is_dead(Worker.objects.get().pk)


def test_a_transaction_that_fails_leaves_no_trace(me: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    use_memory_wire()
    _, campaign = make_world(10)
    dispatch = begin(campaign)

    def fail(_: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(me, "_beat", fail)
    with pytest.raises(InterruptedError):
        me.commit(Batch(wanted=[Wanted((dispatch.pk,), 1)], beats=True))
    assert Chunk.objects.get().state == Chunk.State.OPEN
