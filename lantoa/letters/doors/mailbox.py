"""The mailbox: letters in messages are registered; a message is marked only when what it brought is safe."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import json
import logging
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from lantoa.letters.actions import Incoming, book_of_doors, keep_original, look_into, receive, refuse, take_in
from lantoa.letters.doors.turn import Taken, turn_at
from lantoa.letters.models import Arrival
from lantoa.letters.rules.reading import NotALetter
from lantoa.lib.extract import ExtractionError
from lantoa.lib.extract.document import MOST_BYTES
from lantoa.lib.files import write_whole
from lantoa.lib.imap import address_of, open_mailbox
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from lantoa.letters.actions import Received
    from lantoa.lib.imap import Mailbox, MailboxAddress
    from lantoa.places.models import Place

logger = logging.getLogger(__name__)
UNREAD = "Chưa đọc được"
"""The folder for messages in which no letter could be read."""
MOST_FILES = 50
_LEAST_PICTURE = 30_000
"""Smaller pictures are logos and signatures, in bytes."""
_TOO_LARGE = (
    f"Thư lớn hơn {MOST_BYTES // 1_000_000} MB nên không tải về. Hãy mở trong hộp thư và tải riêng tệp công văn lên."
)
_NO_LETTERS = re.compile(r"\.(?:xlsx?|xlsm|ods|csv|pptx?|mp[34]|wav|avi|mov|ics|vcf|p7s|asc|exe)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far the mailbox was read: every message up to `after` of generation `validity` is done; `on` is the day."""

    validity: int = 0
    after: int = 0
    on: str = ""


def mailbox_address() -> MailboxAddress | None:
    """The mailbox of the settings, None when none is set. Raises `RefusedError` when its password cannot be read."""
    if not settings.LANTOA_MAILBOX:
        return None
    password = ""
    if settings.LANTOA_MAILBOX_PASSWORD_FILE:
        try:
            with open(settings.LANTOA_MAILBOX_PASSWORD_FILE, encoding="utf-8") as file:  # noqa: PTH123 - as it was set
                password = file.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError(f"LANTOA_MAILBOX_PASSWORD_FILE: không đọc được tệp mật khẩu ({error}).") from error
    return address_of(settings.LANTOA_MAILBOX, password)


def take_mailbox() -> Taken:
    """Receive what waits in `LANTOA_MAILBOX`; nothing when none is set or another process is at it.

    Raises `MailboxError` when the server cannot be reached, `RefusedError` when it is not known whose register to
    write in. A message that fails stays as it is for the next round.
    """
    taken = Taken()
    address = mailbox_address()
    if address is None:
        return taken
    with turn_at("mailbox") as is_mine:
        if is_mine:
            book = book_of_doors()
            with open_mailbox(address, settings.LANTOA_MAILBOX_CA) as mailbox:
                _take_all(mailbox, str(address), book, taken)
    return taken


def _take_all(mailbox: Mailbox, name: str, book: Place, taken: Taken) -> None:
    today = timezone.localdate()
    before = _bookmark(name)
    waiting = _waiting(mailbox, before)
    undone: list[int] = []
    for uid in waiting:
        if taken.is_over:
            undone.append(uid)
            continue
        try:
            _take(mailbox, uid, book, taken)
        except Exception:
            logger.exception("Taking message %s from the mailbox failed", uid)
            taken.failed += 1
            undone.append(uid)
    _keep_bookmark(name, _moved_on(mailbox, before, waiting, undone), today)


def _waiting(mailbox: Mailbox, before: Bookmark) -> list[int]:
    """Messages to take: unopened ones, and those that came since the last round and somebody has opened meanwhile.

    Numbers of an earlier generation of the folder say nothing; then the day of the last round does.
    """
    from_then: list[int] = []
    if before.validity == mailbox.validity:
        from_then = mailbox.after(before.after)
    elif before.on:
        from_then = mailbox.since(dt.date.fromisoformat(before.on))
    return sorted({*mailbox.unseen(), *from_then})


def _moved_on(mailbox: Mailbox, before: Bookmark, waiting: list[int], undone: list[int]) -> Bookmark:
    """The bookmark after this round: below the first message that is not done."""
    known = before.after if before.validity == mailbox.validity else 0
    after = max([known, mailbox.next - 1, *waiting])
    return Bookmark(mailbox.validity, min([after, *(uid - 1 for uid in undone)]))


