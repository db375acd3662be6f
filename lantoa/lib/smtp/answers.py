"""The words of a message that came in: headers, parts, what a person wrote above what they quote. All of it bounded."""

from __future__ import annotations

import contextlib
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import TYPE_CHECKING

from lantoa.lib.extract import ExtractionError
from lantoa.lib.extract.markup import read_html
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_PARTS = 60
_MOST_DEPTH = 8
_LONGEST_HEADER = 2_000
_LONGEST_TEXT = 100_000
_QUOTED = re.compile(
    r"^(?:>|-{2,} ?(?:original message|thư gốc|forwarded)|_{20,}|(?:on|vào)\b[^\n]{5,200}(?:wrote|đã viết|viết) ?:\s*$|"
    r"(?:from|từ): [^\n]*@)",
    re.IGNORECASE,
)


def header(message: Message, name: str) -> str:
    """A header's value on one line, encoded words read; empty when it is not there."""
    value = str(message.get(name, ""))[:_LONGEST_HEADER]
    if "=?" in value:
        with contextlib.suppress(ValueError, LookupError, HeaderParseError):  # else it is left as it stands
            value = str(make_header(decode_header(value)))
    return nfc(" ".join(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split()))


def parts_of(message: Message) -> Iterator[Message]:
    """The parts of a message in order, not those of a message inside it."""
    queue, count = [(message, 0)], 0
    while queue and count < _MOST_PARTS:
        part, depth = queue.pop()
        count += 1
        yield part
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list) and depth < _MOST_DEPTH:
            queue += [(inner, depth + 1) for inner in reversed(content) if isinstance(inner, Message)]


def text_of(parts: Sequence[Message]) -> str:
    """The readable text: the first plain one, else that of a page."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                data = part.get_payload(decode=True)
                text = _readable(data, kind, part.get_content_charset() or "utf-8") if isinstance(data, bytes) else ""
                if text.strip():
                    return text
    return ""


def _readable(data: bytes, kind: str, charset: str) -> str:
    data = data[:_LONGEST_TEXT]
    if kind == "text/html":
        try:
            return read_html(data).text
        except ExtractionError:
            return ""
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return nfc("".join(letter for letter in text.replace("\r\n", "\n") if letter.isprintable() or letter in "\n\t"))


def answer_of(text: str) -> str:
    """What the person wrote: up to where the quoted original begins."""
    lines: list[str] = []
    for line in text.splitlines():
        if _QUOTED.match(line):
            break
        lines.append(line.rstrip())
    return "\n".join(lines).strip()[:10_000]
