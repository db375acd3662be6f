"""An event loop in a thread of its own, in which simulators run beside whoever sends."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, Any

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class Aside:
    """The loop and its thread; it ends with the process, or by `stop`."""

    def __init__(self) -> None:
        self.loop = new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine there and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def do_within(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """The same for so many seconds at most; then it is cancelled. Raises `TimeoutError`."""
        task = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return task.result(seconds)
        except TimeoutError:
            task.cancel()
            raise

    def call(self, act: Callable[..., Any], *arguments: Any) -> None:
        """Call something there, soon."""
        self.loop.call_soon_threadsafe(act, *arguments)

    def stop(self) -> None:
        """End the loop; what still runs in it is dropped."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout=5)
        self.loop.close()
