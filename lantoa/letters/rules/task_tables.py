"""Tables of who does what by when, as plans and annexes have them: each row is a task.

A table is known by its head: one column of work (`Nội dung công việc`, `Nhiệm vụ`) and one of doers (`Đơn vị thực
hiện`, `Phụ trách`). A table whose times are hours of a day is the programme of an event and gives no tasks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from lantoa.letters.rules.paragraphs import Paragraph
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TIME = re.compile(r"thoi (?:gian|han|diem)|tien do|hoan thanh|^han\b|^ngay\b")
_WORK = re.compile(r"noi dung|nhiem vu|cong viec|hoat dong|^viec|san pham")
_WHO = re.compile(r"don vi|co quan|ca nhan|bo phan|nguoi|phu trach|thuc hien|chu tri|phan cong|dau moi")
_BESIDE = re.compile(r"phoi hop|ghi chu|kinh phi|dia diem|doi tuong")
_NUMBER = re.compile(r"(?:s?tt|so tt|so thu tu)\W*$")
_CLOCK = re.compile(r"\d{1,2}\s?(?:h|g|gio|:)\s?\d{0,2}\s?(?:-|–|den)\s?\d{1,2}\s?(?:h|g|gio|:)")
_STACKED = re.compile(r"(?m)^[ \t]*(?:S?TT|Stt|Số TT|Số thứ tự)[ \t]*$")
_RULE = re.compile(r"(?m)^[ \t]*\+(?:[-=]{2,}\+){2,}[ \t]*$")
"""A line drawn between the rows of a table in typed text: `+----+--------+`."""
_LEAST_RULES = 3
_LEAST_COLUMNS, _MOST_COLUMNS = 3, 7
_MARKS = " \t*_#`"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a task table: its number, and its cells as paragraphs."""

    label: str | None
    work: Paragraph
    who: Paragraph | None
    when: Paragraph | None
    merged: bool = False
    """Whether its cell of doers is blank and those of the row above are taken."""


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A task table: where it stands in the text, and its rows; a programme has none."""

    start: int
    end: int
    rows: tuple[Row, ...]


def part_of(paragraph: Paragraph, start: int, end: int) -> Paragraph:
    """The part of a paragraph between two offsets, with its way back to the extracted text."""
    if (start, end) == (0, len(paragraph.text)):
        return paragraph
    first = bisect_right(paragraph.runs, start) - 1
    later = [place for place in range(first + 1, len(paragraph.runs)) if paragraph.runs[place] < end]
    runs = (0, *(paragraph.runs[place] - start for place in later))
    offsets = (paragraph.source(start, start + 1)[0], *(paragraph.offsets[place] for place in later))
    return Paragraph(paragraph.text[start:end], paragraph.plain[start:end], runs, offsets, paragraph.indent)


def find_task_tables(text: str, start: int, end: int) -> Iterator[TaskTable]:
    """Find the task tables and programmes between two offsets of the extracted text."""
    yield from _find_stacked(text, start, end)
    if len(_RULE.findall(text, start, end)) >= _LEAST_RULES:
        yield from _find_ruled(text, start, end)
        return
    if " | " not in text and "\n|" not in text:
        return
    lines = list(_table_lines(text, start, end))
    groups: list[list[list[Paragraph]]] = []
    last_end = -1
    for begin, finish in lines:
        if begin > last_end + 2 or not groups:
            groups.append([])
        groups[-1].append(list(_cells(text, begin, finish)))
        last_end = finish
    for group in groups:
        table = _table([row for row in group if any(any(sign.isalnum() for sign in cell.text) for cell in row)])
        if table:
            yield table


def _find_ruled(text: str, start: int, end: int) -> Iterator[TaskTable]:
    """Find tables drawn with rules: a row is all lines between two rules, each cell going on from line to line."""
    rows: list[list[Paragraph]] = []
    last = _RULE.search(text, end)  # the rule that closes the last row says nothing, so the body may end before it
    closes = last is not None and "\n" not in text[end : last.start()].strip(" \t|").strip("\n")
    rules = list(_RULE.finditer(text, start, last.end() if last and closes else end))
    for above, below in pairwise(rules):
        lines = [list(_cells(text, *line)) for line in _table_lines(text, above.end(), below.start())]
        if lines and len({len(line) for line in lines}) == 1:
            rows.append(
                [_joined([cell for cell in column if cell.text] or column[:1]) for column in zip(*lines, strict=True)]
            )
        elif rows:
            yield from filter(None, [_table(rows)])
            rows = []
    if rows:
        yield from filter(None, [_table(rows)])


def _find_stacked(text: str, start: int, end: int) -> Iterator[TaskTable]:
    """Find tables whose cells each stand on a line of their own, as they are left when a table is copied as text."""
    for head in _STACKED.finditer(text, start, end):
        lines = _stacked_lines(text, head.start(), end)
        width = next((place for place, cell in enumerate(lines) if cell.text.rstrip(".") == "1"), 0)
        if _LEAST_COLUMNS <= width <= _MOST_COLUMNS and _columns(lines[:width]):
            table = _table([lines[:width], *_stacked_rows(lines[width:], width)])
            if table and table.rows:
                yield table


def _stacked_lines(text: str, start: int, end: int) -> list[Paragraph]:
    at = start
    out: list[Paragraph] = []
    for line in text[start:end].split("\n"):
        core = line.strip(_MARKS)
        if core:
            first = at + line.find(core)
            out.append(Paragraph(core, folded(core), (0,), (first,)))
        at += len(line) + 1
    return out


def _stacked_rows(lines: Sequence[Paragraph], width: int) -> list[list[Paragraph]]:
    """Part the cells into rows at their running numbers; a cell too many is the work gone on to another line."""
    starts = [0]
    for place, cell in enumerate(lines):
        if cell.text.rstrip(".") == str(len(starts) + 1) and place >= starts[-1] + width - 1:
            starts.append(place)
    rows: list[list[Paragraph]] = []
    for begin, stop in zip(starts, [*starts[1:], starts[-1] + width], strict=True):
        cells = list(lines[begin:stop])
        if len(cells) > width:
            cells = [cells[0], _joined(cells[1 : len(cells) - width + 2]), *cells[len(cells) - width + 2 :]]
        rows.append(cells)
    return rows


def _joined(cells: Sequence[Paragraph]) -> Paragraph:
    text, runs, offsets = "", [], []
    for cell in cells:
        text += " " if text else ""
        runs.append(len(text))
        offsets.append(cell.offsets[0])
        text += cell.text
    return Paragraph(text, folded(text), tuple(runs), tuple(offsets))


def _table_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if "|" in text[at:stop].strip():
            yield at, stop
        at = stop + 1


def _cells(text: str, begin: int, finish: int) -> Iterator[Paragraph]:
    """The cells of a line; an empty one is kept, so that columns stay columns."""
    line = text[begin:finish]
    lead = len(line) - len(line.lstrip())
    at = begin + (lead + 1 if line.startswith("|", lead) else 0)
    for part in line[at - begin :].rstrip().removesuffix("|").split("|"):
        core = part.strip(_MARKS)
        first = at + part.find(core) if core else at
        yield Paragraph(core, folded(core), (0,), (first,))
        at += len(part) + 1


def _table(lines: Sequence[Sequence[Paragraph]]) -> TaskTable | None:
    columns = _columns(lines[0]) if lines else None
    if columns is None:
        return None
    number, work, who, when = columns
    rows: list[Row] = []
    above: Paragraph | None = None
    for cells in lines[1:]:
        if len(cells) <= max(work[-1], who):
            continue
        doer = cells[who] if cells[who].text else above
        things = [cells[column] for column in work if cells[column].text]
        if not things:
            continue
        above = doer
        label = cells[number].text.rstrip(".") if number is not None else None
        times = cells[when] if when is not None and when < len(cells) and cells[when].text else None
        rows.append(Row(label or None, things[-1], doer, times, merged=not cells[who].text and doer is not None))
    if any(row.when and _CLOCK.match(row.when.plain) for row in rows):
        rows = []
    start = lines[0][0].offsets[0]
    last = lines[-1][-1]
    return TaskTable(start, last.offsets[0] + len(last.text), tuple(rows))


def _columns(head: Sequence[Paragraph]) -> tuple[int | None, tuple[int, ...], int, int | None] | None:
    """Which columns hold the number, the work, the doers and the time; None when this is no task table."""
    number: int | None = None
    when: int | None = None
    work: list[int] = []
    who: int | None = None
    for place, cell in enumerate(head):
        plain = cell.plain
        if _NUMBER.match(plain):
            number = place
        elif _BESIDE.search(plain) and "chu tri" not in plain:
            continue
        elif _TIME.search(plain):
            when = place if when is None else when
        elif _WORK.search(plain):
            work.append(place)
        elif _WHO.search(plain):
            who = place if who is None else who
    return (number, tuple(work), who, when) if work and who is not None else None
