"""Fitting words to paper once for all the pieces that share them.

Two places' pieces of one kind differ in a name, a telephone number and a code. What sizes fit is found for their
common *shape*, in which these stand as stand-ins at least as wide, and then used for both. Where a stand-in stands a
line is kept free, for lines break otherwise around the real name. The shape follows from the piece alone, so a piece
comes out the same whichever was made before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import typst

from lantoa.content.rules.piece import Piece, Point
from lantoa.lib.press import read_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

REFUSED = re.compile(r"does not fit: ([a-z]+(?:[ _][a-z0-9]+)*)")
_STAND_IN = "phường"
"""A syllable of more than usual width; with its space it counts for seven letters of a name."""
_SLOTS = (
    "title", "lead", "text", "points", "questions", "warning", "contacts", "publisher", "place", "sources",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_LONGEST_SYLLABLE = 7


@dataclass(frozen=True, slots=True)
class Fit:
    """Sizes by part of a form, as its template found them; `refused` names the part that is too small instead."""

    sizes: Mapping[str, Any]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece with stand-ins, and in how many texts of each of its slots one stands: these may break otherwise."""

    piece: Piece
    spare: Mapping[str, int] = field(default_factory=dict)
    """For each of these texts a line is kept free."""
    checked: bool = False
    """No line is kept free, for there is none; the real words are measured once more as they are drawn."""

    def __hash__(self) -> int:
        told = self.piece
        return hash((told.kind, told.title, told.lead, told.points, told.questions, told.contacts, told.url))


def shape_of(piece: Piece) -> Shape:
    """The piece with stand-ins for what is its place's own: the names, every digit of a contact, the code."""
    names = (piece.publisher, piece.place, *piece.own_words)
    own = [(name, _stand_in(name)) for name in names if _has_usual_syllables(name)]

    def mask(told: Any) -> Any:
        if isinstance(told, tuple):
            return tuple(map(mask, told))
        if isinstance(told, Point):
            return Point(mask(told.heading), mask(told.text))
        for name, stand_in in own:
            told = told.replace(name, stand_in).replace(name[:1].upper() + name[1:], stand_in)
        return told

    masked = {slot: mask(getattr(piece, slot)) for slot in _SLOTS}
    masked["contacts"] = tuple(_DIGIT.sub("0", line) for line in masked["contacts"])
    spare = {slot: _count_other(getattr(piece, slot), masked[slot]) for slot in _SLOTS}
    return Shape(replace(piece, url=_DIGIT.sub("0", piece.url), own_words=(), **masked), spare)


def _count_other(told: Any, masked: Any) -> int:
    pairs = zip(told, masked, strict=True) if isinstance(told, tuple) else [(told, masked)]
    return sum(one != other for one, other in pairs)


def find_fit(template: Path, data: Mapping[str, Any]) -> Fit:
    """The sizes at which `data` fits `template`, or what refused it."""
    try:
        return Fit(dict(read_told(template, {**data, "fitting": True}, "fit")))
    except typst.TypstError as error:
        part = refused_part(error)
        if not part:
            raise
        return Fit({}, part)


def refused_part(error: typst.TypstError) -> str:
    """The part whose words were too long, when that is what `error` says."""
    refused = REFUSED.search(str(error))
    return refused[1].strip() if refused else ""


def fit_first(
    forms: tuple[Mapping[str, Any], ...], fit: Callable[[tuple[tuple[str, Any], ...]], Fit]
) -> tuple[Mapping[str, Any], Fit]:
    """The first of `forms` that fits, with its fit; the last one's refusal when none does."""
    for form in forms:
        found = fit(tuple(form.items()))
        if not found.refused:
            break
    return form, found


def _has_usual_syllables(name: str) -> bool:
    """Whether a stand-in is as good as the name: no word of it longer than the longest of Vietnamese."""
    return bool(name) and all(len(word) <= _LONGEST_SYLLABLE for word in name.split())


def _stand_in(name: str) -> str:
    """Syllables for a name, at least as wide in all, and the same for all names of much the same length."""
    return " ".join([_STAND_IN] * -(-(len(name) + 2) // (len(_STAND_IN) + 1)))
