from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import Correcting
from lantoa.content.actions import Edit, approve_kit, approve_messages, edit_message, make_kit
from lantoa.content.rules.editing import Words
from lantoa.content.tests.builders import reword
from lantoa.delivery.actions import carry_out, outdated, plan_correction, plan_renewal
from lantoa.delivery.models import Correction, Delivery, Publication
from lantoa.delivery.tests.builders import PORTAL, TEAMS, change, files_outside, make_live, use_test_channel
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError
from lantoa.reports.actions import keep_report

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

NEW_LEAD = "Nhà ven sông {place} đọc thùng đo mưa mỗi sáng, từ {start_date|long}."


def approve_new_words(campaign: Campaign, cast: Cast) -> None:
    row = edit_message(campaign, Edit("lead", "vi", Words(text=NEW_LEAD), 0), cast.officer)
    approve_messages(campaign, [row.pk], cast.officer)


def test_new_words_take_the_place_of_the_old_where_a_page_can_be_replaced(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    assert plan_renewal(campaign, cast.officer) is None, "what is out is what was approved"
    approve_new_words(campaign, cast)
    before = files_outside()
    assert outdated(campaign).count() == 1
    plan = plan_renewal(campaign, cast.officer)
    assert plan is not None
    assert files_outside() == before, "a plan changes nothing outside"
    carry_out(plan, cast.officer)
    (name,) = [name for name in before if name.endswith("bai-dang-cong.html")]
    assert "mỗi sáng" in files_outside()[name].decode()
    plan.refresh_from_db()
    assert plan.state == Correction.State.CARRIED_OUT
    assert Publication.objects.live().count() == 1
    assert Publication.objects.live().get().rendering.is_current
    assert not outdated(campaign).exists()
    assert [entry.verb for entry in HistoryEntry.objects.filter(verb__in=["plan_renewal", "carry_out"])] == [
        "plan_renewal",
        "carry_out",
    ]
    report = keep_report(campaign, None)["docx"]
    assert report.exists()


def test_unapproved_words_replace_nothing(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    reword(campaign, "lead", NEW_LEAD)
    make_kit(campaign, None)
    assert plan_renewal(campaign, None) is None
    approve_kit(campaign, None)
    assert plan_renewal(campaign, None) is not None


def test_whoever_was_handed_the_old_words_is_left_in_peace(cast: Cast) -> None:
    use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS)
    before = Delivery.objects.count()
    approve_new_words(campaign, cast)
    assert plan_renewal(campaign, None) is None
    assert Delivery.objects.count() == before


def test_a_changed_fact_is_corrected_first(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    approve_new_words(campaign, cast)
    change(campaign)
    with pytest.raises(RefusedError, match="đính chính đó trước"):
        plan_renewal(campaign, cast.officer)
    plan = plan_correction(campaign, cast.officer)
    assert plan is not None
    carry_out(plan, cast.officer)
    assert plan_renewal(campaign, cast.officer) is None, "the correction brought the new words with it"


def test_a_plan_to_renew_gives_way_to_a_correction(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    approve_new_words(campaign, cast)
    plan = plan_renewal(campaign, None)
    assert plan is not None
    change(campaign)
    assert plan_correction(campaign, None) is not None
    assert not Correction.objects.filter(pk=plan.pk).exists()


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_renew(cast: Cast, who: str) -> None:
    campaign = make_live(cast, PORTAL)
    approve_new_words(campaign, cast)
    with pytest.raises(RefusedError):
        plan_renewal(campaign, getattr(cast, who))
