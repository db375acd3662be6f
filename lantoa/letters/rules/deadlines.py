"""By when, how often, and reporting to whom: the time and report phrases of a task."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.dates import iso_date

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = r"\d{1,2}\s?[/.]\s?\d{1,2}\s?[/.]\s?\d{4}|\d{1,2} thang \d{1,2} nam \d{4}"
_SHORT_DAY = r"(?!24/7\b|24/24\b)\d{1,2}/(?:0?[1-9]|1[0-2])(?!/?\d|%)"
_CLOCK = r"(?:\d{1,2} ?gio(?: \d{2})?(?: phut)?|\d{1,2}h\d{2}|\d{1,2}g\d{2}|\d{1,2}h(?!\w))"
_UNIT = r"(?:ngay|tuan|thang|quy|nam|hoc ky|hoc ki|lan)"
_COUNT = (
    r"(?:it nhat|toi thieu|khong qua|moi|cu)?\s*(?:\d+|mot|hai|ba)\s(?:lan|buoi|luot|tin|bai|phut|gio"
    r"|tiet(?: hoc)?(?: thuc hanh)?|phong su)"
)
_EVERY = (
    r"(?:hang|moi) (?:ngay|tuan|thang|quy)(?! (?:hoc|nay|qua)\b)(?:(?:,| it nhat| toi thieu)? ?\d+ (?:lan|tin|bai"
    r"|buoi|luot))?"
)
_LEAD = (
    r"(?:hoan thanh |xong |thoi gian )?(?:truoc|cham nhat(?: la| vao| den)?|han (?:chot|cuoi)(?: la)?|den het|den|tu"
    r"|trong|ke tu(?: khi)?|sau|het|vao|luc|tai|muon nhat|dot \d hoan thanh truoc)"
)
_FIRST = (
    r"(?=\d|(?:hoan|xong|thoi|truoc|cham|den|tu|tuan|han|trong|ke|sau|het|vao|luc|tai|muon|dot|ngay|sang|chieu|toi"
    r"|thang|quy|it"
    r"|khong|moi|cu|mot|hai|ba|hang|lien|cho|khi|thu|theo|dinh|cuoi)(?![a-z]))"
)
"""What a time phrase may begin with: looked at first, so that other words are passed over quickly."""
_ATOM = re.compile(
    rf"\b{_FIRST}(?:"
    rf"(?:{_LEAD} )?(?:{_CLOCK},? )?(?:(?:het |trong )?ngay )?(?:{_DAY})"
    rf"|(?:{_LEAD} )?(?:sang |chieu |toi )?{_CLOCK}(?:(?:,| va| den|-) (?:sang |chieu "
    rf"|toi )?{_CLOCK})*(?:,? (?:cung ngay|ngay (?:{_DAY}|{_SHORT_DAY})|ngay cuoi (?:thang|tuan|quy)"
    rf"|(?:cac )?(?:ngay )?thu \w+(?: trong thang| hang (?:thang|tuan))?"
    rf"|hang ngay|hang tuan))?"
    rf"|(?:{_LEAD} )?(?:het )?(?:ngay )?{_SHORT_DAY}"
    rf"|(?:{_LEAD} )?ngay \d{{1,2}}(?:/\d{{1,2}})?(?: va(?: ngay)? \d{{1,2}}(?:/\d{{1,2}})?)?(?: hang thang"
    rf"| hang quy| cuoi quy| thang cuoi quy)?(?= hang| thang cuoi)(?: hang thang| thang cuoi quy)"
    rf"|(?:{_LEAD} )?ngay \d{{1,2}} va ngay \d{{1,2}} hang thang"
    rf"|(?:trong |het |den het )?(?:thang|quy) (?:\d{{1,2}}|[iv]+)(?:/\d{{4}}"
    rf"| nam \d{{4}})?(?: va (?:thang )?\d{{1,2}})?"
    rf"|{_COUNT}\s?/\s?{_UNIT}|moi {_UNIT} (?:mot|\d+) (?:lan|luot|tin)(?: luc {_CLOCK})?|{_EVERY}|ngay \d+ lan"
    rf"|cu \d+ \w+ cap nhat \d+ lan|\d+ thang (?:mot|\d+) lan"
    r"|trong nam \d{4}|trong (?:vong )?\d+ (?:ngay|gio)(?: lam viec)?(?: (?:ke )?tu (?:ngay|khi) [^.;,]{3,50})?"
    r"|trong tuan (?:nay|toi|sau)|(?:trong )?tuan (?:thu )?(?:\d|dau|cuoi)(?: tien)?(?: cua)? thang \d{1,2}(?:/\d{4})?"
    r"|trong tuan (?:dau|cuoi)[^.;,]{0,24}|lien tuc trong \d+ ngay|tuan \d+ (?:bai|tin|lan|buoi)"
    r"|(?:cho )?den khi [^.;,)]{4,50}|tu nay|ke tu khi [^.;,]{3,40}|tu khi [^.;,]{3,40}|truoc khi [^.;,]{3,30}"
    r"|khi tuu truong|truoc (?:ngay |khi )?(?:khai giang|be giang|nghi he|nghi tet|tet nguyen dan)|ngay trong ngay"
    r"|truoc \d+ (?:tieng|ngay)(?! ?/)"
    r"|vao (?:gio|dip|thoi diem) [^.;,]{3,40}(?:, (?:chieu|toi))?|vao thu \w+(?: hang tuan)?"
    r"|trong suot [^.;,]{4,50}|thu (?:hai|ba|tu|nam|sau|bay)(?=[,. ])"
    r"|(?:theo )?dinh ky (?:hang (?:thang|quy|nam|tuan|ngay)|(?:\d+|mot|hai|ba|sau) (?:thang|tuan|ngay))|theo dinh ky"
    r"|dinh ky"
    r"|tai cuoc hop \w+ gan nhat|cuoi (?:ngay|hoc ky \d|hoc ki \d)(?: va cuoi hoc ky \d)?|(?:chieu"
    r"|sang) \d{1,2}(?: va (?:chieu|sang) \d{1,2}(?:/\d{1,2})?)"
    r")"
)
_GLUE = re.compile(r"^(?:\s?[,;]\s?|\s(?:va|den|cho|vao|ke tu|cua|luc|den het|dinh ky)\s|\s|\s?\(\s?|\)\s?,?\s?)$")
_PLAIN_DAY = re.compile(
    r"(?:hoan thanh |xong |thoi gian )?(?:truoc|cham nhat(?: la| vao| den)?|han (?:chot|cuoi)(?: la)?|trong|het|den"
    r"|vao|muon nhat)?\s?(?:het "
    r"|trong )?(?:ngay )?"
    r"(\d{1,2})\s?(?:[/.]|thang)\s?(\d{1,2})\s?(?:[/.]|nam)\s?(\d{4})"
)
_RANGE = re.compile(r"tu (?:ngay )?(\d{1,2})/(\d{1,2})(?:/(\d{4}))? den (?:het )?(?:ngay )?(\d{1,2})/(\d{1,2})/(\d{4})")
_TOO_LATE = re.compile(r"sau (?:ngay )?(\d{1,2})/(\d{1,2})/(\d{4})")
"""`Sau ngày … sẽ không …`: the day itself is the last."""
_WEAK = re.compile(r"(?:dinh ky|tu nay|thu \w+|ngay)")
_LEADING = re.compile(r"^(?:hoan thanh|xong|thoi gian)\s+")
_LED = re.compile(_LEAD)
_CITED = re.compile(
    r"(?:[/-]\s?[a-z&]+|s[oe] \d+|cong van|quyet dinh|nghi dinh|chi thi|ke hoach|thong tu"
    r"|nghi quyet|ghi moc|moc|thay cho|duong|(?<!khu )(?<!dan )pho|\bvi)\W*$"
)
_REPORT = re.compile(
    r"\b(?:bao cao|gui|nop|bao(?= ve| ngay| cho| ubnd| xa\b| ban)|xac nhan|ket qua|phan anh"
    r"|tong hop)\b"
)
_TO = re.compile(
    r"\b(?P<verb>bao cao|gui|nop|xac nhan|tong hop|lap danh sach)\b(?P<what>[^;]{0,130}?)\s(?:ve|toi|cho(?= so"
    r"| ubnd| uy ban| phong | chi cuc| ban chi))\s(?=(?:cac )?[a-z])"
)
_TO_BARE = re.compile(
    r"(?:\b(?:bao cao|(?<!thong )(?<!canh )bao ngay|gui)|(?<!thong )(?<!canh )\bbao)\s(?:ve |nhanh |ket qua "
    r"|nhanh ket qua )?"
    r"(?=(?:uy ban|ubnd|cac so\b|to cong tac |to thuong truc |so |bo |ban |chu tich|thu tuong|dang uy|cong an"
    r"|truong phong|phong |hoi |ban giam|ldld|xa "
    r"|van phong|cuc |quy ban|tram ))"
)
_TO_DIRECT = re.compile(r"\b(?:nop|gui|bao cao)\b[^.;]{0,40}?\scho (?=(?:d/c|dong chi|ban |bo phan|phong |van thu))")
_TO_VIA = re.compile(r"\bxac nhan[^.;]{0,40} qua (?=nhom|phan mem|email|hop thu)|\bbao cao bang (?=phan mem)")
_OFFICE = re.compile(
    r"(?:cac |thue|buu dien|chi (?:hoi|bo|doan)|(?:huyen|tinh|thi|quan|thanh|xa) doan|doan|hop thu|email|dia chi|d/c"
    r"|dong chi|uy ban|ubnd|so|bo|ban|phong|cuc|van phong|trung tam|tram|cong an"
    r"|dang|hoi|lien doan|ldld|xa|thuong truc"
    r"|to|chu tich|thanh tra|vu|vien|nhom|quan|huyen|tinh|co quan|cong doan|truong|chi cuc|benh vien|mttq|mat tran"
    r"|tong cuc|vptu|bhxh|cdcs)\b"
)
_NOT_OFFICE = re.compile(
    r"(?:phòng,? (?:cháy|chống|ngừa|bệnh|dịch)|bỏ|số|tới|bố|hồi|tờ|tỏ|xà|phóng|bàn|bản|bán|vũ"
    r"|cúc)\b"
)
_TO_END = re.compile(
    r"\s(?=trước\b|chậm nhất|vào\b|định kỳ|ngay\b|ngày\b|để\b|trong\b|theo (?!dõi)|kèm|kết quả|hằng\b|hàng\b"
    r"|tổng hợp|sau\b|đúng\b|về\b|xem xét|cho đến|muộn nhất|qua điện thoại|mỗi\b"
    r"|kịp thời|tiến độ|bằng\b|nếu\b|lồng|khi\b|hạn chót|chỉ đạo (?:giải quyết|xử lý|kịp thời)|theo (?:quy|đúng|định))"
    r"|\s?[;.](?:\s(?!\d)|$)|,(?! (?:điện thoại|thư điện tử|thư điên tử|email|qua|sở |chủ tịch|ban ))|\s?/\.|$"
)
_EVIDENCE = re.compile(r"\((?:co )?kem (?:theo )?([^()]{3,80})\)|\(([^()]*(?:so ho|hinh anh|so luot|so lieu)[^()]*)\)")
_LISTED = re.compile(r"(?:lap|gui) ((danh sach|so lieu))[^.;,]{0,40}")
_OWN_AIM = re.compile(r"(?<!\w)(?:để|đề(?! nghị| xuất| án| cương))\s[^.;]{0,60}$")
_BARE = re.compile(r"\b(?:tong hop,? )?(?:bao cao|gui ket qua|gui bao cao)(?: ket qua| dinh ky)?(?: \([^()]*\))? ")
_FULL_STOP = re.compile(r"\.\s+[A-ZĐ]")
_PAPERS = re.compile(
    r"bao cao|ket qua|quyet dinh|ke hoach|bien ban|phuong an|phieu|dang ky|hinh anh|so lieu|danh sach|van ban|y kien"
    r"|ho so|ban cam ket|tong hop|chung tu"
    r"|thong ke|^\W*$"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A value read from a paragraph and its offsets there."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """The report a task asks for: to whom, by when, with what."""

    to: Phrase | None
    start: int


@functools.lru_cache(maxsize=1024)
def read_times(text: str, plain: str, start: int, end: int) -> tuple[Phrase, ...]:
    """Read the time phrases between two offsets: one whole date as ISO, a plain period as ISO/ISO, else the words."""
    spans: list[list[int]] = []
    for found in _ATOM.finditer(plain, start, end):
        first, last = found.span()
        if _CITED.search(plain[max(0, first - 24) : first]) and not _LED.match(found[0]):
            continue
        if first and (plain[first - 1].isalnum() or plain[first - 1] in "/-"):
            continue
        if spans and _GLUE.match(plain[spans[-1][1] : first]):
            spans[-1][1] = last
        elif spans and first <= spans[-1][1]:
            spans[-1][1] = max(last, spans[-1][1])
        else:
            spans.append([first, last])
    return tuple(phrase for first, last in spans if (phrase := _phrase(text, plain, first, last)))


def _phrase(text: str, plain: str, first: int, last: int) -> Phrase | None:
    words = plain[first:last]
    if _WEAK.fullmatch(words.strip(" ,")):
        return None
    late = _TOO_LATE.fullmatch(words)
    if late and plain.startswith(" se khong", last):
        iso = iso_date(int(late[1]), int(late[2]), int(late[3]))
        return Phrase(iso, first, last) if iso else None
    day = _PLAIN_DAY.fullmatch(words)
    if day:
        iso = iso_date(int(day[1]), int(day[2]), int(day[3]))
        return Phrase(iso, first, last) if iso and not re.match(r"\d", words) else None
    period = _RANGE.fullmatch(words)
    if period:
        begin = iso_date(int(period[1]), int(period[2]), int(period[3] or period[6]))
        end = iso_date(int(period[4]), int(period[5]), int(period[6]))
        if begin and end:
            return Phrase(f"{begin}/{end}", first, last)
    lead = _LEADING.match(words)
    first += lead.end() if lead else 0
    return Phrase(text[first:last].strip(" ,;("), first, last)


@functools.lru_cache(maxsize=1024)
def read_report(text: str, plain: str, start: int, end: int) -> Report | None:
    """Read where a report of the task goes, between two offsets; None when the words ask for no report."""
    best: Report | None = None
    for pattern in (_TO, _TO_BARE, _TO_DIRECT, _TO_VIA):
        for found in _within_sentences(pattern, text, plain, start, end):
            if _OWN_AIM.search(text[start : found.start()].lower()):
                continue
            if not _hands_in(found) or not _is_paper(plain, found):
                continue
            if not _OFFICE.match(plain, found.end()) or _NOT_OFFICE.match(text.lower(), found.end()):
                continue
            to_end = _office_end(text.lower(), found.end(), end)
            value = text[found.end() : to_end].strip(" ,;.*")
            if len(value) > 1 and (best is None or found.start() < best.start):
                best = Report(Phrase(value, found.end(), found.end() + len(value)), found.start())
    return best or _bare_report(text, plain, start, end)


def _within_sentences(
    pattern: re.Pattern[str], text: str, plain: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """The matches that run over no full stop; after one that does the search goes on behind that stop."""
    at = start
    while found := pattern.search(plain, at, end):
        over = _FULL_STOP.search(text, found.start(), found.end())
        if over is None:
            yield found
        at = over.end() - 1 if over else found.end() + (found.end() == found.start())


def _bare_report(text: str, plain: str, start: int, end: int) -> Report | None:
    """A report asked for by a time alone: `báo cáo trước ngày …`, with nobody named whom it goes to."""
    for found in _BARE.finditer(plain, start, end):
        times = read_times(text, plain, found.end(), end)
        if times and times[0].start <= found.end() + 1:
            return Report(None, found.start())
    return None


def _is_paper(plain: str, found: re.Match[str]) -> bool:
    """Whether what is sent to an office named right after `gửi` is a report or its papers, named before or after."""
    if not found[0].startswith("gui ") or "what" in found.groupdict():
        return True
    return _PAPERS.search(plain[max(0, found.start() - 60) : found.end() + 80]) is not None


def _hands_in(found: re.Match[str]) -> bool:
    """Whether what is sent is a report or its papers, not the message itself on its way to the people."""
    groups = found.groupdict()
    return groups.get("verb") not in {"gui", "nop"} or _PAPERS.search(groups.get("what") or "") is not None


def _office_end(plain: str, start: int, end: int) -> int:
    at = start
    while found := _TO_END.search(plain, at, end):
        opened = plain.count("(", start, found.start()) - plain.count(")", start, found.start())
        if opened > 0:
            close = plain.find(")", found.start(), end)
            if close >= 0:
                at = close
                continue
        return found.start()
    return end


def asks_report(plain: str) -> bool:
    """Whether folded words ask for a report at all."""
    return _REPORT.search(plain) is not None


def read_evidence(text: str, plain: str, start: int, end: int) -> str | None:
    """Read what must go with the report: `(kèm danh sách …)`, `lập danh sách`."""
    found = _EVIDENCE.search(plain, start, end)
    report = read_report(text, plain, start, end)
    if not found and report is not None and "bao cao ket qua" not in plain[start:end]:
        found = _LISTED.search(plain, start, end)
    group = next((index for index in (1, 2) if found[index]), 0) if found else 0
    if not found:
        return None
    return text[found.start(group) : found.end(group)].strip(" ,;")
