"""Verbs of the confirm screen: what a person says of each field of a reading.

Nothing is overwritten. A confirmation is a row more; the last one of a field holds, and to undo is to say "look again".
Two people may sit before one letter: each says what they had seen, and is shown the field anew when it has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lantoa.letters.models import Confirmation, IncomingLetter
from lantoa.letters.rules.doubts import reads_like_scan
from lantoa.letters.rules.examples import example_of
from lantoa.letters.rules.fields import (
    ABSENT,
    CORRECTED,
    FIRST_MEMBER,
    PLACES,
    Entry,
    entries,
    entry_of,
    kind_of,
    may_be_absent,
    numbers,
    parts,
)
from lantoa.letters.rules.typed import check_typed
from lantoa.lib.extract.boxes import Boxes
from lantoa.lib.vietnamese import slug
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.places.models import User

Verdict = Confirmation.Verdict
SURE = 100
"""How sure a word is that no optical reader read."""


class ChangedMeanwhileError(RefusedError):
    """Somebody else said something of this field after the page was shown; it is to be shown again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever answers had before them: the last confirmation of the letter their page knew of, 0 for none."""

    last: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """The row kept, and what looks odd about the value: told, never forbidden."""

    row: Confirmation
    warning: str = ""


def entries_of(letter: IncomingLetter) -> list[Entry]:
    """Every field of a registered letter as it stands."""
    return entries(letter.reading, letter.confirmations.select_related("by"))


@transaction.atomic
def confirm_field(letter: IncomingLetter, path: str, by: User | None, seen: Seen | None = None) -> Settled:
    """Say that the field is right as it stands: as it was read, or as somebody put it before."""
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    entry = _standing(letter, path, seen)
    if entry.said is not None and entry.verdict in {CORRECTED, ABSENT}:
        return _keep("confirm_field", letter, entry, by, (entry.verdict, entry.said.value))
    return _keep("confirm_field", letter, entry, by, (Verdict.CONFIRMED, entry.value))


@transaction.atomic
def correct_field(
    letter: IncomingLetter, path: str, typed: Sequence[str], by: User | None, seen: Seen | None = None
) -> Settled:
    """Give the field another value. Raises `WrongValueError` when what was typed is none; its own value confirms it."""
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    entry = _standing(letter, path, seen)
    if entry.kind in {"", "item", "list"}:
        raise RefusedError("Trường này không sửa thẳng được: hãy sửa từng phần của nó.")
    checked = check_typed(entry.kind, typed, timezone.localdate())
    verdict = Verdict.CONFIRMED if checked.value == entry.read else Verdict.CORRECTED
    kept = _keep("correct_field", letter, entry, by, (verdict, checked.value))
    return Settled(kept.row, checked.warning)


@transaction.atomic
def mark_absent(letter: IncomingLetter, path: str, by: User | None, seen: Seen | None = None) -> Settled:
    """Say that the letter does not say this; an item of a list that was wrongly read goes."""
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    entry = _standing(letter, path, seen)
    if not may_be_absent(path):
        raise RefusedError("Văn bản nào cũng có điều này. Hãy sửa lại cho đúng, hoặc bỏ cả mục.")
    return _keep("mark_absent", letter, entry, by, (Verdict.ABSENT, None))


@transaction.atomic
def reopen_field(letter: IncomingLetter, path: str, by: User | None, seen: Seen | None = None) -> Settled:
    """Take back what was last said: the field is as it was read, with its doubts."""
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    entry = _standing(letter, path, seen)
    if entry.said is None:
        raise RefusedError("Trường này chưa ai xác nhận.")
    return _keep("reopen_field", letter, entry, by, (Verdict.REOPENED, entry.read))


@transaction.atomic
def add_item(letter: IncomingLetter, name: str, typed: Sequence[str], by: User | None) -> Settled:
    """Add what the reader missed: an addressee, a recipient, a cited document by its number, a task by its words."""
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    if name not in PLACES:
        raise RefusedError("Không thêm được mục vào đây.")
    first = FIRST_MEMBER.get(name)
    checked = check_typed("text" if first else kind_of(f"{name}[0]"), typed, timezone.localdate())
    said = list(letter.confirmations.all())
    taken = [parts(one.path).number or 0 for one in said if parts(one.path).name == name]
    number = max([len(getattr(letter.reading, name)) - 1, *numbers(letter.reading, said, name), *taken], default=-1) + 1
    path = f"{name}[{number}]"
    value = {first: checked.value} if first else checked.value
    return _keep("add_item", letter, Entry(path, kind_of(path), None, None, None, ()), by, (Verdict.CORRECTED, value))


@transaction.atomic
def confirm_rest(letter: IncomingLetter, by: User | None, seen: Seen | None = None) -> int:
    """Confirm every value nobody doubts and nobody has spoken of yet; returns how many. Doubts stay open.

    Raises `ChangedMeanwhileError` when the letter changed since it was shown: nobody confirms what they have not seen.
    """
    require(by, "register_letter", letter.book)
    letter = _locked(letter)
    said = list(letter.confirmations.all())
    if seen is not None and said and said[-1].pk > seen.last:
        raise ChangedMeanwhileError("Văn bản vừa có người sửa. Hãy xem lại rồi xác nhận tất cả.")
    rest = [
        entry
        for entry in entries(letter.reading, said)
        if entry.said is None and not entry.doubts and entry.value not in (None, [], "")
    ]
    Confirmation.objects.bulk_create(
        Confirmation(letter=letter, path=one.path, verdict=Verdict.CONFIRMED, value=one.value, was=one.read, by=by)
        for one in rest
    )
    if rest:
        record(Event(by, "confirm_rest", letter, _campaign_of(letter), {"fields": len(rest)}))
    return len(rest)


def last_seen(letter: IncomingLetter) -> Seen:
    """What a page shown now has seen."""
    return Seen(max(letter.confirmations.values_list("pk", flat=True), default=0))


def _standing(letter: IncomingLetter, path: str, seen: Seen | None) -> Entry:
    """The field as it stands, if nobody spoke of it since `seen`.

    Raises `RefusedError` for a field the letter has not, `ChangedMeanwhileError` when it was changed.
    """
    said = list(letter.confirmations.select_related("by"))
    found = entry_of(letter.reading, said, path)
    if found is None:
        raise RefusedError("Văn bản không có trường này. Hãy tải lại trang.")
    later = [one for one in said if one.path == path and seen is not None and one.pk > seen.last]
    if later:
        who = str(later[-1].by or "người khác")
        raise ChangedMeanwhileError(f"{who} vừa xem trường này. Hãy xem lại giá trị mới rồi quyết định.")
    return found


def _locked(letter: IncomingLetter) -> IncomingLetter:
    """The row, held until the end of the transaction: what is said of one letter is said one after another."""
    locked: IncomingLetter = IncomingLetter.objects.select_for_update().get(pk=letter.pk)
    return locked


def _keep(verb: str, letter: IncomingLetter, entry: Entry, by: User | None, answer: tuple[str, Any]) -> Settled:
    verdict, value = answer
    row = Confirmation.objects.create(
        letter=letter, path=entry.path, verdict=verdict, value=value, was=entry.read, doubts=list(entry.doubts), by=by
    )
    if entry.path == "subject":  # the register is searched by it
        letter.subject = letter.letter.subject or ""
        letter.save(update_fields=["subject"])
    detail = {"path": entry.path, "from": entry.value, "to": value}
    record(Event(by, verb, letter, _campaign_of(letter), detail))
    return Settled(row)


def _campaign_of(letter: IncomingLetter) -> int | None:
    campaign = getattr(letter, "campaign", None)
    return None if campaign is None else campaign.pk


def examples_of_office() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, text and settled letter of every registered letter that the reader can be measured by."""
    rows = IncomingLetter.objects.filter(confirmations__isnull=False).distinct().order_by("pk")
    for row in rows.prefetch_related("confirmations").select_related("pages", "book").iterator(chunk_size=200):
        pages = getattr(row, "pages", None)
        is_scan = pages is not None and any(word.sure < SURE for word in Boxes.from_json(pages.boxes).words)
        extraction = "ocr" if is_scan or reads_like_scan(row.text) else "text"
        letter = example_of(row.reading, row.confirmations.all(), extraction)
        if letter is not None:
            yield f"{slug(row.book.code)}-{row.year}-{row.ordinal:04d}", row.text, letter


def is_settled(letter: IncomingLetter) -> bool:
    """Whether no doubt of the letter is open."""
    return not any(entry.is_open for entry in entries_of(letter))
