"""Which sentences of a letter order something: each class of the trade on a letter of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.letters.rules.deadlines import read_report
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.layout import read_lines
from lantoa.letters.rules.paragraphs import read_paragraphs
from lantoa.letters.rules.tasks import read_tasks
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import LetterTask

OFFICES = ("Trạm Y tế xã", "Các thôn")


def tasks_of(text: str, issuer: str = "Ủy ban nhân dân xã Tân An") -> tuple[LetterTask, ...]:
    return read_tasks(read_paragraphs(read_lines(text)), OFFICES, issuer, Findings(text))


@pytest.mark.parametrize(
    "marks",
    [
        ("(1) ", "(2) "),
        ("1- ", "2- "),
        ("a/ ", "b/ "),
        ("1/ ", "2/ "),
        ("A- ", "B- "),
        ("1.1- ", "1.2- "),
        ("- ", "- "),
    ],
)
def test_items_are_parted_under_any_mark_of_the_trade(marks: tuple[str, str]) -> None:
    first, second = marks
    tasks = tasks_of(
        f"UBND xã yêu cầu:\n{first}Trạm Y tế xã phát tờ rơi tại chợ.\n"
        f"{second}Các thôn thông báo trên loa mỗi ngày 02 lần."
    )
    assert [task.assignees for task in tasks] == [("Trạm Y tế xã",), ("Các thôn",)]


def test_rows_of_a_table_copied_cell_by_cell_are_tasks() -> None:
    tasks = tasks_of(
        "PHÂN CÔNG\nTT\nNội dung công việc\nĐơn vị thực hiện\nThời gian\n1\nTreo băng rôn\nPhòng Văn hóa\n"
        "Trước 20/3/2026\n2\nCấp tờ rơi\nTrạm Y tế\nTrước 22/3/2026\n"
    )
    assert [(task.assignees, task.deadline) for task in tasks] == [
        (("Phòng Văn hóa",), "2026-03-20"),
        (("Trạm Y tế",), "2026-03-22"),
    ]


def test_plain_paragraphs_under_an_order_to_an_office_are_its_tasks() -> None:
    tasks = tasks_of("Yêu cầu các thôn:\n\nThành lập đội xung kích đi từng nhà.\n\nPhát tờ rơi tại chợ.\n")
    assert [task.assignees for task in tasks] == [("Các thôn",), ("Các thôn",)]


def test_the_words_of_a_correction_are_no_tasks() -> None:
    tasks = tasks_of(
        "UBND xã đính chính:\n1. Tại mục 1:\n- Đã in: “08h00 ngày 15/11/2025”.\n- Sửa lại: “19h30 ngày 23/11/2025”.\n"
    )
    assert tasks == ()


@pytest.mark.parametrize(
    "closing",
    [
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các thôn phản ánh về UBND xã để được hướng dẫn.",
        "Văn phòng UBND xã thông báo để các cơ quan biết, thực hiện.",
        "UBND xã sẽ báo cáo UBND huyện trước ngày 05/6/2026.",
        "Kính mời các đại biểu đến dự đúng thành phần, thời gian.",
        "Các trưởng bản được hướng dẫn riêng tại buổi giao ban ngày 28/01/2026.",
        "UBND xã mong các thôn thông cảm.",
    ],
)
def test_closing_words_that_only_tell_are_no_task(closing: str) -> None:
    orders = "1. Các thôn treo băng rôn tại nhà văn hóa.\n2. Trạm Y tế xã phát tờ rơi."
    tasks = tasks_of(f"UBND xã yêu cầu:\n{orders}\n{closing}")
    assert [task.index for task in tasks] == ["1", "2"]


def test_who_answers_for_an_order_is_part_of_no_other() -> None:
    (task,) = tasks_of(
        "UBND xã yêu cầu:\n1. Các thôn họp dân phổ biến."
        " Chủ tịch UBND xã chịu trách nhiệm nếu còn vi phạm sau ngày 31/8/2026."
    )
    assert (task.assignees, task.deadline) == (("Các thôn",), None)


def test_whoever_lacks_something_is_a_doer() -> None:
    tasks = tasks_of(
        "Văn phòng thông báo:\n\nTừ 01/02 cơ quan không nhận giấy."
        " Ai chưa có chữ ký số thì đăng ký trước ngày 22/01/2026.\n"
    )
    assert [task.assignees for task in tasks] == [("Ai chưa có chữ ký số",)]


def test_trouble_after_an_order_does_not_take_the_order_away() -> None:
    tasks = tasks_of("UBND xã yêu cầu:\n\nTrạm Y tế xã điều chỉnh lịch tiêm. Nếu có vướng mắc, liên hệ Văn phòng.\n")
    assert [task.assignees for task in tasks] == [("Trạm Y tế xã",)]


def test_two_orders_that_close_a_letter_are_numbered_ends() -> None:
    tasks = tasks_of(
        "UBND xã yêu cầu:\n1. Các thôn treo băng rôn.\n"
        "Giao Trạm Y tế xã theo dõi, báo cáo UBND xã trước ngày 12/6/2026;"
        " các thôn gửi báo cáo về Trạm Y tế xã trước ngày 10/6/2026."
    )
    assert [task.index for task in tasks] == ["1", "end.1", "end.2"]


def test_verbs_of_hand_are_orders_like_verbs_of_office() -> None:
    tasks = tasks_of(
        "UBND xã yêu cầu:\n1. Trạm Y tế xã phun hóa chất tại chợ.\n2. Các chủ rừng ký cam kết với từng hộ.\n"
        "3. Khoa Khám bệnh liên tục nhắc người bệnh.\n4. Đội cảnh sát tuần tra ban đêm."
    )
    assert [task.assignees for task in tasks] == [
        ("Trạm Y tế xã",),
        ("Các chủ rừng",),
        ("Khoa Khám bệnh",),
        ("Đội cảnh sát",),
    ]


@pytest.mark.parametrize(
    ("words", "office"),
    [
        ("lập danh sách, nộp Ban Quản lý chợ trước ngày 25 hằng tháng", "Ban Quản lý chợ"),
        ("tổng hợp kết quả, trình UBND tỉnh (qua Văn phòng UBND tỉnh) chậm nhất là ngày 05/9/2026", "UBND tỉnh"),
        ("Báo cáo Chi cục Thống kê huyện số buổi họp vào ngày 30/3/2026", "Chi cục Thống kê huyện"),
        ("phản hồi kết quả về Sở trước ngày 20/10/2026", "Sở"),
        ("báo cáo tiến độ với đồng chí Chủ tịch vào chiều thứ Sáu hằng tuần", "đồng chí Chủ tịch"),
        ("gửi kết quả qua email vhxh@xa.example trước ngày 05/5/2026", "email vhxh@xa.example"),
        ("nhập số liệu vào biểu mẫu trực tuyến trước 20 giờ hằng ngày", "biểu mẫu trực tuyến"),
        ("tham mưu báo cáo Đảng ủy, UBND xã theo định kỳ", "Đảng ủy, UBND xã"),
    ],
)
def test_a_report_is_read_in_the_words_that_send_it(words: str, office: str) -> None:
    report = read_report(words, folded(words), 0, len(words))
    assert report is not None
    assert report.to is not None
    assert report.to.value.startswith(office)


@pytest.mark.parametrize(
    "words", ["giao ban báo cáo viên hằng tuần", "hướng dẫn nộp thuế trên Cổng trước ngày 30/6/2026"]
)
def test_speakers_and_taxes_are_no_report(words: str) -> None:
    assert read_report(words, folded(words), 0, len(words)) is None


def test_rows_drawn_with_rules_are_tasks_though_their_cells_go_on() -> None:
    rule = "+----+--------------+-----------+---------+"
    tasks = tasks_of(
        f"PHÂN CÔNG\n{rule}\n| TT | Nhiệm vụ     | Chủ trì   | Hạn     |\n{rule}\n"
        f"| 1  | Phát tờ rơi  | Trạm Y tế | 20/10/  |\n|    | tại chợ      | xã        | 2026    |\n{rule}\n"
        f"| 2  | Đọc trên loa | Các thôn  | 25/10/2026 |\n{rule}\n"
    )
    assert [(task.assignees, task.actions_summary) for task in tasks] == [
        (("Trạm Y tế xã",), "Phát tờ rơi tại chợ"),
        (("Các thôn",), "Đọc trên loa"),
    ]


def test_a_plan_to_be_sent_has_a_deadline_and_gathered_figures_a_report() -> None:
    plan, figures = tasks_of(
        "UBND xã yêu cầu:\n1. Các thôn xây dựng kế hoạch ra quân, gửi Văn phòng trước ngày 28/8/2026.\n"
        "2. Các thôn tổng hợp số người chưa tiêm trong từng xóm, có ghi rõ địa chỉ và số điện thoại,"
        " gửi Trạm Y tế xã trước ngày 30/8/2026."
    )
    assert (plan.deadline, plan.report_to) == ("2026-08-28", None)
    assert (figures.report_to, figures.report_deadline) == ("Trạm Y tế xã", "2026-08-30")


def test_forms_given_out_to_offices_are_tasks_and_a_choice_of_forms_is_none() -> None:
    given = tasks_of("II. HÌNH THỨC\n1. Trạm Y tế xã: phát tờ rơi tại chợ.\n2. Các thôn: phát trên loa.")
    choice = tasks_of("II. HÌNH THỨC\n1. Phát tờ rơi tại chợ.\n2. Phát trên loa.")
    assert [task.assignees for task in given] == [("Trạm Y tế xã",), ("Các thôn",)]
    assert choice == ()


def test_a_post_in_places_of_several_kinds_is_one_doer() -> None:
    (task,) = tasks_of("UBND xã yêu cầu:\n1. Trưởng các buôn, thôn họp dân phổ biến quy ước.")
    assert task.assignees == ("Trưởng các buôn, thôn",)
