"""Words with places put together to lines, and their boxes."""

from __future__ import annotations

import json

import pytest

from lantoa.lib.extract.boxes import UNIT, Boxes, PageView
from lantoa.lib.extract.placing import PlacedPage, Run, placed, with_words

VIEW = PageView(1.414)


def run(left: float, top: float, text: str, size: float = 10) -> Run:
    return with_words(Run(left, top, left + len(text) * size / 2, top + size, text), [])


def page(*runs: Run) -> PlacedPage:
    return PlacedPage(runs, 500, 700, VIEW)


def test_columns_side_by_side_stay_apart_and_a_line_in_two_fonts_stays_one() -> None:
    text = placed([page(run(50, 50, "UBND XÃ"), run(250, 51, "CỘNG HÒA"), run(50, 80, "Số:"), run(67, 80, "12"))]).text
    assert text.split("\n")[0].split("   ")[0] == "UBND XÃ"
    assert text.split("\n")[0].endswith("   CỘNG HÒA")
    assert text.split("\n")[2] == "Số: 12"


def test_a_gap_between_lines_is_an_empty_line_and_an_indent_is_kept() -> None:
    assert placed([page(run(50, 50, "một"), run(70, 61, "hai"), run(50, 100, "ba"))]).text == "một\n    hai\n\nba\n"


def test_every_word_knows_its_place_in_the_text_and_on_its_page() -> None:
    found = placed([page(run(50, 50, "xã Mẫu"), run(300, 50, "ngày")), page(), page(run(100, 70, "trang ba"))])
    assert [found.text[start:].split()[0] for start in found.page_starts if start != found.page_starts[1]] == [
        "xã",
        "trang",
    ]
    words = {found.text[word.start : word.end]: word for word in found.boxes.words}
    assert list(words) == ["xã", "Mẫu", "ngày", "trang", "ba"]
    assert words["Mẫu"].left == pytest.approx((50 + 3 * 5) / 500)
    assert words["Mẫu"].bottom == pytest.approx(60 / 700)
    assert (words["ngày"].page, words["ba"].page) == (0, 2)


def test_words_take_the_frames_of_their_own_letters() -> None:
    frames = [(10.0, 0.0, 14.0, 9.0), (15.0, 0.0, 18.0, 9.0), (60.0, 0.0, 64.0, 9.0)]
    first, second = with_words(Run(10, 0, 64, 9, "ab  c"), frames).words
    assert (first.left, first.right, second.start, second.left) == (10, 18, 4, 60)


def test_the_words_of_a_span_are_found() -> None:
    boxes = placed([page(run(50, 50, "một hai ba bốn"))]).boxes
    assert [word.start for word in boxes.within(5, 9)] == [4, 8]
    assert boxes.within(3, 4) == ()


def test_boxes_pass_through_json() -> None:
    boxes = placed([page(run(50, 50, "một hai"))]).boxes
    again = Boxes.from_json(json.loads(json.dumps(boxes.to_json())))
    assert again.pages == (PageView(1.414, UNIT),)
    assert [word[:3] for word in again.words] == [(0, 0, 3), (0, 4, 7)]
    assert again.words[1][3:7] == pytest.approx(boxes.words[1][3:7], abs=1e-4)
    assert not Boxes.from_json(None)
