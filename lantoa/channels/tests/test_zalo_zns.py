from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.channels.base import ChannelError, State
from lantoa.channels.http.signing import UnsignedError, WebhookError
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.playing import payloads, play
from lantoa.channels.tests.wire_contract import MESSAGE, OtherEnd, WireContract
from lantoa.channels.wire import Account, Item, Message, Reply, Report
from lantoa.channels.zalo.codes import CODES, OTHER, Code, Touches, Until
from lantoa.channels.zalo_zns import ZaloZnsChannel, seconds_until, zalo_number
from lantoa.lib.http.tests.peers import LOOPS, run
from lantoa.simulators.dialects import ZaloDialect
from lantoa.simulators.http import Answer, Fault, Got, HttpSimulator, Script

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path


@contextlib.asynccontextmanager
async def zalo(
    folder: Path, dialect: ZaloDialect | None = None, script: Script | None = None, **options: Any,
) -> AsyncIterator[OtherEnd]:
    dialect = dialect or ZaloDialect(secret_key="s3cret")
    server = HttpSimulator(dialect, script)
    await server.start()
    (folder / "secret").write_text("s3cret\n")
    tokens = folder / "tokens.json"
    if not tokens.exists():
        tokens.write_text(json.dumps({"refresh_token": dialect.refresh_token}))
    account = Account("oa", window=10, options={
        "app_id": "1", "secret_key_file": str(folder / "secret"), "token_file": str(tokens), "base_url": server.url,
        "token_url": f"{server.url}/v4/oa/access_token", "connections": 4, **options,
    })
    try:
        yield OtherEnd(account, lambda: [(got.address, got.text) for got in server.book.all()], server.stop)
    finally:
        await server.stop()


class TestTemplateMessages(WireContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @pytest.fixture
    def wire(self) -> ZaloZnsChannel:
        return ZaloZnsChannel(
            template="273", params={"ten": "{{name|quý vị}}", "noi_dung": "{text}"},
            kinds={"ten": "customer_name", "noi_dung": 200},
        )

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [f"849{number:08d}" for number in range(100)]

    def other_end(self) -> contextlib.AbstractAsyncContextManager[OtherEnd]:
        return zalo(self.folder)


PARAMS = {"ten": "{{name|quý vị}}", "noi_dung": "{text}"}


def zns(**options: Any) -> ZaloZnsChannel:
    return ZaloZnsChannel(**{"template": "273", "params": PARAMS, "kinds": {"noi_dung": 200}, **options})


def numbers(count: int) -> list[str]:
    return [f"849{number:08d}" for number in range(count)]


async def sent(wire: ZaloZnsChannel, end: OtherEnd, addresses: list[str], name: str = "Tỵ") -> WatchedFeed:
    feed = WatchedFeed(items(wire.compile(MESSAGE), addresses, {"name": name}))
    session = await wire.open(end.account, feed)
    await feed.finish(session)
    await session.close()
    return feed


@pytest.mark.parametrize(("number", "code"), [*CODES.items(), (-4711, OTHER)])
def test_each_code_of_zalos_concerns_whom_its_table_says(tmp_path: Path, number: int, code: Code) -> None:
    async def work() -> None:
        async with zalo(tmp_path, script=Script(faults=(Fault(1.0, str(number)),))) as end:
            feed = WatchedFeed(items(zns().compile(MESSAGE), numbers(2)))
            session = await zns().open(end.account, feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.troubles) or len(feed.outcomes) == 2)
            await session.close()
            assert end.received() == []
            if code.touches is Touches.TOKEN or (code.touches is Touches.ACCOUNT and code.until is Until.SOON):
                assert not feed.outcomes
                assert f"mã {number}" in feed.troubles[0]
                return
            first = feed.outcomes[1, 1]
            assert (first.state, first.code) == (code.state, str(number))
            assert first.why.startswith(code.why)
            assert (first.retry_after is None) == (code.state is not State.FAILED_FOR_NOW)
            assert bool(feed.slowed) == (code.touches is Touches.ACCOUNT)

    run(asyncio.new_event_loop, work())


