from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import lantoa
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.actions import (
    Handling,
    Incoming,
    arriving,
    book_of_doors,
    candidates,
    handle_letter,
    original,
    paste_text,
    read_again,
    receive,
    receive_text,
    set_aside,
    settle_duplicate,
)
from lantoa.letters.flattening import flatten, layout_of
from lantoa.letters.generating import generate_letter
from lantoa.letters.models import Arrival, IncomingLetter, LetterMark
from lantoa.letters.noising import noised
from lantoa.letters.rules.handling import proposed_due
from lantoa.letters.rules.letter import Letter, LetterTask
from lantoa.letters.rules.reading import NotALetter
from lantoa.letters.tests.builders import later, letter_text
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.text import write_text
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast, make_place

if TYPE_CHECKING:
    from django.conf import LazySettings

ROOT = Path(lantoa.__file__).parents[1]
EXAMPLE = ROOT / "examples" / "duong-kinh" / "letter.txt"
TODAY = dt.date(2024, 8, 20)
LETTER = replace(generate_letter(8), number="125", date="2024-08-12")
WAY = Arrival.Way.UPLOAD


@pytest.fixture
def cast(db: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:  # noqa: ARG001 - rows need the database
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    return make_cast()


def incoming(text: str = "", name: str = "cv.txt", **values: Any) -> Incoming:
    return Incoming((text or EXAMPLE.read_text(encoding="utf-8")).encode(), name, values.pop("way", WAY), **values)


def test_what_comes_in_is_kept_whole_registered_and_remembered(cast: Cast) -> None:
    received = receive(incoming(name="../Công văn\n2G.txt", sender="Sở TTTT"), cast.district, cast.officer)
    assert received.is_new
    assert received.row is not None
    assert (received.row.ordinal, received.row.arrived_on, received.row.by) == (1, TODAY, cast.officer)
    arrival = Arrival.objects.get()
    assert (arrival.letter, arrival.way, arrival.sender, arrival.why) == (received.row, "upload", "Sở TTTT", "")
    kept = original(arrival.file_hash)
    assert kept is not None
    assert kept.read_bytes() == EXAMPLE.read_bytes()
    assert kept.name == arrival.file_name == received.row.file_name == "Công văn2G.txt"


def test_the_same_file_twice_is_one_number_and_two_arrivals(cast: Cast) -> None:
    first = receive(incoming(), cast.district, cast.officer)
    again = receive(incoming(name="ban-sao.txt", way=Arrival.Way.MAIL), cast.district, None)
    assert (again.row, again.is_new) == (first.row, False)
    assert list(Arrival.objects.values_list("way", flat=True)) == ["mail", "upload"]
    assert len(list((original(incoming().hash) or Path()).parent.iterdir())) == 1


def test_the_same_message_twice_leaves_nothing_new(cast: Cast) -> None:
    letter, noise = incoming(message_id="<1@x>"), incoming("mua hai cân gạo", message_id="<1@x>")
    for one in (letter, noise):
        before = receive(one, cast.district, None).arrival
        assert receive(one, cast.district, None).arrival == before
    assert Arrival.objects.count() == 2


def test_what_cannot_be_read_is_kept_with_the_reason_and_takes_no_number(cast: Cast) -> None:
    received = receive(incoming("mua hai cân gạo", "gao.txt"), cast.district, cast.officer)
    assert received.row is None
    assert "văn bản hành chính" in received.arrival.why
    assert original(received.arrival.file_hash) is not None
    assert not IncomingLetter.objects.exists()


def test_a_fault_of_the_reader_is_an_unread_arrival_and_not_the_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(arriving, "read_file", fail)
    received = receive(incoming(), cast.district, None)
    assert "thử đọc lại" in received.arrival.why
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    again = read_again(received.arrival, cast.officer)
    assert again.is_new
    assert (again.arrival.pk, again.arrival.why) == (received.arrival.pk, "")


def test_what_could_not_be_read_can_be_read_again_pasted_or_set_aside(cast: Cast) -> None:
    one, other = (receive(incoming(f"gạo {n}"), cast.district, None).arrival for n in range(2))
    assert read_again(one, cast.officer).row is None
    with pytest.raises(NotALetter):
        paste_text(one, "gạo", cast.officer)
    pasted = paste_text(one, letter_text(3), cast.officer)
    assert pasted.row is not None
    assert (pasted.row.file_hash, one.why) == (one.file_hash, "")
    set_aside(other, cast.officer)
    for act in (read_again, set_aside):
        with pytest.raises(RefusedError):
            act(other, cast.officer)
    assert HistoryEntry.objects.filter(verb="set_aside").count() == 1


def test_pasted_words_are_a_letter_like_any_other(cast: Cast) -> None:
    received = receive_text(letter_text(3), cast.district, cast.officer)
    assert received.is_new
    assert (received.arrival.way, received.arrival.file_name) == ("pasted", "noi-dung-dan.txt")


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_only_the_offices_own_people_receive(cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        receive(incoming(), cast.district, getattr(cast, who))
    assert not Arrival.objects.exists()


# --- duplicates ----------------------------------------------------------------------------------


def test_the_scan_and_the_docx_of_one_letter_are_one_row(cast: Cast) -> None:
    document = compose(LETTER)
    typed = receive(Incoming(write_docx(document), "cv.docx", WAY), cast.district, cast.officer)
    scanned = receive(incoming(noised(write_text(document), 0.01, 4), "quet.txt"), cast.district, cast.officer)
    assert (scanned.row, scanned.is_new) == (typed.row, False)
    assert typed.row is not None
    assert typed.row.arrivals.count() == 2
    assert IncomingLetter.objects.count() == 1


def test_the_next_letter_of_a_series_is_a_letter_of_its_own(cast: Cast) -> None:
    rows = [receive(incoming(write_text(compose(one))), cast.district, None).row for one in (LETTER, later(LETTER))]
    assert [row.ordinal for row in rows if row] == [1, 2]
    assert all(row and row.resembles is None for row in rows)


def doubtful_pair(cast: Cast) -> tuple[IncomingLetter, IncomingLetter]:
    """A letter, and one with its number and day that orders other dates."""
    amended = replace(later(LETTER), number=LETTER.number, date=LETTER.date)
    first, second = (receive(incoming(write_text(compose(one))), cast.district, None).row for one in (LETTER, amended))
    assert first is not None
    assert second is not None
    return first, second


def test_the_same_number_again_gets_a_row_and_a_doubt(cast: Cast) -> None:
    first, second = doubtful_pair(cast)
    assert (second.ordinal, second.resembles) == (2, first)
    doubt = second.letter.doubts[0]
    assert doubt.field == "number"
    assert f"ngày 20/8/2024, số đến 1 (số {LETTER.number_symbol})" in doubt.why


def test_a_person_says_it_is_a_copy_and_the_number_stays_used(cast: Cast) -> None:
    first, second = doubtful_pair(cast)
    settle_duplicate(second, cast.officer, is_duplicate=True)
    second.refresh_from_db()
    assert (second.duplicate_of, second.resembles, second.ordinal) == (first, None, 2)
    assert not any(doubt.field == "number" and "trùng" in doubt.why for doubt in second.letter.doubts)
    assert receive(incoming(letter_text(3)), cast.district, None).arrival.letter_id not in {first.pk, second.pk}
    again = Incoming((original(second.file_hash) or Path()).read_bytes(), "lai.txt", WAY)
    assert receive(again, cast.district, None).row == first
    with pytest.raises(RefusedError):
        settle_duplicate(second, cast.officer, is_duplicate=True)


def test_a_person_says_it_is_another_letter(cast: Cast) -> None:
    _first, second = doubtful_pair(cast)
    with pytest.raises(RefusedError):
        settle_duplicate(second, cast.unit_officer, is_duplicate=False)
    settle_duplicate(second, cast.officer, is_duplicate=False)
    second.refresh_from_db()
    assert (second.duplicate_of, second.resembles) == (None, None)
    assert HistoryEntry.objects.get(verb="settle_duplicate").detail["is_duplicate"] is False


def test_another_office_s_book_is_not_looked_into(cast: Cast) -> None:
    receive(incoming(), cast.district, None)
    received = receive(incoming(), cast.ward, None)
    assert received.is_new
    assert received.row is not None
    assert received.row.resembles is None


def test_every_layout_of_one_letter_is_found_again(cast: Cast) -> None:
    first = receive(incoming(write_text(compose(LETTER))), cast.district, None).row
    for seed in range(6):
        text = noised(flatten(compose(LETTER), layout_of(seed)), 0.02, seed)
        row = receive(incoming(text), cast.district, None).row
        assert row is not None
        assert first in {row, row.resembles, row.resembles.resembles if row.resembles else None}


# --- handling ------------------------------------------------------------------------------------


def task(deadline: str | None = None, report: str | None = None) -> LetterTask:
    return LetterTask("1", (), "làm", deadline=deadline, report_deadline=report)


@pytest.mark.parametrize(
    ("tasks", "envelope", "due"),
    [
        ((), None, None),
        ((task("hằng tuần"), task(None, "2024-09-30"), task("2024-09-01/2024-09-15")), None, dt.date(2024, 9, 15)),
        ((task("2024-08-01"), task("2024-08-20")), None, TODAY),
        ((task("2024-08-01"), task("2024-07-01")), None, dt.date(2024, 8, 1)),
        ((task("2023-08-01"),), None, None),
        ((task("2024-09-01"),), {"due_on": "2024-08-25"}, dt.date(2024, 8, 25)),
    ],
)
def test_the_deadline_is_proposed_from_what_the_sender_says(
    tasks: tuple[LetterTask, ...], envelope: dict[str, object] | None, due: dt.date | None
) -> None:
    assert proposed_due(Letter("cong_van", None, tasks=tasks), TODAY, envelope) == due


def test_who_deals_with_it_and_by_when_is_written_once(cast: Cast) -> None:
    row = receive(incoming(), cast.district, None).row
    assert row is not None
    handling = Handling(cast.committee, TODAY, dt.date(2024, 9, 1), None, "gấp")
    for _ in range(2):
        handle_letter(row, handling, cast.officer)
    row.refresh_from_db()
    assert (row.handled_by, row.forwarded_on, row.due_on, row.note) == (
        cast.committee, TODAY, dt.date(2024, 9, 1), "gấp",
    )  # fmt: skip
    entry = HistoryEntry.objects.get(verb="handle_letter")
    assert entry.detail["handled_by"] == cast.committee.name


@pytest.mark.parametrize(
    "handling",
    [Handling(forwarded_on=TODAY), Handling(done_on=dt.date(2024, 8, 1)), Handling(done_on=dt.date(2024, 8, 21))],
)
def test_days_that_do_not_follow_one_another_are_refused(cast: Cast, handling: Handling) -> None:
    row = receive(incoming(), cast.district, None).row
    assert row is not None
    with pytest.raises(RefusedError):
        handle_letter(row, handling, cast.officer)
    with pytest.raises(RefusedError):
        handle_letter(row, Handling(), cast.unit_officer)


def test_what_is_late_due_or_not_given_to_anybody_is_found(cast: Cast) -> None:
    rows = [receive(incoming(letter_text(seed)), cast.district, None).row for seed in range(4)]
    days = (dt.date(2024, 8, 19), TODAY, dt.date(2024, 8, 23), dt.date(2024, 8, 24))
    for row, day in zip(rows, days, strict=True):
        assert row is not None
        handle_letter(row, Handling(cast.committee, None, day), None)
    found = IncomingLetter.objects.order_by("ordinal")
    assert list(found.overdue(TODAY)) == rows[:1]
    assert list(found.due_soon(TODAY)) == rows[1:3]
    assert rows[0] is not None
    handle_letter(rows[0], Handling(cast.committee, TODAY, days[0], TODAY), None)
    assert not found.overdue(TODAY).exists()
    assert list(found.unforwarded()) == rows[1:]


# --- whose register ------------------------------------------------------------------------------


def test_doors_write_in_the_named_register_or_that_of_the_only_top_place(cast: Cast, settings: LazySettings) -> None:
    assert book_of_doors() == cast.province
    settings.LANTOA_BOOK = cast.ward.code
    assert book_of_doors() == cast.ward
    settings.LANTOA_BOOK = "không có"
    with pytest.raises(RefusedError, match="LANTOA_BOOK"):
        book_of_doors()
    settings.LANTOA_BOOK = ""
    make_place(kind="province")
    with pytest.raises(RefusedError, match="LANTOA_BOOK"):
        book_of_doors()


# --- many at once --------------------------------------------------------------------------------


def test_two_processes_that_register_at_once_leave_no_gap_and_no_number_twice(home: Path, tmp_path: Path) -> None:
    env = {**os.environ, "LANTOA_HOME": str(home)}
    program = [sys.executable, "-m", "lantoa.cli.main"]
    subprocess.run([*program, "import", "places", ROOT / "examples/duong-kinh/places.csv"], env=env, check=True)
    files = [tmp_path / f"{seed}.txt" for seed in range(12)]
    for seed, path in enumerate(files):
        path.write_text(letter_text(seed), encoding="utf-8")
    shutil.copy(files[0], tmp_path / "0-again.txt")
    halves = (files[::2], [*files[1::2], tmp_path / "0-again.txt"])
    running = [
        subprocess.Popen([*program, "receive", *half, "--json"], env=env, stdout=subprocess.PIPE) for half in halves
    ]
    told = [one.communicate()[0] for one in running]
    assert [one.returncode for one in running] == [0, 0]
    import json  # noqa: PLC0415 - only here

    ordinals = [line["ordinal"] for out in told for line in json.loads(out)["files"] if line["is_new"]]
    assert sorted(ordinals) == list(range(1, 13))


def test_a_copy_is_found_first_among_thousands_without_reading_them(cast: Cast) -> None:
    """A twenty-fifth of the letters are of its series and share fifteen of its marks (50,000: docs/receiving.md)."""
    import time  # noqa: PLC0415 - only here

    row = receive(incoming(write_text(compose(LETTER))), cast.district, None).row
    assert row is not None
    marks = list(row.marks.values_list("mark", flat=True))
    content = {**row.content, "spans": {}}
    rows = IncomingLetter.objects.bulk_create(
        IncomingLetter(book=cast.district, year=2023, ordinal=n, arrived_on=TODAY, text=f"{n}", text_hash=f"{n}",
                       file_name="x", file_hash="x", content=content)
        for n in range(1, 3_001)
    )  # fmt: skip
    near, far = [*marks[:15], *[0] * 6], range(21)
    LetterMark.objects.bulk_create(
        (LetterMark(book=cast.district, letter=one, mark=(n % 25 == 0 and near[k]) or n * 31 + k)
         for n, one in enumerate(rows) for k in far),
        batch_size=5000,
    )  # fmt: skip
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        found = candidates(cast.district, marks)
        seconds.append(time.perf_counter() - start)
        assert found[0] == row
    assert min(seconds) < 0.05, seconds
