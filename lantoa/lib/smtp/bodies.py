"""The text of a part as pieces: fixed bytes and blanks in turn, in the transfer encodings of MIME (RFC 2045).

What is filled into a blank can neither end a line nor leave the encoding, however it is written.
"""

from __future__ import annotations

import html
import re
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5321 §4.5.3.1.6)."""
_LEAST_ROOM = 120
"""Octets a blank must have in its line; where there is less, the part is quoted."""
_ENDS = re.compile(r"\r\n|\r|\n")
_RUNS = re.compile(rb"[ \t]+")
_TRAILING = re.compile(rb"[ \t]+(?=\r\n)")


class Blank(Protocol):
    """A place that is filled for each recipient."""

    @property
    def name(self) -> str:
        """Which of a recipient's fields fills it."""
        ...

    def fill(self, fields: Mapping[str, str]) -> str:
        """The words for one recipient."""
        ...


Words = Sequence["str | Blank"]
"""Fixed words and blanks, as they come."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A blank in a part: how its words, with single spaces, are written, and the octets its line has for them."""

    blank: Blank
    write: Callable[[str], bytes]
    room: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Part:
    """A part's text in one transfer encoding."""

    encoding: str
    """`7bit`, `8bit` or `quoted-printable`."""
    pieces: Sequence[bytes | Hole]


def lines_of(words: Words) -> Words:
    """The words with every line end as CRLF and no other control character but the tab, and none at their end."""
    lines = [_tidy(word) if isinstance(word, str) else word for word in words]
    if lines and isinstance(last := lines[-1], str):
        lines[-1] = last.rstrip("\r\n\t ")
    return lines if lines not in ([], [""]) else []


def _tidy(text: str) -> str:
    lines = (
        line if line.isprintable() else "".join(c for c in line if c == "\t" or _may_stand(c))
        for line in _ENDS.split(text)
    )
    return "\r\n".join(lines)


def _may_stand(letter: str) -> bool:
    code = ord(letter)
    return not (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000)


def one_space(text: str) -> str:
    """The words of a blank with single spaces and none at the ends: so a signature knows them without looking."""
    return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text


def _as_text(value: str) -> bytes:
    return value.encode("utf-8", "replace")


def _as_html(value: str) -> bytes:
    return html.escape(value).encode("utf-8", "replace")


def _as_quoted_text(value: str) -> bytes:
    return _quoted(_as_text(value))


def _as_quoted_html(value: str) -> bytes:
    return _quoted(_as_html(value))


def _quoted(data: bytes) -> bytes:
    """Quoted-printable in lines of at most 75 characters, so that a soft line end may follow."""
    room_kept = b2a_qp(data + b"x", istext=True)[:-1]
    return room_kept if b"\r\n" in data else room_kept.replace(b"=\n", b"=\r\n")


def plain_part(words: Words, *, is_html: bool) -> Part | None:
    """The part as it is (`7bit` or `8bit`), for a peer with 8BITMIME; None when a line would be too long.

    `words` are what `lines_of` gave.
    """
    write = _as_html if is_html else _as_text
    pieces: list[bytes | Hole] = []
    for line, is_last in _by_line(words):
        blanks = [word for word in line if not isinstance(word, str)]
        fixed = sum(len(word.encode()) for word in line if isinstance(word, str))
        room = (LONGEST_LINE - fixed) // max(len(blanks), 1)
        if room < (_LEAST_ROOM if blanks else 0):
            return None
        pieces += [word.encode() if isinstance(word, str) else Hole(word, write, room) for word in line]
        pieces.append(b"" if is_last else b"\r\n")
    has_blanks = any(isinstance(piece, Hole) for piece in pieces)
    is_ascii = all(piece.isascii() for piece in pieces if isinstance(piece, bytes))
    return Part("7bit" if is_ascii and not has_blanks else "8bit", pieces)


def _by_line(words: Words) -> list[tuple[Words, bool]]:
    lines: list[list[str | Blank]] = [[]]
    for word in words:
        if not isinstance(word, str):
            lines[-1].append(word)
            continue
        first, *others = word.split("\r\n")
        lines[-1].append(first)
        lines += [[other] for other in others]
    return [(line, number == len(lines)) for number, line in enumerate(lines, 1)]


def quoted_part(words: Words, *, is_html: bool) -> Part:
    """The part in quoted-printable: each blank stands on encoded lines of its own, between soft line ends."""
    write = _as_quoted_html if is_html else _as_quoted_text
    pieces: list[bytes | Hole] = []
    for number, word in enumerate(words, 1):
        if not isinstance(word, str):
            pieces += [Hole(word, write), b"=\r\n"]
        elif number == len(words):
            data = b2a_qp(word.encode(), istext=True)
            pieces.append(data if b"\r\n" in data else data.replace(b"=\n", b"=\r\n"))
        elif word:
            pieces.append(_quoted(word.encode()) + (b"" if word.endswith("\n") else b"=\r\n"))
    return Part("quoted-printable", pieces)


def canonical(body: bytes, *, is_end: bool = True) -> bytes:
    """A body in the canonical form that signatures are over (RFC 6376 §3.4.4, relaxed); or a stretch before its end."""
    tidy = _TRAILING.sub(b"", _RUNS.sub(b" ", body))
    if not is_end:
        return tidy
    tidy = tidy.rstrip(b"\r\n ")
    return tidy + b"\r\n" if tidy else b""
