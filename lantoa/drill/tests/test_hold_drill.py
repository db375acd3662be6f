from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lantoa.cli.drill import own_environment
from lantoa.drill.tests.builders import environment, write_letter


def hold(tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Hold a drill as from the command line; its exit code and its sheet."""
    letter = write_letter(tmp_path / "in")
    (tmp_path / "tmp").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "lantoa", "drill", str(letter), "--weather", "calm", "--json", *options],
        env={**environment(tmp_path), "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert ran.returncode in {0, 1}, ran.stderr
    assert not list((tmp_path / "tmp").iterdir()), "nothing is left behind"
    return ran.returncode, json.loads(ran.stdout)


def verdicts(sheet: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["verdict"] for one in sheet["promises"]}


def test_a_whole_campaign_keeps_every_promise(tmp_path: Path) -> None:
    code, sheet = hold(tmp_path, "--people", "20", "--out", str(tmp_path / "out"))
    broken = {one["key"]: one["figure"] for one in sheet["promises"] if one["verdict"] == "broken"}
    assert not broken
    assert (code, sheet["passed"], sheet["people"]) == (0, True, 20)
    assert {"nobody_lost", "words_right", "everyone_told", "opt_outs", "receipts", "hours"} <= {
        key for key, verdict in verdicts(sheet).items() if verdict == "kept"
    }, "these were really looked at"
    assert (tmp_path / "out" / "phieu-tong-dien-tap.html").read_text(encoding="utf-8").count("<tr class=") == len(
        sheet["promises"]
    )


@pytest.mark.slow
def test_wires_that_lie_fail_the_sheet(tmp_path: Path) -> None:
    faults = ("email=names", "sms=replies", "sms_http=drop", "zns=twice")
    code, sheet = hold(tmp_path, "--people", "60", *(word for fault in faults for word in ("--plant", fault)))
    broken = {key for key, verdict in verdicts(sheet).items() if verdict == "broken"}
    assert code == 1
    assert broken >= {"words_right", "opt_outs", "questions", "nobody_lost", "nobody_twice"}
    assert not broken & {"hours", "history", "report", "publications", "bounces"}, "nothing else is blamed"
    assert len(sheet["faults"]) == 4


def test_a_drill_that_is_interrupted_takes_its_processes_and_its_copy_with_it(tmp_path: Path) -> None:
    letter = write_letter(tmp_path / "in")
    (tmp_path / "tmp").mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "lantoa", "drill", str(letter)],
        env={**environment(tmp_path), "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 30
    while not list((tmp_path / "tmp").glob("*/lantoa.sqlite3")) and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 3
    assert not list((tmp_path / "tmp").iterdir())
    mine = str(tmp_path).encode()
    assert not [path for path in Path("/proc").glob("[0-9]*/environ") if mine in content(path)]


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended while one looked, or is somebody else's
        return b""


def test_a_drill_knows_nothing_of_the_installation_but_how_content_is_made(tmp_path: Path) -> None:
    real = {
        "LANTOA_HOME": "/srv/lantoa", "DATABASE_URL": "postgres://real", "LANTOA_MAILBOX": "imaps://real",
        "PATH": "/bin", "LANTOA_BROKER": "amqp://real", "LANTOA_CHANNELS_FILE": "/etc/lantoa/channels.toml",
        "LANTOA_PACKS": "/packs",
        "LANTOA_SECRET_KEY": "real", "LANTOA_PUBLIC_URL": "https://real", "LANTOA_ROUTES": "{}",
        "LANTOA_OUT": "/srv/out",
    }  # fmt: skip
    own = own_environment(real, tmp_path)
    assert [name for name, value in own.items() if "real" in value or "/srv" in value or "/etc" in value] == []
    assert (own["LANTOA_PACKS"], own["PATH"]) == ("/packs", "/bin")
