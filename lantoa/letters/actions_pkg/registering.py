"""Verbs of the registers: read a file, register the letter in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lantoa.letters.models import IncomingLetter
from lantoa.letters.rules.reading import read_letter
from lantoa.lib.extract import Extracted, extract_text
from lantoa.places.events import Event, record
from lantoa.places.permits import require

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.letters.rules.letter import Letter
    from lantoa.places.models import Place, User


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what was understood from it."""

    name: str
    hash: str
    extracted: Extracted
    letter: Letter

    @property
    def text_hash(self) -> str:
        """The same whatever way the letter came: its words without their spacing."""
        return hashlib.sha256(" ".join(self.extracted.text.split()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Registration:
    """The row of the register, and whether it is new: the same letter is registered once."""

    row: IncomingLetter
    is_new: bool


def read_file(path: Path, name: str | None = None) -> ReadFile:
    """Read a letter from a file. Raises `ExtractionError` or `NotALetter`, whose messages are for the officer."""
    extracted = extract_text(path)
    letter = read_letter(extracted.text, extracted.page_starts)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return ReadFile(name or path.name, digest, extracted, letter)


def check_register_letter(book: Place, by: User | None) -> None:
    """Whether `by` may write in the register of `book`."""
    require(by, "register_letter", book)


def register_letter(source: ReadFile, book: Place, by: User | None) -> Registration:
    """Give the letter the next arrival number of the year (NĐ 30/2020, Điều 22), or find the row it already has."""
    check_register_letter(book, by)
    today = timezone.localdate()
    with transaction.atomic():
        already = IncomingLetter.objects.filter(book=book, text_hash=source.text_hash).first()
        if already:
            return Registration(already, is_new=False)
        last = IncomingLetter.objects.filter(book=book, year=today.year).aggregate(Max("ordinal"))["ordinal__max"]
        row = IncomingLetter.objects.create(
            book=book,
            year=today.year,
            ordinal=(last or 0) + 1,
            arrived_on=today,
            by=by,
            content=source.letter.to_json(),
            subject=source.letter.subject or "",
            text=source.extracted.text,
            text_hash=source.text_hash,
            file_name=source.name,
            file_hash=source.hash,
            page_starts=list(source.extracted.page_starts),
        )
        record(Event(by, "register_letter", row, detail={"ordinal": row.ordinal, "file": source.name}))
    return Registration(row, is_new=True)
