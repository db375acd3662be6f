"""Feeds held to RFC 4287: its grammar is written out here as far as we use it, and strictly."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lantoa.content.makers.feed import ATOM, VIETNAM, Entry, Feed, id_of, write_atom, write_entry, write_rss
from lantoa.content.makers.tests.builders import BARE, ENGLISH, FULL, build, found

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

NS = {"a": ATOM}
GRAMMAR = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><choice><ref name="feed"/><ref name="entry"/></choice></start>
  <define name="lang"><optional><attribute name="xml:lang" ns=""><data type="language"/></attribute></optional></define>
  <define name="id"><element name="id"><data type="anyURI"><param name="minLength">8</param></data></element></define>
  <define name="word"><data type="string"><param name="minLength">1</param></data></define>
  <define name="title"><element name="title"><ref name="word"/></element></define>
  <define name="moment"><data type="dateTime"><param name="pattern">.+(Z|[+-][0-9]{2}:[0-9]{2})</param></data></define>
  <define name="updated"><element name="updated"><ref name="moment"/></element></define>
  <define name="author"><element name="author"><element name="name"><ref name="word"/></element></element></define>
  <define name="link"><element name="link">
    <attribute name="rel" ns=""><choice><value>self</value><value>alternate</value></choice></attribute>
    <attribute name="href" ns=""><data type="anyURI"><param name="minLength">8</param></data></attribute>
    <attribute name="type" ns=""><data type="string"><param name="pattern">.+/.+</param></data></attribute>
    <empty/></element></define>
  <define name="feed"><element name="feed"><ref name="lang"/><interleave>
    <oneOrMore><ref name="author"/></oneOrMore><ref name="id"/><ref name="title"/><ref name="updated"/>
    <zeroOrMore><ref name="link"/></zeroOrMore><zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave></element></define>
  <define name="entry"><element name="entry"><ref name="lang"/><interleave>
    <oneOrMore><ref name="author"/></oneOrMore><ref name="id"/><ref name="title"/><ref name="updated"/>
    <optional><element name="published"><ref name="moment"/></element></optional>
    <optional><element name="summary"><text/></element></optional>
    <zeroOrMore><ref name="link"/></zeroOrMore>
    <optional><element name="content">
      <attribute name="type" ns=""><value>html</value></attribute><text/></element></optional>
  </interleave></element></define>
</grammar>
""".replace('name="xml:lang" ns=""', 'name="lang" ns="http://www.w3.org/XML/1998/namespace"')
SCHEMA = etree.RelaxNG(etree.fromstring(GRAMMAR))
FIRST = dt.datetime(2025, 6, 2, 8, 30, tzinfo=VIETNAM)
ENTRY = Entry(
    "https://a.vn/c/mua/?noi=1", "Đo mưa từ 07/6/2025", "Ủy ban nhân dân phường Bến Nghĩa", FIRST, FIRST,
    "<p>Đọc thùng đo mưa.</p>", "Đọc thùng.",
)  # fmt: skip
FEED = Feed("Đo mưa – phường Bến Nghĩa", ENTRY.author, ENTRY.url, "https://a.vn/c/mua/tin.atom?noi=1", (ENTRY,))


def said(node: etree._Element, path: str) -> str:
    (text,) = found(node, path, NS)
    return str(text)


def parsed(document: bytes) -> etree._Element:
    return etree.fromstring(document)


@pytest.mark.parametrize("piece", [FULL, ENGLISH, replace(BARE, url="https://a.vn/", dated="2025-06-02")])
def test_an_entry_is_an_atom_entry_document(piece: Piece) -> None:
    document = write_entry(piece)
    SCHEMA.assertValid(parsed(document))
    assert document == write_entry(replace(piece))


@pytest.mark.parametrize("needed", ["id", "title", "updated", "author"])
def test_the_grammar_misses_what_an_entry_may_not_lack(needed: str) -> None:
    root = parsed(write_entry(FULL))
    for node in found(root, f"a:{needed}", NS):
        root.remove(node)
    assert not SCHEMA.validate(root)


def test_a_feed_is_an_atom_feed_and_so_is_an_empty_one() -> None:
    other = replace(ENTRY, url="https://a.vn/c/mua/?noi=2", language="en")
    for feed in (FEED, replace(FEED, entries=()), replace(FEED, entries=(ENTRY, other))):
        root = parsed(write_atom(feed))
        SCHEMA.assertValid(root)
        ids = found(root, "//a:id/text()", NS)
        assert len(ids) == len(set(ids))
        assert said(root, "string(a:link[@rel='self']/@href)") == feed.address


def test_a_changed_entry_keeps_its_id_is_updated_and_says_first_what_changed() -> None:
    moved = replace(ENTRY, updated=FIRST + dt.timedelta(days=9), changes="Ngày bắt đầu nay là 05/7/2025.")
    before, after = (parsed(write_atom(replace(FEED, entries=(one,)))) for one in (ENTRY, moved))
    same, other = (
        [said(root, f"string(a:entry/a:{name})") for root in (before, after)]
        for name in ("id", "updated")
    )
    assert same[0] == same[1]
    assert other == ["2025-06-02T08:30:00+07:00", "2025-06-11T08:30:00+07:00"]
    assert said(after, "string(a:updated)") == other[1]
    assert said(after, "string(a:entry/a:published)") == other[0]
    for name, first in (("content", "<p><strong>"), ("summary", "")):
        told = said(after, f"string(a:entry/a:{name})")
        assert told.startswith(f"{first}Ngày bắt đầu nay là 05/7/2025.")


def test_the_entry_of_the_kit_and_that_of_the_feed_have_one_id() -> None:
    alone = parsed(write_entry(build(url=ENTRY.url)))
    assert said(alone, "string(a:id)") == id_of(ENTRY.url)


def test_readers_that_know_only_rss_get_the_same() -> None:
    root = parsed(write_rss(FEED))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert [root.findtext(f"channel/{name}") for name in ("title", "link")] == [FEED.title, FEED.page]
    item = root.find("channel/item")
    assert item is not None
    assert item.findtext("guid") == id_of(ENTRY.url)
    assert parsedate_to_datetime(item.findtext("pubDate") or "") == FIRST
    assert item.findtext("description") == ENTRY.html
    assert not [name for name in ("title", "link", "description") if not root.findtext(f"channel/{name}")]


@given(st.text(max_size=60))
def test_whatever_the_words_the_document_is_whole(text: str) -> None:
    feed = replace(FEED, title=text or "x", entries=(replace(ENTRY, title=text or "x", summary=text, html=text),))
    for document in (write_atom(feed), write_rss(feed)):
        parsed(document)
