"""What people write back and who refuses messages, on the desks of those who look after them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lantoa.campaigns.models import Campaign
from lantoa.delivery.models import Answer, Suppression
from lantoa.places.models import User
from lantoa.web.tests.builders import make_letter
from lantoa.web.tests.dispatch_builders import DELIVERED, make_dispatch, make_residents, make_words, settle, use_wire

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from lantoa.residents.models import Resident
    from lantoa.web.tests.builders import Cast, Land


@pytest.fixture
def people(settings: LazySettings, campaign: Campaign, land: Land) -> list[Resident]:
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    use_wire()
    make_words(campaign)
    return make_residents(land)


@pytest.fixture
def answers(campaign: Campaign, cast: Cast, people: list[Resident]) -> list[Answer]:
    """From the hamlet, from the other commune, from nobody known but about our dispatch, and about nothing known."""
    dispatch = make_dispatch(campaign, cast)
    settle(dispatch, {people[0].pk: DELIVERED})
    return [
        Answer.objects.create(channel="zns", address=one.phone if one else f"099999999{number}", text=text,
                              dispatch=about, person=one.pk if one else None, place=one.place if one else None)
        for number, (one, text, about) in enumerate((
            (people[0], "Đổi máy ở đâu?", dispatch), (people[1], "Cụ già không đi được", dispatch),
            (None, "Ai đấy?", dispatch), (None, "???", None),
        ))
    ]


def texts(client: Client, **query: str) -> list[str]:
    return [row.text for row in client.get(reverse("answers"), query).context["page"]]


# --- answers -------------------------------------------------------------------------------------


def test_each_desk_has_the_answers_of_its_places(client: Client, cast: Cast, answers: list[Answer]) -> None:
    assert answers
    client.force_login(cast.officer)
    assert texts(client) == ["Đổi máy ở đâu?", "Cụ già không đi được", "Ai đấy?", "???"]
    client.force_login(cast.unit_officer)
    assert texts(client) == ["Đổi máy ở đâu?"]
    client.force_login(cast.colleague)
    assert texts(client) == []
    client.force_login(cast.field_worker)
    assert client.get(reverse("answers")).status_code == 403


def test_who_belongs_nowhere_is_on_the_desk_of_whoever_runs_every_campaign(
    client: Client, cast: Cast, answers: list[Answer], campaign: Campaign, land: Land,
) -> None:
    assert answers
    Campaign.objects.create(
        slug="khac", title="Khác", pack=campaign.pack, as_of=campaign.as_of, place=land.elsewhere,
        letter=make_letter(land.elsewhere, text_hash="khac"),
    )
    client.force_login(cast.officer)
    assert "???" not in texts(client), "another district has a campaign too"
    assert "Ai đấy?" in texts(client), "it answers ours"


def test_those_that_wait_stand_first_the_oldest_at_the_top(client: Client, cast: Cast, answers: list[Answer]) -> None:
    client.force_login(cast.officer)
    client.post(reverse("handle_answer", args=[answers[0].pk]), {"note": "đã gọi"})
    assert texts(client) == ["Cụ già không đi được", "Ai đấy?", "???", "Đổi máy ở đâu?"]
    assert texts(client, tt="cho") == ["Cụ già không đi được", "Ai đấy?", "???"]
    assert texts(client, tt="xong") == ["Đổi máy ở đâu?"]
    assert texts(client, xep="moi")[0] == "???"


@pytest.mark.parametrize(("query", "found"), [
    ({"tim": "doi may"}, 1), ({"tim": "0900000001"}, 1), ({"noi": "c0"}, 1), ({"kenh": "zns"}, 4), ({"kenh": "sms"}, 0),
])
def test_answers_are_found(
    client: Client, cast: Cast, answers: list[Answer], query: dict[str, str], found: int,
) -> None:
    assert answers
    client.force_login(cast.officer)
    assert len(texts(client, **query)) == found


def test_an_answer_opens_beside_who_wrote_it_and_what_it_answers(
    client: Client, cast: Cast, answers: list[Answer],
) -> None:
    client.force_login(cast.officer)
    shown = client.get(reverse("handle_answer", args=[answers[0].pk])).content.decode()
    assert "Đỗ Thị Người 0" in shown
    assert "Đã đến nơi" in shown
    assert reverse("dispatch", args=["tat-song-2g", answers[0].dispatch_id]) in shown
    client.force_login(cast.leader)
    assert "Đỗ Thị Người 0" not in client.get(reverse("handle_answer", args=[answers[0].pk])).content.decode()
    client.force_login(cast.unit_officer)
    assert client.get(reverse("handle_answer", args=[answers[1].pk])).status_code == 404


def test_it_is_handled_with_a_note_and_counted_no_more(client: Client, cast: Cast, answers: list[Answer]) -> None:
    client.force_login(cast.officer)
    assert '<span class="count">4<' in client.get("/").content.decode()
    address = reverse("handle_answer", args=[answers[0].pk])
    assert client.post(address, {"note": " "}).status_code == 200
    answers[0].refresh_from_db()
    assert answers[0].handled_at is None
    client.post(address, {"note": "Đã chỉ chỗ đổi máy"})
    answers[0].refresh_from_db()
    assert (answers[0].note, answers[0].by) == ("Đã chỉ chỗ đổi máy", cast.officer)
    assert '<span class="count">3<' in client.get("/").content.decode()


def test_nobody_is_offered_a_desk_they_do_not_have(client: Client, cast: Cast, answers: list[Answer]) -> None:
    assert answers
    client.force_login(cast.field_worker)
    assert reverse("answers") not in client.get("/").content.decode()
    client.force_login(cast.unit_officer)
    shown = client.get(reverse("answers")).content.decode()
    assert reverse("refusals") in shown
    assert reverse("wires") not in shown


def test_answers_are_taken_away_as_a_table(client: Client, cast: Cast, answers: list[Answer]) -> None:
    assert answers
    client.force_login(cast.unit_officer)
    table = client.get(reverse("answers_file", args=["csv"])).content.decode()
    assert "Đổi máy ở đâu?" in table
    assert "Cụ già" not in table
    book = client.get(reverse("answers_file", args=["xlsx"])).content
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[3][4] == "Đổi máy ở đâu?"
    assert client.get(reverse("answers_file", args=["doc"])).status_code == 404


def test_the_empty_desk_says_what_will_come(client: Client, cast: Cast, campaign: Campaign) -> None:
    assert campaign
    client.force_login(cast.officer)
    assert "Chưa ai viết lại" in client.get(reverse("answers")).content.decode()
    assert "Chưa có ai từ chối" in client.get(reverse("refusals")).content.decode()


# --- refusals ------------------------------------------------------------------------------------


def refuse(client: Client, address: str, why: str = "") -> str:
    response = client.post(reverse("refusals"), {"address": address, "why": why}, follow=True)
    return response.content.decode()


def test_a_refusal_is_written_down_as_people_write_numbers(client: Client, cast: Cast, people: list[Resident]) -> None:
    assert people
    client.force_login(cast.officer)
    assert "Đã ghi" in refuse(client, "+84 900 000 001", "nói qua điện thoại")
    assert "Đã ghi" in refuse(client, "Ong.Ba@Hop-Thu.vn")
    assert sorted(Suppression.objects.values_list("reaches", "address", "source")) == [
        ("email", "ong.ba@hop-thu.vn", "person"), ("phone", "0900000001", "person"),
    ]
    shown = client.get(reverse("refusals")).content.decode()
    assert "Đỗ Thị Người 1" in shown
    assert "nói qua điện thoại" in shown


def test_what_is_no_address_is_refused_with_an_example(client: Client, cast: Cast, campaign: Campaign) -> None:
    assert campaign
    client.force_login(cast.officer)
    assert "0912 345 678" in refuse(client, "113")
    assert not Suppression.objects.exists()


def test_a_unit_sees_refusals_of_its_own_people_and_those_it_wrote_down(
    client: Client, cast: Cast, people: list[Resident], land: Land,
) -> None:
    Suppression.objects.create(reaches="phone", address=people[0].phone, source="reply")
    elsewhere = Suppression.objects.create(reaches="phone", address=people[1].phone, source="reply")
    Suppression.objects.create(reaches="email", address=land.committees[0].email, source="complaint")
    client.force_login(cast.unit_officer)
    refuse(client, "0987654321")
    shown = {row.address for row, _ in client.get(reverse("refusals")).context["rows"]}
    assert shown == {people[0].phone, land.committees[0].email, "0987654321"}
    assert client.post(reverse("allow_messages", args=[elsewhere.pk])).status_code == 404
    client.force_login(cast.field_worker)
    assert client.get(reverse("refusals")).status_code == 403


def test_a_refusal_is_taken_back_only_after_it_was_asked(client: Client, cast: Cast, people: list[Resident]) -> None:
    row = Suppression.objects.create(reaches="phone", address=people[0].phone, source="reply")
    client.force_login(cast.officer)
    assert "chính chủ" in client.get(reverse("allow_messages", args=[row.pk])).content.decode().lower()
    assert Suppression.objects.exists()
    client.post(reverse("allow_messages", args=[row.pk]))
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("query", "found"), [
    ({}, 3), ({"nguon": "reply"}, 1), ({"loai": "browser"}, 1), ({"tim": "0900 000"}, 1), ({"tim": "hop-thu"}, 1),
    ({"tim": "goi dien"}, 1), ({"tim": "khong"}, 0), ({"xep": "dia-chi"}, 3),
])
def test_refusals_are_found_and_taken_away(
    client: Client, cast: Cast, people: list[Resident], query: dict[str, str], found: int,
) -> None:
    Suppression.objects.create(reaches="phone", address=people[0].phone, source="reply")
    Suppression.objects.create(reaches="email", address="a@hop-thu.vn", source="person", why="gọi điện nói")
    Suppression.objects.create(reaches="browser", address='{"endpoint":"https://x.example"}', source="link")
    client.force_login(cast.officer)
    assert len(client.get(reverse("refusals"), query).context["rows"]) == found
    table = client.get(reverse("refusals_file", args=["csv"]), query).content.decode()
    assert table.count("\n") == found + 1
    assert "endpoint" not in table
    assert client.get(reverse("refusals_file", args=["doc"]), query).status_code == 404


# --- channels ------------------------------------------------------------------------------------


def test_officers_see_how_every_channel_stands(client: Client, cast: Cast, people: list[Resident]) -> None:
    assert people
    client.force_login(cast.officer)
    shown = client.get(reverse("wires")).content.decode()
    assert "[[email.account]]" in shown
    assert "chưa dùng lần nào" in shown
    assert "Chưa có máy gửi nào chạy" in shown
    client.force_login(cast.unit_officer)
    assert client.get(reverse("wires")).status_code == 403


def test_whoever_looks_after_everything_sees_everything(client: Client, answers: list[Answer]) -> None:
    assert answers
    client.force_login(User.objects.create_superuser("quan-tri"))
    assert len(texts(client)) == 4
