from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.lib.smpp import commands, statuses
from lantoa.lib.smpp.commands import DELIVER_SM, DELIVER_SM_RESP, ENQUIRE_LINK, GENERIC_NACK, RESPONSE, SUBMIT_SM
from lantoa.lib.smpp.connection import Connection, Timing
from lantoa.lib.smpp.pdu import Login, SubmitForm, write_pdu
from lantoa.lib.smpp.tests.peer import Watcher, centre
from lantoa.lib.smpp.text import alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from typing import Any

    from lantoa.lib.smpp.tests.peer import Line

QUICK = Timing(connect=2, answer=0.2, enquire=0.1)
PATIENT = Timing(connect=2, answer=60, enquire=60)
BODY = SubmitForm("UBND").head() + b"84912345678" + SubmitForm().tail(0) + alone(b"hello")


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, None]], None]:
    def run(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(asyncio.wait_for(work, 20))

    return run


@asynccontextmanager
async def bound(
    watcher: Watcher, *, window: int = 10, timing: Timing = PATIENT,
) -> AsyncIterator[tuple[Connection, Line]]:
    """A bound connection and its other end."""
    async with centre() as other:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(watcher, window=window, timing=timing), "127.0.0.1", other.port,
        )
        line = await other.line()
        binding = asyncio.create_task(connection.bind(commands.BIND_TRANSCEIVER, Login("lantoa", "mat-khau").body()))
        await line.accept()
        assert await binding == 0
        yield connection, line
        connection.drop()
        await connection.ended


def submit(watcher: Watcher, connection: Connection, *tokens: str) -> None:
    watcher.waiting += [(BODY, token) for token in tokens]
    connection.poke()


