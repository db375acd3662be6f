from __future__ import annotations

import datetime as dt

import pytest

from lantoa.content.rules.tariffs import TariffError, price_range, read_tariffs, tariffs_on
from lantoa.lib.sms import measure_sms

A = """
[[tariff]]
operator = "Nhà mạng A"
from = 2024-08-01
source = "Hợp đồng số 5, 01/8/2024"
per_part_gsm7 = 290.5
per_part_ucs2 = 350
most_parts = 3
"""
B = """
[[tariff]]
operator = "Nhà mạng B"
from = 2024-08-01
source = "Bảng giá ngày 20/7/2024"
per_part_gsm7 = 400
per_part_ucs2 = 800
most_parts = 2
"""
ZNS = """
[[tariff]]
operator = "Zalo"
kind = "zns"
from = 2024-08-01
source = "Hợp đồng số 9"
per_message = 200
"""
DAY = dt.date(2024, 9, 1)


def test_the_price_is_by_part_alphabet_and_number_of_messages() -> None:
    (tariff,) = read_tariffs(A)
    assert tariff.price(measure_sms("a" * 161), 1000) == 581_000
    assert tariff.price(measure_sms("ă" * 70)) == 350
    assert tariff.price(measure_sms("ă" * 202)) is None
    assert tariff.source.startswith("Hợp đồng")


def test_without_a_table_there_is_no_price() -> None:
    assert read_tariffs("") == ()
    assert price_range((), measure_sms("a"), {"": 10}) is None


def test_of_whom_the_operator_is_known_the_price_is_known() -> None:
    priced = price_range(read_tariffs(A + B), measure_sms("ă" * 100), {"nhà mạng a": 10, "NHÀ MẠNG B": 1})
    assert priced is not None
    assert priced.least == priced.most == 10 * 2 * 350 + 2 * 800
    assert priced.messages == 11


def test_of_whom_it_is_not_known_the_price_is_a_range() -> None:
    priced = price_range(read_tariffs(A + B), measure_sms("ă" * 70), {"": 100, "Nhà mạng lạ": 1})
    assert priced is not None
    assert priced.least == 101 * 350
    assert priced.most == 101 * 800


def test_who_takes_no_message_so_long_is_named_and_not_counted() -> None:
    priced = price_range(read_tariffs(A + B), measure_sms("ă" * 201), {"Nhà mạng A": 1, "Nhà mạng B": 5})
    assert priced is not None
    assert priced.least == 3 * 350
    assert (priced.messages, priced.refused) == (1, ("Nhà mạng B",))
    nobody = price_range(read_tariffs(B), measure_sms("ă" * 201), {"Nhà mạng B": 5, "": 2})
    assert nobody is not None
    assert nobody.most == nobody.messages == 0


def test_the_latest_price_that_has_begun_holds() -> None:
    later = A.replace("2024-08-01", "2024-08-20", 1).replace("350", "500")
    coming = A.replace("2024-08-01", "2024-09-02", 1).replace("350", "900")
    (now,) = tariffs_on(read_tariffs(coming + later + A), "sms", DAY)
    assert now.per_part["UCS-2"] == 500
    assert tariffs_on(read_tariffs(coming), "sms", DAY) == ()


def test_a_zalo_notification_is_paid_by_message_whatever_its_length() -> None:
    (tariff,) = tariffs_on(read_tariffs(ZNS + A), "zns", DAY)
    assert tariff.price(measure_sms("ă" * 300), 10) == 2000


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("per_part_ucs2 = 350\n", ""), "chưa điền per_part_ucs2"),
        (("350", "true"), "giá “True” không phải số đồng"),
        (("350", '"ba trăm"'), "giá “ba trăm” không phải số đồng"),
        (("350", "-1"), "giá “-1” không phải số đồng"),
        (("350", "nan"), "không phải số đồng"),
        (("= 3\n", "= 0\n"), "most_parts"),
        (("Hợp đồng số 5, 01/8/2024", " "), "«source» phải ghi"),
        (("from = 2024-08-01\n", ""), "thiếu «from»"),
        (('"Nhà mạng A"', '""'), "thiếu «operator»"),
        (("most_parts", "parts"), "không có dòng nào tên «parts»"),
        (("from =", 'kind = "fax"\nfrom ='), "«kind» là sms hoặc zns"),
        (("[[tariff]]", "[[tariff]"), "không đúng cú pháp TOML"),
        (("[[tariff]]", "[[tarif]]"), "mỗi giá là một mục [[tariff]]"),
    ],
)
def test_a_table_that_is_not_filled_in_is_refused(change: tuple[str, str], told: str) -> None:
    with pytest.raises(TariffError, match=r"^tariffs\.toml") as caught:
        read_tariffs(A.replace(*change))
    assert told in str(caught.value)
