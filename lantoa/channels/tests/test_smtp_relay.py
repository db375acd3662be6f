from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import ChannelError, Correcting, State
from lantoa.channels.registry import open_wire
from lantoa.channels.smtp_relay import SmtpRelayChannel
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.mail_servers import (
    PASSWORD,
    USER,
    aiosmtpd_server,
    make_certificate,
    readable,
    showing,
    sink,
)
from lantoa.channels.tests.wire_contract import MESSAGE, OtherEnd, WireContract
from lantoa.channels.wire import Account, Reply, Report
from lantoa.lib.smtp.tests.peers import Talk, serving
from lantoa.project.channels_file import with_file
from lantoa.simulators.smtp import Arrivals, MailServer, Script

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from typing import Any

    from lantoa.channels.wire import Wire

    Run = Callable[[Coroutine[Any, Any, None]], None]

CHANNEL = SmtpRelayChannel(
    sender="thong-bao@phuong-mau.example", bounce_address="tra-lai@phuong-mau.example",
    opt_out_address="tu-choi@phuong-mau.example",
)
PAYLOADS = Path(__file__).parent / "payloads" / "smtp_relay"


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr("lantoa.lib.smtp.session._FIRST_WAIT", 0.02)


def account(port: int, **options: object) -> Account:
    return Account("relay", options={"host": "127.0.0.1", "port": port, "connections": 3, **options})


class Mail(WireContract):
    @pytest.fixture
    def wire(self) -> Wire:
        return CHANNEL

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [f"nguoi.dan{number}@thu.example" for number in range(100)]


class TestAgainstTheSimulator(Mail):
    @contextlib.asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        async with MailServer(arrivals=Arrivals(keeps_content=True)) as server:
            def received() -> list[tuple[str, str]]:
                addresses = [address for address, _ in server.arrivals.taken]
                return list(zip(addresses, map(readable, server.arrivals.contents), strict=True))

            yield OtherEnd(account(server.port), received, server.stop)


class TestAgainstAiosmtpdOverTlsAndSignedIn(Mail):
    @pytest.fixture(autouse=True)
    def _files(self, tmp_path: Path) -> None:
        self.certificate = make_certificate(tmp_path)
        self.password = tmp_path / "password"
        self.password.write_text(f"{PASSWORD}\n", encoding="utf-8")

    @contextlib.asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        with aiosmtpd_server(self.certificate) as (controller, kept):
            async def stop() -> None:
                controller.stop()

            options = {
                "tls": "required", "ca_file": str(self.certificate), "user": USER, "password_file": str(self.password),
            }
            yield OtherEnd(account(controller.port, **options), lambda: kept.messages, stop)


class TestAgainstSmtpSink(Mail):
    options: tuple[str, ...] = ()

    @pytest.fixture(autouse=True)
    def _command(self, needs: Callable[[str], str], tmp_path: Path) -> None:
        self.command, self.folder = needs("smtp-sink"), tmp_path / "sink"

    @contextlib.asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        async with sink(self.command, self.folder, *self.options) as server:
            yield OtherEnd(account(server.port), server.received, server.stop)


class TestAgainstAnOldServer(TestAgainstSmtpSink):
    """Neither pipelining nor eight bits."""

    options = ("-p", "-8")


@pytest.fixture(name="run")
def running() -> Callable[[Coroutine[Any, Any, None]], None]:
    def run(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(asyncio.wait_for(work, 20))

    return run


async def send(feed: WatchedFeed, account: Account) -> None:
    session = await CHANNEL.open(account, feed)
    await feed.finish(session)
    await session.close()


def test_through_every_trouble_what_is_said_of_a_message_is_what_became_of_it(run: Run) -> None:
    script = Script(
        temporary=0.1, permanent=0.1, unwanted=0.1, lost=0.1, closes_after=7, hears_refused=True, most_connections=4,
    )

    async def work() -> None:
        addresses = [f"nguoi.dan{number}@thu.example" for number in range(400)]
        feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), addresses, {"name": "Tỵ"}))
        async with MailServer(script) as server:
            await send(feed, account(server.port, connections=6))
        arrived = Counter(address for address, _ in server.arrivals.taken)
        told = {address: feed.outcomes[1, number] for number, address in enumerate(addresses, 1)}
        assert max(arrived.values()) == 1

        def those(state: State) -> set[str]:
            return {address for address, outcome in told.items() if outcome.state is state}

        assert those(State.SENT) | those(State.UNKNOWN) == set(arrived)
        assert those(State.UNKNOWN) == server.cut
        assert those(State.FAILED_FOR_NOW) == set(server.seen)
        assert those(State.FAILED_FOR_GOOD) == {one for one in addresses if script.strikes(0.1, "permanent", one)}
        assert {outcome.code for outcome in told.values()} == {"", "451 4.3.0", "550 5.1.1", "554 5.7.1"}
        assert all(outcome.why for outcome in told.values() if outcome.state is not State.SENT)
        assert [identity for _, identity in server.arrivals.taken if not identity.startswith("k1-")] == []

    run(work())


