"""Body paragraphs, as plain lines of text, to blocks: which are headings, list items, table rows."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from lantoa.letters.writing.document import Block, Heading, Item, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SECTION = re.compile(r"(?:Phần |Chương )?(?:[IVX]+|[A-EĐ])[.:)]\s+(?P<title>\S.*)")
_BASIS = re.compile(r"(?:Căn cứ|Theo đề nghị)\b.*[;.]$")
_DECISION = re.compile(r"(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|YÊU CẦU)\s*:?")
_BULLET = re.compile(r"(?P<mark>[-–•+*])\s*(?P<text>\S.*)")
_POINT = re.compile(r"(?P<mark>[a-zđ]\)|\d+\.\d+(?:\.\d+)*\.?)\s+(?P<text>\S.*)")
_TITLE = re.compile(r"\d{1,2}\. [^.;:]{3,90}$")


def blocks_of(body: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of a printed body, in order; text is kept letter for letter, only its place is recognised.

    A run of lines that hold ` | ` is a table whose first line is the header.
    """
    lines = [line.strip() for line in body if line.strip()]
    blocks: list[Block] = []
    for tabular, run in itertools.groupby(lines, key=lambda line: line.count(" | ") > 0):
        rows = list(run)
        blocks.extend([_table(rows)] if tabular and len(rows) > 1 else _plain(rows))
    return tuple(blocks)


def _table(lines: Sequence[str]) -> Table:
    rows = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-*:?", cell) for cell in row)]
    wide = max(map(len, rows))
    padded = [row + ("",) * (wide - len(row)) for row in rows]
    return Table(header=padded[0], rows=tuple(padded[1:]))


def _plain(lines: Sequence[str]) -> Iterator[Block]:
    for line in lines:
        yield _block(line)


def _block(line: str) -> Block:
    section = _SECTION.fullmatch(line)
    if section and section["title"].upper() == section["title"]:
        return Heading(1, line)
    if _DECISION.fullmatch(line):
        return Heading(0, line)
    if _BASIS.fullmatch(line) and len(line) < 400:
        return Paragraph(line, italic=True)
    listed = _BULLET.fullmatch(line) or _POINT.fullmatch(line)
    if listed:
        return Item(listed["mark"], listed["text"])
    return Heading(2, line) if _TITLE.fullmatch(line) else Paragraph(line)
