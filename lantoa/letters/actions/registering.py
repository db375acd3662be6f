"""Verbs of the registers: read a file, register the letter in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from lantoa.letters.models import IncomingLetter, LetterMark, LetterPages
from lantoa.letters.rules.duplicates import (
    Compared,
    Likeness,
    Registered,
    compare,
    identity_mark,
    resemblance,
    text_marks,
    with_likeness,
)
from lantoa.letters.rules.envelope import read_enveloped
from lantoa.letters.rules.handling import proposed_due
from lantoa.lib.extract import Extracted, extract_text
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from lantoa.letters.rules.letter import Letter
    from lantoa.places.models import User

MOST_COMPARED = 12
"""How many registered letters a new one is compared with in full, those with most marks in common first."""
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what was understood from it."""

    name: str
    hash: str
    extracted: Extracted
    letter: Letter

    @property
    def compared(self) -> Compared:
        """The letter as it is compared with those registered before."""
        return Compared(self.letter, self.extracted.text)

    @property
    def text_hash(self) -> str:
        """The same whatever way the letter came: its words without their spacing."""
        return hashlib.sha256(" ".join(self.extracted.text.split()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Registration:
    """The row of the register, and whether it is new: the same letter is registered once."""

    row: IncomingLetter
    is_new: bool


def read_file(
    path: Path, name: str | None = None, extract: Callable[[Path], Extracted] = extract_text
) -> ReadFile:
    """Read a letter from a file. Raises `ExtractionError` or `NotALetter`, whose messages are for the officer.

    A file nobody vouches for is read with an `extract` that is bounded (`lantoa.lib.extract.bounded`).
    """
    extracted = extract(path)
    letter = read_enveloped(extracted.text, extracted.page_starts, extracted.envelope, extracted.shaky)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return ReadFile(name or path.name, digest, extracted, letter)


def check_register_letter(book: Place, by: User | None) -> None:
    """Whether `by` may write in the register of `book`."""
    require(by, "register_letter", book)


def register_letter(source: ReadFile, book: Place, by: User | None) -> Registration:
    """Give the letter the next arrival number of the year (NĐ 30/2020, Điều 22), or find the row it already has.

    The same words, or the same letter in another file, is one row. What may be the same gets a row and number of its
    own, with a doubt that a person settles (`settle_duplicate`).
    """
    check_register_letter(book, by)
    marks = marks_of(source)
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                return _register(source, book, by, marks)
        except IntegrityError:  # someone took the number between our look and our row
            if not tries_left:
                raise
    raise AssertionError  # the last try returns or raises


def marks_of(source: ReadFile) -> list[int]:
    """The marks by which copies of this letter are found."""
    identity = identity_mark(source.letter, timezone.localdate().year)
    return [*text_marks(source.compared), *([] if identity is None else [identity])]


def candidates(book: Place, marks: Iterable[int]) -> list[IncomingLetter]:
    """The registered letters to compare a new one with in full, those with most marks in common first."""
    keys = LetterMark.objects.sharing(book, marks, MOST_COMPARED)
    found = IncomingLetter.objects.select_related("duplicate_of").in_bulk(keys)
    return [found[key] for key in keys]


def _register(source: ReadFile, book: Place, by: User | None, marks: list[int]) -> Registration:
    Place.objects.select_for_update().get(pk=book.pk)  # one at a time in one book, where the database has such locks
    already = IncomingLetter.objects.filter(book=book, text_hash=source.text_hash).first()
    if already:
        return Registration(already.duplicate_of or already, is_new=False)
    likeness, old = _closest(source.compared, candidates(book, marks))
    if old is not None and likeness is Likeness.SAME:
        return Registration(old.duplicate_of or old, is_new=False)
    row = _new_row(source, book, by, old)
    LetterMark.objects.bulk_create(LetterMark(book=book, mark=mark, letter=row) for mark in marks)
    if source.extracted.boxes:
        LetterPages.objects.create(letter=row, boxes=source.extracted.boxes.to_json())
    record(Event(by, "register_letter", row, detail={"ordinal": row.ordinal, "file": source.name}))
    return Registration(row, is_new=True)


def _closest(new: Compared, rows: Iterable[IncomingLetter]) -> tuple[Likeness, IncomingLetter | None]:
    """The registered letter that the new one is, else the one it resembles most."""
    closest: tuple[float, IncomingLetter] | None = None
    for row in rows:
        old = Compared(row.letter, row.text)
        likeness = compare(new, old)
        if likeness is Likeness.SAME:
            return likeness, row
        if likeness is Likeness.RESEMBLES:
            closest = max(closest or (0.0, row), (resemblance(new, old), row), key=itemgetter(0))
    return (Likeness.DIFFERENT, None) if closest is None else (Likeness.RESEMBLES, closest[1])


def _new_row(source: ReadFile, book: Place, by: User | None, resembles: IncomingLetter | None) -> IncomingLetter:
    today = timezone.localdate()
    letter = source.letter
    if resembles is not None:
        letter = with_likeness(letter, Registered(resembles.letter, resembles.ordinal, resembles.arrived_on))
    last = IncomingLetter.objects.filter(book=book, year=today.year).aggregate(Max("ordinal"))["ordinal__max"]
    return IncomingLetter.objects.create(
        book=book,
        year=today.year,
        ordinal=(last or 0) + 1,
        arrived_on=today,
        by=by,
        content=letter.to_json(),
        subject=letter.subject or "",
        text=source.extracted.text,
        text_hash=source.text_hash,
        file_name=source.name,
        file_hash=source.hash,
        page_starts=list(source.extracted.page_starts),
        due_on=proposed_due(letter, today, source.extracted.envelope),
        resembles=resembles,
    )
