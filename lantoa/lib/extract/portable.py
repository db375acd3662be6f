"""PDF: pages with a text layer put together from the places of their words, the others by optical reading."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdfium2 import raw as pdfium

from lantoa.lib.extract.boxes import PageView
from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.extract.placing import PlacedPage, Run, placed, with_words
from lantoa.lib.extract.scan import NO_READER, can_read_scans, read_page, shaky_spans
from lantoa.lib.vietnamese import is_syllable, looks_vietnamese, mend_legacy, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    Frame = tuple[float, float, float, float]

_LOCKED = "Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
_BROKEN = "Tệp PDF bị hỏng, không mở được. Hãy xuất lại PDF rồi gửi lại."
_MOST_PAGES = 400
_MOST_SCANNED = 100
_LEAST_LETTERS = 15
_SCAN_SCALE = 250 / 72
_MOST_SIDE = 3600
_PICTURE_SHARE = 0.5
"""A picture over more of the page than this may be the page itself, scanned."""
_GOOD_LAYER = 0.9
"""Of the words of a text layer, the share built like Vietnamese syllables from which it is believed."""
_FAIR_SAMPLE = 10
_BLANKS = frozenset((0, 9, 10, 13, 32, 160))
_NO_LETTERS = ("Co", "Cn", "Cc", "So")
"""Unicode's categories of signs that only a font knows, and U+FFFD among the symbols."""
_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")


def read_pdf(data: bytes) -> Extracted:
    """Read a PDF, page by page from its text layer or by optical reading.

    Raises `ExtractionError` when it is locked, broken or too long, or when only optical reading could help and cannot.
    """
    with opened_pdf(data) as document:
        if len(document) > _MOST_PAGES:
            raise ExtractionError(f"Tệp PDF có hơn {_MOST_PAGES} trang. Hãy tách riêng phần công văn rồi gửi lại.")
        whole = placed(_pages(document))
    return Extracted(whole.text, whole.page_starts, "pdf", boxes=whole.boxes, shaky=shaky_spans(whole.boxes))


