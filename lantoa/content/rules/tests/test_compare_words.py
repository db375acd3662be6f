from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from lantoa.content.rules.comparing import Stretch, compare

TEXTS = st.text(alphabet="ab cđ.{}|\n,", max_size=60)


@given(TEXTS, TEXTS)
def test_without_what_was_put_in_it_is_the_old_text_and_without_what_was_taken_out_the_new(old: str, new: str) -> None:
    found = compare(old, new)
    assert "".join(one.text for one in found if one.change != "ins") == old
    assert "".join(one.text for one in found if one.change != "del") == new
    assert all(one.text for one in found)


@given(TEXTS)
def test_equal_texts_have_no_change(text: str) -> None:
    assert compare(text, text) == ([Stretch(text)] if text else [])


def test_a_reference_is_one_word() -> None:
    assert compare("Từ {cutoff_date|long}, máy dừng.", "Từ {cutoff_date}, máy dừng.") == [
        Stretch("Từ "),
        Stretch("{cutoff_date|long}", "del"),
        Stretch("{cutoff_date}", "ins"),
        Stretch(", máy dừng."),
    ]


def test_two_changes_with_only_a_sign_between_are_one() -> None:
    assert compare("một, hai ba", "bốn, năm ba") == [
        Stretch("một, hai ", "del"),
        Stretch("bốn, năm ", "ins"),
        Stretch("ba"),
    ]


def test_the_longest_texts_are_compared_at_once() -> None:
    begun = time.perf_counter()
    compare("a b " * 4900, "b a " * 4900)
    assert time.perf_counter() - begun < 2