def test_no_zalo_and_no_consent_are_told_apart_from_our_own_faults() -> None:
    """What the engine may build a rule on: these codes say that another channel should be tried."""
    elsewhere = {number for number, code in CODES.items() if code.touches is Touches.PERSON
                 and code.state in {State.FAILED_FOR_GOOD, State.REFUSED} and "tham số" not in code.why}
    assert {-110, -114, -118, -119, -134, -139, -140, -141} <= elsewhere
    assert {number for number, code in CODES.items() if code.state is State.REFUSED} == {-139, -141}


def test_a_template_that_zalo_refuses_rests_and_others_go_on(tmp_path: Path) -> None:
    dialect = ZaloDialect(secret_key="s3cret", templates=frozenset({"273"}))
    wire = zns()
    broken = replace(MESSAGE, details={"template": "999", "params": {"ten": "{{name|quý vị}}"}})

    async def work() -> None:
        async with zalo(tmp_path, dialect) as end:
            mixed = items(wire.compile(broken), numbers(20)) + [
                Item((2, n), address, {}, wire.compile(MESSAGE), f"b{n}") for n, address in enumerate(numbers(20))]
            feed = WatchedFeed(mixed)
            session = await wire.open(end.account, feed)
            await feed.finish(session)
            await session.close()
            refused = [outcome for ref, outcome in feed.outcomes.items() if ref[0] == 1]
            assert {outcome.state for outcome in refused} == {State.FAILED_FOR_NOW}
            assert all("mã mẫu tin không đúng" in outcome.why for outcome in refused)
            assert all(outcome.retry_after for outcome in refused)
            assert len(end.received()) == 20
            assert not feed.troubles

    run(asyncio.new_event_loop, work())


@LOOPS
def test_when_the_days_quota_is_spent_the_account_rests_until_tomorrow(
    tmp_path: Path, loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def work() -> None:
        async with zalo(tmp_path, ZaloDialect(secret_key="s3cret", quota=10)) as end:
            feed = await sent(zns(), end, numbers(12))
            assert len(end.received()) == 10
            waiting = [outcome for outcome in feed.outcomes.values() if outcome.state is State.FAILED_FOR_NOW]
            assert [outcome.code for outcome in waiting] == ["-144", "-144"]
            assert feed.slowed
            assert all(0 < seconds <= 86_460 for seconds in feed.slowed)
            again = WatchedFeed()
            session = await zns().open(end.account, again)
            await again.until(lambda feed: feed.is_up)
            await session.close()
            assert again.slowed, "asked for its quota when it is opened"

    run(loop, work())


def test_a_token_that_ends_before_its_time_is_renewed_once_and_nothing_is_lost(tmp_path: Path) -> None:
    dialect = ZaloDialect(secret_key="s3cret")

    async def work() -> None:
        async with zalo(tmp_path, dialect) as end:
            feed = WatchedFeed(items(zns().compile(MESSAGE), numbers(60)))
            session = await zns().open(end.account, feed)
            session.wake()
            await feed.until(lambda feed: len(feed.outcomes) >= 20)
            dialect.expire()
            await feed.finish(session)
            await session.close()
            assert {outcome.state for outcome in feed.outcomes.values()} == {State.SENT}
            assert sorted(address for address, _ in end.received()) == numbers(60)
            assert dialect.renewals == 2
            assert not feed.troubles
            assert "refresh-2" in (tmp_path / "tokens.json").read_text()

    run(asyncio.new_event_loop, work())


def test_an_answer_that_got_lost_is_unknown(tmp_path: Path) -> None:
    async def work() -> None:
        async with zalo(tmp_path, script=Script(seed=2, lost=0.1)) as end:
            feed = await sent(zns(), end, numbers(40))
            assert {outcome.state for outcome in feed.outcomes.values()} == {State.SENT, State.UNKNOWN}
            assert sorted(address for address, _ in end.received()) == numbers(40)

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("address", "number"), [
    ("0912345678", "84912345678"), ("84912345678", "84912345678"), ("+84912345678", "84912345678"),
])
def test_numbers_are_written_as_zalo_wants_them(address: str, number: str) -> None:
    assert zalo_number(address) == number


