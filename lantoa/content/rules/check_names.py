"""Every territory, agency and person a text names is one it may name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import Finding, Mend, Sheet, located
from lantoa.content.rules.place_names import key_of

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
    for one in sheet.named:
        if one.is_proper and not one.names & sheet.own_names:
            yield _wrong_place(sheet, (one.start, one.end), is_other=True)
    met = {one.start for one in sheet.named}
    for match in _TERRITORY.finditer(sheet.text):
        is_heading = match[0].isupper()  # every word is in capitals there: what is no name is not told from a name
        if match.start() not in met and not is_heading and not _stands(key_of(match[0]), known.folded):
            yield _wrong_place(sheet, match.span(), is_other=False)


def _wrong_place(sheet: Sheet, span: tuple[int, int], *, is_other: bool) -> Finding:
    why = (
        "đây là địa bàn khác, không phải nơi nhận bản này" if is_other else "tên địa bàn này không có trong chiến dịch"
    )
    head = re.match(r"\w+", key_of(sheet.place))
    own = sheet.place if head and sheet.folded.startswith(head[0], span[0]) else ""
    what = f"Thay bằng {own}." if own else "Sửa lại tên địa bàn."
    if not is_other:
        what += " Nếu là tên cũ thì ghi vào «Tên gọi khác» của nơi ấy."
    return located(sheet, span, "name", why, Mend("rewrite", what, own))


def _others(sheet: Sheet, known: Known) -> Iterator[Finding]:
    territories = [match.span() for match in _TERRITORY.finditer(sheet.text)]
    territories += [(one.start, one.end) for one in sheet.named]
    asked = "\n".join(map(key_of, sheet.contacts))
    for pattern, what in ((_AGENCY, "cơ quan, đơn vị"), (_PERSON, "người")):
        for match in pattern.finditer(sheet.text):
            name = key_of(match[1])
            is_place = any(start <= match.start() < end for start, end in territories)
            if not is_place and not _stands(name, known.folded) and not _stands(name, asked):
                why = f"tên {what} này không có trong dữ kiện, căn cứ hay đầu mối liên hệ"
                mend = Mend("rewrite", "Sửa lại tên cho đúng, hoặc ghi thành dữ kiện có nguồn.")
                yield located(sheet, match.span(1), "name", why, mend)


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
