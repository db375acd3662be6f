from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import uvloop

from lantoa.lib.smtp import session

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(session, "_FIRST_WAIT", 0.02)


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, None]], None]:
    def run(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(asyncio.wait_for(work, 20))

    return run
