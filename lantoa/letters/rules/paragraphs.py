"""Paragraphs: lines of running text put together again, with the way back to the offsets they came from."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.layout import BULLET, Line, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARKER = re.compile(
    r"(?:(?P<roman>(?:[IVX]{1,5}))[.)](?!\d)|(?P<capital>[A-EĐ])[.)](?=\s)"
    r"|(?P<decimal>\d{1,2}(?:\.\d{1,2})+)[.)]?(?=\s)"
    r"|(?P<digit>\d{1,2})[.)](?=\s|[^\W\d])|(?P<letter>[a-zđ])[.)](?=\s)"
    r"|(?P<word>(?:Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín) là|Thứ (?:nhất|hai|ba|tư|năm|sáu))[,:](?=\s)"
    r"|(?P<article>Điều \d+)\.(?=\s|[^\W\d]))\s*"
)
_RUN = re.compile(r"(?:(?!\*\*)\S)+(?: (?:(?!\*\*)\S)+)*")
_BROKEN_WORD = re.compile(r"\w[/-]$")
"""A number and symbol or a fraction (`731/`, `02 lần/`) that the end of a line has parted."""
_CLOSED = (".", ";", ":", "!", "?", "/.", ".”", '."', ",./.")
_DANGLING = re.compile(r"\b(?:so|ngay|cua|va|cac|tai|theo|ve viec)$")
"""Words that ask for another: no paragraph ends in them."""
_OFFICE = re.compile(r"\b[Ss]ở$")
"""Folded like `số`, and the end of many a heading ("2. Văn phòng Sở")."""
_UNWRAPPED = 150
_NARROW = 0.72


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text, the same folded, and for each run of it the offset where that run stands."""

    text: str
    plain: str
    runs: tuple[int, ...]
    offsets: tuple[int, ...]
    indent: int = 0

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the extracted text of the characters `[start, end)` of the paragraph."""
        return self._at(start), self._at(max(start, end - 1)) + 1

    def _at(self, place: int) -> int:
        run = bisect_right(self.runs, place) - 1
        return self.offsets[run] + place - self.runs[run]


def paragraph_of(pieces: Iterable[Piece], indent: int = 0) -> Paragraph:
    """Join pieces by single spaces into a paragraph, leaving out marks of emphasis and double spaces."""
    parts: list[str] = []
    folds: list[str] = []
    runs: list[int] = []
    offsets: list[int] = []
    length = 0
    for piece in pieces:
        apart = bool(parts) and not (_BROKEN_WORD.search(parts[-1]) and piece.text[:1].isalnum())
        if "  " not in piece.text and "**" not in piece.text and "\t" not in piece.text:
            parts += [" "] * apart + [piece.text]
            folds += [" "] * apart + [piece.plain]
            runs.append(length + apart)
            offsets.append(piece.start)
            length += apart + len(piece.text)
            continue
        for found in _RUN.finditer(piece.text):
            if apart or (parts and piece.text[found.start() - 1].isspace()):
                parts.append(" ")
                folds.append(" ")
                length += 1
            apart = False
            runs.append(length)
            offsets.append(piece.start + found.start())
            parts.append(found[0])
            folds.append(piece.plain[found.start() : found.end()])
            length += len(found[0])
    return Paragraph("".join(parts), "".join(folds), tuple(runs), tuple(offsets), indent)


def read_paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Put wrapped lines together: what ends a paragraph is a marker, a short line, an indent or an empty line."""
    page = _page(lines)
    out: list[list[Line]] = []
    for line in lines:
        if out and not _begins(line, out[-1][-1], page):
            out[-1].append(line)
        else:
            out.append([line])
    return [paragraph_of([piece for line in group for piece in line.pieces], group[0].indent) for group in out]


@dataclass(frozen=True, slots=True)
class _Page:
    """How the text is set: the length of a full line (0 when each paragraph is one line) and its left margin."""

    width: int
    margin: int
    """The deepest indent of a line that plainly goes on with a sentence; first lines may stand deeper."""


def _page(lines: Sequence[Line]) -> _Page:
    lengths = sorted(line.indent + len(line.text) for line in lines)
    hung = [line.indent for before, line in itertools.pairwise(lines) if _is_small(line) and not _is_closed(before)]
    if not hung or lengths[-1] > _UNWRAPPED:
        return _Page(0, 0)
    return _Page(lengths[int(len(lengths) * 0.85)], max(hung))


def _is_closed(line: Line) -> bool:
    return line.text.rstrip("”\"' ").endswith(_CLOSED)


def _is_small(line: Line) -> bool:
    return line.text.lstrip("“\"'(")[:1].islower() and not MARKER.match(line.text)


def _begins(line: Line, before: Line, page: _Page) -> bool:
    text, width = line.text, page.width
    closed, small = _is_closed(before), _is_small(line)
    narrow = before.indent + len(before.text) < width * _NARROW
    if MARKER.match(text) or BULLET.match(text):
        return closed or bool(line.gap) or narrow or not width or before.text.endswith(",") or (
            line.indent > before.indent
        )
    is_dangling = _DANGLING.search(before.plain) and not _OFFICE.search(before.text)
    if (small and not closed) or is_dangling:
        return False
    if not width:
        return True
    if line.gap and not (line.ruled or line.gap == 1) and closed:
        return True
    if line.gap:
        return closed or narrow
    indented = line.indent > before.indent + 1 or line.indent > page.margin + 1
    return narrow or (closed and indented)
