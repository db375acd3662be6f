"""Text that repeats without sense, as fuzzing found it: it is read, or refused as no letter, at once."""

from __future__ import annotations

import time
from random import Random

import pytest

from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.lib.extract.tests.making import LETTER
from lantoa.lib.extract.tests.mutating import by_bytes, by_lines

RUNS = {
    "an address without end": ("x", "Số: 12", "Số: {}@ 12"),
    "numbers of letters": ("12/UBND-VX, ", "Thực hiện", "{}\nThực hiện"),
    "offices without a verb": ("Giao Phòng A, ", "Thực hiện", "{}\nThực hiện"),
    "verbs without an office": ("Đề nghị các đơn vị ", "đề nghị:", "đề nghị {}:"),
    "vertical tabs": ("\x0b", "12/UBND", "12/{}UBND"),
    "spaces before a title": (" ", "- Như trên;", "- Như trên; {} x; CHỦ TỊCH"),
    "signing marks": ("KT. ", "- Như trên;", "- Như trên; {} x; CHỦ TỊCH"),
    "capitals": ("UBND XÃ A ", "- Như trên;", "- {};"),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_the_same_words_is_read_in_a_moment(name: str) -> None:
    unit, there, instead = RUNS[name]
    text = LETTER.replace(there, instead.format(unit * (6_000 // len(unit))), 1)
    began = time.process_time()
    read_letter(text)
    assert time.process_time() - began < 3


def test_a_letter_broken_at_random_is_read_or_is_no_letter() -> None:
    random = Random(3)  # noqa: S311 - breaks text, guards nothing
    read = 0
    for _ in range(300):
        data = random.choice((by_bytes, by_lines))(LETTER.encode(), random)
        text = data.decode("utf-8", "replace")
        try:
            letter = read_letter(text)
        except NotALetter:
            continue
        read += 1
        assert all(text[span.start : span.end] == span.text for span in letter.spans.values())
    assert read > 200
