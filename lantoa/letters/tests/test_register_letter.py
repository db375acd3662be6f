from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import lantoa
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.actions import read_file, register_letter
from lantoa.letters.models import IncomingLetter
from lantoa.letters.rules.reading import NotALetter
from lantoa.lib.extract import ExtractionError
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from lantoa.letters.actions import ReadFile

EXAMPLE = Path(lantoa.__file__).parents[1] / "examples" / "duong-kinh" / "letter.txt"
TODAY = dt.date(2024, 8, 20)


@pytest.fixture
def cast(db: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:  # noqa: ARG001 - rows need the database
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    return make_cast()


def source(folder: Path, words: str = "", name: str = "cv.txt", text: str | None = None) -> ReadFile:
    path = folder / name
    path.write_text(
        (text or EXAMPLE.read_text(encoding="utf-8")).replace("sâu rộng", words or "sâu rộng"), encoding="utf-8"
    )
    return read_file(path)


def test_a_letter_gets_the_next_number_of_its_book_and_year(cast: Cast, tmp_path: Path) -> None:
    first, second = (register_letter(source(tmp_path, words), cast.district, cast.officer) for words in ("rộng", "kỹ"))
    assert [(one.row.year, one.row.ordinal, one.is_new) for one in (first, second)] == [
        (2024, 1, True),
        (2024, 2, True),
    ]
    assert first.row.arrived_on == TODAY
    other = register_letter(source(tmp_path), cast.ward, None)
    assert other.row.ordinal == 1


def test_numbers_start_anew_each_year(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register_letter(source(tmp_path), cast.district, None)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: dt.date(2025, 1, 2))
    assert register_letter(source(tmp_path, "rộng"), cast.district, None).row.ordinal == 1


def test_what_was_read_is_kept_with_its_text_so_that_spans_hold(cast: Cast, tmp_path: Path) -> None:
    row = register_letter(source(tmp_path, name="cong-van-2g.txt"), cast.district, cast.officer).row
    row.refresh_from_db()
    letter = row.letter
    assert (row.file_name, row.by, row.subject) == ("cong-van-2g.txt", cast.officer, letter.subject)
    assert letter.spans
    assert all(row.text[span.start : span.end] == span.text for span in letter.spans.values())


def test_the_same_letter_in_another_file_or_spacing_is_one_row(cast: Cast, tmp_path: Path) -> None:
    first = register_letter(source(tmp_path), cast.district, cast.officer)
    text = EXAMPLE.read_text(encoding="utf-8").replace("\n\n", "\n\n\n").replace(" ", "  ", 3)
    again = register_letter(source(tmp_path, name="ban-sao.txt", text=text), cast.district, cast.colleague)
    assert (again.row, again.is_new) == (first.row, False)
    assert IncomingLetter.objects.count() == 1
    assert HistoryEntry.objects.filter(verb="register_letter").count() == 1


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_only_the_offices_own_people_write_in_its_book(cast: Cast, tmp_path: Path, who: str) -> None:
    with pytest.raises(RefusedError):
        register_letter(source(tmp_path), cast.district, getattr(cast, who))
    assert not IncomingLetter.objects.exists()


def test_people_see_the_books_of_their_place(cast: Cast, tmp_path: Path) -> None:
    row = register_letter(source(tmp_path), cast.district, None).row
    assert list(IncomingLetter.objects.for_user(cast.officer)) == [row]
    assert not IncomingLetter.objects.for_user(cast.outsider).exists()
    assert not IncomingLetter.objects.for_user(cast.unit_officer).exists()


def test_an_upload_keeps_the_name_its_sender_gave_it(tmp_path: Path) -> None:
    path = tmp_path / "upload-7f3a"
    path.write_bytes(EXAMPLE.read_bytes())
    assert read_file(path, "Công văn 2G.txt").name == "Công văn 2G.txt"


def test_what_is_no_letter_is_refused_before_any_row(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(ExtractionError):
        read_file(tmp_path / "empty.txt")
    with pytest.raises(NotALetter):
        source(tmp_path, text="mua hai cân gạo")
