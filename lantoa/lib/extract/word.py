"""DOCX: the body of `word/document.xml` as a reader sees it (ECMA-376, part 1).

Insertions under review count and deletions do not; a text box is read once, where it is anchored; list numbers are
counted from `numbering.xml`, also when only the paragraph's style carries them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.extract.packed import Package, parse_xml
from lantoa.lib.vietnamese import mend_legacy, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {_W + name for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "footnoteReference")} | {
    _MC + "Fallback"
}
_SIGNS = {_W + "tab": "\t", _W + "noBreakHyphen": "-", _W + "cr": "\n", _W + "softHyphen": ""}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1


@dataclass(slots=True)
class _Numbering:
    """Lists of the document: levels by list, the list and level of each style, and the counters so far."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, paragraph: etree._Element) -> str:
        """Count this paragraph and give its printed number, empty when it has none."""
        place = self._place(paragraph)
        if place is None or place[0] not in self.levels:
            return ""
        number, depth = place
        levels = self.levels[number]
        level = levels.get(depth, _Level())
        counts = self.counts[number]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        if level.form == "bullet":
            return "- "
        if level.form == "none":
            return ""
        text = level.pattern
        for index in range(depth + 1):
            shown = levels.get(index, _Level())
            text = text.replace(f"%{index + 1}", _count(counts.get(index, shown.start), shown.form))
        return text.strip() + " " if text.strip() else ""

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        inherited = self.styles.get(style.get(_W + "val") or "") if style is not None else None
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        if own is None:
            return inherited
        number, depth = own.find(_W + "numId"), own.find(_W + "ilvl")
        if number is None:
            return (inherited[0], int(depth.get(_W + "val") or 0)) if inherited and depth is not None else inherited
        value = number.get(_W + "val") or "0"
        level = int(depth.get(_W + "val") or 0) if depth is not None else inherited[1] if inherited else 0
        return None if value == "0" else (value, level)


def read_docx(data: bytes) -> Extracted:
    """Read the text of a DOCX file. Raises `ExtractionError` when it is broken or holds no text."""
    package = Package(data)
    document = package.read("word/document.xml")
    if document is None:
        raise ExtractionError("Tệp không phải văn bản Word (DOCX). Hãy gửi đúng tệp công văn.")
    body = parse_xml(document).find(_W + "body")
    if body is None:
        raise ExtractionError("Tệp Word không có nội dung. Hãy kiểm tra lại tệp rồi gửi lại.")
    numbering = _numbering(package)
    lines = "\n".join(_blocks(body, numbering))
    return _paged(nfc(mend_legacy(lines)[0]))


def _paged(text: str) -> Extracted:
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\f")]
    return Extracted(text.replace("\f", "\n"), tuple(starts), "docx")


def _blocks(parent: etree._Element, numbering: _Numbering) -> Iterator[str]:
    for element in parent:
        if element.tag == _W + "p":
            yield from _paragraph(element, numbering)
        elif element.tag == _W + "tbl":
            yield from _table(element, numbering)
        elif element.tag not in _SKIPPED and isinstance(element.tag, str):
            yield from _blocks(element, numbering)


def _table(table: etree._Element, numbering: _Numbering) -> Iterator[str]:
    yield ""
    for row in table.iter(_W + "tr"):
        if next(row.iterancestors(_W + "tbl"), None) is not table:
            continue
        cells = [cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr"), None) is row]
        line = joined_row(["\n".join(_blocks(cell, numbering)) for cell in cells])
        if line:
            yield line
    yield ""


def _paragraph(paragraph: etree._Element, numbering: _Numbering) -> Iterator[str]:
    if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None and not "".join(_runs(paragraph, [])).strip():
        return
    boxes: list[etree._Element] = []
    text = "".join(_runs(paragraph, boxes))
    yield numbering.label(paragraph) + text if text.strip() else text
    for box in boxes:
        yield from _blocks(box, numbering)


def _runs(parent: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    for element in parent:
        tag = element.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            continue
        if tag == _W + "t":
            yield element.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == _W + "br":
            yield "\f" if element.get(_W + "type") == "page" else "\n"
        elif tag == _W + "txbxContent":
            boxes.append(element)
        elif tag == _W + "r" and element.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        else:
            yield from _runs(element, boxes)


def _numbering(package: Package) -> _Numbering:
    out = _Numbering()
    data = package.read("word/numbering.xml")
    if data is None:
        return out
    root = parse_xml(data)
    lists = {
        item.get(_W + "abstractNumId") or "": {
            int(level.get(_W + "ilvl") or 0): _level(level) for level in item.findall(_W + "lvl")
        }
        for item in root.findall(_W + "abstractNum")
    }
    for number in root.findall(_W + "num"):
        target = number.find(_W + "abstractNumId")
        if target is not None:
            levels = dict(lists.get(target.get(_W + "val") or "", {}))
            for change in number.findall(_W + "lvlOverride"):
                depth = int(change.get(_W + "ilvl") or 0)
                start, level = change.find(_W + "startOverride"), change.find(_W + "lvl")
                old = _level(level) if level is not None else levels.get(depth, _Level())
                begin = int(start.get(_W + "val") or 1) if start is not None else old.start
                levels[depth] = _Level(old.form, old.pattern, begin)
            out.levels[number.get(_W + "numId") or ""] = levels
    _number_styles(package, out)
    return out


def _level(level: etree._Element) -> _Level:
    form, pattern, start = (level.find(_W + name) for name in ("numFmt", "lvlText", "start"))
    return _Level(
        (form.get(_W + "val") or "decimal") if form is not None else "decimal",
        (pattern.get(_W + "val") or "") if pattern is not None else "%1.",
        int(start.get(_W + "val") or 1) if start is not None else 1,
    )


def _number_styles(package: Package, out: _Numbering) -> None:
    data = package.read("word/styles.xml")
    if data is None:
        return
    based: dict[str, str] = {}
    for style in parse_xml(data).findall(_W + "style"):
        name = style.get(_W + "styleId") or ""
        base = style.find(_W + "basedOn")
        if base is not None:
            based[name] = base.get(_W + "val") or ""
        number, depth = style.find(f"{_W}pPr/{_W}numPr/{_W}numId"), style.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        if number is not None:
            level = int(depth.get(_W + "val") or 0) if depth is not None else 0
            out.styles[name] = (number.get(_W + "val") or "0", level)
    for name, parent in based.items():
        seen, parent_name = {name}, parent
        while name not in out.styles and parent_name and parent_name not in seen:
            if parent_name in out.styles:
                out.styles[name] = out.styles[parent_name]
            seen.add(parent_name)
            parent_name = based.get(parent_name, "")


def _count(value: int, form: str) -> str:
    if form == "decimalZero":
        return f"{value:02}"
    if form in {"lowerLetter", "upperLetter"}:
        letter = _LETTERS[(value - 1) % 26] * ((value - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        out, left = "", value
        for size, sign in _ROMANS:
            out += sign * (left // size)
            left %= size
        return out.upper() if form == "upperRoman" else out
    return str(value)
