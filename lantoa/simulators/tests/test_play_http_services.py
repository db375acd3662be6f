from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.http import HttpDoor, HttpError, Request
from lantoa.lib.http.tests.peers import LOOPS, OK, Peer, peer, run, until
from lantoa.simulators.dialects import AggregatorDialect, ZaloDialect
from lantoa.simulators.http import Book, Fate, Fault, Got, HttpSimulator, Script, read_book
from lantoa.simulators.receipts import ReceiptPoster, Receipts, aggregator_signer, zalo_signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBERS = [f"09{number:08d}" for number in range(2000)]


def asking(to: str, key: str = "k") -> Request:
    return Request("POST", "/send", ("Content-Type: application/json",), json.dumps(
        {"to": to, "text": "Chào bà con", "id": key}).encode())


def at(server: HttpSimulator, request: Request) -> Request:
    return Request(request.method, server.url + request.url, request.headers, request.body)


def test_what_becomes_of_an_address_depends_on_seed_and_address_alone() -> None:
    script = Script(seed=1, lost=0.1, stalled=0.05, faults=(Fault(0.2, "22"), Fault(0.1, status=500)))
    fates = [script.fate(number) for number in NUMBERS]
    assert fates == [script.fate(number) for number in NUMBERS]
    assert fates != [Script(seed=2, lost=0.1, faults=(Fault(0.2, "22"),)).fate(number) for number in NUMBERS]
    for fate, share in ((Fate.LOST, 0.1), (Fate.STALLED, 0.05), (Fault(0.2, "22"), 0.2), (None, 0.55)):
        assert abs(fates.count(fate) / len(NUMBERS) - share) < 0.04, fate


def test_without_a_script_everything_is_accepted_and_written_down() -> None:
    async def work() -> None:
        async with HttpSimulator(AggregatorDialect()) as server:
            door = HttpDoor()
            for number in NUMBERS[:3]:
                response = await door.send(at(server, asking(number, f"k{number}")))
                assert json.loads(response.body)["data"]["id"] == f"m-k{number}"
            await door.close()
            assert [(got.address, got.text, got.key) for got in server.book.all()] == [
                (number, "Chào bà con", f"k{number}") for number in NUMBERS[:3]]
            assert all(abs(got.at - time.time()) < 5 for got in server.book.all())

    run(asyncio.new_event_loop, work())


def test_a_lost_or_stalled_answer_was_received_all_the_same() -> None:
    async def work() -> None:
        for script in (Script(lost=1.0), Script(stalled=1.0)):
            async with HttpSimulator(AggregatorDialect(), script) as server:
                door = HttpDoor()
                asked = asyncio.ensure_future(door.send(at(server, asking("0912345678"))))
                await until(lambda server=server: server.requests > 0)  # type: ignore[misc]  # a lambda's default
                door.abort()
                with pytest.raises(HttpError) as caught:
                    await asked
                await door.close()
                assert caught.value.may_have_arrived
                assert [got.address for got in server.book.all()] == ["0912345678"]

    run(asyncio.new_event_loop, work())


def test_a_fault_may_pass_after_some_tries_and_may_ask_to_wait() -> None:
    async def work() -> None:
        script = Script(faults=(Fault(1.0, status=503, times=2, retry_after=7),))
        async with HttpSimulator(AggregatorDialect(), script) as server:
            door = HttpDoor()
            answers = [await door.send(at(server, asking("0912345678"))) for _ in range(3)]
            await door.close()
            assert [answer.status for answer in answers] == [503, 503, 200]
            assert answers[0].retry_after() == 7
            assert len(server.book.all()) == 1

    run(asyncio.new_event_loop, work())


def test_above_its_rate_it_says_too_many() -> None:
    async def work() -> None:
        async with HttpSimulator(AggregatorDialect(), Script(rate=5)) as server:
            door = HttpDoor()
            answers = await asyncio.gather(*(door.send(at(server, asking(number))) for number in NUMBERS[:20]))
            await door.close()
            assert {answer.status for answer in answers} == {200, 429}
            assert len(server.book.all()) <= 10
            assert {answer.retry_after() for answer in answers if answer.status == 429} == {1.0}

    run(asyncio.new_event_loop, work())


def test_a_delay_holds_back_each_answer_but_not_the_others() -> None:
    async def work() -> None:
        async with HttpSimulator(AggregatorDialect(), Script(delay=0.1)) as server:
            door = HttpDoor()
            began = time.monotonic()
            await asyncio.gather(*(door.send(at(server, asking(number))) for number in NUMBERS[:10]))
            assert 0.1 <= time.monotonic() - began < 0.9
            await door.close()

    run(asyncio.new_event_loop, work())


