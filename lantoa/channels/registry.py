"""From the settings to ready channels: the one place that turns a configured line into an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from lantoa.channels.base import Channel
from lantoa.channels.wire import Wire

ChannelSetting = tuple[str, Mapping[str, Any]]
"""An adapter's dotted path and its options: `("lantoa.channels.folder.FolderChannel", {"root": folder})`."""


class ChannelSettingError(ValueError):
    """A line of `LANTOA_CHANNELS` is wrong; the message names the channel and what to change."""


def build_channels(config: Mapping[str, ChannelSetting]) -> dict[str, Channel | Wire]:
    """Every configured channel by its name. Raises `ChannelSettingError`."""
    return {name: _open(name, config).channel for name in config}


def open_channel(name: str, config: Mapping[str, ChannelSetting]) -> Channel:
    """Open one channel that shows things one by one. Raises `ChannelSettingError`.

    An adapter is called as `Adapter(name=..., **options)`, so that two channels may share one adapter under two
    names. Nothing here knows any adapter: a new one is a file, its tests, its page and one line of the settings.
    """
    opened = _open(name, config)
    if opened.is_wire:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}] carries messages to many people: queue a dispatch for it")
    return cast("Channel", opened.channel)


def open_wire(name: str, config: Mapping[str, ChannelSetting]) -> Wire:
    """Open one channel that carries one message to many people. Raises `ChannelSettingError`."""
    opened = _open(name, config)
    if not opened.is_wire:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}] shows things one by one; it carries no dispatch")
    return cast("Wire", opened.channel)


def is_wire(name: str, config: Mapping[str, ChannelSetting]) -> bool:
    """Whether a configured channel carries one message to many people. Raises `ChannelSettingError`."""
    return _open(name, config).is_wire


@dataclass(frozen=True, slots=True)
class _Opened:
    channel: Channel | Wire
    is_wire: bool
    """Asked of the adapter once: looking at all its attributes for every message takes longer than to hand it over."""


_opened: dict[tuple[str, str], _Opened] = {}
"""Asked again with the same options, a channel is the same one."""


def _open(name: str, config: Mapping[str, ChannelSetting]) -> _Opened:
    if name not in config:
        raise ChannelSettingError(f"LANTOA_CHANNELS has no channel {name!r}; it has {', '.join(sorted(config))}")
    key = (name, repr(config[name]))
    if key not in _opened:
        channel = _build(name, *config[name])
        _opened[key] = _Opened(channel, is_wire=isinstance(channel, Wire))
    return _opened[key]


def _build(name: str, path: str, options: Mapping[str, Any]) -> Channel | Wire:
    adapter = _find(name, path)
    try:
        channel = adapter(name=name, **options)
    except TypeError as error:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}]: {path} does not take these options ({error})") from error
    if not isinstance(channel, Channel | Wire):
        raise ChannelSettingError(
            f"LANTOA_CHANNELS[{name!r}]: {path} is no channel; see lantoa/channels/base.py and wire.py"
        )
    return channel


def _find(name: str, path: str) -> Any:
    module, _, attribute = path.rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ChannelSettingError(f"LANTOA_CHANNELS[{name!r}]: there is no adapter {path!r} ({error})") from error
