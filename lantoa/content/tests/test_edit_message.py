from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import NEW, OLD_SHOWN, make_campaign
from lantoa.content.actions import (
    Edit,
    EditedMeanwhileError,
    Restoring,
    approve_kit,
    approve_messages,
    drop_draft,
    edit_message,
    keep_draft,
    make_kit,
    restore_message,
)
from lantoa.content.actions.editing import others_at_work
from lantoa.content.models import Draft, Message, Rendering
from lantoa.content.rules.editing import Words
from lantoa.delivery.actions import publish_kit
from lantoa.evidence.models import HistoryEntry
from lantoa.places.models import User
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_user

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign

NEW_LEAD = "Nhà ven sông {place} đọc thùng đo mưa mỗi sáng, từ {start_date|long}."


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = make_campaign(cast)
    make_kit(campaign, None)
    approve_kit(campaign, None)
    return campaign


def edit(campaign: Campaign, by: User | None, text: str = NEW_LEAD, base: int | None = 0) -> Message:
    return edit_message(campaign, Edit("lead", "vi", Words(text=text), base, "rõ hơn"), by)


def article(campaign: Campaign, cast: Cast) -> Rendering:
    row: Rendering = campaign.rendering_set.current().get(kind="article", place=cast.ward)
    return row


def versions(campaign: Campaign, key: str = "lead") -> list[int]:
    return list(Message.objects.filter(campaign=campaign, key=key).values_list("version", flat=True))


def test_what_the_pack_says_is_version_0_and_an_edit_adds_the_next(campaign: Campaign, cast: Cast) -> None:
    row = edit(campaign, cast.officer)
    assert (row.version, row.by, row.reason, row.approved_at) == (1, cast.officer, "rõ hơn", None)
    assert versions(campaign) == [0, 1]
    entry = HistoryEntry.objects.get(verb="edit_message")
    assert entry.detail == {"key": "lead", "language": "vi", "version": 1, "reason": "rõ hơn"}


def test_the_same_words_again_add_no_version(campaign: Campaign, cast: Cast) -> None:
    pack = Message.objects.get(campaign=campaign, key="lead")
    assert edit(campaign, cast.officer, f"  {pack.text}\r\n") == pack
    assert not HistoryEntry.objects.filter(verb="edit_message").exists()


def test_unapproved_words_make_nothing_and_change_nothing(campaign: Campaign, cast: Cast) -> None:
    before = article(campaign, cast)
    edit(campaign, cast.officer)
    assert make_kit(campaign, None).made == 0
    assert article(campaign, cast) == before
    publish_kit(campaign, None)


def test_approved_words_are_made_checked_and_approved_at_once(campaign: Campaign, cast: Cast) -> None:
    before = article(campaign, cast)
    row = edit(campaign, cast.officer)
    assert approve_messages(campaign, [row.pk], cast.colleague) == 4  # an article and its feed entry, at two places
    row.refresh_from_db()
    after = article(campaign, cast)
    assert row.approved_by == cast.colleague
    assert after.pk != before.pk
    assert "mỗi sáng" in after.words
    assert after.approved_by == cast.colleague
    entry = HistoryEntry.objects.get(verb="approve_messages")
    assert entry.detail == {"messages": ["lead (vi) 1"], "renderings": 4}
    assert make_kit(campaign, None).made == 0, "the kit goes on being made of the approved words"


def test_what_blocks_is_named_and_all_stays_as_it_was(campaign: Campaign, cast: Cast) -> None:
    before = article(campaign, cast)
    row = edit(campaign, cast.officer, "Gửi mã OTP cho cán bộ để được đo mưa từ {start_date|long}.")
    with pytest.raises(RefusedError, match="Chưa duyệt được"):
        approve_messages(campaign, [row.pk], cast.officer)
    row.refresh_from_db()
    assert row.approved_at is None
    assert article(campaign, cast) == before


def test_words_that_changed_after_the_page_was_opened_are_not_approved(campaign: Campaign, cast: Cast) -> None:
    seen = edit(campaign, cast.officer)
    edit(campaign, cast.officer, "Từ {start_date|long} đo mưa.", 1)
    with pytest.raises(RefusedError, match="«lead»"):
        approve_messages(campaign, [seen.pk], cast.officer)
    with pytest.raises(RefusedError, match="Chưa chọn"):
        approve_messages(campaign, [], cast.officer)


def test_of_two_who_edit_the_second_is_told_and_nothing_is_overwritten(campaign: Campaign, cast: Cast) -> None:
    first = edit(campaign, cast.officer)
    with pytest.raises(EditedMeanwhileError, match="Cán bộ phụ trách đã lưu phiên bản 1") as told:
        edit(campaign, cast.colleague, "Từ {start_date|long} đo mưa.")
    assert told.value.newest == first
    assert versions(campaign) == [0, 1]
    assert edit(campaign, cast.colleague, "Từ {start_date|long} đo mưa.", 1).version == 2


def test_words_in_use_taken_again_need_no_new_approval(campaign: Campaign, cast: Cast) -> None:
    edit(campaign, cast.officer)
    back = restore_message(campaign, Restoring("lead", "vi", 0, 1), cast.officer)
    assert (back.version, back.restores) == (2, 0)
    assert back.approved_at is not None
    assert not Message.objects.filter(campaign=campaign).waiting().exists()
    entry = HistoryEntry.objects.get(verb="restore_message")
    assert entry.detail["restores"] == 0


