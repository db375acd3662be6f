from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lantoa.content.rules.findings import RULES, Finding
from lantoa.web.labels import CHECK_RULES, SEVERITIES
from lantoa.web.rules.marking import cut_at
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.web.tests.builders import Cast, Land

WRONG = "Máy 2G dừng từ 30/9/2024. Ủy ban nhân dân xã Bến Mẫu"


@pytest.fixture
def wrong(campaign: Campaign, land: Land) -> Rendering:
    campaign.rendering_set.update(is_current=False)
    row = make_rendering(campaign, land.communes[0], "sms", words=WRONG, approved_at=None)
    row.path.write_text(WRONG, encoding="utf-8")
    return row


def test_the_kit_shows_each_fault_with_its_place_and_its_mend(
    client: Client, campaign: Campaign, cast: Cast, wrong: Rendering
) -> None:
    client.force_login(cast.officer)
    page = client.get(reverse("kit", args=[campaign.slug])).content.decode()
    assert "Phải sửa trước khi duyệt" in page
    assert '<mark class="blocks">30/9/2024</mark>' in page
    assert "Cách sửa:" in page
    assert f"{reverse('rendering', args=[campaign.slug, wrong.pk])}#cho-1" in page
    assert reverse("approve_kit", args=[campaign.slug]) not in page, "nothing to approve as long as a fault blocks"


def test_a_rendering_marks_the_place(client: Client, campaign: Campaign, cast: Cast, wrong: Rendering) -> None:
    client.force_login(cast.officer)
    page = client.get(reverse("rendering", args=[campaign.slug, wrong.pk])).content.decode()
    assert '<mark id="cho-1" class="blocks">30/9/2024</mark>' in page


def test_a_kit_with_a_fault_is_not_approved_and_says_why(
    client: Client, campaign: Campaign, cast: Cast, wrong: Rendering
) -> None:
    client.force_login(cast.officer)
    page = client.post(reverse("approve_kit", args=[campaign.slug]), follow=True).content.decode()
    assert "Chưa duyệt được" in page
    wrong.refresh_from_db()
    assert wrong.approved_at is None


def test_what_was_found_is_looked_for_again_once_a_fact_changes(
    client: Client, campaign: Campaign, cast: Cast, wrong: Rendering
) -> None:
    client.force_login(cast.officer)
    address = reverse("kit", args=[campaign.slug])
    assert "30/9/2024</mark>" in client.get(address).content.decode()
    campaign.facts.filter(key="cutoff_date").update(value="2024-09-30")
    assert "30/9/2024</mark>" not in client.get(address).content.decode()
    assert wrong.is_current


@pytest.mark.parametrize("act", ["approve_kit", "make_kit"])
def test_who_may_not_is_refused(client: Client, campaign: Campaign, cast: Cast, act: str) -> None:
    client.force_login(cast.field_worker)
    assert client.post(reverse(act, args=[campaign.slug])).status_code in {403, 404}
    client.force_login(cast.officer)
    assert client.get(reverse(act, args=[campaign.slug])).status_code == 405


def test_every_rule_has_its_name_on_screen() -> None:
    assert set(CHECK_RULES) == set(RULES)
    assert set(SEVERITIES) == {"blocks", "warns"}


def test_a_text_is_cut_at_each_place_and_loses_nothing() -> None:
    text = "một hai ba bốn"
    findings = [Finding("ba", "", start=8, end=10), Finding("", ""), Finding("hai ba", "", start=4, end=10)]
    cuts = cut_at(text, findings)
    assert "".join(cut.text for cut in cuts) == text
    assert [(cut.text, cut.at, cut.also) for cut in cuts if cut.at] == [("ba", 1, (3,))]
