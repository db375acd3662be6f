"""Images for social networks, and the words that stand for them where they cannot be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.makers.form import draw

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece


def draw_social_wide(piece: Piece) -> bytes:
    """A PNG of exactly 1200 × 630 pixels: the shape of a link's preview. Raises `PieceTooLongError`."""
    return draw(piece, "social.typ", width=1200, height=630)


def draw_social_square(piece: Piece) -> bytes:
    """A PNG of exactly 1080 × 1080 pixels: the shape of a post. Raises `PieceTooLongError`."""
    return draw(piece, "social.typ", width=1080, height=1080)


def image_alt(piece: Piece) -> str:
    """The words of the image in one paragraph, for those who hear the page read."""
    key = ": ".join(filter(None, (piece.key_label, piece.key_figure)))
    said = (piece.title, key, piece.lead, piece.publisher)
    return " ".join(_end(part.strip()) for part in said if part.strip())


def _end(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
