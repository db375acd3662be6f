"""A message to many people in a browser, from the choice of a channel to whoever did not get it; and notices, fetched
by a service worker of the browser's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from lantoa.channels.tests.browsers import browsers
from lantoa.channels.wire import Account
from lantoa.delivery.models import Answer, Dispatch, PushSubscription, Suppression
from lantoa.delivery.rules.keys import key_maker
from lantoa.web.tests.builders import PASSWORD
from lantoa.web.tests.conftest import campaign, cast, land
from lantoa.web.tests.dispatch_builders import (
    DELIVERED,
    GONE,
    UNKNOWN,
    make_residents,
    make_words,
    settle,
    use_wire,
)
from tests.journeys.test_browser import _one_thread, _static_root, browser, check, glance, watched

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

    from lantoa.campaigns.models import Campaign
    from lantoa.residents.models import Resident
    from lantoa.web.tests.builders import Cast, Land

__all__ = ["_one_thread", "_static_root", "browser", "campaign", "cast", "land"]  # fixtures of others

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _configured(settings: Any, tmp_path: Path) -> None:
    """A channel that sends nowhere, one to browsers, and quick passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LANTOA_SENDING_HOURS = ""
    adapter, _ = settings.LANTOA_CHANNELS["push"]
    options = {"key_file": str(tmp_path / "vapid.pem"), "contact": "mailto:tin@songmau.gov.vn"}
    settings.LANTOA_CHANNELS = {
        **settings.LANTOA_CHANNELS, "push": (adapter, {"accounts": (Account("huyen", options=options),)}),
    }
    use_wire()


@pytest.fixture
def residents(campaign: Campaign, land: Land) -> list[Resident]:
    make_words(campaign)
    return make_residents(land)


