"""The document as a Word file that an office can go on editing.

Layout traps met here (LibreOffice and Word, 2024): column widths must stand in the table grid as well as in the
cells; a font must be named for all four scripts; a rule is a paragraph border with indents, never a drawing.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

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

_FONT = "Times New Roman"
_TEXT_WIDTH = 165.0
_LEFT_COLUMN = 65.0
_INDENT = Cm(1.27)
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_MEAN_LETTER = 2.28
"""Mean width of a letter of 14 pt text, in mm: enough to centre a list, size a rule and guess a page's end."""
_PAGE_HEIGHT = 257.0


def write_docx(document: OfficialDocument) -> bytes:
    """Return the document as DOCX; the same document gives the same bytes."""
    made = Document()
    _set_up(made, document)
    _head(made, document)
    _title(made, document)
    _addressees(made, document)
    _blocks(made, document.printed_blocks, _body_size(document))
    _foot(made, document)
    _annex(made, document)
    stream = io.BytesIO()
    made.save(stream)
    return _with_fixed_dates(stream.getvalue())


def _body_size(document: OfficialDocument) -> int:
    """Choose 13 pt where it saves a second page that would hold little more than the signature, else 14 pt.

    The decree allows both (Phụ lục I, phần I, mục II.6). A Word file has no pages before it is opened, so the
    height is reckoned from the letters of each paragraph.
    """
    if any(isinstance(block, Table) for block in document.blocks):
        return 14
    saves_a_page = _height(document, 13) <= _PAGE_HEIGHT < _height(document, 14)
    return 13 if saves_a_page else 14


