from __future__ import annotations

import email
import email.policy
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantoa.lib.smtp.addresses import KeyedAddress
from lantoa.lib.smtp.returned import Kind, Own, Returned, read_returned

OWN = Own("phuong-mau.example", KeyedAddress("tra-lai@phuong-mau.example"), KeyedAddress("tu-choi@phuong-mau.example"))
CAPTURED = Path(__file__).parents[3] / "channels" / "tests" / "payloads" / "smtp_relay"
"""What a Postfix sent back to messages of ours."""

EXIM = """\
Return-path: <>
X-Failed-Recipients: khong.co@thu.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.thu.example>
To: thong-bao@phuong-mau.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  khong.co@thu.example
    host mx2.thu.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<khong.co@thu.example>:
    550 5.2.1 The email account is disabled

------ This is a copy of the message's headers. ------

Return-path: <thong-bao@phuong-mau.example>
Message-ID: <k1-7@phuong-mau.example>
"""
QMAIL = """\
Return-Path: <>
Delivered-To: tra-lai+k1-9@phuong-mau.example
From: MAILER-DAEMON@old.example
To: tra-lai+k1-9@phuong-mau.example
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<khong.co@old.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
"""
EXCHANGE = """\
From: postmaster@co-quan.example
To: thong-bao@phuong-mau.example
Subject: Undeliverable: =?utf-8?b?ROG7q25n?=
In-Reply-To: <k1-4@phuong-mau.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/html; charset=utf-8

<p>Delivery has failed to these recipients or groups: can.bo@co-quan.example</p>
--x
Content-Type: message/delivery-status

Reporting-MTA: dns;ex1.co-quan.example

Final-recipient: RFC822;can.bo@co-quan.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp;550-5.7.1 refused by the transport rule
X-Display-Name: can.bo@co-quan.example

--x--
"""
COMPLAINT = """\
From: <abuse-desk@provider.example>
To: tra-lai@phuong-mau.example
Subject: FW: Thong bao
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain; charset=us-ascii

This is an email abuse report for an email message received from IP 192.0.2.1.
--x
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <tra-lai+k1-5@phuong-mau.example>
Original-Rcpt-To: <nguoi.dan@provider.example>

--x
Content-Type: message/rfc822

From: <thong-bao@phuong-mau.example>
Message-ID: <k1-5@phuong-mau.example>
Subject: Thong bao

Noi dung
--x--
"""


