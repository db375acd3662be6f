from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.campaigns.rules.devices import check_phone, luhn_holds, read_device_rules, read_imei
from lantoa.campaigns.rules.pack import PackError

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

VALID = "490154203237518"  # the worked example of the Luhn check of device numbers


def with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn_holds(digits + last))


@pytest.mark.parametrize(("model", "result"), [
    ("Nokia 105", "2g_only"), ("nokia-1280", "2g_only"), ("Samsung GT-E1200", "2g_only"), ("TA-1174", "2g_only"),
    ("iPhone 2G", "2g_only"), ("Nokia C1-01", "2g_only"),
    ("Nokia 105 4G", "unknown"), ("Nokia 3310 3G", "unknown"), ("Nokia 110 LTE", "unknown"), ("Máy lạ 4G", "unknown"),
    ("iPhone", "unknown"), ("4G", "unknown"), ("Galaxy", "unknown"),
    ("iPhone 15 Pro Max", "not_2g_only"), ("iphone 4s", "not_2g_only"), ("Samsung Galaxy A15 5G", "not_2g_only"),
    ("Redmi Note 12", "not_2g_only"), ("OPPO Reno 8", "not_2g_only"),
])
def test_a_model_name_decides_only_what_is_sure(shutdown: Pack, model: str, result: str) -> None:
    assert check_phone(shutdown.devices, None, model).result == result


@pytest.mark.parametrize("imei", [
    "490154203237519", "000000000000000", "111111111111111", "4901542032375", "49O154203237518",
])
def test_a_doubtful_number_never_gives_an_all_clear(shutdown: Pack, imei: str) -> None:
    found = check_phone(shutdown.devices, imei, "iPhone 12")
    assert found.result == "unknown"
    assert "nhà mạng" in found.advice


def test_a_sign_of_risk_outweighs_a_mistyped_number_and_a_safe_name(shutdown: Pack) -> None:
    assert check_phone(shutdown.devices, "490154203237519", "Nokia 105").result == "2g_only"
    assert check_phone(shutdown.devices, with_check_digit("35089080123456"), "iPhone 12").result == "2g_only"


def test_a_number_alone_never_says_fine(shutdown: Pack) -> None:
    rules = read_device_rules(shutdown.devices)
    assert {rules.results[rule.result].meaning for rule in rules.numbers} == {"risk"}
    assert check_phone(rules, VALID).result == "unknown"
    assert check_phone(rules).why == "Chưa có số IMEI hoặc tên máy."


def test_eight_digits_are_taken_as_the_type_code(shutdown: Pack) -> None:
    assert check_phone(shutdown.devices, "01-124500").result == "2g_only"


def test_no_advice_tells_anyone_to_trust_the_screen(pack: Pack) -> None:
    for result in read_device_rules(pack.devices).results.values():
        assert "hỏi" in result.advice or "gọi thử" in result.advice


@given(st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_exactly_one_last_digit_passes_the_luhn_check(digits: str) -> None:
    assert sum(luhn_holds(digits + last) for last in "0123456789") == 1


@given(st.text(max_size=20))
def test_any_text_at_all_is_read_as_a_number_or_doubted(text: str) -> None:
    number, doubt = read_imei(text)
    assert not (number and doubt)


def test_another_pack_has_results_of_its_own(pack: Pack) -> None:
    expected = {"2g_shutdown": "2g_only", "volte_readiness": "no_volte"}
    assert check_phone(pack.devices, None, "Nokia 105").result == expected[pack.name]


@pytest.mark.parametrize("broken", [
    {}, {"result": {"a": {"meaning": "risk", "label": "A", "advice": "B"}}},
    {"result": {"a": {"meaning": "bad", "label": "A", "advice": "B"}}},
])
def test_rules_without_a_place_for_doubt_are_refused(broken: dict[str, object]) -> None:
    with pytest.raises(PackError, match=r"devices\.toml"):
        check_phone(broken)
