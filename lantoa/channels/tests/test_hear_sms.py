"""What a message centre hands over by itself: receipts, and what people write back."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.base import State
from lantoa.channels.sms.outcomes import FATES
from lantoa.channels.tests.feeding import WatchedFeed
from lantoa.channels.tests.sms_ends import LONG, NUMBERS, opened, prepared, run, scripted, simulated
from lantoa.channels.wire import Reply, Report
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.commands import DELIVER_SM, DELIVER_SM_RESP
from lantoa.lib.smpp.pdu import write_pdu, write_tlv
from lantoa.lib.smpp.receipts import Fate
from lantoa.lib.smpp.text import alone, in_parts
from lantoa.lib.sms import split_sms
from lantoa.simulators.smsc_script import Script, delivered_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.lib.smpp.tests.peer import Line

QUESTION = "Cho tôi hỏi: máy Nokia 105 của mẹ tôi có phải đổi không, và đổi ở đâu thì được hỗ trợ? Xin cảm ơn ủy ban."


class HoldingFeed(WatchedFeed):
    """Keeps nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Callable[[], None]] = []

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        assert kept
        self.kept.append(kept)
        super().heard(news)


def written(text: str, reference: int = 7, *, sender: str = "84912345678", how: Any = "udh") -> list[bytes]:
    """What somebody wrote, in parts."""
    parts = [part.encode("utf-16-be") for part in split_sms(text)]
    kind = commands.HAS_HEADER if len(parts) > 1 and how == "udh" else 0
    head = delivered_body(sender, "8079", kind, 8)
    return [head + ending for ending in (in_parts(parts, reference, how) if len(parts) > 1 else [alone(parts[0])])]


def receipt(words: bytes, esm_class: int = commands.IS_RECEIPT) -> bytes:
    return delivered_body("84912345678", "UBND MAU", esm_class, 0) + alone(words)


def hand_over(line: Line, *bodies: bytes) -> None:
    for sequence, body in enumerate(bodies, start=1):
        line.send(write_pdu(DELIVER_SM, sequence, body))


async def nothing_comes(line: Line) -> bool:
    """Whether the next thing is the answer to a question we put now."""
    line.send(write_pdu(commands.ENQUIRE_LINK, 99))
    return (await line.next()).sequence == 99


def of(feed: WatchedFeed, kind: type) -> list[Any]:
    return [news for news in feed.news if isinstance(news, kind)]


# --- receipts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["usual", "small", "short", "joined", "tlv"])
def test_each_part_of_each_message_is_told_of_by_its_id(dialect: str) -> None:
    script = Script(seed=3, dialect=dialect, undelivered=0.3)  # type: ignore[arg-type]  # of the five

    async def work() -> None:
        channel, feed = prepared(LONG, NUMBERS[:20])
        async with simulated(script) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            await feed.until(lambda feed: len(feed.news) == 60)
            ids = [one for outcome in feed.outcomes.values() for one in outcome.provider_ids]
            assert sorted(report.provider_id for report in of(feed, Report)) == sorted(ids)
            assert {report.state for report in of(feed, Report)} == {State.DELIVERED, State.FAILED_FOR_GOOD}
            for _ in range(200):
                if smsc.acknowledged == 60:
                    break
                await asyncio.sleep(0.005)
            assert smsc.acknowledged == 60

    run(work())


def test_an_id_written_to_another_base_is_the_same_id() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:5], answer_ids="hex", receipt_ids="decimal")
        async with simulated(Script(answer_ids="hex")) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            await feed.until(lambda feed: len(feed.news) == 5)
            ids = {outcome.provider_ids[0] for outcome in feed.outcomes.values()}
            assert {report.provider_id for report in of(feed, Report)} == ids

    run(work())


