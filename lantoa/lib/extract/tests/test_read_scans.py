"""Scans and photographs, made from a letter whose every word is known, and read back."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.reading import read_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.extract import ExtractionError, extract_bytes, portable, scan
from lantoa.lib.extract.boxes import PageView
from lantoa.lib.extract.pages import page_image
from lantoa.lib.extract.placing import PlacedPage, Run

LETTER = generate_letter(4)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return write_pdf(compose(LETTER))


def words(text: str) -> list[str]:
    return text.split()


def share_read(printed: bytes, read: str) -> float:
    """The share of the printed letter's words found in what was read."""
    wanted, found = words(extract_bytes(printed).text), set(words(read))
    return sum(word in found for word in wanted) / len(wanted)


def test_a_photographed_letter_is_read_and_its_words_are_framed(
    printed: bytes, scanning: Any, pillow: Any, optical_reader: None
) -> None:
    assert optical_reader is None
    (photo,) = scanning.scanned(printed, replace(scanning.LOOKS["photo"], dpi=150, blur=0.5))
    found = extract_bytes(photo)
    letter = read_letter(found.text, found.page_starts)
    assert (letter.number, letter.symbol, letter.date) == (LETTER.number, LETTER.symbol, LETTER.date)
    assert (letter.issuer, letter.doc_type) == (LETTER.issuer, LETTER.doc_type)
    assert share_read(printed, found.text) > 0.95
    truth = {(box.start, box.end): box for box in found.boxes.words}
    shown = pillow.open(io.BytesIO(page_image(photo, 0, 600, found.boxes.pages[0]).data))
    assert shown.height == pytest.approx(600 * 297 / 210, abs=2)
    # The word stands where the printed page, seen straight, has it.
    known = extract_bytes(printed)
    (at,) = (match.start() for match in re.finditer("Hạnh", known.text))
    (here,) = (match.start() for match in re.finditer("Hạnh", found.text))
    first, second = known.boxes.within(at, at + 4)[0], found.boxes.within(here, here + 4)[0]
    assert second.left == pytest.approx(first.left, abs=0.02)
    assert second.bottom == pytest.approx(first.bottom, abs=0.02)
    assert set(found.shaky) <= set(truth)
    assert all(truth[span].sure < 90 for span in found.shaky)


def test_of_a_mixed_pdf_each_page_is_read_as_it_needs(printed: bytes, scanning: Any, optical_reader: None) -> None:
    assert optical_reader is None
    look = scanning.ScanLook(dpi=150, tilt=1.5, quarter_turns=2)
    document, other = pypdfium2.PdfDocument(printed), pypdfium2.PdfDocument(scanning.scanned_pdf(printed, look))
    document.import_pages(other)
    out = io.BytesIO()
    document.save(out)
    document.close()
    other.close()
    found = extract_bytes(out.getvalue())
    assert found.format == "pdf"
    assert len(found.page_starts) == 2
    first, second = found.text[: found.page_starts[1]], found.text[found.page_starts[1] :]
    assert first == extract_bytes(printed).text
    assert share_read(printed, second) > 0.9
    assert {box.sure for box in found.boxes.words if box.page == 0} == {100}
    assert all(start >= found.page_starts[1] for start, _ in found.shaky)


def test_a_picture_without_words_says_so(pillow: Any, optical_reader: None) -> None:
    assert optical_reader is None
    out = io.BytesIO()
    pillow.new("L", (600, 800), 255).save(out, "PNG")
    with pytest.raises(ExtractionError, match="Không nhận dạng được chữ"):
        extract_bytes(out.getvalue())


def test_without_a_reader_a_scan_says_what_to_do_and_text_is_still_read(
    printed: bytes, scanning: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned = scanning.scanned_pdf(printed, scanning.LOOKS["clean"])
    monkeypatch.setattr(scan, "_data", lambda: None)
    for data in (scanned, scanning.scanned(printed, scanning.LOOKS["clean"])[0]):
        with pytest.raises(ExtractionError, match="chưa cài bộ nhận dạng chữ"):
            extract_bytes(data)
    assert "QUYẾT ĐỊNH" in extract_bytes(printed).text


def layer(text: str, *, is_scan: bool) -> portable._Layer:
    runs = tuple(Run(0, 12.0 * row, 300, 12.0 * row + 10, line) for row, line in enumerate(text.splitlines()))
    return portable._Layer(PlacedPage(runs, 595, 842, PageView(1.414)), is_scan)


GOOD = "Ủy ban nhân dân xã Đồng Mẫu đề nghị các thôn phát loa thông báo lịch tiêm chủng\ncho trẻ em trong độ tuổi."
BARE = "UY BAN NHAN DAN xa Dong Mau de nghi cac thon phat loa thong bao lich tiem chung cho tre em"
BENT = "Ủỵ baọn nhẩnm dâợn xẵt Đôngf Mâũu đêề nghịx cáạc thôớn pháửt loạả thôớng bấáo lịọch tiêộm chủống"
FONT = "\ue012\ue034\ue0a1 " * 20 + "abcdefgh ijklmnop"


@pytest.mark.parametrize(
    ("text", "is_scan", "wanted"),
    [
        (GOOD, True, False), (GOOD, False, False), (BARE, True, True), (BARE, False, False),
        (BENT, True, True), (BENT, False, True), (FONT, False, True), ("", True, True), ("", False, False),
    ],
)  # fmt: skip
def test_a_text_layer_is_believed_when_it_reads_as_vietnamese(text: str, wanted: bool, is_scan: bool) -> None:  # noqa: FBT001 - parameters of a table
    assert portable._needs_reading(layer(text, is_scan=is_scan)) is wanted
