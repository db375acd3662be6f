"""HTML: the page as it stands on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from lantoa.lib.extract.document import Extracted, joined_row
from lantoa.lib.extract.fonts import encoding_of, marked, settled
from lantoa.lib.extract.numbering import count_as
from lantoa.lib.extract.packed import check_marks
from lantoa.lib.vietnamese import decode_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tbody", "thead", "tfoot", "section",
    "article", "header", "footer", "blockquote", "pre", "center", "body", "dl", "dd", "dt", "hr", "main", "form",
    "fieldset", "figure", "address", "caption",
}  # fmt: skip
_SILENT = {
    "script", "style", "head", "template", "noscript", "svg", "title", "select", "option", "button", "textarea", "del",
    "iframe", "object", "audio", "video", "canvas", "map", "nav", "rt",
}  # fmt: skip
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_FONT = re.compile(r"font-family\s*:\s*[\"']?([^;,\"']{1,60})", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,30})", re.IGNORECASE)
_BLANKS = re.compile("\n{3,}")
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SINGLE_BYTE = {"windows-1258", "windows-1252", "iso-8859-1", "cp1258", "us-ascii"}
_MOST_DEPTH = 400


def read_html(data: bytes) -> Extracted:
    """Read the text of an HTML page as it stands on the screen, tables row by row.

    Raises `ExtractionError` when it has more marks than a document of thousands of pages.
    """
    check_marks(data)
    body = LexborHTMLParser(_decoded(data)).body
    text = _text_of(body, 0) if body is not None else ""
    lines = [" ".join(line.split()) for line in settled(text).split("\n")]
    return Extracted(_BLANKS.sub("\n\n", "\n".join(lines)).strip("\n"), (0,), "html")


def _decoded(data: bytes) -> str:
    """Decode a page by its bytes; where they are UTF-8 or Vietnamese in no known way, by what the page states."""
    try:
        return decode_text(data)[0]
    except ValueError:
        stated = _CHARSET.search(data[:4096])
        name = stated[1].decode().casefold() if stated else "utf-8"
        return data.decode(name if name in _SINGLE_BYTE else "utf-8", errors="replace")


def _text_of(node: LexborNode, depth: int) -> str:
    """Text of a node's children; beyond the depth any page has, the text without its layout."""
    if depth > _MOST_DEPTH:
        return str(node.text(deep=True, separator=" "))
    parts: list[str] = []
    place = 0
    font = _font(node)
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text":
            parts.append(marked((child.text_content or "").replace("\n", " ").replace("\r", " "), font))
        elif tag == "br":
            parts.append("\n")
        elif tag in _SILENT or not tag or tag.startswith("-") or _is_hidden(child):
            continue
        elif tag == "tr":
            parts.append("\n" + _row(child, depth) + "\n")
        elif tag in _BLOCKS:
            inner = _text_of(child, depth + 1).strip(" ")
            place = _place(child, place) if tag == "li" else place
            mark = "" if inner.lstrip().startswith(("-", "–", "•", "+")) else _item_mark(child, place)
            parts.append("\n" + mark + (inner.lstrip() if mark else inner) + "\n")
        else:
            parts.append(_text_of(child, depth + 1))
    return "".join(parts)


def _row(row: LexborNode, depth: int) -> str:
    cells = [_text_of(cell, depth + 1) for cell in row.iter() if cell.tag in {"td", "th"} and not _is_hidden(cell)]
    return joined_row(["\n".join(line.strip() for line in cell.split("\n") if line.strip()) for cell in cells])


def _place(item: LexborNode, last: int) -> int:
    stated = item.attributes.get("value") or ""
    first = (item.parent.attributes.get("start") or "") if item.parent is not None and not last else ""
    given = stated or first
    return int(given) if given.isdecimal() and len(given) < 6 else last + 1


def _item_mark(item: LexborNode, place: int) -> str:
    """Give the number or dash a browser prints before an item."""
    parent = item.parent
    if item.tag != "li" or parent is None or "none" in (parent.attributes.get("style") or ""):
        return ""
    if parent.tag != "ol":
        return "- "
    return f"{count_as(place, _FORMS.get(parent.attributes.get('type') or '', 'decimal'))}. "


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None


def _font(node: LexborNode) -> str:
    """Give the font a node states, when it is one of an old encoding; one that only inherits it is read by its text."""
    attributes = node.attributes
    styled = _FONT.search(attributes.get("style") or "")
    name = (attributes.get("face") or "").split(",")[0] or (styled[1] if styled else "")
    return name if name and encoding_of(name) else ""
