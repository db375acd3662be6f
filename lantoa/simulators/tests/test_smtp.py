from __future__ import annotations

import asyncio
import signal
import smtplib
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from lantoa.simulators.smtp import Arrivals, MailServer, Script, read_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MESSAGE = "Message-ID: <{0}@a.example>\r\nSubject: x\r\n\r\n..mot\r\nhai\r\n"


def talking(script: Script, work: Callable[[smtplib.SMTP], None], arrivals: Arrivals | None = None) -> MailServer:
    """Talk to a server in its own words, with the standard library's client."""
    async def run() -> MailServer:
        async with MailServer(script, arrivals) as server:
            def talk() -> None:
                with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
                    work(client)

            await asyncio.to_thread(talk)
            return server

    return asyncio.run(run())


def port_of(client: smtplib.SMTP) -> int:
    assert client.sock
    port: int = client.sock.getpeername()[1]
    return port


def send(client: smtplib.SMTP, address: str, name: str = "1") -> None:
    client.sendmail("a@a.example", [address], MESSAGE.format(name))


def test_what_was_taken_is_known_by_recipient_and_message() -> None:
    server = talking(Script(), lambda client: send(client, "ty@thu.example", "k1-7"), Arrivals(keeps_content=True))
    assert server.arrivals.taken == [("ty@thu.example", "k1-7@a.example")]
    assert server.arrivals.contents == [MESSAGE.format("k1-7").encode()]
    assert server.arrivals.count == 1


@pytest.mark.parametrize(("script", "code", "is_once"), [
    (Script(temporary=1.0), 451, True), (Script(permanent=1.0), 550, False), (Script(unwanted=1.0), 554, False),
    (Script(greylist=30), 451, False), (Script(greylist=0.0), 0, False), (Script(size=50), 552, False),
])
def test_it_refuses_as_its_script_says(script: Script, code: int, is_once: bool) -> None:  # noqa: FBT001 - expected
    said: list[int] = []

    def work(client: smtplib.SMTP) -> None:
        for _ in range(2):
            try:
                send(client, "ty@thu.example")
                said.append(0)
            except smtplib.SMTPRecipientsRefused as error:
                said.append(error.recipients["ty@thu.example"][0])
            except smtplib.SMTPResponseException as error:
                said.append(error.smtp_code)

    server = talking(script, work)
    assert said == [code, 0 if is_once else code]
    assert server.arrivals.count == said.count(0)


def test_a_share_is_always_of_the_same_addresses_and_about_as_large() -> None:
    addresses = [f"nguoi.dan{number}@thu.example" for number in range(4000)]
    struck = [address for address in addresses if Script(seed=1).strikes(0.1, "lost", address)]
    assert struck == [address for address in addresses if Script(seed=1).strikes(0.1, "lost", address)]
    assert struck != [address for address in addresses if Script(seed=2).strikes(0.1, "lost", address)]
    assert 300 < len(struck) < 500
    assert not any(Script().strikes(0.0, "lost", address) for address in addresses)
    assert all(Script().strikes(1.0, "lost", address) for address in addresses)


def test_a_lost_answer_is_lost_once_and_its_message_was_taken() -> None:
    def work(client: smtplib.SMTP) -> None:
        port = port_of(client)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(client, "ty@thu.example")
        client.connect("127.0.0.1", port)
        send(client, "ty@thu.example")

    server = talking(Script(lost=1.0), work)
    assert server.arrivals.count == 2
    assert server.cut == {"ty@thu.example"}


def test_it_closes_after_its_number_of_messages_and_lets_in_only_so_many() -> None:
    def work(client: smtplib.SMTP) -> None:
        send(client, "ty@thu.example")
        with pytest.raises(smtplib.SMTPException):
            send(client, "ty@thu.example")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()

    assert talking(Script(closes_after=1), work).arrivals.count == 1

    def second(client: smtplib.SMTP) -> None:
        assert client.noop()[0] == 250
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port_of(client), timeout=5)
        assert refused.value.smtp_code == 421

    talking(Script(most_connections=1), second)


def test_it_answers_late_and_in_order() -> None:
    async def run() -> None:
        async with MailServer(Script(delay=0.05)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            one = "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n"
            writer.write(f"EHLO x\r\n{one}".encode())
            while not (await reader.readline()).startswith(b"354"):
                pass
            began = asyncio.get_running_loop().time()
            writer.write(f"x\r\n.\r\n{one}y\r\n.\r\nQUIT\r\n".encode())
            codes = [line[:3] async for line in reader]
            assert codes == [b"250", b"250", b"250", b"354", b"250", b"221"]
            assert asyncio.get_running_loop().time() - began > 0.09
            writer.close()
            await writer.wait_closed()

    asyncio.run(run())


def test_commands_out_of_order_or_unknown_are_refused() -> None:
    def work(client: smtplib.SMTP) -> None:
        client.helo()
        mail = "MAIL FROM:<a@b.example>"
        asked = ("RCPT TO:<a@b.example>", "DATA", mail, mail, "VRFY x", "AUTH PLAIN", "STARTTLS", "RSET", "NOOP")
        codes = [client.docmd(command)[0] for command in asked]
        assert codes == [503, 554, 250, 503, 502, 502, 502, 250, 250]
        client.send("x" * 5000)
        assert client.getreply()[0] == 500

    talking(Script(), work)


def test_it_stops_and_starts_again_on_its_port() -> None:
    async def run() -> None:
        server = MailServer()
        await server.start()
        port = server.port
        await server.stop()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await server.start()
        assert server.port == port
        await server.stop()

    asyncio.run(run())


def test_the_record_is_whole_after_the_program_was_killed(tmp_path: Path) -> None:
    record = tmp_path / "taken.tsv"
    command = [sys.executable, "-m", "lantoa.simulators.smtp", "--record", str(record), "--permanent", "0.0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        port = int(program.stdout.readline())
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            for number in (1, 2, 2):
                send(client, f"r{number}@thu.example", f"k{number}")
            program.send_signal(signal.SIGKILL)
            program.wait()
    assert read_record(record) == Counter({
        ("r1@thu.example", "k1@a.example"): 1, ("r2@thu.example", "k2@a.example"): 2,
    })
