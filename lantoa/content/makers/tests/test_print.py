from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest

from lantoa.content.makers.form import PieceTooLongError
from lantoa.content.makers.paper import (
    print_board_notice,
    print_briefing,
    print_doorstep_card,
    print_leaflet,
    print_poster,
    print_poster_a4,
    print_qa_sheet,
    print_staff_slides,
)
from lantoa.content.makers.tests.builders import BARE, ENDLESS, ENGLISH, FULL, LONG, build
from lantoa.content.rules.piece import Piece, Point

Printer = Callable[..., bytes]

PRINTERS = (
    print_leaflet,
    print_poster,
    print_poster_a4,
    print_board_notice,
    print_doorstep_card,
    print_briefing,
    print_qa_sheet,
    print_staff_slides,
)
printers = pytest.mark.parametrize("printer", PRINTERS, ids=lambda printer: printer.__name__)
A3, A4, A4_WIDE, A5, SLIDE = (842, 1191), (595, 842), (842, 595), (420, 595), (960, 540)


def read_pages(made: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(made)
    return [page.get_textpage().get_text_range() for page in pdf]


def read_words(made: bytes) -> str:
    return " ".join(" ".join(read_pages(made)).replace("\u00a0", " ").replace("\u200b", "").split())


def measure_pages(made: bytes) -> list[tuple[int, int]]:
    pdf = pypdfium2.PdfDocument(made)
    return [(round(page.get_width()), round(page.get_height())) for page in pdf]


@pytest.mark.parametrize(("printer", "size", "pages"), [
    (print_leaflet, A5, 2), (print_poster, A3, 1), (print_poster_a4, A4, 1), (print_board_notice, A4, 1),
    (print_doorstep_card, A4_WIDE, 2), (print_briefing, A4, 1), (print_qa_sheet, A4, 1),
    (print_staff_slides, SLIDE, 11),
])
def test_each_form_has_its_paper_and_pages(printer: Printer, size: tuple[int, int], pages: int) -> None:
    assert measure_pages(printer(FULL)) == [size] * pages


@printers
def test_words_come_out_of_the_pdf_with_every_diacritic(printer: Printer) -> None:
    words = read_words(printer(FULL))
    for told in (FULL.title, FULL.warning, "Trực ban phường: 0225 3881 234", FULL.key_figure, FULL.publisher):
        assert told in words


@printers
def test_the_same_piece_gives_the_same_bytes(printer: Printer) -> None:
    first = printer(FULL)
    printer(ENGLISH)
    assert printer(FULL) == first


@printers
def test_files_are_archival_tagged_and_say_their_title_and_language(printer: Printer) -> None:
    made = printer(FULL)
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/Lang(vi" in made.replace(b" ", b"")
    assert FULL.title in pypdfium2.PdfDocument(made).get_metadata_value("Title")


@printers
@pytest.mark.parametrize("piece", [BARE, ENGLISH, LONG], ids=["bare", "english", "long"])
def test_forms_hold_for_missing_fields_another_language_and_long_names(printer: Printer, piece: Piece) -> None:
    words = read_words(printer(piece))
    assert piece.title in words
    if piece.publisher:
        assert piece.publisher in words


@printers
@pytest.mark.parametrize("piece", [FULL, BARE, ENGLISH, LONG], ids=["full", "bare", "english", "long"])
def test_no_letter_stands_outside_the_paper(printer: Printer, piece: Piece) -> None:
    for page in pypdfium2.PdfDocument(printer(piece)):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            assert left >= -1
            assert bottom >= -1
            assert right <= page.get_width() + 1
            assert top <= page.get_height() + 1


@pytest.mark.parametrize("printer", [printer for printer in PRINTERS if printer is not print_qa_sheet])
def test_words_that_cannot_fit_are_refused_in_vietnamese_not_cut(printer: Printer) -> None:
    with pytest.raises(PieceTooLongError, match="Hãy rút ngắn"):
        printer(ENDLESS)


def test_a_refusal_names_the_side_that_is_too_full() -> None:
    piece = build(questions=tuple(Point(f"Câu hỏi {n}?", "Một câu trả lời khá dài. " * 12) for n in range(12)))
    with pytest.raises(PieceTooLongError, match="trang 3 tờ rơi gấp"):
        print_leaflet(piece)


def test_a_sheet_of_many_questions_takes_more_pages() -> None:
    piece = build(questions=tuple(Point(f"Câu hỏi {n}?", "Một câu trả lời khá dài. " * 9) for n in range(30)))
    made = print_qa_sheet(piece)
    assert len(measure_pages(made)) > 2
    assert "Câu hỏi 29?" in read_words(made)
    assert "Trang 2/" in read_words(made)


@pytest.mark.parametrize("printer", [print_qa_sheet, print_briefing, print_leaflet])
def test_a_question_does_not_lie_on_its_answer(printer: Printer) -> None:
    questions = (Point("Ai phải đi kiểm tra?", "Ngay ông bà đang giữ máy cũ."),)
    words = pypdfium2.PdfDocument(printer(replace(FULL, questions=questions, points=())))
    boxes = [box for page in words for box in _lines(page.get_textpage(), ("Ai phải đi", "Ngay ông bà"))]
    (_, heading_bottom), (answer_top, _) = boxes
    assert heading_bottom >= answer_top - 0.5


def _lines(text: pypdfium2.PdfTextPage, wanted: tuple[str, ...]) -> list[tuple[float, float]]:
    """Top and bottom of the letters of each of these words, where they stand on the page."""
    found = []
    for words in wanted:
        hit = text.search(words).get_next()
        if hit:
            boxes = [text.get_charbox(index) for index in range(hit[0], hit[0] + hit[1]) if hit]
            found.append((max(box[3] for box in boxes), min(box[1] for box in boxes)))
    return found


def test_a_long_briefing_takes_a_second_page_and_no_third() -> None:
    piece = build(text="\n\n".join(["Số đo của từng nhà giúp phường báo lũ sớm hơn. " * 6] * 5))
    assert len(measure_pages(print_briefing(piece))) == 2


@pytest.mark.parametrize("printer", PRINTERS)
def test_bleed_widens_the_sheet_and_keeps_the_trim_box(printer: Printer) -> None:
    made = printer(FULL, bleed_mm=3)
    bare = measure_pages(printer(FULL))[0]
    page = pypdfium2.PdfDocument(made)[0]
    left, bottom, right, top = page.get_trimbox()
    assert (round(right - left), round(top - bottom)) == bare
    assert page.get_mediabox()[2] == pytest.approx(right - left + 2 * 3 * 72 / 25.4, abs=0.1)


@printers
def test_a_code_says_where_it_leads_and_there_is_none_without_an_address(printer: Printer) -> None:
    alt = "Mã QR dẫn tới trang"
    assert re.search(b"/Alt", printer(FULL))
    assert b"/Alt" not in printer(build(url=""))
    assert b"/Alt" not in printer(build(url="javascript:alert(1)"))
    assert alt not in read_words(printer(FULL))


@printers
def test_what_looks_like_typst_code_is_printed_as_it_is(printer: Printer) -> None:
    hostile = '#read("/etc/passwd") *đậm* $x$ @nhãn // `mã` <thẻ>'
    words = read_words(printer(build(title=hostile)))
    assert hostile.replace(" ", "") in words.replace(" ", "")


def test_a_poster_says_each_point_in_short_when_the_texts_would_be_too_small() -> None:
    crowded = build(points=tuple(Point(f"Việc thứ {n} cần làm", "Giải thích dài dòng. " * 14) for n in range(5)))
    words = read_words(print_poster(crowded))
    assert "Việc thứ 4 cần làm" in words
    assert words.count("Giải thích dài dòng.") == 5
    assert FULL.points[0].text in read_words(print_poster(build(points=FULL.points[:2])))


def test_the_card_has_a_box_and_a_line_for_every_point_twice() -> None:
    words = read_words(print_doorstep_card(FULL))
    for point in FULL.points:
        assert words.count(point.text) == 2


def test_a_leaflet_without_a_figure_gives_its_place_to_the_lead() -> None:
    front = read_pages(print_leaflet(build(key_figure="", key_label="")))[0]
    assert " ".join(front.split()).count(FULL.lead) == 1


def test_only_the_host_of_a_long_address_is_printed() -> None:
    words = read_words(print_leaflet(LONG)).replace(" ", "")
    assert "nambennghiathuongvinhhungdong.haiphong.example.vn" in words
    assert "phong-chong-thien-tai" not in words


def test_an_unknown_language_without_labels_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="“hmn”"):
        print_leaflet(build(language="hmn"))


def test_a_piece_may_bring_its_own_labels() -> None:
    assert "Nhớ kỹ điều này" in read_words(print_leaflet(build(labels={"warning": "Nhớ kỹ điều này"})))
