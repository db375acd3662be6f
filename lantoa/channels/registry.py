"""From the settings to ready channels: the one place that turns a configured line into an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from lantoa.channels.base import Channel

ChannelSetting = tuple[str, Mapping[str, Any]]
"""An adapter's dotted path and its options: `("lantoa.channels.folder.FolderChannel", {"root": folder})`."""


class ChannelSettingError(ValueError):
    """A line of `LANTOA_CHANNELS` is wrong; the message names the channel and what to change."""


def build_channels(config: Mapping[str, ChannelSetting]) -> dict[str, Channel]:
    """Every configured channel by its name. Raises `ChannelSettingError`."""
    return {name: open_channel(name, config) for name in config}


def open_channel(name: str, config: Mapping[str, ChannelSetting]) -> Channel:
    """Open one configured channel; asked again with the same options, the same one. Raises `ChannelSettingError`.

    An adapter is called as `Adapter(name=..., **options)`, so that two channels may share one adapter under two
    names. Nothing here knows any adapter: a new one is a file, its tests, its page and one line of the settings.
    """
    if name not in config:
        raise ChannelSettingError(f"LANTOA_CHANNELS has no channel {name!r}; it has {', '.join(sorted(config))}")
    path, options = config[name]
    return _open(name, path, tuple(sorted(options.items())))


@lru_cache(maxsize=64)
def _open(name: str, path: str, options: tuple[tuple[str, Any], ...]) -> Channel:
    adapter = _find(name, path)
    try:
        channel = adapter(name=name, **dict(options))
    except TypeError as error:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}]: {path} does not take these options ({error})") from error
    if not isinstance(channel, Channel):
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}]: {path} is not a channel; see lantoa/channels/base.py")
    return channel


def _find(name: str, path: str) -> Any:
    module, _, attribute = path.rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}]: there is no adapter {path!r} ({error})") from error