def test_an_old_version_comes_back_as_a_new_one(campaign: Campaign, cast: Cast) -> None:
    one = edit(campaign, cast.officer)
    approve_messages(campaign, [one.pk], cast.officer)
    two = edit(campaign, cast.officer, "Từ {start_date|long} đo mưa.", 1)
    approve_messages(campaign, [two.pk], cast.officer)
    three = restore_message(campaign, Restoring("lead", "vi", 1, 2), cast.officer)
    assert (three.version, three.text, three.approved_at) == (3, NEW_LEAD, None)
    assert versions(campaign) == [0, 1, 2, 3]
    with pytest.raises(RefusedError, match="không có phiên bản 9"):
        restore_message(campaign, Restoring("lead", "vi", 9, 3), cast.officer)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"Từ {OLD_SHOWN}.", "Nên thay bằng: {start_date}"),
        ("Từ {ngay}.", "không có dữ kiện «ngay»"),
        ("", "chưa có lời văn"),
    ],
)
def test_words_that_may_not_be_said_are_not_saved(campaign: Campaign, cast: Cast, text: str, why: str) -> None:
    with pytest.raises(RefusedError) as told:
        edit(campaign, cast.officer, text)
    assert why in str(told.value)
    assert versions(campaign) == [0]


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_neither_edit_nor_approve(campaign: Campaign, cast: Cast, who: str) -> None:
    row = edit(campaign, cast.officer)
    other = getattr(cast, who)
    with pytest.raises(RefusedError):
        edit(campaign, other, base=1)
    with pytest.raises(RefusedError):
        restore_message(campaign, Restoring("lead", "vi", 0, 1), other)
    with pytest.raises(RefusedError):
        approve_messages(campaign, [row.pk], other)
    with pytest.raises(RefusedError):
        keep_draft(campaign, Edit("lead", "vi", Words(text="x"), 1), other)


def test_a_clerk_may_write_but_not_approve(campaign: Campaign, cast: Cast) -> None:
    clerk = make_user(cast.district, User.Role.CLERK)
    row = edit(campaign, clerk)
    with pytest.raises(RefusedError, match="Văn thư"):
        approve_messages(campaign, [row.pk], clerk)


def test_unknown_messages_and_languages_are_named(campaign: Campaign, cast: Cast) -> None:
    for key, language, why in (("khac", "vi", "thông điệp “khac”"), ("lead", "en", "thứ tiếng “en”")):
        with pytest.raises(RefusedError, match=why):
            edit_message(campaign, Edit(key, language, Words(text="Lời."), None), cast.officer)


def test_a_fact_that_changes_while_the_kit_is_made_stops_the_approval(
    campaign: Campaign, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lantoa.content.actions import approving_words  # noqa: PLC0415 - patched here

    row = edit(campaign, cast.officer)
    change = FactChange("start_date", NEW, "Thông báo số 20/TB-UBND")
    monkeypatch.setattr(approving_words, "refuse_blocked", lambda _found: record_fact(campaign, change, None))
    with pytest.raises(RefusedError, match="vừa đổi"):
        approve_messages(campaign, [row.pk], cast.officer)
    row.refresh_from_db()
    assert row.approved_at is None


def test_words_can_be_edited_before_the_first_kit(cast: Cast) -> None:
    campaign = make_campaign(cast)
    row = edit(campaign, cast.officer)
    assert versions(campaign) == [0, 1]
    assert approve_messages(campaign, [row.pk], cast.officer)
    assert "mỗi sáng" in article(campaign, cast).words


def test_words_the_pack_got_later_are_its_version_0_too(campaign: Campaign, cast: Cast) -> None:
    Message.objects.filter(campaign=campaign, key="lead").delete()
    edit(campaign, cast.officer)
    assert versions(campaign) == [0, 1]
    back = restore_message(campaign, Restoring("lead", "vi", 0, 1), cast.officer)
    assert back.approved_at is not None


# --- drafts ------------------------------------------------------------------------------------------


def draft(campaign: Campaign, writer: User, text: str) -> Draft | None:
    return keep_draft(campaign, Edit("lead", "vi", Words(text=text), 0), writer)


def test_what_one_types_is_kept_for_oneself_until_it_is_saved(campaign: Campaign, cast: Cast) -> None:
    kept = draft(campaign, cast.officer, "Nhà ven sông {")
    assert kept is not None
    assert kept.words.text == "Nhà ven sông {", "a draft may be half a sentence"
    assert draft(campaign, cast.officer, "Nhà ven sông {place}") == kept
    edit(campaign, cast.officer)
    assert not Draft.objects.exists()


def test_words_as_they_were_are_no_draft(campaign: Campaign, cast: Cast) -> None:
    assert draft(campaign, cast.officer, "Nhà ven sông")
    pack = Message.objects.get(campaign=campaign, key="lead")
    assert draft(campaign, cast.officer, pack.text) is None
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away_and_is_nobody_elses(campaign: Campaign, cast: Cast) -> None:
    draft(campaign, cast.officer, "Một")
    draft(campaign, cast.colleague, "Hai")
    drop_draft(campaign, "lead", "vi", cast.officer)
    assert [one.writer for one in Draft.objects.all()] == [cast.colleague]


def test_one_is_told_who_else_is_writing_now(campaign: Campaign, cast: Cast) -> None:
    draft(campaign, cast.colleague, "Hai")
    assert [one.writer for one in others_at_work(campaign, "lead", "vi", cast.officer)] == [cast.colleague]
    assert others_at_work(campaign, "lead", "vi", cast.colleague) == []
    Draft.objects.update(kept_at=timezone.now() - dt.timedelta(hours=1))
    assert others_at_work(campaign, "lead", "vi", cast.officer) == []


def test_an_endless_draft_is_refused(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(RefusedError, match="50000"):
        draft(campaign, cast.officer, "a" * 50_001)
