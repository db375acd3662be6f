"""Receipts that a simulated service posts back to a webhook, signed as the service signs."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.simulators.http import Got, Script

    Signer = Callable[[Got, bool, float], Request]
    """From a message, whether it arrived, and the time: the request to post; its URL is filled in later."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """What is told of messages later."""

    url: str
    """The webhook."""
    sign: Signer
    delay: float = 0.0
    failed: float = 0.0
    """Share of addresses of which it is told that it did not arrive."""
    lost: float = 0.0
    """Share of which nothing is told."""
    tries: int = 5
    """How often a receipt is posted until it is answered with success."""


class ReceiptPoster:
    """Posts receipts; `note` is what a dialect tells of each message."""

    def __init__(self, receipts: Receipts, script: Script) -> None:
        self._receipts = receipts
        self._script = script
        self._door = HttpDoor(DoorOptions(connections=4))
        self._tasks: set[asyncio.Task[None]] = set()
        self.posted = 0
        """Receipts answered with success."""
        self.given_up = 0

    def note(self, got: Got) -> None:
        """A message was accepted: its receipt follows."""
        if self._script.draw(got.address, "lost receipt") >= self._receipts.lost:
            task = asyncio.get_running_loop().create_task(self._post(got))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, got: Got) -> None:
        await asyncio.sleep(self._receipts.delay)
        arrived = self._script.draw(got.address, "failed receipt") >= self._receipts.failed
        for attempt in range(self._receipts.tries):
            request = self._receipts.sign(got, arrived, time.time())
            request.url = self._receipts.url
            try:
                response = await self._door.send(request)
            except HttpError:
                response = None
            if response and 200 <= response.status < 300:
                self.posted += 1
                return
            await asyncio.sleep(0.05 * 2**attempt)
        self.given_up += 1

    async def finish(self) -> None:
        """Wait until all is posted or given up, and close."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
        await self._door.close()


def aggregator_signer(secret: str) -> Signer:
    """`X-Timestamp`, and in `X-Signature` the HMAC-SHA256 of `<timestamp>.<body>` in hex."""

    def sign(got: Got, arrived: bool, now: float) -> Request:  # noqa: FBT001 - the shape of a Signer
        status = "DELIVRD" if arrived else "UNDELIV"
        body = json.dumps({"id": f"m-{got.key}", "client_id": got.key, "status": status}).encode()
        stamp = str(int(now))
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = (f"X-Timestamp: {stamp}", f"X-Signature: sha256={digest}", "Content-Type: application/json")
        return Request("POST", "", headers, body)

    return sign


def zalo_signer(app_id: str, oa_secret_key: str) -> Signer:
    """Zalo's event that a template message reached a device, with `X-ZEvent-Signature`."""

    def sign(got: Got, arrived: bool, now: float) -> Request:  # noqa: FBT001, ARG001 - the shape; Zalo tells of arrivals only
        stamp = str(int(now * 1000))
        event = {
            "event_name": "user_received_message", "app_id": app_id, "timestamp": stamp,
            "sender": {"id": "oa"}, "recipient": {"id": got.address},
            "message": {"msg_id": f"z-{got.key}", "tracking_id": got.key, "delivery_time": stamp},
        }
        body = json.dumps(event).encode()
        digest = hashlib.sha256(app_id.encode() + body + stamp.encode() + oa_secret_key.encode()).hexdigest()
        headers = (f"X-ZEvent-Signature: mac={digest}", "Content-Type: application/json")
        return Request("POST", "", headers, body)

    return sign
