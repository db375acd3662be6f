"""DOCX: the document as a reader sees it (ECMA-376, part 1).

Insertions under review count and deletions do not; moved text stands where it was moved to; a text box is read once,
after the paragraph it is anchored in; fields show their result; hidden text is left out; list numbers are counted;
headers stand before the body, footnotes and footers after it.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.extract.fonts import marked, settled, symbol
from lantoa.lib.extract.packed import Package, parse_xml
from lantoa.lib.extract.stories import Stories
from lantoa.lib.extract.styles import Styles, W, font_of, is_on, read_styles, value_of

if TYPE_CHECKING:
    from lxml import etree

    from lantoa.lib.extract.packed import Allowance

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(
    W + name
    for name in (
        "del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sectPr", "tblPr", "tblGrid", "trPr",
        "tcPr", "sdtPr", "sdtEndPr", "fldData", "footnoteRef", "endnoteRef", "annotationRef", "rt",
    )
)  # fmt: skip
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "noBreakHyphen": "-", W + "cr": "\n", W + "softHyphen": ""}
_HEX = re.compile(r"[0-9A-Fa-f]{1,4}")
_MOST_FIELDS = 50
_OFFICE = "/officeDocument"
_NOT_WORD = "Tệp không phải văn bản Word (DOCX). Hãy gửi đúng tệp công văn."
_NO_BODY = "Tệp Word không có nội dung. Hãy kiểm tra lại tệp rồi gửi lại."


@dataclass(slots=True)
class _Walk:
    """One pass over a document: its styles, its notes, and the fields that are open."""

    styles: Styles
    notes: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    fields: list[bool] = field(default_factory=list)
    """For each open field, whether its result has begun; what stands before it is code."""
    carried: str = ""
    """Text of a paragraph whose end mark is deleted: it goes on in the next."""
    stories: Stories = field(default_factory=Stories)

    def blocks(self, parent: etree._Element, out: list[str]) -> None:
        """Add the paragraphs and tables of an element."""
        for element in parent:
            tag = element.tag
            if tag == W + "p":
                self.paragraph(element, out)
            elif tag == W + "tbl":
                self.table(element, out)
            elif tag == _MC + "AlternateContent":
                self.blocks(_chosen(element), out)
            elif isinstance(tag, str) and tag not in _SKIPPED and not _shows_placeholder(element):
                self.blocks(element, out)

    def table(self, table: etree._Element, out: list[str]) -> None:
        """Add a table row by row; rows and cells deleted under review are not there."""
        out.append("")
        for row in _own(table, "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells: list[str] = []
            for cell in _own(row, "tc"):
                lines: list[str] = []
                if cell.find(f"{W}tcPr/{W}cellDel") is None:
                    self.blocks(cell, lines)
                cells.append("\n".join(lines))
            line = joined_row(cells)
            if line:
                out.append(line)
        out.append("")

    def paragraph(self, paragraph: etree._Element, out: list[str]) -> None:
        """Add a paragraph with its printed number, then the text boxes anchored in it."""
        boxes: list[etree._Element] = []
        parts: list[str] = []
        style = self.styles.resolved(value_of(paragraph, "pPr", "pStyle") or self.styles.default_paragraph)
        self.runs(paragraph, _Look(style.font or self.styles.font, hidden=style.is_hidden is True, boxes=boxes), parts)
        self.fields = list(filter(None, self.fields))[-_MOST_FIELDS:]
        text = "".join(parts)
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            if text.strip():
                self.carried += (self.styles.label(paragraph) if not self.carried else "") + text
        else:
            label = "" if self.carried else self.styles.label(paragraph)
            carried, self.carried = self.carried, ""
            out.append(carried + (label if text.strip() else "") + text)
        for box in boxes:
            self.blocks(box, out)

    def runs(self, parent: etree._Element, look: _Look, out: list[str]) -> None:
        """Add the text of an element's runs."""
        for element in parent:
            tag = element.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag == W + "r":
                self.run(element, look, out)
            elif tag == W + "fldChar":
                self._field(element.get(W + "fldCharType") or "")
            elif tag == W + "txbxContent":
                look.boxes.append(element)
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                self._note(tag, element.get(W + "id") or "")
            elif tag == _MC + "AlternateContent":
                self.runs(_chosen(element), look, out)
            elif _shows_placeholder(element):
                continue
            elif look.hidden or not all(self.fields):
                self.runs(element, look, out)
            else:
                self._sign(element, look, out)

    def run(self, run: etree._Element, look: _Look, out: list[str]) -> None:
        """Add one run, in the font and visibility its properties and style give it."""
        properties = run.find(W + "rPr")
        if properties is not None:
            style = self.styles.resolved(value_of(properties, "rStyle") or "")
            own = is_on(properties.find(W + "vanish"))
            hidden = own if own is not None else style.is_hidden if style.is_hidden is not None else look.hidden
            look = _Look(font_of(properties) or style.font or look.font, hidden=hidden, boxes=look.boxes)
        self.runs(run, look, out)

    def _sign(self, element: etree._Element, look: _Look, out: list[str]) -> None:
        tag = element.tag
        if tag in {W + "t", _M + "t"}:
            out.append(marked(element.text or "", look.font))
        elif tag in _SIGNS:
            out.append(_SIGNS[tag])
        elif tag == W + "br":
            out.append("\f" if element.get(W + "type") == "page" else "\n")
        elif tag == W + "sym":
            code = element.get(W + "char") or ""
            out.append(symbol(int(code, 16)) if _HEX.fullmatch(code) else "")
        else:
            self.runs(element, look, out)

    def _field(self, mark: str) -> None:
        if mark == "begin":
            self.fields.append(False)
        elif mark == "separate" and self.fields:
            self.fields[-1] = True
        elif mark == "end" and self.fields:
            self.fields.pop()

    def _note(self, tag: str, name: str) -> None:
        note = self.notes.pop((tag.removesuffix("Reference"), name), None)
        if note is not None:
            self.story("note", note)

    def story(self, name: str, root: etree._Element) -> None:
        """Read a header, footer or note; fields and paragraphs left open outside go on after it."""
        fields, carried = self.fields, self.carried
        self.fields, self.carried = [], ""
        lines: list[str] = []
        self.blocks(root, lines)
        self.fields, self.carried = fields, carried
        self.stories.begin(name)
        for line in lines:
            self.stories.add(line)
        self.stories.end()


