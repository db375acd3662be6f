from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import NEW, OLD_SHOWN, make_campaign
from lantoa.content.actions import approve_kit, check_kit, make_kit
from lantoa.content.models import Message
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = make_campaign(cast)
    make_kit(campaign, None)
    return campaign


def edit(campaign: Campaign, text: str) -> None:
    Message.objects.create(campaign=campaign, key="point", version=2, title="Đọc vạch", text=text)
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
