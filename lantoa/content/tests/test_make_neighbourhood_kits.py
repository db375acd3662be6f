from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import LEAFLET, NEW, NEW_SHOWN, OLD_SHOWN, make_campaign
from lantoa.content.actions import approve_kit, check_kit, contacts_asked, make_kit, make_press_copies
from lantoa.content.actions.extracting import shown_text
from lantoa.content.rules.neighbourhoods import OF_A_NEIGHBOURHOOD
from lantoa.places.actions import Contacts, record_contacts
from lantoa.places.tests.builders import make_place

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.places.models import Place
    from lantoa.places.tests.builders import Cast

PIECES = tuple(LEAFLET.replace('kind = "leaflet"', f'kind = "{kind}"') for kind in OF_A_NEIGHBOURHOOD)
OURS = Contacts("Nguyễn Văn An", "0912 345 678", "Nhà văn hóa số 7, ngõ 25")
THEIRS = Contacts("Trần Thị Bình", "0987 654 321", "Đình làng")


@pytest.fixture
def other(cast: Cast) -> Place:
    place = make_place("Tổ dân phố số 2", "neighbourhood", cast.ward)
    record_contacts(place, THEIRS, None)
    return place


@pytest.fixture
def campaign(cast: Cast, other: Place) -> Campaign:
    assert other
    record_contacts(cast.neighbourhood, OURS, None)
    return make_campaign(cast, pieces=PIECES)


def of(campaign: Campaign, place: Place) -> dict[str, Rendering]:
    return {row.kind: row for row in campaign.rendering_set.current().filter(place=place).select_related("place")}


def read(rendering: Rendering) -> str:
    return " ".join(shown_text(rendering).split())


def test_each_neighbourhood_has_its_own_pieces_with_its_own_contacts_and_nobody_elses(
    campaign: Campaign, cast: Cast, other: Place
) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    ours, theirs = of(campaign, cast.neighbourhood), of(campaign, other)
    assert sorted(ours) == sorted(theirs) == sorted(OF_A_NEIGHBOURHOOD)
    for kind in OF_A_NEIGHBOURHOOD:
        for said in ("Nguyễn Văn An", "0912 345 678", "Nhà văn hóa số 7, ngõ 25", "Tổ dân phố số 1", OLD_SHOWN):
            assert said in read(ours[kind]), kind
        assert "0987 654 321" not in read(ours[kind])
        assert "Ủy ban nhân dân phường Đa Phước" in read(ours[kind])
    assert check_kit(campaign) == []


def test_none_is_made_until_they_are_asked_for_and_then_they_stay_part_of_the_kit(
    campaign: Campaign, cast: Cast
) -> None:
    make_kit(campaign, cast.officer)
    assert of(campaign, cast.neighbourhood) == {}
    first = make_kit(campaign, cast.officer, neighbourhoods=True)
    assert first.made == 2 * len(OF_A_NEIGHBOURHOOD)
    again = make_kit(campaign, cast.officer)
    assert (again.made, sorted(of(campaign, cast.neighbourhood))) == (0, sorted(OF_A_NEIGHBOURHOOD))


def test_a_new_contact_makes_that_neighbourhoods_pieces_anew_and_no_others(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    record_contacts(cast.neighbourhood, Contacts(OURS.leader, "0900 000 111", OURS.meeting_house), None)
    kit = make_kit(campaign, cast.officer)
    assert kit.made == len(OF_A_NEIGHBOURHOOD)
    assert "0900 000 111" in read(of(campaign, cast.neighbourhood)["leaflet"])
    assert check_kit(campaign) == []


def test_a_changed_fact_makes_them_anew_with_the_kit(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND ngày 01/6/2025"), None)
    make_kit(campaign, cast.officer)
    text = read(of(campaign, cast.neighbourhood)["poster"])
    assert NEW_SHOWN in text
    assert OLD_SHOWN not in text


def test_another_neighbourhoods_number_in_a_piece_is_found(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    record_contacts(cast.neighbourhood, THEIRS, None)  # the pieces printed before still say the old ones
    found = {one.finding.found for one in check_kit(campaign) if one.rendering and one.finding.blocks}
    assert "0912 345 678" in found
    make_kit(campaign, cast.officer)
    assert approve_kit(campaign, cast.officer)


def test_what_is_missing_is_asked_for_and_nothing_is_printed_instead(campaign: Campaign, cast: Cast) -> None:
    bare = make_place("Thôn Đông", "neighbourhood", cast.ward)
    make_place("Thôn Cũ", "neighbourhood", cast.ward, valid_to=campaign.as_of - dt.timedelta(days=1))
    make_kit(campaign, cast.officer, neighbourhoods=True)
    (asked,) = contacts_asked(campaign)
    assert (asked.place, asked.lacks) == (bare, ("tên tổ trưởng", "số điện thoại", "nơi họp"))
    text = read(of(campaign, bare)["leaflet"])
    assert "Thôn Đông" in text
    assert "Trưởng thôn" not in text
    assert check_kit(campaign) == []


def test_a_printing_house_gets_them_with_a_bleed(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, cast.officer, neighbourhoods=True)
    copies = make_press_copies(campaign, cast.officer, 3)
    assert {place for place, _hash in copies} >= {cast.neighbourhood.pk, cast.ward.pk}
