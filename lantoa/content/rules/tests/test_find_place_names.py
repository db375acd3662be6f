from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.content.rules.place_names import PlaceNames, key_of, without
from lantoa.content.rules.speech import speak

CITY = PlaceNames(
    (
        "Thành phố Mẫu", "Quận 5", "Phường 1", "Phường 12", "Phường Mẫu 1", "Phường Mẫu 12", "Phường Hải Châu II",
        "Phường Mới", "Tổ dân phố số 7", "Tổ dân phố số 8 (mẫu)", "Khu phố 4A", "Hòa Bình",
    ),
    ("Trường Tiểu học số 2", "Tổ công tác Đề án 06 tổ dân phố số 9"),
)  # fmt: skip


def found(text: str) -> list[tuple[str, bool]]:
    return [(text[one.start : one.end], one.is_proper) for one in CITY.territories_in(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bà con phường 12 hãy xem.", "phường 12"),
        ("PHƯỜNG 12, QUẬN 5", "PHƯỜNG 12"),
        ("Bà con Phường\n12 hãy xem.", "Phường\n12"),
        ("Bà con phường\u00a012 hãy xem.", "phường\u00a012"),
        ("Ba con phuong 12 hay xem.", "phuong 12"),
        ("Bà con P.12 hãy xem.", "P.12"),
        ("Bà con P. 12 hãy xem.", "P. 12"),
        ("Bà con P12 hãy xem.", "P12"),
        ("Bà con phường 01 hãy xem.", "phường 01"),
        ("Bà con phường mười hai hãy xem.", "phường mười hai"),
        ("Bà con phường Mẫu mười hai hãy xem.", "phường Mẫu mười hai"),
        ("Bà con phường mười hai năm hai nghìn không trăm hai mươi tư", "phường mười hai"),
        ("Bà con Phường Hải Châu II hãy xem.", "Phường Hải Châu II"),
        ("Bà con phường Hải Châu hai hãy xem.", "phường Hải Châu hai"),
        ("Bà con phường Hải Châu 2 hãy xem.", "phường Hải Châu 2"),
        ("Họp tổ dân phố số 7 tối nay.", "tổ dân phố số 7"),
        ("Họp tổ dân phố 7 tối nay.", "tổ dân phố 7"),
        ("Họp TDP 7 tối nay.", "TDP 7"),
        ("Họp tổ dân phố số bảy tối nay.", "tổ dân phố số bảy"),
        ("Họp Tổ dân phố số 8 (mẫu) tối nay.", "Tổ dân phố số 8 (mẫu"),
        ("Họp khu phố 4A tối nay.", "khu phố 4A"),
        ("Họp khu phố bốn a tối nay.", "khu phố bốn a"),
        ("Phường Mới mời họp.", "Phường Mới"),
    ],
)
def test_a_name_is_found_however_it_is_written_or_said(text: str, name: str) -> None:
    assert (name, True) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Phường 13", "phường 12A", "phường 12/9/2024", "phường 12.000", "phường 12%", "phường mười hai nghìn",
        "phường 12-9", "phường một trăm", "phường\n\n12 máy", "siêuphường 12", "12", "số 7", "phường mười ba",
    ],
)  # fmt: skip
def test_what_is_another_number_is_no_name(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_is_meant() -> None:
    assert found("phường Mẫu 12") == [("phường Mẫu 12", True)]
    assert found("phường Mẫu 1, phường 1") == [("phường Mẫu 1", True), ("phường 1", True)]


def test_a_name_in_small_letters_may_be_two_words() -> None:
    assert found("phường mới sáp nhập") == [("phường mới", False)]


def test_before_a_date_a_name_goes_without_its_noun_and_only_with_its_capital() -> None:
    assert found("Mẫu 1, ngày 5 tháng 9") == [("Mẫu 1", False)]
    assert found("theo mẫu 1, ngày 5 tháng 9") == []
    assert found("Hòa Bình") == [("Hòa Bình", False)]


def test_the_number_of_an_organisation_is_found_in_its_name_alone() -> None:
    text = "Họp ở trường tiểu học số 2, có 2 phòng."
    first, second = text.index("2"), text.rindex("2")
    assert CITY.is_in_organisation(text, (first, first + 1))
    assert not CITY.is_in_organisation(text, (second, second + 1))
    assert CITY.is_in_organisation("trường tiểu học số hai", (19, 22))
    assert not PlaceNames().is_in_organisation(text, (first, first + 1))


def test_names_are_blanked_and_every_offset_stays() -> None:
    text = "Phường 12: từ 16/9, phường mười hai."
    blank = without(text, CITY.territories_in(text))
    assert len(blank) == len(text)
    assert blank.replace("\x00", "") == ": từ 16/9, ."


@given(st.integers(1, 9999), st.sampled_from(["Phường", "Phường Mẫu", "Quận", "Tổ dân phố số", "Khu phố", "Thôn"]))
def test_every_numbered_name_is_found_as_written_and_as_the_announcer_says_it(number: int, head: str) -> None:
    name = f"{head} {number}"
    names = PlaceNames((name,))
    for text in (name, name.upper(), speak(f"Bà con {name} hãy xem.").text):
        (one,) = names.territories_in(text)
        assert one.names == {key_of(name)}
        assert one.is_proper


@given(st.text(max_size=60))
def test_any_text_is_searched(text: str) -> None:
    for one in CITY.territories_in(text):
        assert 0 <= one.start < one.end <= len(text)
