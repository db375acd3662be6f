"""The typesetter: one Typst compiler for official documents, print pieces and social images.

Text reaches a template only as data (JSON in `sys.inputs.data`), never as Typst code, so nothing a
person types can run or read a file. Fonts are ours and ours alone: what is made here looks the same on
every machine, and the same input gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

FONTS = Path(__file__).parent / "fonts"
ARCHIVAL: tuple[typst.PDFStandard, ...] = ("a-2a", "ua-1")

_lock = threading.Lock()


@cache
def _compiler(root: Path) -> typst.Compiler:
    return typst.Compiler(root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True)


def print_pdf(template: Path, data: Mapping[str, Any], *, dated: dt.date, archival: bool = True) -> bytes:
    """Typeset `template` with `data` as PDF/A-2a + PDF/UA-1 (or plain PDF when not `archival`).

    `dated` becomes the document's date, so that the same input gives the same bytes.
    Raises `typst.TypstError` when the template is at fault.
    """
    return _compile(template, data, _Form("pdf", dated, ARCHIVAL if archival else ()))[0]


def print_png(template: Path, data: Mapping[str, Any], *, ppi: float = 72) -> list[bytes]:
    """Typeset `template` as PNG, one image a page; at 72 ppi a point of the page is a pixel."""
    return _compile(template, data, _Form("png", dt.date(2000, 1, 1), ppi=ppi))


@dataclass(frozen=True, slots=True)
class _Form:
    format: Literal["pdf", "png"]
    dated: dt.date
    standards: tuple[typst.PDFStandard, ...] = ()
    ppi: float | None = None


def _compile(template: Path, data: Mapping[str, Any], form: _Form) -> list[bytes]:
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    moment = dt.datetime.combine(form.dated, dt.time(), dt.UTC)
    with _lock:  # the compiler keeps the last input's state; one document at a time a process
        made = _compiler(template.parent).compile(
            input=str(template),
            format=form.format,
            ppi=form.ppi,
            sys_inputs=inputs,
            pdf_standards=list(form.standards),
            timestamp=moment,
        )
    if made is None:
        message = f"{template.name}: the typesetter returned nothing"
        raise RuntimeError(message)
    return made if isinstance(made, list) else [made]
