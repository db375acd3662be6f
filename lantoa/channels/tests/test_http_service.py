from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.base import ChannelError, State
from lantoa.channels.http_service import HttpServiceChannel
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.playing import payloads, play
from lantoa.channels.tests.wire_contract import MESSAGE, OtherEnd, WireContract
from lantoa.channels.wire import Account, Reply, Report
from lantoa.lib.http.tests.peers import LOOPS, OK, Peer, peer, run, server_tls
from lantoa.simulators.dialects import AggregatorDialect
from lantoa.simulators.http import Answer, Asked, Fate, Fault, Got, HttpSimulator, Script
from lantoa.simulators.receipts import ReceiptPoster, Receipts, aggregator_signer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

REQUEST = {"url": "/sms/send", "json": {"to": "{address}", "text": "{text}", "id": "{key}"}}
ANSWER = {"id": "/data/id", "code": "/code", "accepted": ["0"]}


@contextlib.asynccontextmanager
async def aggregator(
    dialect: AggregatorDialect | None = None, script: Script | None = None, **options: Any,
) -> AsyncIterator[OtherEnd]:
    server = HttpSimulator(dialect or AggregatorDialect(), script)
    await server.start()
    account = Account("main", window=20, options={"base_url": server.url, "connections": 4, **options})
    try:
        yield OtherEnd(account, lambda: [(got.address, got.text) for got in server.book.all()], server.stop)
    finally:
        await server.stop()


class TestOneMessageARequest(WireContract):
    @pytest.fixture
    def wire(self) -> HttpServiceChannel:
        return HttpServiceChannel(request=REQUEST, answer=ANSWER)

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [f"09{number:08d}" for number in range(100)]

    other_end = staticmethod(aggregator)


class TestABatchARequest(TestOneMessageARequest):
    @pytest.fixture
    def wire(self) -> HttpServiceChannel:
        return HttpServiceChannel(
            request={"url": "/sms/send", "json": {"from": "UBND", "messages": "{items}"}, "most_items": 8,
                     "item": {"to": "{address}", "text": "{text}", "id": "{key}"}},
            answer={"results": "/results", "key": "/client_id", "id": "/id", "code": "/code", "accepted": ["0"]},
        )


def service(**options: Any) -> HttpServiceChannel:
    return HttpServiceChannel(**{"request": REQUEST, "answer": ANSWER, **options})


def numbers(count: int) -> list[str]:
    return [f"09{number:08d}" for number in range(count)]


async def sent(wire: HttpServiceChannel, end: OtherEnd, addresses: list[str], name: str = "Tỵ") -> WatchedFeed:
    """Everything that became of the addresses, once all is answered."""
    feed = WatchedFeed(items(wire.compile(MESSAGE), addresses, {"name": name}))
    session = await wire.open(end.account, feed)
    await feed.finish(session)
    await session.close()
    return feed


def states(feed: WatchedFeed) -> set[State]:
    return {outcome.state for outcome in feed.outcomes.values()}


@pytest.mark.parametrize(("fault", "state", "retry_after"), [
    (Fault(1, "7"), State.FAILED_FOR_NOW, None), (Fault(1, "22"), State.FAILED_FOR_GOOD, None),
    (Fault(1, "55"), State.REFUSED, None), (Fault(1, "what"), State.UNKNOWN, None),
    (Fault(1, "", 408), State.FAILED_FOR_NOW, None), (Fault(1, "", 425), State.FAILED_FOR_NOW, None),
    (Fault(1, "", 429, retry_after=7), State.FAILED_FOR_NOW, 7.0), (Fault(1, "", 500), State.FAILED_FOR_NOW, None),
    (Fault(1, "", 503, retry_after=9), State.FAILED_FOR_NOW, 9.0), (Fault(1, "", 502), State.UNKNOWN, None),
    (Fault(1, "", 504), State.UNKNOWN, None), (Fault(1, "", 400), State.FAILED_FOR_GOOD, None),
    (Fault(1, "", 422), State.FAILED_FOR_GOOD, None),
])
def test_each_refusal_has_the_outcome_its_table_says(fault: Fault, state: State, retry_after: float | None) -> None:
    wire = service(answer={**ANSWER, "temporary": ["7"], "permanent": ["22"], "refused": ["55"]})

    async def work() -> None:
        async with aggregator(script=Script(faults=(fault,))) as end:
            feed = await sent(wire, end, numbers(3))
            assert end.received() == []
            for outcome in feed.outcomes.values():
                assert (outcome.state, outcome.retry_after) == (state, retry_after)
                assert outcome.code == (fault.code or str(fault.status))
                assert outcome.why
            assert bool(feed.slowed) == (fault.status in {429, 503})
            assert not feed.troubles

    run(asyncio.new_event_loop, work())


