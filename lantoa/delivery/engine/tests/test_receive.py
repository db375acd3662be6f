from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

from lantoa.channels.base import State
from lantoa.channels.wire import Account, Outcome, Reaches, Reply, Report
from lantoa.delivery.actions.hearing import allow_messages, handle_answer, hear, opt_out, refuse_messages
from lantoa.delivery.engine.tests.builders import begin, counted, make_world, send, tally, use_memory_wire
from lantoa.delivery.models import Answer, StrayReport, Suppression
from lantoa.delivery.rules.keys import key_maker
from lantoa.places.permits import RefusedError
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.channels.wire import Item
    from lantoa.delivery.models import Dispatch
    from lantoa.places.tests.builders import Cast

ARRIVED = State.DELIVERED


def sent_with_numbers(count: int = 3, parts: int = 1) -> tuple[Cast, Dispatch]:
    """A dispatch whose provider gave each part a number: `id-0900000001`, or `id-0900000001-2`."""
    box = use_memory_wire()

    def answer(item: Item) -> Outcome:
        ids = [f"id-{item.address}"] if parts == 1 else [f"id-{item.address}-{part}" for part in range(parts)]
        return Outcome(State.SENT, tuple(ids))

    box.answer = answer
    cast, campaign = make_world(count)
    dispatch = begin(campaign)
    send()
    assert tally(dispatch) == {"sent": count}
    return cast, dispatch


def test_sent_becomes_delivered_only_when_the_provider_says_so() -> None:
    _, dispatch = sent_with_numbers()
    assert hear("post", [Report("id-0900000001", ARRIVED)]) == 1
    assert tally(dispatch) == counted(dispatch) == {"sent": 2, "delivered": 1}


def test_what_did_not_arrive_is_failed_for_good_with_the_reason() -> None:
    _, dispatch = sent_with_numbers()
    hear("post", [Report("id-0900000002", State.FAILED_FOR_GOOD, "UNDELIV", "Thuê bao tắt máy")])
    row = dispatch.recipients.exclude(code=None).get()
    assert (row.code, row.why) == ("UNDELIV", "Thuê bao tắt máy")
    assert tally(dispatch) == counted(dispatch) == {"sent": 2, "failed_for_good": 1}


def test_a_late_receipt_does_not_undo_an_earlier_one() -> None:
    _, dispatch = sent_with_numbers()
    hear("post", [Report("id-0900000001", ARRIVED)])
    hear("post", [Report("id-0900000001", State.FAILED_FOR_GOOD), Report("id-0900000001", ARRIVED)])
    assert tally(dispatch) == counted(dispatch) == {"sent": 2, "delivered": 1}


def test_a_long_message_has_arrived_when_all_its_parts_have() -> None:
    _, dispatch = sent_with_numbers(parts=3)
    hear("post", [Report("id-0900000001-0", ARRIVED), Report("id-0900000001-2", ARRIVED)])
    assert tally(dispatch) == {"sent": 3}
    hear("post", [Report("id-0900000001-1", ARRIVED)])
    assert tally(dispatch) == counted(dispatch) == {"sent": 2, "delivered": 1}


def test_a_long_message_has_not_arrived_when_one_of_its_parts_has_not() -> None:
    _, dispatch = sent_with_numbers(parts=2)
    hear("post", [Report("id-0900000001-0", ARRIVED), Report("id-0900000001-1", State.FAILED_FOR_GOOD, "EXPIRED", "x")])
    assert tally(dispatch) == counted(dispatch) == {"sent": 2, "failed_for_good": 1}


def test_a_receipt_under_our_own_name_that_comes_too_early_waits_as_well() -> None:
    box = use_memory_wire()
    box.answer = lambda _: Outcome(State.SENT)
    _, campaign = make_world(3)
    dispatch = begin(campaign)
    keys = [key_maker(settings.SECRET_KEY)((dispatch.pk, person)) for person in people_of(dispatch)]
    failed = Report("", State.FAILED_FOR_GOOD, "UNDELIV", "Tắt máy", key=keys[1])
    hear("post", [Report("", ARRIVED, key=keys[0]), failed])
    assert tally(dispatch) == {"queued": 3}
    send()
    assert tally(dispatch) == counted(dispatch) == {"sent": 1, "delivered": 1, "failed_for_good": 1}
    assert not StrayReport.objects.exists()


