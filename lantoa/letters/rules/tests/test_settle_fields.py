"""What people said of a reading, applied; and what may be printed of a letter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lantoa.letters.rules.fields import (
    HEADER,
    MEMBERS,
    apply_confirmations,
    entries,
    is_all_confirmed,
    kind_of,
    may_be_absent,
    numbers,
    open_doubts,
    value_at,
)
from lantoa.letters.rules.letter import CitedDocument, Doubt, Letter, LetterTask, Span
from lantoa.letters.rules.settling import printed_doubts, settled


@dataclass(frozen=True)
class Told:
    path: str
    verdict: str
    value: Any = None


def doubted(*paths: str) -> tuple[Doubt, ...]:
    return tuple(Doubt(path, "Nên xem lại.") for path in paths)


LETTER = Letter(
    doc_type="cong_van",
    issuer="Ủy ban nhân dân huyện Sông Mẫu",
    number="12",
    symbol="UBND-VHTT",
    date="2024-08-20",
    subject="dừng công nghệ 2G",
    addressees=("Các phòng", "Trang 2", "Các xã"),
    tasks=(
        LetterTask("1", ("Các xã",), "phát loa", ("loudspeaker",), "2024-09-01"),
        LetterTask("2", ("Trường học",), "họp"),
    ),
    cited_documents=(CitedDocument("1801/STTTT", "2024-08-14", "Sở Thông tin và Truyền thông"),),
    spans={
        "number": Span(1, 0, 2, "12"),
        "addressees[1]": Span(1, 5, 9, "Tr 2"),
        "addressees[2]": Span(1, 9, 15, "Các xã"),
        "tasks[1]": Span(1, 20, 30, "họp"),
    },
    doubts=doubted("number", "addressees[1]", "tasks[1].assignees", "tasks[0].assignees[0]"),
)


def test_a_correction_stands_and_its_doubt_is_gone() -> None:
    letter = apply_confirmations(LETTER, [Told("number", "corrected", "15")])
    assert letter.number == "15"
    assert "number" not in {doubt.field for doubt in letter.doubts}
    assert LETTER.number == "12"


def test_the_last_word_holds_and_looking_again_brings_the_reading_and_its_doubt_back() -> None:
    said = [Told("number", "corrected", "15"), Told("number", "absent")]
    assert apply_confirmations(LETTER, said).number is None
    assert apply_confirmations(LETTER, [*said, Told("number", "reopened")]) == LETTER
    assert open_doubts(LETTER, [*said, Told("number", "reopened")])[0].path == "number"


def test_a_wrong_line_goes_and_the_others_keep_their_spans_under_new_numbers() -> None:
    letter = apply_confirmations(LETTER, [Told("addressees[1]", "absent")])
    assert letter.addressees == ("Các phòng", "Các xã")
    assert letter.spans["addressees[1]"].text == "Các xã"
    assert "addressees[2]" not in letter.spans
    assert not [doubt for doubt in letter.doubts if doubt.field.startswith("addressees")]


def test_paths_name_the_reading_whatever_was_added_or_taken_out() -> None:
    said = [
        Told("tasks[0]", "absent"),
        Told("tasks[2]", "corrected", {"actions_summary": "đến từng nhà"}),
        Told("tasks[2].assignees", "corrected", ["Tổ công nghệ số cộng đồng"]),
        Told("tasks[1].deadline", "corrected", "2024-09-05"),
    ]
    letter = apply_confirmations(LETTER, said)
    assert [(task.actions_summary, task.assignees, task.deadline) for task in letter.tasks] == [
        ("họp", ("Trường học",), "2024-09-05"),
        ("đến từng nhà", ("Tổ công nghệ số cộng đồng",), None),
    ]
    assert numbers(LETTER, said, "tasks") == [1, 2]
    assert [doubt.field for doubt in letter.doubts if doubt.field.startswith("tasks")] == ["tasks[0].assignees"]


def test_a_doubt_about_one_of_several_is_settled_with_the_field() -> None:
    letter = apply_confirmations(LETTER, [Told("tasks[0].assignees", "confirmed", ["Các xã"])])
    assert "tasks[0].assignees[0]" not in {doubt.field for doubt in letter.doubts}


def test_adding_what_was_missed_settles_that_nothing_was_found() -> None:
    bare = replace(LETTER, tasks=(), addressees=(), doubts=doubted("tasks", "addressees"))
    letter = apply_confirmations(bare, [Told("addressees[0]", "corrected", "Các xã")])
    assert letter.addressees == ("Các xã",)
    assert [doubt.field for doubt in letter.doubts] == ["tasks"]


def test_a_date_that_was_found_takes_the_place_of_its_printed_part() -> None:
    blank = replace(LETTER, date=None, date_partial="2024", doubts=doubted("date"))
    letter = apply_confirmations(blank, [Told("date", "corrected", "2024-08-20")])
    assert (letter.date, letter.date_partial) == ("2024-08-20", None)


def test_every_field_of_the_reading_and_what_was_said_of_it_is_an_entry() -> None:
    said = [Told("addressees[1]", "absent"), Told("number", "corrected", "15")]
    found = {entry.path: entry for entry in entries(LETTER, said)}
    assert (found["number"].read, found["number"].value, found["number"].verdict) == ("12", "15", "corrected")
    assert (found["addressees[1]"].read, found["addressees[1]"].value) == ("Trang 2", None)
    assert found["addressees[2]"].value == "Các xã"
    assert found["tasks[1].deadline"].value is None
    assert all(entry.kind for entry in found.values())


@given(st.sampled_from(sorted(HEADER)), st.sampled_from(["confirmed", "absent"]))
def test_what_was_settled_is_never_in_doubt(path: str, verdict: str) -> None:
    letter = replace(LETTER, doubts=doubted(path))
    assert apply_confirmations(letter, [Told(path, verdict, value_at(letter, path))]).doubts == ()


def test_a_letter_is_all_confirmed_when_every_value_was_spoken_of() -> None:
    said = [Told(entry.path, "confirmed", entry.value) for entry in entries(LETTER, []) if entry.value or entry.doubts]
    assert is_all_confirmed(LETTER, said)
    assert not is_all_confirmed(LETTER, said[:-1])


def test_kinds_and_what_must_be_there() -> None:
    assert kind_of("tasks[3].deadline") == "deadline"
    assert kind_of("tasks[3]") == "item"
    assert kind_of("addressees[0]") == "line"
    assert kind_of("addressees") == "list"
    assert kind_of("nothing") == kind_of("tasks[0].nothing") == kind_of("addressees[0].x") == ""
    assert not may_be_absent("tasks[7].actions_summary")
    assert may_be_absent("tasks[7].deadline")


def test_nothing_in_doubt_is_printed() -> None:
    letter = replace(
        LETTER,
        doubts=doubted("issuer", "date", "addressees[1]", "cited_documents[0].date", "tasks[0].deadline", "tasks[1]"),
    )
    sure = settled(letter)
    assert (sure.issuer, sure.date, sure.number_symbol) == (None, None, "12/UBND-VHTT")
    assert sure.addressees == ("Các phòng", "Các xã")
    assert sure.cited_documents == (CitedDocument("1801/STTTT", None, "Sở Thông tin và Truyền thông"),)
    assert [(task.deadline, task.assignees) for task in sure.tasks] == [(None, ("Các xã",))]


def test_half_a_number_names_another_letter_so_both_halves_go() -> None:
    assert settled(replace(LETTER, doubts=doubted("symbol"))).number_symbol is None
    assert settled(replace(LETTER, doubts=doubted("number"))).number_symbol is None


def test_a_letter_of_doubtful_type_is_a_letter_of_some_type() -> None:
    assert settled(replace(LETTER, doubts=doubted("doc_type"))).doc_type == "other"


def test_what_would_be_printed_is_named_in_the_order_people_read_it() -> None:
    letter = replace(LETTER, doubts=doubted("cited_documents[0].issuer", "date", "signer_name", "number", "tasks[0]"))
    assert printed_doubts(letter) == ["number", "date", "cited_documents[0].issuer"]


@given(st.sets(st.sampled_from([*HEADER, "addressees[0]", "addressees", "tasks[0].channels", "cited_documents[0]"])))
def test_a_settled_letter_holds_only_what_the_letter_holds(paths: set[str]) -> None:
    letter = replace(LETTER, doubts=doubted(*sorted(paths)))
    sure = settled(letter)
    for name in HEADER:
        assert getattr(sure, name) in {getattr(letter, name), None, "other"}
    assert set(sure.addressees) <= set(letter.addressees)
    assert all(len(getattr(sure, name)) <= len(getattr(letter, name)) for name in MEMBERS)
