"""PDF with a text layer: each line put together from the places of its words, so that columns stay columns."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.extract.scan import read_image
from lantoa.lib.vietnamese import mend_legacy, nfc

_MOST_PAGES = 400
_LEAST_LETTERS = 15
_SCAN_SCALE = 200 / 72
_GAP = 1.8
"""A gap wider than this many characters parts columns."""


@dataclass(frozen=True, slots=True)
class _Run:
    left: float
    bottom: float
    right: float
    top: float
    text: str


def read_pdf(data: bytes) -> Extracted:
    """Read a PDF, pages without text by optical reading. Raises `ExtractionError` when it is locked or broken."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).casefold()
        raise ExtractionError(
            "Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
            if locked
            else "Tệp PDF bị hỏng, không mở được. Hãy xuất lại PDF rồi gửi lại."
        ) from error
    try:
        if len(document) > _MOST_PAGES:
            raise ExtractionError(f"Tệp PDF có hơn {_MOST_PAGES} trang. Hãy tách riêng phần công văn rồi gửi lại.")
        pages = [_page_text(document[index]) for index in range(len(document))]
    finally:
        document.close()
    starts, parts, length = [], [], 0
    for page in pages:
        starts.append(length)
        part = nfc(page) + "\n"
        parts.append(part)
        length += len(part)
    text = "".join(parts)
    mended, legacy = mend_legacy(text)
    if legacy and len(mended) != len(text):
        starts = [0]
    return Extracted(mended, tuple(starts) or (0,), "pdf")


def _page_text(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    try:
        runs = _runs(layer)
    finally:
        layer.close()
    if sum(letter.isalpha() for run in runs for letter in run.text) < _LEAST_LETTERS:
        if not any(True for _ in page.get_objects(max_depth=1)):
            return ""
        return read_image(page.render(scale=_SCAN_SCALE, grayscale=True).to_pil)
    return "\n".join(_lines(runs))


def _runs(layer: pypdfium2.PdfTextPage) -> list[_Run]:
    out = []
    for index in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(index)
        text = layer.get_text_bounded(left, bottom, right, top).replace("\r", "")
        text = text.replace("\n", " ").replace("\x02", "-")
        if text.strip():
            out.append(_Run(left, bottom, right, top, text.strip()))
    return out


def _lines(runs: list[_Run]) -> list[str]:
    """Group runs that share a height into lines, from the top; a wide gap leaves spaces in proportion."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: -(one.top + one.bottom)):
        middle = (run.top + run.bottom) / 2
        row = rows[-1] if rows else None
        if row and min(one.bottom for one in row) <= middle <= max(one.top for one in row):
            row.append(run)
        else:
            rows.append([run])
    width = _character(runs)
    start = min((run.left for run in runs), default=0.0)
    out: list[str] = []
    below: float | None = None
    for row in rows:
        height = max(run.top - run.bottom for run in row)
        if below is not None and below - max(run.top for run in row) > 0.9 * height:
            out.append("")
        out.append(_line(sorted(row, key=lambda one: one.left), width, start))
        below = min(run.bottom for run in row)
    return out


def _line(row: list[_Run], width: float, start: float) -> str:
    text = " " * max(0, round((row[0].left - start) / width))
    edge = row[0].left
    for run in row:
        gap = (run.left - edge) / width
        if text.strip():
            text += " " * max(3, round(gap)) if gap > _GAP else " " if gap > 0.15 else ""
        text += run.text
        edge = run.right
    return text


def _character(runs: list[_Run]) -> float:
    letters = sum(len(run.text) for run in runs)
    return max(1.0, sum(run.right - run.left for run in runs) / max(1, letters))
