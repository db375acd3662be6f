from __future__ import annotations

from dataclasses import replace

import pytest

from lantoa.channels.wire import Reaches
from lantoa.content.rules.kinds import CARRIED_BY, CHANNEL_KIND_LABELS, HANDED_OVER
from lantoa.delivery.rules.publishing import Address, Barred, Work, folder_address, is_barred, plan_exposures

WARD = Work(
    assignment_id=7,
    place_id=70,
    place_kind="committee",
    territory_id=700,
    territory_kind="ward",
    channel_kinds=("portal",),
    is_handed_on=False,
)
TEAM = replace(WARD, assignment_id=8, place_id=80, place_kind="digital_team", is_handed_on=True)
ALL = tuple(CARRIED_BY)


def shown(*work: Work) -> set[tuple[int, str]]:
    planned, _ = plan_exposures(work)
    return {(item.place_id, item.channel_kind) for item in planned}


def test_an_assignment_shows_what_its_channel_carries_with_the_pieces_of_its_territory() -> None:
    planned, barred = plan_exposures([replace(WARD, channel_kinds=("loudspeaker",))])
    assert [(item.rendering_kind, item.assignment_id, item.place_id, item.territory_id) for item in planned] == [
        ("script", 7, 70, 700),
        ("audio", 7, 70, 700),
    ]
    assert barred == []


@pytest.mark.parametrize("kind", sorted(set(CARRIED_BY) - {"sms"}))
def test_people_are_handed_things_and_media_show_them(kind: str) -> None:
    holder = {"community_digital_team": "digital_team", "project06_team": "project06_team", "school": "school"}
    planned, _ = plan_exposures([replace(WARD, place_kind=holder.get(kind, "committee"), channel_kinds=(kind,))])
    assert planned
    assert {item.is_delivery for item in planned} == {kind in HANDED_OVER}


@pytest.mark.parametrize("level", ["ward", "district", "neighbourhood"])
def test_below_the_province_sms_is_barred_with_the_article_that_bars_it(level: str) -> None:
    planned, barred = plan_exposures([replace(WARD, territory_kind=level, channel_kinds=("sms", "portal"))])
    assert barred == [Barred(7, "sms", "NĐ 49/2024/NĐ-CP, Điều 32")]
    assert {item.channel_kind for item in planned} == {"portal"}


@pytest.mark.parametrize(
    ("words", "channel", "reaches", "level", "barred"),
    [
        ("sms", "sms", Reaches.PHONE, "district", True),
        ("social_post", "sms_http", Reaches.PHONE, "ward", True),
        ("social_post", "sms", Reaches.PHONE, "province", False),
        ("sms_unaccented", "zns", Reaches.PHONE, "ward", True),
        ("social_post", "zns", Reaches.PHONE, "ward", False),
        ("sms", "email", Reaches.EMAIL, "ward", False),
    ],
)
def test_below_the_province_nothing_goes_out_as_an_sms_whatever_words_it_has(
    words: str, channel: str, reaches: Reaches, level: str, *, barred: bool
) -> None:
    assert is_barred(words, channel, reaches, level) is barred


def test_the_province_may_send_sms() -> None:
    planned, barred = plan_exposures([replace(WARD, territory_kind="province", channel_kinds=("sms",))])
    assert {item.rendering_kind for item in planned} == {"sms", "sms_unaccented"}
    assert barred == []


def test_a_team_the_task_was_handed_to_gets_its_own_kind_alone() -> None:
    assert shown(replace(TEAM, channel_kinds=ALL)) == {(80, "community_digital_team")}
    assert shown(replace(TEAM, place_kind="project06_team", channel_kinds=ALL)) == {(80, "project06_team")}


def test_whoever_hands_on_serves_all_but_the_teams_kinds() -> None:
    kinds = {kind for _, kind in shown(replace(WARD, channel_kinds=ALL, territory_kind="province"))}
    assert kinds == set(ALL) - {"community_digital_team", "project06_team", "school"}


def test_a_team_given_a_task_by_the_letter_itself_does_all_it_says() -> None:
    direct = replace(
        TEAM, is_handed_on=False, channel_kinds=("community_digital_team", "door_to_door", "project06_team")
    )
    assert shown(direct) == {(80, "community_digital_team"), (80, "door_to_door")}


def test_an_address_names_campaign_territory_place_and_channel() -> None:
    labels = {kind: kind.replace("_", "-") for kind in CHANNEL_KIND_LABELS}
    address = Address("2g", "phuong-da-phuoc", None, "loudspeaker")
    assert folder_address(address, labels) == "2g/phuong-da-phuoc/loudspeaker"
    assert folder_address(replace(address, place="to-1"), labels) == "2g/phuong-da-phuoc/to-1/loudspeaker"
