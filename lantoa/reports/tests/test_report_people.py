"""The annex of a report: whom corrections told one by one, in numbers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings

from lantoa.channels.wire import Account
from lantoa.delivery.actions import carry_out, plan_correction
from lantoa.delivery.models import Dispatch, Recipient
from lantoa.delivery.rules.states import REFUSED
from lantoa.delivery.tests.builders import PORTAL, change, make_live, words_of_file
from lantoa.delivery.tests.test_correct_people import CORRECTION_SMS, send, went
from lantoa.places.models import Place
from lantoa.reports.actions import write_report
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """Ten residents have the old words."""
    django_settings.LANTOA_CHANNELS["post"] = (
        "lantoa.channels.memory_wire.MemoryWire", {"accounts": (Account("a"),)},
    )
    Place.objects.filter(pk=cast.district.pk).update(kind="province")
    cast.district.refresh_from_db()
    Resident.objects.bulk_create(
        Resident(phone=f"09{number:08d}", name="Nguyễn Thị Kín", place=cast.neighbourhood) for number in range(10)
    )
    campaign = make_live(cast, PORTAL, pieces=(CORRECTION_SMS,))
    went(send(campaign))
    return campaign


def annex(campaign: Campaign, kind: str = "docx") -> str:
    words = " ".join(words_of_file(f"bao-cao.{kind}", write_report(campaign, kind, None)).split())
    return words[words.index("PHỤ LỤC") :] if "PHỤ LỤC" in words else ""


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_it_says_how_many_were_told_when_and_how_many_still_hold_the_old_value(campaign: Campaign, kind: str) -> None:
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, None)
    notice = plan.dispatches.get()
    first = went(notice, 5)
    Recipient.objects.filter(dispatch=notice, person__in=first).update(at=1_732_800_000)  # 28/11/2024 20:20 in Việt Nam
    last = went(notice, 2)
    Recipient.objects.filter(dispatch=notice, person__in=last).update(at=1_732_803_600)
    went(notice, 2, REFUSED)
    words = annex(campaign, kind)
    assert "Người đã nhận tin được báo" in words
    row = words[words.index("Tin nhắn đính chính có dấu") :].replace(" ", "")
    assert "20:2028/11/2024–21:2028/11/2024" in row
    assert "28/11/2024213" in row, "two not reached, one waits, three hold the old value"
    assert "Kín" not in words
    assert "0900000000" not in words


def test_people_whom_nothing_told_are_counted(campaign: Campaign) -> None:
    change(campaign)
    Dispatch.objects.update(rendering_kind="social_post", reaches="email")
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, None)
    assert "Còn 10 người giữ giá trị cũ" in annex(campaign)


def test_a_correction_that_told_nobody_one_by_one_has_no_such_table(campaign: Campaign) -> None:
    Dispatch.objects.all().delete()
    change(campaign)
    plan = plan_correction(campaign, None)
    assert plan is not None
    carry_out(plan, None)
    assert annex(campaign)
    assert "Người đã nhận tin được báo" not in annex(campaign)
