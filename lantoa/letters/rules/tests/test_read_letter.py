"""Reading the letter this project began with, and letters made up to show one difficulty each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter

EXAMPLE = Path(__file__).parents[4] / "examples" / "duong-kinh" / "letter.txt"
HEAD = """ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒNG MẪU                    Độc lập - Tự do - Hạnh phúc
Số: {number}/UBND-VHXH          Đồng Mẫu, ngày {day} tháng 4 năm 2026
V/v thông báo lịch tiêm phòng
cho đàn gia súc

Kính gửi:
- Trưởng các thôn;
- Đài truyền thanh xã.

"""
FOOT = """
Nơi nhận:                    TM. ỦY BAN NHÂN DÂN
- Như trên;                      KT. CHỦ TỊCH
- Lưu: VT, VHXH.                 PHÓ CHỦ TỊCH

                              Lê Thị Mẫu
"""


def made_up(body: str, number: str = "45", day: str = "07") -> Letter:
    return read_letter(nfc(HEAD.format(number=number, day=day) + body + FOOT))


@pytest.fixture(scope="module")
def example() -> Letter:
    return read_letter(nfc(EXAMPLE.read_text(encoding="utf-8")))


def test_the_head_of_the_example_is_read(example: Letter) -> None:
    assert example.doc_type == "cong_van"
    assert example.issuer == "Ủy ban nhân dân quận Dương Kinh"
    assert example.parent_issuer is None
    assert (example.number, example.symbol) == (None, "UBND-VHTT")
    assert (example.place, example.date, example.date_partial) == ("Dương Kinh", None, "2024")
    assert example.subject == "thông tin, tuyên truyền về kế hoạch, lộ trình dừng và tắt sóng công nghệ 2G"


def test_the_people_of_the_example_are_read(example: Letter) -> None:
    assert len(example.addressees) == 5
    assert example.addressees[-1] == "Ủy ban nhân dân các phường"
    assert example.recipients_lines == ("Như trên", "CT, các PCT UBND quận", "Lưu: VT, VHHT")
    assert example.signing_authority == "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH"
    assert (example.signer_title, example.signer_name) == ("PHÓ CHỦ TỊCH", "Nguyễn Trí Nhân")


def test_the_orders_of_the_example_are_read(example: Letter) -> None:
    read = [(task.index, task.assignees, set(task.channels)) for task in example.tasks]
    wards = ("Ủy ban nhân dân các phường",)
    assert read == [
        ("1", ("Thủ trưởng các cơ quan, đơn vị",), {"staff_meeting"}),
        ("2", ("Văn phòng HĐND và UBND quận",), {"fanpage", "portal"}),
        ("3.1", wards, {"portal", "grassroots_information_system", "loudspeaker"}),
        ("3.2", wards, {"project06_team", "community_digital_team"}),
    ]
    assert all(task.deadline is None and task.report_to is None for task in example.tasks)


def test_what_the_example_cites_and_brings_is_read(example: Letter) -> None:
    cited = example.cited_documents[0]
    assert (cited.number_symbol, cited.date) == ("1801/STTTT-BCVT", "2024-08-14")
    assert cited.issuer == "Sở Thông tin và Truyền thông"
    assert len(example.cited_documents) == 1
    assert example.attachments == ("nội dung tuyên truyền",)
    assert example.purpose is not None
    assert example.purpose.startswith("Thông tin, tuyên truyền sâu rộng")


def test_what_the_example_leaves_open_is_in_doubt(example: Letter) -> None:
    fields = {doubt.field for doubt in example.doubts}
    assert {"number", "date"} <= fields
    assert any("VHHT" in doubt.why and "VHTT" in doubt.why for doubt in example.doubts)
    assert "subject" not in fields


def test_every_span_is_where_it_says(example: Letter) -> None:
    text = nfc(EXAMPLE.read_text(encoding="utf-8"))
    for name, span in example.spans.items():
        assert text[span.start : span.end] == span.text, name
    for name in ("issuer", "symbol", "addressees[4]", "cited_documents[0]", "tasks[2].assignees[0]", "signer_name"):
        assert name in example.spans
    assert example.spans["tasks[2].assignees[0]"].text == "Ủy ban nhân dân các phường"


def test_the_page_of_a_span_follows_the_page_starts() -> None:
    text = nfc(EXAMPLE.read_text(encoding="utf-8"))
    letter = read_letter(text, (0, text.index("Nơi nhận")))
    assert letter.spans["subject"].page == 1
    assert letter.spans["signer_name"].page == 2


def test_columns_standing_side_by_side_are_told_apart() -> None:
    letter = made_up("UBND xã yêu cầu:\n\n1. Trưởng các thôn thông báo trên loa thôn trước ngày 12/4/2026.\n")
    assert (letter.issuer, letter.number, letter.date) == ("Ủy ban nhân dân xã Đồng Mẫu", "45", "2026-04-07")
    assert letter.subject == "thông báo lịch tiêm phòng cho đàn gia súc"
    assert letter.signing_authority == "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH"
    assert letter.signer_name == "Lê Thị Mẫu"


def test_a_deadline_and_its_channel_belong_to_their_task() -> None:
    letter = made_up("UBND xã yêu cầu:\n\n1. Trưởng các thôn thông báo trên loa thôn trước ngày 12/4/2026.\n")
    (task,) = letter.tasks
    assert task.assignees == ("Trưởng các thôn",)
    assert (task.deadline, task.channels) == ("2026-04-12", ("loudspeaker",))


def test_a_clock_time_or_a_recurrence_keeps_its_words() -> None:
    letter = made_up("UBND xã yêu cầu:\n\n1. Đài truyền thanh xã phát bản tin mỗi ngày 02 lần từ ngày 08/4/2026.\n")
    assert letter.tasks[0].deadline == "mỗi ngày 02 lần từ ngày 08/4/2026"


def test_a_closing_report_goes_to_whom_and_when_it_says() -> None:
    letter = made_up(
        "UBND xã yêu cầu:\n\n1. Trưởng các thôn vận động từng hộ đưa gia súc đi tiêm.\n\n"
        "2. Đài truyền thanh xã phát lịch tiêm trên loa.\n\n"
        "Trưởng các thôn báo cáo kết quả (kèm danh sách hộ) về UBND xã trước ngày 20/4/2026./.\n"
    )
    last = letter.tasks[-1]
    assert (last.index, last.assignees, last.report_to) == ("end", ("Trưởng các thôn",), "UBND xã")
    assert (last.report_deadline, last.evidence, last.deadline) == ("2026-04-20", "danh sách hộ", None)


def test_items_under_an_office_are_that_offices_tasks() -> None:
    letter = made_up(
        "UBND xã yêu cầu:\n\n1. Trưởng các thôn:\na) Dán thông báo tại nhà văn hóa thôn trước ngày 10/4/2026.\n"
        "b) Gửi tin vào nhóm Zalo của thôn.\n"
    )
    assert [(task.index, task.assignees) for task in letter.tasks] == [
        ("1.a", ("Trưởng các thôn",)),
        ("1.b", ("Trưởng các thôn",)),
    ]


def test_tasks_that_name_nobody_fall_to_the_addressees_and_are_in_doubt() -> None:
    letter = made_up("UBND xã đề nghị:\n\n- Thông báo lịch tiêm trên loa.\n- Vận động từng hộ tham gia.\n")
    assert letter.tasks[0].assignees == ("Trưởng các thôn", "Đài truyền thanh xã")
    assert any(doubt.field == "tasks[0].assignees" for doubt in letter.doubts)


def test_words_of_courtesy_are_no_task() -> None:
    letter = made_up(
        "UBND xã yêu cầu:\n\n1. Trưởng các thôn thông báo trên loa thôn.\n\n"
        "Đề nghị các đơn vị nghiêm túc thực hiện./.\n"
    )
    assert len(letter.tasks) == 1


def test_a_list_that_only_informs_holds_no_tasks() -> None:
    letter = made_up(
        "Công an xã thông tin một số thủ đoạn mới để bà con biết:\n"
        "1. Giả danh cán bộ điện lực dọa cắt điện.\n2. Gửi đường dẫn lạ qua tin nhắn.\n"
    )
    assert letter.tasks == ()


@pytest.mark.parametrize("number", ["", "....", "   "])
def test_a_number_left_open_is_none_and_in_doubt(number: str) -> None:
    letter = made_up("UBND xã thông báo.\n", number=number)
    assert letter.number is None
    assert letter.symbol == "UBND-VHXH"
    assert any(doubt.field == "number" and "bỏ trống" in doubt.why for doubt in letter.doubts)


def test_a_number_that_cannot_be_made_out_is_never_guessed() -> None:
    letter = made_up("UBND xã thông báo.\n", number="%š")
    assert letter.number is None
    assert any(doubt.field == "number" for doubt in letter.doubts)


def test_an_impossible_date_is_none_and_in_doubt() -> None:
    letter = made_up("UBND xã thông báo.\n", day="31")
    assert (letter.date, letter.date_partial) == (None, "2026-04")
    assert any(doubt.field == "date" for doubt in letter.doubts)


def test_text_without_any_mark_of_a_letter_is_refused_in_vietnamese() -> None:
    with pytest.raises(NotALetter, match="Không thấy dấu hiệu"):
        read_letter("Hôm nay trời đẹp. Chúng tôi đi chợ mua rau và cá.")


def test_a_letter_of_the_party_has_its_own_form_of_number() -> None:
    text = nfc(
        "ĐẢNG BỘ TỈNH MẪU                      ĐẢNG CỘNG SẢN VIỆT NAM\n"
        "ĐẢNG UỶ PHƯỜNG ĐÔNG MẪU\n           *              Đông Mẫu, ngày 06 tháng 02 năm 2026\n"
        "      Số 146-CV/ĐU\nV/v tuyên truyền bầu cử\n\nKính gửi: - Các chi bộ trực thuộc.\n\n"
        "Đảng uỷ yêu cầu các chi bộ đưa nội dung vào sinh hoạt tháng 3.\n\n"
        "Nơi nhận:                              T/M BAN THƯỜNG VỤ\n"
        "- Như trên,                              PHÓ BÍ THƯ\n\n"
        "                                       Đinh Văn Mẫu\n"
    )
    letter = read_letter(text)
    assert (letter.number, letter.symbol) == ("146", "CV/ĐU")
    assert (letter.issuer, letter.parent_issuer) == ("Đảng ủy phường Đông Mẫu", "Đảng bộ tỉnh Mẫu")
    assert (letter.signing_authority, letter.signer_title) == ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ")
