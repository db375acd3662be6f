"""The one thread that touches the database, and its patience with it."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from django.db import InterfaceError, OperationalError, connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.delivery.engine.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError)
"""What a database raises that is locked, full, restarted or out of reach; anything else is a fault of ours."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds between attempts at a database that does not answer."""


class Writer:
    """Does things in its own thread, one after the other, for the event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_lost = False
        """Whether the connection was lost since somebody last asked: claims may have been made without our knowing."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def do(self, act: Callable[[], T], *, again: Callable[[], None] | None = None) -> T:
        """Do it, and when the database refuses, again and again until it does not; `again` is called before each."""
        wait = FIRST_WAIT
        while True:
            try:
                return await self._in_thread(act)
            except AWAY as error:
                logger.warning("The database does not do it, trying again: %s", error)
                if again:
                    again()
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                await self._in_thread(self._connect)

    def _connect(self) -> None:
        """Replace a broken connection; a server that is still away is met at the next attempt."""
        try:
            if connection.connection is None or not connection.is_usable():
                self.is_lost = True
                connection.close()
                self.store.sign_on_again()
        except AWAY as error:
            logger.warning("The database is not there yet: %s", error)

    async def _in_thread(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def end(self) -> None:
        """Sign off and let the connection go."""
        await self.do(self.store.sign_off)
        await self._in_thread(lambda: connection.close())  # noqa: PLW0108 - the thread's own connection, not this one's
        self._thread.shutdown()
