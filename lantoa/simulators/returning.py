"""Mail that comes back, as other mail servers and people write it: bounces, answers, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

_BOUNDARY = "returned"


@dataclass(frozen=True, slots=True)
class About:
    """The message that something comes back about."""

    recipient: str
    message_id: str
    """Without brackets."""
    return_path: str
    """To whom bounces go: its envelope sender."""
    sender: str
    """Whom people answer."""


def write_bounce(about: About, code: str = "550", status: str = "5.1.1", said: str = "User unknown") -> bytes:
    """A report that a message did not arrive after all (RFC 3462, RFC 3464)."""
    domain = about.recipient.rpartition("@")[2]
    lines = (
        f"From: MAILER-DAEMON@{domain}", f"To: {about.return_path}", f"Date: {formatdate()}",
        "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{_BOUNDARY}"', "",
        f"--{_BOUNDARY}", "Content-Type: text/plain", "", f"<{about.recipient}>: {code} {status} {said}", "",
        f"--{_BOUNDARY}", "Content-Type: message/delivery-status", "", f"Reporting-MTA: dns; mx.{domain}", "",
        f"Final-Recipient: rfc822; {about.recipient}", "Action: failed", f"Status: {status}",
        f"Diagnostic-Code: smtp; {code} {status} {said}", "",
        f"--{_BOUNDARY}", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{about.message_id}>",
        f"To: {about.recipient}", "", f"--{_BOUNDARY}--", "",
    )
    return "\r\n".join(lines).encode()


def write_answer(about: About, text: str, subject: str = "Re: Thông báo") -> bytes:
    """What a person writes back."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = about.recipient, about.sender, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="hop-thu.example")
    message["In-Reply-To"] = message["References"] = f"<{about.message_id}>"
    message.set_content(text)
    return message.as_bytes()
