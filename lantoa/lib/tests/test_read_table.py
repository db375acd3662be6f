from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.lib.tables import Column, TableError, date_of, read_table, yes_or_no

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (Column("code", ("Mã",), required=True), Column("name", ("Tên đơn vị",)), Column("note"))


def _read(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_table(path, COLUMNS).rows)


def _csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def _book(folder: Path, *rows: list[Any]) -> Path:
    book = xlsxwriter.Workbook(folder / "table.xlsx")
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            sheet.write(number, position, cell, *([day] if isinstance(cell, dt.date) else []))
    book.close()
    return folder / "table.xlsx"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_as_excel_saves_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "\r\n".join((delimiter.join(("Tên đơn vị", "MÃ")), delimiter.join(("Phường Đa Phúc", "11683")), ""))
    assert _read(_csv(tmp_path, text, encoding)) == [(2, ("11683", "Phường Đa Phúc", ""))]


def test_an_old_font_encoding_is_read(tmp_path: Path) -> None:
    text = "Mã,Tên đơn vị\n1,Ủy ban nhân dân phường Hải Thành và các tổ dân phố\n"
    path = tmp_path / "old.csv"
    path.write_bytes(_in_cp1258(text))
    assert _read(path)[0][1][1] == "Ủy ban nhân dân phường Hải Thành và các tổ dân phố"


def _in_cp1258(text: str) -> bytes:
    import unicodedata  # noqa: PLC0415 - this encoding alone needs it

    found = b""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
        found += (base + tones).encode("cp1258")
    return found


def test_values_come_out_in_one_unicode_form(tmp_path: Path) -> None:
    apart = "Mã,Tên đơn vị\n1,Đa Phu\u0301c\n2,Ða Phúc\n"
    assert [values[1] for _, values in _read(_csv(tmp_path, apart))] == ["Đa Phúc", "Đa Phúc"]


def test_quotes_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    assert _read(_csv(tmp_path, 'code,name\n1,"a, ""b""\nc"\n')) == [(2, ("1", 'a, "b"\nc', ""))]


def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path) -> None:
    path = _book(tmp_path, ["DANH SÁCH"], [], ["Mã", "Tên đơn vị"], [1, "A"], [], [2, "B"])
    assert [number for number, _ in _read(path)] == [4, 6]


def test_numbers_and_dates_of_a_sheet_come_as_text(tmp_path: Path) -> None:
    path = _book(tmp_path, ["Mã", "Tên đơn vị", "note"], [11683, dt.date(2024, 8, 14), True], ["0912345678", 1.5, None])
    assert [values for _, values in _read(path)] == [("11683", "2024-08-14", "1"), ("0912345678", "1.5", "")]


def test_short_and_long_rows_are_read(tmp_path: Path) -> None:
    assert _read(_csv(tmp_path, "code,name\n1\n2,B,extra\n")) == [(2, ("1", "", "")), (3, ("2", "B", ""))]


def test_headers_that_match_nothing_are_told(tmp_path: Path) -> None:
    table = read_table(_csv(tmp_path, "code,Diện tích\n1,2\n"), COLUMNS)
    assert (set(table.found), table.ignored) == ({"code"}, ("Diện tích",))


@pytest.mark.parametrize(("text", "words"), [
    ("", "trống"), ("\n \n", "trống"), ("name\nA\n", "Mã"), ("code,Mã\n1,2\n", "hai cột"),
    ('code,name\n1,"' + "x" * 200_000 + '"\n', "dòng 2"),
])
def test_what_is_no_such_table_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        _read(_csv(tmp_path, text))


@pytest.mark.parametrize("data", [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 not a sheet", b"\x00\x01\x02\x03" * 50])
def test_a_broken_file_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken"
    path.write_bytes(data)
    with pytest.raises(TableError, match="Tệp"):
        _read(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    with contextlib.suppress(TableError):
        assert all(len(values) == len(COLUMNS) for _, values in _read(path))


@pytest.mark.parametrize(("text", "day"), [
    ("31/12/2024", dt.date(2024, 12, 31)), ("1-7-2025", dt.date(2025, 7, 1)), ("2024-08-14", dt.date(2024, 8, 14)),
    ("", None),
])
def test_dates_are_read_as_offices_write_them(text: str, day: dt.date | None) -> None:
    assert date_of(text) == day


@pytest.mark.parametrize("text", ["31/02/2024", "12/31/2024", "hôm nay", "2024"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="31/12/2024"):
        date_of(text)


def test_a_tick_is_read() -> None:
    assert [yes_or_no(text) for text in ("x", "Có", "1", "không", "", "0")] == [True] * 3 + [False] * 3
    with pytest.raises(ValueError, match="có"):
        yes_or_no("có lẽ")