def test_a_greylisted_message_says_when_to_try_again_and_then_goes(run: Run) -> None:
    async def work() -> None:
        template = CHANNEL.compile(MESSAGE)
        first, again = (WatchedFeed(items(template, ["ty@thu.example"])) for _ in range(2))
        async with MailServer(Script(greylist=0.2)) as server:
            await send(first, account(server.port))
            await asyncio.sleep(0.2)
            await send(again, account(server.port))
        outcome = first.outcomes[1, 1]
        assert (outcome.state, outcome.code, outcome.retry_after) == (State.FAILED_FOR_NOW, "451 4.7.1", 1.0)
        assert "danh sách xám" in outcome.why
        assert not first.slowed
        assert again.outcomes[1, 1].state is State.SENT

    run(work())


def test_who_cannot_be_written_to_is_told_of_and_holds_up_nobody(run: Run) -> None:
    async def work() -> None:
        addresses = ["không phải địa chỉ", "ngọc@thu.example", "ty@thu.example"]
        feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), addresses))
        async with MailServer(Script(utf8=False)) as server:
            await send(feed, account(server.port))
        assert [feed.outcomes[1, number].state for number in (1, 2, 3)] == [
            State.FAILED_FOR_GOOD, State.FAILED_FOR_GOOD, State.SENT,
        ]
        assert "viết sai" in feed.outcomes[1, 1].why or "không phải" in feed.outcomes[1, 1].why
        assert "có dấu" in feed.outcomes[1, 2].why

    run(work())


def test_a_message_nobody_foresaw_does_not_vanish(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), ["ty@thu.example", "do@thu.example"]))
        feed.waiting[0].fields = {"name": 7}  # type: ignore[dict-item]  # against the interface
        async with MailServer() as server:
            await send(feed, account(server.port))
        assert [feed.outcomes[1, number].state for number in (1, 2)] == [State.FAILED_FOR_GOOD, State.SENT]
        assert "ty@thu.example failed" in caplog.text

    run(work())


def test_a_server_without_room_is_left_alone(run: Run) -> None:
    async def full(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("452 4.3.1 Insufficient system storage", "503 no", "503 no")
        await talk.reader.read()

    async def work() -> None:
        feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), ["ty@thu.example"]))
        async with serving(full) as server:
            await send(feed, account(server.port))
        assert feed.outcomes[1, 1].state is State.FAILED_FOR_NOW
        assert feed.slowed == [60.0]

    run(work())


@pytest.mark.parametrize("logins", [("PLAIN",), ("LOGIN",)])
def test_a_wrong_password_is_told_for_good_and_the_right_one_lets_in(
    run: Run, tmp_path: Path, logins: tuple[str, ...],
) -> None:
    async def work() -> None:
        file = tmp_path / "password"
        options = {"user": USER, "password_file": str(file)}
        feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), ["ty@thu.example"]))
        async with MailServer(Script(users={USER: PASSWORD}, logins=logins)) as server:
            file.write_text("khác", encoding="utf-8")
            session = await CHANNEL.open(account(server.port, **options), feed)
            await feed.until(lambda feed: bool(feed.troubles))
            await session.close()
            assert feed.troubles == ["permanent: Máy chủ thư không nhận tên hoặc mật khẩu của thong-bao (535 5.7.8)."]
            file.write_text(PASSWORD, encoding="utf-8")
            await send(feed, account(server.port, **options))
        assert feed.outcomes[1, 1].state is State.SENT

    run(work())


