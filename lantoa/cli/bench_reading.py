"""What `lantoa bench read` measures: letters as text, pages of PDF, pages of scans, and memory."""

from __future__ import annotations

import importlib.util
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.reading import read_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.pdf import write_pdf
from lantoa.letters.writing.text import write_text
from lantoa.lib.extract import extract_text

if TYPE_CHECKING:
    from collections.abc import Iterable

PDFS, SCANS = 20, 3
_CHUNK = 250
"""So many letters are written, then read: memory holds no more of them, and the clock counts the reading alone."""


def read_texts(count: int) -> tuple[float, float]:
    """Letters a second, and by how many MB memory grew from the first tenth of them to the last."""
    spent, first = 0.0, 0.0
    for start in range(0, count, _CHUNK):
        seeds = range(start, min(start + _CHUNK, count))
        texts = [write_text(compose(generate_letter(seed))) for seed in seeds]
        started = time.perf_counter()
        for text in texts:
            read_letter(text)
        spent += time.perf_counter() - started
        first = first if start > count // 10 else _resident_mb()
    return count / spent, round(_resident_mb() - first, 1)


def _resident_mb() -> float:
    """Memory this process holds now, in MB; 0 where the system does not tell."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * 4096 / 1e6 if pages.exists() else 0.0


def read_pages() -> dict[str, Any]:
    """Median milliseconds a page, from file to `Letter`: PDF with text and, where OCR is installed, scans."""
    pdfs = [write_pdf(compose(generate_letter(seed))) for seed in range(PDFS)]
    found: dict[str, Any] = {"pdf_ms_a_page": _milliseconds(pdfs), "ocr_ms_a_page": None}
    if importlib.util.find_spec("tesserocr") and importlib.util.find_spec("PIL"):
        from lantoa.letters.scanning import LOOKS, scanned_pdf

        found["ocr_ms_a_page"] = _milliseconds(scanned_pdf(pdf, LOOKS["office"]) for pdf in pdfs[:SCANS])
    return found


def _milliseconds(files: Iterable[bytes]) -> float:
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        for content in files:
            path.write_bytes(content)
            started = time.perf_counter()
            extracted = extract_text(path)
            read_letter(extracted.text, extracted.page_starts)
            spent.append((time.perf_counter() - started) * 1000 / len(extracted.page_starts))
    return round(statistics.median(spent), 1)
