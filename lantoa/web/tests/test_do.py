"""What a page does calls one action, as the person who asks."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lantoa.evidence.models import HistoryEntry
from lantoa.field.models import Visit
from lantoa.places.permits import RefusedError
from lantoa.web import jobs
from lantoa.web.tests.builders import PNG

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land


def test_a_unit_moves_its_own_work(client: Client, campaign: Campaign, cast: Cast, land: Land) -> None:
    row = land.committees[0].assignments.get()
    client.force_login(cast.unit_officer)
    response = client.post(reverse("move_assignment", args=[campaign.slug, row.pk]), {"state": "06", "note": "xong"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == ("06", "xong")
    assert HistoryEntry.objects.get(verb="move_assignment").by == cast.unit_officer
    assert client.get(reverse("move_assignment", args=[campaign.slug, row.pk])).status_code == 405


def test_a_proof_is_attached_and_comes_back_as_a_download(
    client: Client, campaign: Campaign, cast: Cast, land: Land
) -> None:
    row = land.committees[0].assignments.get()
    client.force_login(cast.unit_officer)
    address = reverse("attach_proof", args=[campaign.slug, row.pk])
    assert "Hãy chọn tệp hoặc dán đường dẫn" in client.post(address, {}).content.decode()
    client.post(address, {"file": SimpleUploadedFile("anh.png", PNG)})
    proof = row.proofs.exclude(hash="").get()
    response = client.get(reverse("proof", args=[campaign.slug, proof.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    response.close()
    client.force_login(cast.colleague)
    assert client.get(reverse("proof", args=[campaign.slug, proof.pk])).status_code == 404


def test_an_answer_gives_the_task_to_the_places_chosen(
    client: Client, campaign: Campaign, cast: Cast, land: Land
) -> None:
    question = campaign.questions.get(about="assignee")
    client.force_login(cast.officer)
    client.post(reverse("answer_question", args=[campaign.slug, question.pk]), {"places": [land.team.pk]})
    assert land.team.assignments.filter(task=question.task).exists()
    question.refresh_from_db()
    assert question.answered_by == cast.officer


def test_a_wrong_value_is_refused_on_the_page(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    response = client.post(reverse("fact", args=[campaign.slug, "cutoff_date"]), {"value": "mai", "source": "TT 10"})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert campaign.facts.filter(key="cutoff_date").count() == 1


def test_a_visit_sent_twice_is_one(client: Client, campaign: Campaign, cast: Cast, land: Land) -> None:
    client.force_login(cast.field_worker)
    key = str(uuid.uuid4())
    sent = {"place": land.hamlet.pk, "household": "Nhà bà Tư", "result": "checked", "device_key": key}
    for _ in range(2):
        assert client.post(reverse("visit", args=[campaign.slug]), sent).status_code == 302
    assert Visit.objects.filter(device_key=key).count() == 1
    assert (
        "Hãy ghi tên hộ"
        in client.post(
            reverse("visit", args=[campaign.slug]), sent | {"household": "", "device_key": str(uuid.uuid4())}
        ).content.decode()
    )


@pytest.mark.parametrize(
    "ended",
    [
        ("/van-ban-den/7", "done", ""),
        (RefusedError("Thiếu cây đơn vị."), "failed", "Thiếu cây đơn vị."),
        (RuntimeError("secret"), "failed", "Máy chủ gặp lỗi"),
    ],
)
def test_long_work_says_how_it_ended(
    client: Client,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    ended: tuple[Any, str, str],
) -> None:
    outcome, state, told = ended
    job = jobs.open_job(cast.officer.pk, "thu.pdf")

    def work(tell: jobs.Tell) -> str:
        tell("make", 1, 2)
        if isinstance(outcome, Exception):
            raise outcome
        return str(outcome)

    client.force_login(cast.officer)
    assert "thu.pdf" in client.get(reverse("progress", args=[job.id])).content.decode()
    jobs.perform(job, work)
    found = jobs.find(job.id, timezone.now())
    assert found is not None
    assert found.state == state
    assert told in found.error
    assert "secret" not in found.error
    asked = client.get(reverse("progress", args=[job.id]), headers={"hx-request": "true"})
    assert (asked.headers.get("HX-Redirect") == "/van-ban-den/7") == (state == "done")
    assert ("RuntimeError" in caplog.text) == isinstance(outcome, RuntimeError)
    client.force_login(cast.leader)
    assert client.get(reverse("progress", args=[job.id])).status_code == 404


def test_a_letter_that_comes_in_is_read_aside_whether_sent_or_pasted(
    client: Client,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[jobs.Job] = []
    monkeypatch.setattr(jobs, "start", lambda job, _work: started.append(job))
    client.force_login(cast.officer)
    file = SimpleUploadedFile("C:\\cong van\\Công văn 12.txt", "Kính gửi".encode())
    response = client.post(reverse("upload_letter"), {"file": file})
    assert response.status_code == 302
    assert (started[0].folder / started[0].file_name).read_text(encoding="utf-8") == "Kính gửi"
    client.post(reverse("upload_letter"), {"text": "Số: 12/UBND-VHTT"})
    assert (started[1].folder / started[1].file_name).read_text(encoding="utf-8") == "Số: 12/UBND-VHTT"
    assert client.post(reverse("upload_letter"), {}).status_code == 400


def test_a_job_whose_machine_stopped_is_told_as_failed(cast: Cast) -> None:
    job = jobs.open_job(cast.officer.pk, "thu.pdf")
    later = timezone.now() + dt.timedelta(seconds=jobs.STALE_SECONDS + 5)
    found = jobs.find(job.id, later)
    assert found is not None
    assert found.state == "failed"


def test_a_report_is_written_as_data(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    response = client.get(reverse("report_file", args=[campaign.slug, "json"]))
    assert response.json()["campaign"] == campaign.slug
    assert client.get(reverse("report_file", args=[campaign.slug, "exe"])).status_code == 404


def test_a_fact_of_ones_own_is_added_and_a_wrong_one_said(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    address = reverse("add_fact", args=[campaign.slug])
    sent = {"label": "Giờ hỗ trợ", "kind": "date", "value": "mai", "source": "Lịch xã"}
    assert "không hợp lệ" in client.post(address, sent).content.decode()
    done = client.post(address, sent | {"value": "16/9/2024"}, follow=True)
    assert "Đã thêm dữ kiện" in done.content.decode()
    assert campaign.facts.get(key="gio_ho_tro").confirmed_by == cast.officer
    client.force_login(cast.unit_officer)
    assert client.get(address).status_code == 403
