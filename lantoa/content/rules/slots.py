"""Places in a rendering that the channel fills for each recipient: `{{name|quý vị}}` (`lantoa.channels.wire`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.channels.wire import Slot, split_slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.content.rules.piece import Piece

_OPENING = re.compile(r"\{(?=\{)")


def slot(name: str, otherwise: str = "") -> str:
    """A slot as it stands in a text; `otherwise` is said to whom nothing is known of."""
    return f"{{{{{name}|{otherwise}}}}}"


def fill_slots(text: str, fields: Mapping[str, str] | None = None) -> str:
    """The text as one recipient reads it; without `fields` as somebody reads it of whom nothing is known."""
    known = fields or {}
    return "".join(part.fill(known) if isinstance(part, Slot) else part for part in split_slots(text))


def inert(text: str) -> str:
    """Words in which nothing is a slot, whatever somebody has typed."""
    return _OPENING.sub("{ ", text)


def inert_piece(piece: Piece) -> Piece:
    """The piece with inert words: what is a slot in its rendering is put there by its maker alone."""
    return piece.rewritten(inert)
