"""The law of the letters' room: what was written is what is read, field for field."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.letter import CHANNEL_KINDS, DOC_TYPES, Letter
from lantoa.letters.rules.reading import read_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.html import write_html
from lantoa.letters.writing.pdf import write_pdf
from lantoa.letters.writing.text import write_text
from lantoa.lib.extract import extract_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lantoa.letters.writing.document import OfficialDocument

WRITERS: dict[str, Callable[[OfficialDocument], bytes]] = {
    "txt": lambda document: write_text(document).encode(),
    "html": lambda document: write_html(document).encode(),
    "docx": write_docx,
    "pdf": write_pdf,
}
NOT_PRINTED = {"body", "spans", "doubts", "confidence"}
DRAWN_FROM_WORDS = ("frequency", "due_on", "report_due_on")
"""What the reader draws from a task's words and the letter's date: no letter prints it apart."""
MORE = [("html", range(24, 240, 2)), ("docx", range(25, 240, 8)), ("pdf", range(24, 240, 4))]
"""A DOCX takes forty times as long as a page of HTML; all 240 of every kind were read back in November 2026."""


def fields_of(letter: Letter) -> dict[str, Any]:
    """The letter's printed fields; channels are a set, whose order no letter fixes."""
    values = {key: value for key, value in asdict(letter).items() if key not in NOT_PRINTED}
    for task in values["tasks"]:
        task["channels"] = sorted(task["channels"])
        for key in DRAWN_FROM_WORDS:
            del task[key]
    return values


def differences(written: Letter, read: Letter) -> Iterator[tuple[str, str]]:
    """Give the path of each field that differs, tasks field by field, and what was written and read."""
    wanted, found = fields_of(written), fields_of(read)
    if len(wanted["tasks"]) == len(found["tasks"]):
        for place, (order, other) in enumerate(zip(wanted.pop("tasks"), found["tasks"], strict=True)):
            for key, value in order.items():
                if value != other[key]:
                    yield f"tasks.{key}", f"[{place}] written {value!r}, read {other[key]!r}"
    for key, value in wanted.items():
        if value != found[key]:
            yield key, f"written {value!r}, read {found[key]!r}"


def check_round_trip(kind: str, seeds: range, folder: Path) -> None:
    faults: dict[str, list[str]] = {}
    for seed in seeds:
        letter = generate_letter(seed)
        path = folder / f"{seed}.{kind}"
        path.write_bytes(WRITERS[kind](compose(letter)))
        extracted = extract_text(path)
        for field, what in differences(letter, read_letter(extracted.text, extracted.page_starts)):
            faults.setdefault(field, []).append(f"seed {seed}: {what}")
    told = "\n".join(f"{field}: {len(lines)}, first {lines[0]}" for field, lines in faults.items())
    assert not faults, f"{kind}, {len(seeds)} letters\n{told}"


def test_two_hundred_and_forty_letters_read_back_as_written(tmp_path: Path) -> None:
    check_round_trip("txt", range(240), tmp_path)


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_a_file_of_every_type_of_letter_reads_back_as_written(kind: str, tmp_path: Path) -> None:
    check_round_trip(kind, range(24), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "seeds"), MORE)
def test_files_of_many_more_letters_read_back_as_written(kind: str, seeds: range, tmp_path: Path) -> None:
    check_round_trip(kind, seeds, tmp_path)


def test_a_read_letter_written_again_with_its_own_body_reads_the_same() -> None:
    for seed in range(36):
        first = read_letter(write_text(compose(generate_letter(seed))))
        again = read_letter(write_text(compose(first)))
        assert list(differences(first, again)) == [], seed


def test_the_generator_covers_every_type_channel_and_signing_form() -> None:
    letters = [generate_letter(seed) for seed in range(240)]
    assert {letter.doc_type for letter in letters} == set(DOC_TYPES)
    tasks = [task for letter in letters for task in letter.tasks]
    assert {channel for task in tasks for channel in task.channels} == set(CHANNEL_KINDS) - {"other"}
    marks = {mark.split(".")[0] for letter in letters for mark in (letter.signing_authority or "").split(" / ") if mark}
    assert marks == {"TM", "KT", "TL", "TUQ", "Q"}
    assert {letter.date is None for letter in letters} == {True, False}
    assert any(task.index == "end" for task in tasks)
    assert any(task.report_to for task in tasks)


def test_a_seed_always_gives_the_same_letter_and_another_seed_another() -> None:
    assert generate_letter(7) == generate_letter(7)
    assert len({repr(generate_letter(seed)) for seed in range(200)}) == 200


def test_a_generated_letter_survives_its_json_form() -> None:
    for seed in range(24):
        letter = generate_letter(seed)
        assert Letter.from_json(letter.to_json()) == letter
