"""The typesetter: one Typst compiler for official documents, print pieces and social images.

Text reaches a template only as data (JSON), never as Typst code, so nothing a person types can run or read a file.
Fonts are ours and ours alone: what is made here looks the same on every machine, and the same input gives the same
bytes.

A template takes its data from `sys.inputs.data`, or, when it is one of a folder kept *warm*, from the file
`data.json` beside it. Inputs are part of the typesetter's world, and with a changed world everything is laid out
anew; of a changed file only what it changes is. Pieces for many places differ in a name and a code: kept warm, one
after the other, they cost a third.
"""

from __future__ import annotations

import atexit
import datetime as dt
import json
import os
import shutil
import tempfile
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

DATA_FILE = "data.json"

_lock = threading.Lock()


@cache
def _compiler(root: Path) -> typst.Compiler:
    return typst.Compiler(root=str(root), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _warm_folder(templates: Path, process: int) -> Path:
    """A copy of a folder of templates, of this process alone, in which `data.json` is written for each document."""
    folder = Path(tempfile.mkdtemp(prefix=f"lantoa-press-{process}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for template in templates.glob("*.typ"):
        shutil.copyfile(template, folder / template.name)
    return folder


def print_pdf(
    template: Path, data: Mapping[str, Any], *, dated: dt.date, archival: bool = True, warm: bool = False
) -> bytes:
    """Typeset `template` with `data` as PDF/A-2a + PDF/UA-1 (or plain PDF when not `archival`).

    `dated` becomes the document's date, so that the same input gives the same bytes.
    Raises `typst.TypstError` when the template is at fault.
    """
    return _compile(template, data, _Form("pdf", dated, ARCHIVAL if archival else (), warm=warm))[0]


def print_png(template: Path, data: Mapping[str, Any], *, ppi: float = 72, warm: bool = False) -> list[bytes]:
    """Typeset `template` as PNG, one image a page; at 72 ppi a point of the page is a pixel."""
    return _compile(template, data, _Form("png", dt.date(2000, 1, 1), ppi=ppi, warm=warm))


def read_told(template: Path, data: Mapping[str, Any], label: str) -> list[Any]:
    """What a warm `template` tells of itself when laid out with `data`: the values of its metadata labelled `label`.

    Raises `typst.TypstError` when the template is at fault.
    """
    with _lock:
        path, _ = _supply(template, data, warm=True)
        compiler = typst.Compiler(
            input=str(path), root=str(path.parent), font_paths=_fonts(), ignore_system_fonts=True
        )
        try:
            told: list[Any] = json.loads(compiler.query(f"<{label}>", field="value"))
        except RuntimeError as error:  # a query does not raise the compiler's own error
            raise typst.TypstError(str(error), str(error)) from error
    return told


@dataclass(frozen=True, slots=True)
class _Form:
    format: Literal["pdf", "png"]
    dated: dt.date
    standards: tuple[typst.PDFStandard, ...] = ()
    ppi: float | None = None
    warm: bool = False


def _compile(template: Path, data: Mapping[str, Any], form: _Form) -> list[bytes]:
    moment = dt.datetime.combine(form.dated, dt.time(), dt.UTC)
    with _lock:  # the compiler keeps the last input's state; one document at a time a process
        path, inputs = _supply(template, data, warm=form.warm)
        made = _compiler(path.parent).compile(
            input=str(path),
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


def _supply(template: Path, data: Mapping[str, Any], *, warm: bool) -> tuple[Path, dict[str, str]]:
    """Put the data where the template looks for it; the template to typeset, and its inputs."""
    told = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if not warm:
        return template, {"data": told}
    folder = _warm_folder(template.parent, os.getpid())
    (folder / DATA_FILE).write_text(told, encoding="utf-8")
    return folder / template.name, {}
