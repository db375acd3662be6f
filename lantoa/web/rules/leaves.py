"""The pages of a letter as pictures, with the places its fields were read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.lib.extract.boxes import Boxes, WordBox
    from lantoa.web.rules.reading import Field

ACROSS = 1000
"""Units a page is wide; whole numbers keep the page small."""
MARGIN = 3


@dataclass(frozen=True, slots=True)
class Patch:
    """A line, or part of one, that a field was read from, in thousandths of the page's width."""

    mark: str
    is_doubtful: bool
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its number from 1, its height in thousandths of its width, and its patches, the narrowest on top."""

    number: int
    height: int
    patches: tuple[Patch, ...]


def leaves_of(boxes: Boxes, fields: Sequence[Field]) -> list[Leaf]:
    """The pages of a letter with a patch for every line of every field that was read from them."""
    spanned = [(field.span.end - field.span.start, field) for field in fields if field.span]
    spanned.sort(key=lambda pair: -pair[0])
    patches: dict[int, list[Patch]] = {}
    for _length, field in spanned:
        span = field.span
        for line in _lines(boxes.within(span.start, span.end) if span else ()):
            page = line[0].page
            if page < len(boxes.pages):
                patches.setdefault(page, []).append(_patch(field, line, boxes.pages[page].aspect))
    return [
        Leaf(number + 1, round(page.aspect * ACROSS), tuple(patches.get(number, ())))
        for number, page in enumerate(boxes.pages)
    ]


def _lines(words: Sequence[WordBox]) -> Iterator[list[WordBox]]:
    """Words that stand beside one another."""
    line: list[WordBox] = []
    for word in words:
        middle = (word.top + word.bottom) / 2
        goes_on = line and word.page == line[-1].page and line[-1].top < middle < line[-1].bottom
        if line and not (goes_on and word.left >= line[-1].left):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _patch(field: Field, line: Sequence[WordBox], aspect: float) -> Patch:
    left, right = min(word.left for word in line) * ACROSS, max(word.right for word in line) * ACROSS
    top, bottom = min(word.top for word in line) * aspect * ACROSS, max(word.bottom for word in line) * aspect * ACROSS
    return Patch(
        field.mark,
        field.is_open,
        round(left) - MARGIN,
        round(top) - MARGIN,
        round(right - left) + 2 * MARGIN,
        round(bottom - top) + 2 * MARGIN,
    )