def _take(mailbox: Mailbox, uid: int, book: Place, taken: Taken) -> None:
    """Receive one message, then mark it; a crash between the two is met as the same message again."""
    size = mailbox.size(uid)
    if size > MOST_BYTES:
        key = f"uid:{mailbox.validity}:{uid}"
        incoming = Incoming(b"", f"thu-{uid}.eml", Arrival.Way.MAIL, message_id=key)
        received = [refuse(incoming, book, None, _TOO_LARGE)]
    else:
        data = mailbox.message(uid)
        received = receive_message(data, book) if data else []
    for one in received:
        taken.count(one)
    if received and all(one.row is None for one in received):
        mailbox.move(uid, UNREAD)
    else:
        mailbox.mark_seen(uid)


def receive_message(data: bytes, book: Place) -> list[Received]:
    """Receive the letters of one message: each attached file that is one; else the message itself, when it is.

    Files beside a letter that are no letters are its annexes: they stay in the message, which is kept whole. A file
    that cannot be read is told of by itself, for it may be the very letter.
    """
    whole = _whole(data)
    keep_original(whole)
    letters, unread = [], []
    for incoming in attached_files(data):
        try:
            letters.append(take_in(look_into(incoming), incoming, book, None))
        except NotALetter:
            continue
        except ExtractionError as error:
            unread.append((incoming, str(error)))
    letters = letters or [receive(whole, book, None)]
    if letters[0].row is None:
        said = " ".join(f"Tệp {incoming.name}: {why}" for incoming, why in unread)
        return [refuse(whole, book, None, f"{letters[0].arrival.why} {said}".strip())]
    return letters + [refuse(incoming, book, None, why) for incoming, why in unread]


def attached_files(data: bytes) -> list[Incoming]:
    """The files of a message that may be letters; pictures shown in its text and small ones are not."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        return list(_files(message, _key(message, data)))[:MOST_FILES]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what the parser meets in odd mail
        return []  # the message is then read whole, by a reader that bears more


def _files(message: EmailMessage, key: str) -> Iterator[Incoming]:
    for part in message.walk():
        name = part.get_filename()
        if part.is_multipart() or (not name and part.get_content_disposition() != "attachment"):
            continue
        if _NO_LETTERS.search(name or ""):
            continue
        content = part.get_payload(decode=True)
        is_picture = part.get_content_maintype() == "image"
        is_shown = part.get_content_disposition() == "inline" and part["Content-ID"] is not None
        if not isinstance(content, bytes) or (is_picture and (is_shown or len(content) < _LEAST_PICTURE)):
            continue
        yield Incoming(content, name or "", Arrival.Way.MAIL, sender=_sender(message), message_id=key)


def _whole(data: bytes) -> Incoming:
    """The message itself as a file, named by its subject."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        key, sender, subject = _key(message, data), _sender(message), str(message["Subject"] or "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        key, sender, subject = _digest(data), "", ""
    return Incoming(data, f"{subject[:100].replace('/', '-') or 'thu'}.eml", Arrival.Way.MAIL, sender, key)


def _key(message: EmailMessage, data: bytes) -> str:
    stated = str(message["Message-ID"] or "").strip()
    return stated if 0 < len(stated) <= 255 else _digest(data)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _sender(message: EmailMessage) -> str:
    name, address = parseaddr(str(message["From"] or ""))
    return f"{name} <{address}>" if name and address else name or address


def _kept_in() -> Path:
    path: Path = settings.LANTOA_HOME / "mailbox.json"
    return path


def _bookmark(name: str) -> Bookmark:
    """How far this mailbox was read; another one, or a broken file, begins anew with what is unopened."""
    try:
        kept = json.loads(_kept_in().read_text(encoding="utf-8"))
        return Bookmark(kept["validity"], kept["after"], kept["on"]) if kept["name"] == name else Bookmark()
    except (OSError, ValueError, KeyError, TypeError):
        return Bookmark()


def _keep_bookmark(name: str, mark: Bookmark, today: dt.date) -> None:
    kept = {"name": name, "validity": mark.validity, "after": mark.after, "on": today.isoformat()}
    write_whole(_kept_in(), json.dumps(kept).encode())

