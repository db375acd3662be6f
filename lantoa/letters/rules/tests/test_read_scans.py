"""What a scan garbles: read where the rest of the letter lets it, and always in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.letters.rules.dates import find_issue_date, signed_on
from lantoa.letters.rules.doubts import reads_like_scan
from lantoa.letters.rules.garbled import deputy_of, digits_in, director_line
from lantoa.letters.rules.mending import count_mended, mend_item_marks, mend_marks
from lantoa.letters.rules.reading import read_letter
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter

SCAN = """UBND TỈNH TÂN SƠN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ Y TẾ Độc lập - Tự do - Hạnh phúc

Số: 4©7/SYT-NVY Tân Sơn, ngày 1Ì tháng 12 năm 2024
V/v triên khai tuyên truyên phòng bệnh mùa hè

Kính gửi:
- Giám đốc các bệnh viên trong tỉnh;
- Trung tâm y tê các huyện, thành phô.

Thực hiện Kê hoạch số 15/KH-SYT ngày 02/12/2024 về phòng bệnh mùa hè, Sở Y tế đê nghị
các đơn vị tô chức thực hiện những nội dung sau:
. 1. Treo băng rôn về phòng bệnh tại công các cơ sở điều trị trước ngày 20/12/2024.
: 2, Báo cáo kết quả về Sở Y tế trước ngày 25/12/2024.

Nơi nhận: VT. GIÁM ĐÓC
- Như trên; HHö GIẦM ĐỐC
- Website SYT;
- Lưu: VT, NVY.

