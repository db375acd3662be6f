from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import BULLETIN, NEW, OLD_SHOWN, make_campaign
from lantoa.content.actions import approve_kit, check_kit, check_rendering, make_kit
from lantoa.content.actions.extracting import VERSION, shown_text
from lantoa.content.actions.making import make_notices
from lantoa.content.tests.builders import reword
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import make_place

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = make_campaign(cast)
    make_kit(campaign, None)
    return campaign


def edit(campaign: Campaign, text: str) -> None:
    reword(campaign, "point", text, "Đọc vạch")
    make_kit(campaign, None)


def test_a_sound_kit_is_approved_once(campaign: Campaign, cast: Cast) -> None:
    number = campaign.rendering_set.count()
    assert check_kit(campaign) == []
    assert approve_kit(campaign, cast.officer) == number
    assert set(campaign.rendering_set.values_list("approved_by", flat=True)) == {cast.officer.pk}
    assert approve_kit(campaign, cast.officer) == 0
    assert HistoryEntry.objects.filter(verb="approve_kit").count() == 1


def test_a_date_typed_into_a_message_stops_the_kit_and_is_quoted(campaign: Campaign) -> None:
    edit(campaign, "Hạn cuối 30/6/2025.")
    with pytest.raises(RefusedError, match="“30/6/2025”"):
        approve_kit(campaign, None)
    assert not campaign.rendering_set.filter(approved_at__isnull=False).exists()


def test_a_date_of_a_legal_basis_passes(campaign: Campaign) -> None:
    edit(campaign, "Theo Thông báo ngày 02/5/2025.")
    assert check_kit(campaign) == []


def test_the_old_day_is_a_fault_once_the_fact_moved_though_the_letter_says_it(campaign: Campaign) -> None:
    campaign.letter.text = f"Bắt đầu đo mưa từ ngày {OLD_SHOWN}; trước ngày 30/6/2025."
    campaign.letter.save()
    edit(campaign, f"Từ {OLD_SHOWN}, xong trước 30/6/2025.")
    assert check_kit(campaign) == []
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND"), None)
    make_kit(campaign, None)
    assert {fault.finding.found for fault in check_kit(campaign)} == {OLD_SHOWN}


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_approve(campaign: Campaign, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        approve_kit(campaign, getattr(cast, who))


def test_each_fault_names_the_place_the_message_and_the_mend(campaign: Campaign) -> None:
    edit(campaign, "Hạn cuối 30/6/2025.")
    faults = [one for one in check_kit(campaign) if one.finding.rule == "date"]
    assert {one.rendering.kind for one in faults if one.rendering} == {"article", "feed_entry"}
    for one in faults:
        assert one.message == "point"
        assert one.finding.before.endswith("Hạn cuối ")
        assert one.rendering is not None
        text, findings = check_rendering(one.rendering)
        finding = findings[one.number - 1]
        assert text[finding.start : finding.end] == "30/6/2025"


def test_what_is_only_warned_of_does_not_stop_the_kit(campaign: Campaign, cast: Cast) -> None:
    edit(campaign, "Nhà nào cũng nhớ đọc vạch ngay lập tức.")
    assert {(one.finding.rule, one.finding.blocks) for one in check_kit(campaign)} == {("urgency", False)}
    assert approve_kit(campaign, cast.officer)


def test_the_wrong_ward_is_found_in_the_ward_and_may_stand_in_the_district(campaign: Campaign, cast: Cast) -> None:
    make_place("Phường Anh Sơn", "ward", cast.district)
    edit(campaign, "Bà con phường Anh Sơn nhớ đọc vạch.")
    faults = [one for one in check_kit(campaign) if one.finding.rule == "name"]
    assert {one.rendering.place for one in faults if one.rendering} == {cast.ward}
    assert {one.finding.mend.new for one in faults} == {"phường Đa Phước"}


def test_a_lost_unaccented_message_is_found_and_made_again(campaign: Campaign) -> None:
    campaign.rendering_set.filter(kind="sms_unaccented").update(is_current=False)
    (fault,) = check_kit(campaign)
    assert (fault.finding.rule, fault.finding.mend.act) == ("unaccented", "remake")


def test_an_order_of_telecom_sms_to_a_ward_shows_the_article(campaign: Campaign) -> None:
    campaign.tasks.update(channel_kinds=["portal", "sms"])
    faults = [one for one in check_kit(campaign) if one.finding.rule == "level"]
    assert faults
    assert all("Điều 32" in one.finding.why and not one.finding.blocks for one in faults)


def test_text_of_a_file_is_taken_once(campaign: Campaign) -> None:
    article = campaign.rendering_set.filter(kind="article").select_related("place").first()
    assert article is not None
    first = shown_text(article)
    article.path.write_bytes(b"<p>30/6/2025</p>")
    assert shown_text(article) == first
    assert "30/6/2025" not in first


def test_what_a_page_tells_machines_alone_is_read_too(campaign: Campaign) -> None:
    article = campaign.rendering_set.filter(kind="article").select_related("place").first()
    assert article is not None
    page = article.path.read_text(encoding="utf-8")
    article.path.with_suffix(f".text{VERSION}").unlink(missing_ok=True)
    article.path.write_text(page.replace('"headline": "', '"headline": "Hạn 30/6/2025. '), encoding="utf-8")
    assert any(one.finding.found == "30/6/2025" for one in check_kit(campaign))


def test_a_ward_named_by_a_number_approves_its_kit_the_bulletin_as_said_included(cast: Cast) -> None:
    Place.objects.filter(pk=cast.ward.pk).update(name="Phường Mẫu 12")
    Place.objects.filter(pk=cast.committee.pk).update(name="Ủy ban nhân dân Phường Mẫu 12")
    make_place("Phường 13", "ward", cast.district)
    radio = LetterTask("1", ("Ủy ban nhân dân các phường",), "Phát loa", ("loudspeaker", "portal"))
    bulletin = BULLETIN.replace("[{", '[{ message = "lead", priority = 1 }, {')
    campaign = make_campaign(cast, radio, pieces=(bulletin,))
    make_kit(campaign, None)
    audio = campaign.rendering_set.get(kind="audio", place=cast.ward)
    assert "mười hai" in audio.words
    assert approve_kit(campaign, cast.officer)
    edit(campaign, "Bà con phường Mẫu 12 và phường 13 còn 12 hộ.")
    wrong = {(one.finding.rule, one.finding.found) for one in check_kit(campaign) if one.finding.blocks}
    assert wrong == {("name", "phường 13"), ("number", "12")}
    make_notices(campaign, campaign.facts.filter(key="start_date"), [cast.ward.pk], None)
    assert not [one for one in check_kit(campaign) if one.rendering and "notice" in one.rendering.kind]


def test_what_lay_in_the_ward_once_may_be_named_there_and_nowhere_else(campaign: Campaign, cast: Cast) -> None:
    make_place("Tổ dân phố số 31", "neighbourhood", cast.ward, valid_to=campaign.as_of - dt.timedelta(days=1))
    Place.objects.filter(pk=cast.ward.pk).update(aliases=["Xã Đa Phước 2"])
    edit(campaign, "Bà con tổ dân phố số 31, xã Đa Phước 2 nhớ đọc vạch.")
    assert check_kit(campaign) == []
    make_place("Tổ dân phố số 32", "neighbourhood", make_place("", "ward", cast.district))
    edit(campaign, "Bà con tổ dân phố số 32 nhớ đọc vạch.")
    assert {one.finding.found for one in check_kit(campaign)} == {"tổ dân phố số 32"}