@LOOPS
def test_an_answer_that_got_lost_is_unknown_and_nothing_is_sent_twice(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    script, wire = Script(seed=3, lost=0.1), service()

    async def work() -> None:
        async with aggregator(script=script) as end:
            feed = await sent(wire, end, numbers(60))
            got = [address for address, _ in end.received()]
            assert sorted(got) == sorted(numbers(60))
            for ref, outcome in feed.outcomes.items():
                was_lost = script.fate(numbers(60)[ref[1] - 1]) is Fate.LOST
                assert outcome.state is (State.UNKNOWN if was_lost else State.SENT)
            assert State.UNKNOWN in states(feed)

    run(loop, work())


def test_where_the_service_knows_our_key_what_got_no_answer_is_tried_again() -> None:
    script = Script(seed=3, lost=0.1)
    wire = service(request={**REQUEST, "deduplicates": True})

    async def work() -> None:
        async with aggregator(AggregatorDialect(deduplicates=True), script) as end:
            feed = await sent(wire, end, numbers(60))
            assert states(feed) == {State.SENT, State.FAILED_FOR_NOW}
            await sent(wire, end, numbers(60))
            got = [address for address, _ in end.received()]
            assert sorted(got) == sorted(numbers(60))

    run(asyncio.new_event_loop, work())


def test_a_service_that_hangs_costs_a_handful_of_messages_not_all() -> None:
    wire = service()

    async def work() -> None:
        async with aggregator(script=Script(stalled=1.0), total_seconds=0.1) as end:
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(500)))
            session = await wire.open(end.account, feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles))
            unknown = len(feed.outcomes)
            await session.close()
            assert 1 <= unknown <= 4
            assert states(feed) == {State.UNKNOWN}
            assert len(feed.waiting) + len(feed.outcomes) == 500

    run(asyncio.new_event_loop, work())


def test_a_service_that_only_fails_is_left_alone_after_a_few() -> None:
    wire = service()

    async def work() -> None:
        async with aggregator(script=Script(faults=(Fault(1.0, status=500),))) as end:
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(500)))
            session = await wire.open(end.account, feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles))
            await session.close()
            assert len(feed.outcomes) <= 10
            assert states(feed) == {State.FAILED_FOR_NOW}

    run(asyncio.new_event_loop, work())


def test_a_wrong_key_gives_everything_back_and_goes_on_when_it_is_put_right(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("wrong")
    dialect = AggregatorDialect(signed_with="right")
    wire = service()
    auth = {"kind": "hmac", "signature": {"secret_file": str(secret)}}

    async def work() -> None:
        async with aggregator(dialect, auth=auth) as end:
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(50)))
            session = await wire.open(end.account, feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles))
            assert not feed.outcomes
            dialect.signed_with = "wrong"
            await feed.finish(session)
            await session.close()
            assert states(feed) == {State.SENT}
            assert len(end.received()) == 50
            assert len(feed.given_back) <= 3

    run(asyncio.new_event_loop, work())


