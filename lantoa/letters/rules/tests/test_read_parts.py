"""The reader's parts, each by itself."""

from __future__ import annotations

import pytest

from lantoa.letters.rules.assignees import read_actors
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.citations import read_citations
from lantoa.letters.rules.dates import find_issue_date
from lantoa.letters.rules.deadlines import read_report
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.issuers import official_name
from lantoa.letters.rules.layout import read_lines
from lantoa.letters.rules.paragraphs import Paragraph, read_paragraphs
from lantoa.letters.rules.times import read_times
from lantoa.lib.vietnamese import folded


def paragraphs(text: str) -> list[Paragraph]:
    return read_paragraphs(read_lines(text))


@pytest.mark.parametrize(
    ("capitals", "name"),
    [
        ("ỦY BAN NHÂN DÂN QUẬN DƯƠNG KINH", "Ủy ban nhân dân quận Dương Kinh"),
        ("UBND TP. ĐÀ NẴNG", "Ủy ban nhân dân thành phố Đà Nẵng"),
        ("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Sở Thông tin và Truyền thông"),
        ("TRƯỜNG THCS TÂN PHONG", "Trường THCS Tân Phong"),
        ("BẢO HIỂM XÃ HỘI TỈNH HÀ NAM", "Bảo hiểm xã hội tỉnh Hà Nam"),
    ],
)
def test_capitals_of_a_letterhead_become_a_name(capitals: str, name: str) -> None:
    assert official_name(capitals) == name


@pytest.mark.parametrize(
    ("words", "offices"),
    [
        ("Ủy ban nhân dân các xã, thị trấn tổ chức phát loa", ("Ủy ban nhân dân các xã, thị trấn",)),
        ("Sở Công Thương, Sở Tài chính tuyên truyền", ("Sở Công Thương", "Sở Tài chính")),
        ("Ban Chỉ huy Quân sự xã soạn đề cương", ("Ban Chỉ huy Quân sự xã",)),
        ("Giao Phòng Văn hóa và Thông tin kiểm tra", ("Phòng Văn hóa và Thông tin",)),
        ("VNPT, Viettel, MobiFone nhắn tin", ("VNPT", "Viettel", "MobiFone")),
        ("Sở Văn hóa, Thể thao và Du lịch thông báo", ("Sở Văn hóa, Thể thao và Du lịch",)),
        ("UBND xã (trừ thôn Cao Mẫu) cắm biển", ("UBND xã (trừ thôn Cao Mẫu)",)),
    ],
)
def test_doers_end_where_their_verb_begins(words: str, offices: tuple[str, ...]) -> None:
    actors = read_actors(words, folded(words), 0)
    assert actors is not None
    assert actors.texts == offices


@pytest.mark.parametrize(
    "words", ["Bố trí tổ lưu động làm việc", "Báo cáo nhanh về huyện", "Trường hợp chống đối thì báo"]
)
def test_verbs_and_cases_are_no_doers(words: str) -> None:
    assert read_actors(words, folded(words), 0) is None


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ("phát trên loa phường và nhóm Zalo", {"loudspeaker", "zalo"}),
        ("phát tờ rơi, treo băng rôn tại chợ", {"leaflet", "poster_banner"}),
        ("báo cáo kết quả qua Zalo hoặc email", set()),
        ("đến từng hộ vận động", {"door_to_door"}),
        ("chạy chữ trên bảng điện tử", {"electronic_board"}),
        ("đăng bảng tin tổ dân phố", {"poster_banner"}),
        ("các phường tổ chức tuyên truyền", {"other"}),
    ],
)
def test_channels_are_told_by_their_words(words: str, channels: set[str]) -> None:
    assert set(read_channels(folded(words))) == channels


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("hoàn thành trước ngày 20/8/2026", "2026-08-20"),
        ("từ ngày 18/9/2024 đến hết ngày 15/10/2024", "2024-09-18/2024-10-15"),
        ("trước 16 giờ 00 ngày 10/9/2026", "trước 16 giờ 00 ngày 10/9/2026"),
        ("ít nhất 02 lần/ngày", "ít nhất 02 lần/ngày"),
        ("trong tháng 7/2024", "trong tháng 7/2024"),
    ],
)
def test_times_are_iso_only_when_a_whole_plain_date(words: str, value: str) -> None:
    assert [phrase.value for phrase in read_times(words, folded(words), 0, len(words))] == [value]


@pytest.mark.parametrize("words", ["dừng công nghệ 2G", "Công văn số 12/UBND-VX ngày 01/02/2024", "trực 24/24"])
def test_generations_and_cited_dates_are_no_deadline(words: str) -> None:
    assert read_times(words, folded(words), 0, len(words)) == ()


def test_a_report_names_its_office_with_the_way_it_goes() -> None:
    words = "báo cáo kết quả về UBND phường (qua Phòng Văn hóa - Xã hội) trước ngày 01/9/2026"
    report = read_report(words, folded(words), 0, len(words))
    assert report is not None
    assert report.to is not None
    assert report.to.value == "UBND phường (qua Phòng Văn hóa - Xã hội)"


def test_sending_the_message_itself_is_no_report() -> None:
    words = "gửi tài liệu tới các Tổ công nghệ số cộng đồng"
    assert read_report(words, folded(words), 0, len(words)) is None


def test_citations_keep_number_date_office_and_title() -> None:
    text = (
        "Thực hiện Công văn số 12/SYT- NVY, ngày 03/4/2025 của Sở Y tế về việc tiêm chủng; Ngày 05/4/2025, UBND huyện "
        "đã ban hành Kế hoạch số 7/KH-UBND; theo Đề án 06/CP."
    )
    first, second = read_citations(paragraphs(text), None, Findings(text))
    assert (first.number_symbol, first.date, first.issuer) == ("12/SYT-NVY", "2025-04-03", "Sở Y tế")
    assert first.title == "về việc tiêm chủng"
    assert (second.number_symbol, second.date, second.issuer) == ("7/KH-UBND", "2025-04-05", "UBND huyện")


def test_wrapped_lines_become_paragraphs_with_their_way_back() -> None:
    text = (
        "    Dòng thứ nhất của đoạn văn dài được ngắt vì hết\nchiều ngang trang giấy.\n"
        "    1. Mục thứ nhất của văn bản này\n"
        "viết trên hai dòng.\n"
    )
    found = paragraphs(text)
    assert [paragraph.text[:2] for paragraph in found] == ["Dò", "1."]
    start = found[1].text.index("hai dòng")
    first, last = found[1].source(start, start + len("hai dòng"))
    assert text[first:last] == "hai dòng"


def test_page_numbers_and_rules_are_left_out() -> None:
    assert [line.text for line in read_lines("Trang đầu\n\n          2\n\n--------\nTrang sau\n")] == [
        "Trang đầu",
        "Trang sau",
    ]


def test_an_open_day_leaves_the_part_that_is_printed() -> None:
    issue = find_issue_date("Hà Mẫu, ngày    tháng 5 năm 2024", folded("Hà Mẫu, ngày    tháng 5 năm 2024"))
    assert issue is not None
    assert (issue.place, issue.iso, issue.partial, issue.blank) == ("Hà Mẫu", None, "2024-05", True)
