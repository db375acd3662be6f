from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import BULLETIN, NEW, NEW_SHOWN, OLD, make_campaign
from lantoa.content.actions import (
    Upload,
    accept_recording,
    approve_kit,
    check_kit,
    drop_recording,
    make_kit,
    record_bulletin,
)
from lantoa.content.actions.recording import readings_of
from lantoa.content.makers.audio import RECORDED
from lantoa.content.models import Recording, Rendering
from lantoa.content.tests.builders import read_aloud, reword
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_user

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made once is the same for every test: a rendering is known by its hash."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def campaign(cast: Cast, store: Path, settings: LazySettings) -> Campaign:
    settings.LANTOA_STORE = store
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("loudspeaker",))
    campaign = make_campaign(cast, task, pieces=(BULLETIN,))
    make_kit(campaign, None)
    approve_kit(campaign, None)
    return campaign


def audio(campaign: Campaign, cast: Cast) -> Rendering:
    row: Rendering = campaign.rendering_set.current().get(kind="audio", place=cast.ward)
    return row


def bring(campaign: Campaign, cast: Cast, by: User | None = None, quieter: int = 3) -> Recording:
    (reading,) = readings_of(campaign, cast.ward)
    upload = Upload(cast.ward, reading.script_hash, "doc.wav", read_aloud(reading.script, quieter))
    return record_bulletin(campaign, upload, by or cast.unit_officer)


def move_date(campaign: Campaign, value: str) -> None:
    record_fact(campaign, FactChange("start_date", value, "Thông báo số 20/TB-UBND"), None)


def test_a_recording_is_heard_before_it_is_used(campaign: Campaign, cast: Cast) -> None:
    before = audio(campaign, cast)
    row = bring(campaign, cast)
    assert row.faults == []
    assert row.path.read_bytes()[:3] == b"ID3"
    assert row.seconds == pytest.approx(before.details["seconds"], abs=1)
    starts, ends, words = row.sentences[0]
    assert 3 < starts < ends < row.seconds
    assert words.startswith("Bắt đầu đo mưa")
    assert audio(campaign, cast) == before, "brought is not used"
    assert HistoryEntry.objects.get(verb="record_bulletin").by == cast.unit_officer


def test_accepted_it_takes_the_place_of_the_voice_and_waits_for_approval(campaign: Campaign, cast: Cast) -> None:
    before = audio(campaign, cast)
    found = [one.finding for one in check_kit(campaign) if one.rendering == before]
    row = accept_recording(bring(campaign, cast), cast.unit_officer)
    after = audio(campaign, cast)
    assert after.pk != before.pk
    assert (after.details["voice"], after.details["recording"]) == (RECORDED, row.file_hash)
    assert after.approved_at is None
    assert after.facts == before.facts
    assert after.words == before.words
    assert after.path.read_bytes() == row.path.read_bytes()
    assert [one.finding for one in check_kit(campaign) if one.rendering == after] == found
    assert approve_kit(campaign, cast.officer) == 1
    assert make_kit(campaign, None).made == 0, "made once"
    assert audio(campaign, cast) == after, "and it stays in the kit made anew"
    assert HistoryEntry.objects.get(verb="accept_recording").by == cast.unit_officer


def test_every_format_of_the_script_is_read_by_the_same_person(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None, variants=True)
    (reading,) = (one for one in readings_of(campaign, cast.ward) if "audio" in one.kinds)
    assert reading.kinds == ["audio", "audio_opus"]
    upload = Upload(cast.ward, reading.script_hash, "doc.wav", read_aloud(reading.script))
    row = accept_recording(record_bulletin(campaign, upload, cast.unit_officer), cast.unit_officer)
    read = campaign.rendering_set.current().filter(place=cast.ward, details__recording=row.file_hash)
    assert sorted(read.values_list("kind", flat=True)) == ["audio", "audio_opus"]
    assert all(path.stat().st_size for one in read for path in one.beside.values())
    voiced = campaign.rendering_set.current().filter(place=cast.ward, kind__startswith="audio_").exclude(pk__in=read)
    assert all(one.details["voice"].startswith("eSpeak") for one in voiced)


def test_what_cannot_be_composed_is_refused_with_its_reason(
    campaign: Campaign, cast: Cast, settings: LazySettings
) -> None:
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    (settings.LANTOA_HOME / "air_time.toml").write_text(f'"{cast.ward.code}" = 5\n', encoding="utf-8")
    with pytest.raises(RefusedError, match=f"air_time.toml: dòng “{cast.ward.code}”"):
        readings_of(campaign, cast.ward)


def test_given_up_the_voice_reads_again_as_it_was_approved(campaign: Campaign, cast: Cast) -> None:
    before = audio(campaign, cast)
    row = accept_recording(bring(campaign, cast), None)
    drop_recording(row, cast.unit_officer)
    assert audio(campaign, cast) == before
    assert audio(campaign, cast).approved_at is not None
    assert HistoryEntry.objects.get(verb="drop_recording").detail["was_used"] is True
    with pytest.raises(RefusedError, match="đã bỏ rồi"):
        drop_recording(row, cast.unit_officer)
    with pytest.raises(RefusedError, match="đã bỏ"):
        accept_recording(row, cast.unit_officer)


