from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lantoa.channels.base import ChannelError, State
from lantoa.channels.tests.browsers import Browser, browsers
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.playing import payloads
from lantoa.channels.tests.wire_contract import MESSAGE, OtherEnd, WireContract
from lantoa.channels.web_push import WebPushChannel
from lantoa.channels.wire import Account, Message
from lantoa.lib.http.tests.peers import run
from lantoa.lib.push import topic_of, unbase64
from lantoa.simulators.dialects import PushDialect
from lantoa.simulators.http import Fault, HttpSimulator, Script

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

BROWSERS = browsers(100)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def push_service(
    folder: Path, port: int, subscribed: Sequence[Browser] = BROWSERS, script: Script | None = None, **options: Any,
) -> AsyncIterator[tuple[OtherEnd, HttpSimulator, PushDialect]]:
    origin = f"http://127.0.0.1:{port}"
    dialect = PushDialect({one.path: (one.address(origin), one.read) for one in subscribed})
    server = HttpSimulator(dialect, script)
    await server.start(port)
    account = Account("vapid", window=20, options={
        "key_file": str(folder / "vapid.pem"), "contact": "mailto:a@b.example", "local": True, "connections": 4,
        **options,
    })
    try:
        end = OtherEnd(account, lambda: [(got.address, got.text) for got in server.book.all()], server.stop)
        yield end, server, dialect
    finally:
        await server.stop()


class TestBrowsers(WireContract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.folder, self.port = tmp_path, free_port()

    @pytest.fixture
    def wire(self) -> WebPushChannel:
        return WebPushChannel()

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [one.address(f"http://127.0.0.1:{self.port}") for one in BROWSERS]

    @contextlib.asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        async with push_service(self.folder, self.port) as (end, _, __):
            yield end


async def sent(
    end: OtherEnd, addresses: list[str], message: Message = MESSAGE, name: str = "Tỵ", seconds: float = 10,
) -> WatchedFeed:
    wire = WebPushChannel()
    feed = WatchedFeed(items(wire.compile(message), addresses, {"name": name}))
    session = await wire.open(end.account, feed)
    await feed.finish(session, seconds)
    await session.close()
    return feed


def states(feed: WatchedFeed) -> list[State]:
    return [feed.outcomes[1, number].state for number in range(1, len(feed.outcomes) + 1)]


def test_a_browser_reads_what_was_meant_and_the_service_what_it_needs(tmp_path: Path) -> None:
    port = free_port()
    message = replace(MESSAGE, details={
        "url": 'https://a.example/?q="x"', "ttl": 60, "urgency": "high", "tag": "chiến dịch 2g"})

    async def work() -> None:
        async with push_service(tmp_path, port) as (end, server, dialect):
            await sent(end, [BROWSERS[0].address(server.url)], message, '"Tỵ"\\')
            payload = json.loads(end.received()[0][1])
            assert payload == {
                "title": message.title, "body": message.text.replace("{{name|quý vị}}", '"Tỵ"\\'), "lang": "vi",
                "url": 'https://a.example/?q="x"', "tag": "chiến dịch 2g", "opt_out": "https://phuong-mau.example/tu-choi/k1-1",
            }
            (asked,) = dialect.requests
            names = ("TTL", "Urgency", "Topic", "Content-Encoding", "Content-Type")
            assert [asked.header(name) for name in names] == [
                "60", "high", topic_of("chiến dịch 2g"), "aes128gcm", "application/octet-stream"]
            proof = asked.header("Authorization")
            claims = json.loads(unbase64(proof.split(".")[1]))
            assert claims["aud"] == server.url
            assert claims["sub"] == "mailto:a@b.example"
            assert 0 < claims["exp"] - time.time() <= 86_400
            assert proof.endswith(f"k={WebPushChannel().public_key(end.account)}")

    run(asyncio.new_event_loop, work())


def test_messages_of_one_tag_replace_each_other_and_others_do_not(tmp_path: Path) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port) as (end, server, dialect):
            address = BROWSERS[0].address(server.url)
            for details in ({"tag": "dot-2G_2024"}, {"tag": "dot-2G_2024"}, {}):
                await sent(end, [address], replace(MESSAGE, details=details))
            assert [asked.header("Topic") for asked in dialect.requests] == [
                "dot-2G_2024", "dot-2G_2024", topic_of("k1-1")]
            tags = [json.loads(text)["tag"] for _, text in end.received()]
            assert tags == ["dot-2G_2024", "dot-2G_2024", "k1-1"]

    run(asyncio.new_event_loop, work())


