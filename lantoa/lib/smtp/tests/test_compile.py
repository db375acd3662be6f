from __future__ import annotations

import html
import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from fast_mail_parser import parse_email
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lantoa.channels.wire import Slot, split_slots
from lantoa.lib.smtp.addresses import AddressError, KeyedAddress
from lantoa.lib.smtp.compiling import Compiled, Draft, MessageError, Sender
from lantoa.lib.smtp.relay import Peer
from lantoa.lib.smtp.tests.making import MODERN, OLD, TEXT, URL, compiled, content_for, opened, text_in

HOSTILE = (
    "Nguyễn Thị Tỵ", "a\r\nBcc: moi-nguoi@thu.example", "Tỵ\n.\r\nQUIT", "=?utf-8?q?=0D=0ABcc:_x?=", '"', "\\",
    "()<>@,;:", "<script>alert(1)</script>", "&amp;", ".", "..", "=0D=0A", "=", "x" * 900, "Ệ" * 700, "a\u200b\u202eb",
    "\x00", "\ud800", "😀" * 40, "e\u0301" * 60, "Trần  Văn   Đỗ ", "ty@thu.example", "a" * 75 + " b", " ", "--=_",
    "\u2028\u0085", "From x",
)
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.text("Nguyễn ThịÂỏ.,<>&\"'=?_-\r\n", max_size=200))
lines = st.text("abc ệ.=-<>&_\t\r\n\x00{}?😀", max_size=300)
both_peers = pytest.mark.parametrize("peer", [MODERN, OLD], ids=["8bit", "quoted"])
many = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def meant(name: str, otherwise: str = "quý vị") -> str:
    return " ".join(Slot("name", otherwise).fill({"name": name}).split())


def readable(text: str) -> str:
    """The text as it may be kept: line ends are one, other control characters are gone."""
    text = re.sub(r"\r\n|\r", "\n", text).replace("\x00", "")
    return text.rstrip("\n\t ")


def named_in(content: bytes) -> str:
    """The display name of `To` as the older interface of the standard library reads it."""
    name, address = parseaddr(str(message_from_bytes(content)["To"]))
    assert address == "ty@thu.example"
    return str(make_header(decode_header(name)))


@both_peers
@many
@given(name=names)
def test_a_hostile_name_stands_where_it_belongs_and_nowhere_else(peer: Peer, name: str) -> None:
    content = content_for(compiled("Gửi {{name|quý vị}}"), {"name": name}, peer)
    message, other = opened(content), parse_email(content)
    shown = meant(name, "")
    assert len(message["To"].addresses) == len(other.to) == 1
    assert named_in(content) == (other.to[0].display_name or "") == shown
    if len(shown.encode()) < 40:  # between two encoded words Python 3.11 puts a space here, against RFC 2047 §6.2
        assert message["To"].addresses[0].display_name == shown
    assert message["To"].addresses[0].addr_spec == other.to[0].address == "ty@thu.example"
    assert message["Subject"] == other.subject == f"Gửi {meant(name)}".strip()
    assert message["Bcc"] is None
    assert text_in(message) == TEXT.replace("{{name|quý vị}}", meant(name)).strip()
    assert html.escape(meant(name)) in text_in(message, "html")
    assert other.text_plain[0].replace("\r\n", "\n").strip() == text_in(message).strip()
    assert other.text_html[0].replace("\r\n", "\n").strip() == text_in(message, "html").strip()


@both_peers
@many
@given(before=lines, after=lines, name=names)
@example(before=".", after=".", name=".")
@example(before="x\n", after="\n.\n..\n", name="")
@example(before="ệ" * 400, after="ệ" * 400, name="ệ" * 300)
def test_a_text_arrives_as_it_was_written(peer: Peer, before: str, after: str, name: str) -> None:
    # What looks like a slot of its own is none of the test's.
    before, after = before.replace("{{", "{ {"), after.replace("{{", "{ {").removeprefix("}").removeprefix("}")
    made = compiled(text=f"{before}{{{{name|quý vị}}}}{after}", html="")
    content = content_for(made, {"name": name}, peer)
    expected = readable(f"{readable_within(before)}{meant(name)}{after}") if after.strip("\x00\r\n\t ") else None
    text = text_in(opened(content))
    if expected is not None:
        assert text == expected
    assert parse_email(content).text_plain[0].replace("\r\n", "\n").strip() == text.strip()


