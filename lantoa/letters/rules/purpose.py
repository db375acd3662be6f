"""Why the letter is written: the `Để …` or `nhằm …` clause before its orders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.letters.rules.layout import BULLET
from lantoa.letters.rules.paragraphs import MARKER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_AIM = re.compile(r"(?:^|(?<=[;.,] )|(?<= các việc trên ))(?P<word>để|đề|nhằm|nhăm)\s+(?!nghị)(?=\w{2,} )")
_ORDER = re.compile(
    r"[,;.]\s+(?=(?:[^,;.]{3,120}?)\s(?:yeu cau|de nghi|co y kien|chi thi|huong dan|thong bao|ban hanh|xay dung"
    r"|giao|lap ke hoach"
    r"|kinh de nghi|tran trong|kinh moi|cong bo|quyet dinh|de xuat|trinh|bao cao|kinh trinh|thuc hien)\b)"
)
_SENTENCE_END = re.compile(r"[.:](?:\s|$)|;\s")
_HEADING = re.compile(r"(?:[ivx\d.]+[.)]?\s+)?muc dich(?:,? (?:va )?(?:yeu cau|y nghia))?\W*$")
_LEAST = 12


def read_purpose(body: Sequence[Paragraph], findings: Findings) -> str | None:
    """Read the purpose from the opening paragraphs, in the letter's own words; None when it states none."""
    for paragraph in _opening(body):
        aims = list(_AIM.finditer(paragraph.text.lower()))
        for aim in aims:
            start = aim.end()
            order = _ORDER.search(paragraph.plain, start)
            stop = _SENTENCE_END.search(paragraph.plain, start)
            end = order.start() if order else stop.start() if stop else len(paragraph.text)
            value = paragraph.text[start:end].strip(" ,;.")
            if len(value) >= _LEAST:
                findings.stands(
                    "purpose", *paragraph.source(start, start + len(paragraph.text[start:end].rstrip(" ,;.")))
                )
                return value[:1].upper() + value[1:]
    return _of_section(body, findings)


def _of_section(body: Sequence[Paragraph], findings: Findings) -> str | None:
    """Read the first point under a heading `Mục đích`, as plans state theirs."""
    for place, paragraph in enumerate(body[:-1]):
        if not _HEADING.match(paragraph.plain):
            continue
        for point in body[place + 1 : place + 3]:
            if _HEADING.match(point.plain):
                continue
            marker = MARKER.match(point.text) or BULLET.match(point.text)
            start = marker.end() if marker else 0
            aim = _AIM.match(point.text.lower(), start)
            start = aim.end() if aim else start
            value = point.text[start:].strip(" ,;.")
            if len(value) >= _LEAST:
                findings.stands("purpose", *point.source(start, start + len(point.text[start:].rstrip(" ,;."))))
                return value[:1].upper() + value[1:]
    return None


def _opening(body: Sequence[Paragraph]) -> list[Paragraph]:
    out: list[Paragraph] = []
    for paragraph in body[:8]:
        out.append(paragraph)
        if paragraph.text.endswith(":"):
            break
    return out
