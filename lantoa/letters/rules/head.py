"""The head of a letter: office, number and symbol, place and date, subject (NĐ 30/2020, Phụ lục I, ô 1-5)."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.rules.dates import IssueDate, find_issue_date, signed_on
from lantoa.letters.rules.garbled import number_in
from lantoa.letters.rules.issuers import is_capitals, official_name, place_of, starts_office, starts_place, takes_place
from lantoa.letters.rules.layout import Line, Piece, piece_within
from lantoa.letters.rules.lexicon import unglued
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings

TYPE_NAMES = {
    "ke hoach": "ke_hoach", "thong bao": "thong_bao", "chi thi": "chi_thi", "quyet dinh": "quyet_dinh",
    "bao cao": "bao_cao", "to trinh": "to_trinh", "cong dien": "cong_dien", "huong dan": "huong_dan",
    "giay moi": "giay_moi", "chuong trinh phoi hop": "chuong_trinh_phoi_hop", "chuong trinh": "other",
    "nghi quyet": "other", "thong cao": "other", "quy che": "other", "phuong an": "other", "de an": "other",
}  # fmt: skip
_SYMBOL_TYPES = {
    "kh": "ke_hoach", "tb": "thong_bao", "ct": "chi_thi", "qd": "quyet_dinh", "bc": "bao_cao", "ttr": "to_trinh",
    "cd": "cong_dien", "hd": "huong_dan", "gm": "giay_moi", "cv": "cong_van", "nq": "other", "ctr": "other",
    "ctph": "chuong_trinh_phoi_hop", "ctrph": "chuong_trinh_phoi_hop",
}  # fmt: skip
_MOTTO = re.compile(
    r"c\w{2,4} ?h\w{1,4} ?x\w ?h\w{1,3} ?ch?\w{1,2} ?ng\w{1,4} ?v\w{2,4} ?n\w{1,3}"
    r"|c\w{2,4} h\w{1,4} xa h\w{1,2} ch?\w{1,2}\b|d\w{1,3}c? l\w{1,3}p?\s*[-–—.]+\s*t\w{1,2} .{0,16}"
    r"|dang cong san viet nam|h\w{2,3}h ph\w{2,3}\W*$"
)
_UNION = re.compile(r"\W*doan (?:tncs|thanh nien cong san) ho chi minh\W*")
"""What letters of the Youth Union print in the place of the motto."""
_NUMBER = re.compile(r"[\W_]{0,2}[s5](?:[o0](?:\s?[:.;]|(?=\s*[\d/%†{|#…]))|[e6]\s?:)")
_SYMBOL = re.compile(r"(?<=[/-])\s*[A-ZĐ][\w&.]*(?:\s?[-–]\s?[A-ZĐ][\w&.]*)*")
_PARTY = re.compile(r"\s*(\d+)\s*-\s*([A-ZĐ]{2,5}/[A-ZĐ][\w&-]*)")
_UNSLASHED = re.compile(r"\s*(\d{1,5}[^\W\d]?)\s?(?<=[\w\s])([A-ZĐ]{2,6}(?:\s?-\s?[A-ZĐ][\w&]*)+)")
"""A number and symbol of which a scan has lost the slash."""
_ABOUT = re.compile(r"[\W_]*(?:v/[vw]?|v\.v|ve viec|ve)[\s:.-]+|[\W_]*v/v")
_DEAR = re.compile(r"[\W_]*(?:[a-z]{1,2}\s)?(?:dong )?k[iíl1]nh\s?g\S{1,4}\b\s*:?")
_STAMP = re.compile(
    r"(?:nguoi )?ky boi|nguoi ky|thoi gian ky|ngay ky|email|co quan:|(?:^\W*|van )den\b\W*(?:so|ngay|gio|\d|$)|^ngay:"
    r"|^chuyen:|\S{1,64}@\S+"
    r"|^so va ky hieu|^\d\d[./]\d\d[./]\d{4} \d|chung thu|^gio:|^so den|^\+\d\d:\d\d|^luu ho so"
)
_URGENT = re.compile(r"(?:hoa toc|thuong khan|khan|mat|toi mat|tuyet mat|xem xong tra lai|luu hanh noi bo)\W*$")
_DISPATCH = re.compile(r"\bdien\s*:")
_CITING = re.compile(r"(?:can cu|thuc hien|ngay \d|theo |nham |de |tiep |tren co so|xet |thoi gian qua|trong )")
_NOT_LETTERS = re.compile(r"[^a-z ]+")
_END_SPECKS = re.compile(r"^[^\w(]+|[^\w)]+$")
_HEAD_LINES = 70
_LONGEST_TITLE = 40
_UNFINISHED = 3


@dataclass(slots=True)
class Head:
    """What the head says, and the line where the text after it begins."""

    doc_type: str = "cong_van"
    issuer: str | None = None
    parent_issuer: str | None = None
    number: str | None = None
    symbol: str | None = None
    place: str | None = None
    date: IssueDate | None = None
    subject: str | None = None
    body_from: int = 0
    marks: int = 0
    """How many of the marks of an official letter were seen: motto, number, date, subject, addressees."""
    offices: list[list[Piece]] = field(default_factory=list)


def find_dear(lines: Sequence[Line]) -> int | None:
    """Find the line of `Kính gửi`, if any, within the head."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if any(_DEAR.match(piece.plain) for piece in line.pieces):
            return index
    return None


