"""What a person types becomes the value of a field."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lantoa.letters.rules.typed import WrongValueError, check_typed

TODAY = dt.date(2024, 8, 21)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "14/8/2024", "2024-08-14"),
        ("date", "14-08-2024", "2024-08-14"),
        ("date", "2024-08-14", "2024-08-14"),
        ("date", "ngày 14 tháng 8 năm 2024", "2024-08-14"),
        ("deadline", "31/8/2024", "2024-08-31"),
        ("deadline", "1/8/2024 – 31/8/2024", "2024-08-01/2024-08-31"),
        ("deadline", "từ ngày 1/8/2024 đến hết ngày 31/8/2024", "2024-08-01/2024-08-31"),
        ("deadline", "2024-08-01/2024-08-31", "2024-08-01/2024-08-31"),
        ("deadline", "trước ngày 25 hằng tháng", "trước ngày 25 hằng tháng"),
        ("number", "Số: 15", "15"),
        ("symbol", "/UBND-VHTT", "UBND-VHTT"),
        ("doc_type", "ke_hoach", "ke_hoach"),
        ("line", "  Ủy ban   nhân dân ", "Ủy ban nhân dân"),
        ("lines", "- Các phòng;\n- Các xã; Công an", ["Các phòng", "Các xã", "Công an"]),
        ("text", "Một\nhai", "Một hai"),
    ],
)
def test_what_is_typed_is_kept_in_its_own_form(kind: str, typed: str, value: Any) -> None:
    checked = check_typed(kind, [typed], TODAY)
    assert (checked.value, checked.warning) == (value, "")


def test_channels_stand_in_the_order_of_the_list_and_only_those_of_the_list() -> None:
    assert check_typed("channels", ["sms", "portal"], TODAY).value == ["portal", "sms"]
    with pytest.raises(WrongValueError, match="danh sách"):
        check_typed("channels", ["carrier_pigeon"], TODAY)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("date", "31/2/2024"), ("date", "tháng 8"), ("date", "14/8/24"), ("doc_type", "thư"), ("line", "  \n "),
     ("deadline", "31/8/2024 - 1/8/2024"), ("deadline", "32/1/2024"), ("text", "a" * 5000), ("lines", "x\n" * 90)],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_a_sentence(kind: str, typed: str) -> None:
    with pytest.raises(WrongValueError, match=r"\.$"):
        check_typed(kind, [typed], TODAY)


@pytest.mark.parametrize(
    ("kind", "typed"), [("date", "1/9/2024"), ("date", "1/9/1924"), ("number", "mười hai"), ("symbol", "ubnd vhtt")]
)
def test_what_looks_odd_is_told_and_not_forbidden(kind: str, typed: str) -> None:
    warning = check_typed(kind, [typed], TODAY).warning
    assert warning.endswith(("hãy xem lại.", "thì đúng."))
