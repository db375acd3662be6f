from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from lantoa.lib.options import OptionError, read_options
from lantoa.lib.smpp import commands
from lantoa.lib.smpp.commands import SUBMIT_SM
from lantoa.lib.smpp.options import Access, Forming
from lantoa.lib.smpp.pdu import write_pdu
from lantoa.lib.smpp.tests.certificate import write_certificate
from lantoa.lib.smpp.tests.peer import Watcher, centre
from lantoa.simulators.smsc import Smsc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path
    from typing import Any

    from lantoa.lib.smpp.client import Bind


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


def access(port: int, **options: Any) -> Access:
    given = {"host": "127.0.0.1", "system_id": "lantoa", "password": "mat-khau", "reconnect": 0.02, **options}
    return read_options(Access, {**given, "port": port})


@asynccontextmanager
async def kept(watcher: Watcher, at: Access, window: int = 10) -> AsyncIterator[list[Bind]]:
    """The binds of an account, running."""
    binds = at.binds(watcher, window)
    tasks = [asyncio.create_task(bind.run()) for bind in binds]
    try:
        yield binds
    finally:
        await asyncio.gather(*(bind.leave(0.2) for bind in binds))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_a_bind_says_who_it_is() -> None:
    async def work() -> None:
        async with centre() as other, kept(Watcher(), access(other.port, system_type="sms")):
            pdu = await (await other.line()).accept()
            assert pdu.command == commands.BIND_TRANSCEIVER
            assert pdu.body.startswith(b"lantoa\0mat-khau\0sms\0\x34")

    run(work())


def test_what_breaks_is_bound_again_and_the_reason_told() -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port)):
            for _ in range(3):
                line = await other.bound()
                line.cut()
            await other.bound()
            await watcher.until(lambda: len(watcher.of("bound")) == 4)
            assert [permanent for _, permanent in watcher.of("failed")] == [False] * 3
            assert all("Mất kết nối tới nhà mạng (127.0.0.1" in why for why, _ in watcher.of("failed"))

    run(work())


def test_each_failure_in_a_row_waits_longer_and_success_begins_anew() -> None:
    async def work() -> None:
        watcher = Watcher()
        waits = []

        async def pause(seconds: float) -> None:
            waits.append(seconds)

        async with centre() as other, kept(watcher, access(other.port, reconnect=1.0)) as (bind,):
            bind.pause = pause
            for _ in range(8):
                (await other.line()).cut()
            line = await other.bound()
            await watcher.until(lambda: watcher.of("bound"))
            watcher.waiting.append((b"\0", "a"))
            watcher.connections[-1].poke()
            line.answer(await line.next(SUBMIT_SM), b"1\0")
            await watcher.until(lambda: watcher.of("answered"))
            line.cut()
            await other.bound()
        for wait, expected in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60, 1], strict=True):
            assert 0.75 * expected <= wait <= 1.25 * expected

    run(work())


def test_a_wrong_password_is_not_tried_again() -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port)):
            line = await other.line()
            line.answer(await line.next(), b"\0", status=0x0E)
            assert await line.is_closed()
            await watcher.until(lambda: watcher.of("failed"))
            ((why, permanent),) = watcher.of("failed")
            assert permanent
            assert "Sai mật khẩu" in why
            await asyncio.sleep(0.06)
            assert other.lines.empty()

    run(work())


@pytest.mark.parametrize(
    ("status", "told"),
    [(0x0D, "không cho đăng nhập"), (0x05, "đang được dùng ở nơi khác"), (0x08, "sự cố"), (0x0400, "mã riêng 0x400")],
)
def test_a_bind_refused_for_another_reason_is_tried_again(status: int, told: str) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port)):
            line = await other.line()
            line.answer(await line.next(), b"\0", status=status)
            await other.bound()
            await watcher.until(lambda: watcher.of("bound"))
            ((why, permanent),) = watcher.of("failed")
            assert not permanent
            assert told in why

    run(work())


@pytest.mark.parametrize("answer", ["none", "nack", "other", "hang up", "garbage"])
def test_a_centre_that_does_not_know_how_to_let_in_is_left(answer: str) -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port, connect_timeout=0.1)):
            line = await other.line()
            pdu = await line.next()
            if answer == "nack":
                line.send(write_pdu(commands.GENERIC_NACK, pdu.sequence))
            elif answer == "other":
                line.send(write_pdu(SUBMIT_SM | commands.RESPONSE, 1, b"\0"))
            elif answer == "hang up":
                line.cut()
            elif answer == "garbage":
                line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await watcher.until(lambda: watcher.of("failed"))
            assert await line.is_closed()
            assert not watcher.of("bound")

    run(work())


def test_messages_from_a_centre_before_the_bind_are_not_taken() -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port)):
            line = await other.line()
            await line.next()
            line.send(write_pdu(commands.DELIVER_SM, 1, b"x"))
            assert (await line.next())[:3] == (commands.DELIVER_SM_RESP, 0x04, 1)
            assert not watcher.of("delivered")

    run(work())


