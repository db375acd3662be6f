"""Messages to many people in a campaign: made, asked for, checked, and the notices that correct them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import EMAIL_PIECE, MESSAGE_PIECES, NEW, NEW_SHOWN, OLD_SHOWN, make_campaign
from lantoa.content.actions import approve_kit, check_kit, make_kit
from lantoa.content.actions.extracting import shown_text
from lantoa.content.actions.making import make_notices
from lantoa.content.models import Message
from lantoa.content.rules.kinds import KINDS
from lantoa.content.tests.builders import reword
from lantoa.letters.rules.letter import LetterTask

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.places.tests.builders import Cast

NOTICES = """
[[piece]]
kind = "correction_sms"
audience = "residents"
[piece.slots]
text = ["update_lead"]

[[piece]]
kind = "correction_email"
audience = "residents"
[piece.slots]
title = ["update_title"]
lead = ["update_lead"]

[[piece]]
kind = "correction_push"
audience = "residents"
about = "start_date"
[piece.slots]
title = ["moved_title"]
text = ["moved_lead"]
"""
TEMPLATE = """
[[template]]
id = "345678"
pack = "rain"
kind = "%s"
title = "Đo mưa từ <ngay>"
text = "Kính gửi quý khách <ten>. Từ <ngay>, mời quý khách đọc thùng đo mưa."
confirmed_by = "Bà Trần Thị Lan"
confirmed_on = 2025-05-09
[template.params]
ngay = { type = "time", value = "{start_date}" }
ten = { type = "customer_name", value = "{{name|quý vị}}" }
"""
ZALO = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("zalo", "staff_meeting"))


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast, ZALO, pieces=(MESSAGE_PIECES, NOTICES))


def approved_templates(*kinds: str) -> None:
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    (settings.LANTOA_HOME / "zns.toml").write_text("".join(TEMPLATE % kind for kind in kinds), encoding="utf-8")


def current(campaign: Campaign, kind: str) -> Rendering:
    row: Rendering = campaign.rendering_set.current().get(kind=kind, place=campaign.place)
    return row


def test_the_kit_holds_an_e_mail_a_push_message_and_a_feed_entry(campaign: Campaign) -> None:
    make_kit(campaign, None)
    email, push = current(campaign, "email"), current(campaign, "push")
    assert email.details["subject"] == f"Đo mưa từ ngày {OLD_SHOWN}"
    assert "Kính gửi {{name|quý vị}}," in email.details["text"]
    assert email.file_name == "thu-dien-tu.html"
    assert push.words == f"Đo mưa từ ngày {OLD_SHOWN}\n\nBắt đầu đo mưa từ ngày {OLD_SHOWN}. {publisher(campaign)}"
    assert json.loads(push.path.read_bytes())["url"].endswith(f"/c/{campaign.slug}/?noi={campaign.place.code}")
    assert {row.facts["start_date"] for row in (email, push, current(campaign, "feed_entry"))} == {1}
    assert email.details["publisher"] == push.details["publisher"] == publisher(campaign)


def publisher(campaign: Campaign) -> str:
    return str(campaign.place.children.filter(kind="committee").first() or campaign.place)


def test_an_office_that_is_told_in_a_meeting_gets_the_e_mail_too(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    assert campaign.rendering_set.current().filter(kind="email", place=cast.ward).exists()


def test_without_an_approved_template_zalo_is_asked_about_and_with_one_the_question_closes(campaign: Campaign) -> None:
    make_kit(campaign, None)
    question = campaign.questions.get(subject="Mẫu Tin Zalo ZNS")
    assert "«Đo mưa từ ngày <start_date>»" in question.why
    assert "zns.toml" in question.why
    assert not campaign.rendering_set.filter(kind="zns").exists()
    make_kit(campaign, None)
    approved_templates("zns")
    make_kit(campaign, None)
    question.refresh_from_db()
    assert question.answered_at is not None
    row = current(campaign, "zns")
    assert json.loads(row.path.read_bytes())["params"] == {"ngay": "07/06/2025", "ten": "{{name|quý vị}}"}
    assert row.words.startswith("Đo mưa từ 07/06/2025\n\nKính gửi quý khách quý vị.")
    assert row.facts == {"start_date": 1}


def test_who_was_not_told_to_use_zalo_is_not_asked(cast: Cast) -> None:
    portal = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal",))
    campaign = make_campaign(cast, portal, pieces=(MESSAGE_PIECES, NOTICES))
    make_kit(campaign, None)
    assert not campaign.questions.filter(subject__contains="ZNS").exists()


def test_each_message_is_checked_as_its_reader_gets_it(campaign: Campaign) -> None:
    approved_templates("zns")
    make_kit(campaign, None)
    assert [one.finding for one in check_kit(campaign) if one.finding.blocks] == []
    shown = {kind: shown_text(current(campaign, kind)) for kind in ("email", "push", "zns", "feed_entry")}
    for text in shown.values():
        assert OLD_SHOWN in text or "07/06/2025" in text
        assert "{{" not in text
    assert "Kính gửi quý vị" in shown["email"]
    assert shown["feed_entry"].count("Mắt ngang mặt nước") == 1


def test_a_wrong_date_and_a_frauds_words_are_found_in_each(campaign: Campaign) -> None:
    Message.objects.filter(campaign=campaign).delete()
    make_kit(campaign, None)
    reword(campaign, "title", "Đo mưa từ 30/6/2025")
    reword(campaign, "message", "Bấm vào đường dẫn. Từ {start_date}.")
    make_kit(campaign, None)
    found = {(one.rendering.kind, one.finding.rule) for one in check_kit(campaign) if one.rendering}
    assert {("email", "date"), ("push", "date"), ("feed_entry", "date"), ("push", "asks_secret")} <= found
    assert ("push", "sender") in found


def test_what_its_channel_would_refuse_stops_the_approval(campaign: Campaign) -> None:
    approved_templates("zns")
    path = settings.LANTOA_HOME / "zns.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"customer_name"', '"salutation"'), encoding="utf-8")
    make_kit(campaign, None)
    (fault,) = [one for one in check_kit(campaign) if one.finding.blocks]
    assert fault.rendering is not None
    assert (fault.rendering.kind, fault.finding.rule) == ("zns", "length")


def test_a_correction_has_a_short_notice_for_each_way_its_kit_goes(campaign: Campaign, cast: Cast) -> None:
    approved_templates("zns", "correction_zns")
    make_kit(campaign, None)
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND"), None)
    changed = list(campaign.facts.current().filter(key="start_date"))
    kit = make_notices(campaign, changed, [cast.district.pk, cast.ward.pk], None)
    mine = {row.kind: row for row in kit.renderings if row.place == cast.district}
    assert set(mine) == {
        "correction_notice", "correction_notice_pdf", "correction_sms", "correction_sms_unaccented", "correction_email",
        "correction_push", "correction_zns",
    }  # fmt: skip
    for kind, row in mine.items():
        text = shown_text(row)
        assert NEW_SHOWN in text or "05/07/2025" in text, kind
        assert OLD_SHOWN not in text
        assert row.facts == {"start_date": 2}
    push = json.loads(mine["correction_push"].path.read_bytes())
    assert push["tag"] == json.loads(current(campaign, "push").path.read_bytes())["tag"]


def test_notices_are_checked_and_one_that_is_too_long_is_warned_of_and_goes(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND"), None)
    long = "Ngày mới: {changed_value}. " + "Xin đọc kỹ và báo lại cho cả nhà cùng biết. " * 6
    reword(campaign, "update_lead", long)
    make_kit(campaign, None)
    make_notices(campaign, campaign.facts.current().filter(key="start_date"), [cast.district.pk], None)
    faults = [one for one in check_kit(campaign) if one.rendering and one.rendering.kind == "correction_sms"]
    length = [one.finding for one in faults if one.finding.rule == "length"]
    assert length
    assert not length[0].blocks
    lost = campaign.rendering_set.filter(kind="correction_sms_unaccented", is_current=True)
    lost.update(is_current=False)
    assert "unaccented" in {one.finding.rule for one in check_kit(campaign)}


def test_a_campaign_without_such_messages_has_the_letter_alone(cast: Cast) -> None:
    campaign = make_campaign(cast, pieces=(EMAIL_PIECE,))
    make_kit(campaign, None)
    kit = make_notices(campaign, campaign.facts.filter(key="start_date"), [cast.ward.pk], None)
    assert {row.kind for row in kit.renderings} == {"correction_notice", "correction_notice_pdf"}


def test_every_message_kind_is_approved_with_the_kit(campaign: Campaign, cast: Cast) -> None:
    approved_templates("zns")
    make_kit(campaign, None)
    reword(campaign, "update_free", f"Đo mưa, {publisher(campaign)}")
    approve_kit(campaign, cast.officer)
    kinds = set(campaign.rendering_set.current().filter(approved_at__isnull=False).values_list("kind", flat=True))
    assert {"email", "push", "zns", "feed_entry"} <= kinds <= set(KINDS)
