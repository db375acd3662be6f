from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from lantoa.channels.memory_wire import Letterbox, MemoryWire
from lantoa.channels.tests.feeding import items
from lantoa.channels.tests.wire_contract import OtherEnd, WireContract
from lantoa.channels.wire import Account, Message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lantoa.channels.wire import Wire


class TestMemoryWire(WireContract):
    @pytest.fixture(autouse=True)
    def box(self) -> Letterbox:
        self._box = Letterbox()
        return self._box

    @pytest.fixture
    def wire(self) -> Wire:
        return MemoryWire(box=self._box)

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [f"09{number:08d}" for number in range(100)]

    @asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        async def stop() -> None:
            self._box.is_away = True

        yield OtherEnd(Account("memory"), lambda: self._box.received, stop)


def test_the_oldest_messages_are_forgotten_when_there_are_too_many() -> None:
    box = Letterbox(most=10)
    wire = MemoryWire(box=box)
    for item in items(wire.compile(Message("k", "t", "x")), [str(number) for number in range(11)]):
        box.take(item)
    assert [address for address, _ in box.received] == ["5", "6", "7", "8", "9", "10"]
