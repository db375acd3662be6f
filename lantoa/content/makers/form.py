"""From a piece to a filled template: what every printed form and drawn image shares."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
import typst

from lantoa.content.makers.fitting import Fit, Shape, find_fit, fit_first, refused_part, shape_of
from lantoa.content.makers.words import choose_words
from lantoa.lib.press import print_pdf, print_png

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.content.rules.piece import Piece

TEMPLATES = Path(__file__).parent / "templates"

_UNDATED = dt.date(2000, 1, 1)
"""PDF/A asks for a date; a piece without one gets the same one always, so that its bytes stay the same."""
_LONGEST_TYPED = 48
_LONG_WORD = re.compile(r"\S{22,}")
"""No word of Vietnamese is so long (the longest syllable has seven letters): an address may break at its joints."""
_JOINT = re.compile(r"(?<=[/?&=_])(?=[^/?&=_])")
_SENTENCE_END = re.compile(r"(?<=[^\s.!?…]{2}[.!?…]) +[“\"(]?(?=\w)")
_SYMBOL = re.compile(r"(\d+/[^\W_][\w/-]{0,20})")
_BREAK = "\u200b"
_LONGEST_PART = 18
_LONGEST_SHORT_FORM = 2
_DIGIT = re.compile(r"\d")
_DIGIT_GAP = re.compile(r"(?<=\d) (?=\d{3})")
_PARTS: Mapping[str, str] = {
    "poster": "áp phích",
    "leaflet front": "mặt trước tờ rơi",
    "leaflet back": "mặt sau tờ rơi",
    "leaflet left": "trang 2 tờ rơi gấp",
    "leaflet right": "trang 3 tờ rơi gấp",
    "leaflet last": "trang cuối tờ rơi gấp",
    "notice": "thông báo bảng tin (một trang A4)",
    "slide": "trang trình chiếu",
    "slide title": "trang trình chiếu đầu tiên",
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
        form = _PARTS.get(part.rstrip(" 0123456789"), part)
        super().__init__(f"Chữ quá dài, không vừa {form} ở cỡ dễ đọc: “{piece.title[:80]}”. Hãy rút ngắn nội dung.")


def typeset(piece: Piece, template: str, *forms: Mapping[str, Any], bleed_mm: float = 0) -> bytes:
    """The piece in a PDF template (`leaflet.typ`), as PDF/A-2a + PDF/UA-1, in the first of `forms` that it fits.

    A form adds to the template's data. Raises `PieceTooLongError` when the words fit none.
    """
    dated = dt.date.fromisoformat(piece.dated) if piece.dated else _UNDATED
    path = TEMPLATES / template
    refused = ""
    common = shape_of(piece)
    for shape in (common, replace(common, spare={}, checked=True), Shape(piece)):
        form, fit = fit_first(forms or ({},), partial(_fit, path, shape))
        refused = fit.refused
        if refused:
            continue
        data = {**fill(piece, **form), "fits": fit.sizes, "checked": shape.checked, "bleed_mm": bleed_mm}
        try:
            return print_pdf(path, data, dated=dated, warm=True)
        except typst.TypstError as error:  # the stand-ins were too narrow after all
            refused = refused_part(error)
            if not refused:
                raise
    raise PieceTooLongError(piece, refused)


@lru_cache(maxsize=256)
def _fit(template: Path, shape: Shape, form: tuple[tuple[str, Any], ...]) -> Fit:
    return find_fit(template, {**fill(shape.piece, **dict(form)), "spare": dict(shape.spare)})


def draw(piece: Piece, template: str, **form: Any) -> bytes:
    """The piece in a one-page image template, as PNG; one point of the page is one pixel."""
    try:
        return print_png(TEMPLATES / template, fill(piece, **form), warm=True)[0]
    except typst.TypstError as error:
        raise _explain(error, piece) from error


def fill(piece: Piece, **form: Any) -> dict[str, Any]:
    """A template's data: the piece, the form's words, the QR code as SVG and the address as people read it."""
    tidy = _tidy(piece)
    told = tidy.to_json()
    for point in told["points"]:
        point["short"] = shorten(point["text"])
    return {
        "piece": told,
        "paragraphs": split_paragraphs(tidy.text),
        "words": choose_words(tidy),
        "qr": draw_code(piece.url) if is_web_address(piece.url) else "",
        "rests_on": _part_symbols("; ".join(tidy.sources)),
        "shown_url": _loosen(_show_short(piece.url)),
        **form,
    }


def _part_symbols(text: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is a document's number and symbol, which stays on one line."""
    return [(part, bool(index % 2)) for index, part in enumerate(_SYMBOL.split(text)) if part]


