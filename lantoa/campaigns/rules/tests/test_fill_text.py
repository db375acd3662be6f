from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.campaigns.rules.pack import PackMessage
from lantoa.campaigns.rules.wording import (
    FactValue,
    MissingFactsError,
    PlaceWords,
    WordingError,
    fill,
    fill_message,
    references,
)

FACTS = {
    "cutoff_date": FactValue("date", "2024-09-16", "Ngày dừng", basis="Thông tư số 03/2024/TT-BTTTT"),
    "new_year": FactValue("date", "2025-01-05"),
    "end_month": FactValue("month", "2028-09"),
    "early_month": FactValue("month", "2028-02"),
    "users": FactValue("number", "771072", unit="thuê bao"),
    "share": FactValue("number", "1.3"),
    "price": FactValue("money", "200000"),
    "hotline": FactValue("phone", "1800 8098"),
    "guess": FactValue("phone", "1800 1091", "Tổng đài", verified=False),
    "asked": FactValue("text", None, "Cú pháp", verified=False),
}
WORDS = PlaceWords(place="phường Anh Dũng", publisher="Ủy ban nhân dân phường Anh Dũng")


@pytest.mark.parametrize(("text", "printed"), [
    ("{cutoff_date}", "16/9/2024"),
    ("{new_year}", "05/01/2025"),
    ("{cutoff_date|long}", "ngày 16 tháng 9 năm 2024"),
    ("{new_year|long|cap}", "Ngày 05 tháng 01 năm 2025"),
    ("{cutoff_date|day_before}", "15/9/2024"),
    ("{cutoff_date|day_before|long}", "ngày 15 tháng 9 năm 2024"),
    ("{cutoff_date|day_after|day_month}", "17/9"),
    ("{cutoff_date|weekday}", "thứ Hai"),
    ("{new_year|weekday}", "Chủ nhật"),
    ("{cutoff_date|month}", "tháng 9 năm 2024"),
    ("{cutoff_date|year}", "2024"),
    ("{cutoff_date|label}: {cutoff_date|basis}", "Ngày dừng: Thông tư số 03/2024/TT-BTTTT"),
    ("{end_month}", "9/2028"),
    ("{early_month|long}", "tháng 02 năm 2028"),
    ("{users}", "771.072"),
    ("{users|unit}", "771.072 thuê bao"),
    ("{share}", "1,3"),
    ("{price}", "200.000 đồng"),
    ("{hotline}", "1800 8098"),
    ("{Place} của {place}", "Phường Anh Dũng của phường Anh Dũng"),
])
def test_a_reference_prints_as_vietnamese_offices_write(text: str, printed: str) -> None:
    assert fill(text, FACTS, WORDS).text == printed


@pytest.mark.parametrize(("text", "printed"), [
    ("{cutoff_date}", "16 September 2024"), ("{cutoff_date|weekday}", "Monday"), ("{end_month}", "September 2028"),
    ("{users}", "771,072"), ("{price}", "VND 200,000"), ("{cutoff_date|day_month}", "16 September"),
])
def test_an_english_text_prints_english_dates_and_numbers(text: str, printed: str) -> None:
    assert fill(text, FACTS, WORDS, "en").text == printed


def test_a_filled_text_remembers_the_facts_it_printed() -> None:
    filled = fill("Từ {cutoff_date|long} tại {place}, còn {users}.", FACTS, WORDS)
    assert filled.used == {"cutoff_date", "users"}
    assert filled.missing == ()


@pytest.mark.parametrize("key", ["guess", "asked", "nowhere", "contact"])
def test_what_nobody_confirmed_is_named_and_not_printed(key: str) -> None:
    filled = fill(f"Gọi {{{key}}}.", FACTS, WORDS)
    assert [one.key for one in filled.missing] == [key]
    assert filled.text == f"Gọi {{{key}}}."
    assert filled.used == frozenset()


def test_a_message_that_waits_for_a_fact_stops_unless_it_is_optional() -> None:
    assert fill_message(PackMessage("a", "Gọi {guess}.", optional=True), FACTS, WORDS) is None
    with pytest.raises(MissingFactsError, match=r"Tổng đài \(`guess`\): chưa được kiểm chứng"):
        fill_message(PackMessage("a", "Gọi {guess}."), FACTS, WORDS)


@pytest.mark.parametrize("text", ["{", "a}", "{cutoff date}", "{cutoff_date|}", "{{cutoff_date}}x{"])
def test_a_stray_brace_is_a_fault(text: str) -> None:
    with pytest.raises(WordingError):
        references(text)


@pytest.mark.parametrize("text", ["{cutoff_date|tomorrow}", "{users|long}", "{end_month|day_before}", "{place|long}"])
def test_a_filter_its_kind_does_not_know_is_a_fault(text: str) -> None:
    with pytest.raises(WordingError, match="không có cách viết"):
        fill(text, FACTS, WORDS)


@given(st.dates(dt.date(1990, 1, 2), dt.date(2100, 1, 1)))
def test_a_long_date_reads_back_as_the_same_day(day: dt.date) -> None:
    words = fill("{d|long}", {"d": FactValue("date", day.isoformat())}, WORDS).text.split()
    assert dt.date(int(words[5]), int(words[3]), int(words[1])) == day
    assert (len(words[3]) == 2) == (day.month <= 2 or day.month >= 10)


@given(st.integers(0, 10**12))
def test_a_number_loses_no_digit(number: int) -> None:
    assert fill("{n}", {"n": FactValue("number", str(number))}, WORDS).text.replace(".", "") == str(number)
