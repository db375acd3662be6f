"""The document as plain text, one line a paragraph: for mail bodies, search and programs that read only text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.letters.writing.document import (
    COUNTRY,
    MOTTO,
    Block,
    Heading,
    Item,
    OfficialDocument,
    Table,
    balanced_lines,
    ended_list,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_text(document: OfficialDocument) -> str:
    """Return the document as text in the order it is read: head, title or abstract, addressees, body, foot."""
    parts = (_head(document), _title(document), _addressees(document), _body(document), _recipients(document),
             _signature(document), _annex(document))
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def _head(document: OfficialDocument) -> Iterator[str]:
    yield from document.parent_lines
    yield from document.agency_lines
    yield ""
    yield COUNTRY
    yield MOTTO
    yield ""
    yield number_line(document)
    yield from document.abstract_lines
    if document.urgency:
        yield document.urgency
    yield ""
    yield date_line(document)


def number_line(document: OfficialDocument, blank: str = "      ") -> str:
    """`Số: 15/UBND-VHTT`, with `blank` where the number is still to be given."""
    number, rest = document.number_parts
    return f"Số: {blank if number is None else number}{rest}"


def date_line(document: OfficialDocument, blank: str = "     ") -> str:
    """`Dương Kinh, ngày 05 tháng 9 năm 2024`, with `blank` for what is still to be filled in."""
    day, month, year = (part or blank for part in document.date_parts)
    place = f"{document.place}, " if document.place else ""
    return f"{place}ngày {day} tháng {month} năm {year}"


def _title(document: OfficialDocument) -> Iterator[str]:
    if document.title:
        yield document.title
        yield from balanced_lines(document.subject or "", 70)


def _addressees(document: OfficialDocument) -> Iterator[str]:
    lines = ended_list(document.addressees)
    if len(lines) == 1:
        yield f"{document.call} {lines[0]}"
    elif lines:
        yield document.call
        yield ""
        yield from (f"- {line}" for line in lines)


def _body(document: OfficialDocument) -> Iterator[str]:
    for block in document.printed_blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield " | ".join(block.header)
        yield from (" | ".join(row) for row in block.rows)
    elif isinstance(block, Item):
        yield f"{block.mark} {block.text}"
    elif isinstance(block, Heading):
        yield block.text
    else:
        yield block.text


def _annex(document: OfficialDocument) -> Iterator[str]:
    for block in document.annex:
        yield from _block(block)


def _recipients(document: OfficialDocument) -> Iterator[str]:
    lines = ended_list(document.recipients_lines)
    if lines:
        yield "Nơi nhận:"
        yield from (f"- {line}" for line in lines)


def _signature(document: OfficialDocument) -> Iterator[str]:
    yield from document.authority_lines
    if document.signer_name:
        yield ""
        yield document.signer_name