def sign_in(page: Page, server: LiveServer, path: str) -> None:
    page.goto(f"{server.url}/dang-nhap?next={path}")
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_an_officer_sends_watches_and_finds_who_missed_it(
    live_server: LiveServer, browser: Browser, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    page, complaints = watched(browser)
    page.clock.install()
    section = f"/chien-dich/{campaign.slug}/dot-gui"
    sign_in(page, live_server, section)
    check(page)
    page.get_by_role("link", name="Đợt gửi mới").first.click()
    check(page)
    page.get_by_role("link", name="Zalo (ZNS)").click()
    count = page.locator("#so-nguoi b")
    count.get_by_text("6", exact=True).wait_for()
    page.get_by_label("Cần giúp đỡ").select_option("yes")
    page.clock.fast_forward(400)
    count.get_by_text("2", exact=True).wait_for()
    check(page)
    page.get_by_label("Cần giúp đỡ").select_option("")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    page.get_by_text("tới 6 người nhận").wait_for()
    check(page)
    assert Dispatch.objects.get().state == "planned"

    page.get_by_role("button", name="Xác nhận và gửi").click()
    page.get_by_text("Đợt gửi đã được xác nhận").wait_for()
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "running"
    settle(dispatch, {residents[0].pk: DELIVERED, residents[1].pk: GONE, residents[2].pk: UNKNOWN})
    page.locator("#so-queued").focus()
    page.clock.fast_forward(3100)
    page.locator("#so-failed_for_good").get_by_text("1").wait_for()
    assert page.evaluate("document.activeElement.id") == "so-queued", "the keyboard stays where it was"
    check(page)

    Answer.objects.create(channel="zns", address=residents[0].phone, text="Đổi ở đâu?", place=residents[0].place)
    refusal = Suppression.objects.create(reaches="phone", address=residents[1].phone, source="reply")
    for path in (
        section, f"{section}/{dispatch.pk}/nguoi-nhan", f"{section}/{dispatch.pk}/nguoi-nhan?nhom=dia-ban",
        f"{section}/{dispatch.pk}/nguoi-nhan?in=1", f"{section}/{dispatch.pk}/huy", f"{section}/{dispatch.pk}/gui-lai",
        "/tin-tra-loi", f"/tin-tra-loi/{Answer.objects.get().pk}", "/tu-choi-nhan-tin",
        f"/tu-choi-nhan-tin/{refusal.pk}", "/kenh-gui",
    ):
        page.goto(f"{live_server.url}{path}")
        glance(page)
    assert complaints == []
    assert cast.officer.pk == dispatch.by_id


def test_without_a_script_people_are_counted_and_messages_refused(
    live_server: LiveServer, browser: Browser, campaign: Campaign, cast: Cast, residents: list[Resident],
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server, f"/chien-dich/{campaign.slug}/dot-gui/moi?kenh=zns")
    page.get_by_label("Cần giúp đỡ").select_option("yes")
    page.get_by_role("button", name="Đếm người nhận").click()
    assert page.locator("#so-nguoi b").inner_text() == "2"
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    page.get_by_role("button", name="Xác nhận và gửi").click()
    dispatch = Dispatch.objects.get()
    assert dispatch.by == cast.officer

    reader = browser.new_context().new_page()
    key = key_maker(settings.SECRET_KEY)((dispatch.pk, residents[0].pk))
    reader.goto(f"{live_server.url}/tu-choi/{key}")
    check(reader)
    reader.get_by_role("button").click()
    reader.get_by_text("Bạn sẽ không nhận tin nữa").wait_for()
    check(reader)
    assert Suppression.objects.get().address == residents[0].phone


# --- notices -------------------------------------------------------------------------------------

FAKED = """(given) => {
  let standing = null;
  const made = (options) => ({
    ...given, options: { applicationServerKey: options.applicationServerKey.buffer }, toJSON: () => given,
    unsubscribe: async () => { standing = null; return true; },
  });
  PushManager.prototype.getSubscription = async () => standing;
  PushManager.prototype.subscribe = async (options) => (standing = made(options));
}"""
"""There is no push service here: what the browser would be given by one."""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/c/");
  const one = (await worker.getNotifications())[0];
  return one && [one.title, one.body, one.lang, one.data.url, one.data.refuse, one.actions.map((each) => each.title)];
}"""


def push(context: BrowserContext, page: Page, server: LiveServer, sent: dict[str, str]) -> list[Any]:
    """Let the browser get a push message as from a push service; what it then shows."""
    session = context.new_cdp_session(page)
    registered: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registered.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not registered:
        page.wait_for_timeout(20)
    message = {"origin": server.url, "registrationId": registered[0], "data": json.dumps(sent)}
    session.send("ServiceWorker.deliverPushMessage", message)
    page.wait_for_function(f"async (title) => (await ({SHOWN})())?.[0] === title", arg=sent["title"])
    found: list[Any] = page.evaluate(SHOWN)
    session.detach()
    return found


def test_a_browser_asks_for_notices_shows_them_and_ends_it(
    live_server: LiveServer, browser: Browser, campaign: Campaign, land: Land,
) -> None:
    context = browser.new_context(permissions=["notifications"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    given = json.loads(browsers(1)[0].address("https://push.example"))
    page.add_init_script(f"({FAKED})({json.dumps(given)})")
    page.goto(f"{live_server.url}/c/{campaign.slug}/?noi={land.hamlet.code}")
    button = page.get_by_role("button", name="Nhận thông báo trên máy này")
    button.wait_for()
    check(page)
    button.click()
    page.get_by_text(f"Máy này sẽ nhận thông báo của {land.hamlet}").wait_for()
    assert PushSubscription.objects.get().place == land.hamlet
    check(page)

    notice = {"title": "Dời ngày dừng 2G", "body": "Nay là 16/10/2024.", "lang": "vi", "tag": "t",
              "url": f"/c/{campaign.slug}/", "opt_out": f"{live_server.url}/tu-choi/x"}
    assert push(context, page, live_server, notice) == [
        "Dời ngày dừng 2G", "Nay là 16/10/2024.", "vi", f"{live_server.url}/c/{campaign.slug}/",
        f"{live_server.url}/tu-choi/x", ["Từ chối nhận tin"],
    ]
    foreign = {**notice, "title": "Lạ", "url": "https://elsewhere.example/", "opt_out": "javascript:alert(1)"}
    assert push(context, page, live_server, foreign)[3:] == ["", "", []], "only our own origin is opened"
    worker = context.service_workers[0]
    assert worker.evaluate("""async () => {
      const opened = [];
      self.clients.openWindow = async (address) => { opened.push(address); };
      const [notification] = await self.registration.getNotifications();
      self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
      await new Promise((done) => setTimeout(done, 50));
      return opened;
    }""") == [f"{live_server.url}/c/"]

    page.get_by_role("button", name="Thôi nhận thông báo trên máy này").click()
    page.get_by_text("Máy này không nhận thông báo nữa").wait_for()
    assert not PushSubscription.objects.exists()
    assert complaints == []
