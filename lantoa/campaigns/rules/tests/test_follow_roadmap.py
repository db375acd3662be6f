from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.false_statements import find_false_statements
from lantoa.campaigns.rules.pack import PackMessage
from lantoa.campaigns.rules.pack_loading import load_pack
from lantoa.campaigns.rules.phases import campaign_day, first_day_of, phase_on, said_in
from lantoa.campaigns.rules.tests.conftest import PACKS, WORDS, values
from lantoa.campaigns.rules.wording import FactValue, Way, fill_piece

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

MONTHS = [dt.date(year, month, 14) for year in (2024, 2025, 2026) for month in range(1, 13)][7:33]
"""From August 2024 to September 2026."""


def phase_key(pack: Pack, day: dt.date) -> str:
    roadmap = phase_on(pack, values(pack, day), day)
    return roadmap.now.phase.key if roadmap and roadmap.now else ""


@pytest.mark.parametrize(("day", "key"), [
    (dt.date(2024, 6, 1), ""),
    (dt.date(2024, 8, 14), "t60"),  # a month before the first date
    (dt.date(2024, 9, 12), "t14"),
    (dt.date(2024, 9, 13), "t60"),  # the date has moved: a month more
    (dt.date(2024, 10, 13), "t3"),
    (dt.date(2024, 10, 16), "t0"),
    (dt.date(2024, 10, 17), "after"),
    (dt.date(2024, 12, 16), "between"),
    (dt.date(2026, 6, 16), "between"),
    (dt.date(2026, 6, 17), "network_t90"),
    (dt.date(2026, 9, 15), "network_t90"),
    (dt.date(2026, 9, 16), "network_after"),
    (dt.date(2027, 1, 1), ""),
])
def test_the_shutdown_goes_through_its_phases_as_the_date_moves(shutdown: Pack, day: dt.date, key: str) -> None:
    assert phase_key(shutdown, day) == key


def test_the_roadmap_says_what_comes_next_and_when(shutdown: Pack) -> None:
    day = dt.date(2024, 10, 10)
    roadmap = phase_on(shutdown, values(shutdown, day), day)
    assert roadmap is not None
    assert roadmap.now is not None
    assert roadmap.following is not None
    assert (roadmap.now.since, roadmap.now.until) == (dt.date(2024, 10, 2), dt.date(2024, 10, 12))
    assert (roadmap.following.phase.key, roadmap.following.since) == ("t3", dt.date(2024, 10, 13))
    assert roadmap.days_left == 3


def test_a_month_counts_from_its_first_day_and_what_is_unconfirmed_from_none() -> None:
    assert first_day_of(FactValue("month", "2028-09")) == dt.date(2028, 9, 1)
    assert first_day_of(FactValue("date", "2028-09-15", verified=False)) is None
    assert first_day_of(FactValue("text", "mai")) is None
    assert first_day_of(None) is None


def test_without_its_date_a_pack_has_no_roadmap(shutdown: Pack) -> None:
    assert phase_on(shutdown, {}, dt.date(2024, 10, 10)) is None


def test_a_campaign_lives_today_but_an_old_letter_in_its_own_time() -> None:
    assert campaign_day(dt.date(2024, 9, 1), dt.date(2024, 9, 9), dt.date(2024, 10, 1)) == dt.date(2024, 10, 1)
    assert campaign_day(dt.date(2024, 9, 1), dt.date(2026, 9, 9), dt.date(2026, 9, 19)) == dt.date(2024, 9, 11)


def test_a_phase_says_a_message_in_other_words_under_its_own_key(shutdown: Pack) -> None:
    after = next(phase for phase in shutdown.phases if phase.key == "after")
    said = said_in(after, shutdown.words())
    assert said["lead"] == replace(shutdown.words()["lead_after"], key="lead")
    assert said["b_hello"] == shutdown.words()["b_hello"]
    assert said_in(None, {"a": PackMessage("a", "b")}) == {"a": PackMessage("a", "b")}


@pytest.mark.parametrize("day", MONTHS, ids=str)
def test_every_piece_is_true_in_every_month(shutdown: Pack, day: dt.date) -> None:
    facts = values(shutdown, day)
    roadmap = phase_on(shutdown, facts, day)
    assert roadmap is not None
    assert roadmap.now is not None
    past = {fact.value for fact in shutdown.facts if fact.key == "cutoff_date"} - {facts["cutoff_date"].value}
    for language in ("vi", "en"):
        way = Way(language, roadmap.now.phase)
        text = "\n".join(
            text for piece in shutdown.pieces for text in fill_piece(shutdown, piece, facts, WORDS, way).texts()
        )
        assert "{" not in text
        assert find_false_statements(shutdown, text) == ()
        for old in past:
            assert dt.date.fromisoformat(old or "").strftime("%d/%-m/%Y") not in text


@pytest.mark.parametrize("day", [day for day in MONTHS if day > dt.date(2024, 10, 16)], ids=str)
def test_after_the_day_no_lead_says_it_is_still_to_come(shutdown: Pack, day: dt.date) -> None:
    facts = values(shutdown, day)
    roadmap = phase_on(shutdown, facts, day)
    assert roadmap is not None
    assert roadmap.now is not None
    for piece in shutdown.pieces:
        if piece.audience == "residents" and piece.kind != "correction_notice":
            filled = fill_piece(shutdown, piece, facts, WORDS, Way(phase=roadmap.now.phase))
            heads = [one.text for slot in ("title", "lead") for one in filled.slots.get(slot, ())]
            text = filled.slots.get("text", ())
            heads += [one.text for one in text if one.key in {"b_key", "sms_text", "social_text"}]
            assert not [head for head in heads if "16" in head and "sẽ không" in head], piece.kind
            assert not [head for head in heads if "trước ngày" in head], piece.kind


@pytest.mark.parametrize(("day", "key"), [
    (dt.date(2026, 3, 14), ""), (dt.date(2026, 11, 22), "early"), (dt.date(2028, 3, 5), "half_year"),
    (dt.date(2028, 8, 2), "last_month"), (dt.date(2028, 9, 1), "last_month"), (dt.date(2028, 9, 2), "after"),
])
def test_the_readiness_pack_is_true_in_each_of_its_phases(day: dt.date, key: str) -> None:
    pack = load_pack(PACKS / "volte_readiness")
    facts = values(pack, day)
    roadmap = phase_on(pack, facts, day)
    assert roadmap is not None
    phase = roadmap.now.phase if roadmap.now else None
    assert (phase.key if phase else "") == key
    for language in ("vi", "en"):
        for piece in pack.pieces:
            text = "\n".join(fill_piece(pack, piece, facts, WORDS, Way(language, phase)).texts())
            assert "{" not in text
            assert find_false_statements(pack, text) == ()
