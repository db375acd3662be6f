"""Parts of a letter that must agree with one another, and are put in doubt when they do not.

The number with the arrival stamp, the symbol and the signer's title with the office, the date with what is cited, the
addressees with the sender (NĐ 30/2020, Phụ lục I, mục II).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese import folded, same_text

if TYPE_CHECKING:
    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import Letter

_ARRIVED = re.compile(r"\bden\b\W{0,12}so\W{0,4}(\d{1,6})\b")
_HEAD = 1500
_OFFICES = {  # a title, and how the office of one who bears it begins
    "bo truong": ("bo ", "van phong chinh phu", "uy ban dan toc", "thanh tra chinh phu"),
    "thu truong": ("bo ",),
    "hieu truong": ("truong ", "dai hoc", "hoc vien", "phan hieu"),
    "giam doc": ("so ", "trung tam", "benh vien", "cong ty", "cong an", "chi nhanh", "buu dien", "dien luc",
                 "bao hiem", "ban ", "kho bac", "ngan hang", "nha ", "vien", "quy ", "khu ", "dai ", "hoc vien",
                 "thu vien", "tram ", "bao tang", "xi nghiep", "tong cong ty", "tap doan", "vuon"),
}  # fmt: skip
_COMMITTEE = re.compile(r"(?:uy ban nhan dan|ubnd|van phong|chu tich|hoi dong)")
_TOO_MANY = 2
"""So many cited documents later than a scan's date, and the date is misread rather than they."""


def weigh_agreement(letter: Letter, findings: Findings, *, scanned: bool) -> Letter:
    """Put in doubt what does not agree; a scan's date that several cited documents contradict is not kept."""
    _weigh_number(letter, findings)
    _weigh_symbol(letter, findings)
    _weigh_title(letter, findings)
    _weigh_addressees(letter, findings)
    return _weigh_date(letter, findings, scanned=scanned)


def _weigh_number(letter: Letter, findings: Findings) -> None:
    stamp = _ARRIVED.search(folded(findings.text[:_HEAD])) if letter.number else None
    if stamp and stamp[1].lstrip("0") == (letter.number or "").lstrip("0"):
        findings.doubt("number", "Số trùng với số của dấu đến; hãy xem có phải là số của văn bản không.", 0.5)


def _weigh_symbol(letter: Letter, findings: Findings) -> None:
    """`UBND` in the symbol, and an office that is no people's committee, or the other way round."""
    units = re.split(r"[-/]", letter.symbol or "")
    committee = _COMMITTEE.match(folded(letter.issuer or ""))
    if letter.issuer and letter.symbol and "UBND" in units and not committee:
        findings.doubt("issuer", f"Ký hiệu “{letter.symbol}” là của Ủy ban nhân dân, không khớp tên cơ quan.", 0.5)
        findings.doubt("symbol", f"Ký hiệu không khớp cơ quan ban hành “{letter.issuer}”.", 0.6)


def _weigh_title(letter: Letter, findings: Findings) -> None:
    title = folded(letter.signer_title or "").removeprefix("pho ").removeprefix("tong ")
    office = folded(letter.issuer or "")
    beginnings = _OFFICES.get(title)
    if letter.signing_authority and not letter.signing_authority.startswith("KT."):
        return
    if beginnings and office and not office.startswith(beginnings):
        findings.doubt("signer_title", f"Chức vụ người ký không hợp với cơ quan “{letter.issuer}”.", 0.6)
        findings.doubt("issuer", f"Cơ quan ban hành không hợp với chức vụ “{letter.signer_title}” của người ký.", 0.6)


def _weigh_addressees(letter: Letter, findings: Findings) -> None:
    for index, addressee in enumerate(letter.addressees):
        if letter.issuer and same_text(addressee, letter.issuer):
            findings.doubt(f"addressees[{index}]", "Nơi nhận trùng với cơ quan ban hành.", 0.5)


def _weigh_date(letter: Letter, findings: Findings, *, scanned: bool) -> Letter:
    later = [index for index, cited in enumerate(letter.cited_documents)
             if letter.date and cited.date and cited.date > letter.date]  # fmt: skip
    if not later:
        return letter
    for index in later:
        why = "Văn bản được dẫn ghi ngày sau ngày ban hành."
        findings.doubt(f"cited_documents[{index}].date", why, 0.6)
    findings.doubt("date", "Ngày ban hành trước ngày của văn bản được dẫn; hãy kiểm tra lại cả hai.", 0.6)
    if scanned and len(later) >= _TOO_MANY and letter.date:
        findings.spans.pop("date", None)
        return replace(letter, date=None, date_partial=letter.date[:4])
    return letter