def _height(document: OfficialDocument, size: int) -> float:
    """Reckon the height of the document in mm when its body is set in `size` points on one endless page."""
    line = size * 1.15 * 0.3528
    in_line = int(_TEXT_WIDTH / (_MEAN_LETTER * size / 14)) - 4
    texts = [f"{block.mark} {block.text}" if isinstance(block, Item) else block.text
             for block in document.printed_blocks if not isinstance(block, Table)]
    body = sum((len(text) // in_line + 1) * line + 2.2 for text in texts)
    head = 26 + 5.5 * len(document.abstract_lines) + (22 if document.title else 0)
    addressees = 12 + 6.2 * len(document.addressees) if document.addressees else 0
    foot = max(28 + 6 * len(document.authority_lines), 6 + 4.5 * len(document.recipients_lines))
    return head + addressees + body + foot + 4


def _with_fixed_dates(packed: bytes) -> bytes:
    """Return the same package with every member dated 1980, as a ZIP without dates is."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            out.writestr(member, source.read(name))
    return target.getvalue()


def _set_up(made: Any, document: OfficialDocument) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    _page_number(section)
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    _properties(made.core_properties, document)


def _properties(properties: Any, document: OfficialDocument) -> None:
    moment = dt.datetime.combine(document.dated, dt.time(), dt.UTC).replace(tzinfo=None)
    properties.title, properties.author = document.heading_text[:255], (document.issuer or "")[:255]
    properties.language, properties.comments, properties.last_modified_by = "vi-VN", "", (document.issuer or "")[:255]
    properties.created = properties.modified = moment
    properties.revision = 1


def _page_number(section: Any) -> None:
    """Arabic, centred in the top margin, not on page 1 (NĐ 30/2020, Phụ lục I, mục I.7)."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no field of its own


# Small pieces.

def _line(cell: Any, text: str, size: float = 13, *, bold: bool = False, italic: bool = False) -> Any:
    """One more paragraph in a cell or document; the empty one a cell is born with is used first."""
    first = cell.paragraphs[0] if cell.paragraphs else None
    fresh = first is not None and not first.text and not first.runs and len(cell.paragraphs) == 1
    paragraph = first if fresh and first is not None else cell.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _centred(cell: Any, text: str, size: float = 13, *, bold: bool = False, italic: bool = False) -> Any:
    paragraph = _line(cell, text, size, bold=bold, italic=italic)
    paragraph.alignment = _CENTRE
    return paragraph


def _rule(cell: Any, room: float, width: float) -> None:
    """Draw a horizontal rule of `width` mm centred in `room` mm: the top border of an empty, indented paragraph."""
    paragraph = cell.add_paragraph()
    side = Mm(max(0.0, (room - min(width, room)) / 2))
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = side
    form.space_before, form.line_spacing = Pt(5), Pt(5)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    # The schema wants the border before spacing and indents.
    paragraph._p.get_or_add_pPr().insert(0, borders)  # noqa: SLF001 - python-docx has no borders of its own


def _grid(made: Any, widths: tuple[float, ...], *, bordered: bool = False) -> Any:
    """Return an empty table with widths in mm, in its grid and in its cells."""
    table = made.add_table(rows=0, cols=len(widths))
    if bordered:
        table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Any, widths: tuple[float, ...], *marks: str) -> Any:
    row = table.add_row()
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
    for mark in ("cantSplit", *marks):
        row._tr.get_or_add_trPr().append(OxmlElement(f"w:{mark}"))  # noqa: SLF001 - no such property in python-docx
    return row


# The parts, from the top of the page down.

def _head(made: Any, document: OfficialDocument) -> None:
    """Cells 1 to 4 and 5b: agency and country side by side, number and date on one line."""
    widths = (_LEFT_COLUMN, _TEXT_WIDTH - _LEFT_COLUMN)
    table = _grid(made, widths)
    agency, country = _row(table, widths).cells
    size = 12 if max(map(len, (*document.parent_lines, *document.agency_lines, ""))) > 20 else 13
    for line in document.parent_lines:
        _centred(agency, line, size)
    for line in document.agency_lines:
        _centred(agency, line, size, bold=True)
    if document.agency_lines:
        _rule(agency, _LEFT_COLUMN - 4, 0.42 * 2.9 * len(document.agency_lines[-1]))
    _centred(country, COUNTRY, bold=True)
    _centred(country, MOTTO, 13.5, bold=True)
    _rule(country, widths[1] - 4, 57)
    number, date = _row(table, widths).cells
    _centred(number, _number_line(document))
    for line in document.abstract_lines:
        _centred(number, line).paragraph_format.space_before = Pt(6 if line == document.abstract_lines[0] else 0)
    _centred(date, _date_line(document), italic=True)
    if document.urgency:
        _urgency(number, document.urgency)


def _number_line(document: OfficialDocument) -> str:
    number, rest = document.number_parts
    return f"Số: {number if number is not None else '        '}{rest}"


def _date_line(document: OfficialDocument) -> str:
    day, month, year = (part or "      " for part in document.date_parts)
    place = f"{document.place}, " if document.place else ""
    return f"{place}ngày {day} tháng {month} năm {year}"


def _urgency(cell: Any, urgency: str) -> None:
    paragraph = _centred(cell, urgency, bold=True)
    paragraph.paragraph_format.space_before = Pt(6)
    run = paragraph.runs[0]
    run.font.color.rgb = RGBColor(0xE6, 0, 0)
    border = OxmlElement("w:bdr")
    for key, value in (("val", "single"), ("sz", "8"), ("space", "3"), ("color", "E60000")):
        border.set(qn(f"w:{key}"), value)
    run._r.get_or_add_rPr().append(border)  # noqa: SLF001 - no such property in python-docx


def _title(made: Any, document: OfficialDocument) -> None:
    """Cell 5a: the type's name and what the document is about."""
    if not document.title:
        return
    _centred(made, document.title, 14, bold=True).paragraph_format.space_before = Pt(14)
    lines = balanced_lines(document.subject or "", 60)
    for line in lines:
        _centred(made, line, 14, bold=True)
    last = lines[-1] if lines else document.title
    _rule(made, _TEXT_WIDTH, min(60.0, 0.42 * 2.6 * len(last)))


def _addressees(made: Any, document: OfficialDocument) -> None:
    """Cell 9a: one addressee on the line of the call, several below it with their dashes under its colon."""
    lines = ended_list(document.addressees)
    usual = document.call == "Kính gửi:"
    if not lines:
        return
    if len(lines) == 1 and usual:
        paragraph = _centred(made, f"{document.call} {lines[0]}", 14)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(12)
        return
    label = 18.0 if usual else 0.0
    widest = label + max(map(len, lines)) * _MEAN_LETTER + 4
    left = max(8.0, min(38.0, (_TEXT_WIDTH - widest) / 2))
    call = _line(made, document.call, 14, bold=not usual)
    call.paragraph_format.space_before = Pt(12)
    if usual:
        call.paragraph_format.left_indent = Mm(left)
    else:
        call.alignment = _CENTRE
    for line in lines:
        paragraph = _line(made, f"- {line}", 14)
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent, form.space_before = Mm(left + label + 3), Mm(-3), Pt(2)
    paragraph.paragraph_format.space_after = Pt(8)


def _blocks(made: Any, blocks: tuple[Block, ...], size: int) -> None:
    for place, block in enumerate(blocks, start=1):
        if isinstance(block, Heading):
            _heading(made, block, size)
        elif isinstance(block, Table):
            _table(made, block)
        else:
            paragraph = _paragraph(made, block)
            for run in paragraph.runs:
                run.font.size = Pt(size)
            paragraph.paragraph_format.keep_with_next = place == len(blocks)


def _annex(made: Any, document: OfficialDocument) -> None:
    if document.annex:
        made.add_page_break()
        _blocks(made, document.annex, 14)


def _paragraph(made: Any, block: Paragraph | Item) -> Any:
    paragraph = made.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before, form.line_spacing = _INDENT, Pt(6), 1.0
    form.widow_control = True
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if isinstance(block, Item):
        paragraph.add_run(f"{block.mark} {block.text}")
        return paragraph
    lead, rest = block.parts
    if lead:
        paragraph.add_run(lead).bold = True
    paragraph.add_run(rest).italic = block.italic
    return paragraph


def _heading(made: Any, block: Heading, size: int) -> None:
    """Add a real heading, so that readers' programs can walk the document, in the letter's own type."""
    paragraph = made.add_paragraph(style=f"Heading {max(block.level, 1)}")
    run = paragraph.add_run(block.text)
    run.bold, run.italic, run.font.size, run.font.name = True, block.level == 3, Pt(size), _FONT
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - only ascii is settable from outside
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(8 if block.level == 1 else 6), Pt(0), True
    if block.level:
        form.first_line_indent = _INDENT
    else:
        paragraph.alignment = _CENTRE


def _table(made: Any, block: Table) -> None:
    widths = tuple(_TEXT_WIDTH * share for share in block.shares())
    table = _grid(made, widths, bordered=True)
    head = _row(table, widths, "tblHeader")
    for cell, text in zip(head.cells, block.header, strict=True):
        _centred(cell, text, 12, bold=True)
    figures = [block.is_number_column(column) for column in range(len(block.header))]
    for cells in block.rows:
        row = _row(table, widths)
        for cell, text, figure in zip(row.cells, cells, figures, strict=True):
            paragraph = (_centred if figure else _line)(cell, text, 12)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    spacer = made.add_paragraph()
    spacer.paragraph_format.line_spacing = Pt(4)


def _foot(made: Any, document: OfficialDocument) -> None:
    """Cells 7 and 9b, on one page together. The place of signature and seal is left free, never drawn."""
    spacer = made.add_paragraph()
    spacer.paragraph_format.line_spacing, spacer.paragraph_format.keep_with_next = Pt(8), True
    widths = (_TEXT_WIDTH / 2, _TEXT_WIDTH / 2)
    recipients, signature = _row(_grid(made, widths), widths).cells
    if document.recipients_lines:
        _line(recipients, "Nơi nhận:", 12, bold=True, italic=True)
        for line in ended_list(document.recipients_lines):
            _line(recipients, f"- {line}", 11)
    for line in document.signature_lines:
        _centred(signature, line, 13 if len(line) > 27 else 14, bold=True)
    if document.signer_name:
        name = _centred(signature, document.signer_name, 14, bold=True)
        name.paragraph_format.space_before = Mm(21)
