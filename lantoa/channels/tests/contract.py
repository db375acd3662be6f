"""The contract suite: what the rooms above rely on, whatever the channel. Every adapter's test class inherits it."""

from __future__ import annotations

import dataclasses

import pytest

from lantoa.channels.base import DONE, WAITING, Channel, ChannelError, Correcting, Outgoing

LETTER = Outgoing(
    key="publication-1", address="chien-dich/phuong-mot/loa", title="Bản tin loa phát thanh",
    content="Kính thưa bà con, ngày 16 tháng 10…\n".encode(), media_type="text/plain", file_name="ban-tin.txt",
)
CORRECTED = dataclasses.replace(LETTER, key="publication-2", content="Bản tin đã sửa: ngày 20 tháng 10…\n".encode())


class ChannelContract:
    """Inherit, give `channel`, and say in `shown` what now stands in front of a reader."""

    @pytest.fixture
    def channel(self) -> Channel:
        raise NotImplementedError

    def shown(self, channel: Channel) -> list[bytes]:
        raise NotImplementedError

    def test_it_is_a_channel(self, channel: Channel) -> None:
        assert isinstance(channel, Channel)
        assert channel.name
        assert isinstance(channel.corrects, Correcting)

    def test_a_receipt_says_what_became_of_it_and_where(self, channel: Channel) -> None:
        receipt = channel.send(LETTER)
        assert receipt.state in DONE | WAITING
        assert receipt.target

    def test_what_is_sent_is_shown_letter_by_letter(self, channel: Channel) -> None:
        channel.send(LETTER)
        assert self.shown(channel) == [LETTER.content]

    def test_one_key_sent_twice_is_shown_once(self, channel: Channel) -> None:
        assert channel.send(LETTER).target == channel.send(LETTER).target
        assert self.shown(channel) == [LETTER.content]

    def test_two_keys_with_one_address_and_name_are_both_shown(self, channel: Channel) -> None:
        channel.send(LETTER)
        channel.send(CORRECTED)
        assert sorted(self.shown(channel)) == sorted([LETTER.content, CORRECTED.content])

    def test_after_replacing_the_new_one_is_shown_and_the_old_one_where_it_can_be_taken_away_is_not(
        self, channel: Channel,
    ) -> None:
        channel.replace(channel.send(LETTER).target, CORRECTED)
        out_of_reach = [] if channel.corrects is Correcting.REPLACE else [LETTER.content]
        assert self.shown(channel) == [*out_of_reach, CORRECTED.content]

    def test_replacing_twice_with_one_key_shows_it_once(self, channel: Channel) -> None:
        target = channel.send(LETTER).target
        assert channel.replace(target, CORRECTED).target == channel.replace(target, CORRECTED).target
        assert self.shown(channel).count(CORRECTED.content) == 1

    def test_a_late_second_try_of_the_old_key_does_not_bring_the_old_one_back(self, channel: Channel) -> None:
        channel.replace(channel.send(LETTER).target, CORRECTED)
        before = self.shown(channel)
        channel.send(LETTER)
        assert self.shown(channel) == before

    def test_withdrawing_takes_it_away_and_twice_is_no_error(self, channel: Channel) -> None:
        target = channel.send(LETTER).target
        channel.withdraw(target)
        channel.withdraw(target)
        if channel.corrects is Correcting.REPLACE:
            assert self.shown(channel) == []

    def test_what_was_never_sent_can_be_withdrawn_without_error(self, channel: Channel) -> None:
        channel.withdraw(f"{LETTER.address}/{LETTER.file_name}")

    def test_what_is_too_big_is_refused_for_good_and_the_rest_goes(self, channel: Channel) -> None:
        most = channel.limits.most_bytes
        channel.send(dataclasses.replace(LETTER, content=b"." * (most or 5_000_000)))
        if most is not None:
            with pytest.raises(ChannelError) as refusal:
                channel.send(dataclasses.replace(LETTER, key="too-big", content=b"." * (most + 1)))
            assert refusal.value.permanent
