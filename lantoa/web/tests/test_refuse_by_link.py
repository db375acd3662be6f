"""The link and the button by which messages are refused: looking does nothing, pressing does, and nobody signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

from lantoa.delivery.engine.words import OPT_OUT
from lantoa.delivery.models import PushSubscription, Suppression
from lantoa.delivery.rules.keys import key_maker
from lantoa.web.tests.dispatch_builders import make_dispatch, make_residents, make_words, use_wire
from lantoa.web.views.opt_out import hidden

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.residents.models import Resident
    from lantoa.web.tests.builders import Cast, Land


@pytest.fixture
def someone(settings: LazySettings, campaign: Campaign, land: Land) -> Resident:
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    use_wire()
    make_words(campaign)
    return make_residents(land, 1)[0]


@pytest.fixture
def address(someone: Resident, campaign: Campaign, cast: Cast) -> str:
    """Where the link in a message to somebody leads."""
    dispatch = make_dispatch(campaign, cast)
    key = key_maker(settings.SECRET_KEY)((dispatch.pk, someone.pk))
    found = reverse("opt_out", args=[key])
    assert found == OPT_OUT + key, "as it stands in messages"
    return found


def test_opening_the_link_does_nothing_because_mail_scanners_do(client: Client, address: str) -> None:
    for ask in (client.get, client.head):
        response = ask(address)
        assert response.status_code == 200
    assert not Suppression.objects.exists()
    shown = client.get(address).content.decode()
    assert shown.count("<button") == 1
    assert "<script" not in shown
    assert "090…000" in shown
    assert "0900000000" not in shown, "the link may be forwarded"


def test_one_press_is_enough(client: Client, address: str, someone: Resident) -> None:
    response = type(client)(enforce_csrf_checks=True).post(address)
    assert response.status_code == 200
    assert "Bạn sẽ không nhận tin nữa" in response.content.decode()
    assert list(Suppression.objects.values_list("reaches", "address", "source")) == [("phone", someone.phone, "link")]
    assert client.post(address).status_code == 200, "pressed twice it is the same"


def test_a_mail_programs_own_post_is_obeyed_without_cookies_or_leading_elsewhere(
    client: Client, address: str, someone: Resident,
) -> None:
    """RFC 8058 §3.2: no redirect, no cookies, the body `List-Unsubscribe=One-Click`."""
    someone.email = "ong.ba@hop-thu.vn"
    someone.save()
    strict = type(client)(enforce_csrf_checks=True)
    response = strict.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    assert not response.cookies
    assert "Location" not in response
    assert set(Suppression.objects.values_list("address", flat=True)) == {someone.phone, someone.email}


def test_nothing_of_the_page_is_kept_or_told_elsewhere(client: Client, address: str) -> None:
    response = client.get(address)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not response.cookies


@pytest.mark.parametrize("key", ["x", "0" * 32, "ă", "a" * 500])
def test_a_key_that_is_none_gets_a_kind_page(client: Client, someone: Resident, key: str) -> None:
    assert someone
    for ask in (client.get, client.post):
        response = ask(reverse("opt_out", args=[key]))
        assert response.status_code == 404
        assert "Bạn không cần làm gì thêm" in response.content.decode()
    assert not Suppression.objects.exists()


def test_so_does_whoever_is_gone_from_the_register(client: Client, address: str, someone: Resident) -> None:
    someone.delete()
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_other_ways_of_asking_are_of_no_use(client: Client, address: str) -> None:
    assert client.put(address).status_code == 405
    assert client.delete(address).status_code == 405


def test_a_browser_that_refuses_is_forgotten(client: Client, campaign: Campaign, cast: Cast, someone: Resident) -> None:
    assert someone
    row = PushSubscription.objects.create(address='{"endpoint":"https://push.example/a"}', place=campaign.place)
    dispatch = make_dispatch(campaign, cast, channel="zns", is_started=False)
    type(dispatch).objects.update(audience="browsers", reaches="browser")
    address = reverse("opt_out", args=[key_maker(settings.SECRET_KEY)((dispatch.pk, row.pk))])
    assert "trình duyệt này" in client.get(address).content.decode()
    assert "Trình duyệt này được bỏ" in client.post(address).content.decode()
    assert not PushSubscription.objects.exists()


def test_it_is_read_in_the_readers_language(client: Client, address: str) -> None:
    client.cookies["lantoa_language"] = "en"
    assert '<html lang="en">' in client.get(address).content.decode()


@pytest.mark.parametrize(("reaches", "address", "shown"), [
    ("phone", "0912345678", "091…678"), ("email", "ong.ba@hop-thu.vn", "o…@hop-thu.vn"), ("browser", "{}", ""),
])
def test_an_address_is_known_to_its_owner_alone(reaches: str, address: str, shown: str) -> None:
    assert hidden(reaches, address) == shown
