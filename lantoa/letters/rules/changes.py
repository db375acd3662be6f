"""What a letter changes in letters sent before: puts right, amends, replaces, recalls, revokes, puts off.

A change is the letter's own act: `thu hồi Công văn số 12/UBND-VP`, `đính chính điểm 2: đã ghi “…”, nay sửa là “…”`,
`(thay cho ngày 16/9 tại điểm 2 Công văn số …)`. A law cited as amending another is no change of this letter's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.letter import LetterChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_NUMBER = re.compile(
    r"(?<![\w/.,])(?P<number>\d{1,5}[a-zđ]?(?:/\d{4})?\s?/\s?[A-ZĐÔƯÂĂÊ][\w&]*(?:\s?[-–]\s?[A-ZĐÔƯÂĂÊ][\w&]*)*"
    r"|\d{1,5}\s?-\s?[A-ZĐ]{2,4}/[\w&-]+)(?![\w/])"
)
_KINDS = (
    ("recalls", re.compile(r"\bthu hoi\b(?! (?:dat|no|giay|von|kinh phi|xe|mat bang))")),
    ("revokes", re.compile(r"\b(?:bai bo|huy bo)\b")),
    ("corrects", re.compile(r"\bdinh chinh\b|\bxin (?:duoc )?sua\b")),
    (
        "extends",
        re.compile(r"\bgia han\b|\b(?:keo dai|lui|doi|hoan)\b[^.;]{0,24}\b(?:thoi (?:gian|han|diem)|den|sang)\b"),
    ),
    ("replaces", re.compile(r"\bthay the\b(?! (?:nhau|phu tung|linh kien))")),
    ("amends", re.compile(r"\b(?:sua doi|dieu chinh|thay doi|bo sung|thay cho)\b")),
)
_CHANGES = re.compile(
    r"thu hoi|bai bo|huy bo|dinh chinh|gia han|keo dai|lui |doi |hoan |thay the|thay doi|thay cho|thay cum|sua |sua:"
    r"|dieu chinh|bo sung|doc la"
)
"""What any sentence of change has: looked for first."""
_CITING = re.compile(r"\W*(?:can cu|thuc hien|theo|tiep theo|qua|sau khi)\b")
_OWN_ACT = re.compile(r"(?:nay|,) (?:xin )?(?:dinh chinh|thu hoi|bai bo|huy)")
_LISTED = re.compile(r"(?: ngay [\d/]+)?(?:, | va |; )(?:cong van |van ban |thong bao |ke hoach )?(?:so )?")
_TITLED = re.compile(r"\b(?:ve viec|v/v|quy dinh|huong dan)\s[^,;.()]{0,160}$")
_OTHER_ACT = re.compile(r"\b(?:luat|nghi dinh|thong tu|nghi quyet)\b[^,;.]{0,90}$")
_WHERE = re.compile(
    r"\b(?:tai |o )?((?:(?:gach dau dong thu \w+|(?:diem|khoan|muc|dieu|phan|phu luc|trang|dong)"
    r"\s(?:\d[\d.]*[a-z]?|[ivx]+|[a-zđ]))\b(?:,?\s(?:va |cua )?)?)+)"
)
_SAID = re.compile(
    r"(?:da (?:ghi|in|neu|viet)|truoc day ghi|ghi(?: la)?|cum tu|noi dung"
    r"|tu)\W{0,3}(?:la\W{0,2})?[“\"'](?P<old>[^”\"']{1,200})[”\"']"
)
_NOW = re.compile(
    r"(?:nay sua(?: lai)?(?: la| thanh)?|sua(?: lai)?(?: la| thanh)|dinh chinh(?: lai)?(?: la| thanh)|thanh|bang|nay la"
    r"|dieu chinh thanh|doc la|nay)\W{0,3}[“\"'](?P<new>[^”\"']{1,200})[”\"']"
)
_DATED = re.compile(
    r"(?:(?:tu|thay vi) (?:ngay )?(?P<old>\d{1,2}/\d{1,2}(?:/\d{4})?) )?(?:sang|den|thanh)(?: het)?(?: ngay)? "
    r"(?P<new>(?:\d{1,2} gio \d{0,2} ?(?:phut )?ngay )?\d{1,2}/\d{1,2}/\d{4})"
)
_INSTEAD = re.compile(r"(?P<new>[^.;:(]{4,90}?)\s?\((?:thay cho|thay vi) (?P<old>[^()]{3,60}?)(?: tai [^()]*)?\)")
_IS = re.compile(r".*\bla (?=\S)")
_SENTENCE = re.compile(r"[.;](?:\s+|$)")
_NEAR = 140


@dataclass(frozen=True, slots=True)
class _Document:
    """A number and symbol where it stands in a paragraph."""

    number: str
    start: int
    end: int


def read_changes(
    paragraphs: Sequence[Paragraph], own: str | None, findings: Findings
) -> tuple[LetterChange, ...]:
    """Read the changes in order; `own` is the letter's own number and symbol. Each has a span `changes[n]`.

    What a sentence does not say - the document, the old words - is None and in doubt.
    """
    out: list[LetterChange] = []
    last: str | None = None
    for paragraph in paragraphs:
        if not _CHANGES.search(paragraph.plain) or (last is None and "/" not in paragraph.plain):
            continue
        for start, end in _sentences(paragraph):
            documents = [each for each in _documents(paragraph, start, end) if each.number != own]
            kind = _kind(paragraph.plain, start, end, documents, goes_on=last is not None)
            if kind is None:
                continue
            changed: list[_Document | None] = [*_changed(paragraph, start, end, documents)]
            for document in changed or [None]:
                number = document.number if document else last
                change = _change(paragraph, start, end, kind, number)
                if out and _is_general(out[-1], change):
                    out.pop()
                if _is_new(change, out):
                    _note(change, len(out), paragraph, (start, end), findings)
                    out.append(change)
                last = number or last
    return tuple(out)


def _sentences(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    begin = 0
    plain = paragraph.plain
    for found in _SENTENCE.finditer(plain):
        quoted = plain.count("“", begin, found.start()) > plain.count("”", begin, found.start())
        if not quoted and (found[0][0] == "." or _names_kind(plain[found.end() :])):
            yield begin, found.start()
            begin = found.end()
    if begin < len(plain):
        yield begin, len(plain)


def _names_kind(plain: str) -> bool:
    return any(pattern.match(plain.strip()) for _, pattern in _KINDS)


def _documents(paragraph: Paragraph, start: int, end: int) -> list[_Document]:
    return [
        _Document(re.sub(r"\s*([-–/])\s*", r"\1", found["number"]).replace("–", "-"), *found.span("number"))
        for found in _NUMBER.finditer(paragraph.text, start, end)
    ]


def _kind(plain: str, start: int, end: int, documents: Sequence[_Document], *, goes_on: bool) -> str | None:
    """The kind of change a sentence makes by an act of its own; None when it makes none."""
    if _CITING.match(plain, start) and not _OWN_ACT.search(plain, start, end):
        return None
    for kind, pattern in _KINDS:
        for found in pattern.finditer(plain, start, end):
            before = plain[start : found.start()]
            if _TITLED.search(before) or _OTHER_ACT.search(before):
                continue
            near = any(_governs(plain, found.end(), document.start) for document in documents)
            says = _SAID.search(plain, start, end) is not None and (goes_on or bool(documents))
            if near or says or (kind == "corrects" and goes_on and _NOW.search(plain, start, end)):
                return kind
    quotes = _SAID.search(plain, start, end) and _NOW.search(plain, start, end)
    return "corrects" if quotes and (goes_on or documents) else None


def _governs(plain: str, end: int, at: int) -> bool:
    """Whether the document at an offset is what a word of change that ends at another changes."""
    between = plain[end:at]
    return end <= at < end + _NEAR and re.search(r"[,;:.]", between.replace(", bo sung", "")) is None


def _changed(paragraph: Paragraph, start: int, end: int, documents: Sequence[_Document]) -> list[_Document]:
    """Which of the documents of a sentence are changed: those after the word of change."""
    for _, pattern in _KINDS:
        found = pattern.search(paragraph.plain, start, end)
        if found:
            after = [document for document in documents if document.start > found.start()]
            return _listed(paragraph.plain, after)
    return list(documents[:1])


def _listed(plain: str, documents: Sequence[_Document]) -> list[_Document]:
    """The first document and those named in one list with it (`các Công văn số 12/… và 15/…`)."""
    out = list(documents[:1])
    for document in documents[1:]:
        between = plain[out[-1].end : document.start]
        if not _LISTED.fullmatch(between):
            break
        out.append(document)
    return out


def _change(paragraph: Paragraph, start: int, end: int, kind: str, document: str | None) -> LetterChange:
    text, plain = paragraph.text, paragraph.plain
    where = _WHERE.search(plain, start, end)
    old, new = _old_and_new(text, plain, start, end)
    return LetterChange(
        kind=kind,
        document=document,
        where=text[where.start(1) : where.end(1)].strip(" ,") if where else None,
        old=old,
        new=new,
        words=text[start:end].strip(),
    )


def _old_and_new(text: str, plain: str, start: int, end: int) -> tuple[str | None, str | None]:
    said, now = _SAID.search(plain, start, end), None
    now = _NOW.search(plain, said.end() if said else start, end)
    if said or now:
        return (
            text[slice(*said.span("old"))].strip() if said else None,
            text[slice(*now.span("new"))].strip() if now else None,
        )
    for pattern in (_INSTEAD, _DATED):
        found = pattern.search(plain, start, end)
        if found:
            new_start = found.start("new")
            lead = _IS.match(plain[new_start : found.end("new")]) if pattern is _INSTEAD else None
            new_start += lead.end() if lead else 0
            old = text[slice(*found.span("old"))].strip() if found["old"] else None
            return old, text[new_start : found.end("new")].strip()
    return None, None


def _is_new(change: LetterChange, others: Sequence[LetterChange]) -> bool:
    """Whether a change says more than that of the same document before it."""
    same = [other for other in others if (other.kind, other.document) == (change.kind, change.document)]
    return not same or (change.old, change.new, change.where) != (None, None, None)


def _is_general(first: LetterChange, second: LetterChange) -> bool:
    """Whether a change only opened the list the second stands in: `đính chính Công văn số … như sau:`."""
    said = (first.old, first.new, first.where) != (None, None, None)
    return not said and (first.kind, first.document) == (second.kind, second.document) and first.words.endswith(":")


def _note(
    change: LetterChange, place: int, paragraph: Paragraph, span: tuple[int, int], findings: Findings
) -> None:
    name = f"changes[{place}]"
    findings.stands(name, *paragraph.source(*span))
    if change.document is None:
        findings.doubt(f"{name}.document", "Không rõ văn bản nào được sửa, thay hay thu hồi.")
    if change.kind in {"amends", "corrects", "extends"} and change.new is None:
        findings.doubt(f"{name}.new", "Không rõ nội dung mới; hãy đối chiếu văn bản.")
