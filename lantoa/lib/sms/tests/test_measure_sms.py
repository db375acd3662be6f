from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import smsutil  # type: ignore[import-untyped]  # publishes no types
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.sms import SmsSize, gsm7_text, measure_sms, outside_gsm7, split_sms

if TYPE_CHECKING:
    from collections.abc import Iterator

EMOJI = "\U0001f4f1"
CASES = [
    ("", SmsSize("GSM-7", 0, 1)),
    ("a" * 160, SmsSize("GSM-7", 160, 1)),
    ("a" * 161, SmsSize("GSM-7", 161, 2)),
    ("a" * 306, SmsSize("GSM-7", 306, 2)),
    ("a" * 307, SmsSize("GSM-7", 307, 3)),
    ("a" * 459, SmsSize("GSM-7", 459, 3)),
    ("a" * 460, SmsSize("GSM-7", 460, 4)),
    ("ă" * 70, SmsSize("UCS-2", 70, 1)),
    ("ă" * 71, SmsSize("UCS-2", 71, 2)),
    ("ă" * 134, SmsSize("UCS-2", 134, 2)),
    ("ă" * 135, SmsSize("UCS-2", 135, 3)),
    ("ă" * 201, SmsSize("UCS-2", 201, 3)),
    ("ă" * 202, SmsSize("UCS-2", 202, 4)),
    # Each of the extension table costs an escape more.
    *((sign * 80, SmsSize("GSM-7", 160, 1)) for sign in "\f^{}\\[~]|€"),
    ("€" * 81, SmsSize("GSM-7", 162, 2)),
    ("a" * 159 + "€", SmsSize("GSM-7", 161, 2)),
    # An escape is never parted from its character: 76 whole ones fill a part of 153.
    ("€" * 152, SmsSize("GSM-7", 304, 2)),
    ("€" * 153, SmsSize("GSM-7", 306, 3)),
    ("a" * 152 + "€" + "a" * 152, SmsSize("GSM-7", 306, 3)),
    # Accented letters of the default alphabet stay in it; those beside it do not.
    ("àèéìòùÄÖÑÜäöñüÇØøÅåÆæßÉ", SmsSize("GSM-7", 23, 1)),
    ("á", SmsSize("UCS-2", 1, 1)),
    ("ç", SmsSize("UCS-2", 1, 1)),
    ("`", SmsSize("UCS-2", 1, 1)),
    # One character outside the alphabet makes the whole message UCS-2, and there € costs one.
    ("a" * 70 + "ă", SmsSize("UCS-2", 71, 2)),
    ("€ă", SmsSize("UCS-2", 2, 1)),
    # A surrogate pair is never parted: 33 of them fill a part of 67.
    (EMOJI * 35, SmsSize("UCS-2", 70, 1)),
    (EMOJI * 36, SmsSize("UCS-2", 72, 2)),
    (EMOJI * 66, SmsSize("UCS-2", 132, 2)),
    (EMOJI * 67, SmsSize("UCS-2", 134, 3)),
    ("ă" * 66 + EMOJI + "ă" * 66, SmsSize("UCS-2", 134, 3)),
]


@pytest.mark.parametrize(("text", "size"), CASES)
def test_a_text_is_counted_as_the_standard_counts_it(text: str, size: SmsSize) -> None:
    assert measure_sms(text) == size


@given(st.text("ab€", min_size=1, max_size=5), st.integers(25, 60), st.integers(0, 5))
def test_no_way_of_cutting_needs_fewer_parts(piece: str, times: int, odd: int) -> None:
    text = piece * times + "a" * odd
    costs = [2 if char == "€" else 1 for char in text]
    size = measure_sms(text)
    assert size.units == sum(costs)
    assert size.parts == by_table(costs, 160, 153)


