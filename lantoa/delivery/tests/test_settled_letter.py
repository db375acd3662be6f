"""Nothing goes out of a letter that nobody has settled (docs/decisions/0010-nothing-unconfirmed-goes-out.md)."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.tests.builders import make_campaign
from lantoa.content.actions import approve_kit, check_kit, make_kit
from lantoa.content.actions.homes import cites_otherwise
from lantoa.content.actions.making import take_messages
from lantoa.content.models import Message
from lantoa.delivery.actions import Audience, deliver_message, publish_kit, send_waiting
from lantoa.delivery.models import Publication
from lantoa.delivery.tests.builders import PORTAL, SMS, words_outside
from lantoa.letters.actions import confirm_field, correct_field, reopen_field
from lantoa.letters.rules.letter import Doubt
from lantoa.places.permits import RefusedError
from lantoa.reports.actions import write_report

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

DOUBTFUL = {"number": "45", "symbol": "UBND-NN", "doubts": (Doubt("number", "Số viết tay mờ."),)}


def make_citing(cast: Cast, **values: Any) -> Campaign:
    """A campaign whose article names the letter it rests on."""
    campaign = make_campaign(cast, PORTAL, SMS, **(DOUBTFUL | values))
    take_messages(campaign, pack_of(campaign), None)
    Message.objects.filter(campaign=campaign, key="lead").update(text="Thực hiện {letter}, đo từ {start_date|long}.")
    return campaign


def words_of_kit(campaign: Campaign) -> str:
    return "\n".join(campaign.rendering_set.current().values_list("words", flat=True))


def test_a_doubtful_number_is_not_in_the_kit_and_a_confirmed_one_is(cast: Cast) -> None:
    campaign = make_citing(cast)
    make_kit(campaign, cast.officer)
    assert "Thực hiện Công văn của Ủy ban nhân dân quận Bến Nghé" in words_of_kit(campaign)
    assert "45/UBND-NN" not in words_of_kit(campaign)
    confirm_field(campaign.letter, "number", cast.officer)
    make_kit(campaign, cast.officer)
    assert "Thực hiện Công văn số 45/UBND-NN của Ủy ban nhân dân quận Bến Nghé" in words_of_kit(campaign)


@pytest.mark.parametrize("field", ["number", "symbol", "issuer", "doc_type", "place", "subject"])
def test_no_report_prints_what_is_in_doubt(cast: Cast, field: str) -> None:
    mark = {
        "doc_type": "Công văn số",
        "number": "9876",
        "symbol": "UBND-XYZ",
        "issuer": "Sở Mờ Mịt",
        "place": "Đất Mờ",
        "subject": "việc mờ đo mưa",
    }
    values: dict[str, Any] = {"number": "45", "symbol": "UBND-NN"}
    if field != "doc_type":
        values[field] = mark[field]
    campaign = make_campaign(cast, PORTAL, **values, doubts=(Doubt(field, "Mờ."),))
    make_kit(campaign, None)
    with zipfile.ZipFile(io.BytesIO(write_report(campaign, "docx", None))) as report:
        words = report.read("word/document.xml").decode()
    assert mark[field] not in words


def test_a_date_in_doubt_does_not_choose_the_facts(cast: Cast) -> None:
    campaign = make_campaign(cast, PORTAL, date="2026-01-01", doubts=(Doubt("date", "Ngày viết tay mờ."),))
    assert campaign.as_of.isoformat() == "2025-05-02", "the day of the cited document, not the misread one"


def test_what_was_made_before_a_correction_is_neither_approved_nor_published_nor_handed_on(cast: Cast) -> None:
    campaign = make_citing(cast, doubts=())
    make_kit(campaign, cast.officer)
    correct_field(campaign.letter, "number", ["54"], cast.officer)
    assert cites_otherwise(campaign, campaign.rendering_set.current())
    assert {one.finding.found for one in check_kit(campaign) if one.finding.blocks} == {
        "Công văn số 45/UBND-NN của Ủy ban nhân dân quận Bến Nghé",
        "45/UBND-NN",
    }
    with pytest.raises(RefusedError, match="làm lại bộ nội dung"):
        approve_kit(campaign, cast.officer)
    make_kit(campaign, cast.officer)
    approve_kit(campaign, cast.officer)
    publish_kit(campaign, cast.officer)
    assert "54/UBND-NN" in words_outside()
    assert "45/UBND-NN" not in words_outside()


def test_approved_words_stay_here_when_their_letter_is_doubted_again(cast: Cast) -> None:
    campaign = make_citing(cast)
    confirm_field(campaign.letter, "number", cast.officer)
    make_kit(campaign, cast.officer)
    approve_kit(campaign, cast.officer)
    reopen_field(campaign.letter, "number", cast.officer)
    with pytest.raises(RefusedError, match="Văn bản đã được sửa"):
        publish_kit(campaign, cast.officer)
    with pytest.raises(RefusedError, match="Văn bản đã được sửa"):
        deliver_message(campaign, Audience("portal", "article"), cast.officer)
    assert words_outside() == ""


def test_what_was_queued_before_waits_for_words_that_hold(cast: Cast) -> None:
    campaign = make_citing(cast, doubts=())
    make_kit(campaign, cast.officer)
    approve_kit(campaign, cast.officer)
    rendering = campaign.rendering_set.current().filter(kind="article").first()
    assert rendering is not None
    row = Publication.objects.create(
        campaign=campaign, rendering=rendering, place=cast.committee, channel="folder", channel_kind="portal",
        facts=rendering.facts,
    )  # fmt: skip
    correct_field(campaign.letter, "number", ["54"], cast.officer)
    assert send_waiting(campaign) == (0, 0)
    make_kit(campaign, cast.officer)
    approve_kit(campaign, cast.officer)
    assert send_waiting(campaign) == (1, 0)
    row.refresh_from_db()
    assert "54/UBND-NN" in row.rendering.words


def test_a_text_that_only_happens_to_say_the_same_is_not_held_up(cast: Cast) -> None:
    campaign = make_campaign(cast, PORTAL, issuer=None, doubts=(Doubt("issuer", "Không thấy."),))
    Message.objects.filter(campaign=campaign).delete()
    make_kit(campaign, cast.officer)
    correct_field(campaign.letter, "issuer", ["Ủy ban nhân dân quận Bến Nghé"], cast.officer)
    make_kit(campaign, cast.officer)
    assert not cites_otherwise(campaign, campaign.rendering_set.current())
