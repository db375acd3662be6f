"""Builders of messages for tests, and what a reader finds in one that arrived."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from lantoa.channels.wire import split_slots
from lantoa.lib.smtp.addresses import KeyedAddress
from lantoa.lib.smtp.compiling import Compiled, Draft, Sender
from lantoa.lib.smtp.relay import Peer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from email.message import EmailMessage

    from lantoa.lib.smtp.dkim import Signer

TEXT = "Kính gửi {{name|quý vị}}:\n\nTừ ngày 16/10/2024, máy chỉ có 2G không dùng được.\n"
HTML = "<p>Kính gửi {{name|quý vị}}:</p>\n<p>Từ ngày <b>16/10/2024</b>, máy chỉ có 2G không dùng được.</p>\n"
URL = "https://phuong-mau.example/tu-choi/"
MODERN = Peer(pipelining=True, eight_bit=True, utf8=True, receipts=True, size=0)
OLD = Peer()


def compiled(
    title: str = "Dừng dịch vụ 2G", text: str = TEXT, html: str = HTML, signers: Sequence[Signer] = (),
    **sender: object,
) -> Compiled:
    draft = Draft(split_slots(title), split_slots(text), split_slots(html), "vi", URL)
    said: dict[str, object] = {
        "address": "thong-bao@phuong-mau.example", "name": "Ủy ban nhân dân phường Mẫu",
        "bounces": KeyedAddress("tra-lai@phuong-mau.example"), **sender,
    }
    return Compiled(draft, Sender(signers=signers, **said))  # type: ignore[arg-type]  # a test names what it wants


def content_for(
    made: Compiled, fields: Mapping[str, str] | None = None, peer: Peer = MODERN, address: str = "ty@thu.example",
) -> bytes:
    """The message as the server keeps it: stuffed dots taken out again (RFC 5321 §4.5.2)."""
    _, content = made.fill(address, "k1-7", fields or {}, peer)
    assert content.endswith(b"\r\n")
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in content.split(b"\r\n"))


def opened(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert not message.defects
    return message


def text_in(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a part, its last line end apart, which belongs to the boundary."""
    body = message.get_body((kind,))
    assert body is not None
    assert not body.defects
    content = body.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n").removesuffix("\n")
