from __future__ import annotations

from dataclasses import replace

import pytest

from lantoa.delivery.rules.correcting import (
    NOTICE,
    Batch,
    is_replaced,
    is_settled_by,
    is_told,
    needs_hands,
    stale_keys,
)

PAGE = Batch(
    is_delivery=False,
    channel="folder",
    corrects="replace",
    rendering_id=1,
    rendering_kind="article",
    territory_id=100,
    is_print=False,
    facts=(("cutoff_date", 1), ("users_left", 1)),
)
SENT = replace(PAGE, is_delivery=True, corrects="follow_up")
MOVED = {"cutoff_date": frozenset({2}), "users_left": frozenset({1})}


def ways(batch: Batch) -> set[str]:
    decided = {"replace": is_replaced(batch), "follow_up": is_told(batch), "task": needs_hands(batch)}
    return {way for way, is_asked in decided.items() if is_asked}


def test_a_fact_is_stale_when_its_version_no_longer_holds_the_current_value() -> None:
    assert stale_keys({"cutoff_date": 1, "users_left": 1}, MOVED) == {"cutoff_date"}
    assert stale_keys({"cutoff_date": 2}, MOVED) == frozenset()
    assert PAGE.stale(MOVED) == {"cutoff_date"}


def test_a_value_that_came_back_is_true_again_where_it_still_stands() -> None:
    back = {"cutoff_date": frozenset({1, 3})}
    assert stale_keys({"cutoff_date": 1}, back) == frozenset()
    assert stale_keys({"cutoff_date": 2}, back) == {"cutoff_date"}


def test_a_fact_nobody_keeps_any_more_makes_nothing_stale() -> None:
    assert stale_keys({"gone": 1}, MOVED) == frozenset()


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        (PAGE, {"replace"}),
        (replace(PAGE, is_print=True), {"replace", "task"}),
        (replace(PAGE, corrects="follow_up"), {"follow_up"}),
        (replace(PAGE, corrects="task"), {"task"}),
        (SENT, {"follow_up"}),
        (replace(SENT, corrects="replace"), {"replace", "follow_up"}),
        (replace(SENT, is_print=True), {"follow_up", "task"}),
        (replace(SENT, corrects="task"), {"follow_up", "task"}),
        (replace(SENT, rendering_kind=NOTICE), {"follow_up"}),
        (replace(SENT, rendering_kind=NOTICE, corrects="replace"), {"follow_up"}),
        (replace(SENT, rendering_kind=NOTICE, corrects="task"), {"follow_up"}),
    ],
)
def test_how_a_stale_thing_is_put_right(batch: Batch, expected: set[str]) -> None:
    assert ways(batch) == expected


@pytest.mark.parametrize("corrects", ["replace", "follow_up", "task"])
@pytest.mark.parametrize("kind", ["article", "leaflet", NOTICE])
@pytest.mark.parametrize("is_print", [True, False])
@pytest.mark.parametrize("is_delivery", [True, False])
def test_whatever_it_is_some_act_puts_it_right_and_settles_it(
    *, corrects: str, kind: str, is_print: bool, is_delivery: bool
) -> None:
    if kind == NOTICE and not is_delivery:
        pytest.skip("a notice is handed over, never put up")
    batch = replace(PAGE, corrects=corrects, rendering_kind=kind, is_print=is_print, is_delivery=is_delivery)
    settled = any(is_settled_by(batch, way) for way in ways(batch) - {"replace"})
    assert is_replaced(batch) != settled, "closed by one act, and by no other"
