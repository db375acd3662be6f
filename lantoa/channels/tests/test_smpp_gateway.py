from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.base import ChannelError
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.smpp_gateway import SmppGatewayChannel
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.sms_ends import account, received
from lantoa.channels.tests.wire_contract import OtherEnd, WireContract
from lantoa.channels.wire import Message
from lantoa.simulators.smsc import Smsc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lantoa.channels.wire import Wire


class TestSmppGatewayContract(WireContract):
    @pytest.fixture
    def wire(self) -> Wire:
        return SmppGatewayChannel(name="sms", source_addr="UBND MAU")

    @pytest.fixture
    def addresses(self) -> list[str]:
        return [f"09{number:08}" for number in range(100)]

    @asynccontextmanager
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        smsc = Smsc()
        await smsc.start()
        try:
            yield OtherEnd(account(smsc.port), lambda: received(smsc), smsc.stop)
        finally:
            await smsc.stop()


def test_without_accounts_it_can_be_made_and_compiles() -> None:
    channel = SmppGatewayChannel(name="sms")
    assert channel.accounts == ()
    assert channel.gives_receipts
    assert not SmppGatewayChannel(receipts=False).gives_receipts


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sender": "UBND"}, "[tin]: không có tùy chọn sender"),
        ({"source_addr": "Ủy ban"}, "source_addr"),
        ({"most_parts": 0}, "most_parts = 0: phải từ 1 đến 255"),
        ({"reference_bits": 9}, "reference_bits = 9"),
        ({"writing": "plain"}, "writing = 'plain'"),
        ({"codes": {"x": "never"}}, "codes: mã phải là số"),
        ({"host": "127.0.0.1"}, "không có tùy chọn host"),
    ],
)
def test_a_channel_that_cannot_work_is_refused_when_it_is_made(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ChannelSettingError) as caught:
        SmppGatewayChannel(name="tin", **options)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"hots": "x"}, "không có tùy chọn hots"),
        ({"writing": "gsm7"}, "không có tùy chọn writing"),
        ({"system_id": "a" * 20}, "system_id"),
        ({"connections": 101}, "connections = 101"),
        ({"source_addr": "Ủy ban"}, "source_addr"),
        ({"password_file": "/nowhere"}, "/nowhere"),
    ],
)
def test_an_account_that_cannot_work_is_refused_when_it_is_opened(options: dict[str, Any], told: str) -> None:
    async def work() -> None:
        with pytest.raises(ChannelError) as caught:
            await SmppGatewayChannel(name="tin").open(account(1, **options), WatchedFeed())
        assert caught.value.permanent
        assert str(caught.value).startswith("[tin], tài khoản nha-mang: ")
        assert told in str(caught.value)

    asyncio.run(work())


def message(text: str, **more: Any) -> Message:
    return Message("k", "", text, **more)


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("", {}, "không có chữ nào"),
        (" \n", {}, "không có chữ nào"),
        ("ă" * 671, {}, "Tin dài 11 phần SMS, kênh này gửi nhiều nhất 10 phần"),
        ("ă" * 71, {"most_parts": 1}, "Tin dài 2 phần"),
        ("{{name|" + "ă" * 71 + "}}", {"most_parts": 1}, "Tin dài 2 phần"),
        ("手机", {"writing": "gsm7"}, "được phép dùng không có: 手 机"),
    ],
)
def test_a_text_that_cannot_be_carried_is_refused_at_once(text: str, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ChannelError) as caught:
        SmppGatewayChannel(**options).compile(message(text))
    assert caught.value.permanent
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name", "options", "parts"),
    [
        ("Kinh gui {{name}}" + "." * 138, "Nguyễn Thị Tỵ", {}, 1),
        ("Kinh gui {{name|quy vi}}" + "." * 138, "Nguyễn Thị Tỵ", {}, 1),
        ("Kinh gui {{name|quý vị}}" + "." * 138, "Nguyễn Thị Tỵ", {}, 3),
        ("Kinh gui {{name|quý vị}}" + "." * 138, "Tran An", {}, 1),
        ("Kinh gui {{name}}" + "." * 140, "手机", {}, 3),
        ("Kính gửi {{name}}" + "." * 53, "Tỵ", {}, 1),
        ("Kính gửi {{name}}" + "." * 53, "Nguyễn Thị Tỵ", {}, 2),
        ("Kính gửi {{name}}" + "." * 53, "Nguyễn Thị Tỵ", {"writing": "gsm7"}, 1),
        ("ă" * 134, "", {}, 2),
        ("ă" * 134, "", {"reference_bits": 16}, 3),
        ("ă" * 134, "", {"long_text": "payload"}, 2),
        ("{{name|quý vị}}" + "ă" * 64, "", {}, 1),
        ("{{name|quý vị}}" + "ă" * 65, "", {}, 2),
    ],
)
def test_the_parts_of_each_recipient_are_counted_exactly(
    text: str, name: str, options: dict[str, Any], parts: int,
) -> None:
    template = SmppGatewayChannel(**options).compile(message(text))
    (item,) = items(template, ["0912345678"], {"name": name} if name else {})
    assert template.parts(item) == parts


def test_line_ends_of_windows_and_spaces_around_cost_nothing() -> None:
    template = SmppGatewayChannel().compile(message(" Kính gửi {{name}}:\r\nmáy 2G.\r\n\n"))
    (item,) = items(template, ["0912345678"], {"name": "Tỵ"})
    assert template.show(item) == "Kính gửi Tỵ:\nmáy 2G."


def test_a_name_that_cannot_be_written_costs_nothing_and_says_why() -> None:
    template = SmppGatewayChannel(writing="gsm7").compile(message("Kính gửi {{name}}."))
    (item,) = items(template, ["0912345678"], {"name": "手机"})
    assert template.parts(item) == 1
    with pytest.raises(ChannelError, match="được phép dùng không có: 手") as caught:
        template.show(item)
    assert caught.value.permanent


def test_the_way_to_refuse_names_the_recipient_by_a_key_of_theirs() -> None:
    channel = SmppGatewayChannel(opt_out="Từ chối nhận tin: {link} (miễn phí)")
    template = channel.compile(message("Kính gửi {{name}}.", opt_out_url="https://phuong.example/tc/"))
    (item,) = items(template, ["0912345678"], {"name": "Tỵ"})
    assert template.show(item) == "Kính gửi Tỵ.\nTừ chối nhận tin: https://phuong.example/tc/k1-1 (miễn phí)"
    assert channel.compile(message("Kính gửi {{name}}.")).show(item) == "Kính gửi Tỵ."
