from __future__ import annotations

import json

from lantoa.drill.promises import Finding, Verdict
from lantoa.drill.sheet import Sheet, as_page, as_text, read_sheet

KEPT = Finding("a", "Không ai bị bỏ sót", Verdict.KEPT, "10 tin, 0 không đến", "Đợt gửi")
BROKEN = Finding("b", "Không ai nhận hai lần", Verdict.BROKEN, "1 người nhận hai lần <b>", "Đợt gửi → Chưa rõ")
UNCHECKED = Finding("c", "Không gửi ngoài giờ", Verdict.UNCHECKED, "chưa kiểm tra được: không có đợt", "Đợt gửi")


def sheet(*findings: Finding) -> Sheet:
    return Sheet(
        "Đo mưa", "Tỉnh Mẫu", "08:00 ngày 01/12/2026", "storm", 7, 40, {"Gửi": 3.0}, findings, ("Không có SMS.",)
    )


def test_one_broken_promise_fails_the_sheet_and_an_unchecked_one_is_counted_apart() -> None:
    assert sheet(KEPT, UNCHECKED).is_passed
    assert not sheet(KEPT, BROKEN).is_passed
    assert "1 cam kết đạt, 1 không đạt, 1 chưa kiểm tra được" in as_text(sheet(KEPT, BROKEN, UNCHECKED))


def test_the_text_says_where_to_look_for_what_is_broken() -> None:
    told = as_text(sheet(KEPT, BROKEN))
    assert "[  KHÔNG ĐẠT  ] Không ai nhận hai lần" in told
    assert "Xem: Đợt gửi → Chưa rõ" in told
    assert "thời tiết bão" in told
    assert "Lưu ý: Không có SMS." in told


def test_the_page_holds_every_line_and_nothing_in_it_is_markup() -> None:
    page = as_page(sheet(KEPT, BROKEN, UNCHECKED))
    assert page.count("<tr class=") == 3
    assert "1 người nhận hai lần &lt;b&gt;" in page
    assert '<tr class="unchecked">' in page


def test_the_sheet_as_data_is_read_back_as_it_was() -> None:
    whole = sheet(KEPT, BROKEN, UNCHECKED)
    assert read_sheet(json.loads(json.dumps(whole.to_json())), Finding) == whole
