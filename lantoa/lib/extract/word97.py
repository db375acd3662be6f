"""DOC (Word 97-2003): text by the piece table ([MS-DOC] 2.4.1), laid out by its paragraphs' properties.

A file saved fast holds its text in pieces out of order, some a byte a letter, some two; only the piece table knows.
Rows and cells, list numbers, hidden and deleted text and fonts come from the property pages of `properties97`.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.lib.extract.compound import open_compound
from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.extract.fonts import marked, settled
from lantoa.lib.extract.fonts import symbol as shown_symbol
from lantoa.lib.extract.numbering import Numbering
from lantoa.lib.extract.properties97 import (
    ParagraphLook,
    RunLook,
    Runs,
    Style97,
    paragraph_look,
    read_fonts97,
    read_lists97,
    read_runs,
    read_styles97,
    run_look,
)
from lantoa.lib.extract.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.lib.extract.compound import Compound

_BROKEN = "Tệp Word cũ (.doc) bị hỏng hoặc không phải văn bản. Hãy mở bằng Word, lưu thành DOCX rồi gửi lại."
_OLD = "Tệp Word quá cũ (trước Word 97). Hãy mở bằng Word, lưu thành DOCX rồi gửi lại."
_LOCKED = "Tệp Word được đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi gửi lại."
_OTHER = "Đây không phải tệp Word (có thể là Excel, PowerPoint bản cũ). Hãy gửi đúng tệp công văn."
_WORD_MAGIC, _OLDEST = 0xA5EC, 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PROPERTIES, _PIECES = 0x01, 0x02
_COMPRESSED = 0x40000000
_MOST_PIECES = 200_000
_STYLES, _HEADERS, _RUNS, _PARAGRAPHS, _FONTS, _CLX, _LISTS, _USES = 1, 11, 12, 13, 15, 33, 73, 74
"""Places of offset and size in the file's header (FibRgFcLcb97, 2.5.6)."""
_TEXT, _NOTES, _MARGINS, _MACROS, _COMMENTS, _END_NOTES, _BOXES = range(7)
_MARKS = re.compile("([\x07\r\x0c\x13\x14\x15])")
_SIGNS = dict.fromkeys(map(ord, "\x00\x01\x02\x03\x04\x05\x06\x08\x1f"), None) | {0x0B: "\n", 0x1E: "-", 0xA0: " "}
_BEGINS_FIELD, _HAS_RESULT, _ENDS_FIELD, _CELL = "\x13", "\x14", "\x15", "\x07"
_MOST_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: where it begins in the text and in the file, its letters, and the bytes of each."""

    start: int
    offset: int
    text: str
    width: int


@dataclass(slots=True)
class _Document:
    """What is needed to walk the text: its pieces and everything said of them."""

    pieces: list[Piece]
    styles: list[Style97] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    numbering: Numbering = field(default_factory=Numbering)
    runs: Runs = field(default_factory=Runs)
    paragraphs: Runs = field(default_factory=Runs)

    def stretches(self, start: int, end: int) -> Iterator[tuple[str, int, bytes]]:
        """Give the text between two places in stretches of the same run properties, each with its file offset."""
        for piece in self.pieces:
            at, stop = max(start - piece.start, 0), min(end - piece.start, len(piece.text))
            while at < stop:
                offset = piece.offset + at * piece.width
                properties, until = self.runs.at(offset)
                until = min(until, self.paragraphs.at(offset)[1])
                following = min(stop, at + max(1, (until - offset + piece.width - 1) // piece.width))
                yield piece.text[at:following], offset, properties
                at = following

    def paragraph_at(self, offset: int) -> tuple[ParagraphLook, RunLook]:
        """Give the properties of the paragraph that holds a file offset, and those its style gives its runs."""
        properties, _ = self.paragraphs.at(offset)
        place = struct.unpack_from("<H", properties)[0] if len(properties) >= 2 else 0
        style = self.styles[place] if place < len(self.styles) else Style97(0)
        return paragraph_look(properties[2:], style.paragraph), style.run


@dataclass(slots=True)
class _Walk:
    """One pass over a story: the paragraph, cell and row being put together."""

    document: _Document
    out: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    last: str = ""

    def read(self, start: int, end: int) -> list[str]:
        """Walk the text between two places; give its paragraphs and rows."""
        document = self.document
        for text, offset, properties in document.stretches(start, end):
            look, style_run = document.paragraph_at(offset)
            run = run_look(properties, style_run, document.styles)
            for part in _MARKS.split(text):
                if part in {_BEGINS_FIELD, _HAS_RESULT, _ENDS_FIELD}:
                    self._field(part)
                elif part and part in "\x07\r\x0c":
                    self._mark(part, look, is_deleted=run.deleted)
                elif part and all(self.fields) and not run.hidden and not run.deleted:
                    self._put(part, run)
        self._end_row()
        if self.line:
            self.out.append(self._taken())
        return self.out

    def _put(self, part: str, run: RunLook) -> None:
        if run.symbol is not None:
            self.line.append(shown_symbol(run.symbol))
            return
        fonts = self.document.fonts
        name = fonts[run.font] if run.font is not None and run.font < len(fonts) else ""
        self.line.append(marked(part.translate(_SIGNS), name))

    def _field(self, sign: str) -> None:
        if sign == _BEGINS_FIELD:
            self.fields = [*self.fields[-_MOST_FIELDS:], False]
        elif sign == _HAS_RESULT and self.fields:
            self.fields[-1] = True
        elif self.fields and sign == _ENDS_FIELD:
            self.fields.pop()

    def _mark(self, sign: str, look: ParagraphLook, *, is_deleted: bool) -> None:
        before, self.last = self.last, sign
        if sign == _CELL:
            # Without properties, an empty cell after a cell is the end of the row.
            bare = not self.document.paragraphs.starts and before == _CELL and not self.line and not self.cell
            if look.ends_row or bare:
                self._end_row()
            else:
                self.cells.append("\n".join([*self.cell, self._paragraph(look)]))
                self.cell = []
        elif look.ends_inner_row:
            self.cell.append(joined_row(self.inner))
            self.inner, self.line = [], []
        elif look.ends_inner_cell:
            self.inner.append(self._paragraph(look))
        elif look.in_table and sign == "\r":
            self.cell.append(self._paragraph(look))
        elif not is_deleted:
            self._end_row()
            self.out.append(self._paragraph(look) + ("\f" if sign == "\x0c" else ""))

    def _paragraph(self, look: ParagraphLook) -> str:
        text = self._taken()
        number = look.list_number or 0
        label = self.document.numbering.label(str(number), look.level or 0) if 0 < number < 2047 else ""
        self.fields = [is_result for is_result in self.fields if is_result]
        return label + text if text.strip() else text

    def _taken(self) -> str:
        text, self.line = "".join(self.line), []
        return text

    def _end_row(self) -> None:
        if self.inner:
            self.cell.append(joined_row(self.inner))
        if self.cell:
            self.cells.append("\n".join(self.cell))
        row = joined_row(self.cells)
        self.inner, self.cell, self.cells = [], [], []
        if row:
            self.out.append(row)


def read_doc(data: bytes) -> Extracted:
    """Read the text of a Word 97-2003 file. Raises `ExtractionError` when it is locked, broken or no Word file."""
    with open_compound(data, _BROKEN) as container:
        text = settled(_text(container))
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\f")]
    return Extracted(text.replace("\f", "\n"), tuple(starts), "doc")


def _text(container: Compound) -> str:
    if not container.has("WordDocument"):
        raise ExtractionError(_LOCKED if container.has("EncryptedPackage") else _OTHER)
    main = container.stream("WordDocument")
    magic, version = struct.unpack_from("<2H", main)
    if magic != _WORD_MAGIC or version < _OLDEST:
        raise ExtractionError(_OLD if magic in {0xA5DC, 0xA5DB, _WORD_MAGIC} else _BROKEN)
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise ExtractionError(_LOCKED)
    table = container.stream("1Table" if flags & _TABLE_1 else "0Table")
    document = _Document(_pieces(main, _part(main, table, _CLX)))
    document.styles = read_styles97(_part(main, table, _STYLES))
    document.fonts = read_fonts97(_part(main, table, _FONTS))
    document.numbering = read_lists97(table, _place(main, _LISTS), _place(main, _USES))
    document.runs = read_runs(main, _part(main, table, _RUNS), of_paragraphs=False)
    document.paragraphs = read_runs(main, _part(main, table, _PARAGRAPHS), of_paragraphs=True)
    return _stories(document, main, _part(main, table, _HEADERS)).text()


def _place(main: bytes, index: int) -> tuple[int, int]:
    start, size = struct.unpack_from("<II", main, 0x9A + 8 * index)
    return start, size


def _part(main: bytes, table: bytes, index: int) -> bytes:
    start, size = _place(main, index)
    return table[start : start + size]


def _pieces(main: bytes, clx: bytes) -> list[Piece]:
    """Read the piece table (Clx, 2.9.38); formatting that goes with a fast save stands before it and is passed over."""
    at = 0
    while clx[at] == _PROPERTIES:
        at += 3 + max(0, struct.unpack_from("<h", clx, at + 1)[0])
    if clx[at] != _PIECES:
        raise ExtractionError(_BROKEN)
    plc = clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
    count = (len(plc) - 4) // 12
    if not 0 < count <= _MOST_PIECES:
        raise ExtractionError(_BROKEN)
    places = struct.unpack_from(f"<{count + 1}I", plc)
    out, total = [], 0
    for index in range(count):
        stated = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        length = max(0, places[index + 1] - places[index])
        total += length
        if total > len(main):  # pieces that repeat the same bytes without end
            raise ExtractionError(_BROKEN)
        out.append(_piece(main, places[index], stated, length))
    return out


def _piece(main: bytes, start: int, stated: int, length: int) -> Piece:
    if stated & _COMPRESSED:
        offset = (stated & ~_COMPRESSED) // 2
        return Piece(start, offset, main[offset : offset + length].decode("cp1252", "replace"), 1)
    data = main[stated : stated + 2 * length]
    # One letter for each two bytes, halves of a pair apart, so that places in the text stay places in the file.
    return Piece(start, stated, "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2]))), 2)


def _stories(document: _Document, main: bytes, headers: bytes) -> Stories:
    """Part the text into its stories (2.3): body, notes, headers and footers, comments (left out), text boxes."""
    lengths = [max(0, length) for length in struct.unpack_from("<7i", main, 0x4C)]
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    out = Stories()
    _margins(document, headers, starts[_MARGINS], out)
    out.lines["body"] = _Walk(document).read(0, lengths[_TEXT])
    for place in (_NOTES, _END_NOTES):
        for line in _Walk(document).read(starts[place], starts[place] + lengths[place]):
            if line.strip():
                out.begin("note")
                out.add(line)
                out.end()
    boxes = _Walk(document).read(starts[_BOXES], starts[_BOXES] + lengths[_BOXES])
    out.lines["body"] += [line for line in boxes if line.strip()]
    return out


def _margins(document: _Document, headers: bytes, start: int, out: Stories) -> None:
    """Read the headers and footers of the first section (PlcfHdd, 2.8.12): six separators stand before them."""
    count = len(headers) // 4
    places = struct.unpack_from(f"<{count}I", headers) if count else ()
    for story, indexes in (("header", (10, 7)), ("footer", (11, 9))):
        for index in indexes:
            if index + 1 < count and places[index] < places[index + 1]:
                out.begin(story)
                for line in _Walk(document).read(start + places[index], start + places[index + 1]):
                    out.add(line)
                out.end()
