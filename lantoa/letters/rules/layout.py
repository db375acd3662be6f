"""The page as lines and pieces: what stands side by side, what is a rule, what is furniture of the page.

Every piece keeps its offsets in the extracted text, so a value read later can be shown where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese import CAPITAL_LETTERS, SMALL_LETTERS, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BULLET = re.compile(r"[-–—•+~·▪]+\s*(?=[^\s\d.]|\d)|[*]\s+(?=[^\s*])")
_EDGES = " \t\u00a0\r\f*_`>#|\u200b"
# An open number or date is a gap too (`Số:      /KH-UBND`, `ngày      tháng 9`), but does not part columns.
_GAP = re.compile(
    r"\s{0,200}\t+\s*|[ \u00a0]{3,}(?![ \u00a0/]|[tf]\w{2,3}ng |n\wm |năm)|\s{1,200}\|\s+|\s{0,200}<br\s{0,9}/?>\s*"
)
_PARTING = ("  ", "\t", "|", "\u00a0", "<br")
"""Without one of these a line is one piece."""
_CELL = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>")
_PAGE_NUMBER = re.compile(r"\s*(?:trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?\s*", re.IGNORECASE)
_LINE_MARKS = (
    "Độc lập", "V/v ", "Số:", "CỘNG H", "Kính gửi", "Nơi nhận", "Đã ký", "KT.", "TM.", "TL.", "PHÓ ", ";-", ":-"
)  # fmt: skip
_COMMENT = re.compile(r"\s*<!--.*-->\s*")
_WIDE_GAP = 6
_UPPER, _LOWER = f"[{CAPITAL_LETTERS}]", f"[{SMALL_LETTERS}]"
_GLUED = re.compile(
    r"(?<=\w)(?=Độc lập\b|V/v\s|Số:|CỘNG H[OÒ][AÀ] XÃ)|(?<=[\w.:;)])(?=Kính gửi\s?:|Nơi nhận\s?:|\(?Đã ký\)?)"
    rf"|(?<=Đã ký\))(?=\w)|(?<=[;:])(?=[-–]\s?{_UPPER})|(?<=\w\.)(?=[-–]\s{_UPPER})"
    rf"|(?<=[{_LOWER[1:-1]};.])(?=(?:TM|KT|TL|TUQ)\.\s?{_UPPER})"
    rf"|(?<={_LOWER})(?={_UPPER}{_LOWER}+(?:\s{_UPPER}{_LOWER}*){{0,3}}, ngày\s)|(?<=VT\.)(?=KT\.|TM\.|TL\.)"
    rf"|(?<=\b[{_UPPER[1:-1]}]{{2}}\.)(?=(?:TM|KT|TL|TUQ)\.\s?{_UPPER})"
    rf"|(?<={_UPPER})(?=PHÓ (?:GIÁM|CHỦ|TRƯỞNG|CHÁNH|HIỆU|CỤC))"
)
"""Where a page copied from the web has lost the end of a line: before a mark that only stands at a line's beginning."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text standing alone on its line: offsets, the text without edge marks, and its folded form."""

    start: int
    end: int
    text: str
    plain: str
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line with content: its pieces from left to right and what came before it."""

    pieces: tuple[Piece, ...]
    gap: int = 0
    """Empty lines before it."""
    ruled: bool = False
    """Whether a drawn line or a page break stands before it."""
    text: str = field(init=False, compare=False)
    """Its text, pieces joined by one space."""
    plain: str = field(init=False, compare=False)
    """Its folded text."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(piece.text for piece in self.pieces))
        object.__setattr__(self, "plain", " ".join(piece.plain for piece in self.pieces))

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.pieces[-1].end

    @property
    def indent(self) -> int:
        """Columns before its first character."""
        return self.pieces[0].column


@dataclass(frozen=True, slots=True)
class _Source:
    """A text and the same folded, character for character."""

    text: str
    plain: str


def _piece_of(source: _Source, start: int, end: int, column: int = 0) -> Piece | None:
    """The piece of a text between two offsets without white space and typographic marks, or None when empty."""
    text = source.text
    while start < end and text[start] in _EDGES and not (text[start] == "*" and text[start + 1 : start + 2] == " "):
        start += 1
        column += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    if start >= end:
        return None
    return Piece(start, end, text[start:end], source.plain[start:end], column)


