from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import smpplib.client  # type: ignore[import-untyped]  # publishes no types
import smpplib.exceptions  # type: ignore[import-untyped]  # publishes no types
import smpplib.gsm  # type: ignore[import-untyped]  # publishes no types

from lantoa.lib.smpp import commands
from lantoa.lib.smpp.commands import DELIVER_SM, SUBMIT_SM, SUBMIT_SM_RESP
from lantoa.lib.smpp.pdu import Login, SubmitForm, read_deliver_sm, write_pdu
from lantoa.lib.smpp.tests.peer import Line
from lantoa.lib.smpp.text import alone
from lantoa.simulators.smsc import Arrival, Smsc, busiest, read_log, whole_messages
from lantoa.simulators.smsc_script import Script, fortune, status_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator
    from pathlib import Path

FORM = SubmitForm("UBND")
NUMBERS = [f"849{number:08}" for number in range(2_000)]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


@asynccontextmanager
async def started(script: Script) -> AsyncIterator[Smsc]:
    smsc = Smsc(script)
    await smsc.start()
    try:
        yield smsc
    finally:
        await smsc.stop()


async def dialled(smsc: Smsc, kind: int = commands.BIND_TRANSCEIVER) -> Line:
    """A bound connection."""
    line = Line(*await asyncio.open_connection("127.0.0.1", smsc.port))
    line.send(write_pdu(kind, 1, Login("lantoa", "mat-khau").body()))
    assert (await line.next()).status == 0
    return line


def submit(line: Line, number: str, sequence: int = 1) -> None:
    line.send(write_pdu(SUBMIT_SM, sequence, FORM.head() + number.encode() + FORM.tail(0) + alone(b"hello")))


async def asked(line: Line, number: str, sequence: int = 1) -> int:
    """The status a number gets."""
    submit(line, number, sequence)
    return (await line.next(SUBMIT_SM_RESP)).status


def test_shares_are_kept_and_a_number_always_fares_the_same() -> None:
    script = Script(seed=5, errors={0x0B: 0.1, 0x45: 0.2})

    async def work() -> None:
        async with started(script) as smsc:
            line = await dialled(smsc)
            got = {number: await asked(line, number) for number in NUMBERS[:500]}
            assert got == {number: status_for(script, fortune(5, number)) for number in NUMBERS[:500]}
            assert {number: await asked(line, number) for number in NUMBERS[:50]} == dict(list(got.items())[:50])
            assert smsc.statuses.total() == 550
            assert len(smsc.arrivals) == smsc.statuses[0]
            line.cut()

    run(work())
    shares = Counter(status_for(script, fortune(5, number)) for number in NUMBERS)
    assert 150 < shares[0x0B] < 250
    assert 330 < shares[0x45] < 470
    assert fortune(6, NUMBERS[0]) != fortune(5, NUMBERS[0])


def test_an_error_may_pass_after_some_tries() -> None:
    async def work() -> None:
        async with started(Script(errors={0x45: 1.0}, tries=2)) as smsc:
            line = await dialled(smsc)
            assert [await asked(line, NUMBERS[0]) for _ in range(4)] == [0x45, 0x45, 0, 0]
            line.cut()

    run(work())


def test_more_than_the_rate_is_throttled_and_more_than_the_queue_is_full() -> None:
    async def work() -> None:
        async with started(Script(rate=10)) as smsc:
            line = await dialled(smsc)
            got = Counter([await asked(line, number) for number in NUMBERS[:15]])
            assert got == {0: 10, 0x58: 5}
            line.cut()
        async with started(Script(queue=5, drain=0.001)) as smsc:
            line = await dialled(smsc)
            assert [await asked(line, number) for number in NUMBERS[:7]] == [0] * 5 + [0x14] * 2
            line.cut()

    run(work())


def test_answers_may_be_late_lost_stalled_or_cut_off() -> None:
    async def work() -> None:
        async with started(Script(delay=0.05)) as smsc:
            line = await dialled(smsc)
            began = time.monotonic()
            assert await asked(line, NUMBERS[0]) == 0
            assert time.monotonic() - began >= 0.05
            line.cut()
        async with started(Script(lost_answers=1.0)) as smsc:
            line = await dialled(smsc)
            submit(line, NUMBERS[0])
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.next(SUBMIT_SM_RESP), 0.05)
            assert len(smsc.arrivals) == 1, "it was taken all the same"
            line.cut()
        async with started(Script(lost_answers=1.0, tries=1)) as smsc:
            line = await dialled(smsc)
            submit(line, NUMBERS[0], 7)
            submit(line, NUMBERS[0], 8)
            assert (await line.next(SUBMIT_SM_RESP)).sequence == 8, "only the first answer is lost"
            line.cut()
        async with started(Script(stall_after=2, stall=0.1)) as smsc:
            line = await dialled(smsc)
            assert await asked(line, NUMBERS[0]) == 0
            began = time.monotonic()
            assert await asked(line, NUMBERS[1]) == 0
            assert time.monotonic() - began >= 0.09
            line.cut()
        async with started(Script(cut_after=2)) as smsc:
            line = await dialled(smsc)
            assert await asked(line, NUMBERS[0]) == 0
            submit(line, NUMBERS[1])
            assert await line.is_closed()
            assert len(smsc.arrivals) == 2

    run(work())


