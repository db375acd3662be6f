"""From a piece to a filled template: what every printed form and drawn image shares."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
import typst

from lantoa.content.makers.words import choose_words
from lantoa.content.rules.piece import Piece, Point
from lantoa.lib.press import print_pdf, print_png

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEMPLATES = Path(__file__).parent / "templates"

_UNDATED = dt.date(2000, 1, 1)
"""PDF/A asks for a date; a piece without one gets the same one always, so that its bytes stay the same."""
_LONGEST_TYPED = 48
_LONG_WORD = 22
"""No word of Vietnamese is so long (the longest syllable has seven letters); such a one may break anywhere."""
_REFUSED = re.compile(r"does not fit: ([^\"]+)")
_DIGIT_GAP = re.compile(r"(?<=\d) (?=\d{3})")
_PARTS: Mapping[str, str] = {
    "poster": "áp phích",
    "leaflet front": "mặt trước tờ rơi",
    "leaflet back": "mặt sau tờ rơi",
    "card front": "mặt trước thẻ đến từng nhà",
    "card back": "mặt sau thẻ đến từng nhà",
    "briefing": "tài liệu phổ biến (hai trang)",
    "image": "ảnh mạng xã hội",
}


class PieceTooLongError(ValueError):
    """The words do not fit the form at a size people can read; the message names the form, in Vietnamese."""

    def __init__(self, piece: Piece, part: str) -> None:
        """Name `part` (a key of the template's refusals) to the person who can shorten the words."""
        self.part = part
        form = _PARTS.get(part, part)
        super().__init__(f"Chữ quá dài, không vừa {form} ở cỡ dễ đọc: “{piece.title[:80]}”. Hãy rút ngắn nội dung.")


def typeset(piece: Piece, template: str, **form: Any) -> bytes:
    """The piece in a PDF template (`leaflet.typ`), as PDF/A-2a + PDF/UA-1; `form` adds to the template's data.

    Raises `PieceTooLongError` when the words do not fit.
    """
    dated = dt.date.fromisoformat(piece.dated) if piece.dated else _UNDATED
    try:
        return print_pdf(TEMPLATES / template, fill(piece, **form), dated=dated)
    except typst.TypstError as error:
        raise _explain(error, piece) from error


def draw(piece: Piece, template: str, **form: Any) -> bytes:
    """The piece in a one-page image template, as PNG; one point of the page is one pixel."""
    try:
        return print_png(TEMPLATES / template, fill(piece, **form))[0]
    except typst.TypstError as error:
        raise _explain(error, piece) from error


def fill(piece: Piece, **form: Any) -> dict[str, Any]:
    """A template's data: the piece, the form's words, the QR code as SVG and the address as people read it."""
    tidy = _tidy(piece)
    shown_url = _show_short(piece.url)
    return {
        "piece": tidy.to_json(),
        "words": choose_words(tidy),
        "qr": draw_code(piece.url) if is_web_address(piece.url) else "",
        "shown_url": shown_url,
        "long_words": any(len(word) >= _LONG_WORD for word in (shown_url, *_every_word(tidy))),
        **form,
    }


def is_web_address(url: str) -> bool:
    """Whether `url` may become a link: http or https with a host, nothing that could run."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def show_address(url: str) -> str:
    """An address without what nobody types: `https://`, `www.` and a last slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def _every_word(piece: Piece) -> Iterator[str]:
    told = (piece.title, piece.lead, piece.text, piece.key_figure, piece.key_label, piece.warning, piece.publisher)
    items = (text for point in (*piece.points, *piece.questions) for text in (point.heading, point.text))
    for text in (*told, *items, *piece.contacts, *piece.sources):
        yield from text.split()


def _show_short(url: str) -> str:
    """The address to print: its host alone when nobody would type all of it."""
    shown = show_address(url)
    return shown if len(shown) <= _LONGEST_TYPED else shown.split("/")[0]


@lru_cache(maxsize=256)
def draw_code(url: str) -> str:
    """The QR code of `url` as SVG: level M, a quiet zone of four modules (ISO/IEC 18004)."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#0d2022", light="#ffffff", xmldecl=False, omitsize=True, nl=False,
    )
    return out.getvalue().decode()


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of running text, parted by a blank line."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _tidy(piece: Piece) -> Piece:
    """The same words in NFC with each phone number kept on one line."""
    def points(items: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple(Point(_bind(item.heading), _bind(item.text)) for item in items)

    return replace(
        piece, title=_bind(piece.title), lead=_bind(piece.lead), text=_bind(piece.text),
        key_figure=_bind(piece.key_figure), key_label=_bind(piece.key_label), warning=_bind(piece.warning),
        points=points(piece.points), questions=points(piece.questions), publisher=_bind(piece.publisher),
        contacts=tuple(map(_bind, piece.contacts)), sources=tuple(map(_bind, piece.sources)),
        labels=dict(piece.labels),
    )


def _bind(text: str) -> str:
    return _DIGIT_GAP.sub("\u00a0", unicodedata.normalize("NFC", text)).strip()


def _explain(error: typst.TypstError, piece: Piece) -> Exception:
    refused = _REFUSED.search(str(error))
    return PieceTooLongError(piece, refused[1].strip()) if refused else error
