from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.smtp.hello import peer_of
from lantoa.lib.smtp.relay import Peer
from lantoa.lib.smtp.replies import GREY_WAIT, Reply, Stage, Verdict, judge, read_reply, reason


@pytest.mark.parametrize(("lines", "reply"), [
    ([b"250 2.1.0 Ok\r"], Reply(250, ("2.1.0 Ok",))), ([b"250"], Reply(250, ("",))), ([b"354 \r"], Reply(354, ("",))),
    ([b"550-5.1.1 no\r", b"550 5.1.1 user\r"], Reply(550, ("5.1.1 no", "5.1.1 user"))),
    ([b"250-a\r", b"550 b\r"], None), ([b"25 a"], None), ([b"2500 a"], None), ([b"hello"], None), ([b""], None),
    ([b"150 a"], None), ([b"699 a"], None), ([b"\xff\xff\xff a"], None), ([b"250\tok"], None),
])
def test_a_reply_is_read_whole_or_not_at_all(lines: list[bytes], reply: Reply | None) -> None:
    assert read_reply(lines) == reply


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_any_bytes_are_a_reply_or_none(lines: list[bytes]) -> None:
    reply = read_reply(lines)
    assert reply is None or (200 <= reply.code < 600 and reply.text.isprintable())


def test_the_codes_are_said_together_and_once() -> None:
    reply = Reply(550, ("5.1.1 The account", "5.1.1 does not exist"))
    assert reply.codes == "550 5.1.1"
    assert reply.text == "5.1.1 The account does not exist"
    assert Reply(450, ("mailbox busy",)).codes == "450"


@pytest.mark.parametrize(("stage", "reply", "verdict"), [
    (Stage.RCPT, Reply(550, ("5.1.1 unknown",)), Verdict.NEVER),
    (Stage.RCPT, Reply(550, ("no such user",)), Verdict.NEVER),
    (Stage.RCPT, Reply(450, ("4.2.1 x",)), Verdict.LATER), (Stage.DOT, Reply(554, ("5.7.1 spam",)), Verdict.REFUSED),
    (Stage.MAIL, Reply(550, ("5.7.1 sender refused",)), Verdict.ACCOUNT),
    (Stage.MAIL, Reply(552, ("x",)), Verdict.NEVER), (Stage.MAIL, Reply(451, ("x",)), Verdict.LATER),
    (Stage.MAIL, Reply(530, ("5.7.0 Must issue STARTTLS",)), Verdict.ACCOUNT),
    (Stage.RCPT, Reply(554, ("5.7.1 <a@b.example>: Relay access denied",)), Verdict.ACCOUNT),
    (Stage.RCPT, Reply(553, ("5.7.1 Sender address rejected: not owned by user x",)), Verdict.ACCOUNT),
    (Stage.RCPT, Reply(550, ("relaying denied",)), Verdict.ACCOUNT),
    (Stage.RCPT, Reply(550, ("5.7.1 Unable to relay",)), Verdict.ACCOUNT),
])
def test_a_refusal_is_about_the_recipient_the_content_or_us(stage: Stage, reply: Reply, verdict: Verdict) -> None:
    assert judge(stage, reply) is verdict


@pytest.mark.parametrize(("text", "seconds"), [
    ("4.7.1 Greylisted, see http://grey.example/help", GREY_WAIT), ("4.7.1 Greylisted for 60 seconds", 60),
    ("4.2.0 Greylisting in action, please come back in 00:05:00", 300), ("try again in 04:59", 299),
    ("4.7.0 try again in 2 minutes", 120), ("4.3.0 try again later", None), ("4.4.1 lost after 30 seconds", None),
    ("4.7.1 greylisted, retry in 99999 min", 86_400),
])
def test_the_time_a_server_asks_for_is_understood(text: str, seconds: float | None) -> None:
    assert Reply(451, (text,)).retry_after == seconds
    assert Reply(551, (text,)).retry_after is None


@pytest.mark.parametrize(("code", "text", "is_throttling"), [
    (421, "4.7.28 unusual rate of mail", True), (451, "4.7.1 too many messages, slow down", True),
    (452, "4.3.1 Insufficient system storage", True), (450, "4.1.8 Sender address rejected: Domain not found", True),
    (421, "4.7.0 Too many messages in this session", False), (450, "4.2.2 mailbox full", False),
    (451, "4.7.1 Greylisted, too fast", False), (550, "5.7.1 rate limited for good", False),
])
def test_a_server_that_wants_less_mail_is_told_from_one_recipient_s_trouble(
    code: int, text: str, is_throttling: bool,  # noqa: FBT001 - the expected answer
) -> None:
    assert Reply(code, (text,)).is_throttling is is_throttling


def test_reasons_are_vietnamese_and_keep_the_server_s_words_where_the_codes_do_not_tell() -> None:
    assert reason(550, "5.1.1") == "Không có hộp thư này."
    assert reason(452, "4.2.2", "4.2.2 over quota") == "Hộp thư đầy."
    assert "SPF, DKIM, DMARC" in reason(550, "5.7.27")
    assert reason(550, "", "go away") == "Máy chủ thư không nhận: “go away”."
    assert reason(451, "4.3.0", "4.3.0 later") == "Máy chủ thư tạm thời chưa nhận: “later”."
    assert reason(550, "5.7.9", "5.7.9 no") == "Bên nhận từ chối thư này theo chính sách hoặc bộ lọc thư rác: “no”."
    assert "danh sách xám" in reason(451, "4.7.1", "4.7.1 Greylisted")
    assert reason(0, "", "") == "Máy chủ thư tạm thời chưa nhận."


def test_what_a_server_offers_is_read_from_its_answer_to_ehlo() -> None:
    lines = (
        "mail.example", "PIPELINING", "size 10240000", "STARTTLS", "AUTH PLAIN LOGIN", "AUTH=LOGIN XOAUTH2", "8bitmime",
        "SMTPUTF8", "DSN", "", "X-UNKNOWN a b",
    )
    assert peer_of(Reply(250, lines)) == Peer(
        True, True, True, True, 10_240_000, starttls=True, logins=frozenset({"PLAIN", "LOGIN", "XOAUTH2"}),  # noqa: FBT003 - in order
    )
    assert peer_of(Reply(250, ("PIPELINING",))) == Peer()
    assert peer_of(Reply(250, ("x", "SIZE"))).size == 0
    assert peer_of(Reply(250, ("x", "SIZE \u0663" + "9" * 30))).size == 0