Hồ Thị Mai
"""


@pytest.fixture(scope="module")
def letter() -> Letter:
    return read_letter(SCAN)


def doubted(letter: Letter) -> set[str]:
    return {doubt.field for doubt in letter.doubts}


def test_a_day_bent_by_the_scan_is_made_out_and_in_doubt(letter: Letter) -> None:
    assert letter.date == "2024-12-11"
    assert any(doubt.field == "date" and "1Ì" in doubt.why for doubt in letter.doubts)


def test_two_bent_lines_of_a_director_are_the_deputy_signing_for_the_director(letter: Letter) -> None:
    assert (letter.signing_authority, letter.signer_title) == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert letter.signer_name == "Hồ Thị Mai"
    assert {"signing_authority", "signer_title"} <= doubted(letter)


def test_the_signing_block_does_not_stand_among_the_recipients(letter: Letter) -> None:
    assert letter.recipients_lines == ("Như trên", "Website SYT", "Lưu: VT, NVY")


def test_marks_lost_in_known_words_are_put_right_and_in_doubt(letter: Letter) -> None:
    assert letter.addressees == ("Giám đốc các bệnh viện trong tỉnh", "Trung tâm y tế các huyện, thành phố")
    assert {"addressees[0]", "addressees[1]", "subject"} <= doubted(letter)
    assert letter.spans["addressees[1]"].text.startswith("Trung tâm y tê các huyện, thành phô")


def test_items_behind_specks_and_with_a_comma_for_a_dot_are_items(letter: Letter) -> None:
    assert [task.index for task in letter.tasks] == ["1", "2"]
    assert letter.tasks[1].report_deadline == "2024-12-25"


def test_a_number_written_by_the_hand_whose_day_is_lost_is_not_believed() -> None:
    text = SCAN.replace("ngày 1Ì tháng", "ngày €ß tháng").replace("4©7", "427")
    read = read_letter(text)
    assert (read.number, read.date) == (None, None)
    assert any(doubt.field == "number" and "427" in doubt.why for doubt in read.doubts)


@pytest.mark.parametrize(
    ("part", "value"),
    [("1Ì", 11), ("|Ô", 10), ("{5", 15), ("(O-", 10), ("0l", 1), ("ụ", None), ("! 2", None), ("", None)],
)
def test_only_signs_like_digits_are_digits(part: str, value: int | None) -> None:
    assert digits_in(part) == value


def test_a_lost_day_is_taken_from_a_signing_stamp_of_the_same_month_only() -> None:
    line = "Tân Sơn, ngày Ø† tháng 02 năm 2025"
    issue = find_issue_date(line, folded(line))
    assert issue is not None
    stamped = signed_on(issue, "thoi gian ky: 04/02/2025 16:42:36")
    assert stamped is not None
    assert (stamped.iso, stamped.made_out) == ("2025-02-04", True)
    assert signed_on(issue, "thoi gian ky: 04/03/2025 16:42:36") is None


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("KT.GIÁM ĐÓC", "KT. GIÁM ĐỐC"), ("VỊ. GIÁM ĐÓC", "KT. GIÁM ĐỐC"), ("PHO GIÁAM ĐỌC", "PHÓ GIÁM ĐỐC"),
        ("GLÁM ĐÓC", "GIÁM ĐỐC"),
    ],
)  # fmt: skip
def test_a_bent_title_is_read_as_printed(line: str, printed: str) -> None:
    assert director_line(folded(line)) == printed


def test_who_signs_for_a_head_is_the_deputy() -> None:
    assert deputy_of("TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH") == "PHÓ CHỦ TỊCH"
    assert deputy_of("KT. BỘ TRƯỞNG") == "THỨ TRƯỞNG"
    assert deputy_of("TL. CHỦ TỊCH") is None


def test_mending_keeps_every_offset_and_every_capital() -> None:
    assert mend_marks("Trung tâm Y TÊ, thành phô") == "Trung tâm Y TẾ, thành phố"
    assert mend_item_marks(". 1. Treo\n: 2, Báo") == "  1. Treo\n  2. Báo"


@pytest.mark.parametrize("words", ["Thủ trưởng các đơn vị", "truyền thống", "bắt đầu từ ngày", "uỷ ban", "hoà bình"])
def test_words_that_are_right_are_left_as_they_are(words: str) -> None:
    assert mend_marks(words) == words
    assert count_mended(words) == 0


def test_a_typed_letter_is_no_scan() -> None:
    assert reads_like_scan(SCAN)
    assert not reads_like_scan("\n".join(["Ủy ban nhân dân quận đề nghị các đơn vị thực hiện những nội dung sau."] * 8))


def scan_with(old: str, new: str) -> Letter:
    assert old in SCAN
    return read_letter(SCAN.replace(old, new))


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Công điện số 81/CĐ- -TTg ngày 16/5/2024", "81/CĐ-TTg"),
        ("Nghị định số l5/2024/NĐ-CP ngày 16/5/2024", "15/2024/NĐ-CP"),
        ("Quyết định số 47 QĐ-TTg ngày 16/5/2024", "47/QĐ-TTg"),
        ("Quyết định số 01/QĐÐ-BCĐTW ngày 16/5/2024", "01/QĐ-BCĐTW"),
        ("Quyết định số 47/QD-TTg ngày. 16/5/2024", "47/QĐ-TTg"),
        ("Văn bản số 47/UWBND-VX ngày 16 tháng 5 năm 2024", "47/UBND-VX"),
    ],
)
def test_a_cited_number_is_told_by_the_closed_list_of_its_parts(printed: str, number: str) -> None:
    letter = scan_with("Kê hoạch số 15/KH-SYT ngày 02/12/2024", printed)
    assert [(cited.number_symbol, cited.date) for cited in letter.cited_documents] == [(number, "2024-05-16")]


def test_the_number_of_a_form_is_no_cited_document() -> None:
    letter = scan_with("trước ngày 20/12/2024", "theo Mẫu số 01-ĐK/TSNN")
    assert [cited.number_symbol for cited in letter.cited_documents] == ["15/KH-SYT"]


def test_a_date_told_before_the_cited_document_is_its_date() -> None:
    letter = scan_with("Thực hiện Kê hoạch số 15/KH-SYT ngày 02/12/2024",
                       "Ngày 02 tháng 12 năm 2024, Sở Y tế có Kế hoạch số 15/KH-SYT")  # fmt: skip
    assert [cited.date for cited in letter.cited_documents] == ["2024-12-02"]


def test_marks_for_report_and_doubled_letters_are_put_right_in_recipients() -> None:
    letter = scan_with("- Website SYT;", "- Bộ Y tế (b/€);\n- BCĐÐ giảm nghèo tỉnh;")
    assert letter.recipients_lines[1:3] == ("Bộ Y tế (b/c)", "BCĐ giảm nghèo tỉnh")


def test_dirt_after_the_end_of_the_addressees_does_not_hide_it() -> None:
    letter = scan_with("- Trung tâm y tê các huyện, thành phô.", "- Trung tâm y tê các huyện, thành phô. :")
    assert letter.addressees[-1] == "Trung tâm y tế các huyện, thành phố"


def test_a_day_read_as_a_stroke_is_made_out() -> None:
    letter = scan_with("ngày 1Ì tháng", "ngày | § tháng")
    assert (letter.place, letter.date) == ("Tân Sơn", "2024-12-15")
    assert "date" in doubted(letter)


def test_a_subject_of_which_little_is_left_is_not_given() -> None:
    letter = scan_with("triên khai tuyên truyên phòng bệnh mùa hè", "triên khai pH Lễ 2a nhện kZ cản wq tà")
    assert letter.subject is None
    assert any(doubt.field == "subject" and "kZ" in doubt.why for doubt in letter.doubts)


def test_a_post_named_twice_is_signed_for_and_its_deputys() -> None:
    letter = scan_with("VT. GIÁM ĐÓC\n- Như trên; HHö GIẦM ĐỐC", "CHỦ TỊCH\n- Như trên; .CHỦ TỊCH")
    assert (letter.signing_authority, letter.signer_title) == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert {"signing_authority", "signer_title"} <= doubted(letter)


def test_a_name_no_syllable_is_like_is_not_given() -> None:
    assert scan_with("Hồ Thị Mai", "Zố Thị Mai").signer_name is None


def test_a_value_on_words_the_optical_reader_was_unsure_of_is_in_doubt() -> None:
    plain = SCAN.replace("©", "1").replace("1Ì", "11")
    at = plain.index("Trung tâm")
    letter = read_letter(plain, (0,), [(0, 4), (at, at + 5)])
    whys = {doubt.field: doubt.why for doubt in letter.doubts if "không chắc" in doubt.why}
    assert whys.keys() == {"parent_issuer", "addressees[1]"}
    assert "Trung" in whys["addressees[1]"]
    assert letter.confidence["addressees[1]"] < 0.8
