"""What the reader notes while it reads: where each value stands, and what a person must look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.rules.layout import Piece, page_of
from lantoa.letters.rules.letter import Doubt, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Findings:
    """Spans and doubts of one letter, gathered in reading order."""

    text: str
    page_starts: Sequence[int] = ()
    spans: dict[str, Span] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    levels: dict[str, float] = field(default_factory=dict)
    """The lowest confidence a doubt leaves to a field."""

    def stands(self, name: str, start: int, end: int) -> None:
        """Note that the value of a field was read at these offsets."""
        self.spans[name] = Span(page_of(start, self.page_starts), start, end, self.text[start:end])

    def stands_in(self, name: str, *pieces: Piece) -> None:
        """Note that the value of a field was read in these pieces, which follow one another."""
        if pieces:
            self.stands(name, min(piece.start for piece in pieces), max(piece.end for piece in pieces))

    def doubt(self, name: str, why: str, level: float = 0.7) -> None:
        """Note a doubt once; `level` (below .8) is how likely the value is right all the same."""
        self.levels[name] = min(level, self.levels.get(name, level))
        entry = Doubt(name, why)
        if entry not in self.doubts:
            self.doubts.append(entry)