def test_one_proof_serves_all_of_a_push_service_and_each_message_a_topic_of_its_own(tmp_path: Path) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port) as (end, server, dialect):
            await sent(end, [one.address(server.url) for one in BROWSERS[:20]])
            assert len({asked.header("Authorization") for asked in dialect.requests}) == 1
            assert len({asked.header("Topic") for asked in dialect.requests}) == 20
            assert {asked.header("TTL") for asked in dialect.requests} == {"86400"}

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("fault", "state"), [
    (Fault(1, status=404), State.REFUSED), (Fault(1, status=410), State.REFUSED),
    (Fault(1, status=400), State.FAILED_FOR_GOOD), (Fault(1, status=413), State.FAILED_FOR_GOOD),
    (Fault(1, status=429, retry_after=30), State.FAILED_FOR_NOW), (Fault(1, status=500), State.FAILED_FOR_NOW),
    (Fault(1, status=503, retry_after=30), State.FAILED_FOR_NOW), (Fault(1, status=401), State.FAILED_FOR_NOW),
    (Fault(1, status=403), State.FAILED_FOR_NOW),
])
def test_each_status_has_its_outcome(tmp_path: Path, fault: Fault, state: State) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, script=Script(faults=(fault,))) as (end, server, _):
            feed = await sent(end, [BROWSERS[0].address(server.url)])
            outcome = feed.outcomes[1, 1]
            assert (outcome.state, outcome.code) == (state, str(fault.status))
            assert outcome.why
            if fault.retry_after:
                assert outcome.retry_after == 30

    run(asyncio.new_event_loop, work())


def test_a_browser_that_unsubscribed_is_told_apart_from_the_others(tmp_path: Path) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, BROWSERS[:2]) as (end, server, _):
            feed = await sent(end, [one.address(server.url) for one in BROWSERS[:3]])
            assert states(feed) == [State.SENT, State.SENT, State.REFUSED]

    run(asyncio.new_event_loop, work())


def test_a_push_service_that_is_busy_is_left_alone_while_another_goes_on(tmp_path: Path) -> None:
    busy, quick = free_port(), free_port()
    script = Script(faults=(Fault(1, status=429, retry_after=60),))

    async def work() -> None:
        async with (
            push_service(tmp_path, busy, script=script) as (_, first, __),
            push_service(tmp_path, quick) as (end, second, ___),
        ):
            mixed = [one.address(server.url) for one in BROWSERS[:10] for server in (first, second)]
            feed = await sent(end, mixed)
            assert states(feed) == [State.FAILED_FOR_NOW, State.SENT] * 10
            assert first.requests <= 5
            assert all(0 < (feed.outcomes[1, number].retry_after or 0) <= 60 for number in range(1, 21, 2))
            assert not feed.troubles

    run(asyncio.new_event_loop, work())


def test_when_no_push_service_takes_our_key_the_account_is_out_of_order(tmp_path: Path) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, script=Script(faults=(Fault(1, status=403),))) as (end, server, _):
            feed = await sent(end, [one.address(server.url) for one in BROWSERS[:10]])
            assert server.requests == 3
            assert "không nhận khóa" in feed.troubles[0]
            assert set(states(feed)) == {State.FAILED_FOR_NOW}

    run(asyncio.new_event_loop, work())


