"""Small storms of `lantoa chaos deliver`: workers are killed and everything else fails while a dispatch runs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.simulators import postgres, rabbitmq

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


def chaos(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "lantoa", "chaos", "deliver", "--json", *arguments],
        check=False, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_killed_workers_lose_nobody_and_send_nobody_twice() -> None:
    told = chaos("--n", "2000", "--kills", "1", "--other", "1", "--seed", "5")
    assert (told["lost"], told["twice"]) == (0, 0)


def test_so_it_is_where_celery_leads_and_the_broker_restarts(needs: Callable[[str], str]) -> None:
    for server, name in ((postgres, "postgres"), (rabbitmq, "rabbitmq-server")):
        if not server.is_installed():
            needs(name)
    told = chaos(
        "--db", "postgres", "--celery", "--workers", "2", "--n", "1500", "--kills", "1", "--other", "1", "--seed", "7"
    )
    assert (told["lost"], told["twice"]) == (0, 0)
