from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from lxml import html as lxml_html

from lantoa.content.makers.email import write_email_html, write_email_text
from lantoa.content.makers.making import make
from lantoa.content.makers.tests.builders import BARE, ENGLISH, FULL, LONG, build, found
from lantoa.content.rules.slots import fill_slots
from lantoa.lib.extract.markup import read_html

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

EVERY = [FULL, BARE, ENGLISH, LONG]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fill_slots(text))


@pytest.mark.parametrize("piece", EVERY)
def test_nothing_in_it_needs_the_network_a_script_or_a_style_sheet(piece: Piece) -> None:
    page = write_email_html(piece)
    tree = lxml_html.document_fromstring(page)
    assert not found(tree, "//script|//img|//link|//iframe|//form|//object|//*[@src]|//*[@background]")
    assert not re.search(r"url\(|@import|expression\(|javascript:", page)
    sheets = found(tree, "//style/text()")
    assert all(str(sheet).startswith("@media (prefers-color-scheme:dark)") for sheet in sheets)
    blocks = " or ".join(f"self::{tag}" for tag in ("p", "h1", "h2", "li", "div"))
    assert not found(tree, f"//body//*[{blocks}][not(@style)]")


def test_it_is_well_formed_one_column_wide_and_says_its_language() -> None:
    page = write_email_html(FULL)
    etree.HTML(page)
    tree = lxml_html.document_fromstring(page)
    assert tree.get("lang") == "vi"
    assert "max-width:600px" in str(found(tree, "//div[@class='sheet']/@style")[0])
    assert 'width="600"' in page.split("<!--[if mso]>")[1]
    assert not found(tree, "//table"), "the table is in comments that Outlook alone reads"
    assert len(page.encode()) < 100_000, "Gmail cuts off what is longer"


@pytest.mark.parametrize("piece", [FULL, ENGLISH, LONG])
def test_the_plain_text_says_what_the_html_says(piece: Piece) -> None:
    shown, plain = words(read_html(write_email_html(piece).encode()).text), words(write_email_text(piece))
    aside = set(words(f"Việc cần làm Hỏi và đáp What to do Questions and answers {piece.url}"))
    assert set(plain) - aside == set(shown) - aside


def test_it_greets_by_name_and_whom_nobody_knows_by_a_title() -> None:
    made = make("email", FULL)
    page, text = made.content.decode(), made.details["text"]
    assert made.details["subject"] == FULL.title
    for part in (page, text):
        assert "Kính gửi {{name|quý vị}}," in part
        assert "Kính gửi quý vị," in fill_slots(part)
        assert "Kính gửi Bà Lê Thị Na," in fill_slots(part, {"name": "Bà Lê Thị Na"})
    assert "Dear {{name|resident}}," in write_email_text(ENGLISH)


def test_the_way_out_is_in_its_foot_and_leads_to_the_public_page_when_there_is_none() -> None:
    for part in (write_email_html(FULL), write_email_text(FULL)):
        assert "{{opt_out_url|https://bennghia.example.vn/do-mua}}" in part
        assert "https://t.vn/ra/k1" in fill_slots(part, {"opt_out_url": "https://t.vn/ra/k1"})
    tree = lxml_html.document_fromstring(fill_slots(write_email_html(FULL)))
    assert found(tree, "//a[text()='Không nhận thư này nữa']/@href") == [FULL.url]


def test_words_never_make_a_slot_or_an_element() -> None:
    hostile = build(
        title="{{phone}}",
        lead="<script>alert(1)</script>{{{name|x}}}",
        contacts=("{{{{opt_out_url}}}} 0225 3881 234",),
        key_figure='"><img src=x>',
    )
    for part in (write_email_html(hostile), write_email_text(hostile)):
        assert set(re.findall(r"\{\{(\w+)", part)) == {"name", "opt_out_url"}
        assert part.count("{{") == 2
    page = write_email_html(hostile)
    assert "<script" not in page
    assert "<img" not in page


def test_a_phone_number_is_one_tap_away_and_a_link_says_where_it_leads() -> None:
    tree = lxml_html.document_fromstring(write_email_html(FULL))
    assert "tel:02253881234" in found(tree, "//a/@href")
    (more,) = found(tree, f"//a[@href='{FULL.url}']")
    assert more.text == "bennghia.example.vn/do-mua"
    assert "javascript" not in write_email_html(build(url="javascript:alert(1)"))
