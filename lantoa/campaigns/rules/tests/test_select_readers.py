from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.pack import PackMessage
from lantoa.campaigns.rules.readers import READERS, select, speaks_to
from lantoa.campaigns.rules.tests.conftest import AFTER_THE_CHANGE, WORDS, values
from lantoa.campaigns.rules.wording import Way, fill_message, fill_piece

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

ALL = PackMessage("all", "Cho mọi nhà.")
OLD = PackMessage("old", "Cho nhà có người già.", readers=("elderly_household", "needs_help"))
SHOP = PackMessage("shop", "Cho cửa hàng.", readers=("device_business",))


@pytest.mark.parametrize(("readers", "keys"), [
    ((), ["all", "old", "shop"]),
    (("elderly_household",), ["all", "old"]),
    (("device_business", "unit_staff"), ["all", "shop"]),
    (("islander",), ["all"]),
])
def test_a_reader_gets_what_concerns_them_and_nothing_that_does_not(
    readers: tuple[str, ...], keys: list[str],
) -> None:
    assert [message.key for message in select((ALL, OLD, SHOP), readers)] == keys


def test_the_public_is_told_everything() -> None:
    assert speaks_to(SHOP, ())
    assert not speaks_to(SHOP, ("elderly_household",))


def test_each_kind_of_reader_has_something_written_for_it(shutdown: Pack) -> None:
    assert set(READERS) == {reader for message in shutdown.words().values() for reader in message.readers}


def test_a_piece_made_for_some_readers_leaves_out_what_concerns_others(shutdown: Pack) -> None:
    article = shutdown.piece("article")
    assert article is not None
    for readers, has_business in (((), True), (("elderly_household",), False), (("device_business",), True)):
        piece = replace(article, readers=readers)
        filled = fill_piece(shutdown, piece, values(shutdown, AFTER_THE_CHANGE), WORDS)
        keys = [message.key for message in filled.slots["points"]]
        assert ("point_business" in keys) is has_business
        assert "point_check" in keys


SMS = PackMessage("sms", "Vừa phải, từ mai.", short="Ngắn.", long="Dài, rất dài, nói đủ mọi điều.")


@pytest.mark.parametrize(("way", "text"), [
    (Way(), "Vừa phải, từ mai."),
    (Way(length="short"), "Ngắn."),
    (Way(length="long"), "Dài, rất dài, nói đủ mọi điều."),
    (Way(length="long", most=20), "Vừa phải, từ mai."),
    (Way(length="long", most=10), "Ngắn."),
    (Way(length="long", most=2), "Ngắn."),
])
def test_the_longest_words_that_have_room_are_said(way: Way, text: str) -> None:
    filled = fill_message(SMS, {}, WORDS, way)
    assert filled is not None
    assert filled.text == text


def test_a_message_without_variants_is_said_as_it_is() -> None:
    filled = fill_message(ALL, {}, WORDS, Way(length="short"))
    assert filled is not None
    assert filled.text == "Cho mọi nhà."


def test_a_long_name_of_the_office_makes_the_sms_short(pack: Pack) -> None:
    piece = pack.piece("sms")
    assert piece is not None
    facts = values(pack, AFTER_THE_CHANGE)
    long_name = "Ủy ban nhân dân phường Nguyễn Thị Minh Khai, thành phố Phan Rang - Tháp Chàm"
    for publisher in (WORDS.publisher, long_name):
        words = replace(WORDS, publisher=publisher)
        text = fill_piece(pack, piece, facts, words, Way(length="long", most=201)).slots["text"][0].text
        assert len(text) <= 201
        assert publisher in text