def read_head(lines: Sequence[Line], findings: Findings) -> Head:
    """Read the head of a letter; what is missing stays None and is put in doubt."""
    head = Head()
    title = _find_title(lines)
    dear = find_dear(lines)
    end = min(spot for spot in (title, dear, _first_prose(lines), _HEAD_LINES, len(lines)) if spot is not None)
    if title is not None and dear is not None and dear < title:
        title = None
    pieces = [piece for line in lines[:end] for piece in _cut(line)]
    _read_number(head, pieces, findings)
    _read_date(head, pieces, findings)
    _read_offices(head, lines[:end], findings)
    if title is not None:
        _read_title(head, lines, title, findings)
    else:
        _read_about(head, lines[:end], findings)
        head.body_from = end
    head.doc_type = _type_of(head, lines, title, findings)
    head.marks += dear is not None
    return head


def _first_prose(lines: Sequence[Line]) -> int | None:
    """The first line that is plainly running text, where a head without `Kính gửi` or a title must have ended."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        prose = len(line.pieces) == 1 and len(line.text) > 60 and line.text[:1].isupper()
        if prose and _CITING.match(line.plain) and index > _UNFINISHED:
            return index
    return None


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub(" ", folded(text)).strip()


def _find_title(lines: Sequence[Line]) -> int | None:
    for index, line in enumerate(lines[:_HEAD_LINES]):
        short = len(line.pieces) == 1 and len(line.text) < _LONGEST_TITLE
        if short and _letters(line.text) in TYPE_NAMES and is_capitals(line.text):
            return index
        if _DISPATCH.search(line.plain) and index > _UNFINISHED:
            return None
    return None


@functools.lru_cache(maxsize=256)
def _cut(line: Line) -> list[Piece]:
    """The pieces of a line, also parted where columns stand one space apart, as scans leave them."""
    out: list[Piece] = []
    for piece in line.pieces:
        cuts = {0, len(piece.text)}
        motto = _MOTTO.search(piece.plain)
        if motto:
            cuts.add(motto.start())
        issue = find_issue_date(piece.text, piece.plain) or find_issue_date(piece.text, piece.plain, loose=True)
        if issue:
            cuts.add(issue.start)
        edges = sorted(cuts)
        out += [part for first, last in itertools.pairwise(edges) if (part := piece_within(piece, first, last))]
    return out


# --- number and symbol -------------------------------------------------------------------------------------------


def _is_number(piece: Piece) -> bool:
    """Whether a piece begins with the label `Số`; in small letters the word is part of a sentence."""
    return _NUMBER.match(piece.plain) is not None and piece.text.lstrip(" .,'_-:")[:1] in {"S", "5"}


def _read_number(head: Head, pieces: Sequence[Piece], findings: Findings) -> None:
    stamped = False
    for piece in pieces:
        labelled = _is_number(piece)
        stamped = bool(_STAMP.match(piece.plain)) or (stamped and not labelled)
        if not labelled or (stamped and "/" not in piece.text):
            continue
        if _note_number(head, piece, findings):
            head.marks += 1
            return
    findings.doubt("number", "Không thấy dòng “Số: …/…”.")
    findings.doubt("symbol", "Không thấy dòng “Số: …/…”.")


def _note_number(head: Head, piece: Piece, findings: Findings) -> bool:
    label = _NUMBER.match(piece.plain)
    begin = label.end() if label else 0
    party = _PARTY.match(piece.text, begin) or ("/" not in piece.text and _UNSLASHED.match(piece.text, begin))
    if party:
        head.number, head.symbol = _number(party[1], findings), re.sub(r"\s", "", party[2])
        spans = party.span(1), party.span(2)
    else:
        symbols = list(_SYMBOL.finditer(piece.text, begin))
        if not symbols:
            return False
        symbol = next((found for found in reversed(symbols) if piece.text[found.start() - 1] == "/"), symbols[-1])
        head.symbol = re.sub(r"\s*([-–])\s*", "-", symbol[0].strip()).rstrip(".")
        raw = piece.text[begin : symbol.start() - 1].strip(" :.…_-\u00a0")
        head.number = _number(raw, findings)
        at = piece.text.index(raw, begin)
        spans = (at, at + len(raw)), (symbol.end() - len(symbol[0].lstrip()), symbol.end())
    if head.number:
        findings.stands("number", piece.start + spans[0][0], piece.start + spans[0][1])
    findings.stands("symbol", piece.start + spans[1][0], piece.start + spans[1][1])
    return True


def _number(raw: str, findings: Findings) -> str | None:
    if not raw:
        findings.doubt("number", "Số văn bản bỏ trống.")
        return None
    if re.fullmatch(r"\d{1,6}[a-z]?|\d{1,6}/\d{4}", raw):
        return raw
    findings.doubt("number", f"Số văn bản không đọc được rõ: “{raw}”.")
    return number_in(raw.replace(" ", ""))


# --- place and date ----------------------------------------------------------------------------------------------


def _read_date(head: Head, pieces: Sequence[Piece], findings: Findings) -> None:
    for loose in (False, True):
        for piece in pieces:
            issue = find_issue_date(piece.text, piece.plain, loose=loose)
            if issue:
                stamped = signed_on(issue, "\n".join(other.plain for other in pieces))
                note_date(head, stamped or issue, piece, findings)
                return


def note_date(head: Head, issue: IssueDate, piece: Piece, findings: Findings) -> None:
    """Keep the place and date found in a piece, with their spans and doubts."""
    head.date, head.place = issue, issue.place
    head.marks += 1
    if issue.place:
        findings.stands("place", piece.start + issue.place_start, piece.start + issue.place_start + len(issue.place))
    begin = issue.start + (len(issue.place) if issue.place else 0)
    while begin < issue.end and piece.text[begin] in " ,;.":
        begin += 1
    findings.stands("date" if issue.iso else "date_partial", piece.start + begin, piece.start + issue.end)
    if issue.made_out and issue.iso:
        printed = piece.text[issue.start : issue.end]
        findings.doubt("date", f"Ngày ban hành không đọc được rõ (“{printed}”); hãy đối chiếu với bản gốc.")
    if not issue.iso:
        why = "Ngày, tháng ban hành bỏ trống." if issue.blank else "Ngày ban hành không đọc được rõ."
        if issue.day and issue.month and issue.year:
            why = f"Không có ngày {issue.day}/{issue.month}/{issue.year}."
        findings.doubt("date", why)


# --- offices -----------------------------------------------------------------------------------------------------


def _read_offices(head: Head, lines: Sequence[Line], findings: Findings) -> None:
    """Read issuer and the office above it from the capitals in the left column, down to the number."""
    rows: list[list[Piece]] = []
    stamped = motto = False
    for line in lines:
        stamped = stamped and not line.gap
        for piece in _cut(line):
            if _MOTTO.search(piece.plain) or (rows and _UNION.fullmatch(piece.plain)):
                head.marks += 1
                motto = True
            elif _STAMP.search(piece.plain):
                if not motto:  # the name above a signing or arrival stamp is the stamp's
                    rows.clear()
                stamped = True
            elif rows and _is_number(piece):
                stamped = True
                motto = True
                head.offices = head.offices or rows[-2:]
            elif not stamped and not head.offices and _is_office_row(piece, rows, line):
                _add_office(rows, piece)
    head.offices = head.offices or rows[-2:]
    _name_offices(head, findings)


def _is_office_row(piece: Piece, rows: list[list[Piece]], line: Line) -> bool:
    if _is_number(piece) or _URGENT.match(piece.plain) or _ABOUT.match(piece.plain):
        return False
    text = unglued(piece.text.strip(" .,;:|'-_"))
    if not is_capitals(text):
        return False
    plain = folded(text)
    if starts_office(plain) or (rows and starts_place(plain)):
        return True
    whole = all(word.isalpha() or word in {"-", "–", ","} for word in re.sub(r"[,;]", "", text).split())
    return bool(rows) and whole and len(text) > 4 and line.gap <= 1


def _add_office(rows: list[list[Piece]], piece: Piece) -> None:
    plain = folded(unglued(piece.text.strip(" .,;:|'-_")))
    above = " ".join(part.plain for part in rows[-1]) if rows else ""
    joins = bool(rows) and (not starts_office(plain) or starts_place(plain) or above.endswith(("-", ",", " va")))
    if joins:
        rows[-1].append(piece)
    else:
        rows.append([piece])


def _name_offices(head: Head, findings: Findings) -> None:
    if not head.offices:
        return
    names = [official_name(" ".join(_sound(piece.text) for piece in row), head.place) for row in head.offices]
    head.issuer = names[-1]
    findings.stands_in("issuer", *head.offices[-1])
    if len(names) > 1 and head.issuer == "Văn phòng":
        head.issuer = f"Văn phòng {names[0]}"
    if len(names) > 1:
        head.parent_issuer = names[0]
        findings.stands_in("parent_issuer", *head.offices[0])
        place = place_of(names[0])
        if place and not place_of(head.issuer) and takes_place(head.issuer):
            head.issuer = f"{head.issuer} {place}"
    elif head.issuer in {"Ủy ban nhân dân", "Hội đồng nhân dân"}:
        findings.doubt("issuer", "Tên cơ quan ban hành không có địa danh.")


def _sound(text: str) -> str:
    """The text of a row of a letterhead with its spaces and without the specks at its ends."""
    return _END_SPECKS.sub("", unglued(text))


# --- subject -----------------------------------------------------------------------------------------------------


def _read_about(head: Head, lines: Sequence[Line], findings: Findings) -> None:
    """The subject of a công văn: `V/v …` under the number (ô 5b)."""
    parts: list[Piece] = []
    for line in lines:
        for piece in _cut(line)[:1] if parts else _cut(line):
            if not parts:
                found = _ABOUT.match(piece.plain)
                if found and not is_capitals(piece.text):
                    rest = piece_within(piece, found.end(), len(piece.text))
                    parts = [rest] if rest else []
                    head.marks += 1
                    break
                continue
            if not _continues_subject(piece, line, parts):
                _finish_subject(head, parts, findings)
                return
            parts.append(piece)
    _finish_subject(head, parts, findings)


def _continues_subject(piece: Piece, line: Line, parts: Sequence[Piece]) -> bool:
    plain = piece.plain
    if _MOTTO.search(plain) or _is_number(piece) or _STAMP.search(plain) or find_issue_date(piece.text, plain):
        return False
    if _URGENT.match(plain) or (is_capitals(piece.text) and starts_office(plain)):
        return False
    if sum(letter.isalpha() for letter in piece.text) < 2:
        return False
    small = piece.text.lstrip("“\"'(")[:1].islower()
    return not line.gap or small or parts[-1].text.endswith((",", "-"))


def _finish_subject(head: Head, parts: Sequence[Piece], findings: Findings) -> None:
    if not parts:
        if head.subject is None:
            findings.doubt("subject", "Không thấy trích yếu nội dung (V/v …).")
        return
    head.subject = _joined(parts).rstrip(" .:;|_-~")
    findings.stands_in("subject", *parts)


def _joined(parts: Sequence[Piece]) -> str:
    """Join the words of pieces, leaving out the specks a scan puts between them."""
    words = " ".join(part.text for part in parts).replace("**", "").split()
    return " ".join(word for word in words if word in "-–—&" or any(letter.isalnum() for letter in word))


def _read_title(head: Head, lines: Sequence[Line], title: int, findings: Findings) -> None:
    """The subject under the name of the document's type (ô 5a)."""
    block: list[int] = []
    for index in range(title + 1, min(title + 9, len(lines))):
        line = lines[index]
        if (block and (line.gap or line.ruled)) or _DEAR.match(line.plain) or _DISPATCH.search(line.plain):
            break
        if block and _CITING.match(line.plain) and line.text[:1].isupper():
            break
        block.append(index)
    block = _without_body(lines, block)
    head.body_from = (block[-1] if block else title) + 1
    head.marks += 1
    pieces = [piece for index in block for piece in lines[index].pieces]
    if pieces:
        pieces[0] = _without_noise(pieces[0])
    _finish_subject(head, pieces, findings)
    if head.subject:
        head.subject = re.sub(r"^Về\s?việc\s+", "Về việc ", head.subject)


