from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import ChannelError
from lantoa.channels.memory_wire import MemoryTemplate
from lantoa.channels.wire import Reaches
from lantoa.delivery.actions.dispatching import queue_dispatch
from lantoa.delivery.actions.hearing import refuse_messages
from lantoa.delivery.engine.tests.builders import (
    begin,
    counted,
    make_people,
    make_words,
    make_world,
    order,
    send,
    tally,
    use_memory_wire,
)
from lantoa.delivery.models import Dispatch
from lantoa.places.tests.builders import make_place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    import pytest

    from lantoa.channels.wire import Item


def test_everyone_of_the_segment_gets_it_once_and_the_dispatch_is_done() -> None:
    box = use_memory_wire()
    _, campaign = make_world(1234)
    dispatch = begin(campaign)
    assert send() == 1234
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.DONE
    assert tally(dispatch) == counted(dispatch) == {"delivered": 1234}
    assert len({address for address, _ in box.received}) == len(box.received) == 1234
    assert ("0900000007", "Kính gửi Người 7: đo mưa từ ngày 07/6/2025.") in box.received


def test_nothing_leaves_before_it_is_started() -> None:
    box = use_memory_wire()
    _, campaign = make_world(3)
    dispatch = queue_dispatch(campaign, order(), None)
    assert send() == 0
    assert dispatch.state == Dispatch.State.PLANNED
    assert not box.received


def test_queued_twice_it_is_sent_once_and_only_who_is_new_is_added() -> None:
    box = use_memory_wire()
    cast, campaign = make_world(10)
    first = begin(campaign)
    send()
    Resident.objects.bulk_create(
        Resident(phone=f"03{index:08d}", name="Mới", place=cast.ward) for index in range(5)
    )
    again = begin(campaign)
    assert again == first
    send()
    assert len({address for address, _ in box.received}) == len(box.received) == 15
    assert tally(again) == counted(again) == {"delivered": 15}


def test_whoever_had_the_same_words_before_is_left_out_of_a_dispatch_with_other_words_elsewhere() -> None:
    box = use_memory_wire()
    cast, campaign = make_world(4)
    other = make_place(parent=cast.district)
    Resident.objects.bulk_create(Resident(phone=f"03{index:08d}", place=other) for index in range(3))
    begin(campaign)
    send()
    make_words(campaign, "Phường bên: đo mưa từ ngày 07/6/2025, sáng sớm.", place=other)
    begin(campaign)
    send()
    second = [text for _, text in box.received[7:]]
    assert len(second) == 3
    assert all(text.startswith("Phường bên") for text in second)


def test_each_place_gets_its_own_words_and_one_without_gets_those_above_it() -> None:
    box = use_memory_wire()
    cast, campaign = make_world(2)
    Resident.objects.create(phone="0311111111", place=make_place(parent=cast.district))
    make_words(campaign, "Riêng phường này.", place=cast.ward)
    begin(campaign)
    send()
    said = dict(box.received)
    assert said["0900000001"] == "Riêng phường này."
    assert said["0311111111"].startswith("Kính gửi quý vị")


def test_who_refused_messages_is_not_sent_to_even_after_it_was_queued() -> None:
    box = use_memory_wire()
    _, campaign = make_world(3)
    dispatch = begin(campaign)
    refuse_messages(Reaches.PHONE, "+84 900 000 001", "gọi điện báo", None)
    send()
    assert {address for address, _ in box.received} == {"0900000000", "0900000002"}
    assert tally(dispatch) == counted(dispatch) == {"delivered": 2, "refused": 1}
    assert dispatch.recipients.get(code="opted_out").why == "Người này đã từ chối nhận tin"


def test_who_left_the_register_meanwhile_is_told_apart() -> None:
    use_memory_wire()
    _, campaign = make_world(3)
    dispatch = begin(campaign)
    Resident.objects.filter(phone="0900000001").delete()
    Resident.objects.filter(phone="0900000002").update(phone="")
    send()
    assert dict(dispatch.recipients.exclude(code=None).values_list("code", "why")) == {
        "gone": "Không còn trong danh bạ", "no_address": "Chưa có địa chỉ để gửi",
    }


def test_one_poisoned_row_is_set_aside_and_the_rest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    box = use_memory_wire()

    def parts(_: MemoryTemplate, item: Item) -> int:
        if item.address == "0900000005":
            raise ZeroDivisionError("chia cho không")
        return 1

    monkeypatch.setattr(MemoryTemplate, "parts", parts)
    _, campaign = make_world(10)
    dispatch = begin(campaign)
    send()
    assert len(box.received) == 9
    assert "chia cho không" in (dispatch.recipients.get(code="poison").why or "")


def test_words_the_channel_cannot_carry_pause_the_dispatch_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    use_memory_wire()
    _, campaign = make_world(3)
    dispatch = begin(campaign)

    def compile_(_: object, __: object) -> None:
        raise ChannelError("dài quá 3 phần", permanent=True)

    monkeypatch.setattr("lantoa.channels.memory_wire.MemoryWire.compile", compile_)
    send()
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED
    assert "dài quá 3 phần" in dispatch.why
    assert tally(dispatch) == {"queued": 3}


def test_a_dispatch_of_nobody_is_done_at_once() -> None:
    use_memory_wire()
    _, campaign = make_world(0)
    dispatch = begin(campaign)
    assert dispatch.state == Dispatch.State.DONE


def test_two_dispatches_on_two_channels_run_beside_each_other() -> None:
    use_memory_wire()
    use_memory_wire("second", reaches=Reaches.EMAIL)
    cast, campaign = make_world(0)
    make_people(cast, 700)
    one, two = begin(campaign), begin(campaign, channel="second")
    send()
    assert tally(one) == tally(two) == {"delivered": 700}
