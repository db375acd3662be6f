"""Verbs of what comes in, by whatever way: keep it, read it, register the letter in it, and remember that it came.

The original is kept whole before anything else is tried. Something that came twice leaves one number in the register
and one arrival for each time; the same message fetched again after a crash leaves nothing new.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lantoa.letters.actions.registering import ReadFile, read_file, register_letter
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.rules.duplicates import without_likeness
from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.lib.extract import Extracted, ExtractionError
from lantoa.lib.extract.bounded import BoundedReader
from lantoa.lib.extract.choosing import safe_name
from lantoa.lib.files import write_whole
from lantoa.lib.vietnamese import nfc
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from lantoa.places.models import User

logger = logging.getLogger(__name__)
PASTED = "noi-dung-dan.txt"
_FAILED = "Chương trình gặp lỗi khi đọc tệp này. Tệp gốc vẫn được giữ: hãy thử đọc lại, hoặc dán nội dung công văn."


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in: its bytes, the name its sender gave it, by which way (`Arrival.Way`) and from whom.

    `message_id` names the one message or file it came with, so that meeting it again is known for what it is.
    """

    data: bytes
    name: str
    way: str
    sender: str = ""
    message_id: str = ""
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", hashlib.sha256(self.data).hexdigest())
        object.__setattr__(self, "name", safe_name(self.name, 1))


@dataclass(frozen=True, slots=True)
class Received:
    """The arrival, and whether its letter is new in the register. Without a letter, `arrival.why` says why."""

    arrival: Arrival
    is_new: bool

    @property
    def row(self) -> IncomingLetter | None:
        """The row of the register."""
        return self.arrival.letter


def receive(incoming: Incoming, book: Place, by: User | None) -> Received:
    """Keep the file, read it, and register the letter in it; what cannot be read is an arrival that says why.

    Raises `RefusedError` when `by` may not write in the register of `book`.
    """
    require(by, "register_letter", book)
    kept = keep_original(incoming)
    before = _before(incoming, book)
    if before is not None and (before.letter is not None or before.is_set_aside):
        return Received(before, is_new=False)
    known = IncomingLetter.objects.filter(book=book, arrivals__file_hash=incoming.hash).first()
    if known is not None:
        return Received(_arrived(incoming, book, by, before, letter=known.duplicate_of or known), is_new=False)
    source, why = _read(kept, incoming.name)
    return take_in(source, incoming, book, by) if source is not None else refuse(incoming, book, by, why)


def refuse(incoming: Incoming, book: Place, by: User | None, why: str) -> Received:
    """Remember that something came that cannot be read, and why, for the person who looks at what arrived."""
    require(by, "register_letter", book)
    keep_original(incoming)
    with transaction.atomic():
        arrival = _arrived(incoming, book, by, _before(incoming, book), why=why)
        record(Event(by, "refuse", arrival, detail={"file": incoming.name, "why": why}))
    return Received(arrival, is_new=False)


def look_into(incoming: Incoming) -> ReadFile:
    """Keep the file and read it, and register nothing yet. Raises `ExtractionError` or `NotALetter`."""
    return read_file(keep_original(incoming), incoming.name, _bounded().extract_path)


def take_in(source: ReadFile, incoming: Incoming, book: Place, by: User | None) -> Received:
    """Register a letter that has been read already, and remember how it came; its file is kept as well."""
    require(by, "register_letter", book)
    keep_original(incoming)
    with transaction.atomic():
        registration = register_letter(source, book, by)
        arrival = _arrived(incoming, book, by, _before(incoming, book), letter=registration.row)
    return Received(arrival, registration.is_new)


def receive_text(text: str, book: Place, by: User | None) -> Received:
    """Receive a letter whose words were pasted."""
    require(by, "register_letter", book)
    return receive(Incoming(nfc(text).encode(), PASTED, Arrival.Way.PASTED), book, by)


def read_again(arrival: Arrival, by: User | None) -> Received:
    """Try once more to read what could not be read: optical reading may have been installed since."""
    require(by, "register_letter", arrival.book)
    _check_unread(arrival)
    kept = original(arrival.file_hash)
    source, why = (None, "Tệp gốc không còn trong kho.") if kept is None else _read(kept, arrival.file_name)
    if source is not None:
        return _settle_unread(arrival, source, by)
    arrival.why = why
    arrival.save(update_fields=["why"])
    return Received(arrival, is_new=False)


def paste_text(arrival: Arrival, text: str, by: User | None) -> Received:
    """Register what could not be read by the words a person pasted. Raises `NotALetter` when they are none."""
    require(by, "register_letter", arrival.book)
    _check_unread(arrival)
    extracted = Extracted(nfc(text.replace("\r\n", "\n")))
    source = ReadFile(arrival.file_name, arrival.file_hash, extracted, read_letter(extracted.text, (0,)))
    return _settle_unread(arrival, source, by)


def set_aside(arrival: Arrival, by: User | None) -> None:
    """Say that what could not be read is no letter: it leaves the list, and its file stays."""
    require(by, "register_letter", arrival.book)
    _check_unread(arrival)
    with transaction.atomic():
        arrival.is_set_aside = True
        arrival.save(update_fields=["is_set_aside"])
        record(Event(by, "set_aside", arrival, detail={"file": arrival.file_name}))


@dataclass(frozen=True, slots=True)
class Handling:
    """Who deals with a letter, when it was forwarded to them, by when it is due and when it was done."""

    handled_by: Place | None = None
    forwarded_on: dt.date | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    note: str = ""


