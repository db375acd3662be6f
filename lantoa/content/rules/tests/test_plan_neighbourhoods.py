from __future__ import annotations

import pytest

from lantoa.content.rules.composing import Composed
from lantoa.content.rules.kit import Given, Wanted, plan_kit
from lantoa.content.rules.neighbourhoods import (
    OF_A_NEIGHBOURHOOD,
    Neighbours,
    of_neighbourhood,
    plan_neighbourhood_kits,
    title_of,
)
from lantoa.content.rules.piece import Piece


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Tổ dân phố số 7", "Tổ trưởng"),
        ("Tổ 7", "Tổ trưởng"),
        ("Khu phố 3", "Trưởng khu phố"),
        ("Thôn Đông", "Trưởng thôn"),
        ("ấp Mới", "Trưởng ấp"),
        ("Buôn Ky", "Trưởng buôn"),
        ("Làng Ngọc", "Trưởng làng"),
        ("Đông Hải", "Người phụ trách"),
    ],
)
def test_the_head_of_a_neighbourhood_is_called_as_its_name_asks(name: str, title: str) -> None:
    assert title_of(name) == title


def test_what_is_known_is_said_and_the_rest_is_asked_for() -> None:
    whole = Neighbours("Tổ dân phố số 7", "Nguyễn Văn An", "0912 345 678", "Nhà văn hóa số 7")
    assert whole.lines == ("Tổ trưởng Nguyễn Văn An: 0912 345 678", "Nơi họp: Nhà văn hóa số 7")
    assert whole.lacks == ()
    assert Neighbours("Thôn Đông", phone="0912 345 678").lines == ("Trưởng thôn: 0912 345 678",)
    assert Neighbours("Thôn Đông", leader="Nguyễn Văn An").lines == ("Trưởng thôn Nguyễn Văn An",)
    assert Neighbours("Thôn Đông").lines == ()
    assert Neighbours("Thôn Đông", leader="Nguyễn Văn An").lacks == ("số điện thoại", "nơi họp")


def test_its_piece_says_its_name_and_its_own_contacts_first() -> None:
    piece = Piece("leaflet", "Máy cũ", publisher="UBND phường Đa Phúc", contacts=("UBND phường: 0225",))
    own = of_neighbourhood(
        Composed(piece, frozenset({"day"})), Neighbours("Tổ dân phố số 7", "Nguyễn Văn An", "0912", "Nhà số 7")
    )
    assert own.piece.publisher == "UBND phường Đa Phúc · Tổ dân phố số 7"
    assert own.piece.contacts == ("Tổ trưởng Nguyễn Văn An: 0912", "Nơi họp: Nhà số 7", "UBND phường: 0225")
    assert own.piece.own_words == ("UBND phường Đa Phúc", "Nguyễn Văn An", "Nhà số 7")
    assert own.used == {"day"}


def test_only_those_asked_for_get_pieces_of_their_own() -> None:
    given = [Given(2, "ward", ("leaflet",)), Given(3, "neighbourhood", ("leaflet",))]
    assert {item.territory_id for item in plan_kit(given, 1)} == {1, 2}
    assert plan_neighbourhood_kits([4, 3])[: len(OF_A_NEIGHBOURHOOD)] == [
        Wanted(3, kind) for kind in OF_A_NEIGHBOURHOOD
    ]
