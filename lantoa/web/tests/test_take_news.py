"""Services post what they have to tell: who is believed, and when it counts as told."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from lantoa.delivery.models import Answer, StrayReport
from lantoa.delivery.rules.states import STATE

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from django.test import Client

URL = reverse("webhook", args=["sms_thu"])


@pytest.fixture(autouse=True)
def _configured(settings: LazySettings, tmp_path: Path, db: Any) -> None:  # noqa: ARG001 - a transaction is opened
    (tmp_path / "secret").write_text("hook\n")
    adapter, _ = settings.LANTOA_CHANNELS["sms_http"]
    webhook = {
        "signature": {
            "secret_file": str(tmp_path / "secret"), "timestamp": "X-Timestamp", "content": "{timestamp}.{body}",
        },
        "id": "/id", "delivered": ["DELIVRD"], "failed": ["UNDELIV"], "underway": ["QUEUED"],
        "reply": {"address": "/from", "text": "/text"},
    }
    settings.LANTOA_CHANNELS = {**settings.LANTOA_CHANNELS, "sms_thu": (adapter, {"webhook": webhook})}


def kept() -> list[tuple[str, str]]:
    """What the ledger has kept: receipts that wait for their message, and what people wrote."""
    receipts = [(row.provider_id, STATE[row.state].value) for row in StrayReport.objects.order_by("pk")]
    return receipts + [(row.address, row.text) for row in Answer.objects.order_by("pk")]


def post(client: Client, body: bytes, secret: str = "hook", url: str = URL) -> int:  # noqa: S107 - of the tests
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": stamp, "X-Signature": digest}
    return client.post(url, body, content_type="application/json", headers=headers).status_code


def test_signed_receipts_and_replies_are_kept_without_signing_in(client: Client) -> None:
    strict = type(client)(enforce_csrf_checks=True)
    told = [{"id": "m1", "status": "DELIVRD"}, {"id": "m2", "status": "UNDELIV"}, {"id": "m3", "status": "QUEUED"},
            {"from": "0912345678", "text": "Đổi máy ở đâu?"}]
    assert post(strict, json.dumps(told).encode()) == 200
    assert kept() == [("m1", "delivered"), ("m2", "failed_for_good"), ("0912345678", "Đổi máy ở đâu?")]


@pytest.mark.parametrize(("body", "secret", "status"), [
    (b'{"id":"m1","status":"DELIVRD"}', "guess", 401), (b"no json", "hook", 400), (b"", "hook", 400),
    (b'"' + b"x" * 1024 * 1024 + b'"', "hook", 413),
])
def test_what_cannot_be_believed_or_read_is_refused_and_nothing_is_kept(
    client: Client, body: bytes, secret: str, status: int,
) -> None:
    assert post(client, body, secret) == status
    assert kept() == []


def test_a_request_that_tells_nothing_is_taken(client: Client) -> None:
    assert post(client, b"[]") == 200
    assert kept() == []


@pytest.mark.parametrize("name", ["sms_http", "folder", "zns", "push", "nothing"])
def test_a_channel_that_is_not_told_things_has_no_address(client: Client, name: str) -> None:
    assert post(client, b"{}", url=reverse("webhook", args=[name])) == 404


def test_only_posting_is_of_use(client: Client) -> None:
    assert client.get(URL).status_code == 405
    assert client.put(URL).status_code == 405


def test_a_secret_that_cannot_be_read_is_our_trouble_not_the_services(client: Client, tmp_path: Path) -> None:
    (tmp_path / "secret").unlink()
    assert post(client, b"{}") == 503
