"""Documents the letter rests on or answers: number and symbol, date, office and title of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.dates import LONG_DATE, SHORT_DATE, iso_date
from lantoa.letters.rules.garbled import number_in
from lantoa.letters.rules.letter import CitedDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_GROUP = r"[A-ZĐÔƯÂĂÊ][\w&]*"
NUMBER = re.compile(
    rf"(?<![\w/.,])(?P<number>\d{{1,5}}[a-zđ]?(?:\s?/\s?\d{{4}})?\s?/\s?{_GROUP}(?:(?:\s?[-–]){{1,2}}\s?§?{_GROUP})*"
    rf"|\d{{1,5}}\s?-\s?[A-ZĐ]{{2,4}}/{_GROUP}(?:[-–]{_GROUP})*)(?![\w/])"
)
_KIND = (
    r"(?:cong van|cong dien|quyet dinh|nghi dinh|thong tu(?: lien tich)?|chi thi|ke hoach|nghi quyet|thong bao|to trinh"
    r"|bao cao|huong dan|van ban|ket luan|luat|phap lenh|giay moi|chuong trinh|thong tri|cv|qd)"
)
_BEFORE = re.compile(rf"(?:\bs[o06eé]\W{{0,3}}|{_KIND}\W{{1,3}}|\bva\s|,\s)$")
_BLANK = re.compile(
    rf"(?<=số)(?:\s{{0,3}}(?:…|[.…_]{{2,30}})\s?/?|\s{{0,20}}/)\s?(?P<number>{_GROUP}(?:-{_GROUP})+)(?![\w/])"
)
"""A cited document whose number was left open: `Nghị quyết số …/NQ-HĐND`."""
_TYPES = r"(?:QĐ|QD|NĐ|ND|CT|KH|TT|CV|TB|NQ|HD|CĐ|BC|KL|TTr|UBND)"
_TORN = re.compile(
    rf"(?<![\w/.,])(?P<digits>(?=\w{{0,4}}\d)[\dlOoIiSBZ]{{1,5}})(?:\s?/\s?|[ .:|]{{1,2}}(?={_TYPES}\s?[-–]))"
    rf"(?P<number>(?:\d{{4}}\s?/\s?)?{_GROUP}(?:\s?[-–]\s?{_GROUP})+)(?![\w/])"
)
"""A number with letters a scan took for its digits (`l5/CT-TTg`), or with its slash lost before a known type."""
_FORM = re.compile(r"\b(?:mau|bieu|phu luc|mau bieu|bieu mau)\W{1,3}(?:so\W{0,3})?$")
"""What goes before the number of a form, which is no document."""
_DATE_AFTER = re.compile(r"\s*,?\s*(?:ky\s)?(?P<same>(?:deu )?cung\s)?(?:ky\s)?ngay[\s.,:]*")
_BENT_DATE = re.compile(r"([\dlo]{1,2})\s+thang\s+([\dlo]{1,2})\s+nam\s+(\d{4})")
"""A date in words, its digits possibly read as the letters they look like."""
_BETWEEN = re.compile(rf"\W*(?:va\s+)?(?:{_KIND}\s)?(?:so\s)?\W*$")
"""What stands between the numbers of a list that shares one date (`… và Công văn số … cùng ngày …`)."""
_OFFICE_AFTER = re.compile(r"\s*,?\s*cua\s+")
_OFFICE_END = re.compile(
    r"[,;.:()“\"]|\s(?:về|vê|ve|v/v|quy định|phê duyệt|hướng dẫn|ban hành|và ý kiến|và (?:công văn|kế hoạch"
    r"|thông báo|báo cáo)|đã|gửi"
    r"|thi hành|sửa đổi|để|nhằm|tại|triển khai|tổ chức|đang|chỉ đạo|yêu cầu|thống nhất|là)(?!\w)"
)
_INSIDE_NAME = re.compile(r",\s+(?:thể thao và du lịch|gia đình|chữa bệnh|khoa học và công nghệ|thông tin và)")
_DATE_BEFORE = re.compile(
    rf"ngay\s+(?P<date>\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{1,2}}\s+thang\s+\d{{1,2}}\s+nam\s+\d{{4}})\s*,?\s*(?P<office>[^,;.]{{3,90}}?)\s+(?:da\s+)?"
    rf"(?:ban hanh|ky|co|phat hanh|gui)\s+{_KIND}\s*(?:s[oe])?\W*$"
)
_TITLE = re.compile(r"\s*,?\s*(?:“|\")?((?:ve viec|ve|v/v)\s)")
_TITLE_END = re.compile(
    r"[;(]|\.(?:\s|$)|,\s(?=nham|de |ubnd|uy ban|so |bo |chu tich|giam doc|phong|ban )|:\s|”"
    r"|,\s*$|\.$"
)
_WINDOW = 260
_LONGEST_LIST = 6


def read_citations(paragraphs: Sequence[Paragraph], own: str | None, findings: Findings) -> tuple[CitedDocument, ...]:
    """Read the cited documents in order, each once; `own` is the letter's own number and symbol, never cited."""
    found: dict[str, CitedDocument] = {}
    for paragraph in paragraphs:
        for match in _numbers(paragraph.text):
            if match.re is not _BLANK and not _is_cited(paragraph.plain, match.start()):
                continue
            document = _document(paragraph, match)
            key = _key(document.number_symbol)
            if own and key == _key(own):
                continue
            found, key = _with_whole(found, key)
            if key not in found:
                findings.stands(f"cited_documents[{len(found)}]", *paragraph.source(*match.span("number")))
            found[key] = _merged(found.get(key), document)
    for index, document in enumerate(found.values()):
        if (document.number_symbol or "").startswith("/"):
            findings.doubt(f"cited_documents[{index}].number_symbol", "Văn bản được dẫn để trống số.")
        if document.date is None:
            findings.doubt(
                f"cited_documents[{index}].date", "Văn bản được dẫn không ghi ngày, hoặc ngày không đọc được."
            )
    return tuple(found.values())


