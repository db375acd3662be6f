"""A document as the flattened text that files and scans give: columns, tabs, table cells, glued lines, wraps, pages.

`write_text` prints a document in the order it is read; here it is printed as other people's programs leave it, so
that the reader can be measured on more than our own hand.
"""

from __future__ import annotations

import itertools
import textwrap
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from lantoa.letters.writing.document import (
    COUNTRY,
    MOTTO,
    Heading,
    Item,
    OfficialDocument,
    Paragraph,
    Table,
    balanced_lines,
    ended_list,
)
from lantoa.letters.writing.text import date_line, number_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADS = ("columns", "rows", "spaces", "tabs", "cells", "table", "glued", "motto_first", "motto_lost")
FEET = ("columns", "spaces", "tabs", "cells", "glued", "signed_first", "stacked_cells")
_BULLETS = ("- ", "– ", "-", "+ ", "• ", "* ")
_LEFT = 42
"""Columns of the left half of a page set side by side."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one letter is flattened; each value is one of the names above or a plain yes or no."""

    head: str
    foot: str
    width: int
    """Letters of a line of running text; 0 when each paragraph is one line."""
    spaced: bool
    """Whether empty lines stand between paragraphs."""
    bullet: str
    pages: bool
    markdown: bool
    stamp: bool
    annex: bool
    rules: bool


def layout_of(seed: int) -> Layout:
    """Return the layout of this seed; all heads meet all feet within 63 seeds."""
    random = Random(seed * 7919 + 1)  # noqa: S311 - layouts need repetition, not secrecy
    return Layout(
        head=HEADS[seed % len(HEADS)], foot=FEET[seed % len(FEET)], width=random.choice((0, 0, 72, 84, 96)),
        spaced=random.random() < 0.5, bullet=random.choice(_BULLETS), pages=random.random() < 0.4,
        markdown=random.random() < 0.15, stamp=random.random() < 0.25, annex=random.random() < 0.25,
        rules=random.random() < 0.4,
    )  # fmt: skip


def flatten(document: OfficialDocument, layout: Layout) -> str:
    """Return the text of a document as this layout leaves it."""
    parts = [_head(document, layout), _title(document, layout), _addressees(document, layout), _body(document, layout),
             _foot(document, layout), _annex(layout)]  # fmt: skip
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


# --- head --------------------------------------------------------------------------------------------------------


def _head(document: OfficialDocument, layout: Layout) -> Iterator[str]:
    rule = ["-------"] if layout.rules else []
    offices = [*document.parent_lines, *document.agency_lines]
    below = [number_line(document), *document.abstract_lines]
    motto = [COUNTRY, MOTTO]
    date = date_line(document)
    if layout.stamp:
        yield from ("ĐẾN", "Số: 1482", "Ngày: 07/3/2025", "Chuyển: Văn phòng", "")
    if layout.head == "columns":
        yield from (*offices, *rule, *below, "", *motto, *rule, date)
    elif layout.head == "rows":
        yield from (*offices, *rule, "", *motto, *rule, "", number_line(document), "", date, "", *below[1:])
    elif layout.head == "motto_first":
        yield from (*motto, *rule, "", *offices, *rule, "", below[0], date, *below[1:])
    elif layout.head == "motto_lost":
        yield from (*offices, "", below[0], *below[1:], "", date)
    elif layout.head == "table":
        yield f"| {'<br>'.join(_bold(offices, layout))} | {'<br>'.join(_bold(motto, layout))} |"
        yield "|---|---|"
        yield f"| {'<br>'.join(below)} | {date} |"
    else:
        yield from _side_by_side([*offices, *rule, *below], [*motto, *rule, date], layout.head)


def _bold(lines: Sequence[str], layout: Layout) -> list[str]:
    return [f"**{line}**" for line in lines] if layout.markdown else list(lines)


def _side_by_side(left: Sequence[str], right: Sequence[str], how: str) -> Iterator[str]:
    """Rows of two columns; the date stands beside the number, as the decree has it."""
    number = next((place for place, line in enumerate(left) if line.startswith("Số:")), 0)
    right = [*right[:-1], *[""] * (number - len(right) + 1), right[-1]]
    for one, other in itertools.zip_longest(left, right, fillvalue=""):
        yield _row(one, other, how)


def _row(one: str, other: str, how: str) -> str:
    if how == "cells":
        return f"| {one} | {other} |"
    if not other:
        return one
    if how == "tabs":
        return f"{one}\t{other}"
    if how == "glued":
        return f"{one} {other}".strip()
    return f"{one:<{_LEFT}}    {other}"


# --- title, addressees, body -------------------------------------------------------------------------------------


def _title(document: OfficialDocument, layout: Layout) -> Iterator[str]:
    if document.title:
        yield f"**{document.title}**" if layout.markdown else document.title
        yield from balanced_lines(document.subject or "", 70)


def _addressees(document: OfficialDocument, layout: Layout) -> Iterator[str]:
    lines = ended_list(document.addressees)
    if len(lines) == 1:
        yield f"{document.call} {lines[0]}"
    elif lines:
        yield document.call
        yield from (f"{layout.bullet}{line}" for line in lines)


def _body(document: OfficialDocument, layout: Layout) -> Iterator[str]:
    page = 1
    for place, block in enumerate(document.printed_blocks):
        if layout.pages and place % 5 == 4:
            page += 1
            yield from ("", f"\f{page}", "")
        if isinstance(block, Table):
            yield from (" | ".join(row) for row in (block.header, *block.rows))
        elif isinstance(block, Heading):
            yield f"**{block.text}**" if layout.markdown else block.text
        else:
            yield from _wrapped(_marked(block, layout), layout.width)
        if layout.spaced or not layout.width:
            yield ""


def _marked(block: Paragraph | Item, layout: Layout) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return f"{layout.bullet if block.mark == '-' else block.mark + ' '}{block.text}"


def _wrapped(text: str, width: int) -> list[str]:
    if not width:
        return [text]
    return textwrap.wrap(text, width, initial_indent="    ", break_long_words=False, break_on_hyphens=False)


# --- foot --------------------------------------------------------------------------------------------------------


def _foot(document: OfficialDocument, layout: Layout) -> Iterator[str]:
    left = ["Nơi nhận:", *(f"{layout.bullet}{line}" for line in ended_list(document.recipients_lines))]
    name = document.signer_name or ""
    signing = list(document.signature_lines)
    if layout.foot == "columns":
        yield from (*left, "", *signing, "", "", name)
    elif layout.foot == "signed_first":
        yield from (*signing, "", "", name, "", *left)
    elif layout.foot == "stacked_cells":
        yield f"| {'<br>'.join(left)} | {'<br>'.join([*signing, '', name])} |"
    else:
        right = [*signing, *[""] * max(1, len(left) - len(signing) - 1), name]
        for one, other in itertools.zip_longest(left, right, fillvalue=""):
            yield _row(one, other, layout.foot)


def _annex(layout: Layout) -> Iterator[str]:
    if layout.annex:
        yield "\fPHỤ LỤC"
        yield "DANH SÁCH CÁC ĐƠN VỊ THỰC HIỆN"
        yield ""
        yield from ("| TT | Đơn vị | Ghi chú |", "| 1 | Tổ dân phố số 1 | |", "| 2 | Tổ dân phố số 2 | |")