def test_money_that_is_spent_is_the_accounts_trouble() -> None:
    wire = service(answer={**ANSWER, "account": ["103"], "words": {"103": "hết tiền trong tài khoản"}})

    async def work() -> None:
        async with aggregator(script=Script(faults=(Fault(1.0, "103", times=1),))) as end:
            feed = await sent(wire, end, numbers(2))
            assert states(feed) == {State.SENT}
            assert "hết tiền trong tài khoản" in feed.troubles

    run(asyncio.new_event_loop, work())


@LOOPS
def test_a_service_that_comes_back_is_used_again(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    wire = service()

    async def work() -> None:
        server = HttpSimulator(AggregatorDialect())
        await server.start()
        port = server.port
        await server.stop()
        account = Account("main", options={"base_url": f"http://127.0.0.1:{port}"})
        feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(20)))
        session = await wire.open(account, feed)
        session.wake()
        await feed.until(lambda feed: bool(feed.troubles))
        await server.start(port)
        await feed.finish(session)
        await session.close()
        await server.stop()
        assert states(feed) == {State.SENT}
        assert sorted(got.address for got in server.book.all()) == numbers(20)

    run(loop, work())


def test_a_token_is_fetched_and_fetched_again_when_it_ends_before_its_time(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")
    dialect = AggregatorDialect(client_secret="s3cret")
    wire = service()

    async def work() -> None:
        async with aggregator(dialect) as end:
            auth = {"kind": "oauth2", "token_url": f"{end.account.options['base_url']}/oauth/token", "client_id": "me",
                    "secret_file": str(tmp_path / "secret"), "scope": "sms"}
            account = Account("main", window=20, options={**end.account.options, "auth": auth})
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(40)))
            session = await wire.open(account, feed)
            session.wake()
            await feed.until(lambda feed: len(feed.outcomes) >= 10)
            dialect.tokens.clear()
            await feed.finish(session)
            await session.close()
            assert states(feed) == {State.SENT}
            assert sorted(address for address, _ in end.received()) == numbers(40)
            assert not feed.troubles

    run(asyncio.new_event_loop, work())


def test_a_client_secret_that_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("guess")
    wire = service()

    async def work() -> None:
        async with aggregator(AggregatorDialect(client_secret="s3cret")) as end:
            auth = {"kind": "oauth2", "token_url": f"{end.account.options['base_url']}/oauth/token", "client_id": "me",
                    "secret_file": str(tmp_path / "secret"), "basic_client": True}
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(2)))
            session = await wire.open(Account("main", options={**end.account.options, "auth": auth}), feed)
            await feed.until(lambda feed: bool(feed.troubles))
            await session.close()
            assert "không lấy được mã truy cập: invalid_client" in feed.troubles[0]
            assert len(feed.waiting) == 2

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("auth", "line"), [
    ({"kind": "none"}, None), ({"kind": "basic", "user": "ubnd"}, "Authorization: Basic dWJuZDprZXk="),
    ({"kind": "bearer"}, "Authorization: Bearer key"), ({"kind": "header", "header": "X-Api-Key"}, "X-Api-Key: key"),
])
def test_an_account_shows_who_it_is(tmp_path: Path, auth: dict[str, str], line: str | None) -> None:
    (tmp_path / "key").write_text("key\n")
    seen: list[Asked] = []

    class Looking(AggregatorDialect):
        def read(self, asked: Asked) -> Answer | Sequence[Got]:
            seen.append(asked)
            return super().read(asked)

    async def work() -> None:
        async with aggregator(Looking(), auth={**auth, "secret_file": str(tmp_path / "key")}) as end:
            await sent(service(), end, numbers(2))

    run(asyncio.new_event_loop, work())
    for asked in seen:
        head = asked.head.decode()
        assert line is None or line in head.split("\r\n")
        assert line is not None or "Authorization" not in head