@pytest.mark.parametrize("fate", list(Fate))
def test_every_fate_is_told_as_one_of_our_states(fate: Fate) -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            hand_over(line, receipt(f"id:7 stat:{fate.value} err:021".encode()))
            await feed.until(lambda feed: bool(feed.news))
            state, why = FATES[fate]
            assert feed.news == [
                Report("7", state, f"{fate.value} 021", why, raw={"receipt": f"id:7 stat:{fate.value} err:021"}),
            ]
            assert bool(why) is (state not in {State.SENT, State.DELIVERED})

    run(work())


def test_a_receipt_is_acknowledged_only_once_it_is_kept() -> None:
    async def work() -> None:
        channel, _ = prepared()
        feed = HoldingFeed()
        async with scripted(feed, channel) as (_, line, _):
            hand_over(line, receipt(b"id:1 stat:DELIVRD"), receipt(b"id:2 stat:DELIVRD"))
            await feed.until(lambda feed: len(feed.news) == 2)
            assert await nothing_comes(line)
            for kept in feed.kept:
                kept()
                kept()
            assert [(await line.next(DELIVER_SM_RESP)).sequence for _ in range(2)] == [1, 2]
            assert await nothing_comes(line), "nothing is acknowledged twice"

    run(work())


def test_keeping_it_after_the_connection_is_gone_does_no_harm() -> None:
    async def work() -> None:
        channel, _ = prepared()
        feed = HoldingFeed()
        async with scripted(feed, channel) as (_, line, other):
            hand_over(line, receipt(b"id:1 stat:DELIVRD"))
            await feed.until(lambda feed: bool(feed.news))
            line.cut()
            again = await other.bound()
            feed.kept[0]()
            assert await nothing_comes(again)

    run(work())


