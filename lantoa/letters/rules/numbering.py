"""The line of number and symbol of a letter (NĐ 30/2020, Phụ lục I, mục II.3), whole or as a scan left it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.garbled import number_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.layout import Piece

_NUMBER = re.compile(r"[\W_]{0,2}[s5](?:[o0](?:\s?[:.;]|(?=\s*[\d/%†{|#…]))|[e6]\s?:)")
_SYMBOL = re.compile(
    r"(?<=[/-])\s*[A-ZĐ][\w&.]*(?:\s?[-–~]\s?\.?[A-ZĐ][\w&.]*)*(?:(?<=[A-ZĐ]{2})[\\|!](?=\s|$))?"
)
_PARTY = re.compile(
    r"\s*(?:(\d+)\s*-\s*(?=[A-ZĐ])|(\S{0,7}?)\s*-\s*(?=(?:CV|CT|NQ|QĐ|HD|KH|BC|TTr|TB|KL|CTr|TT|CĐ|GM)/))"
    r"([A-ZĐ][A-ZĐr]{1,4}/[A-ZĐ][\w&-]*)"
)
"""Number and symbol of Party committees and unions, also with digits a scan has lost."""
_UNSLASHED = re.compile(r"\s*(\d{1,5}[^\W\d]?)\s?(?<=[\w\s])([A-ZĐ]{2,6}(?:\s?-\s?[A-ZĐ][\w&]*)+)")
"""A number and symbol of which a scan has lost the slash."""
_BARE_NUMBER = re.compile(
    r"\W*(?:[sS5]\S{0,2}\W{0,3})?\S{0,6}(?: \S{1,5})?\s?/"
    r"\s?\W?[A-ZĐ][A-ZĐ&r]{1,9}(?:\s?-\s?\W?[A-ZĐ][\w&.]{1,11})*\W*(?:\d{4})?"
)
"""A line that is a number and symbol and nothing else, its label bent or lost."""
STAMP = re.compile(
    r"(?:nguoi )?ky boi|nguoi ky|thoi gian ky|ngay ky|email|co quan:|(?:^\W*|van )den\b\W*(?:so|ngay|gio|\d|$)"
    r"|\bngay\s?:"
    r"|^chuyen:|\S{1,64}@\S+"
    r"|^so va ky hieu|^\d\d[./]\d\d[./]\d{4} \d|chung thu|^gio:|^so den|^\+\d\d:\d\d|^luu ho so"
)
"""What stands in the stamp of a signature or of a letter's arrival."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number, None when open or lost, and the symbol."""

    number: str | None
    symbol: str



def is_number(piece: Piece) -> bool:
    """Whether a piece begins with the label `Số`; in small letters it is one only before nothing but a symbol."""
    if _NUMBER.match(piece.plain) is None:
        return False
    return piece.text.lstrip(" .,'_-:")[:1] in {"S", "5"} or _BARE_NUMBER.fullmatch(piece.text) is not None


def read_number(pieces: Sequence[Piece], findings: Findings) -> Numbered | None:
    """Read number and symbol from the pieces of the head; None, and both in doubt, when no line bears them."""
    stamped = False
    for piece in pieces:
        labelled = is_number(piece)
        stamped = bool(STAMP.match(piece.plain)) or (stamped and not labelled)
        if not labelled or (stamped and "/" not in piece.text):
            continue
        numbered = _note_number(piece, findings)
        if numbered:
            return numbered
    bare = None if stamped else _read_bare_number(pieces, findings)
    if bare:
        return bare
    findings.doubt("number", "Không thấy dòng “Số: …/…”.")
    findings.doubt("symbol", "Không thấy dòng “Số: …/…”.")
    return None


def _read_bare_number(pieces: Sequence[Piece], findings: Findings) -> Numbered | None:
    """Take a number and symbol whose label a scan has lost: a line of the head that is nothing else."""
    for piece in pieces:
        bare = "-" in piece.text and _BARE_NUMBER.fullmatch(piece.text) is not None
        numbered = _note_number(piece, findings) if bare else None
        if numbered:
            for name in ("number", "symbol"):
                findings.doubt(name, f"Nhãn “Số” không đọc được rõ: “{piece.text}”.")
            return numbered
    return None


def _note_number(piece: Piece, findings: Findings) -> Numbered | None:
    label = _NUMBER.match(piece.plain)
    begin = label.end() if label else 0
    found = _joined_number(piece, begin) or _slashed_number(piece, begin)
    if found is None:
        return None
    (start, end), (symbol_start, symbol_end) = found
    number = _number(piece.text[start:end], findings)
    if number:
        findings.stands("number", piece.start + start, piece.start + end)
    findings.stands("symbol", piece.start + symbol_start, piece.start + symbol_end)
    return Numbered(number, _symbol(piece, symbol_start, symbol_end, findings))


def _joined_number(piece: Piece, begin: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Offsets of number and symbol where no slash parts them: `12-CV/ĐU`, `15 QĐ-UBND`."""
    party = _PARTY.match(piece.text, begin)
    if party:
        return party.span(2 if party[1] is None else 1), party.span(3)
    torn = _UNSLASHED.match(piece.text, begin) if "/" not in piece.text else None
    return (torn.span(1), torn.span(2)) if torn else None


def _slashed_number(piece: Piece, begin: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Offsets of number and symbol in `12/UBND-VHTT`: of several parts after a slash the last is the symbol."""
    symbols = list(_SYMBOL.finditer(piece.text, begin))
    if not symbols:
        return None
    symbol = next((found for found in reversed(symbols) if piece.text[found.start() - 1] == "/"), symbols[-1])
    raw = piece.text[begin : symbol.start() - 1].strip(" :.…_-\u00a0")
    at = piece.text.index(raw, begin)
    return (at, at + len(raw)), (symbol.end() - len(symbol[0].lstrip()), symbol.end())


def _symbol(piece: Piece, start: int, end: int, findings: Findings) -> str:
    symbol = re.sub(r"\s*[-–~]\s*\.?", "-", piece.text[start:end].strip()).rstrip(".")
    if symbol[-1] in "\\|!":  # a stroke close to a unit's code is its number
        findings.doubt("symbol", f"Ký hiệu không đọc được rõ: “{piece.text}”.")
        return f"{symbol[:-1]}1"
    return re.sub(r"\s", "", symbol) if "/" in symbol else symbol


def _number(raw: str, findings: Findings) -> str | None:
    if not raw:
        findings.doubt("number", "Số văn bản bỏ trống.")
        return None
    if re.fullmatch(r"\d{1,6}[a-z]?|\d{1,6}/\d{4}", raw):
        return raw
    findings.doubt("number", f"Số văn bản không đọc được rõ: “{raw}”.")
    return number_in(raw.replace(" ", ""))