@contextmanager
def opened_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF, open as long as it is worked with. Raises `ExtractionError` when it is locked or broken."""
    document = None
    try:
        document = pypdfium2.PdfDocument(data)
        yield document
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(_LOCKED if "password" in str(error).casefold() else _BROKEN) from error
    finally:
        if document is not None:
            document.close()


def render_page(page: pypdfium2.PdfPage, scale: float) -> Any:
    """Draw a page as a Pillow picture in colour; `scale` is dots a point, less where the page is huge."""
    width, height = page.get_size()
    scale = min(scale, _MOST_SIDE / max(1.0, width, height))
    return page.render(scale=max(scale, 16 / max(1.0, min(width, height)))).to_pil().convert("RGB")


@dataclass(frozen=True, slots=True)
class _Layer:
    """What a page says in text, and whether a picture over all of it may say more."""

    page: PlacedPage
    is_scan: bool

    @property
    def letters(self) -> int:
        return sum(letter.isalpha() for run in self.page.runs for letter in run.text)


def _pages(document: pypdfium2.PdfDocument) -> list[PlacedPage]:
    layers = _mended([_layer(document[index]) for index in range(len(document))])
    wanted = [index for index, layer in enumerate(layers) if _needs_reading(layer)]
    can_read = can_read_scans()
    if not can_read and wanted and not any(layer.letters >= _LEAST_LETTERS for layer in layers):
        raise ExtractionError(NO_READER)
    return [
        _read_anew(document[index], layer) if can_read and index in wanted[:_MOST_SCANNED] else layer.page
        for index, layer in enumerate(layers)
    ]


def _needs_reading(layer: _Layer) -> bool:
    """Whether the picture of a page should be read: it has no text, or text that is not what the eye sees.

    Such text was made by a reader that knew no accents, or by a font that does not say which letters it draws.
    """
    if layer.letters < _LEAST_LETTERS:
        return layer.is_scan
    return (layer.is_scan and _worth(layer.page) < _GOOD_LAYER) or _is_garbled(layer.page)


def _is_garbled(page: PlacedPage) -> bool:
    text = " ".join(run.text for run in page.runs)
    strange = sum(unicodedata.category(sign) in _NO_LETTERS for sign in text)
    accented = sum(not word.isascii() for word in _WORD.findall(text))
    return strange > len(text) / 20 or (accented >= _FAIR_SAMPLE and not looks_vietnamese(text))


def _read_anew(page: pypdfium2.PdfPage, layer: _Layer) -> PlacedPage:
    """Read a page from its picture; what stood there as text is kept unless the picture reads better."""
    found = read_page(render_page(page, _SCAN_SCALE))
    return found if layer.letters < _LEAST_LETTERS or _worth(found) > _worth(layer.page) else layer.page


def _worth(page: PlacedPage) -> float:
    """The share of words built like Vietnamese syllables, 0 where hardly any has an accent."""
    text = " ".join(run.text for run in page.runs)
    words = _WORD.findall(text)
    if not words or not looks_vietnamese(text):
        return 0.0
    if sum(not word.isascii() for word in words) < 0.25 * len(words):
        return 0.0
    return sum(map(is_syllable, words)) / len(words)


def _layer(page: pypdfium2.PdfPage) -> _Layer:
    width, height = (max(1.0, side) for side in page.get_size())
    text = page.get_textpage()
    try:
        runs = tuple(_runs(text, height))
    finally:
        text.close()
    letters = sum(letter.isalpha() for run in runs for letter in run.text)
    placed_page = PlacedPage(runs, width, height, PageView(height / width))
    has_more = any(True for _ in page.get_objects(max_depth=1)) if letters < _LEAST_LETTERS else _is_covered(page)
    return _Layer(placed_page, has_more)


def _is_covered(page: pypdfium2.PdfPage) -> bool:
    """Whether a picture lies over most of the page."""
    width, height = page.get_size()
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        if (right - left) * (top - bottom) > _PICTURE_SHARE * width * height:
            return True
    return False


def _mended(layers: list[_Layer]) -> list[_Layer]:
    """Put right text typed in the fonts of the nineties: the whole document tells which, no letter changes its run."""
    runs = [run for layer in layers for run in layer.page.runs]
    mended, legacy = mend_legacy("\n".join(run.text for run in runs))
    texts = iter(mended.split("\n") if legacy else [run.text for run in runs])
    return [
        replace(layer, page=replace(layer.page, runs=tuple(_with_text(run, next(texts)) for run in layer.page.runs)))
        for layer in layers
    ]


def _with_text(run: Run, text: str) -> Run:
    text = nfc(text)
    return run if text == run.text else with_words(replace(run, text=text), [])


def _runs(layer: pypdfium2.PdfTextPage, height: float) -> Iterator[Run]:
    """The runs of a text layer, each with its words; y is turned to run down."""
    letters = _letters(layer, height)
    at = 0
    for index in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(index)
        text = layer.get_text_bounded(left, bottom, right, top).replace("\r", "")
        text = text.replace("\n", " ").replace("\x02", "-").strip()
        if not text:
            continue
        run = Run(left, height - top, right, height - bottom, text)
        mine, at = _within(run, letters, at)
        yield with_words(run, mine)


def _within(run: Run, letters: list[Frame], at: int) -> tuple[list[Frame], int]:
    """The letters of a run: those that follow the ones of the run before and lie in its frame."""
    first = at
    while first < len(letters) and not _holds(run, letters[first]):
        first += 1
    if first == len(letters):
        return [], at
    end = first
    while end < len(letters) and _holds(run, letters[end]):
        end += 1
    return letters[first:end], end


def _holds(run: Run, frame: Frame) -> bool:
    x, y = (frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2
    return run.left - 0.5 <= x <= run.right + 0.5 and run.top - 0.5 <= y <= run.bottom + 0.5


def _letters(layer: pypdfium2.PdfTextPage, height: float) -> list[Frame]:
    """The frames of all signs of a text layer but white space, in reading order."""
    found: list[Frame] = []
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for index in range(layer.count_chars()):
        code = pdfium.FPDFText_GetUnicode(layer.raw, index)
        if code in _BLANKS or not pdfium.FPDFText_GetCharBox(layer.raw, index, left, right, bottom, top):
            continue
        found.append((left.value, height - top.value, right.value, height - bottom.value))
    return found