@dataclass(frozen=True, slots=True)
class _Look:
    """What runs inherit: their font, whether they are hidden; and where text boxes met on the way are put."""

    font: str
    hidden: bool
    boxes: list[etree._Element]


def read_docx(data: bytes, allowance: Allowance | None = None) -> Extracted:
    """Read the text of a DOCX file. Raises `ExtractionError` when it is broken or holds no text."""
    package = Package(data, allowance)
    document = package.read(main_part(package) or "")
    if document is None:
        raise ExtractionError(_NOT_WORD)
    body = parse_xml(document).find(W + "body")
    if body is None:
        raise ExtractionError(_NO_BODY)
    walk = _Walk(read_styles(package), _notes(package))
    _margins(package, body, walk)
    lines: list[str] = []
    walk.blocks(body, lines)
    if walk.carried:
        lines.append(walk.carried)
    walk.stories.lines["body"] = lines
    text = settled(walk.stories.text())
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\f")]
    return Extracted(text.replace("\f", "\n"), tuple(starts), "docx")


def main_part(package: Package) -> str | None:
    """Name the part that holds the text of a Word document; None when the package is none."""
    if "word/document.xml" in package.names:
        return "word/document.xml"
    data = package.read("_rels/.rels")
    for item in parse_xml(data).iter(_RELATION) if data else ():
        target = (item.get("Target") or "").lstrip("/")
        if (item.get("Type") or "").endswith(_OFFICE) and target.startswith("word/") and target in package.names:
            return target
    return None


def _own(parent: etree._Element, name: str) -> list[etree._Element]:
    """Rows of a table or cells of a row, also those inside content controls, but not those of tables within."""
    found, queue = [], deque(parent)
    while queue:
        element = queue.popleft()
        if element.tag == W + name:
            found.append(element)
        elif element.tag in {W + "sdt", W + "sdtContent", W + "customXml", W + "smartTag", W + "ins", W + "moveTo"}:
            queue.extendleft(reversed(element))
    return found


def _chosen(element: etree._Element) -> etree._Element:
    """The first choice of alternative content, or its fallback when the choices are empty."""
    choices = [child for child in element if child.tag == _MC + "Choice"]
    for choice in choices:
        if len(choice):
            return choice
    fallback = element.find(_MC + "Fallback")
    return fallback if fallback is not None else element


def _shows_placeholder(control: etree._Element) -> bool:
    """Whether an element is a content control that nothing was typed into: what it holds is its prompt."""
    return control.tag == W + "sdt" and is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr")) is True


def _notes(package: Package) -> dict[tuple[str, str], etree._Element]:
    out = {}
    for kind in ("footnote", "endnote"):
        data = package.read(f"word/{kind}s.xml")
        for note in parse_xml(data).findall(W + kind) if data else ():
            if (note.get(W + "type") or "normal") == "normal":
                out[W + kind, note.get(W + "id") or ""] = note
    return out


def _margins(package: Package, body: etree._Element, walk: _Walk) -> None:
    """Read the headers and footers the first section shows: that of its first page, else the one of all pages."""
    section = next(body.iter(W + "sectPr"), None)
    data = package.read(f"word/_rels/{posixpath.basename(main_part(package) or '')}.rels")
    if section is None or data is None:
        return
    targets = {item.get("Id"): item.get("Target") or "" for item in parse_xml(data).iter(_RELATION)}
    kinds = ("first", "default") if is_on(section.find(W + "titlePg")) else ("default",)
    for story in ("header", "footer"):
        stated = {item.get(W + "type") or "default": item for item in section.findall(f"{W}{story}Reference")}
        for kind in kinds:
            target = targets.get(stated[kind].get(_R + "id"), "") if kind in stated else ""
            part = package.read(posixpath.normpath(posixpath.join("word", target)).lstrip("/")) if target else None
            if part:
                walk.story(story, parse_xml(part))
