"""Header values that no name or title can break out of: encoded words, display names, folding (RFC 5322, RFC 2047)."""

from __future__ import annotations

import re
from binascii import b2a_base64

LINE = 76
"""Longest line that holds an encoded word, without its end (RFC 2047 §2)."""
_WORD_ROOM = 45
"""UTF-8 octets in an encoded word of at most 75 characters."""
_OPEN, _CLOSE = "=?utf-8?b?", "?="
_PHRASE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ]{0,58}[A-Za-z0-9])?")
_TITLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def one_line(text: str) -> str:
    """The text as a header can say it: white space and control characters in a row are one space."""
    plain = text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split()) if "  " in plain or plain[:1] == " " or plain[-1:] == " " else plain


def encoded(text: str, column: int) -> str:
    """Encoded words (RFC 2047), folded; the first of them stands at `column` of its line."""
    data = text.encode("utf-8", "replace")
    room = min(_WORD_ROOM, (LINE - column - len(_OPEN) - len(_CLOSE)) // 4 * 3)
    if len(data) <= room:
        return f"{_OPEN}{b2a_base64(data, newline=False).decode()}{_CLOSE}"
    return "\r\n ".join(
        f"{_OPEN}{b2a_base64(piece, newline=False).decode()}{_CLOSE}" for piece in _pieces(data, max(room, 4))
    )


def _pieces(data: bytes, room: int) -> list[bytes]:
    """Cut UTF-8 between characters, the first piece to `room`, the others to what a whole word holds."""
    pieces, start = [], 0
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end])
        start, room = end, _WORD_ROOM
    return pieces


def title(text: str, column: int) -> str:
    """An unstructured value such as a subject's, beginning at `column`."""
    line = one_line(text)
    fits = column + len(line) <= LINE and _TITLE.fullmatch(line) and "=?" not in line
    return line if fits or not line else encoded(line, column)


def named(name: str, address: str, column: int) -> str:
    """A mailbox with its display name, `=?utf-8?b?…?= <a@b>`, beginning at `column`; folded before the address."""
    line = one_line(name)
    if not line:
        return address if column + len(address) <= LINE else f"<{address}>"
    phrase = line if line.isascii() and _PHRASE.fullmatch(line) else encoded(line, column)
    if column + len(phrase) + len(address) + 3 <= LINE:
        return f"{phrase} <{address}>"
    last = len(phrase) - phrase.rfind("\n")  # one too many, as the space at a folded line's begin is one too few
    is_wide = "\n" not in phrase or last + len(address) + 2 > LINE
    return f"{phrase}\r\n <{address}>" if is_wide else f"{phrase} <{address}>"


def relaxed(header: str) -> str:
    """A whole header line in the canonical form that signatures are over (RFC 6376 §3.4.2), without its end."""
    name, _, value = header.partition(":")
    return f"{name.strip().lower()}:{' '.join(value.split())}"
