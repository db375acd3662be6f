"""The mailbox door against a real IMAP server (Dovecot)."""

from __future__ import annotations

import datetime as dt
import os
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from lantoa import timed_work
from lantoa.letters.actions import original
from lantoa.letters.doors import mailbox
from lantoa.letters.doors.mailbox import UNREAD, mailbox_address, take_mailbox
from lantoa.letters.doors.tests.dovecot import PASSWORD, Dovecot, running_dovecot
from lantoa.letters.doors.turn import Taken, turn_at
from lantoa.letters.generating import generate_letter
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.tests.builders import letter_text
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.lib.imap import MailboxAddress, MailboxError, address_of, encoded_name, open_mailbox
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.conf import LazySettings

SEEN = rb"\Seen"


@pytest.fixture
def server(needs: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    with running_dovecot(needs("dovecot"), needs("openssl")) as running:
        yield running


@pytest.fixture
def cast(db: Any, server: Dovecot, settings: LazySettings, tmp_path: Path) -> Cast:  # noqa: ARG001 - rows need it
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    settings.LANTOA_MAILBOX = f"imaps://can-bo@127.0.0.1:{server.tls_port}/INBOX"
    settings.LANTOA_MAILBOX_PASSWORD_FILE = str(tmp_path / "password")
    settings.LANTOA_MAILBOX_CA = str(server.ca_file)
    return make_cast()


def mail(ident: str, body: str = "Gửi các đơn vị công văn kèm theo.", *files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "Sở Thông tin <so@example.gov.vn>"
    message["Subject"] = "V/v gửi công văn"
    message["Message-ID"] = f"<{ident}@example.gov.vn>"
    message.set_content(body)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def letter_file(seed: int) -> tuple[str, bytes]:
    return f"Công văn {seed}.docx", write_docx(compose(generate_letter(seed)))


def test_letters_attached_to_a_message_are_registered_and_the_message_is_marked(cast: Cast, server: Dovecot) -> None:
    server.put(mail("1", "Kính gửi kèm.", letter_file(1), letter_file(2), ("danh sách.txt", "gạo, muối".encode())))
    assert str(take_mailbox()) == "vào sổ 2"
    arrivals = Arrival.objects.all()
    assert {one.sender for one in arrivals} == {"Sở Thông tin <so@example.gov.vn>"}
    assert {one.file_name for one in arrivals} == {"Công văn 1.docx", "Công văn 2.docx"}
    assert set(IncomingLetter.objects.values_list("ordinal", "book")) == {(1, cast.province.pk), (2, cast.province.pk)}
    assert all(SEEN in flags for flags in server.held())
    assert not take_mailbox().known


@pytest.mark.usefixtures("cast")
def test_a_message_that_is_itself_the_letter_is_registered(server: Dovecot) -> None:
    server.put(mail("1", letter_text(3)))
    assert take_mailbox().new == 1


@pytest.mark.usefixtures("cast")
def test_a_message_somebody_opened_meanwhile_is_not_lost_and_old_ones_are_left_alone(server: Dovecot) -> None:
    server.put(mail("old", letter_text(1)), r"(\Seen)")
    server.put(mail("1", letter_text(2)))
    assert take_mailbox().new == 1
    server.put(mail("2", letter_text(3)), r"(\Seen)")
    assert take_mailbox().new == 1
    assert take_mailbox().new == 0


@pytest.mark.usefixtures("cast")
def test_what_cannot_be_read_goes_to_its_own_folder_with_the_reason(server: Dovecot) -> None:
    server.put(mail("1", "Chúc mừng năm mới", ("quét.pdf", b"%PDF-1.4 broken")))
    assert take_mailbox().unread == 1
    arrival = Arrival.objects.get()
    assert arrival.letter is None
    assert "quét.pdf" in arrival.why
    kept = original(arrival.file_hash)
    assert kept is not None
    assert kept.name == "V-v gửi công văn.eml"
    assert server.held() == []
    assert len(server.held(f'"{encoded_name(UNREAD)}"')) == 1
    assert not take_mailbox().unread


@pytest.mark.usefixtures("cast")
def test_a_file_that_cannot_be_read_beside_a_letter_is_told_of(server: Dovecot) -> None:
    server.put(mail("1", "Gửi.", letter_file(1), ("quét.pdf", b"%PDF-1.4 broken"), ("biểu.xlsx", b"PK")))
    taken = take_mailbox()
    assert (taken.new, taken.unread) == (1, 1)
    assert Arrival.objects.get(letter=None).file_name == "quét.pdf"
    assert len(server.held()) == 1


@pytest.mark.parametrize("at", ["receive_message", "mark"])
@pytest.mark.usefixtures("cast")
def test_a_crash_before_the_message_is_marked_loses_nothing_and_doubles_nothing(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    server.put(mail("1", "Gửi.", letter_file(1), letter_file(2)))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if at == "mark":
            patch.setattr("lantoa.lib.imap.Mailbox.mark_seen", killed)
        else:
            patch.setattr(mailbox, "take_in", killed)
        with pytest.raises(KeyboardInterrupt):
            take_mailbox()
    assert not any(SEEN in flags for flags in server.held())
    take_mailbox()
    assert IncomingLetter.objects.count() == Arrival.objects.count() == 2
    assert all(SEEN in flags for flags in server.held())


@pytest.mark.usefixtures("cast")
def test_one_message_that_fails_does_not_hold_up_the_next_and_is_tried_again(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.put(mail("1", letter_text(1)))
    server.put(mail("2", letter_text(2)))
    real, calls = mailbox.receive_message, []

    def once_broken(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise OSError("đĩa đầy")
        return real(*arguments)

    monkeypatch.setattr(mailbox, "receive_message", once_broken)
    taken = take_mailbox()
    assert (taken.new, taken.failed) == (1, 1)
    assert "đĩa đầy" in caplog.text
    with server.client() as reader:  # somebody opens it before the next round
        reader.select("INBOX")
        reader.store("1", "+FLAGS", r"\Seen")
    assert take_mailbox().new == 1


@pytest.mark.usefixtures("cast")
def test_when_the_folder_is_made_anew_its_old_numbers_are_forgotten(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(mail("1", letter_text(1)))
    take_mailbox()
    before = mailbox._bookmark(str(mailbox_address()))
    monkeypatch.setattr(mailbox, "_bookmark", lambda _: mailbox.Bookmark(before.validity - 1, 999, before.on))
    server.put(mail("2", letter_text(2)), r"(\Seen)")
    taken = take_mailbox()
    assert (taken.new, taken.known) == (1, 1)
    assert Arrival.objects.count() == 2


@pytest.mark.usefixtures("cast")
def test_a_message_too_large_is_not_fetched_but_told_of(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", 500)
    server.put(mail("1", "x" * 2000))
    assert take_mailbox().unread == 1
    assert "lớn hơn" in Arrival.objects.get().why


@pytest.mark.usefixtures("cast")
def test_a_full_mailbox_is_taken_in_several_rounds(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in (1, 2):
        server.put(mail(str(n), letter_text(n)), r"(\Seen)" if n == 2 else "")
    mailbox._keep_bookmark(str(mailbox_address()), mailbox.Bookmark(), dt.date(2020, 1, 1))
    monkeypatch.setattr("lantoa.letters.doors.turn.LONGEST", -1)
    assert take_mailbox() == Taken()
    monkeypatch.undo()
    assert take_mailbox().new == 2


@pytest.mark.usefixtures("cast")
def test_only_one_process_is_at_the_mailbox(server: Dovecot) -> None:
    server.put(mail("1", letter_text(1)))
    with turn_at("mailbox") as is_mine:
        assert is_mine
        assert take_mailbox() == Taken()
    assert take_mailbox().new == 1


@pytest.mark.usefixtures("cast")
def test_a_server_that_cannot_be_trusted_or_reached_is_said_in_one_line_and_tried_again(
    server: Dovecot, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    server.put(mail("1", letter_text(1)))
    settings.LANTOA_MAILBOX_CA = ""
    with pytest.raises(MailboxError, match="LANTOA_MAILBOX_CA"):
        take_mailbox()
    settings.LANTOA_MAILBOX = "imaps://can-bo:sai@127.0.0.1:1/INBOX"
    assert timed_work.receive_mail() == ""
    assert "127.0.0.1:1" in caplog.text
    assert "sai@" not in caplog.text
    settings.LANTOA_MAILBOX = f"imap://can-bo:{quote(PASSWORD)}@127.0.0.1:{server.port}"
    settings.LANTOA_MAILBOX_CA = str(server.ca_file)
    assert timed_work.receive_mail() == "vào sổ 1"


@pytest.mark.usefixtures("cast")
def test_a_wrong_password_is_said_and_never_shown(settings: LazySettings, server: Dovecot) -> None:
    settings.LANTOA_MAILBOX = f"imaps://can-bo:khong-dung@127.0.0.1:{server.tls_port}/INBOX"
    with pytest.raises(MailboxError, match="không nhận tên hoặc mật khẩu") as told:
        take_mailbox()
    assert "khong-dung" not in str(told.value)
    settings.LANTOA_MAILBOX = settings.LANTOA_MAILBOX.replace(":khong-dung", "")
    settings.LANTOA_MAILBOX_PASSWORD_FILE = str(server.home / "không có")
    with pytest.raises(RefusedError, match="LANTOA_MAILBOX_PASSWORD_FILE"):
        take_mailbox()


def test_folders_behind_a_prefix_are_found(needs: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    with running_dovecot(needs("dovecot"), needs("openssl"), prefix="INBOX.") as server:
        server.put(mail("1"))
        address = MailboxAddress("127.0.0.1", server.tls_port, "can-bo", PASSWORD)
        with open_mailbox(address, str(server.ca_file)) as box:
            box.move(box.unseen()[0], UNREAD)
            assert box.after(0) == []
        assert len(server.held(f'"INBOX.{encoded_name(UNREAD)}"')) == 1


@pytest.mark.parametrize("url", ["imaps://host", "http://a:b@host", "imaps://a:b@host:x/INBOX", "mật khẩu"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must be imaps://user:password@host:993/INBOX$"):
        address_of(url)


def test_an_address_is_read_with_its_defaults() -> None:
    address = address_of("imaps://can%40bo:m%3A%2F@mail.example.gov.vn/V%C4%83n%20b%E1%BA%A3n")
    assert address == MailboxAddress("mail.example.gov.vn", 993, "can@bo", "m:/", "Văn bản")
    assert "m:/" not in repr(address)
    assert address_of("imap://a@localhost", "x") == MailboxAddress("localhost", 143, "a", "x", is_tls=False)
    assert encoded_name("Chưa đọc & x") == "Ch&AbA-a &AREezQ-c &- x"


def test_nothing_happens_when_no_mailbox_is_set() -> None:
    assert mailbox_address() is None
    assert str(take_mailbox()) == ""
