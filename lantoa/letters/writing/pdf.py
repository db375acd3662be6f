"""The document as PDF/A-2a and PDF/UA-1, typeset by one template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2

from lantoa.letters.writing.document import (
    COUNTRY,
    MOTTO,
    Block,
    Heading,
    Item,
    OfficialDocument,
    Paragraph,
    Table,
    balanced_lines,
    ended_list,
)
from lantoa.lib.press import print_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = Path(__file__).parent / "letter.typ"
_DENSITIES = (
    {"size": 14, "gap": 6, "leading": 0.25, "signature": 25},
    {"size": 14, "gap": 6, "leading": 0.15, "signature": 24},
    {"size": 13, "gap": 6, "leading": 0.15, "signature": 20},
)
"""From roomy to close, all inside the decree's ranges: 13 to 14 pt, 6 pt and more between paragraphs, and no less
than single spacing, which in this face is 1.15 of the size (a line is 1 of the size high, `leading` comes on top)."""


def write_pdf(document: OfficialDocument) -> bytes:
    """Return the document as an archival, tagged PDF; the same document gives the same bytes.

    Where closer setting inside the decree's ranges saves a page, it is set closer, as an office does by hand.
    Raises `typst.TypstError` when the template is at fault.
    """
    data = _data(document)
    best = _printed(data, document, 0)
    pages = _pages(best)
    if pages > 3:
        return best
    for density in range(1, len(_DENSITIES)):
        if pages == 1:
            break
        tried = _printed(data, document, density)
        if _pages(tried) < pages:
            return tried
    return best


def _printed(data: dict[str, Any], document: OfficialDocument, density: int) -> bytes:
    return print_pdf(TEMPLATE, {**data, **_DENSITIES[density]}, dated=document.dated)


def _pages(pdf: bytes) -> int:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return len(opened)
    finally:
        opened.close()


def _data(document: OfficialDocument) -> dict[str, Any]:
    number, symbol = document.number_parts
    day, month, year = document.date_parts
    return {
        "name": document.heading_text, "author": document.issuer or "", "country": COUNTRY, "motto": MOTTO,
        "parent_lines": document.parent_lines, "agency_lines": document.agency_lines,
        "number": number, "symbol": symbol, "place": document.place, "day": day, "month": month, "year": year,
        "title": document.title, "subject": document.subject,
        "subject_lines": balanced_lines(document.subject or "", 62), "abstract_lines": document.abstract_lines,
        "urgency": document.urgency, "call": document.call, "call_is_usual": document.call == "Kính gửi:",
        "addressees": ended_list(document.addressees), "blocks": list(_blocks(document.printed_blocks)),
        "annex": list(_blocks(document.annex)),
        "recipients": ended_list(document.recipients_lines), "authority_lines": document.signature_lines,
        "signer": document.signer_name,
    }


def _blocks(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    depth = 1
    for block in blocks:
        if isinstance(block, Heading):
            # A tagged document may not skip a level: a `1.` without an `I.` above it stands where `I.` would.
            depth = min(max(block.level, 1) + 1, depth + 1)
            yield {"kind": "heading", "level": block.level, "depth": depth, "text": block.text}
        else:
            yield _block(block)


def _block(block: Paragraph | Item | Table) -> dict[str, Any]:
    if isinstance(block, Table):
        figures = [block.is_number_column(column) for column in range(len(block.header))]
        return {"kind": "table", "header": block.header, "rows": block.rows, "shares": block.shares(),
                "figures": figures}
    if isinstance(block, Item):
        return {"kind": "paragraph", "lead": "", "text": f"{block.mark} {block.text}", "italic": False}
    lead, text = block.parts
    return {"kind": "paragraph", "lead": lead, "text": text, "italic": block.italic}