def test_only_who_may_is_let_in_and_only_who_is_may_send() -> None:
    async def work() -> None:
        async with started(Script(system_id="lantoa", password="mat-khau", most_binds=1)) as smsc:
            stranger = Line(*await asyncio.open_connection("127.0.0.1", smsc.port))
            submit(stranger, NUMBERS[0])
            assert (await stranger.next()).status == 0x04
            stranger.send(write_pdu(commands.BIND_TRANSMITTER, 1, Login("lantoa", "khac").body()))
            assert (await stranger.next()).status == 0x0E
            line = await dialled(smsc)
            stranger.send(write_pdu(commands.BIND_TRANSMITTER, 2, Login("lantoa", "mat-khau").body()))
            assert (await stranger.next()).status == 0x0D
            for each in (stranger, line):
                each.cut()
        async with started(Script()) as smsc:
            receiver = await dialled(smsc, commands.BIND_RECEIVER)
            assert await asked(receiver, NUMBERS[0]) == 0x04
            receiver.cut()
            assert not smsc.arrivals

    run(work())


def test_nonsense_is_answered_or_hung_up_on() -> None:
    async def work() -> None:
        async with started(Script()) as smsc:
            line = await dialled(smsc)
            line.send(write_pdu(SUBMIT_SM, 5, b"\0\1"))
            assert (await line.next())[1:3] == (0x01, 5)
            line.send(write_pdu(commands.QUERY_SM, 6))
            assert (await line.next())[:2] == (commands.GENERIC_NACK, 0x03)
            line.send(b"\0\0\0\1" + b"x" * 12)
            assert await line.is_closed()

    run(work())


def test_receipts_wait_for_somebody_who_hears_and_for_room() -> None:
    async def work() -> None:
        async with started(Script(receipt_window=2)) as smsc:
            sender = await dialled(smsc, commands.BIND_TRANSMITTER)
            for number in NUMBERS[:5]:
                assert await asked(sender, number) == 0
            hearer = await dialled(smsc, commands.BIND_RECEIVER)
            got = [await hearer.next(DELIVER_SM) for _ in range(2)]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(hearer.next(), 0.03)
            for pdu in got:
                hearer.answer(pdu, b"\0")
            got += [await hearer.next(DELIVER_SM) for _ in range(2)]
            hearer.answer(got[2], b"\0", status=0x66)
            hearer.cut()
            again = await dialled(smsc, commands.BIND_RECEIVER)
            got = [await again.next(DELIVER_SM) for _ in range(2)]
            assert {read_deliver_sm(pdu.body).source for pdu in got} == set(NUMBERS[3:5])
            assert (smsc.acknowledged, smsc.refused) == (2, 1)
            for each in (sender, again):
                each.cut()

    run(work())


def test_no_receipt_comes_unasked() -> None:
    async def work() -> None:
        async with started(Script()) as smsc:
            line = await dialled(smsc)
            silent = SubmitForm("UBND", registered_delivery=0)
            line.send(write_pdu(SUBMIT_SM, 1, silent.head() + NUMBERS[0].encode() + silent.tail(0) + alone(b"a")))
            assert (await line.next()).command == SUBMIT_SM_RESP
            line.send(write_pdu(commands.ENQUIRE_LINK, 2))
            assert (await line.next()).sequence == 2
            line.cut()

    run(work())


def test_what_it_got_outlives_a_kill(tmp_path: Path) -> None:
    log = tmp_path / "smsc.log"
    command = [sys.executable, "-m", "lantoa.simulators.smsc", "--log", str(log), "--script"]
    with subprocess.Popen([*command, json.dumps({"errors": {"0x45": 0.1}, "seed": 9})], stdout=subprocess.PIPE) as ran:
        assert ran.stdout
        port = int(ran.stdout.readline())

        async def work() -> None:
            line = Line(*await asyncio.open_connection("127.0.0.1", port))
            line.send(write_pdu(commands.BIND_TRANSMITTER, 1, Login("lantoa").body()))
            await line.next()
            for sequence, number in enumerate(NUMBERS[:200]):
                submit(line, number, sequence)
            answered = [await line.next(SUBMIT_SM_RESP) for _ in range(100)]
            ran.send_signal(signal.SIGKILL)
            taken = {NUMBERS[pdu.sequence] for pdu in answered if not pdu.status}
            line.cut()
            ran.wait()
            assert taken <= {arrival.destination for arrival in read_log(log)}

        run(work())
    with log.open("a", encoding="utf-8") as file:
        file.write('[1.0, "849')
    arrivals = list(read_log(log))
    assert all(arrival.text == "hello" and arrival.source == "UBND" for arrival in arrivals)
    assert len({arrival.message_id for arrival in arrivals}) == len(arrivals)


