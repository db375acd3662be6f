"""A fact changes after a message reached people: one approval in a browser, and how far it gets is watched there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from lantoa.delivery.models import Recipient
from lantoa.delivery.rules.states import REFUSED
from lantoa.delivery.tests.test_correct_people import went
from lantoa.web.tests.test_correct_people import campaign, cast, planned
from tests.journeys.test_browser import _one_thread, _static_root, browser, check, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Correction
    from lantoa.places.models import User
    from lantoa.places.tests.builders import Cast

__all__ = ["_one_thread", "_static_root", "browser", "campaign", "cast", "planned"]  # fixtures of others

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def enter(page: Page, server: LiveServer, user: User) -> None:
    """As somebody who has signed in."""
    client = Client()
    client.force_login(user)
    value: Any = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])


def test_an_officer_approves_a_correction_and_sees_people_being_told(
    live_server: LiveServer, browser: Browser, campaign: Campaign, cast: Cast, planned: Correction
) -> None:
    page, complaints = watched(browser)
    page.clock.install()
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/chien-dich/{campaign.slug}/dinh-chinh")
    check(page)
    page.get_by_role("button", name="Xác nhận: làm 1 việc, gửi cho 10 người").click()
    page.get_by_text("Tin đang được gửi tới từng người").wait_for()
    check(page)
    notice = planned.dispatches.get(instead_of=None)
    page.locator(f"#dot-{notice.pk}").focus()
    went(notice, 2)
    missed = went(notice, 1, REFUSED)
    Recipient.objects.filter(dispatch=notice, person__in=missed).update(code="550", why="Số không còn dùng")
    page.clock.fast_forward(3100)
    page.get_by_text("Đã báo 2").wait_for()
    page.get_by_text("Không tới 1, chưa rõ 0").wait_for()
    assert page.evaluate("document.activeElement.id") == f"dot-{notice.pk}", "the keyboard stays where it was"
    for dispatch in planned.dispatches.all():
        went(dispatch)
    page.clock.fast_forward(3100)
    page.get_by_text("Đã báo 3").wait_for()
    check(page)
    page.get_by_role("link", name="Không tới 1").click()
    page.get_by_role("columnheader", name="Nhận lời cũ lúc").wait_for()
    check(page)
    assert complaints == []
