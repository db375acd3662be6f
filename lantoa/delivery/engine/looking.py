"""How every configured wire stands: for the page of channels and for the doctor.

Nothing here connects but `try_accounts`, which opens each account for a moment and takes nothing to send.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.conf import settings

from lantoa.channels.base import ChannelError
from lantoa.channels.registry import ChannelSettingError, is_wire, open_wire
from lantoa.channels.wire import Message, Reaches
from lantoa.delivery.models import SendingAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lantoa.channels.wire import Account, Item, Outcome, Reply, Report, Wire

PATIENCE = 15.0
"""Seconds that `try_accounts` waits for an account to say whether it works."""
GRACE = 1.0


@runtime_checkable
class HasPublicKey(Protocol):
    """A wire to browsers, which subscribe to a key of its account."""

    def public_key(self, account: Account) -> str:
        """What a page gives the browser as `applicationServerKey`. Raises `ChannelError`, `OSError`, `ValueError`."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something in a wire's configuration that keeps it from working, and what to do."""

    what: str
    advice: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account as it is configured, and as the machines that send last saw it."""

    account: Account
    seen: SendingAccount | None


@dataclass(frozen=True, slots=True)
class WireState:
    """A configured wire: its accounts, and what is missing."""

    name: str
    wire: Wire | None
    """None where its line of the configuration cannot be used at all."""
    accounts: tuple[AccountState, ...] = ()
    lacks: tuple[Lack, ...] = field(default=())

    @property
    def is_ready(self) -> bool:
        """Whether it could send, as far as can be told without connecting."""
        return self.wire is not None and bool(self.accounts) and not self.lacks


def look_at_wires() -> list[WireState]:
    """Every configured wire, in the order of the configuration."""
    seen = {(row.channel, row.name): row for row in SendingAccount.objects.all()}
    found = []
    for name in settings.LANTOA_CHANNELS:
        try:
            if is_wire(name, settings.LANTOA_CHANNELS):
                wire = open_wire(name, settings.LANTOA_CHANNELS)
                accounts = tuple(AccountState(one, seen.get((name, one.name))) for one in wire.accounts)
                found.append(WireState(name, wire, accounts, tuple(_lacks(name, wire))))
        except ChannelSettingError as error:
            found.append(WireState(name, None, (), (Lack(str(error), "sửa tệp channels.toml rồi khởi động lại"),)))
    return found


def push_key() -> str:
    """The key that browsers subscribe to; empty where no wire to browsers has an account.

    Asked with every public page: nothing but the key's file is read. Raises `ChannelError`, `OSError`, `ValueError`.
    """
    for name in settings.LANTOA_CHANNELS:
        if is_wire(name, settings.LANTOA_CHANNELS):
            wire = open_wire(name, settings.LANTOA_CHANNELS)
            if isinstance(wire, HasPublicKey) and wire.accounts:
                return wire.public_key(wire.accounts[0])
    return ""


def _lacks(name: str, wire: Wire) -> Iterator[Lack]:
    if not wire.accounts:
        yield Lack("chưa có tài khoản gửi", f"khai báo [[{name}.account]] trong channels.toml rồi khởi động lại")
        return
    options = {key: value for key, value in settings.LANTOA_CHANNELS[name][1].items() if key != "accounts"}
    for path in _files(options):
        yield from _unreadable(path, "")
    for account in wire.accounts:
        yield from _lacks_of(wire, account)
    if wire.reaches is Reaches.EMAIL:
        yield from _refused(lambda: wire.compile(Message("", "Thử", "Thử")))


def _lacks_of(wire: Wire, account: Account) -> Iterator[Lack]:
    if isinstance(wire, HasPublicKey):  # its key is made when it is missing
        keyed = wire
        yield from _refused(lambda: keyed.public_key(account), account.name)
        return
    for path in _files(account.options):
        yield from _unreadable(path, account.name)


def _refused(act: Callable[[], object], account: str = "") -> Iterator[Lack]:
    try:
        act()
    except (ChannelError, OSError, ValueError) as error:
        yield Lack(str(error), "sửa tệp channels.toml rồi khởi động lại", account)


def _files(options: Any) -> Iterator[Path]:
    """Files that options name: passwords, keys, certificates."""
    if isinstance(options, Mapping):
        for key, value in options.items():
            if str(key).endswith("_file") and isinstance(value, str) and value:
                yield Path(value).expanduser()
            else:
                yield from _files(value)
    elif isinstance(options, (list, tuple)):
        for one in options:
            yield from _files(one)


def _unreadable(path: Path, account: str) -> Iterator[Lack]:
    if not path.is_file():
        yield Lack(f"không có tệp {path}", "đặt tệp vào đúng chỗ, hoặc sửa đường dẫn trong channels.toml", account)
    elif not os.access(path, os.R_OK):
        yield Lack(f"không đọc được tệp {path}", "cho tài khoản chạy Lan Tỏa quyền đọc tệp này", account)
    elif not path.stat().st_size:
        yield Lack(f"tệp {path} trống", "ghi bí mật vào tệp, một dòng", account)


# --- connecting ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of connecting an account: None where it said nothing in time."""

    channel: str
    account: str
    is_up: bool | None
    why: str = ""


def try_accounts(states: Sequence[WireState], patience: float = PATIENCE) -> list[Tried]:
    """Connect every account of wires that are ready, all at once, and say whether they work; nothing is sent."""

    async def work() -> list[Tried]:
        each = [
            _try(one.wire, known.account, patience)
            for one in states if one.wire is not None and one.is_ready for known in one.accounts
        ]
        return list(await asyncio.gather(*each))

    return asyncio.run(work())


async def _try(wire: Wire, account: Account, patience: float) -> Tried:
    feed = _Nothing()
    try:
        session = await wire.open(account, feed)
    except ChannelError as error:
        return Tried(wire.name, account.name, is_up=False, why=str(error))
    try:
        async with asyncio.timeout(patience):
            await feed.told.wait()
    except TimeoutError:
        return Tried(wire.name, account.name, is_up=None, why=f"không trả lời trong {patience:.0f} giây")
    finally:
        await session.close(GRACE)
    return Tried(wire.name, account.name, feed.is_up, feed.why)


class _Nothing:
    """A feed that has nothing to send and hears only whether the account works (`channels.wire.Feed`)."""

    def __init__(self) -> None:
        self.is_up = False
        self.why = ""
        self.told = asyncio.Event()

    def take(self) -> Item | None:
        return None

    def done(self, item: Item, outcome: Outcome) -> None:
        """Nothing was taken."""

    def back(self, item: Item) -> None:
        """Nothing was taken."""

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        """Leave it with the provider: what is not acknowledged comes again."""

    def up(self) -> None:
        self.is_up = True
        self.told.set()

    def down(self, why: str, *, permanent: bool = False) -> None:  # noqa: ARG002 - either way it does not work now
        self.why = why
        self.told.set()

    def slow(self, seconds: float) -> None:
        """It takes nothing anyway."""
