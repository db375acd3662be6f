"""By when and how often an order is to be done, in the wordings of the trade."""

import pytest

from lantoa.letters.rules.times import read_times
from lantoa.lib.vietnamese import folded


def times(words: str) -> list[str]:
    return [phrase.value for phrase in read_times(words, folded(words), 0, len(words))]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hoàn thành chậm nhất là ngày 15 tháng 9 năm 2026", "2026-09-15"),
        ("xong trước ngày 20/10/2026", "2026-10-20"),
        ("hoàn thành xong trước 30.11.2026", "2026-11-30"),
        ("gửi trước 20-10-2026", "2026-10-20"),
        ("trong ngày 12/5/2026", "2026-05-12"),
        ("ngay trong ngày 10/5/2026", "2026-05-10"),
        ("kéo dài cho tới 31/5/2026", "2026-05-31"),
        ("muộn nhất là hết ngày 31/12/2026", "2026-12-31"),
        ("hạn nộp: 20/10/2026", "2026-10-20"),
        ("Thời hạn hoàn thành: trước ngày 20/10/2026", "2026-10-20"),
        ("ra quân sáng Chủ nhật 21/6/2026", "2026-06-21"),
    ],
)
def test_a_whole_day_is_read_under_any_lead(words: str, day: str) -> None:
    assert times(words) == [day]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("từ ngày 01/10 đến hết ngày 31/10/2026", "2026-10-01/2026-10-31"),
        ("từ 01 đến 15/10/2026", "2026-10-01/2026-10-15"),
        ("từ ngày 01 tháng 10 năm 2026 đến ngày 15 tháng 10 năm 2026", "2026-10-01/2026-10-15"),
    ],
)
def test_a_period_is_read_though_its_month_and_year_stand_once(words: str, period: str) -> None:
    assert times(words) == [period]


@pytest.mark.parametrize(
    "words",
    [
        "trước 15h ngày 20/6/2026",
        "trước 17 giờ 00 phút, ngày 20/6/2026",
        "trước 10h30 sáng thứ Hai, ngày 22/6/2026",
        "trước 24h00 đêm nay",
        "kể từ ngày ký",
        "trong thời hạn 05 ngày làm việc kể từ ngày nhận được Công văn",
        "trong vòng 48 giờ kể từ khi nhận được văn bản",
        "ngay khi nhận được văn bản này",
        "mỗi khi tàu xuất bến",
        "cho đến khi có thông báo mới",
        "trước mùa mưa bão",
        "trước kỳ nghỉ Tết",
        "trước Tết Nguyên đán 2027",
        "trong ngày ra quân",
        "trong học kỳ II",
        "cuối năm học",
        "trong tuần đầu tháng 10",
        "trong tháng 9 và tháng 10 năm 2026",
        "trong quý IV/2026",
        "trước ít nhất 05 ngày làm việc",
        "trong các ngày 03, 04 và 05/6/2026",
        "đến hết tháng Ba âm lịch",
        "trước ngày 23 tháng Chạp",
    ],
)
def test_occasions_and_clock_times_keep_their_words(words: str) -> None:
    assert times(words) == [words]


@pytest.mark.parametrize(
    "words",
    [
        "định kỳ ngày 20 hàng tháng",
        "trước ngày 20 của tháng cuối quý",
        "ngày 15 và ngày cuối tháng",
        "vào thứ Sáu hằng tuần",
        "trước 16 giờ thứ Năm hàng tuần",
        "sáng thứ Bảy hằng tuần",
        "vào các tối thứ Ba, thứ Năm",
        "ít nhất 02 lần mỗi tuần",
        "mỗi tuần không dưới 05 lần",
        "ít nhất 03 clip/tuần",
        "2 tuần/lần",
        "15 ngày một lần",
        "02 lần/ngày (sáng 5h30, chiều 17h00)",
        "sau mỗi đợt 02 ngày",
    ],
)
def test_what_recurs_keeps_its_words(words: str) -> None:
    assert times(words) == [words]


@pytest.mark.parametrize(
    "words",
    [
        "bố trí trực cả thứ Bảy, Chủ nhật",
        "là tiêu chí thi đua quý IV/2026",
        "nếu kéo dài quá 05h00",
        "hưởng ứng ngày 20/11/2026",
        "trong thời gian tới tiếp tục duy trì",
        "lồng ghép trong các buổi họp tổ dân phố",
    ],
)
def test_days_that_bind_nobody_are_no_deadline(words: str) -> None:
    assert times(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "trước ngày tiêm ít nhất 03 ngày",
        "trước mỗi lần xả 30 phút",
        "05 kỳ phát thanh/tuần",
        "trong phiên họp hội đồng tháng 01/2026",
        "vào ngày 10, 20 và ngày cuối tháng",
        "6 tháng và năm",
        "theo lịch tại Phụ lục 2",
        "cuối giờ chiều hằng ngày đến hết mùng 6 Tết",
    ],
)
def test_times_counted_from_what_happens_keep_their_words(words: str) -> None:
    assert times(f"thông báo {words}.") == [words]


def test_a_day_under_a_negative_lead_or_emphasis_is_a_day() -> None:
    assert times("không quá ngày 08/12/2026") == ["2026-12-08"]
    assert times("nộp trước ngày*30/11/2026") == ["2026-11-30"]