def test_a_certificate_nobody_vouches_for_is_not_spoken_to(run: Run, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)

    async def work() -> None:
        for script, tls in (
            (Script(tls=showing(certificate)), "required"), (Script(tls=showing(certificate)), "offered"),
            (Script(tls=showing(certificate), is_tls_from_the_start=True), "implicit"),
        ):
            feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), ["ty@thu.example"]))
            async with MailServer(script) as server:
                session = await CHANNEL.open(account(server.port, tls=tls), feed)
                await feed.until(lambda feed: bool(feed.troubles))
                await session.close()
                assert "không tin được" in feed.troubles[0]
                assert "ca_file" in feed.troubles[0]
                await send(feed, account(server.port, tls=tls, ca_file=str(certificate)))
            assert feed.outcomes[1, 1].state is State.SENT
            assert server.arrivals.count == 1

    run(work())


def test_nothing_is_said_in_the_clear_where_encryption_is_required(run: Run) -> None:
    async def plain(talk: Talk) -> None:
        await talk.greet()
        assert not await talk.reader.read()

    async def injected(talk: Talk) -> None:
        await talk.greet("STARTTLS")
        await talk.hear("STARTTLS")
        await talk.say("220 go", "250-evil", "250 AUTH PLAIN")
        assert not await talk.reader.read()

    async def work() -> None:
        for conversation, words in ((plain, "không mã hóa"), (injected, "bị can thiệp")):
            feed = WatchedFeed(items(CHANNEL.compile(MESSAGE), ["ty@thu.example"]))
            async with serving(conversation) as server:
                session = await CHANNEL.open(account(server.port, tls="required"), feed)
                await feed.until(lambda feed: bool(feed.troubles))
                await session.close()
            assert words in feed.troubles[0]
            assert len(feed.waiting) == 1

    run(work())


def test_a_conversation_with_a_postfix_is_spoken_again_word_for_word(run: Run) -> None:
    lines = (PAYLOADS / "conversation.txt").read_text(encoding="utf-8").splitlines()

    async def postfix(talk: Talk) -> None:
        is_content, said = False, list[str]()
        for mark, line in ((line[0], line[2:]) for line in lines):
            if mark == "<":
                said.append(line)
                continue
            await talk.say(*said)
            is_content = is_content or any(word.startswith("354") for word in said)
            said.clear()
            if is_content and line != ".":
                continue  # the date and the boundary are others
            if is_content:
                assert b"K\xc3\xadnh g\xe1\xbb\xadi Nguy\xe1\xbb\x85n" in await talk.hear_content()
                is_content = False
            else:
                assert (await talk.hear(line[:4]))[0] == line

    async def work() -> None:
        channel = dataclasses.replace(CHANNEL, opt_out_address="")
        addresses = ["ong.ty@phuong-mau.example", "khong.co@phuong-mau.example", "ong.ty@phuong-mau.example"]
        feed = WatchedFeed(items(channel.compile(MESSAGE), addresses, {"name": "Nguyễn Thị Tỵ"}))
        async with serving(postfix) as server:
            await send(feed, account(server.port, connections=1))
        states = [feed.outcomes[1, number].state for number in (1, 2, 3)]
        assert states == [State.SENT, State.FAILED_FOR_GOOD, State.SENT]

    run(work())


@pytest.mark.parametrize(("name", "expected"), [
    ("bounced", (State.FAILED_FOR_GOOD, "550 5.1.1", "k1-2")), ("expired", (State.FAILED_FOR_NOW, "451 4.7.1", "k1-1")),
    ("delivered", (State.DELIVERED, "", "k1-5")), ("delayed", None),
])
def test_what_comes_back_is_a_report_of_our_own_key(name: str, expected: tuple[State, str, str] | None) -> None:
    report = CHANNEL.read((PAYLOADS / f"{name}.eml").read_bytes())
    assert report is None if expected is None else isinstance(report, Report)
    if isinstance(report, Report):
        assert (report.state, report.code, report.key) == expected
        assert report.provider_id == ""
        assert report.why or report.state is State.DELIVERED


def test_an_answer_a_complaint_and_a_refusal_are_told_apart() -> None:
    head = b"From: ty@thu.example\r\nIn-Reply-To: <k1-7@phuong-mau.example>\r\nSubject: "
    assert CHANNEL.read(head + b"Re: x\r\n\r\nVang.\r\n") == Reply("ty@thu.example", "Vang.", "", "k1-7")
    refusal = CHANNEL.read(head + b"unsubscribe\r\n\r\n")
    assert isinstance(refusal, Report)
    assert (refusal.state, refusal.code, refusal.key) == (State.REFUSED, "opted_out", "k1-7")
    complaint = CHANNEL.read(
        b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\n'
        b"Feedback-Type: abuse\r\nOriginal-Mail-From: <tra-lai+k1-7@phuong-mau.example>\r\n\r\n--x--\r\n",
    )
    assert isinstance(complaint, Report)
    assert (complaint.state, complaint.code, complaint.key) == (State.REFUSED, "complaint", "k1-7")
    assert CHANNEL.read(b"") is None


