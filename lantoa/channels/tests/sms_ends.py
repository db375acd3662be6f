"""Both ends of short messages, for tests: an account of ours in use, and a message centre simulated or played."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.smpp_gateway import SmppGatewayChannel
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.wire import Account, Message
from lantoa.lib.smpp.tests.peer import centre
from lantoa.simulators.smsc import Smsc, whole_messages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from lantoa.channels.sms.session import SmppSession
    from lantoa.lib.smpp.tests.peer import Centre, Line
    from lantoa.simulators.smsc_script import Script

def account(port: int, *, window: int = 100, **options: object) -> Account:
    """An account at a centre on this machine."""
    given = {"host": "127.0.0.1", "port": port, "system_id": "lantoa", "password": "mat-khau", "reconnect": 0.05}
    return Account("nha-mang", window=window, options={**given, **options})


def received(smsc: Smsc) -> list[tuple[str, str]]:
    """Numbers as the register has them, and texts."""
    return [("0" + number.removeprefix("84"), text) for number, text in whole_messages(smsc.arrivals)]


SHORT = "Kính gửi {{name|quý vị}}."
LONG = "ă" * 67 + "b" * 67 + "c" * 67
"""Three parts."""
NUMBERS = [f"09{number:08}" for number in range(1, 501)]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


def prepared(
    text: str = SHORT, numbers: list[str] | None = None, **options: Any,
) -> tuple[SmppGatewayChannel, WatchedFeed]:
    """A channel, and a feed with a message for each number."""
    channel = SmppGatewayChannel(source_addr="UBND MAU", **options)
    return channel, WatchedFeed(items(channel.compile(Message("k", "", text)), numbers or NUMBERS[:1]))


@asynccontextmanager
async def opened(
    channel: SmppGatewayChannel, feed: WatchedFeed, port: int, **options: Any,
) -> AsyncIterator[SmppSession]:
    """The channel's account, in use; its pauses are short."""
    with pytest.MonkeyPatch.context() as patch:
        for name, seconds in (("_FIRST_PAUSE", 0.02), ("_LONGEST_PAUSE", 0.05), ("_GOODBYE", 0.05)):
            patch.setattr(f"lantoa.channels.sms.session.{name}", seconds)
        session = await channel.open(account(port, **options), feed)
        try:
            yield session
        finally:
            await session.close(0.05)
            assert not feed.out, "nothing is left in the air"


@asynccontextmanager
async def simulated(script: Script) -> AsyncIterator[Smsc]:
    smsc = Smsc(script)
    await smsc.start()
    try:
        yield smsc
    finally:
        await smsc.stop()


@asynccontextmanager
async def scripted(
    feed: WatchedFeed, channel: SmppGatewayChannel, **options: Any,
) -> AsyncIterator[tuple[SmppSession, Line, Centre]]:
    """An account bound at a centre that the test plays."""
    async with centre() as other, opened(channel, feed, other.port, **options) as session:
        yield session, await other.bound(), other