@lru_cache(maxsize=256)
def shorten(text: str) -> str:
    """The first sentence of `text`: what a poster says when it cannot say all."""
    ends = (found for found in _SENTENCE_END.finditer(text) if text[found.end()].isupper())
    first = next((found for found in ends if not _is_abbreviated(text[: found.start()])), None)
    return text if first is None else text[: first.start()]


def _is_abbreviated(sentence: str) -> bool:
    """Whether what looks like a sentence ends in a short form: `TP.`, `Q. 3.`, `khoản 2.`."""
    last = sentence.rsplit(maxsplit=1)[-1].rstrip(".!?…")
    return sentence.endswith(".") and (last.isdigit() or (last.isupper() and len(last) <= _LONGEST_SHORT_FORM))


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


def _show_short(url: str) -> str:
    """The address to print: without its query, or its host alone, when nobody would type all of it."""
    shown = show_address(url)
    tries = (shown, shown.split("?")[0].rstrip("/"))
    return next((tried for tried in tries if len(tried) <= _LONGEST_TYPED), shown.split("/")[0])


@lru_cache(maxsize=256)
def draw_code(url: str) -> str:
    """The QR code of `url` as SVG: level M, a quiet zone of four modules (ISO/IEC 18004).

    Its mask is the one the standard's scores choose for the address without a place's digits: a campaign's codes
    share it, and it is scored once for all of them (a code is read whatever its mask).
    """
    out = io.BytesIO()
    segno.make(url, error="m", micro=False, mask=_choose_mask(_DIGIT.sub("0", url))).save(
        out, kind="svg", border=4, dark="#0d2022", light="#ffffff", xmldecl=False, omitsize=True, nl=False,
    )
    return out.getvalue().decode()


@lru_cache(maxsize=256)
def _choose_mask(url: str) -> int:
    return int(segno.make(url, error="m", micro=False).mask)


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of running text, parted by a blank line."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _tidy(piece: Piece) -> Piece:
    """The same words in NFC, each phone number kept on one line; what the code and the line beside it say, once."""
    contacts = tuple(line for line in piece.contacts if not (is_web_address(piece.url) and piece.url in line))
    bound = replace(piece, contacts=contacts).rewritten(_bind)
    return replace(bound, place=piece.place, url=piece.url, labels=dict(piece.labels))


@lru_cache(maxsize=1024)
def _bind(text: str) -> str:
    return _loosen(_DIGIT_GAP.sub("\u00a0", unicodedata.normalize("NFC", text)).strip())


def _loosen(text: str) -> str:
    """Let a word longer than any Vietnamese one break: at its joints, and a long piece between them anywhere."""
    return _LONG_WORD.sub(lambda found: _BREAK.join(map(_loosen_part, _JOINT.split(found[0]))), text)


def _loosen_part(part: str) -> str:
    longest = max(map(len, re.split(r"[-.]", part)))  # at these it may break anyhow
    return _BREAK.join(part) if longest >= _LONGEST_PART else part


def _explain(error: typst.TypstError, piece: Piece) -> Exception:
    part = refused_part(error)
    return PieceTooLongError(piece, part) if part else error