def check_handle_letter(row: IncomingLetter, handling: Handling, by: User | None) -> None:
    """Whether `by` may, and whether the days follow one another."""
    require(by, "register_letter", row.book)
    for said, day in (("Ngày chuyển", handling.forwarded_on), ("Ngày xử lý xong", handling.done_on)):
        if day is not None and not row.arrived_on <= day <= timezone.localdate():
            raise RefusedError(f"{said} phải từ ngày đến ({row.arrived_on:%d/%m/%Y}) tới hôm nay.")
    if handling.forwarded_on and not handling.handled_by:
        raise RefusedError("Hãy chọn đơn vị nhận trước khi ghi ngày chuyển.")


def handle_letter(row: IncomingLetter, handling: Handling, by: User | None) -> None:
    """Write who deals with the letter and by when (NĐ 30/2020, Điều 23 và 24)."""
    check_handle_letter(row, handling, by)
    names = ("handled_by", "forwarded_on", "due_on", "done_on", "note")
    changed = {name: getattr(handling, name) for name in names if getattr(handling, name) != getattr(row, name)}
    if not changed:
        return
    with transaction.atomic():
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        said = {name: str(value) if isinstance(value, Place) else value for name, value in changed.items()}
        record(Event(by, "handle_letter", row, detail={"ordinal": row.ordinal, **said}))


def settle_duplicate(row: IncomingLetter, by: User | None, *, is_duplicate: bool) -> None:
    """Say whether a letter is a copy of the one it resembles. Its number stays used, and the register says so."""
    require(by, "register_letter", row.book)
    with transaction.atomic():
        row = IncomingLetter.objects.select_for_update(of=("self",)).select_related("resembles").get(pk=row.pk)
        old = row.resembles
        if old is None:
            raise RefusedError("Văn bản này không chờ phân xử trùng. Hãy tải lại trang.")
        row.resembles = None
        row.duplicate_of = (old.duplicate_of or old) if is_duplicate else None
        row.content = without_likeness(row.reading).to_json()
        row.save(update_fields=["resembles", "duplicate_of", "content"])
        detail = {"ordinal": row.ordinal, "other": old.ordinal, "is_duplicate": is_duplicate}
        record(Event(by, "settle_duplicate", row, detail=detail))


def keep_original(incoming: Incoming) -> Path:
    """Keep the file whole under its hash; a file that is kept already is not written again."""
    kept = original(incoming.hash)
    if kept is None:
        kept = _folder(incoming.hash) / incoming.name
        write_whole(kept, incoming.data)
    return kept


def original(file_hash: str) -> Path | None:
    """The file kept under this hash, None when there is none."""
    folder = _folder(file_hash)
    return next((path for path in sorted(folder.glob("*")) if not path.name.startswith(".")), None)


def book_of_doors() -> Place:
    """The register that mailbox and folder write in: of `LANTOA_BOOK`, else of the only place at the top of the tree.

    Raises `RefusedError`, which says what to set.
    """
    here = Place.objects.on(timezone.localdate())
    if settings.LANTOA_BOOK:
        named = here.filter(code=settings.LANTOA_BOOK).order_by("-valid_from").first()
        if named is None:
            raise RefusedError(f"LANTOA_BOOK: không có đơn vị mã {settings.LANTOA_BOOK} trong cây đơn vị.")
        return named
    top = list(here.filter(parent=None)[:2])
    if not top:
        raise RefusedError("Chưa có cây đơn vị. Hãy nạp bằng lantoa import places TỆP.")
    if len(top) > 1:
        raise RefusedError("Có nhiều đơn vị ở gốc cây: hãy đặt LANTOA_BOOK là mã đơn vị giữ sổ văn bản đến.")
    return top[0]


def _folder(file_hash: str) -> Path:
    folder: Path = settings.LANTOA_HOME / "letters" / file_hash
    return folder


@cache
def _bounded() -> BoundedReader:
    """The one child that reads for this process; it ends with it."""
    reader = BoundedReader()
    atexit.register(reader.close)
    return reader


def _read(kept: Path, name: str) -> tuple[ReadFile | None, str]:
    """What was read, else why not. A fault of ours is told as one, and never stops the next file."""
    try:
        return read_file(kept, name, _bounded().extract_path), ""
    except (ExtractionError, NotALetter) as error:
        return None, str(error)
    except Exception:
        logger.exception("Reading %s failed", kept)
        return None, _FAILED


def _before(incoming: Incoming, book: Place) -> Arrival | None:
    """The arrival of this very message, when it is met again."""
    if not incoming.message_id:
        return None
    same = Arrival.objects.filter(book=book, way=incoming.way, message_id=incoming.message_id)
    return same.filter(file_hash=incoming.hash).select_related("letter").first()


def _arrived(
    incoming: Incoming, book: Place, by: User | None, before: Arrival | None, **outcome: IncomingLetter | str | None
) -> Arrival:
    """Write the arrival, or what became of one that was written before."""
    if before is not None:
        before.letter, before.why = None, ""
        for name, value in outcome.items():
            setattr(before, name, value)
        before.save(update_fields=["letter", "why"])
        return before
    return Arrival.objects.create(
        book=book,
        way=incoming.way,
        by=by,
        sender=incoming.sender[:320],
        file_name=incoming.name,
        file_hash=incoming.hash,
        message_id=incoming.message_id,
        **outcome,
    )


def _check_unread(arrival: Arrival) -> None:
    if arrival.letter_id is not None or arrival.is_set_aside:
        raise RefusedError("Tệp này đã được xử lý rồi. Hãy tải lại trang.")


def _settle_unread(arrival: Arrival, source: ReadFile, by: User | None) -> Received:
    with transaction.atomic():
        registration = register_letter(source, arrival.book, by)
        arrival.letter, arrival.why = registration.row, ""
        arrival.save(update_fields=["letter", "why"])
    return Received(arrival, registration.is_new)
