"""What other programs really sent and answered, kept in payloads/smpp_gateway/ and met again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lantoa.channels.base import State
from lantoa.channels.smpp_gateway import SmppGatewayChannel
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.sms_ends import opened, run
from lantoa.channels.wire import Message, Report
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import HEADER
from lantoa.lib.smpp.tests.peer import centre
from lantoa.simulators.smsc import Smsc, whole_messages
from lantoa.simulators.smsc_script import Script

PAYLOADS = Path(__file__).parent / "payloads" / "smpp_gateway"


def steps(name: str) -> list[tuple[str, bytes]]:
    """Who spoke (`>` the client, `<` the centre), and the PDU."""
    lines = (PAYLOADS / name).read_text(encoding="utf-8").splitlines()
    return [(line[0], bytes.fromhex(line.split()[1])) for line in lines if line[0] in "<>"]


def test_the_answers_and_receipts_of_node_smpp_are_understood() -> None:
    async def work() -> None:
        channel = SmppGatewayChannel(source_addr="UBND MAU")
        text = "Kính gửi {{name}}: từ ngày 16/10/2024, máy chỉ có 2G không gọi được nữa. Hãy đổi máy trước ngày đó."
        feed = WatchedFeed(items(channel.compile(Message("k", "", text)), ["0912345678"], {"name": "Tỵ"}))
        async with centre() as other, opened(channel, feed, other.port):
            line = await other.line()
            for who, pdu in steps("node-smpp.hex"):
                if who == ">" and HEADER.unpack_from(pdu)[1] != commands.UNBIND:
                    ours = await line.next()
                    assert HEADER.pack(len(pdu), *ours[:3]) + ours.body == pdu, "we still send the same"
                elif who == "<":
                    line.send(pdu)
            await feed.until(lambda feed: len(feed.news) == 2)
            assert feed.outcomes[1, 1].provider_ids == ("1", "2")
            told = [(news.provider_id, news.state) for news in feed.news if isinstance(news, Report)]
            assert told == [("1", State.DELIVERED), ("2", State.DELIVERED)]

    run(work())


def test_what_kannel_sends_is_read_as_it_was_meant() -> None:
    async def work() -> None:
        smsc = Smsc(Script())
        await smsc.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", smsc.port)
        writer.write(b"".join(pdu for who, pdu in steps("kannel.hex") if who == ">"))
        while await reader.read(65_536):
            pass
        writer.close()
        assert whole_messages(smsc.arrivals) == [
            ("84912345678", "Kính gửi quý vị: từ ngày 16/10/2024 máy chỉ có 2G không gọi được nữa. " * 2),
            ("84912345678", "Kinh gui quy vi {2G}"),
        ]
        await smsc.stop()

    run(work())
