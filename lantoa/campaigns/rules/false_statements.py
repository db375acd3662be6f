"""Statements a pack knows to be false, found in any text before it is released."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.campaigns.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class FalseStatement:
    """A false statement found in a text, why it is false and what is right. In Vietnamese."""

    key: str
    quote: str
    start: int
    why: str
    right: str


def find_false_statements(pack: Pack, text: str) -> tuple[FalseStatement, ...]:
    """All places of `text` that say what the pack knows to be false.

    A text written without tones (an SMS) is compared with patterns without tones. A question states nothing:
    `Có phải đổi số không?` is none.
    """
    text = unicodedata.normalize("NFC", text)
    bare = _TONED.search(text) is None
    return tuple(
        FalseStatement(statement["key"], match[0], match.start(), statement["why"], statement["right"])
        for statement in pack.false_statements
        for match in pattern_of(statement, bare=bare).finditer(text)
        if not _asks(text, match.end())
    )


def _asks(text: str, place: int) -> bool:
    """Whether the sentence that holds `place` is a question."""
    end = re.search(r"[.!?\n]", text[place:])
    return end is not None and end[0] == "?"


def pattern_of(statement: Mapping[str, str], *, bare: bool = False) -> re.Pattern[str]:
    """Compile the statement's pattern; `bare` without tones. Raises `re.error` when it is broken."""
    return _compiled(statement["pattern"], bare=bare)


@lru_cache(maxsize=512)
def _compiled(pattern: str, *, bare: bool) -> re.Pattern[str]:
    pattern = unicodedata.normalize("NFC", pattern)
    return re.compile((strip_tones(pattern) if bare else pattern).replace(" ", r"\s"), re.IGNORECASE)


_TONED = re.compile(
    "[\u0300-\u036fđĐ"
    + "".join(chr(code) for code in range(0xC0, 0x2000) if unicodedata.normalize("NFD", chr(code)) != chr(code))
    + "]"
)
"""A letter with a mark, or a mark."""


def strip_tones(text: str) -> str:
    """`Từ ngày` as `Tu ngay`, the way an SMS without tones is written."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("Đ", "D"))
