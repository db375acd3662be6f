from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.tests.builders import OLD_SHOWN, make_campaign
from lantoa.content.actions import make_kit
from lantoa.content.actions.extracting import in_running_lines, shown_text, without_numbers

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = make_campaign(cast)
    make_kit(campaign, None)
    return campaign


@pytest.mark.parametrize("kind", ["article", "sms", "covering_letter", "covering_letter_pdf"])
def test_every_kind_of_file_gives_its_words_in_running_lines(campaign: Campaign, kind: str) -> None:
    row = campaign.rendering_set.filter(kind=kind).select_related("place").first()
    assert row is not None
    text = shown_text(row)
    assert OLD_SHOWN in text
    assert "\u200b" not in text
    if kind.startswith("covering_letter"):
        assert "Gửi các tổ tài liệu đo mưa, thực hiện từ ngày" in text


def test_a_lost_file_is_read_from_its_words(campaign: Campaign) -> None:
    row = campaign.rendering_set.filter(kind="covering_letter_pdf").select_related("place").first()
    assert row is not None
    row.path.unlink()
    assert shown_text(row) == row.words


def test_of_sound_and_pictures_the_words_beside_them_are_read(campaign: Campaign) -> None:
    row = campaign.rendering_set.filter(kind="sms").select_related("place").first()
    assert row is not None
    row.media_type, row.details = "image/png", {"alt": "Ngày bắt đầu"}
    assert shown_text(row) == f"Ngày bắt đầu\n\n{row.words}"


def test_the_number_of_a_running_foot_is_left_out_and_no_other() -> None:
    pages = ["Mở đầu\nỦy ban nhân dân xã", "Còn 2\nỦy ban nhân dân xã 2", "Hết\nỦy ban nhân dân xã 3"]
    assert without_numbers(pages) == [
        "Mở đầu\nỦy ban nhân dân xã",
        "Còn 2\nỦy ban nhân dân xã",
        "Hết\nỦy ban nhân dân xã",
    ]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("từ ngày 16 tháng 10 \nnăm 2024", "từ ngày 16 tháng 10 năm 2024"),
        ("số 10/2024/\nTT-BTTTT", "số 10/2024/TT-BTTTT"),
        ("số 10/2024/TT\ufffeBTTTT", "số 10/2024/TT-BTTTT"),
        ("từ 16/10/\n2024", "từ 16/10/2024"),
        ("h\u200bttp://\u200b\na.vn/\u200b\n?noi=1", "http://a.vn/?noi=1"),
        ("năm 2024.\nHãy hỏi", "năm 2024.\nHãy hỏi"),
    ],
)
def test_what_the_page_broke_is_whole_again(broken: str, whole: str) -> None:
    assert in_running_lines(broken) == whole
