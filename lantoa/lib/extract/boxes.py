"""Where each word of an extracted text stands on its page, so that a value can be shown where it was read."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_GRID = 10_000
UNIT = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
"""The map of a page shown as it came."""


class WordBox(NamedTuple):
    """One word: offsets `[start, end)` in the text, its frame as fractions of the page shown, how sure (0–100)."""

    page: int
    """From 0."""
    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    sure: int = 100


class PageView(NamedTuple):
    """How a page is shown: its height per width, and where its points lie in the picture it came in.

    `plane` is the first eight entries, row by row, of a plane map (`lantoa.lib.extract.planes`) from the unit page to
    the unit picture; `UNIT` when the page is shown as it came.
    """

    aspect: float
    plane: tuple[float, ...] = UNIT


@dataclass(frozen=True, slots=True)
class Boxes:
    """The pages and the boxes of all their words, in the order of the text. False when there are none."""

    pages: tuple[PageView, ...] = ()
    words: tuple[WordBox, ...] = ()
    _starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(word.start for word in self.words))

    def __bool__(self) -> bool:
        return bool(self.words)

    def within(self, start: int, end: int) -> tuple[WordBox, ...]:
        """Return the words that touch the offsets `[start, end)` of the text."""
        first = bisect_left(self._starts, start)
        if first and self.words[first - 1].end > start:
            first -= 1
        return self.words[first : bisect_left(self._starts, end)]

    def to_json(self) -> dict[str, Any]:
        """Return a compact form for JSON: frames in ten-thousandths of the page, one flat list a word."""
        return {
            "pages": [[round(page.aspect, 6), *(round(value, 9) for value in page.plane)] for page in self.pages],
            "words": [[*word[:3], *(round(value * _GRID) for value in word[3:7]), word.sure] for word in self.words],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Boxes:
        """Read what `to_json` gave; nothing gives no boxes. Raises `KeyError`, `TypeError` for anything else."""
        if not data:
            return cls()
        pages = tuple(PageView(float(page[0]), tuple(map(float, page[1:]))) for page in data["pages"])
        return cls(pages, tuple(_word_of(values) for values in data["words"]))


def _word_of(values: Sequence[int]) -> WordBox:
    page, start, end, left, top, right, bottom, sure = values
    return WordBox(page, start, end, left / _GRID, top / _GRID, right / _GRID, bottom / _GRID, sure)
