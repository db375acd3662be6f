"""A text cut where something was found in it, so that a page can mark each place and lead to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.content.rules.checks import Finding


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a text; `at` is the number of the finding it is, from 1, and 0 where nothing was found."""

    text: str
    at: int = 0
    blocks: bool = False
    also: tuple[int, ...] = ()
    """Numbers of findings whose place overlaps this one: links to them lead here."""
    is_own: bool = False
    """Whether it is part of the words being written."""


def cut_at(text: str, findings: Sequence[Finding]) -> list[Cut]:
    """Cut `text` at the findings that have a place; of two that overlap what blocks is marked, then the shorter."""
    placed = [(number, one) for number, one in enumerate(findings, 1) if one.end]
    marked: dict[int, Finding] = {}
    also: dict[int, list[int]] = {}
    for number, one in sorted(placed, key=lambda pair: (not pair[1].blocks, pair[1].end - pair[1].start)):
        over = next((other for other, its in marked.items() if one.start < its.end and its.start < one.end), 0)
        if over:
            also.setdefault(over, []).append(number)
        else:
            marked[number] = one
    cuts, last = [], 0
    for number, one in sorted(marked.items(), key=lambda pair: pair[1].start):
        cuts += [Cut(text[last : one.start])]
        cuts += [Cut(text[one.start : one.end], number, one.blocks, tuple(also.get(number, ())))]
        last = one.end
    return [cut for cut in (*cuts, Cut(text[last:])) if cut.text]


def shade(cuts: Sequence[Cut], spans: Sequence[tuple[int, int]]) -> list[Cut]:
    """The same text with what lies within `spans` of it shown as own; what was found is never cut in two."""
    shaded: list[Cut] = []
    at = 0
    for cut in cuts:
        end = at + len(cut.text)
        inner = [] if cut.at else [place for span in spans for place in span if at < place < end]
        for start, stop in pairwise(sorted({at, end, *inner})):
            is_own = any(one <= start < two for one, two in spans)
            shaded.append(replace(cut, text=cut.text[start - at : stop - at], is_own=is_own))
        at = end
    return shaded
