from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw
import pytest

from lantoa.content.makers import fitting, form
from lantoa.content.makers.fitting import shape_of
from lantoa.content.makers.form import draw_code, shorten
from lantoa.content.makers.paper import print_board_notice, print_leaflet, print_poster, print_poster_a4
from lantoa.content.makers.tests.builders import FULL, build
from lantoa.content.rules.piece import Piece, Point
from lantoa.lib import press

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def of_place(number: int) -> Piece:
    """The same words for another neighbourhood: its name, its telephone, its address."""
    return replace(
        FULL,
        place=f"tổ dân phố số {number}",
        points=(*FULL.points, Point("Cần người giúp?", f"Báo tổ trưởng tổ dân phố số {number}.")),
        contacts=(f"Tổ trưởng: 0225 3881 {number}",),
        url=f"https://bennghia.example.vn/do-mua?noi={number}",
    )


def test_places_that_differ_in_name_telephone_and_code_have_one_shape() -> None:
    assert shape_of(of_place(101)) == shape_of(of_place(987))
    assert shape_of(of_place(101)).spare["points"] == 1
    assert shape_of(of_place(101)) != shape_of(replace(of_place(101), lead="Khác."))


def test_a_name_with_a_word_no_stand_in_is_as_wide_as_stays_as_it_is() -> None:
    piece = build(place="khu Nambennghiathuongvinh")
    assert shape_of(piece).piece.place == piece.place


def test_the_words_of_many_places_are_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []

    def tell(template: Path, data: Mapping[str, Any], label: str) -> list[Any]:
        measured.append(template.name)
        return press.read_told(template, data, label)

    monkeypatch.setattr(fitting, "read_told", tell)
    form._fit.cache_clear()
    for number in (101, 202, 303):
        print_poster(of_place(number))
    assert measured == ["poster.typ"]


def test_a_piece_comes_out_the_same_whatever_was_made_before_it() -> None:
    form._fit.cache_clear()
    first = print_leaflet(of_place(101))
    form._fit.cache_clear()
    for number in (555, 777):
        print_leaflet(of_place(number))
    assert print_leaflet(of_place(101)) == first


def test_each_place_has_its_own_words_and_code() -> None:
    first, second = (print_board_notice(of_place(number)) for number in (101, 202))
    words = pypdfium2.PdfDocument(second)[0].get_textpage().get_text_range()
    assert "0225\u00a03881\u00a0202" in words
    assert "101" not in words
    assert first != second


def test_codes_of_one_campaign_share_the_mask_and_differ() -> None:
    assert draw_code("https://a.example.vn/?noi=101") != draw_code("https://a.example.vn/?noi=102")


@pytest.mark.parametrize(("text", "short"), [
    ("Đổ hết nước. Đọc vạch.", "Đổ hết nước."),
    ("Hỏi ở TP. Hải Phòng. Đừng vội.", "Hỏi ở TP. Hải Phòng."),
    ("Theo khoản 2. Điều 4 nói rõ. Xong.", "Theo khoản 2. Điều 4 nói rõ."),
    ("Một câu thôi", "Một câu thôi"),
    ("", ""),
])
def test_the_short_form_is_the_first_sentence_and_no_abbreviation_ends_one(text: str, short: str) -> None:
    assert shorten(text) == short


@pytest.mark.parametrize(
    ("printer", "least"), [(print_leaflet, 14), (print_poster, 24), (print_poster_a4, 16.9), (print_board_notice, 14)]
)
def test_what_is_to_be_read_is_printed_large(printer: Callable[[Piece], bytes], least: float) -> None:
    crowded = build(points=tuple(Point(f"Việc thứ {n} cần làm", "Giải thích dài dòng. " * 3) for n in range(4)))
    sizes = [size for page in pypdfium2.PdfDocument(printer(crowded)) for size in sizes_of(page, "Giải thích")]
    assert len(sizes) >= 4
    assert min(sizes) >= least


def sizes_of(page: pypdfium2.PdfPage, words: str) -> list[float]:
    text = page.get_textpage()
    searcher = text.search(words)
    found = []
    while hit := searcher.get_next():
        found.append(pypdfium2.raw.FPDFText_GetFontSize(text, hit[0]))
    return found
