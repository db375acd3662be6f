"""What a letter changes in letters sent before."""

from __future__ import annotations

import pytest

from lantoa.letters.rules.changes import read_changes
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.layout import read_lines
from lantoa.letters.rules.letter import Letter, LetterChange
from lantoa.letters.rules.paragraphs import paragraph_of


def changes_in(text: str, findings: Findings | None = None) -> tuple[LetterChange, ...]:
    paragraphs = [paragraph_of(line.pieces) for line in read_lines(text)]
    return read_changes(paragraphs, "90/UBND-VP", findings or Findings(text))


def test_a_letter_taken_back_is_recalled() -> None:
    (change,) = changes_in("UBND xã thông báo thu hồi Công văn số 31/UBND-VHXH ngày 04/5/2025 và đề nghị:")
    assert (change.kind, change.document) == ("recalls", "31/UBND-VHXH")


def test_a_letter_that_stands_for_another_replaces_it() -> None:
    (change,) = changes_in("Công văn này thay thế Công văn số 12/UBND-VP ngày 01/02/2025 của UBND xã.")
    assert (change.kind, change.document) == ("replaces", "12/UBND-VP")


def test_every_letter_of_a_list_is_revoked() -> None:
    found = changes_in("Bãi bỏ các Công văn số 11/UBND-VP, 12/UBND-VP và số 15/UBND-KT.")
    assert [change.document for change in found] == ["11/UBND-VP", "12/UBND-VP", "15/UBND-KT"]
    assert {change.kind for change in found} == {"revokes"}


def test_quoted_words_are_corrected_where_they_stand() -> None:
    (change,) = changes_in(
        "Tại điểm 2 mục I Công văn số 45/UBND-VX ngày 03/3/2025 đã ghi “trước ngày 10/3”, nay sửa lại là “trước 20/3”."
    )
    assert change.kind == "corrects"
    assert (change.where, change.old, change.new) == ("điểm 2 mục I", "trước ngày 10/3", "trước 20/3")


def test_a_list_of_corrections_is_of_the_document_its_opening_names() -> None:
    first, second = changes_in(
        "UBND xã đính chính Công văn số 45/UBND-VX ngày 03/3/2025 như sau:\n"
        "- Tại điểm 1, đã in: “Thứ Bảy”; nay sửa là: “Chủ nhật”.\n"
        "- Tại điểm 3: thay cụm từ “loa tay” bằng “loa truyền thanh”.\n"
    )
    assert {first.document, second.document} == {"45/UBND-VX"}
    assert (second.where, second.old, second.new) == ("điểm 3", "loa tay", "loa truyền thanh")


def test_words_in_brackets_say_what_a_new_time_stands_for() -> None:
    (change,) = changes_in(
        "Thời điểm đóng cầu là 22 giờ ngày 12/6/2025 (thay cho ngày 10/6/2025 tại điểm 1 Thông báo số 8/TB-UBND)."
    )
    assert (change.kind, change.document, change.where) == ("amends", "8/TB-UBND", "điểm 1")
    assert (change.old, change.new) == ("ngày 10/6/2025", "22 giờ ngày 12/6/2025")


def test_a_term_put_off_has_its_old_and_new_day() -> None:
    (change,) = changes_in(
        "UBND quận gia hạn thời gian nêu tại Thông báo số 9/TB-UBND từ ngày 10/5/2025 đến ngày 20/5/2025."
    )
    assert (change.kind, change.old, change.new) == ("extends", "10/5/2025", "20/5/2025")


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Nghị định số 24/2024/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 15/2020/NĐ-CP;",
        "Thực hiện Công văn số 77/SYT-NVY về việc thu hồi thuốc kém chất lượng, các trạm thu hồi thuốc đã cấp.",
        "Các trường điều chỉnh kế hoạch; ngày 02/3/2025 Sở đã ban hành Công văn số 61/SGD-VP.",
        "Thay thế bóng đèn hỏng tại các ngõ.",
    ],
)
def test_what_others_amend_or_what_is_no_document_is_no_change(text: str) -> None:
    assert changes_in(text) == ()


def test_a_change_has_its_span_and_what_it_does_not_say_is_in_doubt() -> None:
    text = "UBND xã đính chính Công văn số 45/UBND-VX ngày 03/3/2025 về lịch tiêm."
    findings = Findings(text)
    changes_in(text, findings)
    assert findings.spans["changes[0]"].text == text.rstrip(".")
    assert [doubt.field for doubt in findings.doubts] == ["changes[0].new"]


def test_changes_survive_the_json_form() -> None:
    change = LetterChange("recalls", "31/UBND-VHXH", words="thu hồi Công văn số 31/UBND-VHXH")
    letter = Letter(doc_type="cong_van", issuer=None, changes=(change,))
    assert Letter.from_json(letter.to_json()) == letter
    assert Letter.from_json({"doc_type": "cong_van", "issuer": None}).changes == ()
