"""What becomes of messages between us and a message centre that does not always do as one would like."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from lantoa.channels.base import State
from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.sms_ends import LONG, NUMBERS, SHORT, opened, prepared, received, run, scripted, simulated
from lantoa.channels.wire import Reply, Report
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.commands import RESPONSE, SUBMIT_SM
from lantoa.lib.smpp.pdu import read_deliver_sm, write_pdu
from lantoa.lib.smpp.statuses import STATUSES, Meaning
from lantoa.lib.smpp.tests.peer import centre
from lantoa.lib.smpp.text import read_words
from lantoa.simulators.smsc import whole_messages
from lantoa.simulators.smsc_script import Script, delivered_body, fortune, status_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lantoa.lib.smpp.tests.peer import Line, Pdu


async def submits(line: Line, count: int) -> list[Pdu]:
    return [await line.next(SUBMIT_SM) for _ in range(count)]


def words(pdu: Pdu) -> str:
    return read_words(read_deliver_sm(pdu.body))[1]


def outcome(feed: WatchedFeed, number: int = 1) -> tuple[State, str]:
    found = feed.outcomes[1, number]
    return found.state, found.why


# --- one part -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*sorted(STATUSES.keys() - {0}), 0x0401, 0xFFFFFFFF])
def test_every_answer_becomes_a_state_and_a_reason(code: int) -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, other):
            line.answer((await submits(line, 1))[0], status=code)
            meaning = STATUSES[code].meaning if code in STATUSES else Meaning.LATER
            if meaning in {Meaning.SLOW, Meaning.UNBOUND}:
                await feed.until(lambda feed: bool(feed.given_back))
                assert not feed.outcomes
                again = line if meaning is Meaning.SLOW else await other.bound()
                again.answer((await submits(again, 1))[0], b"1\0")
                await feed.until(lambda feed: bool(feed.outcomes))
                assert outcome(feed) == (State.SENT, "")
                return
            await feed.until(lambda feed: bool(feed.outcomes))
            state, why = outcome(feed)
            assert state is {
                Meaning.LATER: State.FAILED_FOR_NOW, Meaning.FULL: State.FAILED_FOR_NOW,
                Meaning.NEVER: State.FAILED_FOR_GOOD, Meaning.REFUSED: State.REFUSED,
            }[meaning]
            assert why
            assert feed.outcomes[1, 1].code == (STATUSES[code].name if code in STATUSES else f"{code:#010x}")
            assert (feed.outcomes[1, 1].retry_after is None) is (meaning is not Meaning.FULL)
            assert bool(feed.slowed) is (meaning is Meaning.FULL)

    run(work())


@pytest.mark.parametrize(
    ("judgement", "state"),
    [("later", State.FAILED_FOR_NOW), ("never", State.FAILED_FOR_GOOD), ("refused", State.REFUSED), ("slow", None)],
)
def test_what_a_centre_means_by_its_own_codes_can_be_said(judgement: str, state: State | None) -> None:
    async def work() -> None:
        channel, feed = prepared(codes={"0x0401": judgement, "69": "refused"})
        async with scripted(feed, channel) as (_, line, _):
            line.answer((await submits(line, 1))[0], status=0x0401)
            await feed.until(lambda feed: bool(feed.outcomes or feed.given_back))
            assert [found.state for found in feed.outcomes.values()] == ([state] if state else [])

    run(work())


def test_an_answer_names_the_message_by_its_id() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:3])
        async with scripted(feed, channel, answer_ids="hex") as (_, line, _):
            one, two, three = await submits(line, 3)
            line.answer(one, b"2A\0")
            line.answer(two, b"not-hex\0")
            line.answer(three, b"\0")
            await feed.until(lambda feed: len(feed.outcomes) == 3)
            assert [found.provider_ids for found in feed.outcomes.values()] == [("42",), ("not-hex",), ()]

    run(work())


def test_too_much_at_once_is_sent_again_more_slowly_and_nobody_is_lost() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:60])
        async with simulated(Script(rate=40)) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            assert {found.state for found in feed.outcomes.values()} == {State.SENT}
            assert len(received(smsc)) == 60
            assert feed.slowed
            assert smsc.statuses[0x58] >= 20
            assert max(feed.slowed) == 0.05 > min(feed.slowed)

    run(work())


def test_while_it_is_too_much_nothing_is_taken() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:9])
        async with scripted(feed, channel, window=3) as (session, line, _):
            for pdu in await submits(line, 3):
                line.answer(pdu, status=0x58)
            await feed.until(lambda feed: len(feed.given_back) == 3)
            assert len(feed.slowed) == 1, "said once for all that were in the air"
            session.wake()
            assert not feed.out
            assert len(await submits(line, 3)) == 3, "and then it goes on by itself"

    run(work())


def test_without_an_answer_nobody_knows_until_it_comes_after_all() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:3])
        async with scripted(feed, channel, answer_timeout=0.1) as (_, line, _):
            one, two, three = await submits(line, 3)
            line.answer(three, b"3\0")
            await feed.until(lambda feed: len(feed.outcomes) == 3)
            assert outcome(feed, 1)[0] is outcome(feed, 2)[0] is State.UNKNOWN
            assert "không có trả lời" in outcome(feed, 1)[1]
            line.answer(one, b"1\0")
            line.answer(two, status=0x0B)
            await feed.until(lambda feed: len(feed.news) == 2)
            late, failed = feed.news
            assert isinstance(late, Report)
            assert isinstance(failed, Report)
            assert (late.key, late.state, late.raw, late.provider_id) == ("k1-1", State.SENT, {"message_ids": "1"}, "")
            assert (failed.key, failed.state) == ("k1-2", State.FAILED_FOR_GOOD)

    run(work())


def test_a_cut_connection_leaves_what_was_written_unknown_and_the_rest_goes_on() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:5])
        async with scripted(feed, channel, window=2) as (_, line, other):
            await submits(line, 2)
            line.cut()
            again = await other.bound()
            for _ in range(3):
                again.answer((await submits(again, 1))[0], b"1\0")
            await feed.until(lambda feed: len(feed.outcomes) == 5)
            states = [outcome(feed, number)[0] for number in range(1, 6)]
            assert states == [State.UNKNOWN] * 2 + [State.SENT] * 3
            assert "Mất kết nối sau khi đưa tin" in outcome(feed, 1)[1]
            assert len(feed.troubles) == 1
            assert feed.is_up

    run(work())


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("0912345678", "84912345678"), ("0912 345.678", "84912345678"), ("+84912345678", "84912345678"),
        ("84912345678", "84912345678"), ("0084912345678", "0084912345678"), ("8079", "8079"),
    ],
)
def test_a_number_is_written_as_the_centre_wants_it(address: str, number: str) -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=[address])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            assert [arrival.destination for arrival in smsc.arrivals] == [number]

    run(work())


def test_a_centre_that_wants_national_numbers_gets_them() -> None:
    async def work() -> None:
        channel, feed = prepared(country_code="")
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            assert smsc.arrivals[0].destination == NUMBERS[0]

    run(work())


@pytest.mark.parametrize("address", ["", "09123x5678", "12", "0" * 25, "٠٩١٢٣٤٥٦٧٨", "²³¹²²²²"])
def test_what_is_no_number_is_not_sent_and_says_so(address: str) -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=[address, NUMBERS[0]])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            assert outcome(feed) == (State.FAILED_FOR_GOOD, "Số điện thoại không đúng, tin chưa được gửi")
            assert len(smsc.arrivals) == 1

    run(work())


def test_a_name_that_makes_it_too_long_or_cannot_be_written_is_not_sent() -> None:
    async def work() -> None:
        channel, feed = prepared(most_parts=1, writing="gsm7")
        feed.waiting[0].fields = {"name": "Tỵ" * 80}
        more = items(feed.waiting[0].template, ["0912345678"], {"name": "手"})
        more[0].ref = (1, 2)
        feed.waiting.extend(more)
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            assert outcome(feed, 1)[0] is outcome(feed, 2)[0] is State.FAILED_FOR_GOOD
            assert "2 phần SMS" in outcome(feed, 1)[1]
            assert "được phép dùng không có: 手" in outcome(feed, 2)[1]
            assert not smsc.arrivals

    run(work())


def test_a_centre_whose_default_alphabet_is_another_gets_it_and_is_read_by_it() -> None:
    async def work() -> None:
        channel, feed = prepared("a_@$ {link}", NUMBERS[:1], default_alphabet="latin1")
        feed.waiting.extend(prepared("{{name|Ω}}", NUMBERS[:1], default_alphabet="latin1")[1].waiting)
        feed.waiting[1].ref = (1, 2)
        async with scripted(feed, channel) as (_, line, _):
            (pdu,) = await submits(line, 1)
            assert read_deliver_sm(pdu.body).octets == b"a_@$ {link}"
            line.answer(pdu, b"1\0")
            await feed.until(lambda feed: len(feed.outcomes) == 2)
            assert "được phép dùng không có: Ω" in outcome(feed, 2)[1]
            line.send(write_pdu(commands.DELIVER_SM, 1, delivered_body("84912345678", "8079", 0, 0) + b"\x03a_@"))
            await feed.until(lambda feed: bool(feed.news))
            assert feed.news == [Reply("0912345678", "a_@", "8079")]

    run(work())


# --- several parts --------------------------------------------------------------------------------------------


def test_a_long_message_is_done_when_every_part_is_answered() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (_, line, _):
            one, two, three = await submits(line, 3)
            assert [words(pdu) for pdu in (one, two, three)] == ["ă" * 67, "b" * 67, "c" * 67]
            line.answer(three, b"id-3\0")
            line.answer(one, b"id-1\0")
            await asyncio.sleep(0.02)
            assert not feed.outcomes
            line.answer(two, b"id-2\0")
            await feed.until(lambda feed: bool(feed.outcomes))
            assert feed.outcomes[1, 1].provider_ids == ("id-1", "id-2", "id-3")
            assert outcome(feed) == (State.SENT, "")

    run(work())


@pytest.mark.parametrize(
    ("answers", "state", "told"),
    [
        ((0, 0x0B, 0), State.FAILED_FOR_GOOD, "mới nhận 2/3 phần của tin: Số điện thoại"),
        ((0, 0x08, 0), State.FAILED_FOR_NOW, "mới nhận 2/3 phần của tin: Hệ thống"),
        ((0x08, 0x66, 0), State.REFUSED, "mới nhận 1/3 phần của tin: Nhà mạng từ chối"),
        ((0x0B, 0x0B, 0x0B), State.FAILED_FOR_GOOD, "mới nhận 0/3 phần"),
        ((0x0B, 0x58, 0), State.FAILED_FOR_GOOD, "mới nhận 1/3 phần"),
    ],
)
def test_of_parts_that_fared_differently_what_tells_most_is_told(
    answers: tuple[int, ...], state: State, told: str,
) -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (_, line, _):
            for number, (pdu, status) in enumerate(zip(await submits(line, 3), answers, strict=True)):
                line.answer(pdu, b"" if status else b"id-%d\0" % number, status=status)
            await feed.until(lambda feed: bool(feed.outcomes))
            assert outcome(feed)[0] is state
            assert told in outcome(feed)[1]
            assert feed.outcomes[1, 1].provider_ids == (), "receipts for some parts say nothing of the whole"

    run(work())


def test_a_part_that_was_too_much_is_sent_again_alone() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (_, line, _):
            one, two, three = await submits(line, 3)
            line.answer(one, b"1\0")
            line.answer(two, status=0x58)
            line.answer(three, b"3\0")
            again = (await submits(line, 1))[0]
            assert again.body == two.body, "with the same reference, so that the phone can put it in its place"
            line.answer(again, b"2\0")
            await feed.until(lambda feed: bool(feed.outcomes))
            assert feed.outcomes[1, 1].provider_ids == ("1", "2", "3")
            assert not feed.given_back

    run(work())


def test_a_part_that_is_always_too_much_ends_somewhere() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (_, line, _):
            one, two, three = await submits(line, 3)
            line.answer(one, b"1\0")
            line.answer(two, b"2\0")
            line.answer(three, status=0x58)
            for _ in range(5):
                line.answer((await submits(line, 1))[0], status=0x58)
            await feed.until(lambda feed: bool(feed.outcomes))
            state, why = outcome(feed)
            assert state is State.FAILED_FOR_NOW
            assert "2/3" in why

    run(work())


def test_a_long_message_of_which_nothing_was_taken_is_given_back_whole() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (_, line, _):
            for pdu in await submits(line, 3):
                line.answer(pdu, status=0x58)
            await feed.until(lambda feed: len(feed.given_back) == 1)
            assert len(await submits(line, 3)) == 3

    run(work())


def test_a_lost_answer_of_one_part_makes_the_whole_unknown_until_it_comes() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel, answer_timeout=0.1) as (_, line, _):
            one, two, three = await submits(line, 3)
            line.answer(one, b"1\0")
            line.answer(three, b"3\0")
            await feed.until(lambda feed: bool(feed.outcomes))
            assert outcome(feed)[0] is State.UNKNOWN
            assert "2/3 phần" in outcome(feed)[1]
            line.answer(two, b"2\0")
            await feed.until(lambda feed: bool(feed.news))
            (news,) = feed.news
            assert isinstance(news, Report)
            assert (news.key, news.state, news.raw) == ("k1-1", State.SENT, {"message_ids": "1 2 3"})

    run(work())


def test_a_window_smaller_than_a_message_still_carries_it() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG, NUMBERS[:5])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port, window=1) as session:
            await feed.finish(session)
            assert received(smsc) == [(number, LONG) for number in NUMBERS[:5]]
            assert len({provider_id for found in feed.outcomes.values() for provider_id in found.provider_ids}) == 15

    run(work())


def test_a_connection_cut_between_two_parts_says_how_many_went() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel, window=1) as (_, line, _):
            line.answer((await submits(line, 1))[0], b"1\0")
            await submits(line, 1)
            line.cut()
            await feed.until(lambda feed: bool(feed.outcomes))
            state, why = outcome(feed)
            assert state is State.FAILED_FOR_NOW, "the third part surely never left: the whole can be sent again"
            assert "1/3" in why

    run(work())


def test_a_connection_cut_in_the_middle_of_two_long_messages_tells_each_its_own() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG, NUMBERS[:2])
        async with scripted(feed, channel, window=4) as (_, line, _):
            await submits(line, 4)
            line.cut()
            await feed.until(lambda feed: len(feed.outcomes) == 2)
            assert outcome(feed, 1)[0] is State.UNKNOWN, "all of it may have arrived"
            assert outcome(feed, 2)[0] is State.FAILED_FOR_NOW, "two of its parts never left"

    run(work())


def test_parts_left_by_one_connection_go_by_another() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with centre() as other, opened(channel, feed, other.port, window=2, connections=2):
            lines = [await other.bound(), await other.bound()]
            asking = [asyncio.create_task(line.next(SUBMIT_SM)) for line in lines]
            done, (idle,) = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
            one = done.pop().result()
            here, there = lines if asking[0].done() else reversed(lines)
            answer = write_pdu(SUBMIT_SM | RESPONSE, one.sequence, b"1\0")
            here.send(answer + write_pdu(commands.UNBIND, 9))
            await here.next(commands.UNBIND_RESP)
            here.writer.close()
            two = await idle
            there.answer(two, b"2\0")
            there.answer(await there.next(SUBMIT_SM), b"3\0")
            await feed.until(lambda feed: bool(feed.outcomes))
            assert feed.outcomes[1, 1].provider_ids == ("1", "2", "3")

    run(work())


def test_long_messages_to_one_number_are_numbered_one_after_the_other() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG, [NUMBERS[0], NUMBERS[1], NUMBERS[0], NUMBERS[0]])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            references: dict[str, list[int]] = {}
            for arrival in smsc.arrivals:
                assert arrival.place
                if arrival.place.number == 1:
                    references.setdefault(arrival.destination, []).append(arrival.place.reference)
            assert list(references.values()) == [[1, 2, 3], [1]], "beginning with the number of their dispatch"

    run(work())


@pytest.mark.parametrize("how", ["udh", "sar", "payload"])
def test_every_way_of_sending_a_long_text_arrives_whole(how: str) -> None:
    async def work() -> None:
        channel, feed = prepared("Kính gửi {{name|quý vị}} 📱: " * 20, NUMBERS[:20], long_text=how)
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            expected = ("Kính gửi quý vị 📱: " * 20).strip()
            assert received(smsc) == [(number, expected) for number in NUMBERS[:20]]

    run(work())


# --- accounts -------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_as_permanent() -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with simulated(Script(system_id="lantoa", password="khac")) as smsc, opened(channel, feed, smsc.port):
            await feed.until(lambda feed: bool(feed.troubles))
            assert feed.troubles[0].startswith("permanent: ")
            assert "Sai mật khẩu" in feed.troubles[0]
            assert len(feed.waiting) == 1

    run(work())


def test_an_account_is_down_only_when_no_connection_is_left() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:4])
        feed.is_open = False
        async with centre() as other, opened(channel, feed, other.port, connections=2, reconnect=5) as session:
            one, two = await other.bound(), await other.bound()
            await feed.until(lambda feed: feed.is_up)
            await asyncio.sleep(0.02)
            one.cut()
            await asyncio.sleep(0.02)
            assert feed.is_up
            feed.is_open = True
            session.wake()
            for pdu in await submits(two, 4):
                two.answer(pdu, b"1\0")
            await feed.until(lambda feed: len(feed.outcomes) == 4)
            two.cut()
            await feed.until(lambda feed: not feed.is_up)

    run(work())


def test_a_pair_of_binds_sends_by_one_and_hears_by_the_other() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:20])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port, bind="pair") as session:
            await feed.finish(session)
            await feed.until(lambda feed: len(feed.news) == 20)
            assert smsc.binds == 2
            assert {news.state for news in feed.news if isinstance(news, Report)} == {State.DELIVERED}

    run(work())


def test_several_connections_share_the_work_and_the_window() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:9])
        async with centre() as other, opened(channel, feed, other.port, connections=3, window=7) as session:
            feed.is_open = False
            lines = [await other.bound() for _ in range(3)]
            await asyncio.sleep(0.02)
            feed.is_open = True
            session.wake()
            got = [[pdu async for pdu in at_hand(line)] for line in lines]
            assert sorted(len(pdus) for pdus in got) == [2, 2, 3]
            assert len(feed.waiting) == 2

    run(work())


async def at_hand(line: Line) -> AsyncIterator[Pdu]:
    """What comes without waiting long."""
    while True:
        try:
            async with asyncio.timeout(0.05):
                yield await line.next(SUBMIT_SM)
        except TimeoutError:
            return


def test_closing_calls_what_is_not_answered_unknown_and_says_goodbye() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:3])
        async with scripted(feed, channel, window=2) as (session, line, _):
            await submits(line, 2)
            closing = asyncio.create_task(session.close(0.05))
            line.answer(await line.next(commands.UNBIND))
            await closing
            assert [outcome(feed, number)[0] for number in (1, 2)] == [State.UNKNOWN] * 2
            assert len(feed.waiting) == 1

    run(work())


def test_closing_during_a_pause_leaves_no_part_behind() -> None:
    async def work() -> None:
        channel, feed = prepared(LONG)
        async with scripted(feed, channel) as (session, line, _):
            one, two, three = await submits(line, 3)
            line.answer(one, b"1\0")
            line.answer(two, b"2\0")
            line.answer(three, status=0x58)
            await feed.until(lambda feed: bool(feed.slowed))
            await session.close(0.0)
            assert outcome(feed)[0] is State.FAILED_FOR_NOW
            assert "2/3" in outcome(feed)[1]

    run(work())


def test_a_centre_that_no_longer_holds_us_for_bound_is_bound_anew() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:3])
        async with scripted(feed, channel) as (_, line, other):
            for pdu in await submits(line, 3):
                line.answer(pdu, status=0x04)
            again = await other.bound()
            for pdu in await submits(again, 3):
                again.answer(pdu, b"1\0")
            await feed.until(lambda feed: len(feed.outcomes) == 3)
            assert {found.state for found in feed.outcomes.values()} == {State.SENT}

    run(work())


# --- everything at once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
def test_whatever_happens_nobody_is_lost_and_nobody_gets_it_twice_without_our_knowing(text: str) -> None:
    script = Script(
        seed=7, errors={0x0B: 0.05, 0x45: 0.05, 0x66: 0.02}, lost_answers=0.01, cut_after=120, rate=3_000,
    )

    async def work() -> None:
        channel, feed = prepared(text, NUMBERS)
        async with simulated(script) as smsc, opened(
            channel, feed, smsc.port, window=20, connections=2, answer_timeout=0.2,
        ) as session:
            await feed.finish(session, 15)
            assert len(feed.outcomes) == len(NUMBERS)
            whole = [number for number, _ in whole_messages(smsc.arrivals)]
            for number, address in enumerate(NUMBERS, start=1):
                check_one(feed.outcomes[1, number].state, f"84{address[1:]}", whole, script)

    run(work())


def check_one(state: State, address: str, whole: list[str], script: Script) -> None:
    """What we say of a number is what the centre holds."""
    error = status_for(script, fortune(script.seed, address))
    if state is State.SENT:
        assert whole.count(address) == 1
    elif state is State.UNKNOWN:
        assert whole.count(address) <= 1
    else:
        assert whole.count(address) == 0
        assert error in script.errors or state is State.FAILED_FOR_NOW