def test_it_is_made_without_accounts_and_says_what_is_missing() -> None:
    channel = open_wire("email", {"email": ("lantoa.channels.smtp_relay.SmtpRelayChannel", {})})
    assert channel.accounts == ()
    assert channel.corrects is Correcting.FOLLOW_UP
    assert not channel.gives_receipts
    assert SmtpRelayChannel(asks_receipts=True).gives_receipts
    with pytest.raises(ChannelError, match=r"chưa có địa chỉ người gửi; đặt sender trong channels\.toml"):
        channel.compile(MESSAGE)
    assert channel.where_returned() is None  # type: ignore[attr-defined]  # of this wire alone


@pytest.mark.parametrize(("options", "words"), [
    ({"sender": "a b"}, "địa chỉ thư điện tử|viết sai"), ({"sender": "ngọc@phuong.example"}, "không dấu"),
    ({"bounce_address": "x"}, "không phải là địa chỉ"), ({"bounce_address": "x" * 40 + "@a.example"}, "dài quá 30 chữ"),
    ({"key_separator": "<"}, "key_separator"), ({"reply_to": "a@b.example\r\nBcc: x"}, "viết sai"),
    ({"dkim": [{"domain": "a.example"}]}, "domain, selector, key_file"),
    ({"dkim": [{"domain": "a.example", "selector": "s", "key_file": "/none"}]}, "không đọc được khóa"),
])
def test_wrong_options_are_named_when_a_message_is_compiled(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ChannelError, match=words) as fault:
        dataclasses.replace(CHANNEL, **options).compile(MESSAGE)
    assert fault.value.permanent


def test_wrong_options_of_an_account_are_named_when_it_is_opened(run: Run) -> None:
    async def work() -> None:
        with pytest.raises(ChannelError, match="tài khoản relay: Không có tùy chọn hots") as fault:
            await CHANNEL.open(Account("relay", options={"hots": "mail.example"}), WatchedFeed())
        assert fault.value.permanent

    run(work())


def test_the_file_of_an_installation_configures_it(tmp_path: Path) -> None:
    file, secret = tmp_path / "channels.toml", tmp_path / "secret"
    secret.write_text("mật khẩu\n", encoding="utf-8")
    file.write_text(f"""
[email]
sender = "thong-bao@phuong-mau.example"
bounce_address = "tra-lai@phuong-mau.example"
mailbox = "imaps://tra-lai%40phuong-mau.example@mail.phuong-mau.example/INBOX"
mailbox_password_file = "{secret}"

[[email.account]]
name = "relay"
pace = 50
host = "mail.phuong-mau.example"
connections = 10
patience = {{ end = 120 }}
""", encoding="utf-8")
    config = with_file({"email": ("lantoa.channels.smtp_relay.SmtpRelayChannel", {})}, file)
    channel = open_wire("email", config)
    assert isinstance(channel, SmtpRelayChannel)
    assert channel.accounts[0].options["connections"] == 10
    mailbox = channel.where_returned()
    assert mailbox is not None
    assert (mailbox.user, mailbox.password) == ("tra-lai@phuong-mau.example", "mật khẩu")
    secret.unlink()
    with pytest.raises(ChannelError, match="Không đọc được tệp mật khẩu"):
        channel.where_returned()


def test_a_preview_says_to_whom_and_refuses_who_cannot_be_written_to() -> None:
    template = CHANNEL.compile(MESSAGE)
    shown = template.show(items(template, ["ty@thu.example"], {"name": "Nguyễn Thị Tỵ"})[0])
    assert shown.startswith("Tới: Nguyễn Thị Tỵ <ty@thu.example>\nTiêu đề: Dừng dịch vụ 2G\n\nKính gửi Nguyễn Thị Tỵ")
    with pytest.raises(ChannelError, match="viết sai"):
        template.show(items(template, ["ty thi@thu.example"])[0])
