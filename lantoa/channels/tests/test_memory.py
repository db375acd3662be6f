from __future__ import annotations

import dataclasses

import pytest

from lantoa.channels.base import Channel, Correcting
from lantoa.channels.memory import BOX, Box, MemoryChannel
from lantoa.channels.tests.contract import CORRECTED, LETTER, ChannelContract


class TestMemory(ChannelContract):
    @pytest.fixture
    def channel(self) -> MemoryChannel:
        return MemoryChannel(box=Box())

    def shown(self, channel: Channel) -> list[bytes]:
        assert isinstance(channel, MemoryChannel)
        return [outgoing.content for outgoing in channel.box.shown.values()]


def test_channels_without_a_box_share_one_so_that_a_test_can_look_into_it() -> None:
    target = MemoryChannel().send(LETTER).target
    assert BOX.shown == {target: LETTER}
    assert MemoryChannel().send(LETTER).target == target


def test_after_a_withdrawal_the_next_thing_takes_nobodys_place() -> None:
    channel = MemoryChannel(box=Box())
    first = channel.send(LETTER).target
    second = channel.send(CORRECTED).target
    channel.withdraw(first)
    third = channel.send(dataclasses.replace(LETTER, key="publication-3")).target
    assert set(channel.box.shown) == {second, third}


def test_it_can_stand_in_for_a_channel_that_cannot_replace() -> None:
    assert MemoryChannel(box=Box(), corrects=Correcting.TASK).corrects is Correcting.TASK
