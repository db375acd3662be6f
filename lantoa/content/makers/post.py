"""The text of a post on a social network or a messaging channel: plain lines, no markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.makers.form import is_web_address, split_paragraphs
from lantoa.content.makers.words import choose_words

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece


def write_social_post(piece: Piece) -> str:
    """A post in short paragraphs: what and when first, then what to do, the warning, whom to ask, link and source.

    The first two paragraphs stand before a network's "see more". Questions stay on the page the link leads to.
    """
    words = choose_words(piece)
    key = ": ".join(filter(None, (piece.key_label, piece.key_figure)))
    body = [] if piece.points else split_paragraphs(piece.text)
    contacts = "\n".join((f"{words['contact']}:", *piece.contacts)) if piece.contacts else ""
    link = f"{words['more']}: {piece.url}" if is_web_address(piece.url) else ""
    source = f"{words['sources']}: {'; '.join(piece.sources)}." if piece.sources else ""
    parts = (
        piece.title, key, piece.lead, *body, _number_points(piece),
        f"{words['warning']}: {piece.warning}" if piece.warning else "",
        contacts, link, piece.publisher, "\n".join(filter(None, (source, words["true_on"]))),
    )
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _number_points(piece: Piece) -> str:
    lines = (
        f"{number}. {point.heading.rstrip('.')}. {point.text}".rstrip()
        for number, point in enumerate(piece.points, start=1)
    )
    return "\n".join(lines)
