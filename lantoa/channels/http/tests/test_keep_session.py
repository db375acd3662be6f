from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lantoa.channels.base import State
from lantoa.channels.http.session import HttpSession, Reading
from lantoa.channels.http.tokens import AccountError
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.wire import SENT, Outcome
from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Response
from lantoa.lib.http.tests.peers import OK, Peer, peer, run, say_nothing, say_ok, until

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    import pytest

    from lantoa.channels.wire import Item


class Plain:
    """A template of nothing."""

    def parts(self, _: Item) -> int:
        return 1

    def show(self, _: Item) -> str:
        return ""


class Speaking:
    """A speaker that does as a test says."""

    most_items = 1

    def __init__(self, url: str, read: Callable[[], Reading] = lambda: Reading([SENT])) -> None:
        self.url = url
        self.reading = read
        self.prepared = 0
        self.trouble: Exception | None = None

    async def prepare(self, _: HttpDoor) -> float:
        self.prepared += 1
        if self.trouble:
            raise self.trouble
        return 0.0

    def is_ready(self) -> bool:
        return True

    def request(self, items: Sequence[Item]) -> Request:
        return Request("POST", self.url, (), items[0].address.encode())

    def read(self, items: Sequence[Item], request: Request, response: Response) -> Reading:  # noqa: ARG002 - a test's own
        return self.reading()

    def unanswered(self, items: Sequence[Item], error: HttpError) -> Reading:  # noqa: ARG002 - a test's own
        return Reading([Outcome(State.UNKNOWN)]) if error.may_have_arrived else Reading([None], "x")


def feed_of(count: int) -> WatchedFeed:
    return WatchedFeed(items(Plain(), [str(number) for number in range(count)]))


def play(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run(asyncio.new_event_loop, work())


def test_the_first_request_goes_alone_and_the_rest_once_it_was_answered_well() -> None:
    waiting: list[asyncio.Transport] = []

    def hold(_: Peer, __: bytes, connection: asyncio.Transport) -> None:
        waiting.append(connection)

    async def work() -> None:
        async with peer(hold) as made:
            feed = feed_of(20)
            session = HttpSession(feed, HttpDoor(), Speaking(made.url), 8)
            session.wake()
            await until(lambda: len(waiting) == 1)
            await asyncio.sleep(0.05)
            assert len(waiting) == 1
            waiting.pop().write(OK)
            await until(lambda: len(waiting) == 8)
            await asyncio.sleep(0.05)
            assert len(waiting) == 8
            await session.close(0.05)
            assert len(feed.outcomes) == 9

    play(work)


def test_closing_waits_for_answers_and_calls_the_rest_unknown() -> None:
    async def work() -> None:
        async with peer(say_nothing) as made:
            feed = feed_of(5)
            session = HttpSession(feed, HttpDoor(), Speaking(made.url), 4)
            session.wake()
            await until(lambda: bool(made.requests))
            await session.close(0.05)
            assert [outcome.state for outcome in feed.outcomes.values()] == [State.UNKNOWN]
            assert len(feed.waiting) == 4

    play(work)


def test_a_fault_of_our_own_leaves_no_message_hanging(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Reading:
        raise KeyError("a fault")

    async def work() -> None:
        async with peer(say_ok) as made:
            feed = feed_of(2)
            session = HttpSession(feed, HttpDoor(), Speaking(made.url, broken), 1)
            await feed.finish(session)
            await session.close()
            assert {outcome.state for outcome in feed.outcomes.values()} == {State.UNKNOWN}

    play(work)
    assert "asking about 1 messages failed" in caplog.text


def test_trouble_while_getting_ready_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            for trouble in (AccountError("khóa sai"), KeyError("a fault")):
                feed, speaker = feed_of(1), Speaking(made.url)
                speaker.trouble = trouble
                session = HttpSession(feed, HttpDoor(), speaker, 1)
                await feed.until(lambda feed: bool(feed.troubles))
                speaker.trouble = None
                await feed.finish(session)
                await session.close()
                assert feed.is_up
                assert speaker.prepared == 2

    play(work)
    assert "preparing an account failed" in caplog.text


def test_what_only_a_person_can_put_right_is_not_tried_again() -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            feed, speaker = feed_of(1), Speaking(made.url)
            speaker.trouble = AccountError("đĩa đầy", permanent=True)
            session = HttpSession(feed, HttpDoor(), speaker, 1)
            await feed.until(lambda feed: bool(feed.troubles))
            await asyncio.sleep(0.6)
            assert feed.troubles == ["permanent: đĩa đầy"]
            assert speaker.prepared == 1
            later = feed_of(1)
            blocked = Speaking(made.url, lambda: Reading([None], "bị chặn", is_permanent=True))
            other = HttpSession(later, HttpDoor(), blocked, 1)
            other.wake()
            await later.until(lambda feed: bool(feed.troubles))
            assert later.troubles == ["permanent: bị chặn"]
            assert len(later.waiting) == 1
            await session.close()
            await other.close()

    play(work)


def test_a_token_that_is_refused_again_and_again_is_trouble_not_a_circle() -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            feed = feed_of(1)
            speaker = Speaking(made.url, lambda: Reading([None], "mã truy cập không hợp lệ", renews=True))
            session = HttpSession(feed, HttpDoor(), speaker, 1)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles))
            assert len(made.requests) == 2
            await session.close()

    play(work)


def test_pauses_grow_up_to_a_minute() -> None:
    async def work() -> None:
        session = HttpSession(feed_of(0), HttpDoor(DoorOptions()), Speaking("http://127.0.0.1:9"), 1)
        pauses = [session._pause() for _ in range(12)]
        assert 0.25 <= pauses[0] <= 0.5
        assert all(30 <= pause <= 60 for pause in pauses[8:])
        await session.close()

    play(work)
