"""Parts of a letter that do not agree are in doubt, and every value has a confidence that says so."""

from __future__ import annotations

import pytest

from lantoa.letters.rules.letter import Letter
from lantoa.letters.rules.reading import read_letter

LETTER = """{offices}
Số: {number}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Tân Sơn, ngày {day} tháng 5 năm 2025

V/v tuyên truyền phòng, chống đuối nước

Kính gửi: {addressee}.

Thực hiện Công văn số 88/UBND-VX ngày 03/5/2025 của Ủy ban nhân dân tỉnh về phòng, chống đuối nước, yêu cầu các đơn vị:

1. Treo băng rôn tại nơi công cộng trước ngày 30/5/2025.

Nơi nhận:
- Như trên;
- Lưu: VT.

{title}

Lê Minh Hà
"""
USUAL = {"offices": "ỦY BAN NHÂN DÂN\nXÃ TÂN SƠN", "number": "15/UBND-VHXH", "day": "10", "addressee": "Các trường học",
         "title": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"}  # fmt: skip


def read(**changes: str) -> Letter:
    return read_letter(LETTER.format(**{**USUAL, **changes}))


def doubted(letter: Letter) -> set[str]:
    return {doubt.field for doubt in letter.doubts}


def test_a_letter_that_agrees_has_no_such_doubt_and_is_certain() -> None:
    letter = read()
    assert not doubted(letter) & {"issuer", "number", "symbol", "date", "signer_title", "addressees[0]"}
    assert letter.confidence["number"] >= 0.98
    assert letter.confidence["addressees[0]"] >= 0.9


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "01"}, "date"),
        ({"day": "01"}, "cited_documents[0].date"),
        ({"offices": "SỞ Y TẾ", "title": "GIÁM ĐỐC"}, "symbol"),
        ({"title": "BỘ TRƯỞNG"}, "signer_title"),
        ({"title": "GIÁM ĐỐC"}, "issuer"),
        ({"addressee": "Ủy ban nhân dân xã Tân Sơn"}, "addressees[0]"),
        ({"offices": "ĐẾN\nSố: 15\n\nỦY BAN NHÂN DÂN\nXÃ TÂN SƠN"}, "number"),
    ],
)
def test_what_does_not_agree_is_in_doubt_and_below_four_fifths(changes: dict[str, str], field: str) -> None:
    letter = read(**changes)
    assert field in doubted(letter)
    assert letter.confidence[field] < 0.8


def test_an_impossible_day_is_no_date_and_says_why() -> None:
    letter = read(day="32").date, read(day="31").date
    assert letter == (None, "2025-05-31")
    february = read_letter(LETTER.format(**USUAL).replace("ngày 10 tháng 5", "ngày 30 tháng 02"))
    assert february.date is None
    assert any(doubt.field == "date" and "30/2/2025" in doubt.why for doubt in february.doubts)


def test_each_value_has_a_confidence_and_it_survives_json() -> None:
    letter = read()
    assert {"issuer", "tasks[0]", "tasks[0].deadline", "recipients_lines[0]", "cited_documents[0].date"} <= set(
        letter.confidence
    )
    assert all(0 <= value <= 1 for value in letter.confidence.values())
    assert Letter.from_json(letter.to_json()).confidence == letter.confidence


def test_two_signers_side_by_side_give_the_right_one_in_doubt() -> None:
    letter = read(title="NGƯỜI LẬP                    TRƯỞNG THÔN").signer_title
    assert letter == "TRƯỞNG THÔN"


def test_a_page_copied_without_line_ends_is_parted_again() -> None:
    glued = LETTER.format(**USUAL).replace("VIỆT NAM\nĐộc lập", "VIỆT NAMĐộc lập").replace(":\n- Như trên;\n- Lưu", (
        ":- Như trên;- Lưu"))  # fmt: skip
    letter = read_letter(glued.replace("VT.\n\nTM. ỦY", "VT.TM. ỦY"))
    assert letter.recipients_lines == ("Như trên", "Lưu: VT")
    assert (letter.signing_authority, letter.signer_title) == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("Công văn số 12/STC-VP và Công văn số 15/STC-VP cùng ngày 03/5/2025 của Sở Tài chính",
         ["2025-05-03", "2025-05-03"]),
        ("ngày 02/5/2025, UBND tỉnh có Công văn số 12/UBND-VX; ngày 04/5/2025, Sở Tài chính có Công văn số 15/STC-VP",
         ["2025-05-02", "2025-05-04"]),
        ("Nghị quyết số …/NQ-HĐND ngày 02/5/2025 của HĐND xã", ["2025-05-02"]),
    ],
)  # fmt: skip
def test_cited_documents_get_the_date_that_is_theirs(words: str, dates: list[str]) -> None:
    text = LETTER.format(**USUAL).replace(
        "Công văn số 88/UBND-VX ngày 03/5/2025 của Ủy ban nhân dân tỉnh", words
    )
    assert [cited.date for cited in read_letter(text).cited_documents] == dates