def _without_noise(piece: Piece) -> Piece:
    lead = len(piece.text) - len(piece.text.lstrip(" ,.;:'’-~"))
    return piece_within(piece, lead, len(piece.text)) or piece


def _without_body(lines: Sequence[Line], block: list[int]) -> list[int]:
    """Drop lines of running text that follow a subject without an empty line between."""
    texts = [lines[index].text for index in block]
    if not any(text.endswith((".", ";", ":")) for text in texts) and len(texts) < 7:
        return block
    for place, text in enumerate(texts[1:], 1):
        if text[:1].isupper():
            return block[:place]
    return block


# --- type --------------------------------------------------------------------------------------------------------


def _type_of(head: Head, lines: Sequence[Line], title: int | None, findings: Findings) -> str:
    by_symbol = _type_by_symbol(head.symbol)
    if title is not None:
        named = TYPE_NAMES[_letters(lines[title].text)]
        findings.stands("doc_type", lines[title].start, lines[title].end)
        if by_symbol and by_symbol not in (named, "other", "cong_van"):
            findings.doubt("doc_type", "Tên loại văn bản và ký hiệu không khớp nhau.")
        return named
    if by_symbol:
        if by_symbol != "cong_van":
            findings.doubt("doc_type", "Loại văn bản suy từ ký hiệu, không thấy tên loại.")
        return by_symbol
    return "cong_van"


def _type_by_symbol(symbol: str | None) -> str | None:
    if not symbol:
        return None
    return _SYMBOL_TYPES.get(folded(re.split(r"[-/]", symbol)[0]))
