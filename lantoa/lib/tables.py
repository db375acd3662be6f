"""Sheets people fill in (CSV, XLSX, XLS, ODS), read by what their headers say.

Columns come in any order, under a Vietnamese or an English header, below title lines or not; a CSV may be parted
by commas, semicolons (what Excel writes on a Vietnamese computer) or tabs, and may be in an old encoding.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from lantoa.lib.vietnamese import decode_text, nfc, unaccented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    Rows = Iterator[tuple[int, tuple[str, ...]]]
    Reading = tuple[list[list[str]], Iterator[list[str]]]

HEADER_WITHIN = 15
_DELIMITERS = ",;\t|"
_SHEET_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_YES = frozenset({"1", "x", "co", "yes", "y", "true", "dung"})
_NO = frozenset({"", "0", "khong", "no", "n", "false", "sai"})
_LOOK_ALIKE = re.compile("[Ðð\u00ad\ufeff]")
_DATE = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")



class TableError(ValueError):
    """A file cannot be read as the table asked for; the message is Vietnamese and says what to do."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: its name here, and the headers people write over it."""

    name: str
    headers: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row, or one value of it, that was not taken: the row's number as the sheet shows it, and why in Vietnamese."""

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, in rows; `read` is the sum of the other four."""

    read: int
    new: int
    changed: int
    same: int
    rejected: list[Rejection]


@dataclass(frozen=True)
class Table:
    """The rows of a file. `rows` is read once, lazily: (row number from 1, one value per column asked for)."""

    found: frozenset[str]
    """Names of the columns the file has; values of the others are empty."""
    ignored: tuple[str, ...]
    """Headers that match no column."""
    rows: Rows


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """Read `path`; values are stripped, NFC, and in the order of `columns`, whatever the order in the file.

    Empty rows are skipped. Numbers and dates of a spreadsheet come as text (`225123`, `2024-08-14`).
    Raises `TableError` for a file that is no table or lacks a required column.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    candidates = _sheets(path) if magic in _SHEET_MAGIC else _csv_readings(path)
    readings = [(_find_header(head, columns), rows) for head, rows in candidates]
    if not readings:
        raise TableError("Tệp trống: không có dòng nào. Hãy kiểm tra lại tệp đã chọn.")
    header, rows = max(readings, key=lambda reading: len(reading[0].at))
    missing = [column for column in columns if column.required and column.name not in header.at]
    if missing:
        names = ", ".join(f"“{(*column.headers, column.name)[0]}” ({column.name})" for column in missing)
        raise TableError(f"Tệp thiếu cột bắt buộc: {names}. Hãy thêm cột này vào dòng tiêu đề rồi nhập lại.")
    return Table(frozenset(header.at), header.ignored, _rows(rows, header, columns))


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header row is (from 1) and at which position each column stands."""

    row: int
    at: dict[str, int]
    ignored: tuple[str, ...]


def _header_key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", unaccented(text).casefold())


def _find_header(head: Iterable[Sequence[str]], columns: Sequence[Column]) -> _Header:
    """Find, among the first rows, the one that names the most columns."""
    names = {_header_key(header): column.name for column in columns for header in (column.name, *column.headers)}
    best = _Header(1, {}, ())
    for number, row in enumerate(head, 1):
        at: dict[str, int] = {}
        for position, cell in enumerate(row):
            name = names.get(_header_key(cell))
            if name and name in at:
                raise TableError(f"Có hai cột cùng là “{cell.strip()}”. Hãy giữ lại một cột.")
            if name:
                at[name] = position
        if len(at) > len(best.at):
            best = _Header(number, at, tuple(cell for cell in row if cell.strip() and _header_key(cell) not in names))
    return best


def _rows(rows: Iterable[Sequence[str]], header: _Header, columns: Sequence[Column]) -> Rows:
    positions = [header.at.get(column.name, -1) for column in columns]
    width = max(header.at.values(), default=0) + 1
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            if number <= header.row:
                continue
            cells = [*row, *[""] * (width - len(row)), ""]  # the last one stands for columns the file does not have
            values = tuple([cells[position].strip() for position in positions])
            if any(values):
                yield number, values
    except (csv.Error, CalamineError) as error:
        raise TableError(f"Không đọc được tệp từ dòng {number + 1}: {error}.") from error


def _sheets(path: Path) -> Iterator[Reading]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            yield (
                [[_text(cell) for cell in row] for row in itertools.islice(sheet.iter_rows(), HEADER_WITHIN)],
                ([_text(cell) for cell in row] for row in sheet.iter_rows()),
            )
    except PasswordError as error:
        raise TableError("Tệp bảng tính đặt mật khẩu. Hãy bỏ mật khẩu rồi nhập lại.") from error
    except CalamineError as error:
        raise TableError("Tệp bảng tính có thể bị hỏng, không mở được. Hãy lưu lại dạng .xlsx rồi nhập lại.") from error


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return _tidy(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def _csv_readings(path: Path) -> Iterator[Reading]:
    lines = _lines(path)
    head = list(itertools.islice(lines, HEADER_WITHIN * 4))
    lines = itertools.chain(head, lines)
    if not any(line.strip() for line in head):
        return
    for delimiter in _DELIMITERS:  # only the reading that is chosen draws on `lines`
        yield _first_rows(head, delimiter), csv.reader(lines, delimiter=delimiter)


def _first_rows(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Read rows as far as they can be read: a fault below the header is told where the rows are read."""
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(itertools.islice(csv.reader(lines, delimiter=delimiter), HEADER_WITHIN))
    return rows


def _lines(path: Path) -> Iterator[str]:
    """Lines as NFC text with their ends: streamed where the file is UTF-8, else decoded whole."""
    if _is_utf8(path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in file:
                yield _tidy(line)
        return
    try:
        text, _ = decode_text(path.read_bytes())
    except ValueError as error:
        raise TableError("Tệp không phải bảng tính hoặc CSV. Hãy lưu lại dạng .xlsx hoặc CSV UTF-8.") from error
    yield from io.StringIO(text, newline="")


def _tidy(text: str) -> str:
    """Do what `nfc` does, at once where there is nothing to do: nearly always, and a million times over."""
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and not _LOOK_ALIKE.search(text)):
        return text
    return nfc(text)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                if 0 in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def yes_or_no(text: str) -> bool:
    """Read a tick in a cell: `x`, `có`, `1`, `true` or nothing, `không`, `0`. Raises `ValueError`, in Vietnamese."""
    word = unaccented(text).casefold().strip()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError("chỉ ghi “có” hoặc “không”")


def date_of(text: str) -> dt.date | None:
    """Read a date as `31/12/2024` or `2024-12-31`; nothing for an empty cell. Raises `ValueError`, in Vietnamese."""
    if not text:
        return None
    try:
        if found := _DATE.fullmatch(text):
            return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("không phải ngày; hãy ghi như 31/12/2024") from None
