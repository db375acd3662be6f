"""Pages as pictures for the screen."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from lantoa.letters.generating import generate_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.extract import ExtractionError, extract_bytes
from lantoa.lib.extract import pages as pages_module
from lantoa.lib.extract.boxes import PageView
from lantoa.lib.extract.pages import count_pages, has_pages, page_image, page_images


@pytest.fixture(scope="module")
def letter() -> bytes:
    return write_pdf(compose(generate_letter(3)))


def test_each_word_of_a_pdf_is_framed_where_its_ink_is(letter: bytes, pillow: Any) -> None:
    found = extract_bytes(letter)
    image = page_image(letter, 0, 1000)
    dots = np.asarray(pillow.open(io.BytesIO(image.data)).convert("L"))
    height, width = dots.shape
    assert (width, image.media_type) == (1000, "image/webp")
    assert len(found.boxes.words) == len(found.text.split())
    for word in found.boxes.words:
        inside = dots[
            int(word.top * height) : int(word.bottom * height) + 1, int(word.left * width) : int(word.right * width) + 1
        ]
        assert inside.min() < 160, found.text[word.start : word.end]
    assert not found.shaky


def test_without_pillow_a_pdf_page_is_a_png(letter: bytes, monkeypatch: pytest.MonkeyPatch, pillow: Any) -> None:
    shown = np.asarray(pillow.open(io.BytesIO(page_image(letter, 0, 500).data)).convert("L"), float)
    monkeypatch.setattr(pages_module, "_has_pillow", lambda: False)
    image = page_image(letter, 0, 500)
    assert image.media_type == "image/png"
    assert np.abs(np.asarray(pillow.open(io.BytesIO(image.data)).convert("L"), float) - shown).mean() < 3


def test_a_picture_is_shown_as_it_was_read(pillow: Any) -> None:
    out = io.BytesIO()
    dots = np.full((300, 200), 255, np.uint8)
    dots[:150, :100] = 0
    pillow.fromarray(dots).save(out, "PNG")
    turned = PageView(1.5, (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0))
    image = page_image(out.getvalue(), 0, 100, turned)
    shown = np.asarray(pillow.open(io.BytesIO(image.data)).convert("L"))
    assert shown.shape == (150, 100)
    assert shown[100:, 70:].max() < 30
    assert shown[:60].min() > 225


def test_all_pages_are_counted_and_shown_and_no_others(letter: bytes) -> None:
    found = extract_bytes(letter)
    assert len(list(page_images(letter, found.boxes, 200))) == count_pages(letter) == len(found.page_starts)
    with pytest.raises(ExtractionError, match="không có trang"):
        page_image(letter, 7, 200)


def test_text_has_no_pages(letter: bytes) -> None:
    assert has_pages(letter)
    assert not has_pages(b"cong van")
    assert not extract_bytes("Kính gửi: Ủy ban nhân dân xã".encode()).boxes
