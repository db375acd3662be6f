from __future__ import annotations

import json
import re

from lantoa.content.makers.making import make
from lantoa.content.makers.push import tag_of
from lantoa.content.makers.tests.builders import build

PIECE = build(kind="push", title="Đo mưa từ 07/6/2025", text="Mỗi nhà đọc một thùng.\n\nỦy ban nhân dân phường.")


def test_it_holds_title_body_page_and_tag_and_no_more() -> None:
    message = json.loads(make("push", PIECE).content)
    assert message == {
        "title": "Đo mưa từ 07/6/2025",
        "body": "Mỗi nhà đọc một thùng. Ủy ban nhân dân phường.",
        "url": PIECE.url,
        "tag": tag_of(PIECE.url),
    }


def test_a_correction_takes_the_place_of_what_it_corrects_and_another_campaign_does_not() -> None:
    first, moved = make("push", PIECE), make("correction_push", build(title="Mốc mới"))
    assert json.loads(first.content)["tag"] == json.loads(moved.content)["tag"]
    assert tag_of(PIECE.url) != tag_of(f"{PIECE.url}?noi=1")
    assert re.fullmatch(r"[\w-]{1,32}", tag_of("https://a.vn/" + "x" * 500))


def test_what_a_locked_screen_cuts_off_is_told_and_what_no_service_takes_is_refused() -> None:
    assert make("push", PIECE).details == {}
    long = make("push", build(title="T" * 51, text="B" * 161)).details["faults"]
    assert [severity for severity, _ in long] == ["warns", "warns"]
    assert "51 ký tự" in long[0][1]
    heavy = make("push", build(title="T", text="đ" * 2000)).details["faults"]
    assert "blocks" in {severity for severity, _ in heavy}


def test_no_word_of_it_is_a_slot_and_nothing_but_the_web_is_led_to() -> None:
    message = json.loads(make("push", build(title="{{name}}", url="javascript:alert(1)")).content)
    assert "{{" not in message["title"]
    assert message["url"] == ""
