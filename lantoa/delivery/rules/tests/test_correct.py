from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lantoa.delivery.rules.correcting import NOTICE, LiveExposure, PlannedAct, plan_acts, settled_by, stale_keys

PAGE = LiveExposure(
    id=1,
    is_delivery=False,
    place_id=10,
    rendering_id=1,
    rendering_kind="article",
    is_print=False,
    territory_id=100,
    facts={"cutoff_date": 1, "users_left": 1},
    corrects="replace",
)
MOVED = {"cutoff_date": frozenset({2}), "users_left": frozenset({1})}


def acts_on(*exposures: LiveExposure) -> list[tuple[str, int]]:
    return [(act.act, act.exposure.id) for act in plan_acts(exposures, MOVED)]


def test_a_fact_is_stale_when_its_version_no_longer_holds_the_current_value() -> None:
    assert stale_keys({"cutoff_date": 1, "users_left": 1}, MOVED) == {"cutoff_date"}
    assert stale_keys({"cutoff_date": 2}, MOVED) == frozenset()


def test_a_value_that_came_back_is_true_again_where_it_still_stands() -> None:
    back = {"cutoff_date": frozenset({1, 3})}
    assert stale_keys({"cutoff_date": 1}, back) == frozenset()
    assert stale_keys({"cutoff_date": 2}, back) == {"cutoff_date"}


def test_a_fact_nobody_keeps_any_more_makes_nothing_stale() -> None:
    assert stale_keys({"gone": 1}, MOVED) == frozenset()


def test_a_page_is_replaced_and_nobody_is_written_to() -> None:
    assert acts_on(PAGE) == [("replace", 1)]


def test_what_does_not_show_the_changed_fact_is_left_alone() -> None:
    assert acts_on(replace(PAGE, facts={"users_left": 1}), replace(PAGE, facts={})) == []


def test_a_recipient_of_many_things_is_told_once() -> None:
    handed = [replace(PAGE, id=number, is_delivery=True) for number in (1, 2, 3)]
    assert acts_on(*handed) == [("replace", 1), ("follow_up", 1), ("replace", 2), ("replace", 3)]


def test_a_place_with_many_prints_gets_one_task() -> None:
    sheets = [replace(PAGE, id=number, is_print=True) for number in (1, 2)]
    assert acts_on(*sheets) == [("replace", 1), ("task", 1), ("replace", 2)]


def test_what_a_channel_cannot_replace_is_followed_up_or_made_a_task() -> None:
    assert acts_on(replace(PAGE, corrects="follow_up")) == [("follow_up", 1)]
    assert acts_on(replace(PAGE, corrects="task")) == [("task", 1)]


def test_an_old_notice_is_answered_by_a_new_one_and_not_replaced_beside_it() -> None:
    notice = replace(PAGE, is_delivery=True, rendering_kind=NOTICE)
    assert acts_on(notice) == [("follow_up", 1)]
    assert acts_on(replace(notice, corrects="task")) == [("follow_up", 1)]


def test_a_follow_up_settles_all_that_its_place_was_told_and_nothing_elsewhere() -> None:
    mine = [replace(PAGE, id=1, is_delivery=True, corrects="follow_up"), replace(PAGE, id=2, corrects="follow_up")]
    others = [
        replace(PAGE, id=3, corrects="follow_up", place_id=11),
        replace(PAGE, id=4, facts={}, corrects="follow_up"),
    ]
    settled = settled_by(PlannedAct("follow_up", mine[0]), [*mine, *others, PAGE], MOVED)
    assert [one.id for one in settled] == [1, 2]


# --- any sequence of changes, exposures and corrections ------------------------------------------

KEYS, PLACES, VALUES = ("date", "price"), (1, 2), ("a", "b", "c")
Change = st.tuples(st.just("change"), st.sampled_from(KEYS), st.sampled_from(VALUES))
Show = st.tuples(
    st.just("show"),
    st.fixed_dictionaries(
        {
            "place_id": st.sampled_from(PLACES),
            "is_delivery": st.booleans(),
            "is_print": st.booleans(),
            "corrects": st.sampled_from(["replace", "follow_up", "task"]),
            "keys": st.sets(st.sampled_from(KEYS), min_size=1),
        }
    ),
)
Correct = st.tuples(st.just("correct"))


@dataclass
class Ledger:
    """The ledger in memory: what a carried out plan leaves, as the rules say it."""

    values: dict[str, list[str]] = field(default_factory=lambda: {key: ["a"] for key in KEYS})
    live: list[LiveExposure] = field(default_factory=list)
    told: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    numbers: int = 0

    def still_true(self) -> dict[str, frozenset[int]]:
        return {
            key: frozenset(version for version, value in enumerate(held, start=1) if value == held[-1])
            for key, held in self.values.items()
        }

    def show(self, keys: set[str], kind: str = "leaflet", **values: Any) -> None:
        self.numbers += 1
        facts = {key: len(self.values[key]) for key in keys}
        self.live.append(
            LiveExposure(id=self.numbers, rendering_id=0, rendering_kind=kind, territory_id=0, facts=facts, **values)
        )

    def correct(self) -> list[PlannedAct]:
        true = self.still_true()
        acts = plan_acts(self.live, true)
        self.told.clear()
        changed = {key for act in acts for key in stale_keys(act.exposure.facts, true)}
        for act in acts:
            old = act.exposure
            for one in settled_by(act, self.live, true):
                self.live.remove(one)
            same: dict[str, Any] = {"place_id": old.place_id, "is_print": False, "corrects": old.corrects}
            if act.act == "replace":
                self.show(set(old.facts), is_delivery=old.is_delivery, **{**same, "is_print": old.is_print})
            elif act.act == "follow_up":
                self.told.update((old.place_id, key, self.values[key][-1]) for key in changed)
                self.show(changed, NOTICE, is_delivery=True, **same)
        return acts


@settings(max_examples=300)
@given(st.lists(st.one_of(Change, Show, Correct), max_size=14))
def test_after_any_correction_nothing_stands_that_is_no_longer_true(steps: list[tuple[Any, ...]]) -> None:
    ledger = Ledger()
    for step in [*steps, ("correct",)]:
        if step[0] == "change":
            held = ledger.values[step[1]]
            held += [step[2]] if held[-1] != step[2] else []
        elif step[0] == "show":
            ledger.show(**step[1])
        else:
            before = {one.id: one for one in ledger.live}
            true = ledger.still_true()
            acts = ledger.correct()
            assert all(stale_keys(one.facts, true) == frozenset() for one in ledger.live)
            assert all(number <= 1 for number in ledger.told.values())
            sound = {one.id for one in before.values() if not stale_keys(one.facts, true)}
            assert sound <= {one.id for one in ledger.live}, "something true was touched"
            assert plan_acts(ledger.live, true) == [], "a second plan finds nothing"
            assert most_tasks(acts) <= 1


def most_tasks(acts: list[PlannedAct]) -> int:
    given_to: dict[int, int] = defaultdict(int)
    for act in acts:
        given_to[act.exposure.place_id] += act.act == "task"
    return max(given_to.values(), default=0)