def mail(subject: str = "Re: Dừng dịch vụ 2G", text: str = "Tôi đã đổi máy rồi.", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Bà Tỵ <ty@thu.example>"
    message["To"] = "thong-bao@phuong-mau.example"
    message["Subject"] = subject
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes(policy=email.policy.SMTP)


@pytest.mark.parametrize(("name", "kind", "key", "codes", "address"), [
    ("bounced", Kind.BOUNCED, "k1-2", "550 5.1.1", "nguoi.dan1@thu.example"),
    ("bounced-utf8", Kind.BOUNCED, "k1-8", "550 5.1.1", "ngọc@thu.example"),
    ("no-host", Kind.BOUNCED, "k1-7", "5.4.4", "ai@khong-co.example"),
    ("expired", Kind.BOUNCED, "k1-1", "451 4.7.1", "nguoi.dan1@thu.example"),
    ("delivered", Kind.DELIVERED, "k1-5", "", "ong.ty@phuong-mau.example"),
])
def test_what_a_postfix_sent_back_is_read(name: str, kind: Kind, key: str, codes: str, address: str) -> None:
    for ends in (b"\n", b"\r\n"):
        data = (CAPTURED / f"{name}.eml").read_bytes().replace(b"\n", ends)
        found = read_returned(data, OWN)
        assert found
        assert (found.kind, found.key, found.codes, found.address) == (kind, key, codes, address)


@pytest.mark.parametrize("name", ["delayed", "relayed"])
def test_what_is_on_its_way_still_says_nothing(name: str) -> None:
    assert read_returned((CAPTURED / f"{name}.eml").read_bytes(), OWN) is None


@pytest.mark.parametrize(("data", "key", "codes", "address"), [
    (EXIM, "k1-7", "550 5.2.1", "khong.co@thu.example"),
    (QMAIL, "k1-9", "5.1.1", "khong.co@old.example"),
    (EXCHANGE, "k1-4", "550 5.7.1", "can.bo@co-quan.example"),
])
def test_bounces_in_the_form_of_other_servers_are_read(data: str, key: str, codes: str, address: str) -> None:
    found = read_returned(data.encode(), OWN)
    assert found
    assert (found.kind, found.key, found.codes, found.address) == (Kind.BOUNCED, key, codes, address)


def test_a_warning_of_a_server_that_goes_on_trying_is_no_bounce() -> None:
    text = EXIM.replace("X-Failed-Recipients: khong.co@thu.example\n", "").replace(
        "This message was created", "Warning: message 1abc delayed 24 hours\nThis message was created",
    )
    assert read_returned(text.encode(), OWN) is None


@pytest.mark.parametrize(("kind", "expected"), [
    ("abuse", Kind.COMPLAINT), ("fraud", Kind.COMPLAINT), ("opt-out", Kind.OPT_OUT), ("not-spam", None),
    ("auth-failure", None),
])
def test_a_complaint_names_the_message_and_who_complained(kind: str, expected: Kind | None) -> None:
    found = read_returned(COMPLAINT.format(kind=kind).encode(), OWN)
    assert found == (expected and Returned(expected, "k1-5", "nguoi.dan@provider.example"))


@pytest.mark.parametrize("headers", [
    {"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "bulk"}, {"Precedence": "auto_reply"},
    {"subject": "Trả lời tự động: Dừng dịch vụ 2G"}, {"subject": "Out of Office: x"}, {"subject": "Automatic reply: x"},
    {"Return_Path": "<>"},
])
def test_machines_that_answer_for_somebody_say_nothing(headers: dict[str, str]) -> None:
    assert read_returned(mail(text="Tôi đi vắng đến ngày 20/10. 550 nhà.", **headers), OWN) is None


def test_an_answer_is_what_the_person_wrote_and_names_what_it_answers() -> None:
    text = "Tôi đã đổi máy rồi.\nCảm ơn!\n\nVào 16/10/2024 UBND phường đã viết:\n> Từ ngày 16/10/2024\n> máy 2G"
    found = read_returned(mail(text=text, In_Reply_To="<k1-7@phuong-mau.example>"), OWN)
    assert found == Returned(
        Kind.ANSWER, "k1-7", "ty@thu.example", text="Tôi đã đổi máy rồi.\nCảm ơn!", to="thong-bao@phuong-mau.example",
    )
    by_references = mail(References="<other@thu.example> <k1-1@phuong-mau.example> <k1-2@phuong-mau.example>")
    assert read_returned(by_references, OWN).key == "k1-2"  # type: ignore[union-attr]  # else the test fails anyway
    assert read_returned(mail(), OWN).key == ""  # type: ignore[union-attr]  # as above


def test_an_answer_written_as_a_page_is_read_as_text() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ty@thu.example", "Re: x"
    message.set_content("<style>p{}</style><p>Tôi <b>đồng ý</b></p><p>-- Tỵ</p>", subtype="html")
    found = read_returned(message.as_bytes(), OWN)
    assert found
    assert found.text.startswith("Tôi đồng ý")
    assert "style" not in found.text


@pytest.mark.parametrize("data", [
    mail(To="tu-choi+k1-7@phuong-mau.example", subject="anything at all"),
    mail(To="tu-choi+k1-7@phuong-mau.example", subject="unsubscribe", text="", Auto_Submitted="auto-generated"),
    mail(subject="Từ chối nhận tin", In_Reply_To="<k1-7@phuong-mau.example>"),
    mail(subject="UNSUBSCRIBE", In_Reply_To="<k1-7@phuong-mau.example>"),
    mail(text="Huỷ đăng ký.\n\n> Từ ngày", In_Reply_To="<k1-7@phuong-mau.example>"),
])
def test_who_refuses_further_messages_is_understood(data: bytes) -> None:
    assert read_returned(data, OWN) == Returned(Kind.OPT_OUT, "k1-7", "ty@thu.example")


def test_somebody_who_only_mentions_refusing_is_not_cut_off() -> None:
    found = read_returned(mail(text="Tôi không từ chối nhận tin, xin gửi tiếp."), OWN)
    assert found
    assert found.kind is Kind.ANSWER


def test_a_key_in_the_address_counts_before_one_in_the_text() -> None:
    data = QMAIL.replace("--- Below", "Message-ID: <k9-9@phuong-mau.example>\n--- Below")
    assert read_returned(data.encode(), OWN).key == "k1-9"  # type: ignore[union-attr]  # else the test fails anyway
    lower = QMAIL.replace("tra-lai+k1-9", "tra-lai").replace("--- Below", "Message-ID: <k9-9@phuong-mau.example>\n---")
    assert read_returned(lower.encode(), OWN).key == "k9-9"  # type: ignore[union-attr]  # as above


pieces = st.sampled_from([
    b"\r\n", b"\n\n", b"--x\r\n", b"--x--", b"Content-Type: multipart/report; boundary=x\r\n", b"Content-Type: ",
    b"message/delivery-status", b"message/rfc822\r\n\r\n", b"message/feedback-report\r\n\r\n", b"Action: failed\r\n",
    b"Status: 5.1.1\r\n", b"Subject: =?utf-8?b?!!!?=\r\n", b"=?x?q?=ff?=", b'From: (((((("',
    b"To: <tra-lai+k@phuong-mau",
    b"Content-Transfer-Encoding: base64\r\n", b'charset="utf-99"', b"\xff\xfe\x00", b"MAILER-DAEMON", b"550 5.1.1 ",
    b"Return-Path: <>\r\n", b'multipart/mixed; boundary=""\r\n\r\n',
])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(pieces, max_size=40).map(b"".join)))
def test_hostile_mail_is_read_or_left_and_never_breaks_anything(data: bytes) -> None:
    found = read_returned(data, OWN)
    assert found is None or isinstance(found, Returned)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(CAPTURED.glob("*.eml"))), st.integers(0, 3000), st.binary(max_size=12), st.booleans())
def test_a_broken_report_is_read_or_left(path: Path, at: int, junk: bytes, cuts: bool) -> None:  # noqa: FBT001 - made up
    data = path.read_bytes()
    read_returned(data[:at] + junk + (b"" if cuts else data[at + len(junk):]), OWN)


@pytest.mark.parametrize("data", [
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 9000,
    b"".join(b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n) for n in range(9000)),
    b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\r\n\r\nx",
    b"From: " + b"(" * 300_000 + b"\r\n\r\nx",
    b"From: a@b.example\r\n\r\n" + b"> " * 300_000,
    b"From: a@b.example\r\n\r\n" + b"Vao " * 200_000,
    b"From: MAILER-DAEMON\r\n\r\n" + b"550 a@" * 200_000,
    b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
    b"From: a@b.example\r\n" + b"To: tra-lai+" * 60_000 + b"\r\n\r\nx",
])
def test_what_is_made_to_take_long_does_not(data: bytes) -> None:
    began = time.process_time()
    read_returned(data, OWN)
    assert time.process_time() - began < 2
