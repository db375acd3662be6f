from __future__ import annotations

import asyncio
import gc

import pytest

from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Trouble
from lantoa.lib.http.addresses import is_private_literal, is_public
from lantoa.lib.http.tests.peers import peer, run, say_ok

OUTSIDE = ["8.8.8.8", "203.113.131.1", "2001:4860:4860::8888"]
INSIDE = [
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address, nothing is bound
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "no address", "",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_this_network_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", [
    "127.0.0.1", "localhost", "localhost.", "a.localhost", "2130706433", "0x7f000001", "127.1", "017700000001",
    "[::1]", "[::ffff:192.168.0.1]", "[64:ff9b::7f00:1]",
])
def test_however_an_inside_address_is_spelled_it_is_seen(host: str) -> None:
    assert is_private_literal(f"https://{host}:8443/path")


@pytest.mark.parametrize("host", ["push.example.com", "8.8.8.8", "[2001:4860:4860::8888]"])
def test_a_name_or_an_outside_address_passes_here(host: str) -> None:
    assert not is_private_literal(f"https://{host}/path")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.0.0.1.nip"])
def test_a_door_for_foreign_addresses_does_not_open_into_our_network(host: str) -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(public_only=True))
            with pytest.raises(HttpError) as caught:
                await door.send(Request("POST", f"http://{host}:{made.port}/", (), b"x"))
            await door.close()
            assert not caught.value.may_have_arrived
            assert caught.value.trouble in {Trouble.REFUSED, Trouble.NAME}
            assert not made.connections

    run(asyncio.new_event_loop, work())


def test_a_name_that_resolves_to_the_inside_is_refused_before_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the URL is taken away: what is left is the one on the address that the name led to."""
    monkeypatch.setattr("lantoa.lib.http.door.is_private_literal", lambda _: False)

    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(public_only=True))
            with pytest.raises(HttpError) as caught:
                await door.send(Request("POST", f"http://localhost:{made.port}/", (), b"x"))
            await door.close()
            assert caught.value.trouble is Trouble.REFUSED
            assert not made.connections

    run(asyncio.new_event_loop, work())


def test_a_checked_address_is_connected_to_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.lib.http.door.is_private_literal", lambda _: False)
    monkeypatch.setattr("lantoa.lib.http.door.is_public", lambda _: True)

    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(public_only=True))
            answers = await asyncio.gather(*(door.send(Request("POST", made.url, (), b"x")) for _ in range(20)))
            assert {answer.body for answer in answers} == {b"ok"}
            await door.close()
            gc.collect()  # a socket left open would warn here, and a warning fails the test

    run(asyncio.new_event_loop, work())


def test_only_https_is_spoken_where_that_is_asked() -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(https_only=True))
            with pytest.raises(HttpError) as caught:
                await door.send(Request("GET", made.url))
            await door.close()
            assert caught.value.trouble is Trouble.REFUSED
            assert not made.connections

    run(asyncio.new_event_loop, work())
