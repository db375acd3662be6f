from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from lantoa.lib.smtp.tests.peers import BODY, Box, Talk, sending, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from lantoa.lib.smtp.tests.peers import Conversation

    Run = Callable[..., None]


def conversing(
    *conversations: Conversation, box: Box, until: Callable[[Box], bool], **options: object,
) -> Coroutine[Any, Any, None]:
    async def work() -> None:
        async with serving(*conversations) as server, sending(box, server, **options):
            await box.until(until)

    return work()


def all_told(box: Box) -> bool:
    return not box.waiting and not box.out


async def silent(talk: Talk) -> None:
    """Say nothing at all."""
    await talk.reader.read()


def test_the_next_message_s_commands_follow_the_dot_in_one_write(run: Run) -> None:
    heard: list[bytes] = []

    async def peer(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r1@", "DATA")
        await talk.say("250 2.1.0 ok", "250 2.1.5 ok", "354 go")
        wanted = BODY + b".\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<r2@b.example>\r\nDATA\r\n"
        heard.append(await talk.reader.readexactly(len(wanted)))
        assert heard[0] == wanted
        await talk.say("250 2.0.0 taken", "250 ok", "250 ok", "354 go")
        assert await talk.hear_content() == BODY
        await talk.say("250 taken")
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert heard
    assert box.told == {1: "sent", 2: "sent"}
    assert box.health == ["up"]


def test_a_server_without_pipelining_is_asked_step_by_step(run: Run) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet("8BITMIME")
        for number in (1, 2):
            for beginning in ("MAIL FROM:", f"RCPT TO:<r{number}@", "DATA"):
                await talk.hear(beginning)
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.01):
                        await talk.reader.read(1)
                await talk.say("354 go" if beginning == "DATA" else "250 ok")
            assert await talk.hear_content() == BODY
            await talk.say("250 taken")
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: "sent", 2: "sent"}


def test_a_server_that_knows_only_the_old_greeting_is_greeted_the_old_way(run: Run) -> None:
    async def peer(talk: Talk) -> None:
        await talk.say("220 old")
        await talk.hear("EHLO [127.0.0.1]")
        await talk.say("502 what")
        await talk.hear("HELO [127.0.0.1]")
        await talk.say("250 old")
        for verb in ("MAIL", "RCPT", "DATA"):
            await talk.hear(verb)
            await talk.say("354 go" if verb == "DATA" else "250 ok")
        assert await talk.hear_content() == BODY
        await talk.say("250 taken")
        await talk.see_quit()

    box = Box()
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: "sent"}


@pytest.mark.parametrize("size", [1, 3, 7])
def test_replies_in_many_lines_and_in_pieces_are_read_whole(run: Run, size: int) -> None:
    async def drip(talk: Talk, *lines: str) -> None:
        data = "".join(f"{line}\r\n" for line in lines).encode()
        for start in range(0, len(data), size):
            talk.writer.write(data[start:start + size])
            await asyncio.sleep(0)

    async def peer(talk: Talk) -> None:
        await drip(talk, "220-welcome", "220-to this", "220 peer")
        await talk.hear("EHLO ")
        await drip(talk, "250-peer", "250-PIPELINING", "250 8BITMIME")
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await drip(talk, "250-ok", "250-with more", "250 ok", "250", "354 go")
        await talk.hear_content()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await drip(talk, "250-2.0.0 taken", "250 2.0.0 as 1", "250 ok", "550-5.1.1 no such", "550 5.1.1 user", "554 no")
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: "sent", 2: "never at RCPT"}
    assert box.replies[2].codes == "550 5.1.1"
    assert box.replies[2].text == "5.1.1 no such user"


def test_a_refused_recipient_does_not_hold_up_the_next(run: Run) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r1@", "DATA")
        await talk.say("250 ok", "550 5.1.1 no such user", "554 5.5.1 no valid recipients")
        await talk.hear("RSET", "MAIL FROM:", "RCPT TO:<r2@", "DATA")
        await talk.say("250 ok", "250 ok", "250 ok", "354 go")
        assert await talk.hear_content() == BODY
        await talk.say("250 taken")
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: "never at RCPT", 2: "sent"}


def test_an_empty_message_is_sent_where_data_is_wanted_in_spite_of_a_refused_recipient(run: Run) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r1@", "DATA")
        await talk.say("250 ok", "450 4.2.1 busy", "354 go on")
        assert await talk.hear_content() == b""
        await talk.say("250 taken")  # some do; it is nobody's
        assert await talk.take() == BODY
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: "later at RCPT", 2: "sent"}


