"""Requests made from configured forms: each word escaped for the place it stands in, the fixed rest made ready once.

A form holds places in braces: `{address}`, `{text}`, `{key}`, `{title}`, `{sender}`, `{name}`, `{parts}`,
`{opt_out_url}`. It, and what a message says, may hold slots too (`{{name|quý vị}}`), filled for each recipient.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Item, Message, Slot, split_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Escape = Callable[[str], str]
    Fill = Callable[[Item], str]
    """What one recipient reads in a place."""

OF_ITEM: Mapping[str, Fill] = {
    "address": lambda item: item.address,
    "key": lambda item: item.key,
    "name": lambda item: Slot("name").fill(item.fields),
    "parts": lambda item: str(item.parts),
}
"""What each recipient has of their own."""
OF_MESSAGE: Mapping[str, Callable[[Message], str]] = {
    "text": lambda message: message.text,
    "title": lambda message: message.title,
    "sender": lambda message: message.sender,
    "message": lambda message: message.key,
}
PLACES = frozenset({*OF_ITEM, *OF_MESSAGE, "opt_out_url"})
_PLACE = re.compile(r"\{(\w+)\}")


_encode = json.JSONEncoder(ensure_ascii=False).encode


def in_json(text: str) -> str:
    """The inside of a JSON string (RFC 8259 §7)."""
    return _encode(text)[1:-1]


def in_form(text: str) -> str:
    """A name or value of a form, in UTF-8."""
    return quote_plus(text, errors="replace")


def in_url(text: str) -> str:
    """A part of a URL's path or query; `/` and all that has a meaning there are escaped."""
    return quote(text, safe="", errors="replace")


def in_path(text: str) -> str:
    """A segment of a URL's path; one of dots alone would climb out of it (RFC 3986 §5.2.4)."""
    return in_url(text) if text.strip(".") else "-"


_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")


def in_header(text: str) -> str:
    """A header's value: ASCII that can be printed stays, all else is percent-encoded, so that no header is added."""
    return quote(text, safe=_PLAIN, errors="replace")


def plain(text: str) -> str:
    """The text itself, for people."""
    return text


class Filling:
    """A text with fixed words and places, made ready for one message: `fill` joins it for one recipient."""

    __slots__ = ("_at", "_pieces")

    def __init__(self, pieces: Iterable[str | Fill]) -> None:
        self._pieces: list[str] = []
        self._at: list[tuple[int, Fill]] = []
        for piece in pieces:
            if isinstance(piece, str):
                if self._pieces and (not self._at or self._at[-1][0] < len(self._pieces) - 1):
                    self._pieces[-1] += piece
                else:
                    self._pieces.append(piece)
            else:
                self._at.append((len(self._pieces), piece))
                self._pieces.append("")

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same for everyone."""
        return not self._at

    def fill(self, item: Item) -> str:
        """The whole for one recipient."""
        if not self._at:
            return self._pieces[0] if self._pieces else ""
        pieces = self._pieces.copy()
        for at, fill in self._at:
            pieces[at] = fill(item)
        return "".join(pieces)


def places_of(form: str, where: str, known: frozenset[str] = PLACES) -> list[str]:
    """The names of a form's places. Raises `ChannelSettingError` for one that is unknown."""
    names = [name for words in split_slots(form) if isinstance(words, str) for name in _PLACE.findall(words)]
    if strange := sorted(set(names) - known):
        listed = ", ".join(f"{{{name}}}" for name in sorted(known))
        raise ChannelSettingError(f"{where}: {{{strange[0]}}} is no place; there are {listed}")
    return names


def pieces_of(form: str, message: Message, escape: Escape, fixed: Escape | None = None) -> list[str | Fill]:
    """The form for one message as fixed words, already escaped (by `fixed`, else alike), and what fills the rest."""
    pieces: list[str | Fill] = []
    for words in split_slots(form):
        if isinstance(words, Slot):
            pieces.append(_escaped(_of_slot(words), escape))
            continue
        for at, word in enumerate(_PLACE.split(words)):
            pieces += _place(word, message, escape) if at % 2 else [(fixed or escape)(word)]
    return pieces


def _place(name: str, message: Message, escape: Escape) -> list[str | Fill]:
    if name == "opt_out_url":
        return [escape(message.opt_out_url), _escaped(OF_ITEM["key"], escape)] if message.opt_out_url else []
    if name in OF_ITEM:
        return [_escaped(OF_ITEM[name], escape)]
    return words_of(OF_MESSAGE[name](message), escape)


