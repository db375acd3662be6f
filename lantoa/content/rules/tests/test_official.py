from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.content.rules.official import correction_notice, covering_letter
from lantoa.content.rules.piece import Piece, Point

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter

PIECE = Piece(
    kind="covering_letter",
    title="Gửi tài liệu đo mưa.",
    lead="Thực hiện Công văn số 7.",
    text="Gửi các tổ tài liệu.\n\nMong các tổ làm.",
    points=(Point("Đọc vạch", "Mắt ngang mặt nước."), Point("", "Báo cho tổ trưởng.")),
    warning="Không ai thu tiền.",
    publisher="Ủy ban nhân dân phường Bến Nghĩa",
    place="phường Bến Nghĩa",
    dated="2025-06-02",
)


def test_a_committee_writes_to_its_teams_and_leaves_number_day_and_name_to_be_filled() -> None:
    letter = covering_letter(PIECE)
    assert (letter.doc_type, letter.issuer, letter.symbol) == ("cong_van", PIECE.publisher, "UBND")
    assert (letter.number, letter.date, letter.date_partial, letter.signer_name) == (None, None, "2025", None)
    assert (letter.signing_authority, letter.signer_title) == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert letter.subject == "Gửi tài liệu đo mưa"
    assert letter.addressees
    assert letter.attachments
    assert letter.recipients_lines == ("Như trên", "Lưu: VT")


def test_the_body_is_every_word_in_order_and_ends_as_letters_end() -> None:
    assert covering_letter(PIECE).body == (
        "Thực hiện Công văn số 7.",
        "Gửi các tổ tài liệu.",
        "Mong các tổ làm.",
        "Đọc vạch: Mắt ngang mặt nước.",
        "Báo cho tổ trưởng.",
        "Không ai thu tiền./.",
    )
    assert covering_letter(replace(PIECE, lead="", text="", points=(), warning="")).body == ()


def test_a_correction_is_a_notice_to_all_in_the_place() -> None:
    letter = correction_notice(PIECE)
    assert (letter.doc_type, letter.symbol, letter.addressees) == ("thong_bao", "TB-UBND", ())
    assert letter.recipients_lines[-1] == "Lưu: VT"


@pytest.mark.parametrize("write", [covering_letter, correction_notice])
def test_an_office_that_is_no_committee_signs_in_its_own_name(write: object) -> None:
    assert callable(write)
    letter: Letter = write(replace(PIECE, publisher="Trung tâm Văn hóa quận"))
    assert (letter.symbol, letter.signing_authority, letter.signer_title) == (None, None, "THỦ TRƯỞNG ĐƠN VỊ")


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        ("phường Bến Nghĩa", "Bến Nghĩa"),
        ("Quận Dương Kinh", "Dương Kinh"),
        ("thị trấn Núi Đối", "Núi Đối"),
        ("phường 1", "Phường 1"),
        ("Phường 1", "Phường 1"),
        ("thành phố Hải Phòng", "Hải Phòng"),
        ("xã", "Xã"),
    ],
)
def test_a_place_is_dated_by_its_proper_name(place: str, printed: str) -> None:
    assert covering_letter(replace(PIECE, place=place)).place == printed
