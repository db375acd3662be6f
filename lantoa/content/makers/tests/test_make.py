from __future__ import annotations

import functools
import io
import json
import operator
import zipfile
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantoa.content.makers import making
from lantoa.content.makers.form import PieceTooLongError
from lantoa.content.makers.making import AUDIO_KINDS, FEWEST_POINTS, MAKERS, hash_of, make, make_audios
from lantoa.content.makers.tests.builders import ENDLESS, FULL
from lantoa.content.rules.kinds import ATOM, HTML, JSON, KINDS, MP3, PDF, PNG, TEXT
from lantoa.content.rules.piece import Piece, Point

SHORT = replace(FULL, text="Bắt đầu đo mưa từ ngày 07/6/2025.")
ROUTINE = sorted(set(MAKERS) - AUDIO_KINDS)


def read_words(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_every_rendering_kind_has_a_maker_and_every_maker_a_kind() -> None:
    assert set(MAKERS) == set(KINDS)


@pytest.mark.parametrize("kind", ROUTINE)
def test_the_same_piece_twice_is_the_same_file_under_the_same_name(kind: str) -> None:
    first, second = make(kind, SHORT), make(kind, replace(SHORT))
    assert first.content == second.content
    assert first.details == second.details
    assert hash_of(kind, SHORT) == hash_of(kind, replace(SHORT))
    json.dumps(dict(first.details))


@pytest.mark.parametrize("kind", ROUTINE)
def test_a_file_is_what_its_media_type_says(kind: str) -> None:
    content, media_type = make(kind, SHORT).content, KINDS[kind].media_type
    starts = {PDF: b"%PDF-", PNG: b"\x89PNG", HTML: b"<!doctype html>", TEXT: b"", JSON: b"{", ATOM: b"<?xml"}
    if media_type in starts:
        assert content[:20].lower().startswith(starts[media_type].lower())
    else:
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_bulletin_twice_is_the_same_sound() -> None:
    first, again = make_audios([SHORT])[0], make_audios([replace(SHORT), SHORT])
    assert first.content == again[0].content == again[1].content
    assert first.content[:3] == b"ID3" or first.content[0] == 0xFF
    assert first.details["seconds"] > 2
    assert "tháng sáu" in first.details["transcript"]
    assert KINDS["audio"].media_type == MP3


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Khác"},
        {"text": "Khác."},
        {"key_figure": "05/7/2025"},
        {"place": "phường Khác"},
        {"url": "https://khac.vn"},
        {"dated": "2025-06-03"},
        {"points": ()},
        {"language": "en"},
        {"labels": {"more": "Đọc"}},
    ],
)
def test_any_other_word_is_another_rendering(change: dict[str, Any]) -> None:
    assert hash_of("article", replace(FULL, **change)) != hash_of("article", FULL)


def test_two_kinds_of_one_piece_are_two_renderings() -> None:
    assert len({hash_of(kind, FULL) for kind in MAKERS}) == len(MAKERS)


def test_a_changed_maker_makes_its_pieces_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_of("leaflet", FULL)
    monkeypatch.setattr(making, "fingerprint", lambda: "another")
    assert hash_of("leaflet", FULL) != before


def test_the_makers_version_covers_code_and_templates_but_no_tests() -> None:
    names = {str(path.relative_to(making.ROOT)) for path in making._input_files()}
    assert {"content/makers/making.py", "content/makers/templates/leaflet.typ", "letters/writing/docx.py"} <= names
    assert not [name for name in names if "tests" in name]


@pytest.mark.parametrize(
    ("text", "kind", "alphabet"),
    [
        ("Đo mưa từ 07/6/2025", "sms", "UCS-2"),
        ("Đo mưa từ 07/6/2025", "sms_unaccented", "GSM-7"),
    ],
)
def test_a_text_message_is_measured_in_the_alphabet_it_goes_out_in(text: str, kind: str, alphabet: str) -> None:
    made = make(kind, replace(FULL, text=text))
    assert made.details == {"alphabet": alphabet, "units": 19, "parts": 1}
    assert made.content.decode() == ("Do mua tu 07/6/2025" if kind == "sms_unaccented" else text)


def test_a_script_says_how_long_it_takes_to_read() -> None:
    made = make("script", SHORT)
    lines = made.content.decode().split("\n")
    assert lines[0] == SHORT.title
    assert lines[2] == f"Thời lượng đọc: khoảng {round(made.details['seconds'])} giây"
    longer = make("script", replace(SHORT, text=SHORT.text + " Đọc thùng đo mưa lúc bảy giờ sáng." * 5))
    assert longer.details["seconds"] > made.details["seconds"] + 5


# --- fitting what is printed ---------------------------------------------------------------------


def points(name: str, number: int) -> tuple[Point, ...]:
    return tuple(Point(f"{name}{index}", "") for index in range(number))


@settings(max_examples=200)
@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 16))
def test_as_much_as_fits_is_kept_questions_going_first(heads: int, asks: int, room: int) -> None:
    tries: list[int] = []

    def print_piece(piece: Piece) -> bytes:
        tries.append(size := len(piece.points) + len(piece.questions))
        if size > room:
            raise PieceTooLongError(piece, "poster")
        return json.dumps([[one.heading for one in piece.points], [one.heading for one in piece.questions]]).encode()

    piece = replace(FULL, points=points("p", heads), questions=points("q", asks))
    every = [one.heading for one in (*piece.points, *piece.questions)]
    fewest = min(heads, FEWEST_POINTS)
    if room < fewest:
        with pytest.raises(PieceTooLongError):
            making._fitted(print_piece)(piece)
        return
    made = making._fitted(print_piece)(piece)
    kept: list[str] = functools.reduce(operator.iadd, json.loads(made.content), [])
    assert kept == every[: min(room, len(every))]
    assert made.details.get("left_out", []) == every[len(kept) :]
    assert len(tries) <= 6, "a print is slow: few tries"


def test_a_poster_says_which_points_it_had_to_leave_out() -> None:
    steps = tuple(
        Point(f"Việc số {n} của mỗi nhà ven sông", "Đọc vạch, ghi lại, rồi báo cho tổ trưởng. " * 4) for n in range(12)
    )
    made = make("poster", replace(FULL, points=steps, questions=()))
    left_out = made.details["left_out"]
    assert left_out == [point.heading for point in steps][-len(left_out) :]
    words = read_words(made.content)
    assert steps[0].heading.split()[-1] in words
    assert len(steps) - len(left_out) >= FEWEST_POINTS


def test_a_piece_that_fits_leaves_nothing_out() -> None:
    assert make("leaflet", FULL).details == {}


def test_a_piece_no_form_can_hold_is_refused_by_name() -> None:
    with pytest.raises(PieceTooLongError, match="Hãy rút ngắn"):
        make("poster", ENDLESS)
