"""The list of makers of print pieces, images and texts: which rendering kind is made by which, and as what file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.makers.article import write_article, write_article_fragment
from lantoa.content.makers.image import draw_social_square, draw_social_wide
from lantoa.content.makers.paper import (
    print_briefing,
    print_doorstep_card,
    print_leaflet,
    print_poster,
    print_qa_sheet,
)
from lantoa.content.makers.post import write_social_post

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lantoa.content.rules.piece import Piece


@dataclass(frozen=True, slots=True)
class Form:
    """One form a piece can take: its maker and the file it makes."""

    kind: str
    make: Callable[[Piece], bytes | str]
    suffix: str
    media_type: str

    def make_bytes(self, piece: Piece) -> bytes:
        """The file's bytes; text is UTF-8."""
        made = self.make(piece)
        return made.encode() if isinstance(made, str) else made


_FORMS = (
    Form("leaflet", print_leaflet, ".pdf", "application/pdf"),
    Form("poster", print_poster, ".pdf", "application/pdf"),
    Form("doorstep_card", print_doorstep_card, ".pdf", "application/pdf"),
    Form("briefing", print_briefing, ".pdf", "application/pdf"),
    Form("qa_sheet", print_qa_sheet, ".pdf", "application/pdf"),
    Form("social_wide", draw_social_wide, ".png", "image/png"),
    Form("social_square", draw_social_square, ".png", "image/png"),
    Form("article", write_article, ".html", "text/html"),
    Form("article_fragment", write_article_fragment, ".html", "text/html"),
    Form("social_post", write_social_post, ".txt", "text/plain"),
)

FORMS: Mapping[str, Form] = {form.kind: form for form in _FORMS}
