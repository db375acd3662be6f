"""An officer's whole way in a browser, on a campaign made by the real main job; every page is asked for its access."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

from lantoa.campaigns.models import Campaign
from lantoa.main_job import RunOptions, run_letter
from lantoa.places.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

HERE = Path(__file__).parent
EXAMPLE = HERE.parent.parent / "examples" / "duong-kinh"
AXE = (HERE.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "mat-khau-de-thu-1"  # noqa: S105 - of a test account
WIDTHS = (1280, 360)
SECTIONS = (
    "van-ban",
    "viec",
    "du-kien",
    "thong-diep",
    "bo-noi-dung",
    "thu-am",
    "da-phat",
    "cau-hoi",
    "dinh-chinh",
    "bao-cao",
    "nhat-ky",
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder for the server to find, made before it starts."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's driver runs a loop in the test's thread; what the test asks of the database is still in order."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(settings, "LANTOA_DEV_PAGES", True)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The example campaign as the first test had it made."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def campaign(home: Path, kept: Kept) -> Campaign:
    """The example letter, taken through the whole main job, and an officer who may sign in."""
    if kept.put_back(home):
        return Campaign.objects.get()
    result = run_letter(EXAMPLE / "letter.txt", RunOptions(places_file=EXAMPLE / "places.csv"))
    User.objects.create_user(
        username="can-bo",
        password=PASSWORD,
        name="Cán bộ phụ trách",
        role=User.Role.OFFICER,
        place=result.campaign.place,
    )
    kept.take(home)
    return result.campaign


@dataclass
class Kept:
    """A copy of an embedded database and of its home, for tests that begin where another began."""

    folder: Path
    database: sqlite3.Connection | None = None

    def take(self, home: Path) -> None:
        """Copy what is there now."""
        if connection.vendor == "sqlite":
            shutil.copytree(home, self.folder / "home")
            self.database = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self.database)

    def put_back(self, home: Path) -> bool:
        """Have it there again; false when nothing was copied."""
        if self.database is None:
            return False
        connection.ensure_connection()
        self.database.backup(connection.connection)
        shutil.copytree(self.folder / "home", home, dirs_exist_ok=True)
        return True


@pytest.fixture
def browser(needs: Callable[[str], str]) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=needs("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def check(page: Page) -> None:
    """No fault axe knows of, nothing wider than the screen, at a desk and on a phone."""
    page.wait_for_load_state()  # after a click the new document may be there before its first element is
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider}px wider than {width}px"
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        found = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        faults = [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found["violations"]]
        assert not faults, f"{page.url} at {width}px: {faults}"
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def glance(page: Page) -> None:
    """As `check`, but axe looks at the narrow page alone."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider}px wider than {width}px"
    page.evaluate(AXE)
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    assert not found["violations"], f"{page.url}: {found['violations'][0]['nodes'][0]['html'][:120]}"
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def watched(browser: Browser) -> tuple[Page, list[str]]:
    """A page, and what its scripts and policies complained of."""
    page = browser.new_context(locale="en-US").new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page, complaints


