from __future__ import annotations

import pytest

from lantoa.content.rules.sms import TariffError, measure_sms, read_tariffs

TABLE = """
[nha_mang_a]
per_part_gsm7 = 290.5
per_part_ucs2 = 350
most_parts = 3
source = "Hợp đồng số 5, 01/8/2024"
"""


def test_the_price_is_by_part_alphabet_and_number_of_messages() -> None:
    (tariff,) = read_tariffs(TABLE)
    assert tariff.price(measure_sms("a" * 161), 1000) == 581_000
    assert tariff.price(measure_sms("ă" * 70)) == 350
    assert tariff.price(measure_sms("ă" * 202)) is None
    assert tariff.source.startswith("Hợp đồng")


def test_without_a_table_there_is_no_price() -> None:
    assert read_tariffs("") == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("per_part_ucs2 = 350\n", ""), "chưa điền per_part_ucs2"),
        (("350", "true"), "giá “True” không phải số đồng"),
        (("350", '"ba trăm"'), "giá “ba trăm” không phải số đồng"),
        (("350", "-1"), "giá “-1” không phải số đồng"),
        (("350", "nan"), "không phải số đồng"),
        (("= 3\n", "= 0\n"), "most_parts"),
        (("Hợp đồng số 5, 01/8/2024", " "), "source phải ghi"),
        (("[nha_mang_a]", "[nha_mang_a"), "không đúng cú pháp TOML"),
    ],
)
def test_a_table_that_is_not_filled_in_is_refused(change: tuple[str, str], told: str) -> None:
    with pytest.raises(TariffError, match=r"^sms\.toml") as caught:
        read_tariffs(TABLE.replace(*change))
    assert told in str(caught.value)
    with pytest.raises(TariffError, match="phải là một bảng"):
        read_tariffs("a = 1")
