"""Printed forms: leaflet, posters, board notice, doorstep card, briefing, sheet of answers, staff slides.

Each is PDF/A-2a and PDF/UA-1: tagged, with its title, language and a text for every image. `bleed_mm` widens
the sheet for a printing house: the ground runs on by so many millimetres beyond the trim box, with crop
marks in the corners (3 mm is usual in Viet Nam; 0 for an office printer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.makers.form import typeset

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

_BRIEFING_FORMS = tuple({"most_pages": pages, "size": size} for pages in (1, 2) for size in (13, 12, 11))
"""Pages and text size (points) of a briefing, tried in turn until the words fit."""
_LEAFLET_FORMS = ({"pages": 2}, {"pages": 4})
_A3_MM, _A4_MM = 297, 210


def print_leaflet(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A5 leaflet: the key message in front; points, questions and the warning behind, at 14 points or more.

    Two pages, or four of a folded A4 when the words need them. Without points it carries the running text.
    Raises `PieceTooLongError`.
    """
    return typeset(piece, "leaflet.typ", *_LEAFLET_FORMS, bleed_mm=bleed_mm)


def print_poster(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A3 poster: all that is to be read from two metres at 24 points or more.

    Texts of the points that would get smaller give way to their short forms. Raises `PieceTooLongError`.
    """
    return typeset(piece, "poster.typ", {"width": _A3_MM}, bleed_mm=bleed_mm)


def print_poster_a4(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """The same poster on A4, for an office printer and a door: 17 points or more. Raises `PieceTooLongError`."""
    return typeset(piece, "poster.typ", {"width": _A4_MM}, bleed_mm=bleed_mm)


def print_board_notice(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A4 notice for the board of a hall or a lane: everything on one page at 15 points or more, and who put it up.

    Texts of the points that would get smaller give way to their short forms. Raises `PieceTooLongError`.
    """
    return typeset(piece, "board_notice.typ", bleed_mm=bleed_mm)


def print_staff_slides(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """Slides of 16:9, one message each, with words of 24 points or more on a page 960 points wide.

    Raises `PieceTooLongError`. `bleed_mm` is for the trade's sake: slides are not cut.
    """
    return typeset(piece, "staff_slides.typ", bleed_mm=bleed_mm)


def print_doorstep_card(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """Two A5 cards on A4, front and back, with a cut line: what a visitor says, checks and ticks at the door.

    Each point of the piece becomes a box to tick. Raises `PieceTooLongError`.
    """
    return typeset(piece, "doorstep_card.typ", bleed_mm=bleed_mm)


def print_briefing(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A4 of one or two pages that a head of office reads out to all staff in five minutes.

    Raises `PieceTooLongError` when two pages do not hold it at a size that can be read aloud from.
    """
    return typeset(piece, "briefing.typ", *_BRIEFING_FORMS, bleed_mm=bleed_mm)


def print_qa_sheet(piece: Piece, *, bleed_mm: float = 0) -> bytes:
    """A4 sheet of numbered questions and answers, as many pages as needed; points or text when there are none."""
    return typeset(piece, "qa_sheet.typ", bleed_mm=bleed_mm)
