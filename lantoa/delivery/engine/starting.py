"""Starting an engine: as a process of its own that stops when told, or for a while, until what waits is sent."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import contextvars
import gc
import logging
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings

from lantoa.channels.registry import ChannelSettingError, open_wire
from lantoa.delivery.actions.hearing import open_store_with_desk
from lantoa.delivery.engine.engine import Engine, Manner
from lantoa.delivery.rules.retrying import Retry

if TYPE_CHECKING:
    from lantoa.channels.wire import Wire

logger = logging.getLogger(__name__)


def usual_manner(**values: Any) -> Manner:
    """As the settings say."""
    return Manner(window=settings.LANTOA_WINDOW, retry=Retry(first=settings.LANTOA_RETRY_SECONDS), **values)


def run_engine(manner: Manner | None = None) -> int:
    """Send until stopped by a signal, or as `manner` says; returns how many messages got an outcome."""
    _spare_the_collector()
    with _runner() as runner:
        # In a context of its own: a connection of whoever calls, kept for another loop, is none of the engine's.
        return runner.run(_run(manner or usual_manner()), context=contextvars.Context())


def start_engine() -> None:
    """Send in a thread beside the pages, until the process ends; on one machine one program does everything."""
    engines: list[tuple[asyncio.AbstractEventLoop, Engine]] = []

    def work() -> None:
        while True:
            try:
                run_engine(usual_manner(started=engines.append))
            except Exception:
                logger.exception("The engine failed; it starts again")
                time.sleep(5)
            else:
                return

    def stop() -> None:
        for loop, engine in engines[-1:]:
            with contextlib.suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(engine.stop)
        thread.join(timeout=Manner().grace + 5)

    thread = threading.Thread(target=work, name="engine", daemon=True)
    thread.start()
    atexit.register(stop)


def _spare_the_collector() -> None:
    """Look for cycles seldom: a million items are made and let go, none of them in a cycle; a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _runner() -> asyncio.Runner:
    """The quickest event loop there is; the standard one does the same more slowly (Windows)."""
    try:
        import uvloop  # noqa: PLC0415 - not there on every system
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _run(manner: Manner) -> int:
    store = open_store_with_desk()
    engine = Engine(store, _wire, manner)
    if manner.started:
        manner.started((asyncio.get_running_loop(), engine))
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
