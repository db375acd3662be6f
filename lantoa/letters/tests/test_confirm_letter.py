"""What a person says of a reading is kept, with who said it; nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.evidence.models import HistoryEntry
from lantoa.letters.actions import (
    ChangedMeanwhileError,
    add_item,
    confirm_field,
    confirm_rest,
    correct_field,
    examples_of_office,
    is_settled,
    last_seen,
    mark_absent,
    reopen_field,
)
from lantoa.letters.models import Confirmation, IncomingLetter
from lantoa.letters.rules.letter import Doubt, Letter, LetterTask
from lantoa.letters.rules.typed import WrongValueError
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from lantoa.places.models import Place

LETTER = Letter(
    doc_type="cong_van",
    issuer="Ủy ban nhân dân quận",
    number="12",
    symbol="UBND-VHTT",
    subject="dừng công nghệ 2G",
    addressees=("Các phòng",),
    tasks=(LetterTask("1", ("Các phường",), "phát loa"),),
    doubts=(Doubt("number", "Số mờ."), Doubt("date", "Ngày bỏ trống.")),
)


def make_row(book: Place, **changes: Any) -> IncomingLetter:
    values: dict[str, Any] = {
        "book": book, "year": 2024, "ordinal": 1, "content": LETTER.to_json(), "subject": LETTER.subject or "",
        "arrived_on": "2024-08-21", "text": "Số: 12/UBND-VHTT", "text_hash": "t", "file_name": "cv.txt",
        "file_hash": "f",
    }  # fmt: skip
    return IncomingLetter.objects.create(**values | changes)


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


@pytest.fixture
def row(cast: Cast) -> IncomingLetter:
    return make_row(cast.district)


def test_a_field_confirmed_is_in_doubt_no_more_and_who_said_so_is_kept(cast: Cast, row: IncomingLetter) -> None:
    kept = confirm_field(row, "number", cast.officer).row
    assert [doubt.field for doubt in row.letter.doubts] == ["date"]
    assert (kept.by, kept.value, kept.doubts) == (cast.officer, "12", ["Số mờ."])
    entry = HistoryEntry.objects.get(verb="confirm_field")
    assert (entry.by, entry.detail["path"]) == (cast.officer, "number")


def test_a_correction_is_checked_kept_and_may_be_taken_back(cast: Cast, row: IncomingLetter) -> None:
    assert correct_field(row, "number", ["Số: 15"], cast.officer).warning == ""
    assert "không giống" in correct_field(row, "number", ["mười lăm"], cast.officer).warning
    correct_field(row, "date", ["20/8/2024"], cast.officer)
    assert (row.letter.number, row.letter.date) == ("mười lăm", "2024-08-20")
    assert is_settled(row)
    reopen_field(row, "number", cast.officer)
    assert (row.letter.number, row.reading.number) == ("12", "12")
    assert not is_settled(row)
    assert row.confirmations.filter(path="number").count() == 3


def test_confirming_what_was_corrected_keeps_the_correction(cast: Cast, row: IncomingLetter) -> None:
    correct_field(row, "number", ["15"], cast.colleague)
    mark_absent(row, "issuer", cast.colleague)
    add_item(row, "addressees", ["Các xã"], cast.colleague)
    for path in ("number", "issuer", "addressees[1]"):
        confirm_field(row, path, cast.officer)
    assert (row.letter.number, row.letter.issuer) == ("15", None)
    assert row.letter.addressees == ("Các phòng", "Các xã")


def test_typing_what_was_read_confirms_it(cast: Cast, row: IncomingLetter) -> None:
    assert correct_field(row, "number", ["12"], cast.officer).row.verdict == "confirmed"


def test_a_wrong_value_leaves_nothing(cast: Cast, row: IncomingLetter) -> None:
    with pytest.raises(WrongValueError, match="trên lịch"):
        correct_field(row, "date", ["31/2/2024"], cast.officer)
    assert not Confirmation.objects.exists()


def test_the_register_finds_a_corrected_subject(cast: Cast, row: IncomingLetter) -> None:
    correct_field(row, "subject", ["dừng sóng 2G"], cast.officer)
    row.refresh_from_db()
    assert row.subject == "dừng sóng 2G"


def test_what_the_reader_missed_is_added_and_what_it_made_up_goes(cast: Cast, row: IncomingLetter) -> None:
    added = add_item(row, "tasks", ["đến từng nhà"], cast.officer).row
    assert added.path == "tasks[1]"
    correct_field(row, "tasks[1].assignees", ["Tổ công nghệ số\nTổ Đề án 06"], cast.officer)
    assert row.letter.tasks[1].assignees == ("Tổ công nghệ số", "Tổ Đề án 06")
    mark_absent(row, "tasks[0]", cast.officer)
    assert [task.actions_summary for task in row.letter.tasks] == ["đến từng nhà"]
    reopen_field(row, "tasks[1]", cast.officer)
    assert add_item(row, "tasks", ["họp dân"], cast.officer).row.path == "tasks[2]", "a number is never used twice"
    add_item(row, "addressees", ["Các xã"], cast.officer)
    assert row.letter.addressees == ("Các phòng", "Các xã")


def test_two_people_at_once_each_see_what_the_other_said(cast: Cast, row: IncomingLetter) -> None:
    seen = last_seen(row)
    correct_field(row, "number", ["15"], cast.colleague, seen)
    with pytest.raises(ChangedMeanwhileError, match="vừa xem"):
        confirm_field(row, "number", cast.officer, seen)
    confirm_field(row, "date", cast.officer, seen)
    with pytest.raises(ChangedMeanwhileError):
        confirm_rest(row, cast.officer, seen)
    assert row.letter.number == "15"


def test_all_the_rest_is_confirmed_at_once_but_no_doubt(cast: Cast, row: IncomingLetter) -> None:
    number = confirm_rest(row, cast.officer)
    said = set(row.confirmations.values_list("path", flat=True))
    assert {"issuer", "symbol", "subject", "addressees[0]", "tasks[0].assignees", "doc_type"} <= said
    assert not {"number", "date", "purpose"} & said
    assert number == len(said)
    assert confirm_rest(row, cast.officer) == 0
    assert HistoryEntry.objects.filter(verb="confirm_rest").count() == 1


@pytest.mark.parametrize("path", ["nothing", "tasks[9].deadline", "addressees[0].x"])
def test_a_field_the_letter_has_not_is_refused(cast: Cast, row: IncomingLetter, path: str) -> None:
    with pytest.raises(RefusedError, match="không có trường"):
        confirm_field(row, path, cast.officer)


def test_some_things_every_letter_says(cast: Cast, row: IncomingLetter) -> None:
    for path in ("doc_type", "tasks[0].actions_summary"):
        with pytest.raises(RefusedError):
            mark_absent(row, path, cast.officer)
    with pytest.raises(RefusedError, match="chưa ai"):
        reopen_field(row, "issuer", cast.officer)
    with pytest.raises(RefusedError):
        add_item(row, "spans", ["x"], cast.officer)


def test_only_those_who_keep_the_register_may(cast: Cast, row: IncomingLetter) -> None:
    for person in (cast.unit_officer, cast.field_worker, cast.outsider):
        for act in (confirm_field, mark_absent, reopen_field):
            with pytest.raises(RefusedError):
                act(row, "number", person)
    assert not Confirmation.objects.exists()


def test_a_settled_letter_that_was_corrected_is_an_example_and_a_doubtful_one_is_not(
    cast: Cast, row: IncomingLetter
) -> None:
    correct_field(row, "number", ["15"], cast.officer)
    assert list(examples_of_office()) == []
    mark_absent(row, "date", cast.officer)
    ((name, text, letter),) = examples_of_office()
    assert (name, text) == (f"{cast.district.code.lower()}-2024-0001", row.text)
    assert (letter["number"], letter["date"], letter["source"]) == ("15", None, {"extraction": "text"})
    assert letter["confirmed"] == ["date", "number"], "what nobody looked at does not count"
    assert not {"spans", "doubts", "confidence"} & letter.keys()


def test_a_letter_confirmed_whole_is_an_example_of_every_field(cast: Cast, row: IncomingLetter) -> None:
    confirm_field(row, "number", cast.officer)
    confirm_field(row, "date", cast.officer)
    assert list(examples_of_office()) == []
    confirm_rest(row, cast.officer)
    ((_name, _text, letter),) = examples_of_office()
    assert {"doc_type", "tasks", "purpose", "signer_name", "number"} <= set(letter["confirmed"])
