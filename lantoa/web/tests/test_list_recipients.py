"""Who did not get a message and why: found by whoever may, and taken along to call, to visit, to print."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lantoa.delivery.models import Dispatch
from lantoa.residents.models import Resident
from lantoa.web.tests.dispatch_builders import (
    DELIVERED,
    GONE,
    REFUSED,
    UNKNOWN,
    make_dispatch,
    make_residents,
    make_words,
    settle,
    use_wire,
)
from lantoa.web.views import recipients as views

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land


@pytest.fixture
def people(settings: LazySettings, campaign: Campaign, land: Land) -> list[Resident]:
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    use_wire()
    make_words(campaign)
    return make_residents(land)


@pytest.fixture
def dispatch(campaign: Campaign, cast: Cast, people: list[Resident]) -> Dispatch:
    """0 got it, 1 is gone, 2 refused, 3 is unknown, 4 and 5 wait."""
    row = make_dispatch(campaign, cast)
    settle(row, {people[0].pk: DELIVERED, people[1].pk: GONE, people[2].pk: REFUSED, people[3].pk: UNKNOWN})
    return row


def address(dispatch: Dispatch, ending: str = "") -> str:
    args = [dispatch.campaign.slug, dispatch.pk]
    return reverse("recipients_file", args=[*args, ending]) if ending else reverse("recipients", args=args)


def names(client: Client, dispatch: Dispatch, **query: Any) -> list[int]:
    """Numbers in the names of the people shown."""
    response = client.get(address(dispatch), query)
    assert response.status_code == 200
    return [int(one.name.rsplit(" ", 1)[1]) for one in response.context["people"]]


def test_first_of_all_those_are_shown_who_did_not_get_it_with_the_reason(
    client: Client, cast: Cast, dispatch: Dispatch,
) -> None:
    client.force_login(cast.officer)
    assert sorted(names(client, dispatch)) == [1, 2, 3]
    shown = client.get(address(dispatch)).content.decode()
    for words in ("Không có người này", "Người này đã từ chối nhận tin", "Máy gửi dừng giữa chừng",
                  "Thôn 1, Xã Bến Mẫu", "tel:0900000001"):
        assert words in shown


@pytest.mark.parametrize(("query", "found"), [
    ({"trang-thai": "delivered"}, [0]), ({"trang-thai": "queued"}, [4, 5]), ({"trang-thai": "unknown"}, [3]),
    ({"trang-thai": "tat-ca"}, [0, 1, 2, 3, 4, 5]),
    ({"noi": "c0"}, [2]), ({"noi": "c1"}, [1, 3]), ({"noi": "c0-t1"}, [2]), ({"noi": "khong"}, []),
    ({"vi-sao": "Không có người này"}, [1]), ({"vi-sao": "?"}, []),
    ({"tim": "người đỗ"}, [1, 2, 3]), ({"tim": "DO THI"}, [1, 2, 3]), ({"tim": "ngo 12"}, [1, 2, 3]),
    ({"tim": "ho 4"}, [2]),
    ({"tim": "0900000003"}, [3]), ({"tim": "+84 900 000 003"}, [3]), ({"tim": "khong co ai"}, []),
    ({"noi": "c1", "vi-sao": "Không có người này", "tim": "nguoi"}, [1]),
    ({"xep": "trang-thai"}, [1, 2, 3]), ({"xep": "-trang-thai"}, [3, 2, 1]),
])
def test_people_are_found_by_state_place_reason_and_words(
    client: Client, cast: Cast, dispatch: Dispatch, query: dict[str, str], found: list[int],
) -> None:
    client.force_login(cast.officer)
    shown = names(client, dispatch, **query)
    assert (shown if "xep" in query else sorted(shown)) == found


def test_reasons_are_offered_with_how_many_the_commonest_first(
    client: Client, cast: Cast, dispatch: Dispatch, people: list[Resident],
) -> None:
    settle(dispatch, {people[4].pk: ("refused", "opted_out", None), people[0].pk: GONE})
    client.force_login(cast.officer)
    reasons = client.get(address(dispatch)).context["reasons"]
    assert reasons[0] == ("Không có người này", 2)
    assert ("opted_out", 1) in reasons
    assert names(client, dispatch, **{"vi-sao": "opted_out"}) == [4]


def test_they_are_counted_by_unit_and_by_place(client: Client, cast: Cast, dispatch: Dispatch) -> None:
    client.force_login(cast.officer)

    def groups(by: str) -> list[tuple[str, int, int, int]]:
        found = client.get(address(dispatch), {"nhom": by}).context["groups"]
        return [(one.place.name, one.people, one.lost, one.unknown) for one in found]

    assert groups("don-vi") == [("Xã Bến Mẫu", 1, 1, 0), ("Xã Đồng Mẫu", 2, 1, 1)]
    assert groups("dia-ban") == [("Thôn 1", 1, 1, 0), ("Xã Đồng Mẫu", 2, 1, 1)]


def test_whom_the_fallback_reached_is_not_missed(
    client: Client, cast: Cast, dispatch: Dispatch, people: list[Resident], campaign: Campaign,
) -> None:
    use_wire("email")
    other = make_dispatch(campaign, cast, channel="email", audience="residents")
    settle(other, {people[1].pk: DELIVERED, people[3].pk: GONE})
    Dispatch.objects.filter(pk=dispatch.pk).update(fallback=other)
    client.force_login(cast.officer)
    assert sorted(names(client, dispatch)) == [2, 3]


def test_a_million_are_not_counted_to_show_thirty(
    client: Client, cast: Cast, dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(cast.officer)
    page = client.get(address(dispatch), {"trang-thai": "queued"}).context["page"]
    assert isinstance(page.paginator.object_list, views.Known)
    assert page.paginator.count == 2
    monkeypatch.setattr(views.Known, "count", lambda _: pytest.fail("asked"))
    assert client.get(address(dispatch), {"trang-thai": "queued", "tim": "nguoi"}).context["page"].paginator.count == 2


# --- who may -------------------------------------------------------------------------------------


def test_a_unit_sees_the_people_of_its_places_and_nobody_elses(
    client: Client, cast: Cast, dispatch: Dispatch,
) -> None:
    for who in (cast.unit_officer, cast.field_worker):
        client.force_login(who)
        assert names(client, dispatch, **{"trang-thai": "tat-ca"}) == [0, 2, 4]
        assert names(client, dispatch, noi="c1") == []
        assert names(client, dispatch, tim="0900000001") == []
        table = client.get(address(dispatch, "csv")).content.decode()
        assert "Người 2" in table
        assert "Người 1" not in table
        assert "Người 1" not in client.get(address(dispatch), {"in": "1"}).content.decode()
        reasons = client.get(address(dispatch)).context["reasons"]
        assert reasons == [("Người này đã từ chối nhận tin", 1)]


def test_who_may_not_see_residents_sees_none(client: Client, cast: Cast, dispatch: Dispatch) -> None:
    client.force_login(cast.leader)
    assert client.get(address(dispatch)).status_code == 403
    assert client.get(address(dispatch, "xlsx")).status_code == 403
    assert client.get(reverse("dispatch", args=[dispatch.campaign.slug, dispatch.pk])).status_code == 200


def test_offices_are_no_residents_and_a_leader_sees_them(
    client: Client, cast: Cast, campaign: Campaign, people: list[Resident],
) -> None:
    assert people
    row = make_dispatch(campaign, cast, audience="places")
    client.force_login(cast.leader)
    response = client.get(address(row), {"trang-thai": "tat-ca", "tim": "ben mau"})
    assert [one.name for one in response.context["people"]] == ["Ủy ban nhân dân xã Bến Mẫu"]


# --- taken along ---------------------------------------------------------------------------------


def rows(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_list_to_call_leaves_out_who_refused_and_who_has_no_telephone(
    client: Client, cast: Cast, dispatch: Dispatch, people: list[Resident],
) -> None:
    Resident.objects.filter(pk=people[3].pk).update(phone="")
    client.force_login(cast.officer)
    sheet = rows(client.get(address(dispatch, "xlsx"), {"dang": "goi"}).content)
    assert sheet[0][0] == f"Danh sách gọi điện: {dispatch.campaign.title}"
    assert [row[2:4] for row in sheet[3:]] == [["Đỗ Thị Người 1", "0900000001"]]


def test_the_list_to_visit_goes_house_by_house(
    client: Client, cast: Cast, dispatch: Dispatch, people: list[Resident],
) -> None:
    settle(dispatch, {one.pk: GONE for one in people})
    client.force_login(cast.officer)
    sheet = rows(client.get(address(dispatch, "xlsx"), {"dang": "tham"}).content)
    houses = [(row[0].split(",")[0], row[4], row[1]) for row in sheet[3:]]
    in_the_hamlet = [house for house in houses if house[0] == "Thôn 1"]
    assert in_the_hamlet == [("Thôn 1", "Ngõ 3", "Hộ 2"), ("Thôn 1", "Ngõ 3", "Hộ 6"), ("Thôn 1", "Ngõ 12", "Hộ 4")]
    assert len(houses) == 6


def test_filters_hold_for_the_file(client: Client, cast: Cast, dispatch: Dispatch) -> None:
    client.force_login(cast.officer)
    table = client.get(address(dispatch, "csv"), {"noi": "c1", "vi-sao": "Không có người này"}).content.decode()
    assert table.count("\n") == 2
    assert "Người 1" in table
    assert client.get(address(dispatch, "doc")).status_code == 404


def test_the_printed_list_has_a_sheet_for_each_neighbourhood(
    client: Client, cast: Cast, dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(cast.officer)
    response = client.get(address(dispatch), {"in": "1"})
    assert [(place, len(people)) for place, people in response.context["sheets"]] == [
        ("Xã Đồng Mẫu", 2), ("Thôn 1, Xã Bến Mẫu", 1),
    ]
    monkeypatch.setattr(views, "MOST_PRINTED", 2)
    cut = client.get(address(dispatch), {"in": "1"})
    assert sum(len(people) for _, people in cut.context["sheets"]) == 2
    assert "chỉ hiện phần đầu" in cut.content.decode()
