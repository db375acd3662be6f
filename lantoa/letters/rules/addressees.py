"""Whom the letter is addressed to: the lines under `Kính gửi` (NĐ 30/2020, Phụ lục I, ô 9a)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.letters.rules.layout import BULLET, Line, Piece, piece_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings

DEAR = re.compile(r"[\W_]*(?:[a-z]{1,2}\s)?(?P<also>dong\s)?k[i1l]nh\s?g\S{1,4}\b\s*:?")
DISPATCH = re.compile(r"^(?P<sender>[^:]{3,90}?)\s+(?:dien|(?:tran trong )?kinh moi)\s*:")
_CALL_TAIL = re.compile(r"(?:(?:tran )?trong )?(?:kinh )?moi\s*:|dien\s*:")
_ASIDE = re.compile(r"\W*(?:\S?au day|goi chung|goi tat|sau day|sau goi)")
_OPENING = re.compile(
    r"(?:can cu|thuc hien|ngay \d|theo\b|nham\b|de\b|tiep\b|tren co so|xet\b|thoi gian qua|trong\b|qua\b|nhan duoc"
    r"|vua qua"
    r"|cong tac|tinh hinh|truoc\b|hien nay|luat\b|so \w+ nhan|do\b)"
)
_GROUNDS = re.compile(r"(?:can cu|thuc hien|theo|tiep theo|ngay \d)\b")
"""How the text begins, also behind a speck that looks like a dash; no office is called so."""
_NARROW = 45


def read_addressees(lines: Sequence[Line], start: int, findings: Findings) -> tuple[tuple[str, ...], int]:
    """Read the addressees from line `start` on; give them and the line where the text begins.

    One entry for each printed line (a wrapped line is one); those under `Đồng kính gửi` are told, not asked, and
    are left out.
    """
    entries: list[list[Piece]] = []
    also = False
    index = start
    while index < len(lines):
        line = lines[index]
        label = _label(line)
        if label:
            also = bool(label.groupdict().get("also"))
            rest = piece_within(line.pieces[0], label.end(), len(line.pieces[0].text))
            pieces = [piece for piece in (rest, *line.pieces[1:]) if piece]
        else:
            pieces = list(line.pieces)
            if _has_ended(line, entries, first=index == start + 1):
                break
        if not also and not _ASIDE.match(line.plain):
            _add(pieces, entries, line)
        index += 1
    return _note(entries, findings), index


def find_call(lines: Sequence[Line], start: int) -> int | None:
    """Find the line the call (`Kính gửi`, `… trân trọng kính mời:`) ends on; None when no call stands at `start`.

    A long office's call may be wrapped before its last word, so that its colon stands on the next line.
    """
    if start >= len(lines):
        return None
    if DEAR.match(lines[start].plain) or DISPATCH.match(lines[start].plain):
        return start
    wrapped = start + 1 < len(lines) and not lines[start + 1].gap and _CALL_TAIL.match(lines[start + 1].plain)
    return start + 1 if wrapped and DISPATCH.match(f"{lines[start].plain} {lines[start + 1].plain}") else None


def _label(line: Line) -> re.Match[str] | None:
    plain = line.pieces[0].plain
    return DEAR.match(plain) or DISPATCH.match(plain) or _CALL_TAIL.match(plain)


def _add(pieces: Sequence[Piece], entries: list[list[Piece]], line: Line) -> None:
    for piece in pieces:
        if sum(letter.isalpha() for letter in piece.text) < 2:
            continue
        bullet = BULLET.match(piece.text)
        rest = piece_within(piece, bullet.end(), len(piece.text)) if bullet else piece
        if rest is None:
            continue
        if bullet or not entries or not _continues(rest, entries[-1][-1], line):
            entries.append([rest])
        else:
            entries[-1].append(rest)


def _continues(piece: Piece, before: Piece, line: Line) -> bool:
    """Whether an undashed line goes on with the entry before it."""
    if before.text.endswith((".", ";")) and not line.gap and piece.text[:1].islower():
        return True
    if before.text.endswith((".", ";")):
        return False
    return (
        piece.text[:1].islower()
        or piece.text[:1] == "("
        or before.text.endswith((",", "-"))
        or (not line.gap and len(before.text) > _NARROW)
    )


def _has_ended(line: Line, entries: Sequence[Sequence[Piece]], *, first: bool) -> bool:
    text = line.text
    bullet = BULLET.match(text)
    if bullet or _ASIDE.match(line.plain) or not entries:
        return bool(bullet and entries and _GROUNDS.match(line.plain, bullet.end()))
    before = entries[-1][-1].text
    if text[:1].islower():
        return False
    if before.endswith((".", "./.")):
        return True
    if _OPENING.match(line.plain) and (line.gap or not before.endswith(",")):
        return True
    if before.endswith((";", ",")) and not line.gap:
        return False
    return bool(line.gap) and not (first and before.endswith((";", ",")))


def _note(entries: Sequence[Sequence[Piece]], findings: Findings) -> tuple[str, ...]:
    out: list[str] = []
    for row in entries:
        text = " ".join(" ".join(piece.text for piece in row).replace("**", "").split()).strip(" ;.,:")
        if text:
            findings.stands_in(f"addressees[{len(out)}]", *row)
            out.append(text)
    return tuple(out)
