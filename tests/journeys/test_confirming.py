"""A letter read by the machine and settled by a person at the keyboard, in a browser, also without its script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from lantoa.letters.actions import Incoming, receive
from lantoa.places.actions import import_places
from lantoa.places.models import Place, User
from tests.journeys.test_browser import AXE, PASSWORD, RULES, WIDTHS, _one_thread, _static_root, browser, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from lantoa.letters.models import IncomingLetter

__all__ = ["_one_thread", "_static_root", "browser"]  # fixtures of the other journeys

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "duong-kinh"
MOST_BYTES = 60_000

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def letter(home: Path) -> IncomingLetter:
    """The example letter, received by an office, and an officer who may sign in."""
    assert home
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    import_places(EXAMPLE / "places.csv", None)
    district = Place.objects.get(kind="district")
    User.objects.create_user(
        username="can-bo", password=PASSWORD, name="Cán bộ phụ trách", role=User.Role.OFFICER, place=district
    )
    incoming = Incoming((EXAMPLE / "letter.txt").read_bytes(), "letter.txt", "upload")
    row = receive(incoming, district, None).row
    assert row is not None
    return row


def open_page(page: Page, server: LiveServer, letter: IncomingLetter) -> None:
    page.goto(f"{server.url}/dang-nhap?next=/van-ban-den/{letter.pk}")
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.locator(".read.open").first.wait_for()


def check(page: Page) -> None:
    """No fault axe knows of, nothing wider than the screen, at a desk and on a phone."""
    page.evaluate(AXE)
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{wider}px wider than {width}px"
        found = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        faults = [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found["violations"]]
        assert not faults, f"at {width}px: {faults}"


def said(page: Page, words: str) -> None:
    """What the live region told."""
    page.wait_for_function("(words) => document.getElementById('bao').textContent.includes(words)", arg=words)


def test_the_keyboard_alone_settles_every_doubt(
    live_server: LiveServer, browser: Browser, letter: IncomingLetter
) -> None:
    page, complaints = watched(browser)
    open_page(page, live_server, letter)
    assert len(page.content().encode()) < MOST_BYTES
    assert page.evaluate("document.activeElement.id") == "f-number", "the first doubt waits for an answer"
    check(page)
    page.keyboard.press("e")
    page.locator(".edit input[name=value]").wait_for()
    check(page)
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    said(page, "Đã sửa: Số. 2 chỗ cần bạn kiểm tra.")
    assert page.evaluate("document.activeElement.id") == "f-date"
    page.keyboard.press("Enter")
    said(page, "Đúng: Ngày ban hành. 1 chỗ cần bạn kiểm tra.")
    assert page.evaluate("document.activeElement.dataset.path") == "recipients_lines[2]"
    assert page.locator(".sheet .lit").inner_text().startswith("Lưu: VT, VHHT")
    page.keyboard.press("n")
    said(page, "Không còn chỗ nào phải kiểm tra.")
    page.keyboard.press("u")
    said(page, "1 chỗ cần bạn kiểm tra.")
    page.keyboard.press("Enter")
    said(page, "Không còn chỗ nào phải kiểm tra.")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "f-doc_type"
    page.keyboard.press("k")
    page.keyboard.press("?")
    assert page.locator(".keys").get_attribute("open") is not None
    assert complaints == []
    assert (letter.letter.number, letter.letter.doubts) == ("45", ())
    assert set(letter.confirmations.values_list("by__username", flat=True)) == {"can-bo"}


def test_without_the_script_every_button_does_the_same(
    live_server: LiveServer, browser: Browser, letter: IncomingLetter
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    open_page(page, live_server, letter)
    row = page.locator("#f-number")
    row.get_by_role("link", name="Sửa").click()
    page.locator(".edit input[name=value]").fill("45")
    page.get_by_role("button", name="Lưu").click()
    page.locator("#f-number.done").wait_for()
    page.locator("#f-date").get_by_role("button", name="Đúng là không ghi").click()
    page.locator("#f-date.done").wait_for()
    page.get_by_role("button", name="Xác nhận tất cả phần còn lại").click()
    page.get_by_text("Mọi trường đã được xác nhận").wait_for()
    assert letter.letter.number == "45"
    assert [doubt.field for doubt in letter.letter.doubts] == ["recipients_lines[2]"]
