"""The contract suite of channels to many people: what the engine relies on. Their test classes inherit it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvloop

from lantoa.channels.base import DONE, Correcting, State
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.wire import Message, Reaches, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractAsyncContextManager
    from typing import Any

    from lantoa.channels.wire import Account

MESSAGE = Message(
    key="a1b2c3", title="Dừng dịch vụ 2G",
    text="Kính gửi {{name|quý vị}}: từ ngày 16/10/2024, máy chỉ có 2G không dùng được.",
    html="<p>Kính gửi {{name|quý vị}}: từ ngày <b>16/10/2024</b>, máy chỉ có 2G không dùng được.</p>",
    sender="Ủy ban nhân dân phường Mẫu", opt_out_url="https://phuong-mau.example/tu-choi/",
)
GONE_STATES = {State.FAILED_FOR_NOW, State.FAILED_FOR_GOOD, State.REFUSED}


@dataclass
class OtherEnd:
    """A real server that speaks the channel's protocol: how to reach it, and what it was handed."""

    account: Account
    received: Callable[[], list[tuple[str, str]]]
    """Address and readable text of each message, in the order they came."""
    stop: Callable[[], Coroutine[Any, Any, None]]
    """Cut all connections and listen no more."""


class WireContract:
    """Inherit, give `wire`, `addresses` and `other_end`."""

    @pytest.fixture
    def wire(self) -> Wire:
        raise NotImplementedError

    @pytest.fixture
    def addresses(self) -> list[str]:
        """A hundred addresses the other end accepts."""
        raise NotImplementedError

    def other_end(self) -> AbstractAsyncContextManager[OtherEnd]:
        raise NotImplementedError

    @pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
    def run(self, request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, None]], None]:
        def run(work: Coroutine[Any, Any, None]) -> None:
            with asyncio.Runner(loop_factory=request.param) as runner:
                runner.run(asyncio.wait_for(work, 30))

        return run

    def test_it_is_a_wire(self, wire: Wire) -> None:
        assert isinstance(wire, Wire)
        assert wire.name
        assert isinstance(wire.reaches, Reaches)
        assert wire.corrects is Correcting.FOLLOW_UP

    def test_a_preview_reads_as_the_recipient_will(self, wire: Wire, addresses: list[str]) -> None:
        template = wire.compile(MESSAGE)
        known, unknown = items(template, addresses[:1], {"name": "Nguyễn Thị Tỵ"}) + items(template, addresses[:1])
        assert "Nguyễn Thị Tỵ" in template.show(known)
        assert "quý vị" in template.show(unknown)
        assert template.parts(known) >= 1

    def test_everyone_gets_it_once(self, wire: Wire, addresses: list[str], run: Callable[..., None]) -> None:
        async def work() -> None:
            async with self.other_end() as end:
                feed = WatchedFeed(items(wire.compile(MESSAGE), addresses, {"name": "Trần Văn Đỗ"}))
                session = await wire.open(end.account, feed)
                await feed.finish(session)
                await session.close()
                assert feed.is_up
                assert len(feed.outcomes) == len(addresses)
                assert {outcome.state for outcome in feed.outcomes.values()} <= DONE
                assert sorted(address for address, _ in end.received()) == sorted(addresses)
                assert all("Trần Văn Đỗ" in text and "16/10/2024" in text for _, text in end.received())

        run(work())

    def test_what_comes_later_wakes_a_session_that_had_nothing_to_do(
        self, wire: Wire, addresses: list[str], run: Callable[..., None],
    ) -> None:
        async def work() -> None:
            async with self.other_end() as end:
                feed = WatchedFeed()
                session = await wire.open(end.account, feed)
                await feed.until(lambda feed: feed.is_up)
                feed.waiting.extend(items(wire.compile(MESSAGE), addresses[:3]))
                await feed.finish(session)
                await session.close()
                assert len(end.received()) == 3

        run(work())

    def test_closing_leaves_nothing_in_the_air_and_takes_nothing_more(
        self, wire: Wire, addresses: list[str], run: Callable[..., None],
    ) -> None:
        async def work() -> None:
            async with self.other_end() as end:
                feed = WatchedFeed(items(wire.compile(MESSAGE), addresses))
                session = await wire.open(end.account, feed)
                session.wake()
                await feed.until(lambda feed: bool(feed.outcomes))
                await session.close()
                assert not feed.out
                left = len(feed.waiting)
                session.wake()
                await asyncio.sleep(0.05)
                assert len(feed.waiting) == left
                assert len(feed.outcomes) + left == len(addresses)

        run(work())

    def test_without_the_other_end_nothing_is_lost_and_the_trouble_is_told(
        self, wire: Wire, addresses: list[str], run: Callable[..., None],
    ) -> None:
        async def work() -> None:
            async with self.other_end() as end:
                await end.stop()
                feed = WatchedFeed(items(wire.compile(MESSAGE), addresses[:5]))
                session = await wire.open(end.account, feed)
                session.wake()
                await feed.until(lambda feed: bool(feed.troubles))
                await session.close()
                assert not feed.out
                assert len(feed.waiting) + sum(o.state in GONE_STATES for o in feed.outcomes.values()) == 5
                assert not [outcome for outcome in feed.outcomes.values() if outcome.state in DONE]
                assert all(any(letter in why for letter in "ảáãạàểềếệễôơưđí") for why in feed.troubles), feed.troubles

        run(work())
