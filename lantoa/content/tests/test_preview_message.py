from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.tests.builders import BULLETIN, LEAFLET, MESSAGE_PIECES, NEW_SHOWN, OLD_SHOWN, make_campaign
from lantoa.content.actions import Edit, approve_messages, edit_message, make_kit
from lantoa.content.actions.previewing import Preview, Trial, make_preview, phases_of, preview_message
from lantoa.content.models import Draft, Rendering
from lantoa.content.rules.editing import Words, entry_of
from lantoa.content.tests.test_make_messages import NOTICES
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

PHASES = """
[[phase]]
key = "before"
label = "Trước"
first_day = -30
aim = "Báo trước."
[[phase]]
key = "late"
label = "Muộn"
first_day = 9000
aim = "Nhắc."
[phase.says]
key = "title"
"""


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast, pieces=(LEAFLET, BULLETIN))


def tried(campaign: Campaign, cast: Cast, key: str, **words: str) -> dict[str, Preview]:
    trial = Trial(key, "vi", Words(**words), cast.ward)
    return {one.kind: one for one in preview_message(campaign, trial)}


def test_every_kind_that_says_the_message_is_shown_and_no_other(campaign: Campaign, cast: Cast) -> None:
    shown = tried(campaign, cast, "lead", text="Ở {place} từ {start_date|long}.")
    assert set(shown) == {"article", "feed_entry", "leaflet", "board_notice"}
    assert "Ở phường Đa Phước từ ngày 07 tháng 6 năm 2025." in shown["article"].text
    assert all(not one.why_not and one.hash for one in shown.values())
    assert not Rendering.objects.exists()
    assert not HistoryEntry.objects.filter(verb="make_kit").exists()


def test_messages_are_shown_as_somebody_reads_them_of_whom_nothing_is_known(cast: Cast) -> None:
    campaign = make_campaign(cast, pieces=(MESSAGE_PIECES, NOTICES))
    shown = tried(campaign, cast, "title", text="Đo mưa ngay từ {start_date}")
    assert "zns" not in shown, "its carrier approved other words"
    push, email = shown["push"], shown["email"]
    assert push.is_shown_whole
    assert push.text.startswith(f"Đo mưa ngay từ {OLD_SHOWN}\n\nBắt đầu đo mưa")
    assert email.details["subject"] == f"Đo mưa ngay từ {OLD_SHOWN}"
    assert "Kính gửi quý vị," in email.text
    assert not any(one.why_not for one in shown.values())


def test_of_a_bulletin_one_sound_is_enough_and_a_length_that_says_nothing_else_is_not_shown(
    campaign: Campaign, cast: Cast
) -> None:
    assert set(tried(campaign, cast, "key", text="Bắt đầu đo mưa từ {start_date}.")) == {"script", "audio"}


def test_a_preview_is_what_the_kit_will_be(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    words = Words(text="Ở {place} từ {start_date|long}, mỗi sáng.")
    shown = {one.kind: one for one in preview_message(campaign, Trial("lead", "vi", words, cast.district))}
    row = edit_message(campaign, Edit("lead", "vi", words, 0), cast.officer)
    approve_messages(campaign, [row.pk], cast.officer)
    kit = campaign.rendering_set.current().filter(place=cast.district)
    assert {row.kind: row.hash for row in kit if row.kind in shown} == {
        kind: one.hash for kind, one in shown.items() if kit.filter(kind=kind).exists()
    }


def test_a_text_message_comes_with_its_parts_and_its_twin_without_tones(campaign: Campaign, cast: Cast) -> None:
    shown = tried(campaign, cast, "message", text="Bắt đầu đo mưa từ ngày {start_date}. " * 6 + "{publisher}")
    assert shown["sms"].details["parts"] == 4
    assert shown["sms_unaccented"].text.startswith("Bat dau do mua")
    assert [one.finding.rule for one in shown["sms"].found] == ["length"]


def test_a_bulletin_comes_with_its_seconds_and_its_own_words_are_marked(campaign: Campaign, cast: Cast) -> None:
    script = tried(campaign, cast, "key", text="Mai đo mưa, từ ngày {start_date}.")["script"]
    assert script.details["seconds"] > 5
    (span,) = script.spans
    assert script.text[slice(*span)] == f"Mai đo mưa, từ ngày {OLD_SHOWN}"


def test_what_the_check_finds_in_these_words_is_told_from_what_others_say(campaign: Campaign, cast: Cast) -> None:
    shown = tried(campaign, cast, "lead", text="Đọc thùng ngay lập tức, thứ Hai {start_date}.")
    found = {one.finding.found: one for one in shown["article"].found}
    assert found["ngay lập tức"].is_own
    mend = found["thứ Hai"].mend
    assert mend is not None
    assert (found["thứ Hai"].field, mend.start, mend.end, mend.new) == ("text", 24, 31, "thứ Bảy")
    other = tried(campaign, cast, "numbers", text="Có {households} hộ.")["article"]
    assert not [one for one in other.found if one.is_own]


def test_why_a_piece_cannot_be_made_is_said_in_its_place(campaign: Campaign, cast: Cast) -> None:
    assert "Số trực lũ: chưa có giá trị" in tried(campaign, cast, "lead", text="Gọi {hotline}.")["article"].why_not
    assert "Lời văn còn lỗi" in tried(campaign, cast, "lead", text="Từ {.")["article"].why_not
    long = tried(campaign, cast, "key", text="Bắt đầu đo mưa từ ngày {start_date} ở mọi nhà. " * 20)
    assert "Câu chính" in long["script"].why_not


def test_a_notice_is_shown_as_if_its_fact_had_changed(campaign: Campaign, cast: Cast) -> None:
    shown = tried(campaign, cast, "moved_lead", text="Ngày đo nay là {start_date}.")
    assert f"Ngày đo nay là {OLD_SHOWN}." in shown["correction_notice"].text
    other = tried(campaign, cast, "update_lead", text="{changed_label} nay là: {changed_value}.")
    assert "Số hộ tham gia đo mưa nay là: 1.200." in other["correction_notice"].text
    assert NEW_SHOWN not in other["correction_notice"].text


def test_a_message_is_shown_in_the_phase_that_says_it(cast: Cast) -> None:
    campaign = make_campaign(cast, pieces=(BULLETIN, PHASES))
    phases, first = phases_of(campaign, "key")
    assert [phase.key for phase in phases] == ["before"]
    entry = entry_of(pack_of(campaign), "title")
    assert entry is not None
    words = Words.of(entry)
    late = {one.kind: one for one in preview_message(campaign, Trial("title", "vi", words, cast.ward, "late"))}
    assert late["script"].spans
    assert first in {"", "before"}


def test_one_rendering_is_made_when_it_is_asked_for(campaign: Campaign, cast: Cast) -> None:
    trial = Trial("lead", "vi", Words(text="Ở {place} từ {start_date|long}."), cast.ward)
    made, digest = make_preview(campaign, trial, "leaflet")
    assert made.content.startswith(b"%PDF")
    assert digest == {one.kind: one for one in preview_message(campaign, trial)}["leaflet"].hash
    for kind, text in (("sms", "Đủ."), ("leaflet", "Dài lắm. " * 2000)):
        with pytest.raises(RefusedError):
            make_preview(campaign, Trial("lead", "vi", Words(text=text), cast.ward), kind)
    assert not Draft.objects.exists()
