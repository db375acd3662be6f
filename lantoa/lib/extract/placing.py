"""Words with places on a page put together to lines of text, so that columns stay columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from lantoa.lib.extract.boxes import Boxes, PageView, WordBox

_GAP = 1.8
"""A gap wider than this many characters parts columns."""
_WIDEST = 200
"""Most spaces written for a gap: a bent coordinate must not fill the memory."""


class Word(NamedTuple):
    """A word inside a run: offsets in the run's text, its frame on the page (y runs down), how sure (0–100)."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    sure: int = 100


@dataclass(frozen=True, slots=True)
class Run:
    """Text that stands together on one line: its frame on the page (y runs down) and its words."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    words: tuple[Word, ...] = ()

    @property
    def height(self) -> float:
        """Height of its frame."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """The runs of one page and the size of the page, in the same unit."""

    runs: tuple[Run, ...]
    width: float
    height: float
    view: PageView


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Pages as one text: the text, where its pages begin, where its words stand."""

    text: str
    page_starts: tuple[int, ...]
    boxes: Boxes


def placed(pages: list[PlacedPage]) -> PlacedText:
    """Lay out pages one after the other, each beginning on a line of its own."""
    parts: list[str] = []
    starts: list[int] = []
    words: list[WordBox] = []
    length = 0
    for number, page in enumerate(pages):
        starts.append(length)
        line_start = length
        for line in _lines(page.runs):
            parts.append(line.text + "\n")
            words += [_boxed(word, number, line_start + at, page) for word, at in line.words]
            line_start += len(line.text) + 1
        if line_start == length:
            parts.append("\n")
            line_start += 1
        length = line_start
    boxes = Boxes(tuple(page.view for page in pages), tuple(words)) if words else Boxes()
    return PlacedText("".join(parts), tuple(starts) or (0,), boxes)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    words: tuple[tuple[Word, int], ...] = ()
    """Each word with the offset of its run in the line."""


def _boxed(word: Word, page: int, at: int, frame: PlacedPage) -> WordBox:
    left, right = (min(max(value / frame.width, 0.0), 1.0) for value in (word.left, word.right))
    top, bottom = (min(max(value / frame.height, 0.0), 1.0) for value in (word.top, word.bottom))
    return WordBox(page, at + word.start, at + word.end, left, top, right, bottom, word.sure)


def _lines(runs: tuple[Run, ...]) -> list[_Line]:
    """Group runs that share a height into lines, from the top; a wide gap leaves spaces in proportion."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda one: one.top + one.bottom):
        middle = (run.top + run.bottom) / 2
        row = rows[-1] if rows else None
        if row and min(one.top for one in row) <= middle <= max(one.bottom for one in row):
            row.append(run)
        else:
            rows.append([run])
    width = _character(runs)
    start = min((run.left for run in runs), default=0.0)
    out: list[_Line] = []
    edge: float | None = None
    for row in rows:
        height = max(run.height for run in row)
        if edge is not None and min(run.top for run in row) - edge > 0.9 * height:
            out.append(_Line(""))
        out.append(_line(sorted(row, key=lambda one: one.left), width, start))
        edge = max(run.bottom for run in row)
    return out


def _line(row: list[Run], width: float, start: float) -> _Line:
    text = " " * min(_WIDEST, max(0, round((row[0].left - start) / width)))
    words: list[tuple[Word, int]] = []
    edge = row[0].left
    for run in row:
        gap = (run.left - edge) / width
        if text.strip():
            text += " " * min(_WIDEST, max(3, round(gap))) if gap > _GAP else " " if gap > 0.15 else ""
        words += [(word, len(text)) for word in run.words]
        text += run.text
        edge = run.right
    return _Line(text, tuple(words))


def _character(runs: tuple[Run, ...]) -> float:
    """The mean width of a character."""
    letters = sum(len(run.text) for run in runs)
    return max(1.0, sum(run.right - run.left for run in runs) / max(1, letters))


def with_words(run: Run, frames: list[tuple[float, float, float, float]]) -> Run:
    """Give a run its words from the frames of its letters, white space apart, in reading order.

    Where their number is not that of the letters (joined or lost letters), words share the width by their length.
    """
    found = [(part.start(), part.end()) for part in re.finditer(r"\S+", run.text)]
    if sum(end - start for start, end in found) != len(frames):
        share = (run.right - run.left) / max(1, len(run.text))
        words = [
            Word(start, end, run.left + start * share, run.top, run.left + end * share, run.bottom)
            for start, end in found
        ]
    else:
        words, at = [], 0
        for start, end in found:
            mine = frames[at : at + end - start]
            left, right = min(frame[0] for frame in mine), max(frame[2] for frame in mine)
            words.append(Word(start, end, left, run.top, right, run.bottom))
            at += end - start
    return Run(run.left, run.top, run.right, run.bottom, run.text, tuple(words))