@pytest.mark.parametrize("address", [
    "", "912345678", "+1 202", "84abc", "0912 345 678", "٠٩١٢٣٤٥٦٧٨", "84", "8491234567890123",
])
def test_what_is_no_number_is_not_asked_about(tmp_path: Path, address: str) -> None:
    async def work() -> None:
        async with zalo(tmp_path) as end:
            feed = await sent(zns(), end, [address])
            assert {outcome.state for outcome in feed.outcomes.values()} == {State.FAILED_FOR_GOOD}
            assert "không phải số di động" in feed.outcomes[1, 1].why

    run(asyncio.new_event_loop, work())


def test_a_name_too_long_for_the_template_gives_way_to_what_stands_there_otherwise(tmp_path: Path) -> None:
    async def work() -> None:
        async with zalo(tmp_path) as end:
            await sent(zns(), end, numbers(1), "Công Tằng Tôn Nữ " * 3)
            assert end.received()[0][1].startswith("quý vị\n")

    run(asyncio.new_event_loop, work())


def test_a_parameter_with_nothing_that_fits_refuses_that_person_only(tmp_path: Path) -> None:
    wire = zns(params={"ma": "{key}"}, kinds={"ma": 3})

    async def work() -> None:
        async with zalo(tmp_path) as end:
            feed = WatchedFeed([Item((1, n), "0912345678", {}, wire.compile(MESSAGE), "k" * n) for n in (1, 2, 4)])
            session = await wire.open(end.account, feed)
            await feed.finish(session)
            await session.close()
            assert [feed.outcomes[1, n].state for n in (1, 2, 4)] == [State.SENT, State.SENT, State.FAILED_FOR_GOOD]
            assert "từ 1 đến 3 ký tự, nhưng có 4" in feed.outcomes[1, 4].why

    run(asyncio.new_event_loop, work())


def test_a_key_longer_than_zalo_takes_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        async with zalo(tmp_path) as end:
            feed = WatchedFeed([Item((1, 1), "0912345678", {}, zns().compile(MESSAGE), "k" * 49)])
            session = await zns().open(end.account, feed)
            await feed.finish(session)
            await session.close()
            assert feed.outcomes[1, 1].state is State.FAILED_FOR_GOOD

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("options", "message", "why"), [
    ({"template": ""}, MESSAGE, "chưa có mẫu Zalo"), ({"params": {}}, MESSAGE, "chưa có mẫu Zalo"),
    ({"kinds": {"noi_dung": 20}}, MESSAGE, "từ 1 đến 20 ký tự"),
    ({"params": {"ten": "{name}"}}, MESSAGE, "từ 1 đến 30 ký tự, nhưng có 0"),
    ({}, replace(MESSAGE, details={"params": {"a": "x"}}), "chưa có mẫu Zalo"),
    ({}, replace(MESSAGE, details={"template": "1", "params": {"a": "x" * 201}}), "từ 1 đến 200 ký tự"),
    ({}, replace(MESSAGE, details={"template": "1", "params": {"a": "x" * 31}, "most": {"a": 30}}), "từ 1 đến 30"),
    ({"kinds": {"a": "code"}}, replace(MESSAGE, details={"template": "1", "params": {"a": "x" * 31}}), "từ 1 đến 30"),
    ({}, replace(MESSAGE, details={"template": "1", "params": {"a": ""}}), "nhưng có 0"),
])
def test_what_no_template_can_carry_is_refused_before_it_goes(
    options: dict[str, Any], message: Message, why: str,
) -> None:
    with pytest.raises(ChannelError, match=why) as caught:
        zns(**options).compile(message)
    assert caught.value.permanent


@pytest.mark.parametrize("options", [
    {"kinds": {"ten": "colour"}}, {"kinds": {"ten": 0}}, {"kinds": {"ten": True}}, {"params": {"ten": "{nothing}"}},
    {"webhook": {"app_id": "1"}},
])
def test_tables_that_cannot_work_are_refused_when_the_channel_is_made(options: dict[str, Any]) -> None:
    with pytest.raises(ChannelSettingError, match="LANTOA_CHANNELS"):
        zns(**options)