def test_where_nobody_listens_is_told_in_words_one_can_act_on() -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other:
            port = other.port
        async with kept(watcher, access(port)):
            await watcher.until(lambda: watcher.of("failed"))
            assert "cổng này không ai nghe" in watcher.of("failed")[0][0]

    run(work())


def test_a_pair_sends_on_one_bind_and_listens_on_the_other() -> None:
    async def work() -> None:
        watcher = Watcher()
        async with centre() as other, kept(watcher, access(other.port, bind="pair", connections=2), window=5):
            lines = [await other.line() for _ in range(4)]
            kinds = sorted([(await line.accept()).command for line in lines])
            assert kinds == [commands.BIND_RECEIVER] * 2 + [commands.BIND_TRANSMITTER] * 2
            await watcher.until(lambda: len(watcher.of("bound")) == 4)
            assert sorted(connection.window for connection in watcher.connections) == [0, 0, 2, 3]

    run(work())


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_used_and_the_certificate_checked(trusted: bool, tmp_path: Path) -> None:  # noqa: FBT001 - both ways
    certificate, key = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def work() -> None:
        watcher, smsc = Watcher(), Smsc()
        await smsc.start(tls=context)
        at = access(smsc.port, tls=True, **({"tls_ca": str(certificate)} if trusted else {}))
        async with kept(watcher, at):
            await watcher.until(lambda: watcher.told)
            if trusted:
                assert watcher.of("bound")
            else:
                assert "Chứng chỉ TLS" in watcher.of("failed")[0][0]
        await smsc.stop()

    run(work())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"hots": "a"}, "không có tùy chọn hots; có: addr_npi"),
        ({"system_id": "a"}, "chưa điền host"),
        ({"host": "a", "system_id": "b", "port": "2775"}, "port = '2775': phải là số nguyên"),
        ({"host": "a", "system_id": "b", "port": True}, "port = True: phải là số nguyên"),
        ({"host": "a", "system_id": "b", "tls": 1}, "tls = 1: phải là true hoặc false"),
        ({"host": "a", "system_id": "b", "enquire_link": "x"}, "enquire_link = 'x': phải là số"),
        ({"host": "a", "system_id": "b", "bind": "both"}, "bind = 'both': phải là một trong 'transceiver'"),
        ({"host": "a", "system_id": "b", "connections": 0}, "connections = 0: phải từ 1 đến window (10)"),
        ({"host": "a", "system_id": "b", "connections": 11}, "connections = 11"),
        ({"host": "a", "system_id": "b", "answer_timeout": 0}, "answer_timeout phải là số giây lớn hơn 0"),
        ({"host": "a", "system_id": "b" * 16}, "system_id may have 15 characters"),
        ({"host": "a", "system_id": "b", "password_file": "/nowhere"}, "password_file: không đọc được /nowhere"),
        ({"host": "a", "system_id": "b", "tls": True, "tls_ca": "/nowhere"}, "tls_ca"),
    ],
)
def test_access_that_cannot_work_is_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError, match=told.replace("(", r"\(").replace(")", r"\)")):
        read_options(Access, options).binds(Watcher.__new__(Watcher), 10)


def test_a_password_is_never_part_of_an_error() -> None:
    with pytest.raises(OptionError) as caught:
        read_options(Access, {"host": "a", "system_id": "b", "password": "quá-dài-bí-mật"}).binds(
            Watcher.__new__(Watcher), 10,
        )
    assert "bí-mật" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_lies_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "sms").write_text("mat-khau\n", encoding="utf-8")
    at = read_options(Access, {"host": "a", "system_id": "b", "password_file": str(tmp_path / "sms")})
    assert at.binds(Watcher.__new__(Watcher), 10)[0].login.password == "mat-khau"  # noqa: S105 - of nobody


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"source_addr": "Ủy ban"}, "source_addr"),
        ({"dest_ton": 300}, "range"),
        ({"validity_hours": 1_000}, "720 hours"),
        ({"long_text": "chunks"}, "long_text = 'chunks': phải là một trong 'udh', 'sar', 'payload'"),
        ({"codes": {"0x401": "whatever"}}, "codes.0x401 = 'whatever'"),
        ({"codes": {"x": "never"}}, "codes: mã phải là số"),
        ({"codes": "x"}, "codes phải là một bảng"),
    ],
)
def test_a_form_that_cannot_be_is_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError, match=told):  # noqa: PT012 - one of the three refuses
        forming = read_options(Forming, options)
        forming.form()
        forming.judgements()


@pytest.mark.parametrize(
    ("sender", "ton", "npi"), [("UBND MAU", 5, 0), ("8079", 0, 1), ("84912345678", 1, 1), ("+8491234567", 1, 1)],
)
def test_a_sender_has_the_kind_it_looks_like(sender: str, ton: int, npi: int) -> None:
    form = read_options(Forming, {"source_addr": sender}).form()
    assert (form.source_ton, form.source_npi) == (ton, npi)
    form = read_options(Forming, {"source_addr": sender, "source_ton": 3, "source_npi": 8}).form()
    assert (form.source_ton, form.source_npi) == (3, 8)