def words_of(text: str, escape: Escape) -> list[str | Fill]:
    """A message's own words, whose slots are filled for each recipient."""
    return [
        _escaped(_of_slot(piece), escape) if isinstance(piece, Slot) else escape(piece) for piece in split_slots(text)
    ]


def _of_slot(slot: Slot) -> Fill:
    return lambda item: slot.fill(item.fields)


def _escaped(fill: Fill, escape: Escape) -> Fill:
    return lambda item: escape(fill(item))


@dataclass(frozen=True, slots=True)
class JsonForm:
    """A body in JSON whose strings may hold places; a string that is `{parts}` alone becomes a number."""

    document: Any
    where: str
    known: frozenset[str] = PLACES

    def __post_init__(self) -> None:
        for text in _strings(self.document):
            places_of(text, self.where, self.known)

    def text(self) -> str:
        """The form itself, in JSON."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    def ready(self, message: Message) -> Filling:
        """The body for one message."""
        return Filling(self._pieces(self.document, message))

    def _pieces(self, value: Any, message: Message) -> Iterable[str | Fill]:
        if isinstance(value, str):
            if value == "{parts}":
                return [OF_ITEM["parts"]]
            return ['"', *pieces_of(value, message, in_json), '"']
        if isinstance(value, dict):
            members = [[f"{_encode(key)}:", *self._pieces(of, message)] for key, of in value.items()]
            return _listed("{", members, "}")
        if isinstance(value, list | tuple):
            return _listed("[", [list(self._pieces(of, message)) for of in value], "]")
        return [json.dumps(value)]


def _listed(begin: str, members: list[list[str | Fill]], end: str) -> Iterable[str | Fill]:
    yield begin
    for at, member in enumerate(members):
        if at:
            yield ","
        yield from member
    yield end


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


_ABSOLUTE = re.compile(r"https?://[^/?#{}\s]+")


@dataclass(frozen=True, slots=True)
class UrlForm:
    """A URL, or a path behind an account's `base_url`, with places in its path and query only."""

    url: str
    where: str

    def __post_init__(self) -> None:
        rest = _ABSOLUTE.sub("", self.url, count=1)
        if rest == self.url and not self.url.startswith("/"):
            raise ChannelSettingError(f"{self.where}: {self.url!r} must begin with https://, http:// or /")
        if not (self.url.isascii() and self.url.isprintable()) or " " in self.url:
            raise ChannelSettingError(f"{self.where}: {self.url!r} must be plain ASCII without spaces")
        if rest and rest[0] not in "/?":
            raise ChannelSettingError(f"{self.where}: {self.url!r} may have no place before its path")
        places_of(self.url, self.where)

    def ready(self, message: Message) -> Filling:
        """The URL for one message."""
        path, mark, query = self.url.partition("?")
        return Filling([*pieces_of(path, message, in_path, plain), mark, *pieces_of(query, message, in_url, plain)])


@dataclass(frozen=True, slots=True)
class HeadersForm:
    """Header lines whose values may hold places."""

    headers: Mapping[str, str]
    where: str

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(name) or not (value.isascii() and value.isprintable()):
                raise ChannelSettingError(f"{self.where}: {name!r} is no header, or its value is not plain ASCII")
            places_of(value, self.where)

    def ready(self, message: Message) -> list[Filling]:
        """Each line for one message."""
        return [
            Filling([f"{name}: ", *pieces_of(value, message, in_header, plain)])
            for name, value in self.headers.items()
        ]


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 §5.6.2: a token."""


@dataclass(frozen=True, slots=True)
class FieldsForm:
    """Names and values as in a form's body or a URL's query."""

    fields: Mapping[str, Any]
    where: str
    escape: Escape = in_form

    def __post_init__(self) -> None:
        for value in self.fields.values():
            places_of(str(value), self.where)

    def ready(self, message: Message) -> Filling:
        """The whole for one message, `a=1&b=2`."""
        members = [
            [f"{self.escape(name)}=", *pieces_of(str(value), message, self.escape)]
            for name, value in self.fields.items()
        ]
        joined = [piece for at, member in enumerate(members) for piece in (["&"] if at else []) + member]
        return Filling(joined)