def by_table(costs: list[int], alone: int, joined: int) -> int:
    """The fewest parts, by dynamic programming over every place a part could end."""
    if sum(costs) <= alone:
        return 1
    best = [0] + [len(costs)] * len(costs)
    for end in range(1, len(costs) + 1):
        room, start = joined, end
        while start and costs[start - 1] <= room:
            start -= 1
            room -= costs[start]
            best[end] = min(best[end], best[start] + 1)
    return best[-1]


@given(st.text(st.sampled_from(["ă", "a", EMOJI]), min_size=60, max_size=150))
def test_pairs_are_kept_whole_in_the_fewest_parts(text: str) -> None:
    size = measure_sms(text)
    if size.alphabet == "UCS-2":
        costs = [len(char.encode("utf-16-be")) // 2 for char in text]
        assert size.units == len(text.encode("utf-16-be")) // 2
        assert size.parts == by_table(costs, 70, 67)


@given(st.text(max_size=400), st.text(max_size=20))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert measure_sms(text + more).parts >= 1
    if measure_sms(text).alphabet == measure_sms(text + more).alphabet:
        assert measure_sms(text + more).parts >= measure_sms(text).parts


# --- against a counter of somebody else's -----------------------------------------------------------------

SIGNS = (
    "abcdefghij ABC 0123,.:;\n",
    "ăâđêôơưáàảãạ" + "abc d",
    "€^{}[]~|\\" + "ab ",
    EMOJI + "\U0001f600ă",
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà",
    "`çÊ\u200b",
)


def _texts(count: int) -> Iterator[str]:
    """Texts of every mixture and of lengths around each limit, the same ones each time."""
    chance = random.Random(20240916)  # noqa: S311 - texts for a test
    for at in range(count):
        signs = "".join(chance.sample(SIGNS, chance.choice((1, 1, 2, 3))))
        limit = chance.choice((0, 35, 67, 70, 76, 134, 153, 160, 201, 306, 459)) + chance.randint(-3, 3)
        yield "".join(chance.choices(signs, k=max(1, limit if at % 4 else chance.randint(1, 480))))


def test_ten_thousand_texts_have_the_parts_another_counter_finds() -> None:
    """`smsutil` cuts no pair in two either; `smpplib` does, as its own source says."""
    for text in _texts(10_000):
        theirs = smsutil.split(text)
        size = measure_sms(text)
        assert (size.parts, split_sms(text)) == (len(theirs.parts), tuple(part.content for part in theirs.parts)), text
        assert size.alphabet == ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2")
        assert size.units == theirs.total_bytes // (1 if size.alphabet == "GSM-7" else 2)


@given(st.text(st.sampled_from("ab€{ăệ" + EMOJI), max_size=400))
def test_the_parts_joined_are_the_text_and_each_can_be_sent_alone(text: str) -> None:
    parts = split_sms(text)
    assert "".join(parts) == text
    assert len(parts) == measure_sms(text).parts
    for part in parts:
        assert len(part.encode("utf-16-be")) <= 2 * 160
        part.encode("utf-16-be").decode("utf-16-be")


@given(st.text("Từ ngày 16/10/2024 điện thoại chỉ có sóng 2G không gọi được nữa “”–…", max_size=300))
def test_the_text_without_marks_never_costs_more_than_the_one_with(text: str) -> None:
    plain = measure_sms(gsm7_text(text))
    assert plain.alphabet == "GSM-7"
    assert plain.parts <= measure_sms(text).parts


def test_typography_and_pictures_do_not_make_the_plain_text_dear() -> None:
    text = "“Đổi máy” – hỏi 1800 1091… ☎ 5\u00a0000₫"
    assert gsm7_text(text) == '"Doi may" - hoi 1800 1091...  5 000d'
    assert outside_gsm7(text)[:2] == ("“", "Đ")


def test_another_script_is_named_and_not_broken() -> None:
    assert gsm7_text("máy 手机") == "may 手机"
    assert outside_gsm7("may 手机") == ("手", "机")
