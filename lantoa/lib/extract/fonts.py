"""Text whose font says how it is encoded: `.VnTime` and its kin (TCVN3), `VNI-Times` and its kin, symbol fonts.

A word processor names the font of each run, so a document may mix old fonts with Unicode. Runs in an old font are
marked while the text is walked and put right together at the end, for whether the text really is in that encoding
(many converted documents keep the old font's name over Unicode text) shows only in all of it.
"""

from __future__ import annotations

import re

from lantoa.lib.extract.packed import check_length
from lantoa.lib.vietnamese import from_font, looks_vietnamese, mend_legacy, nfc

_OPEN = {"tcvn3": "\ufdd0", "tcvn3-capitals": "\ufdd1", "vni": "\ufdd2"}
_CLOSE = "\ufddf"
_MARKED = {name: re.compile(f"{mark}([^\ufdd0-\ufddf]*){_CLOSE}") for name, mark in _OPEN.items()}
_NONCHARACTERS = dict.fromkeys(range(0xFDD0, 0xFDE0), None)
_ANY_MARK = re.compile("[\ufdd0-\ufddf]")
_BEYOND_LATIN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_FROM_SYMBOL = {0xF000 + code: code for code in range(0x20, 0x100)}
_BOXES = {0xFE: "☒", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x52: "☑", 0xFC: "✓", 0x71: "☐"}
_ARROWS = {0xE0: "→", 0xDE: "⇒", 0xAE: "→", 0xF0: "⇨"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = 3


def encoding_of(font: str) -> str | None:
    """Name the old encoding a font stands for: `tcvn3`, `tcvn3-capitals`, `vni`, or None."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return "tcvn3-capitals" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith(("vni-", "vni ")) else None


def is_symbol_font(font: str) -> bool:
    """Whether a font shows signs in place of letters."""
    return font.strip().casefold().startswith(("symbol", "wingdings", "webdings", "zapf dingbats", "marlett"))


def symbol(code: int) -> str:
    """Give a sign of a symbol font as the nearest Unicode sign; whatever is not known is taken for a bullet."""
    low = code - 0xF000 if code >= 0xF000 else code
    return _BOXES.get(low) or _ARROWS.get(low) or "•"


def marked(text: str, font: str) -> str:
    """Give the text of a run, marked when its font stands for an old encoding."""
    clean = text.translate(_NONCHARACTERS)
    name = encoding_of(font) if font else None
    return f"{_OPEN[name]}{clean.translate(_FROM_SYMBOL)}{_CLOSE}" if name and clean.strip() else clean


def settled(text: str) -> str:
    """Put marked runs right and take the marks away; then whatever else is in an old encoding. The result is NFC.

    Raises `ExtractionError` when the text is longer than a thousand pages, before any work on it.
    """
    check_length(len(text))
    for name, mark in _OPEN.items():
        if mark in text:
            text = _settle(text.replace(_CLOSE + mark, ""), name)
    text = _ANY_MARK.sub("", text)
    if _SURROGATE.search(text):  # pairs written one escape after the other
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return nfc(_mended(text))


def _settle(text: str, name: str) -> str:
    runs = " ".join(_MARKED[name].findall(text))
    if looks_vietnamese(runs) and _BEYOND_LATIN.search(runs):
        return _MARKED[name].sub(r"\1", text)
    encoding = name.removesuffix("-capitals")

    def turned(found: re.Match[str]) -> str:
        words = from_font(found[1], encoding)
        return words.upper() if name != encoding else words

    return _MARKED[name].sub(turned, text)


def _mended(text: str) -> str:
    """Mend the whole text, else those paragraphs in it that are in an old encoding among others that are not."""
    whole, name = mend_legacy(text)
    if name or not looks_vietnamese(text):
        return whole
    return "\n".join(line if looks_vietnamese(line) else _mended_line(line) for line in text.split("\n"))


def _mended_line(line: str) -> str:
    if sum(not word.isascii() for word in line.split()) < _WORDS:
        return line
    return mend_legacy(line)[0]
