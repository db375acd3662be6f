"""What passes between us and a message centre, read by Wireshark's dissectors."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.smpp_gateway import SmppGatewayChannel
from lantoa.channels.tests.capture import CENTRE_PORT, SENT, recorded, write_capture
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.wire import Account, Message, Reply
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.pdu import write_pdu
from lantoa.lib.sms import decode_gsm7
from lantoa.simulators.smsc import Smsc
from lantoa.simulators.smsc_script import Script

if TYPE_CHECKING:
    from collections.abc import Callable

MARKED = "Kính gửi {{name|quý vị}}: từ ngày 16/10/2024, máy chỉ có sóng 2G không gọi được nữa 📱. " * 3
PLAIN = "Kinh gui {{name|quy vi}}: {tu} ngay 16/10/2024, may chi co song 2G khong goi duoc nua. " * 3
SHORT = "Kính gửi {{name|quý vị}}."
REPLY = "Tôi đổi máy rồi, cảm ơn ủy ban. " * 4


async def converse(text: str, script: Script, **options: Any) -> list[tuple[bool, bytes]]:
    """Send a text to two people who write back; all that passed."""
    smsc = Smsc(script)
    await smsc.start()
    async with recorded(smsc.port) as (port, passed):
        channel = SmppGatewayChannel(source_addr="UBND MAU", **options)
        feed = WatchedFeed(items(channel.compile(Message("k", "", text)), ["0912345678", "0987654321"], {"name": "Tỵ"}))
        at = {"host": "127.0.0.1", "port": port, "system_id": "lantoa", "password": "mat-khau"}
        session = await channel.open(Account("a", options=at), feed)
        await feed.finish(session)
        await feed.until(lambda feed: sum(isinstance(news, Reply) for news in feed.news) == 2)
        await session.close()
    await smsc.stop()
    return passed


Rows = list[dict[str, list[str]]]
"""Of each frame of a conversation, the values of fields."""


@dataclass
class Dissected:
    """A conversation, and what Wireshark says of it."""

    text: str
    how: str
    passed: list[tuple[bool, bytes]]
    rows: Rows

    def values(self, field: str) -> list[str]:
        return [value for row in self.rows for value in row[field]]


FIELDS = (
    "tcp.stream", "tcp.dstport", "smpp.command_id", "smpp.command_length", "smpp.source_addr", "smpp.destination_addr",
    "smpp.message_text", "smpp.data_coding", "smpp.validity_period_r", "smpp.regdel.receipt", "smpp.message_payload",
    "gsm_sms_ud.short_msg", "_ws.malformed", "_ws.expert.message",
)
BROKEN = [(SENT, write_pdu(commands.SUBMIT_SM, 1, b"\0\1\1UBND\0\1\1849\0\0\0"))]


@pytest.fixture(scope="module")
def conversations(needs: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> list[Dissected]:
    """Every form of text, way of cutting and dialect of receipts; the last is broken. One run, for each is slow."""
    tshark, capture = needs("tshark"), tmp_path_factory.mktemp("sms") / "sms.pcap"
    held = []
    for text, how, dialect in itertools.product((SHORT, MARKED, PLAIN), ("udh", "sar", "payload"), ("usual", "tlv")):
        script = Script(dialect=dialect, reply=REPLY, replies=1.0)  # type: ignore[arg-type]  # of the five
        passed = asyncio.run(converse(text, script, long_text=how, validity_hours=48))
        shown = text.replace("{{name|quý vị}}", "Tỵ").replace("{{name|quy vi}}", "Ty").strip()
        held.append(Dissected(shown, how, passed, []))
    held.append(Dissected("", "", BROKEN, []))
    write_capture(capture, [one.passed for one in held])
    asked = [part for field in FIELDS for part in ("-e", field)]
    command = [
        tshark, "-r", str(capture), "-d", f"tcp.port=={CENTRE_PORT},smpp", "-T", "fields",
        "-E", "aggregator=\x1f", "-E", "separator=/t", *asked,
    ]
    ran = subprocess.run(command, capture_output=True, check=True)
    for line in ran.stdout.decode(errors="replace").removesuffix("\n").split("\n"):
        values = [[value for value in column.split("\x1f") if value] for column in line.split("\t")]
        row = dict(zip(FIELDS, values, strict=True))
        held[int(row["tcp.stream"][0])].rows.append(row)
    return held


def test_nothing_that_passes_is_malformed_or_strange(conversations: list[Dissected]) -> None:
    for one in conversations[:-1]:
        assert one.values("_ws.malformed") == [], one.how
        assert one.values("_ws.expert.message") == [], one.how
    assert conversations[-1].values("_ws.malformed"), "a broken one would have been told"


def test_every_octet_of_ours_is_understood_as_a_pdu(conversations: list[Dissected]) -> None:
    for one in conversations[:-1]:
        ours = [row for row in one.rows if row["tcp.dstport"] == [str(CENTRE_PORT)]]
        understood = sum(int(length) for row in ours for length in row["smpp.command_length"])
        assert understood == sum(len(data) for way, data in one.passed if way is SENT)
        assert {
            commands.BIND_TRANSCEIVER, commands.SUBMIT_SM, commands.SUBMIT_SM_RESP, commands.DELIVER_SM,
            commands.DELIVER_SM_RESP, commands.UNBIND, commands.UNBIND_RESP,
        } <= {int(command, 16) for command in one.values("smpp.command_id")}


def test_the_fields_are_those_that_were_meant(conversations: list[Dissected]) -> None:
    for one in conversations[:2]:
        sending = [row for row in one.rows if "0x00000004" in row["smpp.command_id"]]
        values = {field: [value for row in sending for value in row[field]] for field in FIELDS}
        assert values["smpp.source_addr"] == ["UBND MAU"] * 2
        assert values["smpp.destination_addr"] == ["84912345678", "84987654321"]
        assert values["smpp.message_text"] == ["Kính gửi Tỵ."] * 2
        assert values["smpp.data_coding"] == ["0x08"] * 2
        assert [float(seconds) for seconds in values["smpp.validity_period_r"]] == [172_800.0] * 2
        assert values["smpp.regdel.receipt"] == ["0x01"] * 2


@pytest.mark.parametrize(("how", "field"), [("udh", "gsm_sms_ud.short_msg"), ("payload", "smpp.message_payload")])
def test_the_parts_are_put_together_as_a_phone_does_it(
    how: str, field: str, conversations: list[Dissected],
) -> None:
    for one in conversations[:-1]:
        if one.how == how and "16/10" in one.text:
            octets = [bytes.fromhex(words.replace(":", "")) for words in one.values(field)]
            read = [words.decode("utf-16-be", "replace") for words in octets]
            read += [decode_gsm7(words) for words in octets]
            assert one.text in read