def test_a_changed_fact_puts_the_voice_back_and_old_words_are_never_aired(campaign: Campaign, cast: Cast) -> None:
    accept_recording(bring(campaign, cast), None)
    move_date(campaign, NEW)
    make_kit(campaign, None)
    after = audio(campaign, cast)
    assert "recording" not in after.details
    assert after.details["voice"].startswith("eSpeak")
    script = campaign.rendering_set.current().get(kind="script", place=cast.ward)
    assert NEW_SHOWN in script.words


def test_a_fact_that_changes_back_brings_the_recording_back(campaign: Campaign, cast: Cast) -> None:
    row = accept_recording(bring(campaign, cast), None)
    move_date(campaign, NEW)
    make_kit(campaign, None)
    move_date(campaign, OLD)
    make_kit(campaign, None)
    assert audio(campaign, cast).details["recording"] == row.file_hash


def test_new_words_are_not_read_by_an_old_recording(campaign: Campaign, cast: Cast) -> None:
    waiting = bring(campaign, cast)
    reword(campaign, "key", "Nhà nào cũng bắt đầu đo mưa từ ngày {start_date}.")
    with pytest.raises(RefusedError, match="đọc lời cũ"):
        accept_recording(waiting, cast.unit_officer)
    with pytest.raises(RefusedError, match="Lời đọc đã đổi"):
        record_bulletin(campaign, Upload(cast.ward, waiting.script_hash, "doc.wav", b"x"), cast.unit_officer)


def test_a_better_recording_takes_the_place_of_the_first(campaign: Campaign, cast: Cast) -> None:
    first = accept_recording(bring(campaign, cast), None)
    second = accept_recording(bring(campaign, cast, quieter=5), None)
    first.refresh_from_db()
    assert first.dropped_at is not None
    assert audio(campaign, cast).details["recording"] == second.file_hash
    with pytest.raises(RefusedError, match="đang được dùng"):
        accept_recording(second, None)


def test_a_lost_recording_does_not_keep_the_kit_from_being_made(campaign: Campaign, cast: Cast) -> None:
    row = accept_recording(bring(campaign, cast), None)
    row.source.unlink()
    make_kit(campaign, None)
    assert "recording" not in audio(campaign, cast).details


def test_a_bulletin_lost_from_the_store_is_made_again_of_the_recording(campaign: Campaign, cast: Cast) -> None:
    row = accept_recording(bring(campaign, cast), None)
    content = row.path.read_bytes()
    row.path.unlink()
    assert make_kit(campaign, None).made == 1
    assert row.path.read_bytes() == content
    assert audio(campaign, cast).details["recording"] == row.file_hash


@pytest.mark.parametrize(("data", "why"), [(b"", "trống"), (b"not sound", "không phải tệp âm thanh")])
def test_what_is_no_recording_is_refused_and_leaves_nothing(
    campaign: Campaign, cast: Cast, data: bytes, why: str
) -> None:
    (reading,) = readings_of(campaign, cast.ward)
    with pytest.raises(RefusedError, match=why):
        record_bulletin(campaign, Upload(cast.ward, reading.script_hash, "doc.wav", data), cast.unit_officer)
    assert not Recording.objects.exists()


def test_what_a_listener_would_notice_is_told_with_the_recording(campaign: Campaign, cast: Cast) -> None:
    (reading,) = readings_of(campaign, cast.ward)
    other = read_aloud("Bắt đầu đo mưa. " * 40)
    row = record_bulletin(campaign, Upload(cast.ward, reading.script_hash, "doc.wav", other), cast.unit_officer)
    assert "quá chậm" in row.faults[0] or "quá nhanh" in row.faults[0]
    accept_recording(row, cast.unit_officer)
    assert audio(campaign, cast).details["heard"] == row.faults, "whoever approves is told too"


def test_the_ward_and_those_above_it_may_and_nobody_else(campaign: Campaign, cast: Cast) -> None:
    assert bring(campaign, cast, cast.officer)
    operator = make_user(cast.committee, "operator")
    row = bring(campaign, cast, operator)
    for other in (cast.field_worker, cast.outsider):
        with pytest.raises(RefusedError):
            bring(campaign, cast, other)
        with pytest.raises(RefusedError):
            accept_recording(row, other)
        with pytest.raises(RefusedError):
            drop_recording(row, other)
    (reading,) = readings_of(campaign, cast.ward)
    with pytest.raises(RefusedError, match="không thuộc phạm vi"):
        record_bulletin(campaign, Upload(cast.district, reading.script_hash, "x", b"x"), operator)


def test_a_place_without_a_bulletin_has_nothing_to_read(campaign: Campaign, cast: Cast) -> None:
    assert readings_of(campaign, cast.district) == []
    with pytest.raises(RefusedError, match="không có bản tin"):
        record_bulletin(campaign, Upload(cast.district, "", "x.wav", b"x"), cast.officer)


def test_recordings_are_seen_by_those_whose_place_they_are(campaign: Campaign, cast: Cast) -> None:
    row = bring(campaign, cast)
    assert list(Recording.objects.for_user(cast.unit_officer)) == [row]
    assert list(Recording.objects.for_user(cast.officer)) == [row]
    assert list(Recording.objects.for_user(cast.outsider)) == []
    assert list(Recording.objects.filter(campaign=campaign).to_be_heard()) == [row]
