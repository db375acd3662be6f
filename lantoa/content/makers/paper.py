"""Printed forms: leaflet, poster, doorstep card, briefing, sheet of questions and answers.

Each is PDF/A-2a and PDF/UA-1: tagged, with its title, language and a text for every image. `bleed_mm` widens
the sheet for a printing house: the ground runs on by so many millimetres beyond the trim box, with crop
marks in the corners (3 mm is usual in Viet Nam; 0 for an office printer).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from lantoa.content.makers.form import PieceTooLongError, typeset

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

_BRIEFING_FORMS = ((1, 12.5), (1, 11.5), (1, 10.6), (2, 12.5), (2, 11.5), (2, 10.6))
"""Pages and text size (points) of a briefing, tried in turn until the words fit."""


def print_leaflet(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A5 leaflet of two pages: the key message in front; points, questions and the warning on the back.

    Without points the back carries the running text. Raises `PieceTooLongError`.
    """
    return typeset(piece, "leaflet.typ", bleed_mm=bleed_mm)


def print_poster(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A3 poster that still reads when printed on A4 (steps to take at 14 points or more there, the warning at 10).

    The texts of the points give way to their headings alone before the type gets small.
    Raises `PieceTooLongError`.
    """
    return typeset(piece, "poster.typ", bleed_mm=bleed_mm)


def print_doorstep_card(piece: Piece) -> bytes:
    """Four A6 cards on A4, front and back, with cut lines: what a visitor says, checks and ticks at the door.

    Each point of the piece becomes a box to tick. Raises `PieceTooLongError`.
    """
    return typeset(piece, "doorstep_card.typ", bleed_mm=0)


def print_briefing(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A4 of one or two pages that a head of office reads out to all staff in five minutes.

    Raises `PieceTooLongError` when two pages do not hold it at a size that can be read aloud from.
    """
    *roomy, last = _BRIEFING_FORMS
    for pages, size in roomy:
        with contextlib.suppress(PieceTooLongError):
            return typeset(piece, "briefing.typ", bleed_mm=bleed_mm, most_pages=pages, size=size)
    pages, size = last
    return typeset(piece, "briefing.typ", bleed_mm=bleed_mm, most_pages=pages, size=size)


def print_qa_sheet(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A4 sheet of numbered questions and answers, as many pages as needed; points or text when there are none."""
    return typeset(piece, "qa_sheet.typ", bleed_mm=bleed_mm)
