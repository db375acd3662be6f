from __future__ import annotations

from lantoa.content.rules.kinds import CARRIED_BY, CHANNEL_KIND_LABELS, HANDED_OVER, KINDS, SMS_LEVELS
from lantoa.content.rules.kit import BESIDE, FOR_THE_WHOLE, Given, Wanted, plan_kit
from lantoa.letters.rules.letter import CHANNEL_KINDS

DISTRICT, WARD, NEIGHBOURHOOD = 1, 2, 3


def kinds_for(territory: int, *given: Given) -> set[str]:
    return {wanted.kind for wanted in plan_kit(given, DISTRICT) if wanted.territory_id == territory}


def test_whoever_runs_the_campaign_gets_its_pieces_though_the_letter_names_no_channel() -> None:
    assert plan_kit([], DISTRICT) == sorted(Wanted(DISTRICT, kind) for kind in (*FOR_THE_WHOLE, *BESIDE["article"]))


def test_a_ward_gets_what_its_channels_carry_and_no_more() -> None:
    given = Given(WARD, "ward", ("portal", "loudspeaker"))
    beside = {"feed_entry", "script_60", "script_120", "script_180"}
    assert kinds_for(WARD, given) == {"article", "script", "audio"} | beside


def test_other_lengths_and_formats_of_sound_are_made_when_asked_for_where_there_is_sound() -> None:
    given = [Given(WARD, "ward", ("loudspeaker",)), Given(4, "ward", ("portal",))]
    more = set(plan_kit(given, DISTRICT, variants=True)) - set(plan_kit(given, DISTRICT))
    assert {wanted.territory_id for wanted in more} == {WARD}
    assert {wanted.kind for wanted in more} == {
        "audio_opus", "audio_60", "audio_120", "audio_180", "audio_60_opus", "audio_120_opus", "audio_180_opus",
    }  # fmt: skip


def test_messages_that_readers_choose_the_language_of_are_made_in_each() -> None:
    english = {wanted.kind for wanted in plan_kit([], DISTRICT, ["en"]) if wanted.language == "en"}
    assert english == {"article", "feed_entry", "email", "push"}


def test_a_piece_two_tasks_ask_for_is_wanted_once() -> None:
    twice = [Given(WARD, "ward", ("leaflet", "door_to_door")), Given(WARD, "ward", ("door_to_door",))]
    wanted = plan_kit(twice, DISTRICT)
    assert len(wanted) == len(set(wanted))
    assert kinds_for(WARD, *twice) == {"leaflet", "doorstep_card"}


def test_nothing_is_made_for_a_neighbourhood() -> None:
    assert kinds_for(NEIGHBOURHOOD, Given(NEIGHBOURHOOD, "neighbourhood", ("community_digital_team",))) == set()


def test_every_channel_kind_of_a_letter_is_carried_labelled_and_made() -> None:
    assert set(CARRIED_BY) == set(CHANNEL_KIND_LABELS) == set(CHANNEL_KINDS)
    assert set(CHANNEL_KINDS) >= HANDED_OVER
    assert {kind for kinds in CARRIED_BY.values() for kind in kinds} | set(FOR_THE_WHOLE) <= set(KINDS)
    assert {"province"} == SMS_LEVELS
