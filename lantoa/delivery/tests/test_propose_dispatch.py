from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings

from lantoa.campaigns.models import Assignment
from lantoa.channels.wire import Account
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import (
    Audience,
    Order,
    Withdrawal,
    cancel_dispatch,
    deliver_message,
    plan_dispatch,
    publish_kit,
    start_dispatch,
    withdraw_message,
)
from lantoa.delivery.actions.addressing import count_again
from lantoa.delivery.actions.preparing import drop_dispatch
from lantoa.delivery.models import Delivery, Dispatch, Publication, Recipient
from lantoa.delivery.rules.states import SENT
from lantoa.delivery.tests.builders import PORTAL, change, make_ready
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import make_place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

TO_PEOPLE = LetterTask("3", ("Ủy ban nhân dân quận",), "Nhắn tin cho người dân", ("sms",))


def use_wires(**routes: str) -> None:
    """Channels that send nowhere, and the channel kinds that are routed to them."""
    wire = "lantoa.channels.memory_wire.MemoryWire"
    django_settings.LANTOA_CHANNELS["sms"] = (wire, {"accounts": (Account("a"),)})
    django_settings.LANTOA_ROUTES = {**django_settings.LANTOA_ROUTES, **routes}


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    use_wires(sms="sms")
    Place.objects.filter(pk=cast.district.pk).update(kind="province")  # whose level may send SMS
    cast.district.refresh_from_db()
    Resident.objects.bulk_create(
        Resident(phone=f"09{number:08d}", place=cast.neighbourhood) for number in range(4)
    )
    campaign = make_ready(cast, PORTAL, TO_PEOPLE, pieces=())
    office = make_place("Ủy ban nhân dân quận Bến Nghé", "committee", cast.district)
    Assignment.objects.create(task=campaign.tasks.get(index="3"), place=office, phrase="quận")
    return campaign


def test_what_a_route_leads_to_many_people_by_is_planned_and_sends_nothing(campaign: Campaign, cast: Cast) -> None:
    outcome = publish_kit(campaign, cast.officer)
    proposal = outcome.proposals[0]
    dispatch = Dispatch.objects.get()
    assert (proposal.dispatch, proposal.is_new, proposal.channel_kinds) == (dispatch, True, ("sms",))
    assert (dispatch.state, dispatch.channel, dispatch.rendering_kind) == ("planned", "sms", "sms")
    assert dispatch.recipients.count() == 4
    assert (outcome.publications, outcome.failed) == (1, 0), "the page on the portal is out as ever"
    assert not Publication.objects.filter(channel="sms").exists()
    assert not Delivery.objects.filter(channel="sms").exists()
    assert list(Dispatch.objects.waiting_for_a_person()) == [dispatch]


def test_published_again_it_still_waits_and_is_the_same_one(campaign: Campaign, cast: Cast) -> None:
    publish_kit(campaign, cast.officer)
    again = publish_kit(campaign, cast.officer).proposals[0]
    assert (again.dispatch, again.is_new) == (Dispatch.objects.get(), False)


@pytest.mark.parametrize("is_sent", [True, False])
def test_what_was_sent_or_cancelled_is_not_proposed_again(campaign: Campaign, cast: Cast, *, is_sent: bool) -> None:
    publish_kit(campaign, cast.officer)
    dispatch = Dispatch.objects.get()
    start_dispatch(dispatch, cast.officer)
    if not is_sent:
        cancel_dispatch(dispatch, "", cast.officer)
    assert publish_kit(campaign, cast.officer).proposals == ()
    assert Dispatch.objects.count() == 1


def test_a_plan_in_words_that_a_new_kit_replaced_is_made_anew(campaign: Campaign, cast: Cast) -> None:
    publish_kit(campaign, cast.officer)
    old = Dispatch.objects.get()
    change(campaign)
    make_kit(campaign, None)
    approve_kit(campaign, None)
    with pytest.raises(RefusedError, match="Dữ kiện đã đổi"):
        start_dispatch(old, cast.officer)
    proposal = publish_kit(campaign, cast.officer).proposals[0]
    assert proposal.is_new
    assert Dispatch.objects.get() == proposal.dispatch
    assert Dispatch.objects.get().texts.get(place=campaign.place).facts["start_date"] == 2


def test_what_cannot_be_planned_says_why_and_the_rest_goes_out(campaign: Campaign, cast: Cast) -> None:
    Place.objects.filter(pk=cast.district.pk).update(kind="district")
    use_wires(staff_meeting="sms")
    campaign.refresh_from_db()
    campaign.tasks.filter(channel_kinds=["sms"]).update(channel_kinds=["staff_meeting"])
    campaign.rendering_set.exclude(kind="article").exclude(kind__startswith="sms").update(is_current=False)
    outcome = publish_kit(campaign, cast.officer)
    assert [(one.dispatch, "Điều 32" in one.why_not) for one in outcome.proposals] == [(None, True)]
    assert outcome.sent == 1


def test_a_message_delivered_by_a_route_to_many_people_waits_too(campaign: Campaign, cast: Cast) -> None:
    outcome = deliver_message(campaign, Audience("sms", "sms"), cast.officer)
    assert outcome.proposals[0].dispatch == Dispatch.objects.get(state="planned")
    assert not Delivery.objects.exists()


def test_a_rehearsal_plans_it_into_memory(campaign: Campaign, cast: Cast) -> None:
    use_wires(rehearsal_dispatch="rehearsal")
    campaign.is_rehearsal = True
    campaign.save()
    publish_kit(campaign, cast.officer)
    assert Dispatch.objects.get().channel == "rehearsal"


def test_dropped_by_an_officer_it_is_gone(campaign: Campaign, cast: Cast) -> None:
    publish_kit(campaign, cast.officer)
    drop_dispatch(Dispatch.objects.get(), cast.officer)
    assert not Recipient.objects.exists()


def test_withdrawn_words_never_go_out_again_by_a_dispatch_either(campaign: Campaign, cast: Cast) -> None:
    publish_kit(campaign, cast.officer)
    sent = Dispatch.objects.get()
    start_dispatch(sent, cast.officer)
    Recipient.objects.filter(dispatch=sent).update(state=SENT, at=1)
    count_again(sent)
    django_settings.LANTOA_CHANNELS["other"] = django_settings.LANTOA_CHANNELS["sms"]
    waiting = plan_dispatch(campaign, Order("other", "sms"), cast.officer).dispatch
    withdraw_message(campaign, Withdrawal("sms", "sai nội dung"), cast.officer)
    with pytest.raises(RefusedError, match="đã được thu hồi"):
        start_dispatch(waiting, cast.officer)
    with pytest.raises(RefusedError, match="không có “sms” để gửi"):
        plan_dispatch(campaign, Order("other", "sms"), cast.officer)
    assert [one.dispatch for one in publish_kit(campaign, cast.officer).proposals] == [None]
