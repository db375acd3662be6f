from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from lantoa.lib.smtp.relay import RelayError, relay_of
from lantoa.lib.smtp.session import Session
from lantoa.lib.smtp.tests.peers import Box, Talk, relay_at, sending, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., None]


def all_told(box: Box) -> bool:
    return not box.waiting and not box.out


async def takes(talk: Talk) -> None:
    await talk.greet()
    await talk.take_all()


@pytest.mark.parametrize(("said", "told"), [
    ("hello", "lost"), ("250-ok\r\n550 what", "lost"), ("354 go", "lost"), ("999 ok", "lost"), ("\x00\xff", "lost"),
    ("250 ok\r\n" * 9, "sent"), ("220 " + "x" * 70_000, "lost"), ("250-x\r\n" * 300, "lost"),
])
def test_what_makes_no_sense_ends_the_connection_and_counts_nothing_as_sent(run: Run, said: str, told: str) -> None:
    async def babbles(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.hear_content()
        await talk.say(said)
        await talk.reader.read()

    async def work() -> None:
        async with serving(babbles, takes) as server, sending(box, server):
            await box.until(all_told)

    box = Box(2)
    run(work())
    assert box.told == {1: told, 2: "sent"}
    assert box.returned == [2]


@pytest.mark.parametrize("banner", ["554 5.7.1 no mail from you", "421 4.3.2 later", "hello", "SSH-2.0-OpenSSH_9"])
def test_a_server_that_does_not_greet_is_tried_again_and_the_trouble_told_once(run: Run, banner: str) -> None:
    async def refuses(talk: Talk) -> None:
        await talk.say(banner)

    async def work() -> None:
        box = Box()
        async with serving(refuses, refuses, takes) as server, sending(box, server):
            await box.until(lambda box: bool(box.health))
            assert len(box.health) == 1
            assert box.health[0].startswith("down: Máy chủ thư")
            if banner[0] != "5":  # that one is left alone for a minute
                await box.until(all_told)
                assert server.count == 3
                assert box.health[1:] == ["up"]

    run(work())


def test_a_server_against_our_sender_burns_no_recipient(run: Run) -> None:
    async def refuses(talk: Talk) -> None:
        await talk.greet()
        if (await talk.reader.readline()).startswith(b"QUIT"):
            return  # opened while another connection was refused
        await talk.hear("RCPT TO:", "DATA")
        await talk.say("250 ok", "553 5.7.1 <a@a.example>: Sender address rejected: not owned by user", "554 none")
        await talk.reader.read()

    async def work() -> None:
        box = Box(50)
        async with serving(refuses) as server, sending(box, server, connections=3):
            await box.until(lambda box: len(box.health) == 2)
            await asyncio.sleep(0.05)
            assert not box.told
            assert len(box.waiting) == 50
            assert box.health[0] == "up"
            assert "553 5.7.1. Bên nhận không cho gửi" in box.health[1]
            assert server.count <= 3

    run(work())


@pytest.mark.parametrize(("stage", "answer"), [("greeting", ""), ("MAIL", ""), ("DOT", "")])
def test_a_silent_server_is_given_up_after_its_time(run: Run, stage: str, answer: str) -> None:
    async def falls_silent(talk: Talk) -> None:
        if stage != "greeting":
            await talk.greet()
            await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        if stage == "DOT":
            await talk.say("250 ok", "250 ok", "354 go")
        await talk.reader.read()
        assert not answer

    patience = {"greeting": 0.08, "command": 0.08, "data": 0.08, "end": 0.08}

    async def work() -> None:
        box = Box()
        async with serving(falls_silent, takes) as server, sending(box, server, patience=patience):
            await box.until(all_told)
        assert box.told == {1: "lost" if stage == "DOT" else "sent"}
        assert any("không trả lời trong" in told for told in box.health)

    run(work())


def test_a_connection_is_left_after_as_many_messages_as_it_may_carry(run: Run) -> None:
    async def work() -> None:
        box = Box(7)
        async with serving(takes) as server, sending(box, server, messages_per_connection=3):
            await box.until(all_told)
        assert server.count == 3
        assert set(box.told.values()) == {"sent"}
        assert box.health == ["up"]

    run(work())


def test_a_server_that_closes_after_some_messages_is_called_again_at_once(run: Run) -> None:
    async def takes_two(talk: Talk) -> None:
        await talk.greet()
        for _ in range(2):
            await talk.take()
        talk.writer.close()

    async def work() -> None:
        box = Box(6)
        async with serving(takes_two) as server, sending(box, server):
            await box.until(all_told)
        assert set(box.told.values()) == {"sent"}
        assert box.health == ["up"]
        assert server.count >= 3

    run(work())


def test_connections_are_opened_as_there_is_work_and_no_more_than_allowed(run: Run) -> None:
    async def slow(talk: Talk) -> None:
        await talk.greet()
        await talk.take_all()

    async def work() -> None:
        box = Box(0)
        async with serving(slow) as server, sending(box, server, connections=5) as session:
            await box.until(lambda box: bool(box.health))
            assert server.count == 1
            box.waiting.extend(range(1, 400))
            session.wake()
            await box.until(all_told)
            assert 2 <= server.count <= 5

    run(work())


def test_more_connections_than_the_server_allows_are_no_trouble(run: Run) -> None:
    async def only_one(talk: Talk) -> None:
        await talk.say("421 4.7.0 Too many connections")

    async def work() -> None:
        box = Box(300)
        async with serving(takes, only_one) as server, sending(box, server, connections=8):
            await box.until(all_told)
        assert box.health == ["up"]
        assert set(box.told.values()) == {"sent"}
        assert server.count <= 3

    run(work())


def test_an_idle_connection_says_goodbye_and_work_opens_another(run: Run) -> None:
    async def work() -> None:
        box = Box(1)
        async with serving(takes) as server, sending(box, server, idle=0.05) as session:
            await box.until(all_told)
            async with asyncio.timeout(2):
                await server.one_finished.wait()
            box.waiting.append(2)
            session.wake()
            await box.until(all_told)
            assert server.count == 2
        assert box.health == ["up"]

    run(work())


def test_a_server_that_asks_for_less_is_left_alone(run: Run) -> None:
    async def throttles(talk: Talk) -> None:
        await talk.greet()
        await talk.take()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("421 4.7.28 too many messages, try again in 5 minutes")

    async def work() -> None:
        box = Box(2)
        async with serving(throttles, takes) as server, sending(box, server):
            await box.until(all_told)
        assert box.slowed == [300.0]
        assert box.told == {1: "sent", 2: "sent"}

    run(work())


def test_closing_waits_for_answers_then_gives_up(run: Run) -> None:
    async def answers_late(talk: Talk) -> None:
        await talk.greet()
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.hear_content()
        await asyncio.sleep(0.1)
        await talk.say("250 taken")
        await talk.hear("MAIL FROM:", "RCPT TO:", "DATA")
        await talk.say("250 ok", "250 ok", "354 go")
        await talk.hear_content()
        await talk.reader.read()

    async def work() -> None:
        box = Box(9)
        async with serving(answers_late) as server:
            session = Session(relay_at(server.port), box)
            await box.until(lambda box: len(box.out) == 2)
            began = time.monotonic()
            await session.close(0.3)
            assert 0.2 < time.monotonic() - began < 1.5
            assert box.told == {1: "sent", 2: "lost"}
            assert not box.out
            session.wake()
            await asyncio.sleep(0.02)
            assert len(box.waiting) == 7

    run(work())


def test_a_name_that_leads_nowhere_is_told(run: Run) -> None:
    async def work() -> None:
        box = Box()
        session = Session(relay_of({"host": "127.0.0.1", "port": 1}), box)
        await box.until(lambda box: bool(box.health))
        await session.close()
        assert box.health[0] == (
            "down: Không kết nối được tới máy chủ thư 127.0.0.1:1: máy có đó nhưng không nhận kết nối ở cổng này."
        )
        box = Box()
        session = Session(relay_of({"host": "a..b"}), box)
        await box.until(lambda box: bool(box.health))
        await session.close()
        assert box.health[0] == "down: Không kết nối được tới máy chủ thư a..b:25: tên máy viết sai."

    run(work())


@pytest.mark.parametrize(("options", "words"), [
    ({}, "Thiếu host"), ({"host": ""}, "host trống"), ({"host": "a", "prot": 25}, "Không có tùy chọn prot"),
    ({"host": "a", "port": "25"}, "sai kiểu"), ({"host": "a", "port": -1}, "không được âm"),
    ({"host": "a", "port": 70_000}, "số cổng"), ({"host": "a", "tls": "maybe"}, "required, offered"),
    ({"host": "a", "connections": 0}, "từ 1 đến"), ({"host": "a", "user": "b"}, "password_file"),
    ({"host": "a", "ca_file": "/none"}, "không có"), ({"host": "a", "patience": 3}, "bảng số giây"),
    ({"host": "a", "patience": {"ending": 3}}, "patience.ending"), ({"host": "a", "hello": "a b"}, "hello"),
    ({"host": "a", "user": "b", "password_file": "c", "tls": "off"}, "Không gửi mật khẩu"),
    ({"host": True}, "sai kiểu"),
])
def test_options_that_cannot_work_are_named(options: dict[str, object], words: str) -> None:
    with pytest.raises(RelayError, match=words) as fault:
        relay_of(options)
    assert fault.value.permanent


def test_ports_and_encryption_have_the_usual_defaults(tmp_path: Path) -> None:
    file = str(tmp_path / "password")
    assert str(relay_of({"host": "mail.example"})) == "mail.example:25"
    assert relay_of({"host": "mail.example"}).security == "required"
    assert relay_of({"host": "127.0.0.1"}).security == "off"
    assert relay_of({"host": "mail.example", "user": "a", "password_file": file}).actual_port == 587
    assert relay_of({"host": "mail.example", "tls": "implicit"}).actual_port == 465
