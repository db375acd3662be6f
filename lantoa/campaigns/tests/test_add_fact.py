from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, NewFact, add_fact, record_fact
from lantoa.campaigns.tests.builders import make_campaign
from lantoa.content.actions import Edit, approve_messages, edit_message, make_kit
from lantoa.content.rules.editing import Words
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

HELP = NewFact("Giờ hỗ trợ  tại nhà văn hóa", "text", "19 giờ các tối trong tuần", "Lịch của phường")


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast)


def test_a_fact_of_ones_own_is_confirmed_named_and_told(campaign: Campaign, cast: Cast) -> None:
    fact = add_fact(campaign, HELP, cast.officer)
    assert (fact.key, fact.version, fact.label) == ("gio_ho_tro_tai_nha_van_hoa", 1, "Giờ hỗ trợ tại nhà văn hóa")
    assert (fact.value, fact.is_verified, fact.confirmed_by) == (HELP.value, True, cast.officer)
    assert HistoryEntry.objects.get(verb="add_fact").detail["key"] == fact.key


def test_it_is_printed_where_a_message_names_it_and_corrected_like_any_other(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    fact = add_fact(campaign, HELP, cast.officer)
    words = Words("Đọc vạch", f"Mắt ngang mặt nước. Cần giúp: {{{fact.key}}}.")
    row = edit_message(campaign, Edit("point", "vi", words, 0), cast.officer)
    approve_messages(campaign, [row.pk], cast.officer)
    article = campaign.rendering_set.current().filter(kind="article").first()
    assert article is not None
    assert "Cần giúp: 19 giờ các tối trong tuần." in article.words
    assert article.facts[fact.key] == 1
    record_fact(campaign, FactChange(fact.key, "20 giờ các tối", "Lịch mới"), cast.officer)
    make_kit(campaign, None)
    assert "20 giờ các tối" in campaign.rendering_set.current().filter(kind="article")[0].words


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [("date", "16/9/2024", "2024-09-16"), ("month", "9/2028", "2028-09"), ("number", "1.234,5", "1234.5")],
)
def test_values_are_taken_as_people_write_them(campaign: Campaign, kind: str, written: str, kept: str) -> None:
    assert add_fact(campaign, replace(HELP, kind=kind, value=written), None).value == kept


def test_two_names_that_read_alike_get_keys_of_their_own(campaign: Campaign) -> None:
    one = add_fact(campaign, replace(HELP, label="Giờ họp"), None)
    two = add_fact(campaign, replace(HELP, label="Giơ hop"), None)
    three = add_fact(campaign, replace(HELP, label="115 ưu tiên"), None)
    four = add_fact(campaign, replace(HELP, label="place"), None)
    assert [one.key, two.key, three.key, four.key] == ["gio_hop", "gio_hop_2", "so_115_uu_tien", "place_2"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"label": " "}, "đặt tên"),
        ({"label": "số trực lũ"}, "Đã có dữ kiện tên"),
        ({"source": ""}, "Thiếu nguồn"),
        ({"kind": "date", "value": "mai"}, "không hợp lệ"),
        ({"value": "  "}, "để trống"),
        ({"kind": "mau"}, "kiểu dữ kiện"),
    ],
)
def test_what_is_no_fact_is_refused_with_what_to_do(campaign: Campaign, changes: dict[str, str], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        add_fact(campaign, replace(HELP, **changes), None)


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_add(campaign: Campaign, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        add_fact(campaign, HELP, getattr(cast, who))
