"""Simulated scans: what each look does to a page."""

from __future__ import annotations

import importlib
import io
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pypdfium2
import pytest

from lantoa.letters.generating import generate_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.pdf import write_pdf


@pytest.fixture(scope="module")
def printed() -> bytes:
    return write_pdf(compose(generate_letter(3)))


@pytest.fixture
def scanning() -> Any:
    try:
        return importlib.import_module("lantoa.letters.scanning")
    except ImportError:
        why = "Pillow is not installed: pip install lantoa[ocr]"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


def dots(scanning: Any, png: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(scanning.Image.open(io.BytesIO(png)).convert("RGB"), float)


def test_the_same_seed_gives_the_same_scan_and_another_another(printed: bytes, scanning: Any) -> None:
    look = replace(scanning.LOOKS["poor"], dpi=72)
    assert scanning.scanned(printed, look) == scanning.scanned(printed, look)
    assert scanning.scanned(printed, look) != scanning.scanned(printed, replace(look, seed=1))


def test_the_plain_look_is_the_page_in_grey_at_its_resolution(printed: bytes, scanning: Any) -> None:
    (page,) = scanning.scanned_pages(printed, scanning.ScanLook(dpi=100))
    assert page.mode == "L"
    assert page.size == (827, 1170)


def test_stamp_and_signature_leave_red_and_blue_ink_and_hide_nothing_black(printed: bytes, scanning: Any) -> None:
    plain, inked = (
        dots(scanning, scanning.scanned(printed, scanning.ScanLook(dpi=100, stamp=done, signature=done))[0])
        for done in (False, True)
    )
    red, green, blue = inked[..., 0], inked[..., 1], inked[..., 2]
    assert ((red > 150) & (green < 130)).sum() > 500
    assert ((blue > 120) & (red < 90)).sum() > 100
    assert (inked <= plain + 1).all()


def test_a_photograph_shows_the_table_and_a_turned_page_lies_on_its_side(printed: bytes, scanning: Any) -> None:
    photo = dots(scanning, scanning.scanned(printed, replace(scanning.LOOKS["photo"], dpi=60))[0])
    assert photo[:5].mean() < 90
    assert np.median(photo) > 100
    (turned,) = scanning.scanned_pages(printed, replace(scanning.LOOKS["turned"], dpi=60))
    assert turned.width > turned.height


def test_a_scanned_pdf_has_pictures_and_no_text(printed: bytes, scanning: Any) -> None:
    document = pypdfium2.PdfDocument(scanning.scanned_pdf(printed, replace(scanning.LOOKS["office"], dpi=72)))
    layer = document[0].get_textpage()
    assert (len(document), layer.count_chars()) == (1, 0)
    assert document[0].get_size() == pytest.approx((595, 842), abs=2)
    layer.close()
    document.close()