def test_a_message_that_brings_its_own_template_needs_none_of_the_channels(tmp_path: Path) -> None:
    own = {"template": "345678", "params": {"ten": "{{name|Quý khách}}", "ngay": "16/10/2024", "ghi_chu": "{address}"}}
    wire = ZaloZnsChannel()
    seen: list[Any] = []

    class Looking(ZaloDialect):
        def _message(self, fields: Any) -> Answer | Sequence[Got]:
            seen.append((fields["template_id"], fields["template_data"]))
            return super()._message(fields)

    async def work() -> None:
        async with zalo(tmp_path, Looking(secret_key="s3cret")) as end:
            feed = WatchedFeed(items(wire.compile(replace(MESSAGE, text="", details=own)), numbers(1), {"name": "Tỵ"}))
            session = await wire.open(end.account, feed)
            await feed.finish(session)
            await session.close()

    run(asyncio.new_event_loop, work())
    assert seen == [("345678", {"ten": "Tỵ", "ngay": "16/10/2024", "ghi_chu": "{address}"})]


def test_line_breaks_of_the_words_become_spaces() -> None:
    wire = zns(params={"noi_dung": "{text}"})
    template = wire.compile(replace(MESSAGE, text="Kính gửi {{name|quý vị}}:\n  máy chỉ có 2G\n\nkhông dùng được."))
    (one,) = items(template, numbers(1), {"name": "Tỵ"})
    assert template.show(one) == "noi_dung: Kính gửi Tỵ: máy chỉ có 2G không dùng được."


def test_in_development_mode_zalo_is_told_so(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    class Looking(ZaloDialect):
        def _message(self, fields: Any) -> Answer | Sequence[Got]:
            seen.append(fields)
            return super()._message(fields)

    async def work() -> None:
        for development in (True, False):
            async with zalo(tmp_path, Looking(secret_key="s3cret", refresh_token="refresh-0")) as end:
                (tmp_path / "tokens.json").write_text('{"refresh_token": "refresh-0"}')
                await sent(zns(development=development), end, ["0912345678"])

    run(asyncio.new_event_loop, work())
    assert [fields.get("mode") for fields in seen] == ["development", None]
    assert seen[1] == {
        "phone": "84912345678", "template_id": "273", "tracking_id": "k1-1",
        "template_data": {"ten": "Tỵ", "noi_dung": MESSAGE.text.replace("{{name|quý vị}}", "Tỵ")},
    }


@pytest.mark.parametrize(("until", "now", "seconds"), [
    (Until.NEXT_DAY, "2024-10-16T23:00:00+07:00", 3600 + 60),
    (Until.NEXT_DAY, "2024-10-16T17:30:00+00:00", 23.5 * 3600 + 60),
    (Until.MORNING, "2024-10-16T22:30:00+07:00", 7.5 * 3600 + 60),
    (Until.MORNING, "2024-10-16T05:00:00+07:00", 3600 + 60),
    (Until.NEXT_MONTH, "2024-12-31T23:00:00+07:00", 3600 + 60),
    (Until.NEXT_MONTH, "2024-02-01T00:00:00+07:00", 29 * 86_400 + 60),
    (Until.SOON, "2024-10-16T22:30:00+07:00", 900),
])
def test_another_try_is_made_when_it_makes_sense_by_the_clock_in_vietnam(
    until: Until, now: str, seconds: float,
) -> None:
    assert seconds_until(until, dt.datetime.fromisoformat(now).timestamp()) == seconds


@pytest.mark.parametrize("missing", ["app_id", "secret_key_file", "token_file"])
def test_an_account_that_lacks_something_is_not_opened(tmp_path: Path, missing: str) -> None:
    async def work() -> None:
        async with zalo(tmp_path) as end:
            options = {name: value for name, value in end.account.options.items() if name != missing}
            with pytest.raises(ChannelError, match=missing):
                await zns().open(Account("oa", options=options), WatchedFeed())

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("played", payloads("zalo_zns"), ids=lambda played: played["request"])
def test_an_exchange_is_played_to_the_letter(tmp_path: Path, played: dict[str, Any]) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "tokens.json").write_text('{"access_token": "access-1", "ends_at": 4e9}')
    options = {"app_id": "1", "secret_key_file": str(tmp_path / "secret"), "token_file": str(tmp_path / "tokens.json")}
    quota = {"error": 0, "message": "Success", "data": {"dailyQuota": "500", "remainingQuota": "499"}}
    wire = ZaloZnsChannel(**played["options"])
    run(asyncio.new_event_loop, play(
        wire, lambda url: Account("oa", options={**options, "base_url": url}), played, {"GET /message/quota": quota}))


