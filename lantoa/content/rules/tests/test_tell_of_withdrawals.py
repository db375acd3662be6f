from __future__ import annotations

import pytest

from lantoa.campaigns.rules.wording import PlaceWords
from lantoa.content.makers.making import make
from lantoa.content.rules.limits import PUSH_BODY
from lantoa.content.rules.withdrawal import Withdrawn, notices_of, withdrawal_piece
from lantoa.lib.sms import gsm7_text, measure_sms

WORDS = PlaceWords("phường Bến Nghĩa", "Ủy ban nhân dân phường Bến Nghĩa", "https://a.vn/c/do-mua/?noi=1")
WHY = "in nhầm số điện thoại."
LONG = "số điện thoại trong tin là của một gia đình không liên quan, người dân gọi nhầm cả ngày " * 3
SHORT = ("correction_sms", "correction_push")


def told(kind: str = "sms", reason: str = WHY) -> Withdrawn:
    return Withdrawn(kind, reason, "Đo mưa – Quận Hoà Bình", WORDS, "2025-05-10")


@pytest.mark.parametrize(
    ("kind", "short"),
    [
        ("sms", {"correction_sms", "correction_sms_unaccented"}),
        ("sms_unaccented", {"correction_sms", "correction_sms_unaccented"}),
        ("email", {"correction_email"}),
        ("push", {"correction_push"}),
        ("zns", set()),
        ("leaflet", set()),
        ("article", set()),
    ],
)
def test_the_letter_tells_of_it_and_the_way_the_message_went(kind: str, short: set[str]) -> None:
    assert set(notices_of(kind)) == {"correction_notice"} | short


@pytest.mark.parametrize("notice", ["correction_notice", "correction_sms", "correction_push", "correction_email"])
def test_each_says_that_it_is_withdrawn_why_and_who_says_so(notice: str) -> None:
    piece = withdrawal_piece(notice, told())
    said = f"{piece.title}\n{piece.lead}\n{piece.text}"
    assert "hu hồi" in said
    assert "in nhầm số điện thoại." in said
    assert piece.publisher == WORDS.publisher
    made = make(notice, piece)
    assert made.content
    assert notice not in SHORT or WORDS.publisher in piece.text


@pytest.mark.parametrize("reason", [WHY, LONG])
def test_short_words_keep_their_room_whatever_the_reason(reason: str) -> None:
    sms = withdrawal_piece("correction_sms", told(reason=reason)).text
    assert measure_sms(sms).parts <= 3
    assert measure_sms(gsm7_text(sms)).parts <= 2
    push = withdrawal_piece("correction_push", told("push", reason))
    assert len(push.text) <= PUSH_BODY
    assert "Xin đừng làm theo" in sms
    assert "Xin đừng làm theo" in push.text


def test_the_reason_is_no_slot() -> None:
    piece = withdrawal_piece("correction_email", told("email", "ghi nhầm {{name|quý vị}}"))
    assert "ghi nhầm {{name" not in make("correction_email", piece).content.decode()


def test_the_pair_of_a_text_message_has_the_same_words() -> None:
    piece = withdrawal_piece("correction_sms", told())
    assert make("correction_sms_unaccented", piece).content.decode() == gsm7_text(piece.text)