def test_whoever_refuses_while_a_chunk_with_them_is_being_sent_gets_nothing_more() -> None:
    box = use_memory_wire(accounts=(Account("a", pace=100),))
    last = "0900000059"

    def refuse() -> None:
        hear("post", [Reply(last, "STOP")])
        connection.close()

    def answer(_: Item) -> Outcome:
        if not box.received:
            threading.Thread(target=refuse).start()
        return Outcome(State.SENT)

    box.answer = answer
    _, campaign = make_world(60)
    dispatch = begin(campaign)
    send()
    assert tally(dispatch) == counted(dispatch) == {"sent": 59, "refused": 1}
    assert last not in {address for address, _ in box.received}


def people_of(dispatch: Dispatch) -> list[int]:
    return list(dispatch.recipients.order_by("person").values_list("person", flat=True))


def test_a_receipt_that_comes_before_its_message_is_written_waits_for_it() -> None:
    box = use_memory_wire()
    box.answer = lambda item: Outcome(State.SENT, (f"id-{item.address}",))
    _, campaign = make_world(2)
    hear("post", [Report("id-0900000001", ARRIVED), Report("id-of-nobody", ARRIVED)])
    assert StrayReport.objects.count() == 2
    dispatch = begin(campaign)
    send()
    assert tally(dispatch) == counted(dispatch) == {"sent": 1, "delivered": 1}
    assert StrayReport.objects.get().provider_id == "id-of-nobody"


def test_a_bounce_names_its_recipient_by_our_own_key() -> None:
    _, dispatch = sent_with_numbers()
    person = Resident.objects.get(phone="0900000001").pk
    key = key_maker(settings.SECRET_KEY)((dispatch.pk, person))
    hear("post", [
        Report("", State.FAILED_FOR_GOOD, "5.1.1", "Hộp thư không có", key=key.upper()),
        Report("", State.FAILED_FOR_GOOD, "5.1.1", "giả", key="0" * 32),
    ])
    assert tally(dispatch) == {"sent": 2, "failed_for_good": 1}
    assert dispatch.recipients.get(person=person).why == "Hộp thư không có"


def test_a_refusal_is_obeyed_at_once_and_for_every_address_of_the_person() -> None:
    box = use_memory_wire()
    use_memory_wire("letters", reaches=Reaches.EMAIL)
    _, campaign = make_world(3)
    hear("post", [Reply("84900000001", "Dừng", to="8xxx")])
    assert set(Suppression.objects.values_list("reaches", "address", "source")) == {
        ("phone", "0900000001", "reply"), ("email", "p1@hop-thu.example", "reply"),
    }
    assert not Answer.objects.exists()
    begin(campaign)
    begin(campaign, channel="letters")
    send()
    assert {address for address, _ in box.received} == {
        "0900000000", "0900000002", "p0@hop-thu.example", "p2@hop-thu.example",
    }


def test_a_question_lies_on_the_desk_of_the_place_it_came_from_until_somebody_says_what_was_done() -> None:
    cast, dispatch = sent_with_numbers()
    hear("post", [Reply("+84900000002", "Máy tôi có dùng được không?")])
    answer = Answer.objects.get()
    assert (answer.address, answer.place) == ("0900000002", cast.ward)
    with pytest.raises(RefusedError, match="đã làm gì"):
        handle_answer(answer, " ", cast.officer)
    with pytest.raises(RefusedError, match="phạm vi"):
        handle_answer(answer, "Đã gọi lại", cast.outsider)
    handle_answer(answer, "Đã gọi lại", cast.officer)
    assert answer.handled_at is not None
    assert dispatch.answers.count() == 0, "an SMS does not say what it answers"


def test_the_link_in_a_message_refuses_further_ones_and_no_forged_link_does() -> None:
    _, dispatch = sent_with_numbers()
    key = key_maker(settings.SECRET_KEY)((dispatch.pk, Resident.objects.get(phone="0900000001").pk))
    assert opt_out(key) is not None
    assert opt_out(key) is not None, "twice is no error"
    assert Suppression.objects.filter(reaches="phone", address="0900000001", source="link").count() == 1
    assert opt_out("f" * 32) is None


def test_who_refused_may_be_sent_to_again_when_they_ask_and_only_by_who_may() -> None:
    cast, _ = sent_with_numbers()
    with pytest.raises(RefusedError):
        refuse_messages(Reaches.PHONE, "0900000001", "", cast.field_worker)
    rows = refuse_messages(Reaches.PHONE, "0900000001", "nói tại nhà", cast.officer)
    for row in rows:
        allow_messages(row, cast.officer)
    assert not Suppression.objects.exists()
    with pytest.raises(RefusedError, match="số điện thoại di động"):
        refuse_messages(Reaches.PHONE, " ", "", cast.officer)
