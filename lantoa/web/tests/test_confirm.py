"""The confirm screen: every button and link works without a script, and says what it did."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from lantoa.campaigns.models import Question
from lantoa.letters.models import IncomingLetter
from lantoa.web import jobs
from lantoa.web.rules import gist, when
from lantoa.web.tests.builders import make_letter

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land

SCRIPTED = {"hx-request": "true"}
DEADLINE = "tasks[0].deadline"


@pytest.fixture
def row(land: Land, cast: Cast) -> IncomingLetter:
    return make_letter(land.district, cast.officer)


def say(client: Client, row: IncomingLetter, *, scripted: bool = False, **sent: Any) -> Any:
    headers = SCRIPTED if scripted else {}
    return client.post(reverse("confirm_letter", args=[row.pk]), {"seen": 0} | sent, headers=headers)


def page(client: Client, row: IncomingLetter, **query: str) -> str:
    return client.get(reverse("confirm_letter", args=[row.pk]), query).content.decode()


def test_the_page_tells_in_a_second_what_is_ordered_and_what_must_be_looked_at(
    client: Client, cast: Cast, row: IncomingLetter
) -> None:
    client.force_login(cast.officer)
    shown = page(client, row)
    top = shown[shown.index('id="tom-tat"') : shown.index('class="beside"')]
    for words in ("Ủy ban nhân dân các xã", "Tổ công nghệ số cộng đồng", 'class="chip wait">1<'):
        assert words in top, words
    assert shown.index("1 chỗ cần bạn kiểm tra") < shown.index("Thể thức")
    assert "Văn bản không ghi thời hạn." in shown
    assert len(shown.encode()) < 60_000


@pytest.mark.parametrize("scripted", [False, True])
def test_a_doubt_is_confirmed_and_who_did_it_is_shown(
    client: Client, cast: Cast, row: IncomingLetter, *, scripted: bool
) -> None:
    client.force_login(cast.officer)
    response = say(client, row, scripted=scripted, confirm=DEADLINE)
    assert response.status_code == (200 if scripted else 302)
    told = response.content.decode() if scripted else page(client, row)
    assert "Không còn chỗ nào phải kiểm tra" in told
    assert f"Đúng · {cast.officer}" in told
    assert not row.letter.doubts


def test_a_field_is_edited_on_a_page_of_its_own_without_a_script(
    client: Client, cast: Cast, row: IncomingLetter
) -> None:
    client.force_login(cast.officer)
    shown = page(client, row, sua=DEADLINE)
    assert shown.count('name="correct"') == 1
    assert say(client, row, correct=DEADLINE, value="31/8/2024").status_code == 302
    assert row.letter.tasks[0].deadline == "2024-08-31"
    assert "31/8/2024" in page(client, row)


def test_a_field_the_letter_does_not_fill_can_be_added(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.officer)
    assert 'href="?sua=tasks%5B1%5D.evidence#f-tasks-1-evidence"' in page(client, row)
    assert 'name="correct" value="tasks[1].evidence"' in page(client, row, sua="tasks[1].evidence")
    say(client, row, correct="tasks[1].evidence", value="ảnh chụp")
    assert row.letter.tasks[1].evidence == "ảnh chụp"


def test_a_wrong_value_comes_back_with_what_was_typed(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.officer)
    for scripted in (False, True):
        response = say(client, row, scripted=scripted, correct="date", value="31/2/2024")
        assert response.status_code == (200 if scripted else 400)
        assert "31/2/2024" in response.content.decode()
        assert "trên lịch" in response.content.decode()
    assert row.letter.date == "2024-08-20"


def test_what_another_person_changed_meanwhile_is_shown_again(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.leader)
    say(client, row, correct="number", value="15")
    client.force_login(cast.officer)
    for scripted in (False, True):
        say(client, row, scripted=scripted, confirm="number")
    told = say(client, row, scripted=True, confirm="number").content.decode()
    assert f"{cast.leader} vừa xem trường này" in told
    assert "15" in told
    assert row.confirmations.count() == 1
    seen = row.confirmations.get().pk
    assert f"Đã sửa · {cast.officer}" in say(client, row, scripted=True, confirm="number", seen=seen).content.decode()
    assert row.letter.number == "15"


def test_lines_and_tasks_come_and_go(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.officer)
    assert 'name="add" value="addressees"' in page(client, row, them="addressees")
    say(client, row, add="addressees", value="Công an huyện")
    say(client, row, add="tasks", value="Họp dân")
    say(client, row, absent="tasks[0]")
    assert row.letter.addressees[-1] == "Công an huyện"
    assert [task.actions_summary for task in row.letter.tasks][-1] == "Họp dân"
    assert "đã bỏ khỏi bản đọc" in page(client, row)
    moved = say(client, row, scripted=True, absent="tasks[1]", seen=99999)
    assert moved.status_code == 204
    assert moved["HX-Redirect"].startswith(reverse("confirm_letter", args=[row.pk]))


def test_all_the_rest_is_confirmed_with_one_button(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.officer)
    assert "Xác nhận tất cả phần còn lại" in page(client, row)
    say(client, row, rest="1")
    assert "Mọi trường đã được xác nhận" in page(client, row)
    assert "1 chỗ cần bạn kiểm tra" in page(client, row), "a doubt is not settled by the way"


def test_who_may_only_look_sees_no_buttons_and_cannot_send(
    client: Client, cast: Cast, land: Land, row: IncomingLetter
) -> None:
    for outsider in (cast.unit_officer, cast.colleague):
        client.force_login(outsider)
        assert client.get(reverse("confirm_letter", args=[row.pk])).status_code == 404
        assert say(client, row, confirm=DEADLINE).status_code == 404
    cast.unit_officer.place = land.district
    cast.unit_officer.save()
    client.force_login(cast.unit_officer)
    assert 'name="confirm"' not in page(client, row)
    assert say(client, row, confirm=DEADLINE).status_code == 403
    assert not row.confirmations.exists()


def test_a_campaign_starts_from_the_page_with_the_pack_a_person_chose(
    client: Client, cast: Cast, row: IncomingLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[jobs.Job] = []
    monkeypatch.setattr(jobs, "start", lambda job, _work: started.append(job))
    client.force_login(cast.officer)
    shown = page(client, row)
    assert re.search(r'value="2g_shutdown" selected', shown), "the pack the subject speaks of is offered first"
    address = reverse("start_campaign", args=[row.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"pack": "khong-co"}).status_code == 400
    assert client.post(address, {"pack": "2g_shutdown"}).status_code == 302
    assert started[0].file_name == row.file_name


def test_the_button_says_what_will_not_be_printed(client: Client, cast: Cast, land: Land) -> None:
    letter = make_letter(land.district, cast.officer)
    content = letter.content | {"doubts": [{"field": "number", "why": "Số mờ."}]}
    IncomingLetter.objects.filter(pk=letter.pk).update(content=content)
    client.force_login(cast.officer)
    assert "<strong>Số</strong>" in page(client, letter)
    say(client, letter, confirm="number")
    assert "không được in" not in page(client, letter)


def test_a_letter_that_orders_nothing_stays_in_the_register(client: Client, cast: Cast, row: IncomingLetter) -> None:
    IncomingLetter.objects.filter(pk=row.pk).update(content=row.content | {"tasks": []})
    client.force_login(cast.officer)
    assert "chỉ nằm trong sổ văn bản đến" in page(client, row)
    assert reverse("start_campaign", args=[row.pk]) not in page(client, row)


def test_a_correction_after_the_campaign_opened_tells_what_follows(
    client: Client, campaign: Campaign, cast: Cast, land: Land
) -> None:
    named = {"letter": "Công văn số 11/UBND-VHTT của Ủy ban nhân dân huyện Sông Mẫu"}
    campaign.rendering_set.filter(kind="sms", place=land.communes[0]).update(details=named)
    client.force_login(cast.officer)
    row = campaign.letter
    told = say(client, row, scripted=True, correct="tasks[0].deadline", value="5/9/2024").content.decode()
    assert "Đã cập nhật việc ở mục 1" in told
    assert "còn gọi tên văn bản như cũ" in told
    assert campaign.tasks.order_by("pk")[0].due_on == dt.date(2024, 9, 5)
    assert Question.objects.get(about="letter", subject=DEADLINE).answer == "2024-09-05"
    told = say(client, row, scripted=True, correct="tasks[0].assignees", value="Trường học", seen=999).content.decode()
    assert "câu hỏi mới" in told
    assert Question.objects.filter(task__campaign=campaign, subject__contains="Trường học").exists()
    assert "Xem chiến dịch" in page(client, row)


def test_a_page_that_has_no_picture_is_not_there(client: Client, cast: Cast, row: IncomingLetter) -> None:
    client.force_login(cast.officer)
    assert client.get(reverse("letter_page", args=[row.pk, 1])).status_code == 404


def test_the_first_day_something_is_due_is_told(row: IncomingLetter, client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    say(client, row, correct="tasks[0].deadline", value="1/8/2024 - 31/8/2024")
    say(client, row, correct="tasks[1].deadline", value="30/8/2024")
    told = gist(row.letter)
    assert told.when == "30/8/2024"
    assert told.orders[0].when == "1/8/2024 – 31/8/2024"
    assert when("2024-02-31") == "2024-02-31"
