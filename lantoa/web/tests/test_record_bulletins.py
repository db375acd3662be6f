"""The pages of bulletins read by a person; what a recording means is tested beside the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import BULLETIN, NEW, make_campaign
from lantoa.content.actions import make_kit
from lantoa.content.actions.recording import readings_of
from lantoa.content.models import Recording
from lantoa.content.tests.builders import read_aloud
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.tests.builders import Cast, make_cast, make_place

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.content.actions.recording import Reading


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made once is the same for every test: a rendering is known by its hash."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


@pytest.fixture
def campaign(cast: Cast, store: Path, settings: LazySettings) -> Campaign:
    """A small campaign with its kit made: two wards have a bulletin."""
    settings.LANTOA_STORE = store
    other = make_place("Phường Bến Đò", "ward", cast.district, code="P-khac")
    make_place("Ủy ban nhân dân phường Bến Đò", "committee", other)
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("loudspeaker",))
    campaign = make_campaign(cast, task, pieces=(BULLETIN,))
    make_kit(campaign, None)
    return campaign


@pytest.fixture
def reading(campaign: Campaign, cast: Cast) -> Reading:
    return readings_of(campaign, cast.ward)[0]


def page(campaign: Campaign, code: str = "") -> str:
    ward = campaign.rendering_set.get(kind="audio", place__name="Phường Đa Phước").place
    return reverse("recording", args=[campaign.slug, code or ward.code])


def send(client: Client, campaign: Campaign, reading: Reading, data: bytes | None = None) -> Any:
    file = SimpleUploadedFile("doc.wav", read_aloud(reading.script) if data is None else data)
    return client.post(page(campaign), {"file": file, "script": reading.script_hash}, follow=True)


def test_a_ward_brings_hears_uses_and_gives_up_a_recording(
    client: Client, campaign: Campaign, cast: Cast, reading: Reading
) -> None:
    client.force_login(cast.unit_officer)
    before = client.get(page(campaign)).content.decode()
    assert reading.script.splitlines()[0][:40] in before
    assert "Giọng máy" in before
    told = send(client, campaign, reading).content.decode()
    assert "Hãy nghe hết rồi mới dùng" in told
    assert "Không thấy lỗi" in told
    row = Recording.objects.get()
    sound = client.get(reverse("recording_file", args=[campaign.slug, row.pk]))
    assert b"".join(sound.streaming_content).startswith(b"ID3")  # type: ignore[attr-defined]  # a file response streams
    sound.close()
    used = client.post(reverse("accept_recording", args=[campaign.slug, row.pk]), follow=True).content.decode()
    assert "sẽ được phát thay giọng máy" in used
    assert "chờ duyệt ở trang Bộ nội dung" in used
    listed = client.get(reverse("recordings", args=[campaign.slug])).content.decode()
    assert "Người đọc của địa phương" in listed
    gone = client.post(reverse("drop_recording", args=[campaign.slug, row.pk]), follow=True).content.decode()
    assert "Đã trở về giọng máy" in gone
    assert set(HistoryEntry.objects.values_list("verb", flat=True)) >= {
        "record_bulletin",
        "accept_recording",
        "drop_recording",
    }


def test_a_recording_of_old_words_says_so_and_is_not_used(
    client: Client, campaign: Campaign, cast: Cast, reading: Reading
) -> None:
    client.force_login(cast.officer)
    send(client, campaign, reading)
    row = Recording.objects.get()
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND"), None)
    assert "đọc lời cũ nên không được phát nữa" in client.get(page(campaign)).content.decode()
    refused = client.post(reverse("accept_recording", args=[campaign.slug, row.pk]), follow=True)
    assert "Bản thu này đọc lời cũ nên không dùng được" in refused.content.decode()


@pytest.mark.parametrize("broken", [(b"", "rỗng"), (b"MZ not sound", "không phải tệp âm thanh")])
def test_what_is_no_recording_is_refused_on_the_page(
    client: Client, campaign: Campaign, cast: Cast, reading: Reading, broken: tuple[bytes, str]
) -> None:
    data, why = broken
    client.force_login(cast.unit_officer)
    assert why in send(client, campaign, reading, data).content.decode()
    assert not Recording.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(
    client: Client, campaign: Campaign, cast: Cast, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lantoa.web.forms.MOST_RECORDED", 3)
    client.force_login(cast.unit_officer)
    assert "lớn hơn 60 MB" in send(client, campaign, reading, b"four").content.decode()


def test_the_page_may_use_the_microphone_and_no_other_page_may(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.unit_officer)
    assert "microphone=(self)" in client.get(page(campaign))["Permissions-Policy"]
    assert "microphone=()" in client.get(reverse("recordings", args=[campaign.slug]))["Permissions-Policy"]


def test_each_sees_and_records_only_own_places(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.unit_officer)
    listed = client.get(reverse("recordings", args=[campaign.slug])).content.decode()
    assert cast.ward.name in listed
    assert "Phường Bến Đò" not in listed
    assert client.get(page(campaign, "P-khac")).status_code == 404
    client.force_login(cast.officer)
    assert client.get(page(campaign, "P-khac")).status_code == 200
    found = client.get(reverse("recordings", args=[campaign.slug]), {"tim": "ben do"}).content.decode()
    assert "Phường Bến Đò" in found
    assert cast.ward.name not in found
    client.force_login(cast.field_worker)
    assert client.get(page(campaign)).status_code in {403, 404}
    client.force_login(cast.outsider)
    assert client.get(page(campaign)).status_code == 404