def split_piece(piece: Piece, at: int) -> tuple[Piece | None, Piece | None]:
    """The two parts of a piece before and from an offset within it."""
    return _part(piece, 0, at), _part(piece, at, len(piece.text))


def _part(piece: Piece, start: int, end: int) -> Piece | None:
    return None if start >= end else piece_within(piece, start, end)


def piece_within(piece: Piece, start: int, end: int) -> Piece | None:
    """The part of a piece between two offsets of its own text."""
    part = piece.text[start:end]
    lead = len(part) - len(part.lstrip(_EDGES))
    core = part.strip(_EDGES)
    if not core:
        return None
    begin = piece.start + start + lead
    plain = piece.plain[start + lead : start + lead + len(core)]
    return Piece(begin, begin + len(core), core, plain, piece.column + start + lead)


def read_lines(text: str) -> list[Line]:
    """Split text into lines with content; rules, page numbers and comments only leave their mark on the next line."""
    lines: list[Line] = []
    source = _Source(text, folded(text))
    gap, ruled = 0, False
    for start, end in _raw_lines(text):
        raw = text[start:end]
        if not raw.strip(_EDGES):
            gap += 1
            ruled = ruled or "\f" in raw
        elif _is_furniture(raw, gap, start):
            ruled = True
            gap += 0 if _PAGE_NUMBER.fullmatch(raw) else 1
        else:
            for pieces in _rows(source, start, end):
                lines.append(Line(pieces, gap, ruled))
                gap, ruled = 0, False
    return lines


def _raw_lines(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the lines, those that a copy has glued together parted again."""
    start = 0
    glued = [found.start() for found in _GLUED.finditer(text)] if _is_glued(text) else []
    at = 0
    while start <= len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        while at < len(glued) and glued[at] < end:
            if glued[at] > start:
                yield start, glued[at]
                start = glued[at]
            at += 1
        yield start, end
        start = end + 1


def _is_glued(text: str) -> bool:
    """Whether any mark of a line's beginning follows a letter or stop at once: a quick look before the slow one."""
    for mark in _LINE_MARKS:
        at = text.find(mark)
        while at >= 0:
            if at and (mark[0] in ";:" or text[at - 1].isalnum() or text[at - 1] in ".;:)"):
                return True
            at = text.find(mark, at + 1)
    return False


def _is_furniture(raw: str, gap: int, start: int) -> bool:
    if not any(letter.isalnum() for letter in raw) or _COMMENT.fullmatch(raw):
        return True
    number = _PAGE_NUMBER.fullmatch(raw)
    return bool(number) and start > 0 and (gap > 0 or "\f" in raw or len(raw) - len(raw.lstrip()) > _WIDE_GAP)


def _rows(source: _Source, start: int, end: int) -> list[tuple[Piece, ...]]:
    """One row for a plain line; for a row of a table in marks, one row a cell line, left cell first."""
    raw = source.text[start:end]
    if not raw.lstrip().startswith("|"):
        pieces = tuple(_pieces(source, start, end))
        return [pieces] if pieces else []
    rows: list[tuple[Piece, ...]] = []
    for cell_start, cell_end in _between(_CELL, raw):
        for part_start, part_end in _between(_BREAK, raw[cell_start:cell_end]):
            begin = start + cell_start
            piece = _piece_of(source, begin + part_start, begin + part_end, 0 if cell_start < 2 else 40)
            if piece and any(letter.isalnum() for letter in piece.text):
                rows.append((piece,))
    return rows


def _between(mark: re.Pattern[str], raw: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in mark.finditer(raw):
        yield at, found.start()
        at = found.end()
    yield at, len(raw)


def _pieces(source: _Source, start: int, end: int) -> Iterator[Piece]:
    raw = source.text[start:end]
    parted = any(mark in raw for mark in _PARTING)
    for piece_start, piece_end in _between(_GAP, raw) if parted else ((0, len(raw)),):
        piece = _piece_of(source, start + piece_start, start + piece_end, piece_start)
        if piece:
            yield piece


def page_of(offset: int, page_starts: Sequence[int]) -> int:
    """The page, from 1, on which an offset lies."""
    return max(1, bisect_right(page_starts, offset))
