"""A letter's way into the register in a browser: received, doubted, settled, handed on, printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.letters.actions import Incoming, receive
from lantoa.letters.generating import generate_letter
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.tests.builders import later, letter_text
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.text import write_text
from lantoa.places.models import User
from lantoa.places.tests.builders import make_cast
from tests.journeys.test_browser import (
    PASSWORD,
    _one_thread,
    _static_root,
    browser,
    check,
    sign_in,
    watched,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from lantoa.places.models import Place

__all__ = ["_one_thread", "_static_root", "browser"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LETTER = replace(generate_letter(8), number="125", date="2024-08-12")


@pytest.fixture
def book(home: Path) -> Place:
    """A district with one letter in its register, one that may be a copy of it, and one file that cannot be read."""
    assert home
    cast = make_cast()
    User.objects.filter(pk=cast.officer.pk).update(username="can-bo")
    officer = User.objects.get(pk=cast.officer.pk)
    officer.set_password(PASSWORD)
    officer.save()
    amended = replace(later(LETTER), number=LETTER.number, date=LETTER.date)
    for name, text in (
        ("cong-van-125.txt", write_text(compose(LETTER))), ("gui-lai.txt", write_text(compose(amended))),
        ("hoa-don.txt", "mua hai cân gạo"),
    ):  # fmt: skip
        receive(Incoming(text.encode(), name, Arrival.Way.MAIL, "Sở Y tế <so@example.gov.vn>"), cast.district, None)
    return cast.district


def test_from_the_file_to_the_printed_register(live_server: LiveServer, browser: Browser, book: Place) -> None:
    page, complaints = watched(browser)
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/van-ban-den")
    check(page)
    page.get_by_role("link", name="1 tệp vừa đến chưa đọc được").click()
    check(page)
    page.get_by_text("Dán nội dung văn bản").click()
    check(page)
    page.get_by_label("Toàn văn, từ quốc hiệu").fill(letter_text(3))
    page.get_by_role("button", name="Vào sổ").last.click()
    page.get_by_text("Đã vào sổ, số đến 3.").wait_for()
    check(page)

    page.goto(f"{live_server.url}/van-ban-den?tt=nghi-trung")
    page.get_by_role("link", name="Phân xử trùng").click()
    check(page)
    page.get_by_role("button", name="Là bản trùng").click()
    page.get_by_text("Đây là bản trùng của số đến 1/").wait_for()
    check(page)

    page.goto(f"{live_server.url}/van-ban-den?xep=so")
    page.get_by_role("link", name="Chuyển xử lý").first.click()
    page.get_by_label("Đơn vị hoặc người nhận").select_option(label="Ủy ban nhân dân phường Đa Phước")
    row = IncomingLetter.objects.get(book=book, ordinal=1)
    page.get_by_label("Ngày chuyển").fill(row.arrived_on.isoformat())
    page.get_by_label("Hạn xử lý").fill("2020-01-02")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.locator(".chip.bad", has_text="quá hạn").wait_for()
    check(page)
    page.get_by_role("link", name="Bản in").click()
    check(page)
    printed = page.locator("tbody tr").all_inner_texts()
    assert len(printed) == 3
    assert "Ủy ban nhân dân phường Đa Phước" in printed[0]
    assert "Bản trùng của số đến 01" in printed[1]
    assert complaints == []
