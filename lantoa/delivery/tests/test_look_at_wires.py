from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.base import ChannelError
from lantoa.channels.wire import Account, Reaches
from lantoa.delivery.engine import looking
from lantoa.delivery.engine.looking import look_at_wires, push_key, try_accounts
from lantoa.delivery.engine.tests.builders import use_memory_wire
from lantoa.delivery.models import SendingAccount
from lantoa.simulators.smtp import MailServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.delivery.engine.looking import WireState

MEMORY, MAIL, PUSH, SERVICE = (f"lantoa.channels.{path}" for path in (
    "memory_wire.MemoryWire", "smtp_relay.SmtpRelayChannel", "web_push.WebPushChannel",
    "http_service.HttpServiceChannel",
))
pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(settings: LazySettings) -> Any:
    """Look at these channels alone."""

    def configure(**channels: tuple[str, dict[str, Any]]) -> dict[str, WireState]:
        settings.LANTOA_CHANNELS = channels
        return {state.name: state for state in look_at_wires()}

    return configure


def lacks(state: WireState) -> list[tuple[str, str]]:
    return [(lack.account, lack.what) for lack in state.lacks]


def test_a_wire_without_accounts_says_where_to_write_one(configured: Any) -> None:
    state = configured(email=(MAIL, {}))["email"]
    assert not state.is_ready
    assert [lack.advice for lack in state.lacks] == ["khai báo [[email.account]] trong channels.toml rồi khởi động lại"]


def test_what_shows_things_one_by_one_is_no_wire(configured: Any, tmp_path: Path) -> None:
    assert configured(folder=("lantoa.channels.folder.FolderChannel", {"root": tmp_path})) == {}


def test_a_line_that_cannot_be_used_is_named_and_the_others_are_still_seen(configured: Any) -> None:
    found = configured(sms=("lantoa.channels.smpp_gateway.SmppGatewayChannel", {"nhip": 3}), post=(MEMORY, {}))
    assert found["sms"].wire is None
    assert "nhip" in found["sms"].lacks[0].what
    assert found["post"].is_ready


def test_files_of_secrets_must_be_there_readable_and_not_empty(configured: Any, tmp_path: Path) -> None:
    (tmp_path / "trong").touch()
    (tmp_path / "co").write_text("x")
    accounts = tuple(
        Account(name, options={"host": "127.0.0.1", "password_file": str(tmp_path / name)})
        for name in ("khong", "trong", "co")
    )
    state = configured(email=(MAIL, {"sender": "tin@phuong.example", "accounts": accounts}))["email"]
    assert lacks(state) == [
        ("khong", f"không có tệp {tmp_path / 'khong'}"), ("trong", f"tệp {tmp_path / 'trong'} trống"),
    ]


def test_secrets_within_tables_and_of_the_whole_channel_are_found_too(configured: Any, tmp_path: Path) -> None:
    key = {"domain": "phuong.example", "selector": "s", "key_file": str(tmp_path / "khoa")}
    options = {"sender": "tin@phuong.example", "dkim": [key], "accounts": (Account("a", options={"host": "h"}),)}
    found = lacks(configured(email=(MAIL, options))["email"])
    assert ("", f"không có tệp {tmp_path / 'khoa'}") in found


def test_e_mail_without_a_sender_is_told_before_anything_is_sent(configured: Any) -> None:
    state = configured(email=(MAIL, {"accounts": (Account("a", options={"host": "h"}),)}))["email"]
    assert "sender" in state.lacks[0].what


def test_accounts_are_shown_as_the_machines_that_send_saw_them(configured: Any) -> None:
    SendingAccount.objects.create(channel="post", name="a", is_up=False, why="sai mật khẩu")
    SendingAccount.objects.create(channel="other", name="a", is_up=True)
    state = configured(post=(MEMORY, {"accounts": (Account("a"), Account("b"))}))["post"]
    assert [(one.account.name, one.seen and one.seen.why) for one in state.accounts] == [
        ("a", "sai mật khẩu"), ("b", None),
    ]


# --- the key browsers subscribe to ---------------------------------------------------------------


def push(path: Path, contact: str = "mailto:tin@phuong.example") -> tuple[str, dict[str, Any]]:
    return PUSH, {"accounts": (Account("a", options={"key_file": str(path), "contact": contact}),)}


def test_browsers_get_the_public_half_of_the_accounts_key(configured: Any, tmp_path: Path) -> None:
    assert configured(push=push(tmp_path / "vapid.pem"))["push"].is_ready
    key = push_key()
    assert len(key) == 87
    assert push_key() == key, "made once"


def test_without_an_account_there_is_no_key_to_subscribe_to(configured: Any) -> None:
    configured(push=(PUSH, {}), post=(MEMORY, {"reaches": Reaches.BROWSER}))
    assert push_key() == ""


def test_a_key_that_cannot_be_used_is_a_lack(configured: Any, tmp_path: Path) -> None:
    (tmp_path / "vapid.pem").write_text("no key")
    state = configured(push=push(tmp_path / "vapid.pem"))["push"]
    assert "holds no key" in state.lacks[0].what
    with pytest.raises(ValueError, match="holds no key"):
        push_key()


# --- connecting ----------------------------------------------------------------------------------


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server in a thread of its own."""
    server, loop = MailServer(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(5)
        yield server
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def told(states: Sequence[WireState], patience: float = 5.0) -> dict[str, tuple[bool | None, str]]:
    return {one.account: (one.is_up, one.why) for one in try_accounts(states, patience)}


def test_accounts_that_answer_are_told_apart_from_those_that_do_not(configured: Any) -> None:
    with socket.socket() as nobody, mail_server() as server:
        nobody.bind(("127.0.0.1", 0))
        accounts = tuple(
            Account(name, options={"host": "127.0.0.1", "port": port, "tls": "off"})
            for name, port in (("nghe", server.port), ("im", nobody.getsockname()[1]))
        )
        found = told(list(configured(email=(MAIL, {"sender": "a@b.example", "accounts": accounts})).values()))
        assert not server.arrivals.count
    assert found["nghe"] == (True, "")
    assert found["im"][0] is False
    assert "127.0.0.1" in found["im"][1]


def test_an_account_that_says_nothing_is_given_up(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking._Nothing, "up", lambda _: None)
    assert told(list(configured(post=(MEMORY, {})).values()), 0.05) == {
        "memory": (None, "không trả lời trong 0 giây"),
    }


def test_options_that_cannot_work_are_told_without_connecting(
    configured: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(*_: Any) -> None:
        raise ChannelError("thiếu host", permanent=True)

    monkeypatch.setattr("lantoa.channels.memory_wire.MemoryWire.open", refuse)
    assert told(list(configured(post=(MEMORY, {})).values())) == {"memory": (False, "thiếu host")}


def test_what_is_not_ready_is_not_connected(configured: Any) -> None:
    use_memory_wire()
    assert try_accounts(list(configured(email=(MAIL, {})).values())) == []
