from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.campaigns.rules.pack import FACT_KINDS
from lantoa.campaigns.rules.values import canonical, check_value
from lantoa.campaigns.rules.wording import FactValue, show

RIGHT = [
    ("date", "2024-10-16"),
    ("date", "2024-02-29"),
    ("month", "2028-09"),
    ("number", "771072"),
    ("number", "1.5"),
    ("number", "-3"),
    ("money", "200000"),
    ("phone", "1800 8098"),
    ("phone", "113"),
    ("phone", "+84 225.388.1234"),
    ("url", "https://tqc.gov.vn/2g-only"),
    ("text", "quần đảo Trường Sa"),
    ("document", "Thông tư số 10/2024/TT-BTTTT"),
]
WRONG = [
    ("date", "16/10/2024"),
    ("date", "2024-13-01"),
    ("date", "2023-02-29"),
    ("date", "20241016"),
    ("date", "2024-W38-1"),
    ("date", "2024-10-16T00:00"),
    ("date", "9999-12-31"),
    ("date", "0001-01-01"),
    ("date", "２０２４-10-16"),
    ("month", "2028-13"),
    ("month", "9/2028"),
    ("month", "0000-01"),
    ("number", "771.072.000"),
    ("number", "3,4 triệu"),
    ("number", "٣"),
    ("money", "200.000"),
    ("money", "-1"),
    ("phone", "tổng đài"),
    ("phone", "..."),
    ("phone", "12"),
    ("url", "tqc.gov.vn"),
    ("url", "javascript:alert(1)"),
    ("url", "https://a b"),
]


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_a_value_of_its_kind_is_taken(kind: str, value: str) -> None:
    assert check_value(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("date", "6-9-2024", "2024-09-06"),
        ("month", "9/2028", "2028-09"),
        ("number", "771.072", "771072"),
        ("number", "3,4", "3.4"),
        ("number", "-1.234,5", "-1234.5"),
        ("money", " 200.000 ", "200000"),
        ("date", "mai", "mai"),
        ("text", "16/9/2024", "16/9/2024"),
        ("number", "1.5", "1.5"),
    ],
)
def test_what_people_write_is_kept_as_facts_are_kept(kind: str, written: str, kept: str) -> None:
    assert canonical(kind, written) == kept


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_any_other_is_refused_with_a_reason(kind: str, value: str) -> None:
    assert check_value(kind, value)


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_no_kind_takes_an_empty_value(kind: str) -> None:
    assert check_value(kind, " \n") == "để trống"


DIGITS = st.text("0123456789-./ T:W", min_size=1, max_size=11)
PLAUSIBLE = st.one_of(st.dates().map(str), st.decimals(allow_nan=False).map(str), DIGITS, st.text(max_size=12))


@given(kind=st.sampled_from(FACT_KINDS), value=PLAUSIBLE)
def test_whatever_is_taken_can_be_printed(kind: str, value: str) -> None:
    if check_value(kind, value) is None:
        assert show(FactValue(kind, value))


@given(value=PLAUSIBLE)
def test_the_day_before_and_after_a_date_that_is_taken_can_be_printed(value: str) -> None:
    if check_value("date", value) is None:
        assert show(FactValue("date", value), ("day_before",))
