from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from lantoa.campaigns.tests.builders import make_campaign
from lantoa.channels.registry import open_wire
from lantoa.channels.wire import Reaches
from lantoa.delivery.actions import queue_dispatch, refuse_messages
from lantoa.delivery.actions.counting import SAMPLE_NAME, draft_of, loads, previews, reach_of
from lantoa.delivery.engine.tests.builders import make_people, make_words, order, use_memory_wire
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Dispatch
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    use_memory_wire()
    campaign = make_campaign(cast)
    make_words(campaign)
    make_people(cast, 10, carrier="Viettel")
    Resident.objects.filter(phone__endswith="9").update(carrier="MobiFone", place=cast.neighbourhood, email="")
    return campaign


def draft(campaign: Campaign, segment: str = "", audience: str = "residents") -> Dispatch:
    return draft_of(campaign, open_wire("post", settings.LANTOA_CHANNELS), audience, segment)


def test_people_are_counted_by_what_becomes_of_them(campaign: Campaign, cast: Cast) -> None:
    refuse_messages(Reaches.PHONE, "0900000003", "", None)
    reach = reach_of(draft(campaign))
    assert (reach.people, reach.without_address, reach.refused, reach.sent_to) == (10, 0, 1, 9)
    assert reach.by == {(cast.ward.pk, "Viettel"): 8, (cast.neighbourhood.pk, "MobiFone"): 1}


def test_who_has_no_address_of_the_channels_kind_is_counted_apart(campaign: Campaign) -> None:
    use_memory_wire(reaches=Reaches.EMAIL)
    refuse_messages(Reaches.EMAIL, "p1@hop-thu.example", "", None)
    reach = reach_of(draft(campaign))
    assert (reach.people, reach.without_address, reach.refused, reach.sent_to) == (10, 1, 1, 8)


def test_the_count_is_what_is_then_written_down(campaign: Campaign, cast: Cast) -> None:
    segment = f"place={cast.neighbourhood.code}"
    assert reach_of(draft(campaign, segment)).sent_to == 1
    assert queue_dispatch(campaign, order(segment=segment), None).recipients.count() == 1


def test_of_a_written_dispatch_who_refused_is_counted_among_its_people_alone(campaign: Campaign, cast: Cast) -> None:
    dispatch = queue_dispatch(campaign, order(segment=f"place={cast.neighbourhood.code}"), None)
    dispatch.segment = ""
    refuse_messages(Reaches.PHONE, "0900000003", "", None)
    assert reach_of(dispatch).refused == 0
    refuse_messages(Reaches.PHONE, "0900000009", "", None)
    assert reach_of(dispatch).refused == 1


def test_offices_are_counted_by_their_own_address(campaign: Campaign, cast: Cast) -> None:
    cast.committee.phone = "0225 388 1000"
    cast.committee.save()
    reach = reach_of(draft(campaign, audience="places"))
    assert reach.by == {(cast.committee.pk, ""): 1}
    assert reach.without_address == reach.people - 1


def test_a_group_nobody_understands_is_named(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="tuổi"):
        reach_of(draft(campaign, "tuổi=80"))


def test_each_text_is_shown_once_with_the_places_that_get_it(campaign: Campaign, cast: Cast) -> None:
    use_memory_wire()
    wire = open_wire("post", settings.LANTOA_CHANNELS)
    own = make_words(campaign, "Phường: {{name|quý vị}} đo mưa.", place=cast.ward)
    of_all = campaign.rendering_set.get(kind="social_post", place=cast.district)
    shown = previews(campaign.place, [own, of_all], wire)
    assert [(one.text, [place.name for place in one.places]) for one in shown] == [
        (f"Kính gửi {SAMPLE_NAME}: đo mưa từ ngày 07/6/2025.", [cast.district.name]),
        (f"Phường: {SAMPLE_NAME} đo mưa.", [cast.ward.name]),
    ]
    again = previews(campaign.place, [of_all, make_words(campaign, place=cast.neighbourhood)], wire)
    assert [len(one.places) for one in again] == [2]


def test_parts_are_counted_for_each_text_with_who_gets_it(campaign: Campaign, cast: Cast) -> None:
    wire = open_wire("sms", settings.LANTOA_CHANNELS)
    long, short = make_words(campaign, "Đo mưa. " * 20), make_words(campaign, "Đo mưa.", place=cast.neighbourhood)
    found = loads(campaign.place, [long, short], wire, reach_of(draft(campaign)))
    assert {one.rendering: (one.parts, dict(one.by_carrier), one.all_parts) for one in found} == {
        long: (3, {"Viettel": 9}, 27), short: (1, {"MobiFone": 1}, 1),
    }
