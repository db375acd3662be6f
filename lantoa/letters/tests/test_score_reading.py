"""The reader on made-up letters in many layouts, with and without the noise of a scan."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

import pytest

from lantoa.letters.flattening import FEET, HEADS, flatten, layout_of
from lantoa.letters.generating import generate_letter
from lantoa.letters.noising import noised
from lantoa.letters.rules.letter import Doubt
from lantoa.letters.scoring import HEADER, Score, header_f1, is_right, score_generated
from lantoa.letters.writing.composing import compose


@pytest.mark.parametrize(("rate", "least"), [(0.0, 0.98), (0.01, 0.97), (0.03, 0.95)])
def test_headers_are_read_in_every_layout_through_noise(rate: float, least: float) -> None:
    assert header_f1(36, rate) >= least


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "least"), [(0.0, 0.98), (0.01, 0.97), (0.03, 0.95)])
def test_headers_of_every_layout_four_times_are_read_through_noise(rate: float, least: float) -> None:
    assert header_f1(4 * len(HEADS) * len(FEET), rate) >= least


def test_what_is_wrong_in_a_noised_letter_is_in_doubt() -> None:
    score = score_generated(36, 0.03)
    assert score.wrong.total() > 0
    assert score.silent.total() <= 0.02 * 36 * len(HEADER)


def test_all_heads_meet_all_feet() -> None:
    layouts = [layout_of(seed) for seed in range(63)]
    assert {(layout.head, layout.foot) for layout in layouts} == {(head, foot) for head in HEADS for foot in FEET}


def test_a_layout_changes_the_page_and_not_the_words() -> None:
    document = compose(generate_letter(2))
    plain = replace(layout_of(2), pages=False, stamp=False, annex=False, rules=False, markdown=False)
    words = {frozenset(flatten(document, replace(plain, head=head)).replace("|", " ").replace("<br>", " ").split())
             for head in ("columns", "rows", "spaces", "tabs", "glued")}  # fmt: skip
    assert len(words) == 1


def test_noise_is_the_same_for_a_seed_and_about_as_much_as_asked() -> None:
    text = flatten(compose(generate_letter(5)), layout_of(5)) * 3
    assert noised(text, 0.03, 9) == noised(text, 0.03, 9) != noised(text, 0.03, 10)
    assert noised(text, 0.0, 9) == text
    pairs = zip(text.split("\n"), noised(text, 0.03, 9).split("\n"), strict=True)
    same = sum(len(one) * SequenceMatcher(None, one, other, autojunk=False).ratio() for one, other in pairs)
    assert 0.955 < same / len(text.replace("\n", "")) < 0.985


def test_a_score_counts_right_wrong_missed_and_silent_values() -> None:
    meant = replace(generate_letter(0), number="12", place="Hà Nội", signer_name="Lê Minh Hà")
    read = replace(meant, number="12", place="Hà Nam", signer_name=None, doubts=(Doubt("number", ""),))
    score = Score()
    score.add(meant, read)
    assert (score.right["number"], score.wrong["place"], score.missed["signer_name"]) == (1, 1, 1)
    assert score.silent["place"] == 1
    assert score.f1("number") == 1.0
    assert score.f1("signer_name") == 0.0


def test_a_value_is_right_but_for_case_zeros_and_the_place_of_tones() -> None:
    assert is_right("number", "05", "5")
    assert is_right("place", "Hòa Bình", "Hoà Bình")
    assert is_right("subject", "a b c d e f g h i k", "a b c d e f g h i x")
    assert not is_right("signer_name", "Lê Minh Hà", "Lê Minh Hạ")
