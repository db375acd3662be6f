from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.tests.browsers import browsers
from lantoa.delivery.actions import subscribe_browser, unsubscribe_browser
from lantoa.delivery.models import PushSubscription, Suppression
from lantoa.evidence.models import HistoryEntry
from lantoa.lib.push import read_subscription
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast

SERVICE = "https://push.example"


def given(**changes: Any) -> str:
    """What a browser gives, changed."""
    return json.dumps({**json.loads(browsers(1)[0].address(SERVICE)), **changes})


def test_a_browser_is_kept_once_for_the_place_it_asked_last(cast: Cast) -> None:
    text = given()
    subscribe_browser(cast.ward, text)
    row = subscribe_browser(cast.neighbourhood, json.dumps({"x": 1, **json.loads(text)}))
    assert list(PushSubscription.objects.values_list("place", flat=True)) == [cast.neighbourhood.pk]
    kept = read_subscription(row.address)
    assert kept == read_subscription(text), "what is sent to is what the browser gave"
    assert "expirationTime" not in row.address
    assert HistoryEntry.objects.filter(verb="subscribe_browser").count() == 2


def test_new_keys_of_the_same_browser_take_the_place_of_the_old(cast: Cast) -> None:
    first, second = browsers(2)
    subscribe_browser(cast.ward, first.address(SERVICE))
    again = json.loads(second.address(SERVICE)) | {"endpoint": f"{SERVICE}{first.path}"}
    subscribe_browser(cast.ward, json.dumps(again))
    assert [read_subscription(row.address).auth for row in PushSubscription.objects.all()] == [second.auth]


def test_whoever_refused_and_asks_again_is_sent_notices_again(cast: Cast) -> None:
    text = given()
    row = subscribe_browser(cast.ward, text)
    Suppression.objects.create(reaches="browser", address=row.address, source="link")
    PushSubscription.objects.all().delete()
    subscribe_browser(cast.ward, text)
    assert not Suppression.objects.exists()


def test_a_browser_that_ends_it_is_forgotten(cast: Cast) -> None:
    text, other = given(endpoint=f"{SERVICE}/a"), given(endpoint=f"{SERVICE}/b")
    subscribe_browser(cast.ward, text)
    subscribe_browser(cast.ward, other)
    unsubscribe_browser(text)
    unsubscribe_browser(text)
    assert [read_subscription(row.address).endpoint for row in PushSubscription.objects.all()] == [f"{SERVICE}/b"]


@pytest.mark.parametrize("text", [
    "null", "{}", "[]", "no json",
    given(endpoint="http://push.example/a"),
    given(endpoint="https://localhost/a"),
    given(endpoint="https://127.0.0.1/a"),
    given(endpoint="https://[::1]/a"),
    given(endpoint="https://user:x@push.example/a"),
    given(endpoint="https://push.example:8443/a"),
    given(endpoint="https://push.example/ă"),
    given(endpoint="https://push.example/" + "a" * 2000),
    given(keys={"p256dh": "AAAA", "auth": "AAAA"}),
    given(keys={"p256dh": "BA" * 43 + "A", "auth": "A" * 22}),
])
def test_what_no_browser_gives_is_refused_and_nothing_is_kept(cast: Cast, text: str) -> None:
    with pytest.raises(RefusedError):
        subscribe_browser(cast.ward, text)
    assert not PushSubscription.objects.exists()
