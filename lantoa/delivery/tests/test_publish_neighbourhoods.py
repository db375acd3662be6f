from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.models import Assignment
from lantoa.campaigns.tests.builders import LEAFLET, NEW_SHOWN, OLD_SHOWN
from lantoa.channels.base import Correcting
from lantoa.content.actions import approve_kit, make_kit
from lantoa.content.rules.neighbourhoods import OF_A_NEIGHBOURHOOD
from lantoa.delivery.actions import carry_out, plan_correction, publish_kit
from lantoa.delivery.actions.withdrawing import Withdrawal, withdraw_message
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.tests.builders import (
    PORTAL,
    TEAMS,
    change,
    files_outside,
    make_ready,
    use_test_channel,
    words_of_file,
)
from lantoa.places.actions import Contacts, record_contacts
from lantoa.places.tests.builders import make_place

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import Place
    from lantoa.places.tests.builders import Cast

PIECES = tuple(LEAFLET.replace('kind = "leaflet"', f'kind = "{kind}"') for kind in OF_A_NEIGHBOURHOOD)


@pytest.fixture
def lone(cast: Cast) -> Place:
    """A neighbourhood no team works in."""
    place = make_place("Tổ dân phố số 2", "neighbourhood", cast.ward)
    record_contacts(place, Contacts("Trần Thị Bình", "0987 654 321", "Đình làng"), None)
    return place


def publish(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    approve_kit(campaign, cast.officer)
    publish_kit(campaign, cast.officer)


def out(campaign: Campaign) -> set[tuple[str, str, str, str]]:
    """What is out of neighbourhoods' own pieces: the place it is at, whose it is, its kind and its channel kind."""
    own = {"campaign": campaign, "rendering__place__kind": "neighbourhood", "live_to": None}
    return {
        (row.where.name, row.rendering.place.name, row.rendering.kind, row.channel_kind)
        for model in (Publication, Delivery)
        for row in model.objects.filter(**own)
    }


def test_its_team_gets_its_own_pieces_and_where_there_is_no_team_the_neighbourhood_itself(
    cast: Cast, lone: Place
) -> None:
    campaign = make_ready(cast, PORTAL, TEAMS, pieces=PIECES)
    publish(campaign, cast)
    team = {(cast.team.name, "Tổ dân phố số 1", kind, "community_digital_team") for kind in OF_A_NEIGHBOURHOOD}
    itself = {
        (lone.name, lone.name, "doorstep_card", "door_to_door"),
        (lone.name, lone.name, "leaflet", "leaflet"),
        (lone.name, lone.name, "poster", "poster_banner"),
    }
    assert out(campaign) == team | itself
    publish_kit(campaign, cast.officer)
    assert out(campaign) == team | itself


def test_made_after_the_wards_pieces_went_out_they_are_out_all_the_same(cast: Cast) -> None:
    campaign = make_ready(cast, PORTAL, TEAMS, pieces=PIECES)
    publish_kit(campaign, cast.officer)
    assert out(campaign) == set()
    publish(campaign, cast)
    assert {kind for _place, _whose, kind, _way in out(campaign)} == set(OF_A_NEIGHBOURHOOD)


def test_files_of_neighbourhoods_of_one_name_lie_under_their_wards(cast: Cast, lone: Place) -> None:
    ward = make_place("Phường Anh Sơn", "ward", cast.district)
    make_place("Ủy ban nhân dân phường Anh Sơn", "committee", ward)
    make_place(lone.name, "neighbourhood", ward)
    campaign = make_ready(cast, PORTAL, pieces=PIECES)
    publish(campaign, cast)
    posters = {name for name in files_outside() if "to-dan-pho-so-2/" in name and name.endswith("ap-phich-a3.pdf")}
    assert len(posters) == 2
    assert {name.split("/")[1] for name in posters} == {"phuong-da-phuoc", "phuong-anh-son"}


def test_what_hangs_in_a_neighbourhood_is_replaced_and_its_people_are_given_the_task(cast: Cast, lone: Place) -> None:
    campaign = make_ready(cast, PORTAL, pieces=PIECES)
    publish(campaign, cast)
    change(campaign)
    make_kit(campaign, None)
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, cast.officer)
    (poster,) = [name for name in files_outside() if name.endswith("to-dan-pho-so-2/ap-phich-pa-no/ap-phich-a3.pdf")]
    words = " ".join(words_of_file(poster, files_outside()[poster]).split())
    assert NEW_SHOWN in words
    assert OLD_SHOWN not in words
    assert "0987 654 321" in words
    assert lone.pk in set(Assignment.objects.filter(task__is_correction=True).values_list("place", flat=True))


def test_a_neighbourhood_is_told_in_the_words_of_its_ward(cast: Cast, lone: Place) -> None:
    use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_ready(cast, PORTAL, pieces=PIECES)
    publish(campaign, cast)
    change(campaign)
    make_kit(campaign, None)
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, cast.officer)
    told = Delivery.objects.filter(rendering__kind="correction_notice", recipient=lone)
    assert [row.rendering.place for row in told] == [cast.ward]
    assert not campaign.rendering_set.filter(kind="correction_notice", place__kind="neighbourhood").exists()
    assert plan_correction(campaign, None) is None


def test_a_withdrawn_leaflet_is_fetched_back_from_neighbourhoods_too(cast: Cast, lone: Place) -> None:
    campaign = make_ready(cast, PORTAL, pieces=PIECES)
    publish(campaign, cast)
    withdraw_message(campaign, Withdrawal("leaflet", "in nhầm"), cast.officer)
    assert not [row for row in out(campaign) if row[2] == "leaflet"]
    assert lone.pk in set(Assignment.objects.filter(task__is_correction=True).values_list("place", flat=True))
