"""The working and the lunar calendar, and the day a printed time comes to."""

from __future__ import annotations

import datetime as dt

import pytest

from lantoa.letters.rules.due_days import due_day, with_due_days
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.letter import LetterTask
from lantoa.letters.rules.lunar import lunar_day, new_year
from lantoa.letters.rules.working_days import (
    add_working_days,
    is_working_day,
    last_working_day,
    public_holidays,
    swaps_of,
    working_day_from,
)

ISSUED = dt.date(2025, 8, 20)


@pytest.mark.parametrize(
    ("year", "day"), [(1985, "1985-01-21"), (2007, "2007-02-17"), (2024, "2024-02-10"), (2026, "2026-02-17")]
)
def test_the_lunar_year_begins_on_the_day_of_the_vietnamese_calendar(year: int, day: str) -> None:
    assert new_year(year).isoformat() == day


def test_a_leap_month_is_told_from_the_month_before_it() -> None:
    assert lunar_day(2025, 6, 1) == dt.date(2025, 6, 25)
    assert lunar_day(2025, 6, 1, leap=True) == dt.date(2025, 7, 25)
    assert lunar_day(2024, 6, 1, leap=True) is None


def test_a_lunar_day_that_is_not_there_is_none() -> None:
    assert lunar_day(2025, 13, 1) is None
    assert {lunar_day(2025, month, 30) is None for month in range(1, 13)} == {True, False}


def test_the_last_month_of_a_lunar_year_is_in_the_next_solar_year() -> None:
    assert lunar_day(2025, 12, 23) == dt.date(2026, 2, 10)


def test_tet_is_five_days_and_a_weekend_in_it_is_made_up_for() -> None:
    off = [day for day, name in public_holidays(2024).items() if name.startswith("Tết Nguyên đán")]
    assert (min(off), max(off), len(off)) == (dt.date(2024, 2, 8), dt.date(2024, 2, 14), 7)


def test_the_second_day_of_the_national_day_is_the_one_that_makes_the_longer_rest() -> None:
    assert not is_working_day(dt.date(2025, 9, 1))
    assert is_working_day(dt.date(2025, 9, 3))
    assert not is_working_day(dt.date(2024, 9, 3))


def test_a_swapped_day_is_worked_and_the_other_is_off() -> None:
    swaps = swaps_of(("2027-06-14", "2027-06-19"))
    assert not is_working_day(dt.date(2027, 6, 14), swaps)
    assert is_working_day(dt.date(2027, 6, 19), swaps)
    assert is_working_day(dt.date(2027, 6, 14)) != is_working_day(dt.date(2027, 6, 14), swaps)


def test_working_days_are_counted_from_the_day_after_and_over_holidays() -> None:
    assert add_working_days(dt.date(2025, 12, 2), 3) == dt.date(2025, 12, 5)
    assert add_working_days(dt.date(2026, 2, 11), 3) == dt.date(2026, 2, 23)
    assert add_working_days(dt.date(2025, 4, 24), 2) == dt.date(2025, 4, 26), "a Saturday worked instead of 2 May"


def test_a_day_off_moves_on_or_back_to_a_working_day() -> None:
    assert working_day_from(dt.date(2025, 8, 30)) == dt.date(2025, 9, 3)
    assert last_working_day(dt.date(2025, 8, 31)) == dt.date(2025, 8, 29)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025-09-01", "2025-09-01"),
        ("2025-09-01/2025-09-30", "2025-09-30"),
        ("trước 16 giờ ngày 10/9/2025", "2025-09-10"),
        ("từ nay đến hết ngày 31/12/2025", "2025-12-31"),
        ("trước ngày 24/8", "2025-08-24"),
        ("trước ngày 03/02", "2026-02-03"),
        ("trước ngày 25 hằng tháng", "2025-08-25"),
        ("vào ngày 05 và ngày 15 hằng tháng", "2025-09-05"),
        ("trong tháng 9", "2025-09-30"),
        ("tháng 02 và tháng 3", "2026-03-31"),
        ("hết quý III", "2025-09-30"),
        ("trong năm 2025", "2025-12-31"),
        ("chậm nhất 05 ngày làm việc", "2025-08-27"),
        ("trong vòng 10 ngày kể từ ngày ban hành", "2025-09-03"),
        ("trong tuần này", "2025-08-22"),
        ("vào ngày làm việc cuối cùng của quý", "2025-09-30"),
        ("vào thứ Năm hằng tuần", "2025-08-21"),
        ("trước ngày 23 tháng Chạp", "2026-02-10"),
        ("trước rằm tháng Giêng", "2026-03-03"),
        ("trước ngày 15/7 âm lịch", "2025-09-06"),
        ("trước Tết Nguyên đán", "2026-02-16"),
    ],
)
def test_a_printed_time_comes_to_a_day(words: str, day: str) -> None:
    due = due_day(words, ISSUED)
    assert due is not None
    assert due.on.isoformat() == day


@pytest.mark.parametrize("words", ["kịp thời", "hằng tuần", "ít nhất 02 lần/ngày", "trong 24 giờ", "trước mùa lũ"])
def test_words_that_name_no_day_come_to_none(words: str) -> None:
    assert due_day(words, ISSUED) is None


def test_without_the_letters_date_only_a_whole_date_comes_to_a_day() -> None:
    assert due_day("trong 03 ngày làm việc", None) is None
    assert due_day("trước 17 giờ ngày 03/10/2025", None) is not None


def test_a_reckoned_day_is_in_doubt_and_a_printed_one_is_not() -> None:
    findings = Findings("")
    tasks = (
        LetterTask("1", (), "", deadline="trong 03 ngày làm việc", report_deadline="2025-09-30"),
        LetterTask("2", (), "", deadline="trước mùa lũ"),
    )
    first, second = with_due_days(tasks, "2025-08-20", findings)
    assert (first.due_on, first.report_due_on, second.due_on) == ("2025-08-25", "2025-09-30", None)
    assert [doubt.field for doubt in findings.doubts] == ["tasks[0].deadline"]
    assert "25/08/2025" in findings.doubts[0].why
