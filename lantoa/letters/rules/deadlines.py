"""To whom a task is reported, and what goes with it: the report phrases of a task."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.letters.rules.times import Phrase, read_times

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPORT = re.compile(
    r"\b(?:bao cao|gui|nop|bao(?= ve| ngay| cho| ubnd| xa\b| ban)|xac nhan|ket qua|phan anh"
    r"|tong hop)\b"
)
_TO = re.compile(
    r"\b(?P<verb>bao cao(?! vien)|gui|nop(?! thue)|xac nhan|tong hop|lap danh sach|phan anh|chuyen|trinh|thong ke"
    r"|phan hoi|ban giao|trao doi(?= ve)"
    r"|(?<!thong )(?<!canh )bao(?= (?:so |danh sach |ket qua ))|thong (?:tin|bao)(?= (?:ket qua|so lieu|tinh hinh"
    r"|tien do|danh sach)))\b(?P<what>[^;]{0,130}?)"
    r"\s(?:ve|toi|voi(?= dong chi| chu tich| lanh dao| thuong truc| truong ban)|cho(?= so"
    r"| ubnd| uy ban| phong | chi cuc| ban chi| tram | cong chuc | cong an | van phong | dong chi | trung tam "
    r"| thuong truc | can bo ))\s(?=(?:cac )?[a-z])"
)
_TO_BARE = re.compile(
    r"(?:\b(?:bao cao(?! vien)|(?<!thong )(?<!canh )bao ngay|gui)|(?<!thong )(?<!canh )\bbao)\s(?:ve |nhanh |ket qua "
    r"|nhanh ket qua )?"
    r"(?=(?:uy ban|ubnd|cac so\b|to cong tac |to thuong truc |so |bo |ban |chu tich|thu tuong|dang uy|cong an"
    r"|truong phong|phong |hoi |ban giam|ldld|xa "
    r"|van phong|cuc |quy ban|tram |chi cuc|trung tam |huyen |tinh uy|thanh uy|huyen uy|thuong truc|lanh dao|hoi dong"
    r"|benh vien|kho bac|thue |vien |hat |doi |khoi |ca hai|hai co quan|bao hiem|quan uy|giam doc |hieu truong"
    r"|thu truong))"
)
_TO_DIRECT = re.compile(r"\b(?:nop|gui|bao cao)\b[^.;]{0,40}?\scho (?=(?:d/c|dong chi|ban |bo phan|phong |van thu))")
_TO_VIA = re.compile(
    r"\bxac nhan[^.;]{0,40} qua (?=nhom|phan mem|email|hop thu)|\bbao cao bang (?=phan mem)"
    r"|\b(?:nhap|cap nhat|dien|bao cao)\b[^.;]{0,40} (?:vao|len|tren|qua) (?=bieu mau|phan mem bao cao|he thong bao cao"
    r"|google|bieu tong hop|so theo doi)"
    r"|\b(?:bao cao(?! vien)(?:[^.;]{0,50}?)|gui|nop) (?:qua|theo|vao) (?=email|thu dien tu|hop thu|duong link"
    r"|(?:dia chi|hop thu) (?:email|thu)|bieu mau truc tuyen)"
    r"|\b(?:gui|nop|bao cao)\b(?=[^.;]{0,60}(?:bao cao|ket qua|so lieu|danh sach|hinh anh|ban mem|file|minh chung"
    r"|phieu))"
    r"[^.;]{0,60}? (?:qua|vao|theo|toi|den) (?=email|thu dien tu|hop thu|nhom zalo|dia chi|zalo|duong link|[\w.]+@)"
)
_TO_BY = re.compile(
    r"\b(?:gui|nop(?! thue)|trinh|chuyen|bao cao(?! vien))\s(?=(?!cac dai bieu)(?:ve )?(?P<office>(?:(?! ky | gui )"
    r"[^.;,()]){4,70}?(?: \([^()]*\))?),? (?:truoc|cham nhat"
    r"|muon nhat|trong (?:ngay|vong)|han |vao|dinh ky|ngay \d|sau|hang|thu )\b)"
)
"""`nộp Công an phường trước ngày 25 hằng tháng`: any office, when the time stands right after it."""
_WAYS = (
    (_TO, (" ve ", " toi ", " voi ", " cho ")),
    (_TO_BARE, ("bao ", "gui ")),
    (_TO_DIRECT, (" cho ",)),
    (_TO_VIA, (" qua ", " bang ", " vao ", " len ", " tren ", " theo ", " toi ", " den ")),
    (_TO_BY, ("gui ", "nop ", "trinh ", "chuyen ", "bao cao ")),
)
"""Each way a report is said to go, with words one of which it has: looked for first."""
_SENDS = re.compile(
    r"\b(?:bao|gui|nop|ban giao|trao doi|xac nhan|tong hop|lap danh|phan anh|chuyen|trinh|thong (?:ke|tin|bao)"
    r"|phan hoi|nhap|cap nhat"
    r"|dien)\b"
)
"""What any words of a report have: looked for first."""
_OFFICE = re.compile(
    r"(?:cac |thue|buu dien|chi (?:hoi|bo|doan)|(?:huyen|tinh|thi|quan|thanh|xa) doan|doan|hop thu|email|dia chi|d/c"
    r"|dong chi|uy ban|ubnd|so|bo|ban|phong|cuc|van phong|trung tam|tram|cong an"
    r"|dang|hoi|lien doan|ldld|xa|thuong truc"
    r"|to|chu tich|thanh tra|vu|vien|nhom|quan|huyen|tinh|co quan|cong doan|truong|chi cuc|benh vien|mttq|mat tran"
    r"|bieu mau|phan mem|he thong|google|bieu tong hop|so theo doi|lanh dao"
    r"|giam doc|zalo|thu dien tu|duong link|[\w.]+@|bo phan|hai (?:so|co quan)|don vi|bao hiem|cong chuc|can bo"
    r"|chi huy|bieu mau"
    r"|tong cuc|vptu|bhxh|cdcs)\b"
)
_NOT_OFFICE = re.compile(
    r"(?:phòng,? (?:cháy|chống|ngừa|bệnh|dịch)|bỏ|số|tới|bố|hồi|tờ|tỏ|xà|phóng|bàn|bản|bán|vũ"
    r"|cúc)\b"
)
_TO_END = re.compile(
    r"\s(?=\(kèm |tại (?:cuộc|buổi|phiên|giao ban|hội nghị)|trước\b|chậm nhất|vào\b|định kỳ|ngay\b|ngày\b|để\b"
    r"|trong\b|theo (?!dõi)|kèm|kết quả|hằng\b|hàng\b"
    r"|tổng hợp|sau\b|đúng\b|về\b|xem xét|cho đến|muộn nhất|qua điện thoại|mỗi\b"
    r"|số (?!\d)|danh sách|tình hình|những|vướng mắc|khó khăn|nội dung|từng|đồng thời|cùng với|thông qua|muộn|đột xuất"
    r"|kịp thời|tiến độ|bằng\b|nếu\b|lồng|khi\b|hạn chót|chỉ đạo (?:giải quyết|xử lý|kịp thời)|theo (?:quy|đúng|định))"
    r"|\*|\s?[;.](?:\s(?!\d)|$)|,(?! (?:điện thoại|thư điện tử|thư điên tử|email|qua|sở |chủ tịch|ban |ubnd "
    r"|uỷ ban |ủy ban |đảng ủy |hđnd |thường trực ))|\s?/\.|$"
)
_EVIDENCE = re.compile(r"\((?:co )?kem (?:theo )?([^()]{3,80})\)|\(([^()]*(?:so ho|hinh anh|so luot|so lieu)[^()]*)\)")
_LISTED = re.compile(r"(?:lap|gui) ((danh sach|so lieu))[^.;,]{0,40}")
_OWN_AIM = re.compile(r"(?<!\w)(?:để|đề(?! nghị| xuất| án| cương))\s(?:[^.;]{0,60}[^.;,])?\s?$")
"""What the words serve; after a comma (`để lập danh sách, gửi …`) a thing of its own begins."""
_BARE = re.compile(r"\b(?:tong hop,? )?(?:bao cao|gui ket qua|gui bao cao)(?: ket qua| dinh ky)?(?: \([^()]*\))? ")
_FULL_STOP = re.compile(r"\.\s+[A-ZĐ]")
_DRAWS_UP = re.compile(r"\W*(?:[^,]{3,60} )?(?:xay dung|ban hanh) (?:ke hoach|chuong trinh)\b")
"""`Xây dựng kế hoạch …, gửi Văn phòng trước ngày …`: the plan is the work, and the day its deadline."""
_GATHERED = re.compile(r"\W*(?:[^,]{3,60} )?(?:tong hop|thong ke|lap danh sach)\b")
_PAPERS = re.compile(
    r"bao cao|ket (?:qua|luan)|quyet dinh|ke hoach|bien ban|phuong an|phieu|dang ky|hinh anh|so lieu|danh sach"
    r"|van ban|y kien"
    r"|ho so|ban cam ket|tong hop|chung tu"
    r"|thong ke|cam ket|bieu|^\W*$"
)


@dataclass(frozen=True, slots=True)
class Report:
    """The report a task asks for: to whom, by when, with what."""

    to: Phrase | None
    start: int


@functools.lru_cache(maxsize=1024)
def read_report(text: str, plain: str, start: int, end: int) -> Report | None:
    """Read where a report of the task goes, between two offsets; None when the words ask for no report."""
    if not _SENDS.search(plain, start, end):
        return None
    best: Report | None = None
    for pattern, stems in _WAYS:
        if not any(plain.find(stem, start, end) >= 0 for stem in stems):
            continue
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


def _within_sentences(pattern: re.Pattern[str], text: str, plain: str, start: int, end: int) -> Iterator[re.Match[str]]:
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
    if not found[0].startswith(("gui ", "nop ", "trinh ", "chuyen ")) or "what" in found.groupdict():
        return True
    before = plain[max(0, found.start() - 160) : found.start()]
    sentence = re.split(r"[.;:]\s", before)[-1]
    if _DRAWS_UP.match(sentence) and not re.search(r"bao cao|ket qua|danh sach|so lieu", sentence):
        return False
    return _GATHERED.match(sentence) is not None or (
        _PAPERS.search(plain[max(0, found.start() - 60) : found.end() + 80]) is not None
    )


def _hands_in(found: re.Match[str]) -> bool:
    """Whether what is sent is a report or its papers, not the message itself on its way to the people."""
    groups = found.groupdict()
    if groups.get("verb") == "ban giao" and not groups["what"].strip():
        return False
    return (
        groups.get("verb") not in {"gui", "nop", "chuyen", "trinh", "ban giao"}
        or _PAPERS.search(groups.get("what") or "") is not None
    )


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
