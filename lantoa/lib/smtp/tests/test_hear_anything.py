"""Whatever a server says, in whatever pieces: every message is told of once, and counted as sent only when it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from lantoa.lib.smtp.connection import Connection
from lantoa.lib.smtp.relay import Peer, RelayError
from lantoa.lib.smtp.tests.peers import Box

if TYPE_CHECKING:
    from collections.abc import Iterable


class Wire(asyncio.Transport):
    """Takes what is written; nothing is on its other end."""

    def __init__(self) -> None:
        super().__init__()
        self.said = b""
        self.is_open = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_open:
            self.said += bytes(data)

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def close(self) -> None:
        self.is_open = False

    abort = close


class Keeper:
    def __init__(self) -> None:
        self.gone_with: list[RelayError | None] = []

    def idle(self, connection: Connection) -> None:
        """Leave it."""

    def gone(self, connection: Connection, why: RelayError | None) -> None:  # noqa: ARG002 - there is only one
        self.gone_with.append(why)


usual = st.sampled_from([
    b"250 ok\r\n", b"250 ok\r\n250 ok\r\n354 go\r\n", b"250 taken\r\n250 ok\r\n250 ok\r\n354 go\r\n", b"354 go\r\n",
])
odd = st.sampled_from([
    b"550 5.1.1 no\r\n", b"451 4.7.1 later\r\n", b"554 none\r\n", b"503 order\r\n", b"421 bye\r\n",
    b"250-a\r\n250 b\r\n",
    b"250-a\r\n", b"530 who\r\n", b"552 5.3.4 big\r\n", b"\r\n", b"2", b"what\r\n", b"250\r\n", b"250 ok\n",
    b"251 on\r\n", b"220 hi\r\n", b"334 \r\n",
])


@settings(max_examples=300, deadline=None)
@given(
    said=st.lists(st.one_of(usual, usual, odd, st.binary(max_size=6)), max_size=14), size=st.integers(1, 60),
    pipelining=st.booleans(), most=st.integers(0, 3), content=st.sampled_from(["small", "large", "large and slow"]),
)
def test_every_message_is_told_of_once(
    said: list[bytes], size: int, pipelining: bool, most: int, content: str,  # noqa: FBT001 - made up
) -> None:
    async def work() -> None:
        box, keeper, wire = Box(6, content=b"x" * (20 if content == "small" else 70_000) + b"\r\n"), Keeper(), Wire()
        connection = Connection(box, keeper, most)
        connection.connection_made(wire)
        connection.start(Peer(pipelining=pipelining))
        connection.go()
        if "slow" in content:
            connection.pause_writing()
        data = b"".join(said)
        for start in range(0, len(data), size):
            connection.data_received(data[start:start + size])
        while_open = wire.said
        connection.connection_lost(None)
        assert not box.out
        assert len(box.told) + len(box.waiting) == 6
        assert len(keeper.gone_with) == 1
        sent = [item for item, what in box.told.items() if what == "sent"]
        lost = [item for item, what in box.told.items() if what == "lost"]
        assert len(sent) + len(lost) <= while_open.count(b"x\r\n.\r\n")
        assert len(lost) <= 1
        assert not most or len(sent) <= most
        assert connection.closed.done()

    asyncio.run(work())


def test_a_message_whose_dot_is_held_back_goes_back_when_the_connection_breaks() -> None:
    async def work(*, drains: bool) -> dict[int, str]:
        box, wire = Box(1, content=b"x" * 70_000 + b"\r\n"), Wire()
        connection = Connection(box, Keeper())
        connection.connection_made(wire)
        connection.start(Peer(pipelining=True))
        connection.go()
        connection.pause_writing()
        connection.data_received(b"250 ok\r\n250 ok\r\n354 go\r\n")
        assert not wire.said.endswith(b".\r\n")
        if drains:
            connection.resume_writing()
            assert wire.said.endswith(b"x\r\n.\r\n")
        connection.connection_lost(None)
        return box.told

    assert asyncio.run(work(drains=False)) == {}
    assert asyncio.run(work(drains=True)) == {1: "lost"}
