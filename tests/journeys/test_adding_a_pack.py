"""What `docs/add-a-pack.md` promises: the pack it prints, carried from its letter to a running campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.campaigns.actions import FactChange, record_fact, roadmap_of
from lantoa.campaigns.rules.tests.guide import write_guide_letter, write_guide_pack
from lantoa.content.actions import make_notices
from lantoa.main_job import RunOptions, RunResult, run_letter

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(home: Path, settings: LazySettings, tmp_path: Path) -> RunResult:
    """The letter of the guide, taken through the main job with the pack of the guide."""
    settings.LANTOA_PACKS = write_guide_pack(home / "packs").parent
    return run_letter(write_guide_letter(tmp_path), RunOptions(rehearse=True))


def rendering(run: RunResult, kind: str, language: str = "vi") -> Any:
    rows = run.campaign.rendering_set.in_every_language()
    return rows.get(kind=kind, language=language, place=run.campaign.place)


def test_the_pack_of_the_guide_runs_its_campaign(run: RunResult) -> None:
    assert run.campaign.pack == "rabies_vaccination"
    assert run.campaign.place.name == "Phường Hoa Sen"
    words = rendering(run, "article").words
    assert "Thứ Bảy, ngày 06 tháng 3 năm 2027, Ủy ban nhân dân phường Hoa Sen tổ chức tiêm phòng dại" in words
    made = {row.kind for row in run.kit.renderings}
    assert {"leaflet", "script", "audio", "article", "feed_entry"} <= made
    assert {"email", "push", "sms", "sms_unaccented"} <= made
    assert all(row.approved_at for row in run.campaign.rendering_set.in_every_language())


def test_what_nobody_confirmed_is_asked_for_and_not_printed(run: RunResult) -> None:
    assert run.campaign.questions.filter(about="fact", subject="vet_phone").exists()
    assert not any("Trạm thú y" in row.words for row in run.kit.renderings)


def test_the_article_is_also_there_in_english_and_what_lacks_words_is_marked(run: RunResult) -> None:
    english = rendering(run, "article", "en")
    assert english.title == "Rabies vaccination for dogs and cats on 6 March 2027"
    assert "VND 15,000 for each animal" in english.words
    assert "Some parts below are not translated yet" in english.words
    assert "Mèo nuôi trong nhà" in english.words
    assert english.path.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="en">')


def test_the_campaign_knows_its_phase(run: RunResult) -> None:
    roadmap = roadmap_of(run.campaign, run.campaign.opened_at.date())
    assert roadmap is not None
    assert roadmap.following is not None
    assert (roadmap.now, roadmap.following.phase.key) == (None, "before")


def test_a_changed_day_is_told_the_way_each_message_went_and_the_new_day_comes_first(run: RunResult) -> None:
    campaign = run.campaign
    fact = record_fact(campaign, FactChange("vaccination_date", "2027-03-13", "Thông báo ngày 01/3/2027"), None)
    kit = make_notices(campaign, [fact], [campaign.place_id], None)
    words = {row.kind: row.words for row in kit.renderings}
    assert set(words) == {"correction_sms", "correction_sms_unaccented", "correction_email"}
    assert words["correction_sms"].startswith("Ngày 13 tháng 3 năm 2027 là ngày tiêm phòng dại.")
    assert all("06/3/2027" not in told and "06 tháng 3" not in told for told in words.values())