# --- what Zalo tells later ------------------------------------------------------------------------------

NOW = 1_733_000_000.0


@pytest.fixture
def hearing(tmp_path: Path) -> ZaloZnsChannel:
    (tmp_path / "oa").write_text("oa-key\n")
    return zns(webhook={"app_id": "1", "oa_secret_key_file": str(tmp_path / "oa")})


def signed(event: dict[str, Any], key: str = "oa-key", app_id: str = "1") -> tuple[dict[str, str], bytes]:
    body = json.dumps({"app_id": app_id, "timestamp": str(int(NOW * 1000)), **event}, ensure_ascii=False).encode()
    stamp = json.loads(body)["timestamp"]
    digest = hashlib.sha256(f"{app_id}{body.decode()}{stamp}{key}".encode()).hexdigest()
    return {"X-ZEvent-Signature": f"mac={digest}"}, body


ARRIVED = {"event_name": "user_received_message", "sender": {"id": "oa"}, "recipient": {"id": "849"},
           "message": {"msg_id": "z1", "tracking_id": "k1-2", "delivery_time": "1733000000000"}}


def test_that_a_message_reached_a_phone_is_told(hearing: ZaloZnsChannel) -> None:
    (report,) = hearing.read_webhook(*signed(ARRIVED), NOW)
    assert isinstance(report, Report)
    assert (report.provider_id, report.key, report.state) == ("z1", "k1-2", State.DELIVERED)
    assert hearing.gives_receipts


def test_what_somebody_writes_to_the_account_is_a_reply(hearing: ZaloZnsChannel) -> None:
    event = {"event_name": "user_send_text", "sender": {"id": "u7"}, "recipient": {"id": "oa"},
             "message": {"text": "Đổi ở đâu?"}}
    (reply,) = hearing.read_webhook(*signed(event), NOW)
    assert isinstance(reply, Reply)
    assert (reply.address, reply.text, reply.to) == ("u7", "Đổi ở đâu?", "oa")


@pytest.mark.parametrize("event", [
    {"event_name": "follow"}, {"event_name": "user_seen_message", "message": {"msg_id": "z1"}}, {},
    {"event_name": "user_received_message"}, {"event_name": "user_send_text"}, {"event_name": 7, "message": []},
])
def test_other_events_say_nothing(hearing: ZaloZnsChannel, event: dict[str, Any]) -> None:
    assert hearing.read_webhook(*signed(event), NOW) == []


def test_an_event_of_somebody_else_or_of_long_ago_is_not_believed(hearing: ZaloZnsChannel) -> None:
    headers, body = signed(ARRIVED)
    changed = body.replace(b"z1", b"z2")
    for wrong in (signed(ARRIVED, key="guess"), signed(ARRIVED, app_id="2"), ({}, body), (headers, changed)):
        with pytest.raises(UnsignedError):
            hearing.read_webhook(*wrong, NOW)
    with pytest.raises(UnsignedError):
        hearing.read_webhook(headers, body, NOW + 86_401)
    assert hearing.read_webhook({"x-zevent-signature": headers["X-ZEvent-Signature"].removeprefix("mac=")}, body, NOW)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 50_000])
def test_what_is_no_event_is_refused(hearing: ZaloZnsChannel, body: bytes) -> None:
    with pytest.raises(WebhookError):
        hearing.read_webhook({"X-ZEvent-Signature": "mac=0"}, body, NOW)


@given(event=st.dictionaries(st.sampled_from(["event_name", "message", "sender", "timestamp", "app_id"]), st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=10) | st.just("user_received_message"),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["msg_id", "id", "text"]), inner, max_size=2),
)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_event_breaks_the_reader(hearing: ZaloZnsChannel, event: dict[str, Any]) -> None:
    body = json.dumps(event).encode()
    with contextlib.suppress(WebhookError):
        hearing.read_webhook({"X-ZEvent-Signature": "mac=0"}, body, NOW)
