"""What the styles and lists of a DOCX say of its paragraphs and runs: numbers, hidden text, fonts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lantoa.lib.extract.numbering import Level, Numbering
from lantoa.lib.extract.packed import parse_xml

if TYPE_CHECKING:
    from lxml import etree

    from lantoa.lib.extract.packed import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off"}
_MOST_BASES = 20


@dataclass(frozen=True, slots=True)
class Style:
    """One style: what it is based on, and what it says itself."""

    base: str = ""
    list_number: str | None = None
    depth: int | None = None
    font: str = ""
    is_hidden: bool | None = None


@dataclass(slots=True)
class Styles:
    """The styles of a document by identifier, its default font, and its lists."""

    by_id: dict[str, Style] = field(default_factory=dict)
    font: str = ""
    numbering: Numbering = field(default_factory=Numbering)

    def resolved(self, name: str) -> Style:
        """Give a style with what it leaves open taken from those it is based on."""
        found, seen = self.by_id.get(name, Style()), {name}
        while found.base and found.base not in seen and len(seen) < _MOST_BASES:
            seen.add(found.base)
            base = self.by_id.get(found.base, Style())
            number = found.list_number if found.list_number is not None else base.list_number
            found = Style(
                base.base,
                number,
                found.depth if found.depth is not None else base.depth,
                found.font or base.font,
                found.is_hidden if found.is_hidden is not None else base.is_hidden,
            )
        self.by_id[name] = replace(found, base="")
        return self.by_id[name]

    def label(self, paragraph: etree._Element) -> str:
        """Count this paragraph in its list and give its printed number, empty when it has none."""
        style = self.resolved(value_of(paragraph, "pPr", "pStyle") or self.default_paragraph)
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, depth = style.list_number, style.depth or 0
        if own is not None:
            number = value_of(own, "numId") or number
            depth = whole(value_of(own, "ilvl"), depth)
        return self.numbering.label(number, depth) if number and number != "0" else ""

    default_paragraph: str = ""


def value_of(element: etree._Element, *path: str) -> str | None:
    """Give the `w:val` of the element at a path of local names."""
    found = element.find("/".join(W + step for step in path))
    return found.get(W + "val") if found is not None else None


def is_on(element: etree._Element | None) -> bool | None:
    """Whether a switch (`w:vanish`) is set; None when it is not there."""
    return None if element is None else (element.get(W + "val") or "1") not in _OFF


def whole(text: str | None, otherwise: int) -> int:
    """Read a small whole number; `otherwise` when it is missing, not a number or beyond what Word takes."""
    text = (text or "").strip()
    sane = len(text) <= 6 and text.removeprefix("-").isdecimal()
    return int(text) if sane else otherwise


def font_of(properties: etree._Element | None) -> str:
    """Give the font of run properties for Latin letters."""
    fonts = properties.find(W + "rFonts") if properties is not None else None
    return (fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "") if fonts is not None else ""


def read_styles(package: Package) -> Styles:
    """Read `styles.xml` and `numbering.xml`; a document without them has none."""
    out = Styles()
    data = package.read("word/styles.xml")
    for style in parse_xml(data).iter(W + "style", W + "docDefaults") if data else ():
        if style.tag == W + "docDefaults":
            out.font = font_of(style.find(f"{W}rPrDefault/{W}rPr"))
            continue
        name = style.get(W + "styleId") or ""
        run, depth = style.find(W + "rPr"), value_of(style, "pPr", "numPr", "ilvl")
        out.by_id[name] = Style(
            base=value_of(style, "basedOn") or "",
            list_number=value_of(style, "pPr", "numPr", "numId"),
            depth=whole(depth, 0) if depth is not None else None,
            font=font_of(run),
            is_hidden=is_on(run.find(W + "vanish")) if run is not None else None,
        )
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true", "on"}:
            out.default_paragraph = name
    _read_lists(package, out)
    return out


def _read_lists(package: Package, out: Styles) -> None:
    data = package.read("word/numbering.xml")
    if data is None:
        return
    root = parse_xml(data)
    abstracts = {item.get(W + "abstractNumId") or "": item for item in root.findall(W + "abstractNum")}
    sources = {
        number.get(W + "numId") or "": value_of(number, "abstractNumId") or "" for number in root.findall(W + "num")
    }
    definitions = {key: _levels(item, out) for key, item in abstracts.items()}
    for key, item in abstracts.items():
        link = value_of(item, "numStyleLink")
        target = sources.get(out.resolved(link).list_number or "") if link else None
        if target in definitions:
            definitions[key] = definitions[target]
    for number in root.findall(W + "num"):
        name = number.get(W + "numId") or ""
        out.numbering.levels[name] = dict(definitions.get(sources[name], {}))
        out.numbering.sources[name] = sources[name]
        _override(number, name, out.numbering)


def _levels(abstract: etree._Element, out: Styles) -> dict[int, Level]:
    levels = {}
    for item in abstract.findall(W + "lvl"):
        depth = whole(item.get(W + "ilvl"), 0)
        levels[depth] = _level(item)
        style = value_of(item, "pStyle")
        if style in out.by_id and out.by_id[style].depth is None:
            out.by_id[style] = replace(out.by_id[style], depth=depth)
    return levels


def _override(number: etree._Element, name: str, numbering: Numbering) -> None:
    for change in number.findall(W + "lvlOverride"):
        depth = whole(change.get(W + "ilvl"), 0)
        start, level = value_of(change, "startOverride"), change.find(W + "lvl")
        if level is not None:
            numbering.levels[name][depth] = _level(level)
        if start is not None:
            numbering.restarts.setdefault(name, {})[depth] = whole(start, 1)


def _level(item: etree._Element) -> Level:
    form = item.find(".//" + W + "numFmt")
    name = (form.get(W + "val") or "decimal") if form is not None else "decimal"
    if form is not None and name == "custom":
        name = (form.get(W + "format") or "").split(",")[0].strip()
    pattern, restart = value_of(item, "lvlText"), value_of(item, "lvlRestart")
    return Level(
        name,
        pattern if pattern is not None else "",
        whole(value_of(item, "start"), 1),
        is_legal=is_on(item.find(W + "isLgl")) is True,
        restarts_after=whole(restart, 0) if restart is not None else None,
    )
