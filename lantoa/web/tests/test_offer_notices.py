"""Notices on a resident's own screen: offered only where they can be sent, asked for without an account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from lantoa.channels.tests.browsers import browsers
from lantoa.channels.wire import Account
from lantoa.delivery.models import PushSubscription
from lantoa.web.views import push

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from django.http import HttpResponse
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Land

SUBSCRIPTION = json.loads(browsers(1)[0].address("https://push.example"))


@pytest.fixture
def offered(settings: LazySettings, tmp_path: Path) -> None:
    """A channel to browsers with an account."""
    adapter, _ = settings.LANTOA_CHANNELS["push"]
    options = {"key_file": str(tmp_path / "vapid.pem"), "contact": "mailto:tin@songmau.gov.vn"}
    settings.LANTOA_CHANNELS = {
        **settings.LANTOA_CHANNELS, "push": (adapter, {"accounts": (Account("huyen", options=options),)}),
    }


def ask(client: Client, campaign: Campaign, method: str = "post", **changes: Any) -> HttpResponse:
    strict = type(client)(enforce_csrf_checks=True)
    sent = {"subscription": SUBSCRIPTION, "place": "c0-t1"} | changes
    address = reverse("subscribe_browser", args=[campaign.slug])
    response: HttpResponse = getattr(strict, method)(address, json.dumps(sent), content_type="application/json")
    return response


def test_without_a_key_nothing_is_offered_and_the_page_has_no_script(client: Client, campaign: Campaign) -> None:
    response = client.get(reverse("public_page", args=[campaign.slug]))
    assert "<script" not in response.content.decode()
    assert "thong-bao" not in response.content.decode()
    assert "script-src" not in response["Content-Security-Policy"]
    assert ask(client, campaign).status_code == 404


@pytest.mark.usefixtures("offered")
def test_with_a_key_the_page_offers_notices_hidden_until_the_script_knows_that_it_can(
    client: Client, campaign: Campaign,
) -> None:
    response = client.get(reverse("public_page", args=[campaign.slug]), {"noi": "c0-t1"})
    page = response.content.decode()
    assert '<section id="thong-bao" hidden' in page
    assert 'data-place="c0-t1"' in page
    assert page.count("<script") == 1
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert len(response.content) <= 30 * 1024
    assert client.get(reverse("public_page", args=[campaign.slug]), {"noi": "c0-t1"}).content == response.content


def test_a_key_that_cannot_be_used_takes_the_offer_away_and_the_page_stays(
    client: Client, campaign: Campaign, offered: None, tmp_path: Path,  # noqa: ARG001 - configured
) -> None:
    (tmp_path / "vapid.pem").write_text("no key")
    response = client.get(reverse("public_page", args=[campaign.slug]))
    assert response.status_code == 200
    assert "<script" not in response.content.decode()


@pytest.mark.usefixtures("offered")
def test_a_browser_subscribes_to_its_place_and_ends_it(client: Client, campaign: Campaign, land: Land) -> None:
    response = ask(client, campaign)
    assert response.status_code == 200
    assert json.loads(response.content)["said"] == "Máy này sẽ nhận thông báo của Thôn 1."
    assert not response.cookies
    assert PushSubscription.objects.get().place == land.hamlet
    assert ask(client, campaign, place="khong-co").status_code == 200
    assert PushSubscription.objects.get().place == campaign.place
    assert ask(client, campaign, "delete").status_code == 200
    assert not PushSubscription.objects.exists()
    assert ask(client, campaign, "delete").status_code == 200


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("changes", [
    {"subscription": None}, {"subscription": "x"}, {"subscription": {"endpoint": "http://push.example/a"}},
    {"subscription": {**SUBSCRIPTION, "endpoint": "https://localhost/"}}, {"place": "x" * 5000},
])
def test_what_no_browser_sends_is_refused(client: Client, campaign: Campaign, changes: dict[str, Any]) -> None:
    response = ask(client, campaign, **changes)
    assert response.status_code == 400
    assert json.loads(response.content)["said"]
    assert not PushSubscription.objects.exists()


@pytest.mark.usefixtures("offered")
def test_only_json_is_taken_because_other_sites_can_send_forms(client: Client, campaign: Campaign) -> None:
    address = reverse("subscribe_browser", args=[campaign.slug])
    for media_type in ("text/plain", "application/x-www-form-urlencoded"):
        body = json.dumps({"subscription": SUBSCRIPTION})
        assert client.post(address, body, content_type=media_type).status_code == 400
    assert client.post(address, "no json", content_type="application/json").status_code == 400
    assert client.get(address).status_code == 405
    assert not PushSubscription.objects.exists()


@pytest.mark.usefixtures("offered")
def test_one_address_asks_only_so_often(client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "MOST_AN_HOUR", 2)
    assert [ask(client, campaign).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("offered")
def test_a_rehearsal_takes_no_subscriptions(client: Client, campaign: Campaign) -> None:
    campaign.is_rehearsal = True
    campaign.save()
    assert ask(client, campaign).status_code == 404


def test_the_worker_is_served_at_the_top_and_may_load_nothing(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert response["Cache-Control"] == "no-cache"
    assert b"showNotification" in response.content
    assert not response.cookies