def test_a_log_holds_parts_as_they_came(tmp_path: Path) -> None:
    with in_a_thread(Script(), tmp_path / "log") as smsc:
        with client_of(smsc.port) as client:
            send(client, "84912345678", "Kính gửi 📱 " * 30)
        assert smsc.arrivals == [], "what goes to a log fills no memory"
    arrivals = list(read_log(tmp_path / "log"))
    assert len(arrivals) > 2
    assert whole_messages(arrivals) == [("84912345678", "Kính gửi 📱 " * 30)]


def test_the_busiest_second_is_found() -> None:
    def at(*moments: float) -> list[Arrival]:
        return [Arrival(moment, "", "", "", None, "") for moment in moments]

    assert busiest([]) == 0
    assert busiest(at(0, 0.5, 0.99, 1.0, 1.4, 3)) == 4
    assert busiest(at(0, 0.5, 1.0), 0.4) == 1


# --- a client of somebody else's --------------------------------------------------------------------------


@contextmanager
def client_of(port: int) -> Iterator[Any]:
    """smpplib's client, bound."""
    client = smpplib.client.Client("127.0.0.1", port, timeout=5, allow_unknown_opt_params=True)
    client.connect()
    client.bind_transceiver(system_id="lantoa", password="mat-khau")
    try:
        yield client
    finally:
        client.unbind()
        client.disconnect()


def send(client: Any, number: str, text: str) -> list[Any]:
    """Send a text as smpplib's users do, and read the answers."""
    parts, coding, kind = smpplib.gsm.make_parts(text)
    for part in parts:
        client.send_message(
            source_addr="UBND", dest_addr_ton=1, dest_addr_npi=1, destination_addr=number, short_message=part,
            data_coding=coding, esm_class=kind, registered_delivery=True,
        )
    answers: list[Any] = []
    while len(answers) < len(parts):
        pdu = client.read_pdu()
        if pdu.command == "submit_sm_resp":
            answers.append(pdu)
        elif pdu.command == "deliver_sm":
            client._message_received(pdu)
    return answers


@contextmanager
def in_a_thread(script: Script, log: Path | None = None) -> Iterator[Smsc]:
    """A centre with a loop of its own, for a client that blocks."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    smsc = Smsc(script, log=log)
    asyncio.run_coroutine_threadsafe(smsc.start(), loop).result(5)
    try:
        yield smsc
    finally:
        asyncio.run_coroutine_threadsafe(smsc.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


TEXTS = ["hello {€}", "Kính gửi quý vị", "a" * 400, "Từ ngày 16/10/2024 máy 2G không gọi được. " * 5]


def test_what_another_client_sends_is_read_as_it_was_meant() -> None:
    with in_a_thread(Script(receipts=False)) as smsc, client_of(smsc.port) as client:
        for number, text in zip(NUMBERS, TEXTS, strict=False):
            assert all(answer.status == 0 and answer.message_id for answer in send(client, number, text))
        assert whole_messages(smsc.arrivals) == list(zip(NUMBERS, TEXTS, strict=False))


def test_another_client_reads_receipts_and_replies() -> None:
    came = []
    script = Script(dialect="tlv", reply="Tôi đổi rồi", replies=1.0)
    with in_a_thread(script) as smsc:
        with client_of(smsc.port) as client:
            client.set_message_received_handler(lambda pdu: came.append(pdu))  # noqa: PLW0108 - called by keyword
            (answer,) = send(client, NUMBERS[0], "Kính gửi")
            while len(came) < 2:
                client.read_once(auto_send_enquire_link=False)
        assert smsc.acknowledged == 2
    receipt, reply = came
    assert (receipt.receipted_message_id, receipt.message_state) == (answer.message_id, 2)
    assert receipt.esm_class == commands.IS_RECEIPT
    assert reply.short_message.decode("utf-16-be") == "Tôi đổi rồi"


def test_another_client_is_told_why_it_is_not_let_in() -> None:
    with in_a_thread(Script(system_id="lantoa", password="khac")) as smsc:
        client = smpplib.client.Client("127.0.0.1", smsc.port, timeout=5, allow_unknown_opt_params=True)
        client.connect()
        with pytest.raises(smpplib.exceptions.PDUError, match="Invalid Password"):
            client.bind_transceiver(system_id="lantoa", password="mat-khau")
        client.disconnect()
