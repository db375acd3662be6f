"""Every territory, agency and person a text names is one it may name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import Finding, Mend, Sheet, fold, located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.content.rules.known import Known

_CAP = r"[A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ][\w'’-]*"
_TERRITORY = re.compile(
    r"(?<!\w)(?i:(phường|xã|thị trấn|thị xã|quận|huyện|thành phố|tỉnh|đặc khu"
    r"|phuong|xa|thi tran|thi xa|quan|huyen|thanh pho|tinh))[ \u00a0]+"
    rf"({_CAP}(?:[ \u00a0]+{_CAP}){{0,4}}(?:[ \u00a0]+\d{{1,2}}(?!\w|[./,]\d))?|\d{{1,2}}(?!\w|[./,]\d))"
)
"""A name may be a number ("phường 12") or end in one ("phường Hải Châu 1")."""
_AGENCY = re.compile(
    rf"(?<!\w)((?:Bộ|Sở|Cục|Tổng cục|Vụ|Viện|Công ty|Tập đoàn|Ngân hàng|Bo|So|Cuc)\s+(?-i:{_CAP})(?:\s+[\wÀ-ỹ]+)?)"
)
_PERSON = re.compile(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú)[ \u00a0]+({_CAP}(?:[ \u00a0]+{_CAP}){{1,4}})"
)


def check_names(sheet: Sheet, known: Known) -> list[Finding]:
    """Find territories that are not of this rendering's own line, agencies and persons nobody has confirmed."""
    return [*_territories(sheet, known), *_others(sheet, known)]


def _territories(sheet: Sheet, known: Known) -> Iterator[Finding]:
    for match in _TERRITORY.finditer(sheet.text):
        head, tail = fold(match[1]), fold(match[2]).split()
        names = [" ".join((head, *tail[:size])) for size in range(len(tail), 0, -1)]
        if any(name in sheet.own_names for name in names):
            continue
        elsewhere = next((name for name in names if name in sheet.other_names), None)
        is_heading = match[0].isupper()  # every word is in capitals there: what is no name is not told from a name
        if elsewhere is None and (is_heading or _stands(names[0], known.folded)):
            continue
        size = len(elsewhere.split()) - len(head.split()) if elsewhere else len(tail)
        ends = [word.end() for word in re.finditer(r"\S+", match[2])]
        end = match.start(2) + ends[min(size, len(ends)) - 1]
        yield _wrong_place(sheet, (match.start(), end), head, is_other=elsewhere is not None)


def _wrong_place(sheet: Sheet, span: tuple[int, int], head: str, *, is_other: bool) -> Finding:
    why = (
        "đây là địa bàn khác, không phải nơi nhận bản này" if is_other else "tên địa bàn này không có trong chiến dịch"
    )
    own = sheet.place if fold(sheet.place).startswith(head) else ""
    what = f"Thay bằng {own}." if own else "Sửa lại tên địa bàn."
    return located(sheet, span, "name", why, Mend("rewrite", what, own))


def _others(sheet: Sheet, known: Known) -> Iterator[Finding]:
    territories = [match.span() for match in _TERRITORY.finditer(sheet.text)]
    for pattern, what in ((_AGENCY, "cơ quan, đơn vị"), (_PERSON, "người")):
        for match in pattern.finditer(sheet.text):
            name = " ".join(fold(match[1]).split())
            is_place = any(start <= match.start() < end for start, end in territories)
            if not is_place and not _stands(name, known.folded):
                why = f"tên {what} này không có trong dữ kiện, căn cứ hay đầu mối liên hệ"
                mend = Mend("rewrite", "Sửa lại tên cho đúng, hoặc ghi thành dữ kiện có nguồn.")
                yield located(sheet, match.span(1), "name", why, mend)


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
