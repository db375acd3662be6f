"""Starting an engine: as a process of its own that stops when told, or for a while, until what waits is sent."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.channels.registry import ChannelSettingError, open_wire
from lantoa.delivery.engine.engine import Engine, Manner
from lantoa.delivery.engine.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.channels.wire import Reply, Wire


def run_engine(manner: Manner | None = None, take_reply: Callable[[str, Reply], object] | None = None) -> int:
    """Send until stopped by a signal, or as `manner` says; returns how many messages got an outcome."""
    with _runner() as runner:
        return runner.run(_run(manner or Manner(window=settings.LANTOA_WINDOW), take_reply))


def _runner() -> asyncio.Runner:
    """The quickest event loop there is; the standard one does the same more slowly (Windows)."""
    try:
        import uvloop  # noqa: PLC0415 - not there on every system
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _run(manner: Manner, take_reply: Callable[[str, Reply], object] | None) -> int:
    store = open_store()
    if take_reply is not None:
        store.take_reply = take_reply
    engine = Engine(store, _wire, manner)
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(name, engine.stop)
    await engine.run()
    return engine.sent


def _wire(name: str) -> Wire:
    try:
        return open_wire(name, settings.LANTOA_CHANNELS)
    except ChannelSettingError as error:
        raise ValueError(f"Kênh “{name}” không còn trong cấu hình ({error})") from error
