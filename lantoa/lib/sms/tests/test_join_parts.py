from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.sms import Joiner, Part, Place, concatenated, read_header


def part(number: int, total: int = 3, *, reference: int = 7, sender: str = "84912345678") -> Part:
    return Part(sender, "8079", Place(reference, total, number), f"<{number}>", number)


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_parts_are_put_together_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    joiner = Joiner()
    told = [joined for number in order for joined in joiner.add(part(number), 0.0)]
    assert [(one.text, one.is_whole) for one in told] == [("<1><2><3>", True)]
    assert sorted(told[0].tokens) == [1, 2, 3]
    assert not len(joiner)


def test_two_people_and_two_messages_of_one_person_are_kept_apart() -> None:
    joiner = Joiner()
    others = [part(1), part(1, sender="84987654321"), part(1, reference=8), part(1, total=2)]
    assert [told for one in others for told in joiner.add(one, 0.0)] == []
    assert [one.text for one in joiner.add(part(2, total=2), 0.0)] == ["<1><2>"]


def test_a_part_that_comes_twice_is_acknowledged_twice_and_read_once() -> None:
    joiner = Joiner()
    told = [joined for number in (1, 2, 2, 3) for joined in joiner.add(part(number), 0.0)]
    assert [(one.text, sorted(one.tokens)) for one in told] == [("<1><2><3>", [1, 2, 2, 3])]


def test_what_waits_too_long_is_told_with_its_gap() -> None:
    joiner = Joiner(patience=60)
    joiner.add(part(1), 0.0)
    joiner.add(part(3), 10.0)
    assert joiner.overdue(59.0) == []
    (told,) = joiner.overdue(60.0)
    assert (told.text, told.is_whole, told.tokens) == ("<1>[…]<3>", False, (1, 3))
    assert joiner.overdue(1000.0) == []


def test_whoever_sends_only_first_parts_fills_no_memory() -> None:
    joiner = Joiner(most=10)
    told = [one for number in range(50) for one in joiner.add(part(1, reference=number), 0.0)]
    assert len(joiner) == 10
    assert len(told) == 40, "the oldest are given up, and told"
    again = Joiner()
    told = [one for _ in range(100) for one in again.add(part(1), 0.0)]
    assert told, "nor whoever repeats one part for ever"
    assert sum(len(one.tokens) for one in told) > 90


def test_nothing_is_left_when_nobody_listens_any_longer() -> None:
    joiner = Joiner()
    joiner.add(part(2), 0.0)
    assert [one.text for one in joiner.rest()] == ["[…]<2>[…]"]
    assert joiner.rest() == []


@pytest.mark.parametrize(("bits", "reference"), [(8, 0), (8, 255), (16, 0), (16, 65_535)])
def test_a_header_is_read_as_it_was_written(bits: int, reference: int) -> None:
    place = Place(reference, 4, 2)
    assert read_header(concatenated(place, bits) + b"words") == (place, b"words")


def test_a_reference_is_cut_to_its_bits() -> None:
    assert read_header(concatenated(Place(256 + 7, 2, 1)) + b"")[0] == Place(7, 2, 1)
    assert read_header(concatenated(Place(65_536 + 7, 2, 1), 16) + b"")[0] == Place(7, 2, 1)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", (None, b"")),
        (b"\x09\x00\x03short", (None, b"\x09\x00\x03short")),
        (b"\x05\x00\x03\x01\x02\x03rest", (None, b"rest")),
        (b"\x05\x00\x03\x01\x00\x00rest", (None, b"rest")),
        (b"\x04\x05\x02\x0b\x84rest", (None, b"rest")),
        (b"\x09\x05\x02\x0b\x84\x00\x03\x01\x02\x02rest", (Place(1, 2, 2), b"rest")),
    ],
    ids=["empty", "too long", "beyond its total", "of nothing", "ports alone", "behind another element"],
)
def test_a_header_of_another_kind_keeps_the_words(octets: bytes, expected: tuple[Place | None, bytes]) -> None:
    assert read_header(octets) == expected


@given(st.binary(max_size=300))
def test_no_octets_break_the_reading_of_headers(octets: bytes) -> None:
    place, words = read_header(octets)
    assert octets.endswith(words)
    assert place is None or 1 <= place.number <= place.total
