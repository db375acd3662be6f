"""Orders as letters give them: each rule of the trade on a letter of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.letters.rules.assignees import read_actors
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.deadlines import read_report
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.frequencies import Frequency, parse_frequency, read_frequency
from lantoa.letters.rules.layout import read_lines
from lantoa.letters.rules.paragraphs import read_paragraphs
from lantoa.letters.rules.tasks import read_tasks
from lantoa.letters.rules.times import read_times
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import LetterTask

OFFICES = ("Trạm Y tế xã", "Các thôn")


def tasks_of(text: str, issuer: str = "Ủy ban nhân dân xã Tân An") -> tuple[LetterTask, ...]:
    return read_tasks(read_paragraphs(read_lines(text)), OFFICES, issuer, Findings(text))


def offices_in(text: str) -> tuple[str, ...]:
    actors = read_actors(text, folded(text), 0)
    return actors.texts if actors else ()


# --- who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "offices"),
    [
        ("Các phòng chuyên môn, các trường học, các trạm y tế chủ động phối hợp", 3),
        ("Thủ trưởng các cơ quan, đơn vị, địa phương tổ chức thực hiện", 1),
        ("Đề nghị ấp Cây Me, ấp Bờ Đê thông báo cho dân", 2),
        ("Sở Tài nguyên và Môi trường hướng dẫn", 1),
        ("Ban chấp hành Đoàn xã phát động", 1),
    ],
)
def test_a_list_of_doers_is_parted_where_another_office_begins(words: str, offices: int) -> None:
    assert len(offices_in(words)) == offices


def test_words_that_cite_a_document_are_no_doer() -> None:
    assert offices_in("Sở Y tế nhận được Công văn số 15/BV ngày 02/3/2025 về việc gửi báo cáo") == ()


def test_a_speck_after_a_small_word_does_not_break_a_name_off() -> None:
    assert offices_in("Thủ trưởng các. đơn vị nghiêm túc thực hiện") == ("Thủ trưởng các. đơn vị",)


def test_an_exception_stays_with_the_doer() -> None:
    (task,) = tasks_of("Đề nghị các thôn (trừ thôn Đồng Cạn) phát loa mỗi ngày 02 lần.")
    assert task.assignees == ("Các thôn (trừ thôn Đồng Cạn)",)


def test_a_team_under_an_office_is_its_means_and_not_the_doer() -> None:
    tasks = tasks_of(
        "UBND xã yêu cầu:\n1. Các thôn\n- Phát loa trước ngày 05/6/2025.\n- Tổ công nghệ số cộng đồng đến từng nhà."
    )
    assert [task.assignees for task in tasks] == [("Các thôn",), ("Các thôn",)]


def test_a_team_with_a_short_name_is_called_by_its_full_one() -> None:
    text = (
        "Thành lập Tổ tuyên truyền lưu động (sau đây gọi là Tổ).\nĐề nghị Tổ báo cáo UBND xã trước ngày 25/6/2025."
    )
    assert tasks_of(text)[-1].assignees == ("Tổ tuyên truyền lưu động",)


def test_a_line_that_only_names_doers_heads_the_paragraphs_under_it() -> None:
    text = "UBND xã đề nghị các thôn:\n- Treo băng rôn.\n- Phát loa.\n\nCác chi đoàn\nLồng ghép vào sinh hoạt hè.\n"
    assert tasks_of(text)[-1].assignees == ("Các chi đoàn",)


# --- what is a task -------------------------------------------------------------------------------------------------


def test_a_table_of_who_does_what_gives_a_task_a_row() -> None:
    text = (
        "III. PHÂN CÔNG\n| TT | Nội dung | Đơn vị thực hiện | Thời gian |\n|---|---|---|---|\n"
        "| 1 | Treo băng rôn | Phòng Văn hóa | Trước 25/6/2025 |\n| 2 | Phát loa, ngày 02 lần | | 20/6 - 30/7/2025 |\n"
    )
    first, second = tasks_of(text)
    assert (first.index, first.assignees, first.deadline) == ("III.1", ("Phòng Văn hóa",), "2025-06-25")
    assert (second.assignees, second.deadline) == (("Phòng Văn hóa",), "ngày 02 lần; 20/6 - 30/7/2025")
    assert second.frequency == "ngày 02 lần"


def test_the_programme_of_an_event_is_no_table_of_tasks() -> None:
    text = "| Thời gian | Nội dung | Phụ trách |\n| 7h00 - 7h15 | Ổn định tổ chức | Ban Giám hiệu |\n"
    assert tasks_of(text) == ()


def test_a_table_after_the_foot_is_read_as_the_annex() -> None:
    body = "UBND xã yêu cầu các thôn thực hiện nhiệm vụ tại Phụ lục.\n"
    annex = "Phụ lục\n| STT | Nhiệm vụ | Cơ quan chủ trì | Thời hạn |\n| 1 | Họp dân | Các thôn | 20/11/2025 |\n"
    paragraphs = read_paragraphs(read_lines(body))
    (task,) = read_tasks(paragraphs, OFFICES, None, Findings(body + annex), len(body))
    assert (task.index, task.assignees, task.deadline) == ("PL.1", ("Các thôn",), "2025-11-20")


def test_items_that_lost_their_lines_are_parted_again() -> None:
    tasks = tasks_of("UBND xã yêu cầu:\n1. Trạm Y tế xã:- Treo băng rôn;- Phát tờ rơi tận tay;- Đăng bài trên fanpage.")
    assert [task.index for task in tasks] == ["1.1", "1.2", "1.3"]


def test_numbers_a_scan_lost_are_known_from_the_next_one() -> None:
    text = "UBND xã yêu cầu các thôn:\n\nTreo băng rôn ở cổng làng.\n\nPhát loa buổi sáng.\n\n3. Nhắc nhở các hộ.\n"
    findings = Findings(text)
    tasks = read_tasks(read_paragraphs(read_lines(text)), OFFICES, None, findings)
    assert [task.index for task in tasks] == ["1", "2", "3"]
    assert {"tasks[0].index", "tasks[1].index"} <= {doubt.field for doubt in findings.doubts}


def test_an_item_unlike_a_verb_counts_in_a_list_of_orders() -> None:
    text = "UBND xã yêu cầu các thôn:\n1. Phát loa hằng ngày.\n2. Sau bão, dọn dẹp đường làng.\n3. Báo cáo kết quả.\n"
    assert [task.index for task in tasks_of(text)] == ["1", "2", "3"]


def test_a_list_that_says_what_to_comment_on_is_one_task() -> None:
    text = "Sở đề nghị các đơn vị góp ý dự thảo như sau:\n- Những vướng mắc.\n- Nội dung cần sửa.\n"
    assert [task.assignees for task in tasks_of(text)] == [("Các đơn vị",)]


def test_praise_and_what_a_decision_does_itself_are_no_tasks() -> None:
    assert tasks_of("Chủ tịch kết luận:\n1. Biểu dương các thôn đã làm tốt.\n2. Ghi nhận cố gắng của trạm.\n") == ()
    assert tasks_of("QUYẾT ĐỊNH:\nĐiều 1. Thành lập Tổ công tác.\nĐiều 2. Quyết định có hiệu lực từ ngày ký.\n") == ()


def test_a_thing_done_by_a_day_ends_a_task_before_the_next_channel() -> None:
    text = "Đề nghị Trạm Y tế xã in 500 tờ rơi, xong trước ngày 05/6/2025; đăng bài trên nhóm Zalo của xã."
    assert [task.channels for task in tasks_of(text)] == [("leaflet",), ("zalo",)]


def test_an_order_to_a_second_office_in_small_letters_is_a_task_of_its_own() -> None:
    text = "Giao Phòng Kinh tế bảo đảm kinh phí; các trưởng thôn thông báo trên loa trước 02 ngày."
    assert [task.assignees for task in tasks_of(text)] == [("Phòng Kinh tế",), ("Các trưởng thôn",)]


# --- reports --------------------------------------------------------------------------------------------------------


def test_where_the_thing_ordered_is_to_be_sent_belongs_to_the_order() -> None:
    (task,) = tasks_of(
        "Đề nghị các thôn chỉ đạo báo cáo theo mẫu.\n\nVăn bản báo cáo gửi về Phòng Kinh tế chậm nhất ngày 20/6/2025.\n"
    )
    assert (task.report_to, task.report_deadline) == ("Phòng Kinh tế", "2025-06-20")


def test_a_report_asked_after_an_empty_order_is_of_those_it_named() -> None:
    text = "Yêu cầu Thủ trưởng các đơn vị nghiêm túc thực hiện; báo cáo về UBND xã trước ngày 25/8/2025."
    assert tasks_of(text)[-1].assignees == ("Thủ trưởng các đơn vị",)


def test_a_report_with_a_time_and_no_office_has_its_time() -> None:
    (task,) = tasks_of("Giao Phòng Kinh tế tổng hợp kết quả, báo cáo trước ngày 05/6/2025.")
    assert (task.report_to, task.report_deadline, task.deadline) == (None, "2025-06-05", None)


def test_a_message_handed_to_an_office_is_no_report() -> None:
    text = "soạn bài đọc trên loa gửi Phòng Văn hóa trước ngày 15/6/2025"
    assert read_report(text, folded(text), 0, len(text)) is None


# --- times and channels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("gửi danh sách hạn chót 13/10/2025", "2025-10-13"),
        ("nộp sau ngày 22/12/2025 sẽ không được xét", "2025-12-22"),
        ("treo từ ngày 08/5 đến ngày 31/5/2025", "2025-05-08/2025-05-31"),
        ("hoàn thành trong tuần này", "trong tuần này"),
        ("báo cáo theo định kỳ", "theo định kỳ"),
        ("làm trước khi nghỉ hè", "trước khi nghỉ hè"),
    ],
)
def test_times_are_read_in_their_wordings(words: str, value: str) -> None:
    assert [time.value for time in read_times(words, folded(words), 0, len(words))] == [value]


def test_a_street_named_for_a_day_is_no_time() -> None:
    text = "nộp tại số 45 đường 3/2 phường Xuân Khánh"
    assert read_times(text, folded(text), 0, len(text)) == ()


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ("tuyên truyền theo hướng dẫn tại Công văn này", {"other"}),
        ("phối hợp tổ dân phố tổng hợp danh sách", set()),
        ("bố trí xe, loa kéo cho buổi lễ", set()),
        ("họp bản ký cam kết", {"residents_meeting"}),
        ("phối hợp với Đài Truyền hình, Báo Tân An tuyên truyền", {"press", "tv_radio"}),
        ("di chuyển người dân đến nơi sơ tán Nhân dân", set()),
    ],
)
def test_words_that_only_look_like_a_channel_are_none(words: str, channels: set[str]) -> None:
    assert set(read_channels(folded(words), "", words)) == channels


def test_what_is_posted_is_told_by_its_mark() -> None:
    assert "poster_banner" in read_channels(folded("in lịch, dán tại chợ"), "", "in lịch, dán tại chợ")
    assert read_channels(folded("trao đổi với dân tại chợ"), "", "trao đổi với dân tại chợ") == ()


@pytest.mark.parametrize(
    ("words", "said", "frequency"),
    [
        ("phát ít nhất 02 lần/ngày trên loa", "ít nhất 02 lần/ngày", Frequency(2, "day")),
        ("mỗi tuần ít nhất 01 tin", "mỗi tuần ít nhất 01 tin", Frequency(1, "week")),
        ("tần suất 02 giờ/lần đến khi bão tan", "02 giờ/lần", Frequency(1, "hour", 2)),
        ("họp 6 tháng một lần", "6 tháng một lần", Frequency(1, "month", 6)),
        ("ngày 03 lần (5h, 11h, 17h)", "ngày 03 lần", Frequency(3, "day")),
        ("báo cáo hằng tuần", "hằng tuần", Frequency(1, "week")),
    ],
)
def test_how_often_is_kept_in_words_and_as_a_number(words: str, said: str, frequency: Frequency) -> None:
    found = read_frequency(words, folded(words), 0, len(words))
    assert found is not None
    assert found.value == said
    assert parse_frequency(folded(said)) == frequency


def test_the_length_of_a_talk_is_not_how_often_it_is_held() -> None:
    text = "nói chuyện không quá 15 phút/lần"
    assert read_frequency(text, folded(text), 0, len(text)) is None
