"""The words of a rendering as its file shows or says them: what the check before release reads."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

import pypdfium2
from lxml import etree

from lantoa.content.rules.kinds import ATOM, DOCX, HTML, JSON, PDF, TEXT
from lantoa.content.rules.slots import fill_slots
from lantoa.lib.extract.markup import read_html
from lantoa.lib.extract.word import read_docx
from lantoa.lib.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lantoa.content.models import Rendering

LIGHT = (TEXT, HTML, JSON, ATOM)
"""Media types whose files are little more than their words."""
VERSION = 4
"""Of the way text is taken from a file: a text kept by another is taken anew."""
_TAKEN = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_META = re.compile(r'<meta (?:name|property)="(?:description|og:title|og:description)" content="([^"]*)"')
_BROKEN_ADDRESS = re.compile("\u200b\\s*\n")
_WRAPPED = re.compile("[ \u00a0]+\r?\n")
_BROKEN_WORD = re.compile("[\ufffe\u0002][ \u00a0]*(?:\r?\n)?")
"""A hyphen at the end of a line, as pdfium gives it: `TT-` and `BTTTT` on the next."""
_BROKEN_FIGURE = re.compile(r"(?<=\d[/-])\n(?=[\dA-ZĐ])|(?<=[A-ZĐ]-)\n(?=[A-ZĐ])")
"""A date or a document's number broken at its own sign: `10/2024/` and `TT-BTTTT` on the next line."""
_UNSEEN = re.compile("[\u200b\u200c\u200d\ufeff\u00ad]")


def shown_text(rendering: Rendering) -> str:
    """Everything the rendering's file says, in reading order; of sound and pictures the words kept beside them.

    Text taken from a PDF or DOCX is kept in the store under the rendering's hash. A lost file is read from its words.
    """
    path = rendering.path
    if rendering.media_type.startswith(("audio/", "image/")):
        return "\n\n".join(filter(None, (rendering.details.get("alt", ""), rendering.words)))
    if not path.exists():
        words: str = rendering.words
        return words
    if rendering.media_type in (TEXT, JSON):
        return text_of(path.read_bytes(), rendering.media_type, rendering.words)
    return take_text(path, rendering.media_type)


TAKEN = (PDF, DOCX, HTML, ATOM)
"""Media types whose words are taken from the file, and kept beside it."""


def take_text(path: Path, media_type: str) -> str:
    """The text of a file of the store of one of the media types `TAKEN`, kept beside it; of another none."""
    if media_type not in TAKEN:
        return ""
    kept = path.with_suffix(f".text{VERSION}")
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    text = unicodedata.normalize("NFC", _taken(path, media_type))
    write_whole(kept, text.encode())
    return text


def _taken(path: Path, media_type: str) -> str:
    if media_type == PDF:
        return _pdf_text(path)
    if media_type in LIGHT:
        return text_of(path.read_bytes(), media_type)
    return read_docx(path.read_bytes()).text


def text_of(data: bytes, media_type: str, words: str = "") -> str:
    """What a file of one of the `LIGHT` media types says; `words` are those kept beside a message."""
    if media_type == TEXT:
        return data.decode()
    if media_type == JSON:
        return _message_text(json.loads(data), words)
    return _entry_text(data) if media_type == ATOM else _html_text(data)


def _pdf_text(path: Path) -> str:
    """Pages one after the other; a line the page broke runs on, and so does an address."""
    with pypdfium2.PdfDocument(path) as document:
        pages = []
        for page in document:
            layer = page.get_textpage()
            pages.append(layer.get_text_bounded().replace("\r\n", "\n"))
            layer.close()
            page.close()
    return in_running_lines("\n\n".join(without_numbers(pages)))


def in_running_lines(text: str) -> str:
    """Text of a printed page with the lines that the page broke joined again: words, addresses, dates, numbers."""
    text = _BROKEN_WORD.sub("-", _BROKEN_ADDRESS.sub("", text))
    return _BROKEN_FIGURE.sub("", _WRAPPED.sub(" ", _UNSEEN.sub("", text)))


def without_numbers(pages: list[str]) -> list[str]:
    """The pages without the number that ends a running head or foot: what is before it is on other pages too."""
    feet = Counter(
        foot for number, page in enumerate(pages, 1) for foot in {match[1] for match in _foot(number).finditer(page)}
    )
    return [
        _foot(number).sub(lambda match: match[1] if feet[match[1]] > 1 else match[0], page)
        for number, page in enumerate(pages, 1)
    ]


def _foot(number: int) -> re.Pattern[str]:
    return re.compile(rf"(?m)^(.*\S)[ \u00a0]+{number}[ \u00a0]*$")


def _message_text(message: dict[str, Any], words: str) -> str:
    """What is shown of a message handed over as JSON: its own words, or those its carrier approved, and what it fills.

    Slots are read as by somebody nothing is known of.
    """
    said = [message.get("title", ""), message.get("body", "")] if "body" in message else [words]
    filled = [fill_slots(value) for value in message.get("params", {}).values()]
    return "\n\n".join(filter(None, [*said, *(value for value in filled if value not in words)]))


def _entry_text(data: bytes) -> str:
    """An Atom entry as a feed reader shows it: title, summary, and the words of its HTML."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    parts = {etree.QName(node).localname: node.text or "" for node in root}
    shown = read_html(f"<main>{parts.get('content', '')}</main>".encode()).text
    return "\n\n".join(filter(None, (parts.get("title", ""), parts.get("summary", ""), shown)))


def _html_text(data: bytes) -> str:
    """What the page shows, and what it tells machines: description, title for sharing, structured data."""
    page = fill_slots(data.decode())
    data = page.encode()
    said = [html.unescape(match[1]) for match in _META.finditer(page)]
    said += [text for match in _TAKEN.finditer(page) for text in _strings(json.loads(match[1]))]
    shown = read_html(data).text
    flat = " ".join(shown.split())
    return "\n\n".join([shown, *(text for text in dict.fromkeys(said) if " ".join(text.split()) not in flat)])


def _strings(data: Any, key: str = "") -> Iterator[str]:
    """Every text of structured data that people may be shown; not its keys, addresses and machine-readable days."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _strings(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value, key)
    elif isinstance(data, str) and not key.startswith("@") and key not in {"url", "mainEntityOfPage", "inLanguage"}:
        yield data