def readable_within(text: str) -> str:
    return re.sub(r"\r\n|\r", "\n", text).replace("\x00", "")


@both_peers
@many
@given(text=lines, name=names)
def test_no_line_is_longer_than_it_may_be(peer: Peer, text: str, name: str) -> None:
    text = text.replace("{{", "{ {")
    made = compiled(f"{text}{{{{name}}}}"[-200:], f"{text}{{{{name}}}}{text * 3}{{{{name}}}}", "<p>{{name}}</p>" * 20)
    content = content_for(made, {"name": name}, peer)
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")
    head, _, body = content.partition(b"\r\n\r\n")
    longest = 998 if peer.eight_bit else 76
    assert max(map(len, body.split(b"\r\n"))) <= longest
    assert max(map(len, head.split(b"\r\n"))) <= 200
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if b"=?utf-8?b?" in line)
    if not peer.eight_bit:
        assert content.isascii()


def test_a_line_without_end_is_quoted_even_where_eight_bits_may_pass() -> None:
    wide = "ệ" * 400 + " {{name}} " + "ệ" * 400
    content = content_for(compiled(text=wide), {"name": "Tỵ"})
    part = opened(content).get_body(("plain",))
    assert part is not None
    assert part["Content-Transfer-Encoding"] == "quoted-printable"
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert text_in(opened(content)) == wide.replace("{{name}}", "Tỵ")


def test_a_value_too_long_for_its_line_sends_this_one_message_quoted() -> None:
    made = compiled()
    long, short = content_for(made, {"name": "Ệ" * 600}), content_for(made, {"name": "Tỵ"})
    assert b"quoted-printable" in long
    assert b"8bit" in short
    assert "Ệ" * 600 in text_in(opened(long))


def test_a_dot_at_the_begin_of_a_line_is_doubled_wherever_it_comes_from() -> None:
    made = compiled(text=".đầu\n{{name}}\n{{other}}.giữa\nx\n..", html="")
    for peer in (MODERN, OLD):
        _, content = made.fill("ty@thu.example", "k1", {"name": ".tên", "other": ""}, peer)
        assert not re.search(rb"\n\.(?!\.)", content)
        kept = content_for(made, {"name": ".tên", "other": ""}, peer)
        assert text_in(opened(kept)) == ".đầu\n.tên\n.giữa\nx\n.."


def test_the_envelope_names_the_key_and_what_the_peer_can_do() -> None:
    envelope, content = compiled().fill("ty@thu.example", "k1-7", {}, MODERN)
    assert envelope.decode() == (
        f"MAIL FROM:<tra-lai+k1-7@phuong-mau.example> BODY=8BITMIME SIZE={len(content)}\r\n"
        "RCPT TO:<ty@thu.example>\r\nDATA\r\n"
    )
    envelope, _ = compiled().fill("ty@thu.example", "k1-7", {}, OLD)
    assert envelope == b"MAIL FROM:<tra-lai+k1-7@phuong-mau.example>\r\nRCPT TO:<ty@thu.example>\r\nDATA\r\n"
    envelope, _ = compiled(bounces=KeyedAddress("tra-lai@phuong-mau.example", "")).fill("ty@thu.example", "k1", {}, OLD)
    assert envelope.startswith(b"MAIL FROM:<tra-lai@phuong-mau.example>\r\n")
    envelope, _ = compiled(bounces=None).fill("ty@thu.example", "k1", {}, OLD)
    assert envelope.startswith(b"MAIL FROM:<thong-bao@phuong-mau.example>\r\n")


def test_receipts_are_asked_of_servers_that_give_them() -> None:
    envelope, _ = compiled(asks_receipts=True).fill("ty+2@thu.example", "k1-7", {}, MODERN)
    assert b" RET=HDRS ENVID=k1-7\r\n" in envelope
    assert b"RCPT TO:<ty+2@thu.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;ty+2B2@thu.example\r\n" in envelope
    assert b"NOTIFY" not in compiled(asks_receipts=True).fill("ty@thu.example", "k1-7", {}, OLD)[0]