@LOOPS
def test_requests_in_pieces_or_many_in_one_are_understood_alike(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def work() -> None:
        async with HttpSimulator(AggregatorDialect()) as server:
            one = b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n{"to":"1","text":"x","id":"abcd"}'
            assert len(one.partition(b"\r\n\r\n")[2]) == 33
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for start in range(0, len(one), 7):
                writer.write(one[start : start + 7])
                await asyncio.sleep(0)
            writer.write(one * 5)
            for _ in range(6):
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 200 OK")
                await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            assert len(server.book.all()) == 6
            writer.close()
            await writer.wait_closed()

    run(loop, work())


@given(st.binary(max_size=400) | st.tuples(st.sampled_from([
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    b"POST /oauth/token HTTP/1.1\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff", b"GET /?to=%ff&text HTTP/1.1\r\n\r\n",
    b"\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n[[]]", b"POST\r\nContent-Length: 2\r\n\r\n{}",
]), st.binary(max_size=40)).map(b"".join))
def test_no_bytes_break_it(data: bytes) -> None:
    async def work() -> None:
        async with HttpSimulator(AggregatorDialect()) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(data)
            door = HttpDoor()
            assert (await door.send(at(server, asking("0912345678")))).status == 200
            await door.close()
            writer.close()

    run(asyncio.new_event_loop, work())


def test_what_a_file_says_was_received_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "got.jsonl"
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from lantoa.simulators.dialects import AggregatorDialect
        from lantoa.simulators.http import Book, HttpSimulator

        async def work():
            server = HttpSimulator(AggregatorDialect(), book=Book(Path(sys.argv[1])))
            await server.start()
            print(server.port, flush=True)
            await asyncio.sleep(60)

        asyncio.run(work())
    """)
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
    assert process.stdout
    port = int(process.stdout.readline())

    async def work() -> None:
        door = HttpDoor()
        for number in NUMBERS[:50]:
            request = asking(number)
            request.url = f"http://127.0.0.1:{port}/send"
            await door.send(request)
        os.kill(process.pid, signal.SIGKILL)
        await door.close()

    run(asyncio.new_event_loop, work())
    process.wait()
    process.stdout.close()
    assert [got.address for got in read_book(path)] == NUMBERS[:50]
    path.write_bytes(path.read_bytes()[:-3])
    assert len(read_book(path)) == 49


def test_a_book_on_the_disk_keeps_text_as_it_was(tmp_path: Path) -> None:
    book = Book(tmp_path / "got.jsonl")
    got = [Got("0912345678", "Kính gửi\nbà “Tỵ” \\ 🙂", "k1", 1.5)]
    book.write(got)
    book.close()
    assert read_book(tmp_path / "got.jsonl") == got


def test_receipts_are_posted_again_until_they_are_taken() -> None:
    def moody(made: Peer, _: bytes, connection: asyncio.Transport) -> None:
        if len(made.requests) < 3:
            connection.write(b"HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n")
        else:
            connection.write(OK)

    async def work() -> None:
        async with peer(moody) as hook:
            poster = ReceiptPoster(Receipts(hook.url, aggregator_signer("s")), Script())
            poster.note(Got("0912345678", "x", "k1"))
            await poster.finish()
            assert (poster.posted, poster.given_up) == (1, 0)
            assert len(hook.requests) == 3

    run(asyncio.new_event_loop, work())


def test_some_receipts_never_come_and_nobody_listening_is_given_up() -> None:
    async def work() -> None:
        script = Script(seed=4)
        async with peer(lambda _, __, connection: connection.write(OK)) as hook:
            poster = ReceiptPoster(Receipts(hook.url, zalo_signer("1", "s"), lost=0.5), script)
            for number in NUMBERS[:40]:
                poster.note(Got(number, "x", number))
            await poster.finish()
            assert 10 <= poster.posted <= 30
        late = ReceiptPoster(Receipts(hook.url, zalo_signer("1", "s"), tries=2), script)
        late.note(Got("0912345678", "x", "k"))
        await late.finish()
        assert (late.posted, late.given_up) == (0, 1)

    run(asyncio.new_event_loop, work())


def test_each_refresh_token_of_zalos_is_good_once() -> None:
    async def work() -> None:
        async with HttpSimulator(ZaloDialect(secret_key="s")) as server:
            door = HttpDoor()
            request = Request("POST", f"{server.url}/v4/oa/access_token", ("secret_key: s",),
                              b"refresh_token=refresh-0&app_id=1&grant_type=refresh_token")
            first = json.loads((await door.send(request)).body)
            second = json.loads((await door.send(request)).body)
            await door.close()
            assert "refresh-1" in first.values()
            assert second["error"] == -14014

    run(asyncio.new_event_loop, work())
