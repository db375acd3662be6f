"""Faults planted in a drill on purpose, so that whoever reads the sheet sees that it can say no.

Each stands between the engine and a channel's own session, and lies to one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.channels.registry import open_wire
from lantoa.channels.wire import SENT, Item, Reply, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lantoa.channels.registry import ChannelSetting
    from lantoa.channels.wire import Account, Feed, Outcome, Session

EVERY = 7
SOMEBODY_ELSE = "Người Khác Hẳn"


class _Through:
    """A feed that passes everything on, as the engine gave it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.done, self.back, self.heard = feed.done, feed.back, feed.heard
        self.up, self.down, self.slow = feed.up, feed.down, feed.slow
        self._number = 0

    def take(self) -> Item | None:
        """The next item, and whether it is one of those something happens to."""
        item = self._feed.take()
        self._number += item is not None
        return item

    @property
    def _strikes(self) -> bool:
        return self._number % EVERY == 0


class _Dropping(_Through):
    """Every seventh message is said to have been sent, and kept."""

    def take(self) -> Item | None:
        item = super().take()
        while item is not None and self._strikes:
            self._feed.done(item, SENT)
            item = super().take()
        return item


class _Twice(_Through):
    """Every seventh message goes a second time."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed)
        self._again: list[Item] = []
        self._copies: set[int] = set()
        self.done, self.back = self._done, self._back

    def take(self) -> Item | None:
        if self._again:
            return self._again.pop()
        item = super().take()
        if item is not None and self._strikes:
            copy = Item(item.ref, item.address, item.fields, item.template, item.key, item.attempt)
            copy.parts = item.parts
            self._again.append(copy)
            self._copies.add(id(copy))
        return item

    def _done(self, item: Item, outcome: Outcome) -> None:
        if id(item) not in self._copies:
            self._feed.done(item, outcome)

    def _back(self, item: Item) -> None:
        if id(item) not in self._copies:
            self._feed.back(item)


class _Misnaming(_Through):
    """Every seventh message bears somebody else's name."""

    def take(self) -> Item | None:
        item = super().take()
        if item is not None and self._strikes:
            item.fields = {**item.fields, "name": SOMEBODY_ELSE}
        return item


class _Forgetting(_Through):
    """What comes in of one kind is acknowledged and forgotten."""

    forgets: type[Report | Reply] = Reply

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed)
        self.heard = self._heard

    def _heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        if not isinstance(news, self.forgets):
            self._feed.heard(news, kept)
        elif kept:
            kept()


class _WithoutReceipts(_Forgetting):
    forgets = Report


FAULTS: Mapping[str, type[_Through]] = {
    "drop": _Dropping,
    "twice": _Twice,
    "names": _Misnaming,
    "replies": _Forgetting,
    "receipts": _WithoutReceipts,
}
"""By the word for it: a message dropped, sent twice or misnamed; replies forgotten; receipts forgotten."""


class PlantedWire:
    """A channel with a fault: everything is the channel's own but the feed its sessions take from."""

    def __init__(self, *, name: str, inside: str, fault: str, **options: Any) -> None:
        """`inside` is the adapter of the channel itself."""
        self._wire = open_wire(name, {name: (inside, options)})
        self._fault = FAULTS[fault]
        for attribute in dir(self._wire):
            if not attribute.startswith("_") and attribute != "open":
                setattr(self, attribute, getattr(self._wire, attribute))

    async def open(self, account: Account, feed: Feed) -> Session:
        """Begin to use an account, lied to."""
        return await self._wire.open(account, self._fault(feed))


def planted(channels: Mapping[str, ChannelSetting], faults: Mapping[str, str]) -> dict[str, ChannelSetting]:
    """The configured channels, those named with their fault in them. Raises `KeyError` for a channel not there."""
    found = dict(channels)
    for name, fault in faults.items():
        inside, options = found[name]
        found[name] = (f"{__name__}.{PlantedWire.__name__}", {**options, "inside": inside, "fault": fault})
    return found