def test_answers_find_their_messages_in_whatever_order_they_come(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a", "b", "c")
            a, b, c = [await line.next(SUBMIT_SM) for _ in range(3)]
            assert a.body == BODY
            line.answer(c, b"id-c\0")
            line.answer(a, b"", status=0x0B)
            line.answer(b, b"id-b")
            await watcher.until(lambda: len(watcher.of("answered")) == 3)
            assert watcher.of("answered") == [("c", 0, "id-c"), ("a", 0x0B, ""), ("b", 0, "id-b")]
            assert not connection.is_busy

    run(work())


def test_no_more_is_in_the_air_than_the_window_holds(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, window=3) as (connection, line):
            submit(watcher, connection, *"abcdefg")
            first = [await line.next(SUBMIT_SM) for _ in range(3)]
            assert (len(connection.pending), connection.free, len(watcher.waiting)) == (3, 0, 4)
            line.answer(first[1], b"1\0")
            await line.next(SUBMIT_SM)
            assert len(connection.pending) == 3

    run(work())


def test_what_is_submitted_beyond_the_window_waits_its_turn(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, window=1) as (connection, line):
            for token in "abc":
                connection.submit(BODY + token.encode(), token)
            connection.poke()
            for token in "abc":
                pdu = await line.next(SUBMIT_SM)
                assert pdu.body.endswith(token.encode())
                assert len(connection.pending) == 1
                line.answer(pdu, b"1\0")
            await watcher.until(lambda: len(watcher.of("answered")) == 3)

    run(work())


def test_an_answer_nobody_asked_for_and_one_that_comes_twice_do_no_harm(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a")
            pdu = await line.next(SUBMIT_SM)
            for _ in range(3):
                line.answer(pdu, b"1\0")
            line.send(write_pdu(SUBMIT_SM | RESPONSE, 4_711, b"9\0") + write_pdu(ENQUIRE_LINK | RESPONSE, 99))
            line.send(write_pdu(GENERIC_NACK, 4_711, status=3))
            submit(watcher, connection, "b")
            line.answer(await line.next(SUBMIT_SM), b"2\0")
            await watcher.until(lambda: len(watcher.of("answered")) == 2)
            assert watcher.of("answered") == [("a", 0, "1"), ("b", 0, "2")]

    run(work())


def test_a_refused_pdu_is_an_answer(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a", "b")
            a, b = [await line.next(SUBMIT_SM) for _ in range(2)]
            line.send(write_pdu(GENERIC_NACK, a.sequence, status=statuses.INVALID_LENGTH))
            line.send(write_pdu(GENERIC_NACK, b.sequence))
            await watcher.until(lambda: len(watcher.of("answered")) == 2)
            assert watcher.of("answered") == [("a", 2, ""), ("b", 3, "")]

    run(work())


def test_pdus_may_come_octet_by_octet_and_many_at_once(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, *"abcdef")
            pdus = [await line.next(SUBMIT_SM) for _ in range(6)]
            answers = b"".join(write_pdu(SUBMIT_SM | RESPONSE, pdu.sequence, b"id\0") for pdu in pdus)
            for octet in answers[:70]:
                line.send(bytes((octet,)))
                await asyncio.sleep(0)
            line.send(answers[70:])
            await watcher.until(lambda: len(watcher.of("answered")) == 6)
            large = write_pdu(DELIVER_SM, 5, b"x" * 65_000)
            for start in range(0, len(large), 1_000):
                line.send(large[start:start + 1_000])
                await asyncio.sleep(0)
            await watcher.until(lambda: watcher.of("delivered"))
            assert watcher.of("delivered") == [(DELIVER_SM, 5, b"x" * 65_000)]

    run(work())


def test_a_message_without_an_answer_expires_and_its_late_answer_is_told(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, timing=QUICK) as (connection, line):
            submit(watcher, connection, "a")
            lost = await line.next(SUBMIT_SM)
            answering = asyncio.create_task(keep_answering(watcher, connection, line))
            await watcher.until(lambda: watcher.of("expired"))
            assert watcher.of("expired") == [("a",)]
            line.answer(lost, b"late\0")
            await watcher.until(lambda: watcher.of("answered late"))
            assert watcher.of("answered late") == [("a", 0, "late")]
            answering.cancel()

    run(work())


async def keep_answering(watcher: Watcher, connection: Connection, line: Line) -> None:
    """Others are answered all the time: one lost answer is no silence."""
    while connection.is_bound:
        submit(watcher, connection, "other")
        pdu = await line.next()
        line.answer(pdu, b"1\0" if pdu.command == SUBMIT_SM else b"")
        await asyncio.sleep(0.01)


def test_a_centre_that_answers_no_message_is_given_no_more_of_them(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, window=2, timing=QUICK) as (connection, line):
            submit(watcher, connection, *"abcdef")
            answering = asyncio.create_task(answer_links(line))
            await watcher.until(lambda: watcher.of("gone"))
            assert watcher.of("expired") == [("a",), ("b",)]
            assert len(watcher.waiting) == 4
            assert connection.why == "Nhà mạng không trả lời tin nào trong 0 giây"
            answering.cancel()

    run(work())


async def answer_links(line: Line) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            line.answer(await line.next(ENQUIRE_LINK))


def test_a_silent_link_is_asked_and_a_dead_one_given_up(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, timing=QUICK) as (connection, line):
            for _ in range(2):
                line.answer(await line.next(ENQUIRE_LINK))
            await line.next(ENQUIRE_LINK)
            await watcher.until(lambda: watcher.of("gone"))
            assert "enquire_link" in connection.why

    run(work())


def test_the_centre_may_ask_too(run: Callable[..., None]) -> None:
    async def work() -> None:
        async with bound(Watcher()) as (_, line):
            line.send(write_pdu(ENQUIRE_LINK, 77))
            assert (await line.next())[:3] == (ENQUIRE_LINK | RESPONSE, 0, 77)

    run(work())


def test_what_the_centre_hands_over_is_acknowledged_only_when_it_is_kept(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        watcher.acknowledges = False
        async with bound(watcher) as (connection, line):
            line.send(write_pdu(DELIVER_SM, 1, b"one") + write_pdu(commands.DATA_SM, 2, b"two"))
            line.send(write_pdu(ENQUIRE_LINK, 3))
            assert (await line.next()).sequence == 3, "nothing was acknowledged before"
            assert watcher.of("delivered") == [(DELIVER_SM, 1, b"one"), (commands.DATA_SM, 2, b"two")]
            for _ in range(2):
                connection.acknowledge(2, commands.DATA_SM)
                connection.acknowledge(1)
            assert await line.next() == (commands.DATA_SM_RESP, 0, 2, b"\0")
            assert await line.next() == (DELIVER_SM_RESP, 0, 1, b"\0")
            line.send(write_pdu(ENQUIRE_LINK, 4))
            assert (await line.next()).sequence == 4, "and nothing twice"

    run(work())


def test_more_is_not_read_than_can_be_kept(run: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.lib.smpp.connection._MOST_UNACKNOWLEDGED", 4)

    async def work() -> None:
        watcher = Watcher()
        watcher.acknowledges = False
        async with bound(watcher) as (connection, line):
            for number in range(1, 5):
                line.send(write_pdu(DELIVER_SM, number, b"x"))
            await watcher.until(lambda: len(watcher.of("delivered")) == 4)
            line.send(write_pdu(DELIVER_SM, 5, b"x"))
            await asyncio.sleep(0.05)
            assert len(watcher.of("delivered")) == 4
            connection.acknowledge(1)
            connection.acknowledge(2)
            await watcher.until(lambda: len(watcher.of("delivered")) == 5)

    run(work())


@pytest.mark.parametrize("length", [0, 15, 66_001, 2**32 - 1])
def test_a_length_that_cannot_be_ends_the_connection_with_a_word(length: int, run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a")
            await line.next(SUBMIT_SM)
            line.send(length.to_bytes(4, "big") + b"\0\0\0\x05\0\0\0\0\0\0\0\x09")
            assert (await line.next())[:3] == (GENERIC_NACK, statuses.INVALID_LENGTH, 9)
            assert await line.is_closed()
            await watcher.until(lambda: watcher.of("gone"))
            assert watcher.of("gone") == [(["a"], [])]
            assert connection.why

    run(work())


def test_commands_that_are_not_ours_are_refused_and_the_link_goes_on(run: Callable[..., None]) -> None:
    async def work() -> None:
        async with bound(Watcher()) as (_, line):
            line.send(write_pdu(0x0BAD, 5))
            assert (await line.next())[:3] == (GENERIC_NACK, statuses.INVALID_COMMAND, 5)
            line.send(write_pdu(commands.QUERY_SM, 6, b"1\0"))
            assert (await line.next())[:3] == (GENERIC_NACK, statuses.INVALID_COMMAND, 6)
            line.send(write_pdu(commands.OUTBIND, 7, b"smsc\0secret\0"))
            assert (await line.next())[:3] == (GENERIC_NACK, statuses.NOT_BOUND, 7)
            line.send(write_pdu(commands.ALERT_NOTIFICATION, 8, b"\0\0" b"1\0" b"\0\0" b"2\0"))
            line.send(write_pdu(ENQUIRE_LINK, 9))
            assert (await line.next())[:3] == (ENQUIRE_LINK | RESPONSE, 0, 9)

    run(work())


def test_whoever_talks_nonsense_for_ever_is_left(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            line.send(write_pdu(0x0BAD, 5) * 200)
            await watcher.until(lambda: watcher.of("gone"))
            assert "không nói đúng giao thức" in connection.why

    run(work())


def test_a_cut_connection_tells_what_was_written_and_what_was_not(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, window=2) as (connection, line):
            for token in "abcd":
                connection.submit(BODY, token)
            connection.poke()
            await line.next(SUBMIT_SM)
            line.cut()
            await watcher.until(lambda: watcher.of("gone"))
            assert watcher.of("gone") == [(["a", "b"], ["c", "d"])]
            assert connection.free == 0

    run(work())


def test_a_goodbye_is_answered_and_what_was_asked_may_still_be(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a")
            pdu = await line.next(SUBMIT_SM)
            line.send(write_pdu(commands.UNBIND, 50))
            assert (await line.next())[:3] == (commands.UNBIND_RESP, 0, 50)
            submit(watcher, connection, "b")
            line.answer(pdu, b"1\0")
            await watcher.until(lambda: watcher.of("answered"))
            line.writer.close()
            await watcher.until(lambda: watcher.of("gone"))
            assert watcher.of("gone") == [([], [])]
            assert [token for _, token in watcher.waiting] == ["b"]

    run(work())


def test_our_goodbye_waits_for_the_centre_to_agree(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            connection.unbind()
            pdu = await line.next(commands.UNBIND)
            line.send(write_pdu(DELIVER_SM, 3, b"last"))
            assert (await line.next(DELIVER_SM_RESP)).sequence == 3
            assert not connection.ended.done()
            line.answer(pdu)
            assert await line.is_closed()
            await connection.ended

    run(work())


def test_sequence_numbers_begin_anew_after_the_last(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            connection._sequence = commands.MOST_SEQUENCE - 1
            connection.pending[1] = "old"
            submit(watcher, connection, "a", "b")
            assert [(await line.next(SUBMIT_SM)).sequence for _ in range(2)] == [commands.MOST_SEQUENCE, 2]
            del connection.pending[1]

    run(work())


def test_a_network_that_takes_nothing_holds_everything_back(run: Callable[..., None]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher, window=100) as (connection, line):
            connection.pause_writing()
            submit(watcher, connection, "a")
            assert (connection.free, len(watcher.waiting)) == (0, 1)
            connection.submit(BODY, "b")
            connection.resume_writing()
            assert [(await line.next(SUBMIT_SM)).command for _ in range(2)] == [SUBMIT_SM] * 2

    run(work())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(
    st.binary(max_size=80),
    st.builds(
        write_pdu, st.sampled_from([0, 1, 4, 5, 6, 9, 0x0B, 0x15, 0x102, 0x103, 0x80000000, 0x80000004, 0x80000015]),
        st.integers(0, 2**32 - 1), st.binary(max_size=60), st.integers(0, 2**32 - 1),
    ),
), max_size=12))
def test_no_octets_hang_or_break_a_connection(chunks: list[bytes]) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with bound(watcher) as (connection, line):
            submit(watcher, connection, "a")
            await line.next(SUBMIT_SM)
            for chunk in chunks:
                line.send(chunk)
            line.writer.close()
            await watcher.until(lambda: watcher.of("gone"))
            told = [what for what in watcher.told if "a" in what or ["a"] in what]
            assert len(told) == 1, "one word on the message, whatever came"

    asyncio.run(work())
