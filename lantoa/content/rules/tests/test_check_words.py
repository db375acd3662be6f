from __future__ import annotations

import datetime as dt

import pytest

from lantoa.content.rules.checks import check_words, dates_in, days_around

OLD, NEW = "2024-09-16", "2024-10-16"
BASIS = "Thông tư số 10/2024/TT-BTTTT ngày 13/9/2024"


def found(text: str, *known: str, past: str = "") -> list[str]:
    gone = frozenset({dt.date.fromisoformat(past)} if past else ())
    return [one.found for one in check_words(text, days_around([NEW]), known, gone)]


@pytest.mark.parametrize(
    "text",
    [
        "16/9/2024",
        "16/09/2024",
        "16-9-2024",
        "16.9.2024",
        "16 / 9 / 2024",
        "ngày 16 tháng 9 năm 2024",
        "Ngày 16 Tháng 9 Năm 2024",
        "ngày 16\ntháng 9 năm 2024",
        "16\u00a0tháng\u00a09\u00a0năm\u00a02024",
        "ngày 16 tháng 09/2024",
    ],
)
def test_an_old_date_is_found_however_it_is_written(text: str) -> None:
    assert len(found(f"Máy chỉ có 2G dừng từ {text}, xin kiểm tra.")) == 1


@pytest.mark.parametrize("text", ["16/10/2024", "ngày 16 tháng 10 năm 2024", "hết ngày 15/10/2024", "17/10/2024"])
def test_the_day_itself_the_one_before_and_the_one_after_may_stand(text: str) -> None:
    assert found(text) == []


def test_a_day_further_off_may_not() -> None:
    assert found("từ 14/10/2024") == ["14/10/2024"]


def test_a_date_of_a_legal_basis_may_stand() -> None:
    assert found(f"Căn cứ {BASIS}.", BASIS) == []
    assert found(f"Căn cứ {BASIS}.") == ["13/9/2024"]


def test_a_value_a_fact_had_before_may_not_stand_even_where_the_letter_says_it() -> None:
    letter = "Từ ngày 16 tháng 9 năm 2024 dừng dịch vụ; Công văn ngày 14/8/2024"
    assert found("Dừng từ 16/9/2024. Theo Công văn ngày 14/8/2024.", letter, past=OLD) == ["16/9/2024"]


def test_numbers_that_are_no_dates_are_left_alone() -> None:
    assert dates_in("Số 03/2024/TT-BTTTT; 24/7; 1800.8098; 31/02/2024; 116/9/20245; 3.400.000 thuê bao") == []


def test_each_fault_quotes_the_words() -> None:
    (fault,) = check_words("từ 01/3/2024", frozenset(), ())
    assert fault.found == "01/3/2024"
    assert "dữ kiện" in fault.why


def test_values_that_are_no_dates_open_no_days() -> None:
    assert days_around(["771072", "2028-09", ""]) == frozenset()
    assert dt.date(2024, 10, 15) in days_around([NEW])
