from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.evidence.models import HistoryEntry
from lantoa.field.actions import VisitEntry, funnel, record_visit
from lantoa.field.models import Visit
from lantoa.field.rules import RESULTS
from lantoa.field.tests.builders import make_campaign, make_entry
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast, make_place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2024, 9, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast.district)


def test_a_visit_sent_twice_is_one_visit_and_one_line_of_history(cast: Cast, campaign: Campaign) -> None:
    entry = make_entry(campaign, cast.neighbourhood, "checked")
    first = record_visit(entry, cast.field_worker)
    again = record_visit(entry, cast.field_worker)
    assert first.pk == again.pk
    assert Visit.objects.count() == 1
    assert HistoryEntry.objects.filter(verb="record_visit").count() == 1


def test_of_two_versions_the_later_stands_in_whatever_order_they_come(cast: Cast, campaign: Campaign) -> None:
    for order in ((0, 1), (1, 0)):
        key = uuid.uuid4()
        later = NOON + dt.timedelta(minutes=5)
        versions = [
            make_entry(campaign, cast.neighbourhood, "verified", device_key=key, visited_at=NOON),
            make_entry(campaign, cast.neighbourhood, "checked", device_key=key, visited_at=later),
        ]
        for index in order:
            record_visit(versions[index], cast.field_worker)
        assert Visit.objects.get(device_key=key).result == "checked"


KEYS = [uuid.UUID(int=number) for number in range(3)]
VERSIONS = st.lists(
    st.tuples(
        st.sampled_from(KEYS), st.sampled_from(RESULTS), st.integers(0, 2), st.sampled_from(["", "a", "b"]),
        st.sampled_from(["H1", "H2"]),
    ),
    min_size=1, max_size=6,
)


def _state_after(entries: list[VisitEntry], cast: Cast) -> set[tuple[Any, ...]]:
    with transaction.atomic():
        for entry in entries:
            record_visit(entry, cast.field_worker)
        state: set[tuple[Any, ...]] = set(
            Visit.objects.values_list("device_key", "result", "visited_at", "note", "household", "place"),
        )
        state |= {(stage.key, stage.count) for stage in funnel(entries[0].campaign)}
        transaction.set_rollback(True)
    return state


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=VERSIONS, data=st.data())
def test_any_interleaving_of_syncs_gives_one_state(
    cast: Cast, campaign: Campaign, versions: list[tuple[uuid.UUID, str, int, str, str]], data: st.DataObject,
) -> None:
    entries = [
        make_entry(campaign, cast.neighbourhood, result, device_key=key, note=note, household=household,
                   visited_at=NOON + dt.timedelta(hours=hour))
        for key, result, hour, note, household in versions
    ]
    shuffled = data.draw(st.permutations(entries))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(entries), max_size=3))]
    assert _state_after(entries, cast) == _state_after(repeated, cast)


@pytest.mark.parametrize("who", ["outsider", "colleague"])
def test_who_has_no_business_there_records_nothing(cast: Cast, campaign: Campaign, who: str) -> None:
    with pytest.raises(RefusedError):
        record_visit(make_entry(campaign, cast.neighbourhood), getattr(cast, who))
    assert not Visit.objects.exists()


def test_a_key_of_another_persons_visit_is_refused(cast: Cast, campaign: Campaign) -> None:
    entry = make_entry(campaign, cast.neighbourhood)
    record_visit(entry, cast.field_worker)
    with pytest.raises(RefusedError, match="người khác"):
        record_visit(entry, cast.officer)


@pytest.mark.parametrize(("values", "words"), [
    ({"result": "flying"}, "kết quả"), ({"household": ""}, "số hộ"), ({"household": "x" * 61}, "60"),
    ({"visited_at": dt.datetime(2024, 9, 1)}, "múi giờ"),  # noqa: DTZ001 - the mistake itself
])
def test_a_visit_that_says_nothing_is_refused(
    cast: Cast, campaign: Campaign, values: dict[str, Any], words: str,
) -> None:
    with pytest.raises(RefusedError, match=words):
        record_visit(make_entry(campaign, cast.neighbourhood, **values), cast.field_worker)


def test_a_place_outside_the_campaign_is_refused(campaign: Campaign) -> None:
    with pytest.raises(RefusedError, match="địa bàn"):
        record_visit(make_entry(campaign, make_place("Phường Xa")), None)


def _counts(campaign: Campaign) -> list[int]:
    return [stage.count for stage in funnel(campaign)]


def test_each_stage_of_the_funnel_includes_those_after_it(cast: Cast, campaign: Campaign) -> None:
    place = cast.neighbourhood
    for number, result in enumerate((None, "told", "checked", "helped", "converted", "verified")):
        resident = Resident.objects.create(phone=f"090000000{number}", place=place, device="at_risk")
        if result:
            record_visit(make_entry(campaign, place, result, resident=resident), cast.field_worker)
    assert [stage.key for stage in funnel(campaign)] == ["at_risk", "checked", "helped", "converted", "verified"]
    assert _counts(campaign) == [6, 4, 3, 2, 1]


def test_a_person_counts_once_and_at_their_furthest(cast: Cast, campaign: Campaign) -> None:
    resident = Resident.objects.create(phone="0900000001", place=cast.neighbourhood, device="at_risk")
    for result in ("verified", "told", "absent", "helped"):
        record_visit(make_entry(campaign, cast.neighbourhood, result, resident=resident), cast.field_worker)
    assert _counts(campaign) == [1, 1, 1, 1, 1]


def test_telling_and_checking_a_phone_that_is_fine_is_not_in_the_funnel(cast: Cast, campaign: Campaign) -> None:
    fine = Resident.objects.create(phone="0900000001", place=cast.neighbourhood, device="fine")
    record_visit(make_entry(campaign, cast.neighbourhood, "checked", resident=fine), cast.field_worker)
    assert _counts(campaign) == [0, 0, 0, 0, 0]


def test_households_the_register_does_not_know_are_counted_apart(cast: Cast, campaign: Campaign) -> None:
    for household, result in (("H1", "helped"), ("H1", "converted"), ("H2", "helped"), ("H3", "checked")):
        record_visit(make_entry(campaign, cast.neighbourhood, result, household=household), cast.field_worker)
    assert [stage.households for stage in funnel(campaign)] == [2, 2, 2, 1, 0]
    assert not any(stage.residents for stage in funnel(campaign))


def test_a_visit_to_a_household_counts_for_its_people_and_not_twice(cast: Cast, campaign: Campaign) -> None:
    for number in range(2):
        Resident.objects.create(phone=f"090000000{number}", place=cast.neighbourhood, device="at_risk", household="H1")
    record_visit(make_entry(campaign, cast.neighbourhood, "converted", household="H1"), cast.field_worker)
    assert [(stage.residents, stage.households) for stage in funnel(campaign)] == [(2, 0)] * 4 + [(0, 0)]


def test_another_campaigns_visits_and_another_districts_people_do_not_count(cast: Cast, campaign: Campaign) -> None:
    other = make_campaign(cast.district)
    near = Resident.objects.create(phone="0900000001", place=cast.neighbourhood, device="at_risk")
    Resident.objects.create(phone="0900000002", place=make_place("Phường Xa"), device="at_risk")
    record_visit(make_entry(other, cast.neighbourhood, "verified", resident=near), cast.field_worker)
    assert _counts(campaign) == [1, 0, 0, 0, 0]
