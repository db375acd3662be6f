"""The head of a letter: office, number and symbol, place and date, subject (NĐ 30/2020, Phụ lục I, ô 1-5)."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.dates import IssueDate, find_issue_date, signed_on
from lantoa.letters.rules.issuers import (
    is_capitals,
    is_party,
    official_name,
    place_of,
    starts_office,
    starts_place,
    takes_place,
)
from lantoa.letters.rules.layout import Line, Piece, piece_within
from lantoa.letters.rules.lexicon import unglued, words_of
from lantoa.letters.rules.numbering import STAMP, is_number, read_number
from lantoa.lib.vietnamese import SMALL_LETTERS, folded

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
    "ctph": "chuong_trinh_phoi_hop", "ctrph": "chuong_trinh_phoi_hop", "khln": "ke_hoach", "khlt": "ke_hoach",
    "khph": "ke_hoach", "hdln": "huong_dan", "hdlt": "huong_dan", "qdct": "quyet_dinh", "tbkl": "thong_bao",
}  # fmt: skip
_MOTTO = re.compile(
    r"c\w{2,4} ?h\w{1,4} ?x\w ?h\w{1,3} ?ch?\w{1,2} ?ng\w{1,4} ?v\w{2,4} ?n\w{1,3}"
    r"|c\w{2,4} h\w{1,4} xa h\w{1,2} ch?\w{1,2}\b|d\w{1,3}c? l\w{1,3}p?\s*[-–—.]+\s*t\w{1,2} .{0,16}"
    r"|dang cong san viet nam|h\w{2,3}h ph\w{2,3}\W*$"
)
_UNION = re.compile(r"\W*doan (?:tncs|thanh nien cong san) ho chi minh\W*")
"""What letters of the Youth Union print in the place of the motto."""
_ABOUT = re.compile(r"[\W_]*(?:v/[vw]?|v\.v|ve viec|ve)[\s:.-]+|[\W_]*v/v")
_DEAR = re.compile(r"[\W_]*(?:[a-z]{1,2}\s)?(?:dong )?k[iíl1]nh\s?g\S{1,4}\b\s*:?")
_URGENT = re.compile(r"(?:hoa toc|thuong khan|khan|mat|toi mat|tuyet mat|xem xong tra lai|luu hanh noi bo)\W*$")
_DISPATCH = re.compile(r"\bdien\s*:")
_KIND_OF = re.compile(r" (?:lien (?:nganh|tich)|phoi hop|khan|hoa toc|hanh dong|dieu hanh|rieng|chung)$")
_CITING = re.compile(r"(?:can cu|thuc hien|ngay \d|theo |nham |de |tiep |tren co so|xet |thoi gian qua|trong )")
_IN_PARTY = re.compile(r"(?:Văn phòng|Ban (?!Thường vụ|Chấp hành)\S+(?: \S+){1,5}|Ủy ban Kiểm tra)")
"""Departments of a Party committee, which have no name of their own."""
_STANDING = re.compile(r"(?:Ban|BCH|BTV) ?(?:Thường vụ|Thường trực|Chấp hành)?")
"""The bodies that act for a union or association, told apart by its name alone."""
_NOT_LETTERS = re.compile(r"[^a-z ]+")
_BESIDE = re.compile(
    r"\s[:|\[{¬_~]{1,2}\s?(?=(?:SỞ|UBND|ỦY BAN|VĂN PHÒNG|BỘ|BAN|PHÒNG|CÔNG VĂN|VĂN THƯ)\s[A-ZĐ])"
    r"|\s[:|]\s[|\[]|\s(?:CÔNG VĂN |VĂN BẢN )?ĐẾN\b"
)
"""The stamp of the office a letter came to, beside the subject: its name in capitals after a stroke, or `ĐẾN`."""
_SMALL_END = re.compile(rf"^(?:[{SMALL_LETTERS}]{{1,3}}\s)+|(?:\s[{SMALL_LETTERS}]{{1,3}})+$")
"""Dirt read as small letters at either end of a row of capitals."""
_MOST_ROWS = 2
_LONGEST_OFFICE = 90
_SHORTEST_SUBJECT, _MOST_LINES = 3, 6
_UNLIKELY = re.compile(
    r"\b(?:va|cua|cac|ve|ve viec|tai|cho|trong|tren|den|theo|nhung|voi|de|tren dia ban|ngay|thang|nam)$"
    r"|\. [a-z]|\bkinh gui|\bcan cu |\bthuc hien (?:cong van|ke hoach|chi thi|quyet dinh) so|\blan thu$|,$"
)
"""A subject that breaks off, or runs on into the text."""
_END_SPECKS = re.compile(r"^[^\w(]+|[^\w)]+$")
_YEARLESS = re.compile(r"ngay .{0,9}? ?thang .{0,6}? ?nam\W{0,2}$")
_YEAR_ALONE = re.compile(r"(?:^|\s)((?:19|20)\d\d)$")
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
    numbered = read_number(pieces, findings)
    if numbered:
        head.number, head.symbol = numbered.number, numbered.symbol
        head.marks += 1
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


def _named_type(text: str) -> str | None:
    """The type a title names (`KẾ HOẠCH`), also with what kind of it this is (`KẾ HOẠCH LIÊN NGÀNH`)."""
    name = _letters(text)
    return TYPE_NAMES.get(name) or TYPE_NAMES.get(_KIND_OF.sub("", name))


def _find_title(lines: Sequence[Line]) -> int | None:
    for index, line in enumerate(lines[:_HEAD_LINES]):
        short = len(line.pieces) == 1 and len(line.text) < _LONGEST_TITLE
        if short and is_capitals(line.text) and _named_type(line.text):
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


# --- place and date ----------------------------------------------------------------------------------------------


def _wrapped_date(pieces: Sequence[Piece]) -> tuple[IssueDate, Piece] | None:
    """A date whose year a narrow column has put on the line below (`ngày 28 tháng 10 năm`, then `2025`)."""
    for place, piece in enumerate(pieces[:-1]):
        if not _YEARLESS.search(piece.plain):
            continue
        for below in pieces[place + 1 : place + 4]:
            year = _YEAR_ALONE.search(below.plain)
            issue = find_issue_date(f"{piece.text} {year[1]}", f"{piece.plain} {year[1]}") if year else None
            if issue:
                return replace(issue, end=len(piece.text)), piece
    return None


def _read_date(head: Head, pieces: Sequence[Piece], findings: Findings) -> None:
    wrapped = _wrapped_date(pieces)
    if wrapped:
        note_date(head, *wrapped, findings)
        findings.doubt("date", "Năm ban hành nằm ở dòng dưới; hãy đối chiếu với bản gốc.")
        return
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
            elif STAMP.search(piece.plain):
                if not motto:  # the name above a signing or arrival stamp is the stamp's
                    rows.clear()
                stamped = True
            elif rows and is_number(piece):
                stamped = True
                motto = True
                head.offices = head.offices or rows[-2:]
            elif not stamped and not head.offices and _is_office_row(piece, rows, line):
                _add_office(rows, piece)
    head.offices = head.offices or rows[-2:]
    _name_offices(head, findings)
    _weigh_offices(head, findings)


def _is_office_row(piece: Piece, rows: list[list[Piece]], line: Line) -> bool:
    if is_number(piece) or _URGENT.match(piece.plain) or _ABOUT.match(piece.plain):
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
    if len(names) > 1 and (head.issuer == "Văn phòng" or (is_party(names[0]) and _IN_PARTY.fullmatch(head.issuer))):
        head.issuer = f"{head.issuer} {names[0]}"
    elif len(names) > 1 and _STANDING.fullmatch(head.issuer):
        head.issuer = f"{head.issuer} {names[0]}"
        findings.doubt("issuer", "Tên cơ quan ghép từ hai dòng đầu văn bản.")
    if len(names) > 1:
        head.parent_issuer = names[0]
        findings.stands_in("parent_issuer", *head.offices[0])
        place = place_of(names[0])
        if place and not place_of(head.issuer) and takes_place(head.issuer):
            head.issuer = f"{head.issuer} {place}"
    elif head.issuer in {"Ủy ban nhân dân", "Hội đồng nhân dân"}:
        findings.doubt("issuer", "Tên cơ quan ban hành không có địa danh.")


def _weigh_offices(head: Head, findings: Findings) -> None:
    """Put in doubt names that are not made the way names of offices are."""
    for name, value, row in (("issuer", head.issuer, -1), ("parent_issuer", head.parent_issuer, 0)):
        if value is None:
            continue
        printed = head.offices[row]
        if not starts_office(folded(value)) or len(printed) > _MOST_ROWS or len(value) > _LONGEST_OFFICE:
            findings.doubt(name, f"Tên cơ quan có thể đọc lẫn dòng khác: “{value}”.")
    if head.issuer and head.parent_issuer and not starts_place(folded(head.parent_issuer)):
        same = head.issuer.casefold() == head.parent_issuer.casefold()
        if same:
            findings.doubt("parent_issuer", "Cơ quan chủ quản trùng với cơ quan ban hành.")


def _sound(text: str) -> str:
    """The text of a row of a letterhead with its spaces and without the specks at its ends."""
    return _SMALL_END.sub("", _END_SPECKS.sub("", unglued(text)))


# --- subject -----------------------------------------------------------------------------------------------------


def _read_about(head: Head, lines: Sequence[Line], findings: Findings) -> None:
    """The subject of a công văn: `V/v …` under the number (ô 5b)."""
    parts: list[Piece] = []
    for line in lines:
        for piece in _cut(line)[:1] if parts else _cut(line):
            if not parts:
                found = _ABOUT.match(piece.plain)
                if found and not is_capitals(piece.text):
                    rest = piece_within(piece, found.end(), _clean_end(piece, found.end()))
                    parts = [rest] if rest else []
                    head.marks += 1
                    break
                continue
            clean = piece_within(piece, 0, _clean_end(piece, 0))
            if clean is None or not _continues_subject(clean, line, parts):
                _finish_subject(head, parts, findings)
                return
            parts.append(clean)
    _finish_subject(head, parts, findings)


def _clean_end(piece: Piece, start: int) -> int:
    """Where a line of the subject ends and the arrival stamp beside it begins."""
    found = _BESIDE.search(piece.text, start)
    return found.start() if found else len(piece.text)


def _continues_subject(piece: Piece, line: Line, parts: Sequence[Piece]) -> bool:
    plain = piece.plain
    if _MOTTO.search(plain) or is_number(piece) or STAMP.search(plain) or find_issue_date(piece.text, plain):
        return False
    if _URGENT.match(plain) or (is_capitals(piece.text) and starts_office(plain)):
        return False
    if max(map(len, words_of(piece.text)), default=0) < 2:
        return False
    small = piece.text.lstrip("“\"'(")[:1].islower()
    return not line.gap or small or parts[-1].text.endswith((",", "-"))


def _finish_subject(head: Head, parts: Sequence[Piece], findings: Findings) -> None:
    if not parts:
        if head.subject is None:
            findings.doubt("subject", "Không thấy trích yếu nội dung (V/v …).")
        return
    head.subject = _joined(parts).rstrip(" .:;|_-~")
    short = len(head.subject.split()) < _SHORTEST_SUBJECT
    if short or len(parts) > _MOST_LINES or _UNLIKELY.search(folded(head.subject)):
        findings.doubt("subject", "Trích yếu có thể thiếu chữ hoặc lẫn dòng khác.")
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
        named = _named_type(lines[title].text) or "other"
        findings.stands("doc_type", lines[title].start, lines[title].end)
        if by_symbol and by_symbol not in (named, "other", "cong_van"):
            findings.doubt("doc_type", "Tên loại văn bản và ký hiệu không khớp nhau.")
        return named
    if by_symbol is None and head.symbol and head.subject is None:
        findings.doubt("doc_type", "Không thấy tên loại văn bản.")
    if by_symbol:
        if by_symbol != "cong_van":
            findings.doubt("doc_type", "Loại văn bản suy từ ký hiệu, không thấy tên loại.")
        return by_symbol
    return "cong_van"


def _type_by_symbol(symbol: str | None) -> str | None:
    if not symbol:
        return None
    return _SYMBOL_TYPES.get(folded(re.split(r"[-/]", symbol)[0]))
