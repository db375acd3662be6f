"""The campaign as a feed: Atom 1.0 (RFC 4287) and RSS 2.0, and one entry of it as a document of its own.

An entry's id follows from the address of its public page, so that it stays the same however often its words change;
a changed entry has a new `updated` and says first what changed.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, cast

from lxml import etree

from lantoa.content.makers.article import write_article_fragment
from lantoa.content.makers.form import is_web_address
from lantoa.content.makers.markup import escape

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
_PLAIN = cast("dict[str, str]", {None: ATOM})  # the stubs know no default namespace
VIETNAM = dt.timezone(dt.timedelta(hours=7))
_UNDATED = dt.datetime(2000, 1, 1, tzinfo=VIETNAM)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold (XML 1.0 §2.2)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing told in a feed."""

    url: str
    """Of its public page; its id follows from it."""
    title: str
    author: str
    published: dt.datetime
    updated: dt.datetime
    html: str
    """The words as an HTML fragment."""
    summary: str = ""
    changes: str = ""
    """What changed since it was first told: the values that hold now; empty: nothing."""
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Feed:
    """All that one place tells of a campaign."""

    title: str
    author: str
    page: str
    """The page a person reads."""
    address: str
    """Where this feed itself is."""
    entries: tuple[Entry, ...] = ()
    language: str = "vi"

    @property
    def updated(self) -> dt.datetime:
        """When anything in it last changed."""
        return max((entry.updated for entry in self.entries), default=_UNDATED)


def id_of(address: str) -> str:
    """A name that does not change as long as the address does not (RFC 4287 §4.2.6; RFC 9562 §5.5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, address).urn


def write_entry(piece: Piece) -> bytes:
    """An Atom Entry Document of the piece, dated by the day its words are true on."""
    day = dt.date.fromisoformat(piece.dated) if piece.dated else _UNDATED.date()
    moment = dt.datetime.combine(day, dt.time(), VIETNAM)
    fragment = write_article_fragment(piece)
    entry = Entry(piece.url, piece.title, piece.publisher, moment, moment, fragment, piece.lead, "", piece.language)
    return _document(_atom_entry(entry))


def write_atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_PLAIN)
    _say_language(root, feed.language)
    _put(root, "id", id_of(feed.address))
    _put(root, "title", feed.title)
    _put(root, "updated", _moment(feed.updated))
    _put_author(root, feed.author)
    _put_link(root, "self", feed.address, "application/atom+xml")
    _put_link(root, "alternate", feed.page, "text/html")
    root.extend(_atom_entry(entry) for entry in feed.entries)
    return _document(root)


def write_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0 (https://www.rssboard.org/rss-specification), for readers that know no Atom."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "dc": DC})
    channel = etree.SubElement(root, "channel")
    described = {"title": feed.title, "link": feed.page, "description": feed.title, "language": feed.language}
    for name, value in described.items():
        etree.SubElement(channel, name).text = _allowed(value)
    etree.SubElement(channel, "lastBuildDate").text = format_datetime(feed.updated)
    _put_link(channel, "self", feed.address, "application/rss+xml")
    for entry in feed.entries:
        item = etree.SubElement(channel, "item")
        etree.SubElement(item, "title").text = _allowed(entry.title)
        if is_web_address(entry.url):
            etree.SubElement(item, "link").text = entry.url
        etree.SubElement(item, "guid", isPermaLink="false").text = id_of(entry.url)
        etree.SubElement(item, "pubDate").text = format_datetime(entry.updated)
        etree.SubElement(item, f"{{{DC}}}creator").text = _allowed(entry.author)
        etree.SubElement(item, "description").text = _allowed(_told(entry))
    return _document(root)


def _atom_entry(entry: Entry) -> etree._Element:
    node = etree.Element(f"{{{ATOM}}}entry", nsmap=_PLAIN)
    _say_language(node, entry.language)
    _put(node, "id", id_of(entry.url))
    _put(node, "title", entry.title)
    _put(node, "published", _moment(entry.published))
    _put(node, "updated", _moment(entry.updated))
    _put_author(node, entry.author)
    if is_web_address(entry.url):
        _put_link(node, "alternate", entry.url, "text/html")
    if summary := " ".join(filter(None, (entry.changes, entry.summary))):
        _put(node, "summary", summary)
    _put(node, "content", _told(entry)).set("type", "html")
    return node


def _told(entry: Entry) -> str:
    """The entry's HTML, before it what changed."""
    changes = f"<p><strong>{escape(entry.changes)}</strong></p>\n" if entry.changes else ""
    return changes + entry.html


def _put(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    node.text = _allowed(text)
    return node


def _put_author(parent: etree._Element, name: str) -> None:
    author = etree.SubElement(parent, f"{{{ATOM}}}author")
    etree.SubElement(author, f"{{{ATOM}}}name").text = _allowed(name) or "Lan Tỏa"


def _put_link(parent: etree._Element, rel: str, href: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=media_type)


def _say_language(node: etree._Element, language: str) -> None:
    node.set("{http://www.w3.org/XML/1998/namespace}lang", language)


def _moment(moment: dt.datetime) -> str:
    """A moment as RFC 3339 writes it, in Vietnam's time."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def _allowed(text: str) -> str:
    return _NOT_XML.sub("", text)


def _document(root: etree._Element) -> bytes:
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document
