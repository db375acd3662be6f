"""What a channel speaks that carries one message to many people: e-mail, SMS, an HTTP service, web push.

The engine above claims, paces, records and decides about retries; an adapter translates and keeps connections. It
pulls: whenever a connection has room it takes the next `Item` from its `Feed`, puts it on the wire, and says once what
became of it. Nothing here blocks: a feed's calls return at once, and everything runs in one event loop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from lantoa.channels.base import Correcting, Limits, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Reaches(Enum):
    """What an address of a channel is."""

    EMAIL = "email"
    PHONE = "phone"
    BROWSER = "browser"
    """A web push subscription: the JSON that a browser gives (https://www.w3.org/TR/push-api/)."""


@dataclass(frozen=True, slots=True)
class Account:
    """One login at a provider: a relay, a bind, an application."""

    name: str
    pace: float = 0.0
    """Parts a second the contract allows, over all workers together; 0 is no limit."""
    window: int = 100
    """Most messages handed over and not answered yet."""
    is_standby: bool = False
    """Used only while every other account of the channel is out of order."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the adapter needs besides: host, port, user, connections …"""


@dataclass(frozen=True, slots=True)
class Message:
    """The finished words of one dispatch in one territory, the same for everyone but for slots: `{{name|quý vị}}`.

    Two slots there are: `name`, from the item's fields, and `opt_out_url` in the foot of an e-mail, which is
    `opt_out_url` below with the item's key behind it. What stands after the bar is for whom nothing is known of.
    """

    key: str
    """The hash of the rendering: the same words have the same key."""
    title: str
    text: str
    html: str = ""
    """Of an e-mail; slots stand in it as in the text."""
    sender: str = ""
    """Who speaks: `Ủy ban nhân dân phường Anh Dũng`."""
    language: str = "vi"
    opt_out_url: str = ""
    """Where a recipient refuses further messages; the item's key is put behind it."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What only some channels know, as the rendering's file has it: of a ZNS `template` and `params` (slots may stand
    in their values), of a push message `title`, `body`, `url` and `tag`; of an e-mail `subject` and `text`."""


class Template(Protocol):
    """A message compiled once by its channel: what is left to do for a recipient is to fill slots."""

    def parts(self, item: Item) -> int:
        """What this recipient's message costs, in the unit the account is paced and paid by (SMS parts; else 1)."""

    def show(self, item: Item) -> str:
        """The message as this recipient reads it, for previews. Raises `ChannelError` when it cannot be filled."""


class Item:
    """One message to one person, on its way. Adapters read it and hand it back; they keep nothing in it."""

    __slots__ = ("_key", "address", "attempt", "fields", "mine", "parts", "ref", "template", "was")

    def __init__(  # noqa: PLR0913, PLR0917 - one is made for each of a million messages: no dataclass in between
        self,
        ref: tuple[int, int],
        address: str,
        fields: Mapping[str, str],
        template: Any,
        key: Callable[[tuple[int, int]], str] | str,
        attempt: int = 1,
    ) -> None:
        self.ref = ref
        """Dispatch and person: the engine's name for it."""
        self.address = address
        self.fields = fields
        """What the slots are filled with: `name`."""
        self.template = template
        self.attempt = attempt
        self.parts = 1
        self.mine: Any = None
        self.was = 0
        """The engine's own notes; an adapter leaves them alone."""
        self._key = key

    @property
    def key(self) -> str:
        """Ours, unique and not to be guessed (letters, digits, `-` and `_`); the same at every attempt."""
        if not isinstance(self._key, str):
            self._key = self._key(self.ref)
        return self._key


class Outcome(NamedTuple):
    """What became of an item, in our word and the provider's. One is made for each of a million: no dataclass."""

    state: State
    """`SENT`, `DELIVERED`, `FAILED_FOR_NOW`, `FAILED_FOR_GOOD`, `REFUSED`, or `UNKNOWN`: it went, no answer came."""
    provider_ids: tuple[str, ...] = ()
    """By which receipts will name it; one for each part."""
    code: str = ""
    """The provider's own code: `550 5.1.1`, `ESME_RTHROTTLED`, `-114`."""
    why: str = ""
    """The same in plain Vietnamese, for whoever asks why somebody did not get it."""
    retry_after: float | None = None
    """Seconds the provider asks to wait, after `FAILED_FOR_NOW`."""


SENT = Outcome(State.SENT)


_NOTHING: Mapping[str, str] = MappingProxyType({})


class Report(NamedTuple):
    """What a provider says later of something handed over: a delivery receipt, a bounce. As many as outcomes."""

    provider_id: str
    """As in `Outcome.provider_ids`; empty when it names our own key."""
    state: State
    code: str = ""
    why: str = ""
    key: str = ""
    """Our own key, where the provider gives that back instead."""
    raw: Mapping[str, str] = _NOTHING


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote back."""

    address: str
    """Who wrote."""
    text: str
    to: str = ""
    key: str = ""
    """Our key of what it answers, where it can be told."""
    raw: Mapping[str, str] = field(default_factory=dict)


class Feed(Protocol):
    """The engine, as a session sees it. Called in the event loop's thread only; no call blocks or raises."""

    def take(self) -> Item | None:
        """The next item that may leave by this account now; None when there is none: `Session.wake` says when."""

    def done(self, item: Item, outcome: Outcome) -> None:
        """What became of a taken item; exactly once for each, unless it was given `back`."""

    def back(self, item: Item) -> None:
        """A taken item that surely did not reach the provider: another connection or account may take it."""

    def heard(self, news: Report | Reply, kept: Callable[[], None] | None = None) -> None:
        """Something came in by itself; `kept` is called once it is durable, and only then may it be acknowledged."""

    def up(self) -> None:
        """The account works (again)."""

    def down(self, why: str, *, permanent: bool = False) -> None:
        """The account does not work: no connection, wrong password. The session goes on trying unless `permanent`."""

    def slow(self, seconds: float) -> None:
        """The provider asks for less: take nothing by this account for so long (throttled, queue full, 421)."""


class Session(Protocol):
    """One account in use: as many connections as it may have, opened again when they break."""

    def wake(self) -> None:
        """There is something to take."""

    async def close(self, grace: float = 10.0) -> None:
        """Take nothing more, wait up to `grace` seconds for answers, call the rest `UNKNOWN`, and say goodbye."""


@runtime_checkable
class Wire(Protocol):
    """What an adapter to many people is. Called as `Adapter(name=…, **options)`."""

    name: str
    limits: Limits
    corrects: Correcting
    reaches: Reaches
    accounts: tuple[Account, ...]
    gives_receipts: bool
    """Whether what is `SENT` may later be told to be `DELIVERED`."""

    def compile(self, message: Message) -> Template:
        """Make the message ready for this channel, once. Raises `ChannelError`, permanent, for what it cannot carry."""

    async def open(self, account: Account, feed: Feed) -> Session:
        """Begin to use an account; connecting goes on behind. Raises `ChannelError` for options that cannot work."""


_SLOT = re.compile(r"\{\{(\w+)(?:\|([^{}]*))?\}\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a message that is filled for each recipient."""

    name: str
    otherwise: str = ""
    """What stands there when nothing is known: `quý vị`."""

    def fill(self, fields: Mapping[str, str]) -> str:
        """The words for one recipient; control characters, which could break out of a header, are gone."""
        value = fields.get(self.name) or self.otherwise
        return value if value.isprintable() else "".join(c if c.isprintable() else " " for c in value)


def split_slots(text: str) -> list[str | Slot]:
    """The text as fixed words and slots in turn: it begins and ends with words, which may be empty."""
    pieces = _SLOT.split(text)
    found: list[str | Slot] = [pieces[0]]
    for index in range(1, len(pieces), 3):
        found += [Slot(pieces[index], pieces[index + 1] or ""), pieces[index + 2]]
    return found
