"""What is sent with the letter: `(Gửi kèm …)`, `theo mẫu kèm theo`, and annexes after the foot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.layout import Line
    from lantoa.letters.rules.paragraphs import Paragraph

_WITH = r"(?:(?:gui|dinh|ban hanh|kem) kem(?: theo)?|kem theo|dinh kem)"
_ASIDE = re.compile(rf"\(([^()]{{0,120}}\b{_WITH}\b[^()]{{0,160}})\)")
_NAMED = re.compile(
    rf"(?<!\w)((?:(?:bieu )?mau|danh sach|phu luc|tai lieu|noi dung|de cuong|bo tai lieu|huong dan"
    rf"|lich)\b[^.,;:()]{{0,70}}?)\s+{_WITH}"
)
_OTHERS = re.compile(
    rf"^(?:ban hanh )?{_WITH}\s+(?:theo\s+)?(?:thong tu|nghi dinh|quyet dinh|cong van so)"
    rf"|theo cong van"
)
_LABEL = re.compile(rf"{_WITH}\s*:?\s*")
_ANNEX = re.compile(r"^[#*\s]*(?:phu luc|danh sach|bieu mau|mau so)\b")


def read_attachments(body: Sequence[Paragraph], after: Sequence[Line], findings: Findings) -> tuple[str, ...]:
    """Read what the letter says it brings with it, and the headings of annexes printed after its foot."""
    out: list[str] = []
    for paragraph in body:
        for pattern in (_ASIDE, _NAMED):
            for found in pattern.finditer(paragraph.plain):
                if not _OTHERS.search(found[1]):
                    _note_named(paragraph, found.span(1), out, findings)
    if after and _ANNEX.match(after[0].plain):
        _note_annex(after, out, findings)
    return tuple(out)


def _note_named(paragraph: Paragraph, span: tuple[int, int], out: list[str], findings: Findings) -> None:
    """Note each of the things named, without the words that say they are sent along."""
    start, end = span
    label = _LABEL.match(paragraph.plain, start, end)
    start = label.end() if label and label.end() < end else start
    for part in re.finditer(r"[^;]+", paragraph.text[start:end]):
        first = start + part.start() + len(part[0]) - len(part[0].lstrip(" *"))
        text = part[0].strip(" *.,")
        if text and not any(folded(text) in folded(other) for other in out):
            findings.stands(f"attachments[{len(out)}]", *paragraph.source(first, first + len(text)))
            out.append(text)


def _note_annex(after: Sequence[Line], out: list[str], findings: Findings) -> None:
    first = after[0]
    title = [line for line in after[:2] if line is first or (not line.gap and len(first.text) < 16)]
    findings.stands(f"attachments[{len(out)}]", first.start, title[-1].end)
    out.append(": ".join(line.text for line in title))
