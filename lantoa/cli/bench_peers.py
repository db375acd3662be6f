"""The peers that `lantoa bench deliver` measures beside ours: others' programs that send to the same other end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.simulators.smsc import Smsc

MAILS, TEXTS = 100_000, 10_000
"""Messages a peer sends in a run."""
PATIENCE = 120.0
"""Seconds a peer may take."""


def smtp_source(program: str, port: int, size: int) -> float:
    """Postfix's own generator, 50 sessions that are used again: messages a second."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - a known program
        [program, "-d", "-s", "50", "-l", str(size), "-m", str(MAILS), "-f", "a@a.example",
         "-t", "b@b.example", f"127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL,
    )
    return MAILS / (time.perf_counter() - started)


def smpplib(port: int) -> float:
    """A hundred messages out, then their answers and receipts, and so on: messages a second."""
    script = _SMPPLIB.format(port=port, number=TEXTS)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout)


_SMPPLIB = """
import logging, socket, sys, time
import smpplib.client, smpplib.consts, smpplib.gsm
logging.disable(logging.CRITICAL)
client = smpplib.client.Client("127.0.0.1", {port}, allow_unknown_opt_params=True)
answered = receipts = 0
def sent(pdu):
    global answered
    answered += 1
def received(pdu):
    global receipts
    receipts += 1
client.set_message_sent_handler(sent)
client.set_message_received_handler(received)
client.connect()
client._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
client.bind_transceiver(system_id="peer", password="")
parts, coding, flag = smpplib.gsm.make_parts("Kính gửi quý vị, từ ngày mười sáu hãy kiểm tra máy.")
started = time.perf_counter()
for number in range({number}):
    client.send_message(source_addr="UBND", destination_addr="849%08d" % number, short_message=parts[0],
                        data_coding=coding, esm_class=flag, registered_delivery=True)
    while number - answered >= 100:
        client.read_once()
while receipts < {number}:
    client.read_once()
print({number} / (time.perf_counter() - started))
"""


def has_kannel() -> bool:
    """Whether Kannel and its batch sender are on this machine (Debian: kannel, kannel-extras)."""
    return bool(shutil.which("bearerbox", path="/usr/sbin:/usr/bin")) and bool(shutil.which("mtbatch"))


def kannel(centre: Smsc) -> float:
    """Kannel as it is quickest: nothing stored, one line, texts of one part by its batch sender; messages a second."""
    from lantoa.simulators.ports import free_port

    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        (home / "kannel.conf").write_text(_KANNEL.format(port=port, centre=centre.port), encoding="ascii")
        (home / "text").write_text("Kinh gui quy vi, tu ngay muoi sau hay kiem tra may.", encoding="ascii")
        (home / "to").write_text("".join(f"849{number:08d}\n" for number in range(TEXTS)), encoding="ascii")
        before, binds = centre.statuses[0], centre.binds
        box = _start("/usr/sbin/bearerbox", "-v", "4", str(home / "kannel.conf"))
        batch = None
        try:
            _wait(lambda: centre.binds > binds)
            batch = _start("mtbatch", "-v", "4", "-p", str(port), "-f", "UBND", "-D", "31", "-u", "http://127.0.0.1:9/",
                           str(home / "text"), str(home / "to"))
            _wait(lambda: centre.statuses[0] - before >= TEXTS)
        finally:
            for process in (batch, box):
                if process:
                    process.kill()
                    process.wait()
        times = sorted(arrival.at for arrival in centre.arrivals[-TEXTS:])
        return TEXTS / (times[-1] - times[0])


def _start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - a known program


def _wait(is_true: Callable[[], bool]) -> None:
    for _ in range(round(PATIENCE / 0.02)):
        if is_true():
            return
        time.sleep(0.02)
    raise TimeoutError(f"a peer did not do its part in {PATIENCE:.0f} s")


_KANNEL = """
group = core
admin-port = 0
admin-password = peer
smsbox-port = {port}
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsbox
bearerbox-host = 127.0.0.1

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = peer
smsc-password = peer
system-type = ""
max-pending-submits = 200
"""
