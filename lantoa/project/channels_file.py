"""The channels of an installation, from a TOML file that whoever installs it writes (docs/settings.md).

A table is a channel: one of ours by its name, which gets these options, or a new name with `adapter`. Each `account`
under it is a login at a provider. Words a channel takes are on its page in docs/channels/.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from lantoa.channels.wire import Account
from lantoa.project.environment import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lantoa.channels.registry import ChannelSetting

OF_ACCOUNTS: dict[str, tuple[type, ...]] = {
    "name": (str,), "pace": (int, float), "window": (int,), "is_standby": (bool,)
}


def with_file(ours: Mapping[str, ChannelSetting], path: Path) -> dict[str, ChannelSetting]:
    """Our channels with what the file says of them, and its own. No file is no change. Raises `SettingError`."""
    channels = dict(ours)
    for name, table in _tables(path).items():
        if not isinstance(table, dict):
            raise SettingError(f"{path}: {name} must be a table: [{name}]")
        options = {key: value for key, value in table.items() if key not in {"adapter", "account"}}
        if accounts := table.get("account"):
            options["accounts"] = _accounts(f"{path}: {name}", accounts)
        adapter, standing = channels.get(name, ("", {}))
        adapter = table.get("adapter", adapter)
        if not adapter:
            raise SettingError(f"{path}: {name} is none of {', '.join(sorted(ours))}: give its `adapter`")
        channels[name] = (adapter, {**standing, **options})
    return channels


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{path}: {error}") from error


def _accounts(where: str, tables: Any) -> tuple[Account, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingError(f"{where}: accounts are tables: [[{where.rsplit(' ', 1)[-1]}.account]]")
    accounts = tuple(_account(f"{where}, account {number}", table) for number, table in enumerate(tables, start=1))
    names = [account.name for account in accounts]
    if len(set(names)) < len(names):
        raise SettingError(f"{where}: two accounts have one name")
    return accounts


def _account(where: str, table: Mapping[str, Any]) -> Account:
    if "name" not in table:
        raise SettingError(f"{where} has no name")
    for key, kind in OF_ACCOUNTS.items():
        if key in table and (not isinstance(table[key], kind) or (bool not in kind and isinstance(table[key], bool))):
            raise SettingError(f"{where}: {key} = {table[key]!r} is of the wrong kind")
    if table.get("pace", 0) < 0 or table.get("window", 1) < 1:
        raise SettingError(f"{where}: pace is 0 or more, window 1 or more")
    own = {key: table[key] for key in OF_ACCOUNTS if key in table}
    return Account(**own, options={key: value for key, value in table.items() if key not in OF_ACCOUNTS})