def test_an_answer_that_got_lost_is_unknown(tmp_path: Path) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, script=Script(lost=1.0)) as (end, server, _):
            feed = await sent(end, [BROWSERS[0].address(server.url)])
            assert states(feed) == [State.UNKNOWN]
            assert server.requests == 1

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("endpoint", [
    "http://127.0.0.1:{port}/push/0", "https://127.0.0.1:{port}/push/0", "https://localhost:{port}/push/0",
    "https://2130706433:{port}/", "https://169.254.169.254/latest/meta-data/", "https://[::1]:{port}/",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "https://user@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/\r\nX: 1",
    "", "javascript:alert(1)", "//127.0.0.1:{port}/", "https://\\127.0.0.1:{port}/",
])
def test_an_endpoint_never_leads_into_our_own_network(tmp_path: Path, endpoint: str) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, local=False) as (end, server, _):
            given = json.loads(BROWSERS[0].address(""))
            feed = await sent(end, [json.dumps({**given, "endpoint": endpoint.format(port=port)})])
            assert states(feed) == [State.FAILED_FOR_GOOD]
            assert server.requests == 0

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("address", ["", "no json", "{}", '{"endpoint": 7, "keys": {}}'])
def test_an_address_that_is_no_subscription_fails_alone(tmp_path: Path, address: str) -> None:
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port) as (end, server, _):
            feed = await sent(end, [address, BROWSERS[0].address(server.url)])
            assert states(feed) == [State.FAILED_FOR_GOOD, State.SENT]

    run(asyncio.new_event_loop, work())


def test_a_message_too_long_for_any_browser_is_refused_before_it_goes() -> None:
    with pytest.raises(ChannelError, match="chỉ chở được 3993") as caught:
        WebPushChannel().compile(replace(MESSAGE, text="ă" * 2000))
    assert caught.value.permanent


def test_a_name_that_makes_it_too_long_refuses_that_browser_only(tmp_path: Path) -> None:
    port = free_port()
    message = replace(MESSAGE, text="{{name|quý vị}}" + "x" * 3600)

    async def work() -> None:
        async with push_service(tmp_path, port) as (end, server, _):
            feed = await sent(end, [BROWSERS[0].address(server.url)], message, "ă" * 200)
            assert states(feed) == [State.FAILED_FOR_GOOD]
            assert states(await sent(end, [BROWSERS[0].address(server.url)], message)) == [State.SENT]

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("details", [{"urgency": "now"}, {"ttl": -1}, {"ttl": "60"}])
def test_details_that_cannot_be_used_are_refused(details: dict[str, Any]) -> None:
    with pytest.raises(ChannelError, match=r"urgency|ttl"):
        WebPushChannel().compile(replace(MESSAGE, details=details))


@pytest.mark.parametrize(("options", "why"), [
    ({"key_file": "k"}, "contact"), ({"contact": "mailto:a@b"}, "key_file"),
    ({"key_file": "k", "contact": "a@b"}, "mailto"),
    ({"key_file": "k", "contact": "mailto:a@b", "urgency": "now"}, "urgency"),
    ({"key_file": "/proc/nothing/k", "contact": "mailto:a@b"}, "/proc/nothing/k"),
])
def test_an_account_that_cannot_work_is_not_opened(options: dict[str, Any], why: str) -> None:
    async def work() -> None:
        with pytest.raises(ChannelError, match=why):
            await WebPushChannel().open(Account("vapid", options=options), WatchedFeed())

    run(asyncio.new_event_loop, work())


def test_it_stands_there_without_accounts_and_knows_no_receipts() -> None:
    assert WebPushChannel().accounts == ()
    assert not WebPushChannel().gives_receipts


@pytest.mark.parametrize("kept", payloads("web_push"))
def test_a_message_kept_as_it_travelled_reads_as_it_did(tmp_path: Path, kept: dict[str, Any]) -> None:
    """What was made once is what is made today, but for keys and salt; both decrypt to the same."""
    private = ec.derive_private_key(int.from_bytes(unbase64(kept["private_key"]), "big"), ec.SECP256R1())
    subscription = kept["subscription"]
    browser = Browser("/p/7", private, unbase64(subscription["keys"]["auth"]))
    assert json.loads(browser.read(unbase64(kept["body"]))) == kept["plaintext"]
    port = free_port()

    async def work() -> None:
        async with push_service(tmp_path, port, [browser]) as (end, server, dialect):
            await sent(end, [browser.address(server.url)], name="Nguyễn Thị Tỵ")
            assert json.loads(end.received()[0][1]) == kept["plaintext"]
            (asked,) = dialect.requests
            assert {name: asked.header(name) for name in kept["headers"]} == kept["headers"]

    run(asyncio.new_event_loop, work())
