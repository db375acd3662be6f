from __future__ import annotations

import json
import signal
import smtplib
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from lantoa.cli.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def playing(*arguments: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The server as from the command line, and the port it told of; stopped as by Ctrl+C."""
    running = subprocess.Popen(
        [sys.executable, "-m", "lantoa", "simulate", *arguments, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    assert running.stdout is not None
    try:
        line = running.stderr.readline()
        yield int(line.partition(" (")[0].rsplit(":", 1)[1]), running
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0
        running.stdout.close()
        running.stderr.close()


def next_message(running: subprocess.Popen[str]) -> dict[str, Any]:
    assert running.stdout is not None
    told: dict[str, Any] = json.loads(running.stdout.readline())
    return told


def test_a_mail_server_prints_what_it_gets() -> None:
    with playing("smtp") as (port, running), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@a.example", ["b@b.example"], "Subject: x\r\n\r\nChao ba con\r\n")
        told = next_message(running)
        assert (told["to"], told["text"]) == ("b@b.example", "Chao ba con")


def test_a_service_over_http_does_what_its_script_says(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('[[faults]]\nshare = 1.0\ncode = "22"\ntimes = 1\n')
    with playing("http", "--script", str(script)) as (port, running):
        body = json.dumps({"to": "0900000001", "text": "Chào", "id": "k"}).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/send", body, {"Content-Type": "application/json"})
        for code in ("22", "0"):
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own server
                assert json.loads(answer.read())["code"] == code
        assert next_message(running)["text"] == "Chào"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('{"dealy": 1}', "không có từ “dealy”; dùng được: seed, delay"),
        ('{"delay": "x"}', "“delay” không nhận 'x'"),
        ('{"errors": {"y": 1}}', "“errors” không nhận"),
        ("{", "không đúng cú pháp"),
        ("[1]", "phải là các cặp từ và giá trị"),
        ("gone.json", "không đọc được gone.json"),
    ],
)
def test_a_wrong_script_is_answered_with_what_is_wrong(script: str, said: str) -> None:
    ran = CliRunner().invoke(simulate, ["smsc", "--script", script])
    assert ran.exit_code == 2
    assert said in ran.output


def test_listening_beyond_this_machine_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantoa.cli.simulate._serve", stop_at_once)
    beyond = CliRunner().invoke(simulate, ["smtp", "--host", "0.0.0.0"])  # noqa: S104 - the point of the test
    here = CliRunner().invoke(simulate, ["smtp"])
    assert "CẢNH BÁO: máy chủ mô phỏng mở ở 0.0.0.0" in beyond.output
    assert "CẢNH BÁO" not in here.output


async def stop_at_once(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_port_that_is_taken_is_told_in_one_sentence() -> None:
    with playing("http") as (port, _):
        ran = CliRunner().invoke(simulate, ["http", "--port", str(port)])
    assert ran.exit_code == 1
    assert f"Không mở được 127.0.0.1:{port}" in ran.output
