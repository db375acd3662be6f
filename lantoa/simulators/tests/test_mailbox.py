from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import State
from lantoa.channels.smtp_relay import SmtpRelayChannel
from lantoa.channels.wire import Reply, Report
from lantoa.lib.imap import MailboxError, address_of, open_mailbox
from lantoa.simulators.aside import Aside
from lantoa.simulators.mailbox import MailboxServer
from lantoa.simulators.returning import About, write_answer, write_bounce

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "a" * 32
ABOUT = About("b@hop-thu.example", f"{KEY}@p.example", f"tra-lai+{KEY}@p.example", "tin@p.example")
CHANNEL = SmtpRelayChannel(
    sender="tin@p.example", bounce_address="tra-lai@p.example", opt_out_address="tu-choi@p.example"
)


@pytest.fixture
def server() -> Iterator[MailboxServer]:
    aside, mailbox = Aside(), MailboxServer()
    aside.do(mailbox.start())
    yield mailbox
    aside.do(mailbox.stop())
    aside.do(asyncio.sleep(0))
    aside.stop()


def url(server: MailboxServer, password: str) -> str:
    return f"imap://drill:{password}@127.0.0.1:{server.port}/INBOX"


def test_what_is_put_into_the_mailbox_is_read_whole_and_once(server: MailboxServer) -> None:
    messages = [b"Subject: one\r\n\r\nx\r\n", "Subject: hai\r\n\r\nThư có dấu.\r\n".encode()]
    for message in messages:
        server.put(message)
    with open_mailbox(address_of(url(server, "drill"))) as mailbox:
        assert mailbox.unseen() == [1, 2]
        assert [mailbox.message(uid) for uid in (1, 2)] == messages
        assert mailbox.size(2) == len(messages[1])
        mailbox.mark_seen(1)
        assert mailbox.unseen() == [2]
        assert mailbox.message(9) == b""


def test_a_wrong_password_is_refused(server: MailboxServer) -> None:
    with pytest.raises(MailboxError, match="không nhận tên hoặc mật khẩu"), open_mailbox(address_of(url(server, "x"))):
        pass


def test_a_bounce_is_understood_as_one() -> None:
    report = CHANNEL.read(write_bounce(ABOUT))
    assert isinstance(report, Report)
    assert (report.state, report.key, report.code) == (State.FAILED_FOR_GOOD, KEY, "550 5.1.1")


def test_an_answer_and_a_refusal_are_understood_as_such() -> None:
    answer = CHANNEL.read(write_answer(ABOUT, "Nhà tôi ở xa thì sao?"))
    assert isinstance(answer, Reply)
    assert (answer.address, answer.text.strip(), answer.key) == (ABOUT.recipient, "Nhà tôi ở xa thì sao?", KEY)
    refusal = CHANNEL.read(write_answer(ABOUT, "Cảm ơn.", "Từ chối nhận tin"))
    assert isinstance(refusal, Report)
    assert (refusal.state, refusal.code) == (State.REFUSED, "opted_out")
