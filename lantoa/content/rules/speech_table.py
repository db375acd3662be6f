"""How abbreviations and foreign words are said: a table an agency can extend with a file of its own.

A file is TOML with the tables `[abbreviations]`, `[words]` and `[issuers]`, each `"as written" = "as said"`.
`DEFAULT` is the trade's own (`pronunciation.toml` beside this module).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from lantoa.content.rules.speech_words import TRADE, is_syllable

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "pronunciation.toml"
"""What an agency's or a pack's own file is called, in its folder."""

_WORD = re.compile(r"\w+")


class SpeechTableError(ValueError):
    """A file of pronunciations is broken; the file and the entry are named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class SpeechTable:
    """What is said for what is written. A table put on another with `|` adds to it and wins over it."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    """Written exactly so, capitals and all: `UBND`, `đ/c`, `TP.`."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Foreign words, in lower case, however the page writes them: `zalo`."""
    issuers: Mapping[str, str] = field(default_factory=dict)
    """Who issued a document, by the code in its number, where that differs from the abbreviation in a sentence:
    `TT-BTC` is of the Ministry of Finance, BTC in a sentence is an organising committee."""

    def __or__(self, own: SpeechTable) -> SpeechTable:
        """Give this table with the entries of `own` on it."""
        return SpeechTable(
            {**self.abbreviations, **own.abbreviations}, {**self.words, **own.words}, {**self.issuers, **own.issuers}
        )

    def issuer(self, code: str) -> str | None:
        """Say whose document it is; None for a code nobody has named."""
        return self.issuers.get(code) or self.abbreviations.get(code)


def read_table(toml: str, where: str = FILE_NAME) -> SpeechTable:
    """Read an agency's own file; `where` names it in what `SpeechTableError` says.

    What is to be said must itself be sayable: Vietnamese syllables, no digits, no abbreviations.
    """
    try:
        tables = tomllib.loads(unicodedata.normalize("NFC", toml))
    except tomllib.TOMLDecodeError as error:
        raise SpeechTableError(f"{where}: tệp không đúng cú pháp TOML ({error}).") from error
    known = {one.name for one in fields(SpeechTable)}
    if strange := sorted(tables.keys() - known):
        raise SpeechTableError(f"{where}: không có bảng “{strange[0]}”; chỉ có {', '.join(sorted(known))}.")
    checked = {name: _checked(entries, f"{where}, [{name}]") for name, entries in tables.items()}
    words = {written.lower(): said for written, said in checked.get("words", {}).items()}
    return SpeechTable(checked.get("abbreviations", {}), words, checked.get("issuers", {}))


def _checked(entries: object, where: str) -> dict[str, str]:
    if not isinstance(entries, dict):
        raise SpeechTableError(f"{where}: phải là một bảng “chữ viết” = “lời đọc”.")
    for written, said in entries.items():
        if not isinstance(said, str) or not said.strip():
            raise SpeechTableError(f"{where}: “{written}” chưa có lời đọc.")
        if bad := next((word for word in _WORD.findall(said) if not is_syllable(word)), None):
            raise SpeechTableError(f"{where}: lời đọc của “{written}” có “{bad}” không đọc được thành tiếng Việt.")
    return {written: " ".join(said.split()) for written, said in entries.items()}


DEFAULT = SpeechTable(TRADE["abbreviations"], TRADE["words"], TRADE["issuers"])
"""The trade's own table."""