def sign_in(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/")
    check(page)
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_from_signing_in_to_the_report(
    live_server: LiveServer, browser: Browser, campaign: Campaign, tmp_path: Path
) -> None:
    page, complaints = watched(browser)
    sign_in(page, live_server)
    page.get_by_role("link", name=campaign.title).click()
    check(page)
    for section in SECTIONS:
        page.goto(f"{live_server.url}/chien-dich/{campaign.slug}/{section}")
        check(page)

    page.goto(f"{live_server.url}/chien-dich/{campaign.slug}/du-kien/cutoff_date")
    check(page)
    page.get_by_label("Giá trị mới").fill("2024-10-16")
    page.get_by_label("Nguồn").fill("Thông tư số 10/2024/TT-BTTTT")
    page.get_by_role("button", name="Ghi và xem kế hoạch").click()
    page.get_by_role("heading", name="Kế hoạch chờ bạn xác nhận").wait_for()
    assert page.locator("del").first.inner_text() == "16/9/2024"
    assert page.locator("ins").first.inner_text() == "16/10/2024"
    check(page)
    resident = browser.new_context().new_page()
    resident.goto(f"{live_server.url}/c/{campaign.slug}/")
    assert "16/9/2024" in resident.locator(".key").inner_text(), "a plan changes nothing outside"

    page.get_by_role("button", name="Xác nhận và thực hiện").click()
    page.get_by_role("heading", name="Ai đã được báo, ai còn giữ bản cũ").wait_for()
    page.wait_for_load_state()
    check(page)
    resident.reload()
    assert "16/10/2024" in resident.locator(".key").inner_text()

    page.goto(f"{live_server.url}/chien-dich/{campaign.slug}/bao-cao")
    with page.expect_download() as download:
        page.get_by_role("link", name="DOCX").click()
    report = tmp_path / "bao-cao.docx"
    download.value.save_as(report)
    assert report.read_bytes().startswith(b"PK")
    assert complaints == []


def test_a_field_and_its_words_light_each_other(live_server: LiveServer, browser: Browser, campaign: Campaign) -> None:
    page, complaints = watched(browser)
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/chien-dich/{campaign.slug}/van-ban")
    page.locator("#f-signer_name").hover()
    assert page.locator(".sheet .lit").inner_text() == "Nguyễn Trí Nhân"
    page.locator("[data-marks^=subject]").first.hover()
    assert page.locator(".read.lit").get_attribute("id") == "f-subject"
    page.locator("#f-symbol a").focus()
    assert page.locator(".sheet .lit").inner_text() == "UBND-VHTT"
    assert complaints == []


def test_every_other_page_is_open_to_all(live_server: LiveServer, browser: Browser, campaign: Campaign) -> None:
    page, complaints = watched(browser)
    sign_in(page, live_server)
    check(page)
    for path in (
        "nhan-van-ban",
        "van-ban-den",
        "van-ban-den?in=1",
        f"tham/{campaign.slug}",
        "kiem-tra-may",
        "dev/outbox",
        "dev/letters",
        f"c/{campaign.slug}/",
        f"c/{campaign.slug}/?lang=en",
    ):
        page.goto(f"{live_server.url}/{path}")
        glance(page)
    base = f"{live_server.url}/chien-dich/{campaign.slug}"
    for section, link in (
        ("viec", ".given a"),
        ("bo-noi-dung", ".made h2 a"),
        ("cau-hoi", "a.btn.main"),
        ("bao-cao", "a.tally"),
        ("thu-am", "td a.btn"),
    ):
        page.goto(f"{base}/{section}")
        page.goto(f"{live_server.url}{page.locator(link).first.get_attribute('href')}")
        glance(page)
    assert complaints == []
    page.goto(f"{base}/thong-diep/lead_short")
    write_words(page)
    assert [one for one in complaints if not one.startswith("htmx:") and "ERR_INTERNET_DISCONNECTED" not in one] == []


def write_words(page: Page) -> None:
    """Write new words: seen in every channel as one types, mended by a button, kept when the line is down, approved."""
    box, kept = page.get_by_label("Lời văn", exact=True), page.locator("#da-giu")
    box.fill("Từ 16/9/2024, máy chỉ có 2G dừng")
    page.get_by_role("button", name="Thay bằng").click()
    assert box.input_value() == "Từ {cutoff_date}, máy chỉ có 2G dừng"
    box.press("End")
    page.keyboard.type(" ở {")
    page.keyboard.type("ten dia ban")
    page.keyboard.press("Enter")
    assert box.input_value() == "Từ {cutoff_date}, máy chỉ có 2G dừng ở {place}"
    page.locator("#thay-leaflet .own", has_text="dừng ở quận Dương Kinh").first.wait_for(state="attached")
    page.locator("#thay-leaflet").get_by_text("Xem hình").click()
    page.locator("#thay-leaflet img.view").wait_for()
    check(page)
    page.context.set_offline(True)
    box.press("End")
    page.keyboard.type(". Số giữ nguyên.")
    kept.get_by_text("Mất kết nối").wait_for()
    page.context.set_offline(False)
    kept.get_by_text("Đã giữ bản nháp").wait_for()
    page.get_by_role("button", name="Lưu phiên bản mới").click()
    page.get_by_text("Đã lưu phiên bản 1").wait_for()
    page.get_by_role("link", name="Các phiên bản").click()
    page.locator("ins").first.wait_for()
    check(page)
    page.get_by_role("link", name="Thông điệp").first.click()
    page.get_by_role("link", name="Xem và duyệt").click()
    check(page)
    page.get_by_role("button", name="Duyệt lời đã chọn").click()
    page.get_by_text("nơi đang hiện lời cũ").or_(page.get_by_role("heading", name="Bộ nội dung")).first.wait_for()


def test_the_keyboard_is_enough_to_sign_in_and_go_on(
    live_server: LiveServer, browser: Browser, campaign: Campaign
) -> None:
    page, complaints = watched(browser)
    page.goto(f"{live_server.url}/dang-nhap")
    page.keyboard.type("can-bo")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Chiến dịch", exact=True).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page.get_by_role("link", name=campaign.title).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Cần bạn xem").wait_for()
    assert complaints == []


def test_a_letter_dropped_in_is_read_looked_at_and_becomes_a_campaign(
    live_server: LiveServer, browser: Browser, campaign: Campaign, tmp_path: Path
) -> None:
    page, complaints = watched(browser)
    sign_in(page, live_server)
    other = tmp_path / "cong-van-khac.txt"
    words = (EXAMPLE / "letter.txt").read_text(encoding="utf-8")
    other.write_text(words.replace("Số: /UBND", "Số: 77/UBND").replace("sâu rộng", "kịp thời"), encoding="utf-8")
    page.get_by_label("Kéo thả văn bản vào đây, hoặc chọn tệp").set_input_files(other)
    page.get_by_role("button", name="Nhận văn bản").click()
    page.wait_for_url("**/van-ban-den/*", timeout=60_000)
    check(page)
    page.get_by_role("button", name="Mở chiến dịch").click()
    page.wait_for_url(f"**/chien-dich/{campaign.slug}-2", timeout=60_000)
    assert complaints == []
