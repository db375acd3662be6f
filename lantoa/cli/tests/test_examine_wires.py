from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.wire import Account
from lantoa.delivery.engine import looking

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

pytestmark = pytest.mark.usefixtures("file_database")


@pytest.fixture
def configure(settings: LazySettings, tmp_path: Path) -> Any:
    """E-mail by one account, on this machine, with a password in a file."""

    def do(port: int, password: str | None) -> None:
        file = tmp_path / "mat-khau"
        if password is not None:
            file.write_text(password)
        options = {"host": "127.0.0.1", "port": port, "tls": "off", "user": "x", "password_file": str(file)}
        adapter, _ = settings.LANTOA_CHANNELS["email"]
        ours = {"sender": "tin@phuong.example", "accounts": (Account("may-chu-thu", options=options),)}
        settings.LANTOA_CHANNELS = {**settings.LANTOA_CHANNELS, "email": (adapter, ours)}

    return do


def checks(run: Any, *more: str) -> dict[str, dict[str, Any]]:
    code, out, _ = run("doctor", "--json", *more)
    found = json.loads(out)["checks"]
    assert code == (0 if all(check["ok"] for check in found) else 1)
    return {check["name"]: check for check in found}


def test_channels_nobody_uses_are_no_fault(run: Any) -> None:
    found = checks(run)
    assert found["Kênh gửi email"]["ok"]
    assert "chưa dùng" in found["Kênh gửi email"]["found"]


def test_a_secret_that_is_missing_is_found_with_the_account_and_what_to_do(run: Any, configure: Any) -> None:
    configure(25, None)
    found = checks(run)["Kênh gửi email"]
    assert not found["ok"]
    assert found["found"].startswith("may-chu-thu: không có tệp")
    assert "channels.toml" in found["advice"]


def test_nothing_is_connected_unless_asked(run: Any, configure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(1, "bí mật")
    monkeypatch.setattr(looking, "_try", lambda *_: pytest.fail("connected"))
    assert checks(run)["Kênh gửi email"]["ok"]


def test_an_account_that_does_not_answer_is_told_when_asked(run: Any, configure: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        configure(nobody.getsockname()[1], "bí mật")
        found = checks(run, "--connect")
    assert found["Kênh gửi email"]["ok"]
    assert not found["Nối email, may-chu-thu"]["ok"]
    assert found["Nối rehearsal, memory"]["ok"]