@pytest.mark.parametrize(("answers", "told"), [
    (("452 4.3.1 full", "503 need MAIL", "503 need RCPT"), "later at MAIL"),
    (("552 5.3.4 too big", "503 need MAIL", "503 need RCPT"), "never at MAIL"),
    (("250 ok", "451 4.7.1 Greylisted, try again in 90 seconds", "554 none"), "later at RCPT"),
    (("250 ok", "554 5.7.1 you are on a list", "554 none"), "refused at RCPT"),
    (("250 ok", "250 ok", "451 4.3.0 not now"), "later at DATA"),
    (("250 ok", "250 ok", "550 5.7.1 not you"), "refused at DATA"),
])
def test_a_refusal_at_each_command_is_told_of_its_own_message_only(
    run: Run, answers: tuple[str, ...], told: str,
) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r1@", "DATA")
        await talk.say(*answers)
        await talk.hear("RSET")
        await talk.say("250 ok")
        assert await talk.take() == BODY
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: told, 2: "sent"}


@pytest.mark.parametrize(("step", "answer", "told"), [
    ("MAIL", "452 4.3.1 full", "later at MAIL"), ("RCPT", "550 5.1.1 no", "never at RCPT"),
    ("DATA", "451 not now", "later at DATA"),
])
def test_a_refusal_without_pipelining_ends_the_message_at_once(run: Run, step: str, answer: str, told: str) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet("8BITMIME")
        for verb in ("MAIL", "RCPT", "DATA"):
            await talk.hear(verb)
            if verb == step:
                await talk.say(answer)
                break
            await talk.say("250 ok")
        if step != "MAIL":
            await talk.hear("RSET")
            await talk.say("250 ok")
        for verb in ("MAIL", "RCPT", "DATA"):
            await talk.hear(verb)
            await talk.say("354 go" if verb == "DATA" else "250 ok")
        await talk.hear_content()
        await talk.say("250 taken")
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: told, 2: "sent"}


@pytest.mark.parametrize(("answer", "told"), [
    ("451 4.3.0 not now", "later at DOT"), ("554 5.6.0 bad content", "never at DOT"),
    ("550 5.7.1 spam", "refused at DOT"), ("552 5.3.4 too big", "never at DOT"),
])
def test_a_refusal_of_the_content_is_told_and_the_next_goes_on(run: Run, answer: str, told: str) -> None:
    async def peer(talk: Talk) -> None:
        await talk.greet()
        await talk.take(answer)
        await talk.take()
        await talk.see_quit()

    box = Box(2)
    run(conversing(peer, box=box, until=all_told))
    assert box.told == {1: told, 2: "sent"}
    assert box.replies[1].code == int(answer[:3])


def test_a_connection_lost_before_the_content_gives_the_message_back_and_after_it_nobody_knows(run: Run) -> None:
    async def cuts_before(talk: Talk) -> None:
        await talk.greet()
        await talk.take()
        await talk.hear("MAIL FROM:", "RCPT TO:<r2@", "DATA")
        talk.cut()

    async def cuts_after(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r2@", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.hear_content()
        await talk.hear("MAIL FROM:", "RCPT TO:<r3@", "DATA")
        talk.cut()

    async def takes(talk: Talk) -> None:
        await talk.greet()
        await talk.take()
        await talk.see_quit()

    box = Box(3)
    run(conversing(cuts_before, cuts_after, takes, box=box, until=all_told))
    assert box.told == {1: "sent", 2: "lost", 3: "sent"}
    assert box.returned == [2, 3]


def test_a_large_message_cut_off_in_the_middle_goes_back(run: Run) -> None:
    async def cuts_within(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.reader.readexactly(1000)
        await asyncio.sleep(0.02)
        talk.cut()

    async def takes(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        assert (await talk.reader.readexactly(len(box.content) + 3)).endswith(b"z\r\n.\r\n")
        await talk.say("250 taken")
        await talk.see_quit()

    box = Box(content=b"x" * 16_000_000 + b"z\r\n")
    run(conversing(cuts_within, takes, box=box, until=all_told))
    assert box.returned == [1]
    assert box.told == {1: "sent"}


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT", "later"])
def test_421_closes_the_connection_wherever_it_comes(run: Run, stage: str) -> None:
    async def dismisses(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:<r1@", "DATA")
        before = ["MAIL", "RCPT", "DATA"]
        if stage in before:
            await talk.say(*["250 ok"] * before.index(stage), "421 4.3.2 going down")
            return
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.hear_content()
        await talk.hear("MAIL FROM:", "RCPT TO:<r2@", "DATA")
        await talk.say(*(["250 taken"] if stage == "later" else []), "421 4.3.2 going down")

    async def takes(talk: Talk) -> None:
        await talk.greet()
        await talk.take_all()

    box = Box(2)
    run(conversing(dismisses, takes, box=box, until=all_told))
    assert box.told[1] == {"MAIL": "sent", "later": "sent"}.get(stage, f"later at {stage}")
    assert box.told[2] == "sent"
    assert box.returned == {"MAIL": [1], "DOT": [2], "later": [2]}.get(stage, [])
    assert "lost" not in box.told.values()
