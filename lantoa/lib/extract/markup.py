"""HTML and RTF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser
from striprtf.striprtf import rtf_to_text

from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.vietnamese import decode_text, mend_legacy, nfc

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tbody", "thead", "section", "article",
    "header", "footer", "blockquote", "pre", "center", "body", "dl", "dd", "dt", "hr",
}  # fmt: skip
_SILENT = {"script", "style", "head", "template", "noscript", "svg", "title", "select", "option", "button"}


def read_html(data: bytes) -> Extracted:
    """Read the text of an HTML page as it stands on the screen, tables row by row."""
    try:
        source, _ = decode_text(data)
    except ValueError:
        source = data.decode("utf-8", errors="replace")
    body = LexborHTMLParser(source).body
    text = _text_of(body) if body is not None else ""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return Extracted(nfc(mend_legacy("\n".join(lines).strip("\n"))[0]), (0,), "html")


def _text_of(node: LexborNode) -> str:
    parts: list[str] = []
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text":
            parts.append(" ".join((child.text_content or "").replace("\n", " ").split(" ")))
        elif tag == "br":
            parts.append("\n")
        elif tag == "tr":
            cells = [_text_of(cell) for cell in child.iter() if cell.tag in {"td", "th"}]
            parts.append("\n" + joined_row([_squeezed(cell) for cell in cells]) + "\n")
        elif tag in _BLOCKS:
            inner = _text_of(child).strip(" ")
            parts.append("\n" + ("" if inner.lstrip().startswith(("-", "–", "•")) else _listed(child)) + inner + "\n")
        elif tag and tag not in _SILENT and not tag.startswith("-"):
            parts.append(_text_of(child))
    return "".join(parts)


def _listed(node: LexborNode) -> str:
    """Give the number or dash a browser prints before an item."""
    parent = node.parent
    if node.tag != "li" or parent is None:
        return ""
    if parent.tag != "ol":
        return "- "
    place, sibling = 1, node.prev
    while sibling is not None:
        place += sibling.tag == "li"
        sibling = sibling.prev
    return f"{place}. "


def _squeezed(cell: str) -> str:
    return "\n".join(line.strip() for line in cell.split("\n") if line.strip())


def read_rtf(data: bytes) -> Extracted:
    """Read the text of an RTF file. Raises `ExtractionError` when it cannot be parsed."""
    try:
        text = rtf_to_text(  # type: ignore[no-untyped-call]  # striprtf has no types
            data.decode("latin-1"), encoding="cp1252", errors="replace"
        )
    except Exception as error:  # the parser raises what it happens to meet in a broken file
        raise ExtractionError("Tệp RTF bị hỏng. Hãy mở bằng Word, lưu thành DOCX rồi gửi lại.") from error
    return Extracted(nfc(mend_legacy(text.replace("\x0c", "\n"))[0]), (0,), "rtf")
