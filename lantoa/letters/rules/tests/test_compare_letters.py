"""One letter or two: measured on generated letters in other layouts, scanned, of one series, and amended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from lantoa.letters.flattening import flatten, layout_of
from lantoa.letters.generating import generate_letter
from lantoa.letters.noising import noised
from lantoa.letters.rules.duplicates import (
    Compared,
    Likeness,
    compare,
    exchanged,
    identity_mark,
    resemblance,
    text_marks,
    with_likeness,
    without_likeness,
)
from lantoa.letters.rules.duplicates import Registered as Row
from lantoa.letters.rules.letter import Letter
from lantoa.letters.tests.builders import compared, later
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.text import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lantoa.letters.writing.document import OfficialDocument

SEEDS = tuple(seed for seed in range(26) if generate_letter(seed).number)
MARKS = (5672746443925500412, 1229299729740241651, 7571718477745789073)
NOISE = (0.0, 0.01, 0.03, 0.05)


@cache
def registered(seed: int) -> Compared:
    return compared(write_text(compose(generate_letter(seed))))


def outcomes(make: Callable[[int], str], seeds: Iterable[int] = SEEDS) -> Counter[Likeness]:
    return Counter(compare(compared(make(seed)), registered(seed)) for seed in seeds)


def otherwise(document: OfficialDocument, seed: int, noise: float) -> str:
    return noised(flatten(document, layout_of(seed)), noise, seed)


@pytest.mark.parametrize("noise", NOISE)
def test_the_same_letter_in_another_file_or_scanned_is_never_missed(noise: float) -> None:
    found = outcomes(lambda seed: otherwise(compose(generate_letter(seed)), seed, noise))
    assert found[Likeness.DIFFERENT] == 0
    assert found[Likeness.SAME] >= len(SEEDS) // 3


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("days", [0, 30])
def test_letters_of_one_series_are_never_merged_and_seldom_doubted(noise: float, days: int) -> None:
    found = outcomes(lambda seed: otherwise(compose(later(generate_letter(seed), days)), seed, noise))
    assert found[Likeness.SAME] == 0
    assert found[Likeness.RESEMBLES] <= len(SEEDS) * (0.25 if noise else 0)


@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_a_letter_sent_again_under_its_number_with_other_dates_is_for_a_person(noise: float) -> None:
    def amended(seed: int) -> str:
        letter = generate_letter(seed)
        return noised(write_text(compose(replace(later(letter), number=letter.number, date=letter.date))), noise, seed)

    dated = [seed for seed in SEEDS if any((task.deadline or "")[:2] == "20" for task in generate_letter(seed).tasks)]
    assert outcomes(amended, dated) == Counter({Likeness.RESEMBLES: len(dated)})


def test_a_changed_word_of_a_typed_letter_under_one_number_is_told_when_it_is_more_than_a_stamp() -> None:
    text = registered(1).text
    stamped = compared(f"ĐẾN\nSố: {1}\n{text}")
    rewritten = compared(text.replace("\n\n", "\n\nNội dung này thay cho nội dung trước đây.\n\n"))
    assert compare(stamped, registered(1)) is Likeness.SAME
    assert compare(rewritten, registered(1)) is Likeness.RESEMBLES


def test_letters_that_have_nothing_to_do_with_each_other_stay_apart() -> None:
    pairs = [(registered(one), registered(other)) for one in SEEDS for other in SEEDS if other < one]
    assert {compare(new, old) for new, old in pairs} == {Likeness.DIFFERENT}
    assert max(resemblance(new, old) for new, old in pairs) < 0.5


def test_a_draft_without_number_is_for_a_person() -> None:
    seed = SEEDS[0]
    draft = compared(write_text(compose(replace(generate_letter(seed), number=None, date=None))))
    assert compare(draft, registered(seed)) is Likeness.RESEMBLES
    assert compare(registered(seed), draft) is Likeness.RESEMBLES


def test_the_same_number_over_other_words_is_for_a_person_and_in_another_year_it_is_nothing() -> None:
    first, other = generate_letter(SEEDS[0]), generate_letter(SEEDS[1])
    one, in_may, next_year = (
        Compared(replace(letter, number="125", symbol="UBND-VX", issuer="UBND tỉnh Hà Tĩnh", date=date), words)
        for letter, date, words in (
            (first, "2024-03-01", "một"), (other, "2024-05-06", "hai ba"), (other, "2025-05-06", "hai ba"),
        )
    )  # fmt: skip
    assert compare(one, in_may) is Likeness.RESEMBLES
    assert compare(one, next_year) is Likeness.DIFFERENT


def marks_of(seen: Compared) -> set[int]:
    return {*text_marks(seen), *filter(None, [identity_mark(seen.letter, 2024)])}


@pytest.mark.parametrize(("noise", "least"), [(0.0, 1.0), (0.01, 1.0), (0.03, 0.95), (0.05, 0.95)])
def test_marks_find_the_same_letter_and_hardly_any_other(noise: float, least: float) -> None:
    seen = {seed: compared(otherwise(compose(generate_letter(seed)), seed, noise)) for seed in SEEDS}
    found = sum(bool(marks_of(seen[seed]) & marks_of(registered(seed))) for seed in SEEDS)
    assert found >= least * len(SEEDS)
    kept = [marks_of(registered(seed)) for seed in SEEDS]
    others = [bool(one & other) for place, one in enumerate(kept) for other in kept[:place]]
    assert sum(others) < 0.1 * len(others)


def test_marks_never_change_since_they_are_kept() -> None:
    seen = Compared(Letter("cong_van", "Sở Y tế", number="07", symbol="SYT-NVY", date="2024-02-01"), "Kính gửi các xã")
    assert text_marks(seen)[:2] == (MARKS[0], MARKS[1])
    assert identity_mark(seen.letter, 2030) == MARKS[2]
    assert len(text_marks(seen)) == 20
    assert all(-(2**63) <= mark < 2**63 for mark in text_marks(seen))


def test_number_and_issuer_are_needed_to_be_known_by_them() -> None:
    letter = Letter("cong_van", "Sở Y tế", number="07", symbol="SYT-NVY", date="2024-02-01")
    assert identity_mark(replace(letter, number=None), 2024) is None
    assert identity_mark(replace(letter, issuer=None), 2024) is None
    assert identity_mark(letter, 2024) == identity_mark(replace(letter, number="7", issuer="SỞ Y TẾ"), 2025)
    assert identity_mark(replace(letter, date=None), 2024) == identity_mark(letter, 1)


def test_the_doubt_of_a_likeness_comes_and_goes_alone() -> None:
    letter = registered(SEEDS[0]).letter
    doubted = with_likeness(letter, Row(letter, 12, dt.date(2024, 3, 5)))
    assert doubted.doubts[0].field == "number"
    assert "ngày 5/3/2024, số đến 12" in doubted.doubts[0].why
    assert without_likeness(doubted).doubts == letter.doubts



def test_where_two_texts_differ_is_shown_as_printed() -> None:
    one, other = (Compared(Letter("cong_van", None), text) for text in (
        "Kính gửi các xã. Báo cáo trước ngày 15/9/2024 nhé", "Kính  gửi các xã, Báo cáo trước ngày\n20/9/2024 nhé ạ",
    ))  # fmt: skip
    assert exchanged(one, other) == [("15/9/2024", "20/9/2024"), ("", "ạ")]
    assert exchanged(one, other, most=1) == [("15/9/2024", "20/9/2024")]
    assert len(exchanged(one, Compared(one.letter, "khác hẳn " * 50))[0][1]) <= 91