def test_the_header_says_who_when_and_how_to_refuse() -> None:
    message = opened(content_for(compiled(opt_out=KeyedAddress("tu-choi@phuong-mau.example"))))
    assert message["Message-ID"] == "<k1-7@phuong-mau.example>"
    assert message["From"].addresses[0].display_name == "Ủy ban nhân dân phường Mẫu"
    assert message["List-Unsubscribe"] == (
        f"<{URL}k1-7>, <mailto:tu-choi+k1-7@phuong-mau.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert message["Content-Language"] == "vi"


def test_the_text_may_show_where_to_refuse() -> None:
    made = compiled(text="Từ chối: {{opt_out_url}}", html='<a href="{{opt_out_url}}">Từ chối</a>')
    message = opened(content_for(made))
    assert text_in(message) == f"Từ chối: {URL}k1-7"
    assert f'href="{URL}k1-7"' in text_in(message, "html")
    assert "k1-7" in made.show("ty@thu.example", "k1-7", {})
    without = Compiled(Draft(["a"], split_slots("{{opt_out_url|gọi 0225}}")), Sender("a@b.example"))
    assert text_in(opened(content_for(without))) == "gọi 0225"


def test_one_kind_of_text_is_one_part_and_pure_ascii_needs_no_encoding() -> None:
    made = compiled("Notice", "Hello.\n\nBye.", "")
    message = opened(content_for(made))
    assert message.get_content_type() == "text/plain"
    assert message["Content-Transfer-Encoding"] == "7bit"
    assert b"8BITMIME" not in made.fill("ty@thu.example", "k", {}, MODERN)[0]
    assert opened(content_for(compiled(text="", html="<p>ệ</p>"))).get_content_type() == "text/html"
    assert text_in(opened(content_for(compiled(text="", html="")))) == ""


def test_an_address_beyond_ascii_goes_where_the_peer_knows_it() -> None:
    made = compiled()
    envelope, content = made.fill("ngọc@thư.example", "k1", {"name": "Ngọc"}, MODERN)
    assert " BODY=8BITMIME SMTPUTF8 " in envelope.decode()
    assert "RCPT TO:<ngọc@xn--th-e0a.example>\r\n" in envelope.decode()
    assert "<ngọc@xn--th-e0a.example>" in content.decode()
    with pytest.raises(AddressError, match="không nhận địa chỉ có dấu"):
        made.fill("ngọc@thu.example", "k1", {}, Peer(eight_bit=True))
    envelope, _ = made.fill("ngoc@thư.example", "k1", {}, OLD)
    assert b"RCPT TO:<ngoc@xn--th-e0a.example>\r\n" in envelope


@pytest.mark.parametrize("address", [
    "", "ty", "@thu.example", "ty@", "ty@@thu.example", "ty thi@thu.example", "ty@thu.example\r\nRCPT TO:<x@y.example>",
    "ty@thu.example> NOTIFY=NEVER", "<ty@thu.example>", "a..b@thu.example", ".a@thu.example", "ty@-thu.example",
    "ty@thu..example", '"ty"@thu.example', "ty@[127.0.0.1]", "x" * 65 + "@thu.example", "ty@" + "a." * 130 + "example",
    "ty\x00@thu.example", "ngọc\u2028@thu.example", "ngọc..b@thu.example", "ty@thư\u2028.example",
    "ty@" + "ư" * 80 + ".example",
])
def test_an_address_no_mail_can_go_to_is_refused_in_plain_words(address: str) -> None:
    with pytest.raises(AddressError, match="ịa chỉ"):
        compiled().fill(address, "k1", {}, MODERN)


def test_spaces_around_an_address_are_forgiven() -> None:
    assert b"RCPT TO:<ty@thu.example>\r\n" in compiled().fill(" ty@thu.example\n", "k1", {}, OLD)[0]


def test_a_message_larger_than_the_peer_takes_is_not_begun() -> None:
    with pytest.raises(MessageError, match="lớn hơn mức máy chủ nhận"):
        compiled(text="x" * 5000).fill("ty@thu.example", "k1", {}, Peer(size=2000))


def test_a_page_of_refusal_that_is_no_address_is_refused_when_compiling() -> None:
    with pytest.raises(MessageError, match="từ chối"):
        Compiled(Draft(["a"], ["b"], opt_out_url="https://x.example/> <script"), Sender("a@b.example"))


def test_keyed_addresses_are_found_whole() -> None:
    keyed = KeyedAddress("tra-lai@phuong.example")
    assert keyed.find("for <Tra-Lai+k1-7@PHUONG.example>; x") == "k1-7"
    assert keyed.find("to tra-lai+k1-7@phuong.example.") == "k1-7"
    assert keyed.find("tra-lai@phuong.example") == ""
    assert keyed.find("xtra-lai+k1@phuong.example, tra-lai+k1@phuong.example.evil.example") is None
