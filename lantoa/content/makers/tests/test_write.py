from __future__ import annotations

import itertools
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import html

from lantoa.content.makers.article import write_article, write_article_fragment
from lantoa.content.makers.post import write_social_post
from lantoa.content.makers.tests.builders import BARE, ENGLISH, FULL, build
from lantoa.content.rules.piece import Piece, Point

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)"> & \' "'


class Balance(HTMLParser):
    """Stands only when every element that opens also closes, in order."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser's signature
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(piece: Piece) -> html.HtmlElement:
    return html.document_fromstring(write_article(piece))


def read_data(piece: Piece) -> dict[str, dict[str, Any]]:
    (script,) = read(piece).xpath("//script[@type='application/ld+json']/text()")
    return {node["@type"]: node for node in json.loads(script)["@graph"]}


@pytest.mark.parametrize("piece", [FULL, BARE, ENGLISH, build(title=HOSTILE)])
def test_pages_are_balanced_have_one_h1_and_no_outside_file(piece: Piece) -> None:
    balance = Balance()
    balance.feed(write_article(piece))
    assert balance.open == []
    page = read(piece)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//script[not(@type='application/ld+json')] | //*[@src] | //link[@rel!='canonical']") == []
    assert page.get("lang") == piece.language


def test_a_page_says_all_that_the_piece_says() -> None:
    text = " ".join(read(FULL).xpath("string(//main)").split())
    told = [FULL.title, FULL.lead, FULL.key_figure, FULL.key_label, FULL.warning, FULL.publisher, *FULL.contacts,
            *FULL.sources, *(part for item in (*FULL.points, *FULL.questions) for part in (item.heading, item.text))]
    for words in told:
        assert words in text


def test_headings_step_down_one_level_at_a_time() -> None:
    levels = [int(node.tag[1]) for node in read(FULL).xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_page_carries_its_address_description_and_structured_data() -> None:
    page = read(FULL)
    assert page.xpath("//link[@rel='canonical']/@href") == [FULL.url]
    assert page.xpath("//meta[@name='description']/@content") == [FULL.lead]
    data = read_data(FULL)
    assert data["NewsArticle"]["headline"] == FULL.title
    assert data["NewsArticle"]["datePublished"] == "2025-06-02"
    assert data["GovernmentService"]["areaServed"]["name"] == FULL.place
    assert data["GovernmentService"]["provider"]["name"] == FULL.publisher
    assert len(data["FAQPage"]["mainEntity"]) == 2
    assert "FAQPage" not in read_data(BARE)


def test_a_long_description_ends_with_a_whole_word() -> None:
    (summary,) = read(build(lead="đo mưa ven sông " * 40)).xpath("//meta[@name='description']/@content")
    assert len(summary) <= 200
    assert summary.removesuffix("…").split()[-1] in {"đo", "mưa", "ven", "sông"}


def test_hostile_words_stay_words() -> None:
    point = Point(HOSTILE, HOSTILE)
    piece = build(
        title=HOSTILE, lead=HOSTILE, text=HOSTILE, warning=HOSTILE, publisher=HOSTILE, contacts=(HOSTILE,),
        points=(point,), questions=(point,), sources=(HOSTILE,), place=HOSTILE, key_figure=HOSTILE,
        key_label=HOSTILE, labels={"questions": HOSTILE},
    )
    page = read(piece)
    assert page.xpath("//img | //*[@onerror]") == []
    assert len(page.xpath("//script")) == 1
    assert page.xpath("string(//h1)") == HOSTILE
    assert read_data(piece)["NewsArticle"]["headline"] == HOSTILE


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//no.scheme", "", "http://[broken"])
def test_an_address_that_is_no_web_page_becomes_no_link(url: str) -> None:
    page = read(build(url=url, contacts=()))
    assert page.xpath("//@href") == []
    assert url not in write_social_post(build(url=url)) or not url


@pytest.mark.parametrize(("line", "number"), [
    ("Trực ban: 0225 3881 234", "02253881234"), ("Gọi 1800 8098 (miễn phí)", "18008098"),
    ("Ông An 0912.345.678", "0912345678"), ("+84 225 3881 234", "+842253881234"),
])
def test_phone_numbers_can_be_dialled(line: str, number: str) -> None:
    assert read(build(contacts=(line,))).xpath("//a[starts-with(@href,'tel:')]/@href") == [f"tel:{number}"]


@pytest.mark.parametrize("line", ["Phòng 201 tầng 2", "Thông báo 12/2025", "bennghia.example.vn"])
def test_other_numbers_are_not_taken_for_phones(line: str) -> None:
    assert "tel:" not in write_article_fragment(build(contacts=(line,)))


def test_a_fragment_is_the_article_alone() -> None:
    fragment = write_article_fragment(FULL)
    assert fragment.startswith("<article")
    assert fragment in write_article(FULL)
    assert "<style" not in fragment
    assert "<script" not in fragment


def test_a_bare_piece_leaves_no_empty_section() -> None:
    page = read(BARE)
    assert page.xpath("//h2 | //ul | //ol | //footer | //aside") == []
    assert [node for node in page.xpath("//main//*") if not "".join(node.itertext()).strip()] == []


def test_a_post_says_first_what_and_when_and_ends_with_the_source() -> None:
    parts = write_social_post(FULL).strip().split("\n\n")
    assert parts[0] == FULL.title
    assert parts[1] == "Bắt đầu ghi số đo từ ngày: 07/6/2025"
    assert "Xem thêm: https://bennghia.example.vn/do-mua" in parts
    assert parts[-1] == "Căn cứ: Thông báo số 12/TB-UBND ngày 01/6/2025.\nThông tin đúng đến ngày 02/6/2025."
    assert any(FULL.warning in part for part in parts)


def test_a_post_has_no_markup_and_no_empty_paragraph() -> None:
    for piece in (FULL, BARE, ENGLISH):
        post = write_social_post(piece)
        assert not any(sign in post for sign in ("**", "##", "](", "<"))
        assert "\n\n\n" not in post
    assert write_social_post(BARE) == "Mỗi nhà ven sông ghi một số đo mưa\n"


def test_a_post_in_english_uses_english_words() -> None:
    assert "Read more: https://longbank.example/rain" in write_social_post(ENGLISH)
    assert "True as of 1 June 2025." in write_social_post(ENGLISH)