def _is_cited(plain: str, at: int) -> bool:
    """Whether what goes before a number says it is a document's, and not a form's."""
    begin = max(0, at - 80)
    return _BEFORE.search(plain, begin, at) is not None and not _FORM.search(plain, begin, at)


def _numbers(text: str) -> list[re.Match[str]]:
    """Numbers and symbols in a text, open and torn numbers among them, in order."""
    found = list(NUMBER.finditer(text))
    if "số" not in text and "Số" not in text:
        return found
    whole = {match.start() for match in found}
    torn = [match for match in _TORN.finditer(text) if match.start() not in whole]
    return sorted([*found, *torn, *_BLANK.finditer(text)], key=re.Match.start)


def _key(number: str | None) -> str:
    return re.sub(r"[\s.]", "", number or "").casefold().lstrip("0")


def _with_whole(found: dict[str, CitedDocument], key: str) -> tuple[dict[str, CitedDocument], str]:
    """One key for a number that stands twice, once with its symbol torn off after the first letters (`73/T`)."""
    for other in found:
        short, whole = sorted((key, other), key=len)
        if short != whole and "-" not in short and whole.startswith(short):
            return {whole if name == other else name: document for name, document in found.items()}, whole
    return found, key


def _merged(first: CitedDocument | None, second: CitedDocument) -> CitedDocument:
    if first is None:
        return second
    return replace(
        first, number_symbol=max(first.number_symbol or "", second.number_symbol or "", key=len) or None,
        date=first.date or second.date, issuer=first.issuer or second.issuer, title=first.title or second.title
    )


def _document(paragraph: Paragraph, match: re.Match[str]) -> CitedDocument:
    number = re.sub(r"\s*(?:([-–])\s?[-–]|([-–/]))\s*", r"\1\2", match["number"]).replace("–", "-").replace("§", "")
    if match.re is not NUMBER:
        number = f"{'' if match.re is _BLANK else number_in(match['digits']) or match['digits']}/{number}"
    at = match.end()
    day, at = _date_after(paragraph.plain, at)
    office, at = _office_after(paragraph, at)
    if day is None:
        day = _shared_date(paragraph, match.end())
    if day is None:
        day, before = _date_before(paragraph, match.start())
        office = office or before
    return CitedDocument(number, day, office, _title_after(paragraph, at))


def _date_after(plain: str, at: int) -> tuple[str | None, int]:
    label = _DATE_AFTER.match(plain, at)
    if not label:
        return None, at
    found = SHORT_DATE.match(plain, label.end()) or _BENT_DATE.match(plain, label.end())
    if not found:
        return None, at
    day, month = (number_in(found[part]) for part in (1, 2))
    return iso_date(int(day or 0), int(month or 0), int(found[3])), found.end()


def _shared_date(paragraph: Paragraph, at: int) -> str | None:
    """The date a list of numbers shares, said once at its end: `số A và Công văn số B cùng ngày …`."""
    for _ in range(_LONGEST_LIST):
        following = NUMBER.search(paragraph.text, at, at + 80)
        if not following or not _BETWEEN.fullmatch(paragraph.plain[at : following.start()]):
            return None
        at = following.end()
        label = _DATE_AFTER.match(paragraph.plain, at)
        if label:
            return _date_after(paragraph.plain, at)[0] if label["same"] else None
    return None


def _office_after(paragraph: Paragraph, at: int) -> tuple[str | None, int]:
    label = _OFFICE_AFTER.match(paragraph.plain, at)
    if not label:
        return None, at
    end = _office_end(paragraph.text.lower(), label.end())
    return paragraph.text[label.end() : end].strip(" ,.;*") or None, end


def _office_end(small: str, start: int) -> int:
    """Where the name of an office ends; a comma inside `Văn hóa, Thể thao và Du lịch` does not end it."""
    at = start
    while found := _OFFICE_END.search(small, at):
        inside = _INSIDE_NAME.match(small, found.start())
        if not inside:
            return found.start()
        at = inside.end()
    return len(small)


def _date_before(paragraph: Paragraph, at: int) -> tuple[str | None, str | None]:
    start = max(0, at - _WINDOW)
    found = None
    for candidate in re.finditer(r"ngay\s+\d", paragraph.plain[start:at]):
        found = _DATE_BEFORE.match(paragraph.plain[:at], start + candidate.start()) or found
    if not found:
        return None, None
    short = SHORT_DATE.match(found["date"]) or LONG_DATE.match(found["date"])
    office = paragraph.text[found.start("office") : found.end("office")].strip(" ,")
    return (iso_date(int(short[1]), int(short[2]), int(short[3])) if short else None), office


def _title_after(paragraph: Paragraph, at: int) -> str | None:
    label = _TITLE.match(paragraph.plain, at)
    if not label:
        return None
    end = _TITLE_END.search(paragraph.plain, label.end())
    title = paragraph.text[label.start(1) : end.start() if end else len(paragraph.text)].strip(" ,.;")
    return title or None