@pytest.mark.parametrize("request_table", [
    {"url": "/send?to={address}&text={text}&id={key}", "method": "GET"},
    {"url": "/send", "form": {"to": "{address}", "text": "{text}", "id": "{key}"}},
    {"url": "/send/{address}", "method": "PUT",
     "headers": {"Idempotency-Key": "{key}", "Content-Type": "application/json; a=b"},
     "json": {"to": "{address}", "text": "{text}", "id": "{key}"}},
])
def test_a_hostile_name_arrives_as_it_is_by_whatever_way(request_table: dict[str, Any]) -> None:
    name = '"}&to=0900000000\\ {{x}} <b>#? %41 Đỗ'

    async def work() -> None:
        async with aggregator() as end:
            feed = await sent(service(request=request_table), end, numbers(2), name)
            assert states(feed) == {State.SENT}
            assert [address for address, _ in end.received()] == numbers(2)
            assert all(text == MESSAGE.text.replace("{{name|quý vị}}", name) for _, text in end.received())

    run(asyncio.new_event_loop, work())


def test_each_message_of_a_batch_has_its_own_outcome() -> None:
    script = Script(seed=1, faults=(Fault(0.3, "22"), Fault(0.05, "103", times=1)))
    wire = service(
        request={"url": "/send", "json": {"messages": "{items}"}, "most_items": 10,
                 "item": {"to": "{address}", "text": "{text}", "id": "{key}"}},
        answer={"results": "/results", "key": "/client_id", "id": "/id", "code": "/code", "accepted": ["0"],
                "permanent": ["22"], "account": ["103"]},
    )

    async def work() -> None:
        async with aggregator(script=script) as end:
            feed = await sent(wire, end, numbers(40))
            bad = {address for address in numbers(40) if getattr(script.fate(address), "code", "") == "22"}
            assert bad
            for ref, outcome in feed.outcomes.items():
                is_bad = numbers(40)[ref[1] - 1] in bad
                assert outcome.state is (State.FAILED_FOR_GOOD if is_bad else State.SENT)
                assert is_bad or outcome.provider_ids == (f"m-k{ref[0]}-{ref[1]}",)
            assert sorted(address for address, _ in end.received()) == sorted(set(numbers(40)) - bad)
            assert feed.given_back

    run(asyncio.new_event_loop, work())


def test_receipts_come_back_signed_and_name_the_message(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hook")
    wire = service(webhook={
        "signature": {"secret_file": str(tmp_path / "secret"), "prefix": "sha256=", "content": "{timestamp}.{body}",
                      "timestamp": "X-Timestamp"},
        "id": "/id", "key": "/client_id", "delivered": ["DELIVRD"], "failed": ["UNDELIV"],
    })
    assert wire.gives_receipts
    news: list[Report | Reply] = []

    def take(_: Peer, request: bytes, connection: asyncio.Transport) -> None:
        head, __, body = request.partition(b"\r\n\r\n")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        news.extend(wire.read_webhook(headers, body, time.time()))
        connection.write(OK)

    async def work() -> None:
        script = Script(seed=5)
        async with peer(take) as hook:
            poster = ReceiptPoster(Receipts(hook.url, aggregator_signer("hook"), failed=0.3), script)
            async with aggregator(AggregatorDialect(told=[poster.note]), script) as end:
                feed = await sent(wire, end, numbers(20))
                await poster.finish()
            assert poster.posted == 20
            ids = {outcome.provider_ids[0] for outcome in feed.outcomes.values()}
            assert {one.provider_id for one in news if isinstance(one, Report)} == ids
            assert {one.state for one in news if isinstance(one, Report)} == {State.DELIVERED, State.FAILED_FOR_GOOD}

    run(asyncio.new_event_loop, work())


def test_a_server_nobody_vouches_for_is_not_spoken_to() -> None:
    wire = service()

    async def work(folder: Path) -> None:
        tls, ca_file = server_tls(folder)
        server = HttpSimulator(AggregatorDialect())
        await server.start(tls=tls)
        for options, arrives in (({}, False), ({"ca_file": str(ca_file)}, True)):
            feed = WatchedFeed(items(wire.compile(MESSAGE), numbers(3)))
            session = await wire.open(Account("main", options={"base_url": server.url, **options}), feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles) or len(feed.outcomes) == 3)
            await session.close()
            assert bool(feed.outcomes) is arrives
            assert arrives or "TLS" in feed.troubles[0]
        await server.stop()

    with tempfile.TemporaryDirectory() as folder:
        run(asyncio.new_event_loop, work(Path(folder)))