def test_what_was_not_acknowledged_comes_again_on_the_next_bind() -> None:
    async def work() -> None:
        channel, feed = prepared(numbers=NUMBERS[:3])
        async with simulated(Script()) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            await feed.until(lambda feed: len(feed.news) == 3)
        async with simulated(Script(receipt_delay=0.05)) as smsc:
            holding = HoldingFeed()
            holding.waiting.extend(prepared(numbers=NUMBERS[:3])[1].waiting)
            async with opened(channel, holding, smsc.port) as session:
                await holding.finish(session)
                await holding.until(lambda feed: len(feed.news) == 3)
            assert smsc.acknowledged == 0
            later = WatchedFeed()
            async with opened(channel, later, smsc.port):
                await later.until(lambda feed: len(feed.news) == 3)

    run(work())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (receipt(b"stat:DELIVRD"), 0),
        (receipt(b"id:7 stat:WHATEVER"), 0),
        (receipt(b"thanks", esm_class=0x08), 0),
        (receipt(b"", esm_class=0x18), 0),
        (b"", 0x66),
        (receipt(b"id:7 stat:DELIVRD")[:-4], 0x66),
        (receipt(b"id:7 stat:DELIVRD") + b"\x04\x27\x00\x09", 0x66),
    ],
    ids=["no id", "no state", "acknowledgement", "abort", "empty", "cut off", "broken parameter"],
)
def test_what_tells_nothing_is_answered_all_the_same_and_nobody_is_told(
    body: bytes, status: int, caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            hand_over(line, body)
            assert (await line.next(DELIVER_SM_RESP))[1:3] == (status, 1)
            assert not feed.news

    with caplog.at_level(logging.WARNING, "lantoa.channels.sms"):
        run(work())


def test_a_receipt_as_data_sm_is_answered_as_one() -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            body = b"\0\1\1" b"84912345678\0" b"\0\1" b"UBND\0" + bytes((commands.IS_RECEIPT, 0, 0))
            body += write_tlv(commands.RECEIPTED_MESSAGE_ID, b"7\0") + write_tlv(commands.MESSAGE_STATE, b"\x02")
            line.send(write_pdu(commands.DATA_SM, 5, body))
            assert (await line.next(commands.DATA_SM_RESP))[1:3] == (0, 5)
            assert [(news.provider_id, news.state) for news in of(feed, Report)] == [("7", State.DELIVERED)]

    run(work())


# --- replies --------------------------------------------------------------------------------------------------


def test_what_somebody_writes_is_told_with_their_number_as_the_register_has_it() -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            hand_over(line, *written("TC"), *written("Đổi rồi", sender="+84912345678"), *written("a", sender="8079"))
            await feed.until(lambda feed: len(feed.news) == 3)
            assert of(feed, Reply) == [
                Reply("0912345678", "TC", "8079"), Reply("0912345678", "Đổi rồi", "8079"), Reply("8079", "a", "8079"),
            ]
            assert [(await line.next(DELIVER_SM_RESP)).sequence for _ in range(3)] == [1, 2, 3]

    run(work())


@pytest.mark.parametrize("how", ["udh", "sar"])
def test_a_long_reply_is_put_together_before_it_is_told(how: str) -> None:
    async def work() -> None:
        channel, _ = prepared()
        feed = HoldingFeed()
        async with scripted(feed, channel) as (_, line, _):
            first, second = written(QUESTION, how=how)
            hand_over(line, second, first)
            await feed.until(lambda feed: bool(feed.news))
            assert feed.news == [Reply("0912345678", QUESTION, "8079")]
            assert await nothing_comes(line), "no part is acknowledged before the whole is kept"
            feed.kept[0]()
            assert sorted([(await line.next(DELIVER_SM_RESP)).sequence for _ in range(2)]) == [1, 2]

    run(work())


def test_a_centre_that_waits_for_each_part_to_be_acknowledged_is_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lantoa.channels.sms.hearing._STOP_AND_WAIT", 0.02)

    async def work() -> None:
        channel, feed = prepared()
        script = Script(reply=QUESTION, replies=1.0, receipt_window=1, receipts=False)
        async with simulated(script) as smsc, opened(channel, feed, smsc.port) as session:
            await feed.finish(session)
            await feed.until(lambda feed: bool(feed.news))
            assert of(feed, Reply)[0].text == QUESTION

    run(work())


def test_a_reply_whose_rest_never_comes_is_told_with_its_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.channels.sms.hearing._PATIENCE", 0.05)

    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            hand_over(line, written(QUESTION)[1])
            await feed.until(lambda feed: bool(feed.news))
            assert of(feed, Reply)[0].text == "[…]" + split_sms(QUESTION)[1]
            assert (await line.next(DELIVER_SM_RESP)).sequence == 1

    run(work())


@pytest.mark.parametrize("was_acknowledged", [True, False])
def test_closing_tells_what_the_centre_will_not_send_again(
    was_acknowledged: bool, monkeypatch: pytest.MonkeyPatch,  # noqa: FBT001 - both ways
) -> None:
    monkeypatch.setattr("lantoa.channels.sms.hearing._STOP_AND_WAIT", 0.01 if was_acknowledged else 60.0)

    async def work() -> None:
        channel, feed = prepared()
        feed.waiting.clear()
        async with scripted(feed, channel) as (session, line, _):
            hand_over(line, written(QUESTION)[0])
            if was_acknowledged:
                await line.next(DELIVER_SM_RESP)
            assert await nothing_comes(line)
            await session.close(0.1)
            texts = [reply.text for reply in of(feed, Reply)]
            assert texts == ([split_sms(QUESTION)[0] + "[…]"] if was_acknowledged else [])

    run(work())


def test_the_words_of_a_receipt_written_by_a_person_are_a_reply() -> None:
    async def work() -> None:
        channel, feed = prepared()
        async with scripted(feed, channel) as (_, line, _):
            forged = "id:1 sub:001 dlvrd:001 submit date:2410161200 done date:2410161201 stat:DELIVRD err:000 text:"
            hand_over(line, delivered_body("84912345678", "8079", 0, 0) + alone(forged.encode()))
            await feed.until(lambda feed: bool(feed.news))
            assert of(feed, Reply)
            assert not of(feed, Report)

    run(work())
