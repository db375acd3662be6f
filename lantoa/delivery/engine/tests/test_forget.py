from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from lantoa.channels.base import State
from lantoa.channels.wire import Outcome, Reaches
from lantoa.delivery.engine.postgres import PARTITION
from lantoa.delivery.engine.retention import forget_gone_browsers, forget_recipients
from lantoa.delivery.engine.tests.builders import begin, make_words, make_world, send, tally, use_memory_wire
from lantoa.delivery.models import Dispatch, PushSubscription, Recipient, missed, missed_rows
from lantoa.evidence.models import HistoryEntry

if TYPE_CHECKING:
    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign
    from lantoa.channels.wire import Item


def sent_long_ago(campaign: Campaign, text: str, days: int) -> Dispatch:
    make_words(campaign, text)
    dispatch = begin(campaign)
    send()
    then = timezone.now() - dt.timedelta(days=days)
    Dispatch.objects.filter(pk=dispatch.pk).update(queued_at=then, finished_at=then)
    return dispatch


def test_who_got_it_is_forgotten_after_the_time_and_how_many_did_is_not(settings: LazySettings) -> None:
    settings.LANTOA_KEEP_RECIPIENTS_DAYS = 30
    use_memory_wire()
    _, campaign = make_world(5)
    old, new = sent_long_ago(campaign, "Lời cũ", 31), sent_long_ago(campaign, "Lời mới", 29)
    assert forget_recipients() == 1
    assert list(Recipient.objects.values_list("dispatch", flat=True).distinct()) == [new.pk]
    assert tally(old) == tally(new) == {"delivered": 5}
    old.refresh_from_db()
    assert old.forgotten_at is not None
    assert forget_recipients() == 0


def gone_for_some(item: Item) -> Outcome:
    """As a push service answers: the second has ended its subscription, the third refused, the rest got it."""
    if item.address.endswith("1"):
        return Outcome(State.REFUSED, code="410", why="trình duyệt này không còn đăng ký nhận thông báo")
    return Outcome(State.REFUSED, code="opted_out") if item.address.endswith("2") else Outcome(State.SENT)


def test_a_browser_whose_subscription_has_ended_is_forgotten_and_counts_as_not_reached() -> None:
    use_memory_wire(reaches=Reaches.BROWSER).answer = gone_for_some
    cast, campaign = make_world(0)
    rows = [PushSubscription.objects.create(address=f"https://push.example/{n}", place=cast.ward) for n in range(4)]
    dispatch = begin(campaign, audience="browsers")
    send()
    assert forget_gone_browsers() == 1
    assert set(PushSubscription.objects.all()) == {rows[0], rows[2], rows[3]}
    assert tally(dispatch) == {"sent": 2, "refused": 2}
    assert [one.why for one in missed(dispatch, missed_rows(dispatch).filter(person=rows[1].pk))] == [
        "trình duyệt này không còn đăng ký nhận thông báo"
    ]
    entry = HistoryEntry.objects.get(verb="unsubscribe_browser")
    assert entry.detail["gone"] is True
    assert forget_gone_browsers() == 0


def test_with_no_time_set_nothing_is_forgotten(settings: LazySettings) -> None:
    settings.LANTOA_KEEP_RECIPIENTS_DAYS = 0
    use_memory_wire()
    _, campaign = make_world(3)
    sent_long_ago(campaign, "Lời cũ", 5000)
    assert forget_recipients() == 0
    assert Recipient.objects.count() == 3


def test_a_partition_of_which_all_is_old_is_dropped_and_not_emptied(settings: LazySettings, database: str) -> None:
    settings.LANTOA_KEEP_RECIPIENTS_DAYS = 30
    use_memory_wire()
    _, campaign = make_world(3)
    sent_long_ago(campaign, "Lời cũ", 31)
    if database == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('delivery_dispatch_id_seq', %s)", [PARTITION + 5])
        sent_long_ago(campaign, "Lời mới", 1)
    assert forget_recipients() == 1
    if database == "postgresql":
        with connection.cursor() as cursor:
            newer = f"delivery_recipient_{PARTITION}"
            cursor.execute("SELECT to_regclass('delivery_recipient_0'), to_regclass(%s)", [newer])
            assert cursor.fetchone() == (None, newer)
