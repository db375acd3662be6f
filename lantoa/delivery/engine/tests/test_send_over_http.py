"""The engine, a channel over HTTP and a service that is now and then bad: nobody twice, nobody lost, all told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from lantoa.channels.base import State
from lantoa.channels.http.signing import Webhook
from lantoa.channels.registry import open_wire
from lantoa.channels.wire import Account
from lantoa.delivery.actions.hearing import hear
from lantoa.delivery.engine.tests.builders import begin, counted, make_world, tally
from lantoa.delivery.engine.tests.test_try_again import until_done
from lantoa.delivery.rules.states import NUMBER
from lantoa.simulators.dialects import AggregatorDialect
from lantoa.simulators.http import Fate, Fault, HttpSimulator, Script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = Script(seed=11, lost=0.02, faults=(Fault(0.05, "22"), Fault(0.05, status=500, times=1)))


class Running:
    """A simulator in a thread of its own."""

    def __init__(self) -> None:
        self.server = HttpSimulator(AggregatorDialect(), SCRIPT)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def begin(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result(5)

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[HttpSimulator]:
    """An aggregator, and the channel `post` that asks it."""
    running = Running()
    running.begin()
    (tmp_path / "secret").write_text("hook")
    adapter, _ = settings.LANTOA_CHANNELS["sms_http"]
    options: dict[str, Any] = {
        "request": {"url": "/send", "json": {"to": "{address}", "text": "{text}", "id": "{key}"}},
        "answer": {"id": "/data/id", "code": "/code", "accepted": ["0"], "permanent": ["22"]},
        "webhook": {"signature": {"secret_file": str(tmp_path / "secret")}, "id": "/id", "delivered": ["DELIVRD"]},
        "accounts": (Account("main", window=20, options={"base_url": running.server.url}),),
    }
    settings.LANTOA_CHANNELS["post"] = (adapter, options)
    yield running.server
    running.end()


def test_a_dispatch_by_an_http_service_ends_with_what_the_service_did(service: HttpSimulator) -> None:
    people = 400
    _, campaign = make_world(people)
    dispatch = begin(campaign)
    until_done(dispatch)
    fates = {address: SCRIPT.fate(address) for address in (f"09{index:08d}" for index in range(people))}
    refused = {address for address, fate in fates.items() if getattr(fate, "code", "") == "22"}
    lost = {address for address, fate in fates.items() if fate is Fate.LOST}
    got = Counter(one.address for one in service.book.all())
    assert max(got.values()) == 1
    assert set(got) == set(fates) - refused
    assert counted(dispatch) == tally(dispatch) == {
        "sent": people - len(lost) - len(refused), "unknown": len(lost), "failed_for_good": len(refused)}
    assert lost
    assert refused


def test_what_the_service_tells_later_is_written_where_it_belongs(service: HttpSimulator) -> None:
    _, campaign = make_world(40)
    dispatch = begin(campaign)
    until_done(dispatch)
    row = dispatch.recipients.filter(state=NUMBER[State.SENT]).first()
    assert row is not None
    body = json.dumps({"id": row.provider_id, "status": "DELIVRD"}).encode()
    headers = {"X-Signature": hmac.new(b"hook", body, hashlib.sha256).hexdigest()}
    wire = open_wire("post", settings.LANTOA_CHANNELS)
    assert isinstance(wire, Webhook)
    assert hear("post", wire.read_webhook(headers, body, time.time())) == 1
    assert counted(dispatch)["delivered"] == 1
    row.refresh_from_db()
    assert row.state == NUMBER[State.DELIVERED]
    assert len(service.book.all()) <= 40