@pytest.mark.parametrize(("options", "why"), [
    ({}, "base_url"), ({"base_url": "sms.example"}, "base_url"), ({"base_url": "https://tiếng.example"}, "base_url"),
    ({"base_url": "https://a.example", "colour": "red"}, "'colour'"),
    ({"base_url": "https://a.example", "connections": "4"}, "connections"),
    ({"base_url": "https://a.example", "auth": {"kind": "magic"}}, "magic"),
    ({"base_url": "https://a.example", "auth": {"kind": "basic", "user": "a"}}, "secret_file"),
    ({"base_url": "https://a.example", "auth": {"kind": "bearer", "secret_file": "/nothing/here"}}, "/nothing/here"),
    ({"base_url": "https://a.example", "auth": {"kind": "hmac"}}, "signature"),
])
def test_options_that_cannot_work_are_refused_when_the_account_is_opened(options: dict[str, Any], why: str) -> None:
    async def work() -> None:
        with pytest.raises(ChannelError, match=why) as caught:
            await service().open(Account("main", options=options), WatchedFeed())
        assert caught.value.permanent

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("options", [
    {"reaches": "pigeon"}, {"request": {}}, {"request": {"url": "/a", "json": {}, "form": {}}},
    {"request": {"url": "/a", "json": {"a": "{items}"}, "most_items": 2}},
    {"request": {"url": "/a", "json": {"a": "b"}, "item": {"to": "{address}"}}},
    {"request": {"url": "/a?x={key}", "json": {"a": "{items}"}, "item": {"to": "{address}"}}},
    {"request": {"url": "/a", "json": {"a": "{items}", "b": "{text}"}, "item": {"to": "{address}"}}},
    {"answer": {"accepted": ["0"], "refused": ["0"]}}, {"answer": {"accepted": [0]}}, {"webhook": {"id": "/id"}},
])
def test_tables_that_cannot_work_are_refused_when_the_channel_is_made(options: dict[str, Any]) -> None:
    with pytest.raises(ChannelSettingError, match=r"LANTOA_CHANNELS|webhook|signature"):
        service(**options)


def test_without_a_table_it_stands_there_and_says_what_is_missing() -> None:
    wire = HttpServiceChannel()
    assert wire.accounts == ()
    assert not wire.gives_receipts
    with pytest.raises(ChannelError, match="chưa được cấu hình"):
        wire.compile(MESSAGE)


def test_parts_are_those_the_message_says_or_those_that_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = service()
    three = wire.compile(replace(MESSAGE, details={"parts": 3}))
    assert [one.parts for one in items(three, numbers(1))] == [3]
    assert [one.parts for one in items(wire.compile(MESSAGE), numbers(1))] == [1]
    monkeypatch.setattr(HttpServiceChannel, "count_parts", staticmethod(len))
    counted = wire.compile(MESSAGE)
    (one,) = items(counted, numbers(1), {"name": "Tỵ"})
    assert one.parts == len(counted.show(one))


@pytest.mark.parametrize("played", payloads("http_service"), ids=lambda played: played["request"])
def test_an_exchange_is_played_to_the_letter(played: dict[str, Any]) -> None:
    wire = HttpServiceChannel(**played["options"])
    run(asyncio.new_event_loop, play(wire, lambda url: Account("main", options={"base_url": url}), played, {}))
