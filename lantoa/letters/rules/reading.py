"""Reading a letter: from its text to the `Letter` object, each value with the place it stands in and what is in doubt.

The reader goes by the layout and grammar of official letters (NĐ 30/2020/NĐ-CP, Phụ lục I), not by any one
letter: head, addressees, text and foot are found first, then each is read by its own module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.letters.rules.addressees import find_call, read_addressees
from lantoa.letters.rules.attachments import read_attachments
from lantoa.letters.rules.changes import read_changes
from lantoa.letters.rules.citations import read_citations
from lantoa.letters.rules.dates import find_issue_date
from lantoa.letters.rules.doubts import Look, look_of, weigh, weigh_shaky
from lantoa.letters.rules.due_days import with_due_days
from lantoa.letters.rules.findings import Findings
from lantoa.letters.rules.foot import find_foot, note_foot, read_foot
from lantoa.letters.rules.head import Head, note_date, read_head
from lantoa.letters.rules.issuers import starts_office
from lantoa.letters.rules.layout import Line, read_lines
from lantoa.letters.rules.letter import Letter
from lantoa.letters.rules.mending import clear_dirt, mend_item_marks, mend_marks
from lantoa.letters.rules.paragraphs import Paragraph, read_paragraphs
from lantoa.letters.rules.purpose import read_purpose
from lantoa.letters.rules.respelling import gather, respell, respell_capitals
from lantoa.letters.rules.tasks import read_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_MARKS = 2
_ISSUING = re.compile(r"([a-z -]{5,70}?) (?:xay dung|ban hanh|lap|to chuc) (?:ke hoach|thong bao|huong dan)")


class NotALetter(ValueError):  # noqa: N818 - the name says what was found, as the rest of the reader does
    """The text has none of the marks of an official letter. The message, in Vietnamese, is for the person."""


def read_letter(
    text: str, page_starts: Sequence[int] = (), shaky: Sequence[tuple[int, int]] = ()
) -> Letter:
    """Read the text of an official letter (NFC) into a `Letter`.

    `page_starts` are the offsets where pages begin, the first 0; `shaky` the offsets `[start, end)` of what optical
    reading was unsure of, in order: a value that stands on any of it is in doubt. Every value read has a span under
    its field path (`subject`, `tasks[2].assignees[0]`) with `text[start:end] == span.text`; what is blank, guessed,
    inherited or contradictory has a doubt. Raises `NotALetter` when the text has none of the marks of an official
    letter.
    """
    findings = Findings(text, page_starts)
    look = look_of(text)
    scanned = bool(shaky) or look is Look.SCANNED
    mended = mend_item_marks(mend_marks(clear_dirt(text))) if scanned else text
    evidence = gather(mended) if scanned else None
    if evidence:
        mended = respell_capitals(mended, evidence)
    lines = read_lines(mended)
    head = read_head(lines, findings)
    addressees, body_from = _addressees(lines, head.body_from, findings)
    foot_from = find_foot(lines, body_from)
    foot = read_foot(lines, foot_from)
    recipients, authority, title, name = note_foot(foot, findings)
    if head.marks + bool(addressees) + bool(recipients) + bool(title) < _LEAST_MARKS:
        raise NotALetter(
            "Không thấy dấu hiệu của một văn bản hành chính (quốc hiệu, số ký hiệu, kính gửi, nơi nhận). "
            "Hãy kiểm tra lại tệp, hoặc dán toàn văn công văn."
        )
    body = read_paragraphs(_without_late_date(lines[body_from:foot_from], head, findings))
    for index, paragraph in enumerate(body):
        findings.stands(f"body[{index}]", *paragraph.source(0, len(paragraph.text)))
    _infer_issuer(head, body, findings)
    number = "/".join(part for part in (head.number, head.symbol) if part)
    letter = Letter(
        doc_type=head.doc_type,
        issuer=head.issuer,
        parent_issuer=head.parent_issuer,
        number=head.number,
        symbol=head.symbol,
        place=head.place,
        date=head.date.iso if head.date else None,
        date_partial=head.date.partial if head.date else None,
        subject=head.subject,
        addressees=addressees,
        cited_documents=read_citations(body, number or None, findings),
        purpose=read_purpose(body, findings),
        tasks=with_due_days(
            read_tasks(body, addressees, head.issuer, findings, _annexes_from(lines[foot.ends_at :])),
            head.date.iso if head.date else None,
            findings,
        ),
        changes=read_changes(body, number or None, findings),
        attachments=read_attachments(body, lines[foot.ends_at :], findings),
        recipients_lines=recipients,
        signing_authority=authority,
        signer_title=title,
        signer_name=name,
        body=tuple(paragraph.text for paragraph in body),
        spans=findings.spans,
    )
    if evidence:
        letter = respell(letter, findings, evidence)
    weigh_shaky(findings, shaky)
    return weigh(letter, findings, mended if scanned else None, misspelled=look is Look.MISSPELLED)


def _infer_issuer(head: Head, body: Sequence[Paragraph], findings: Findings) -> None:
    """Take the office from `<office> xây dựng Kế hoạch …` when the letter came without its head."""
    if head.issuer is not None:
        return
    for paragraph in body[:8]:
        found = _ISSUING.match(paragraph.plain)
        if found and starts_office(paragraph.plain) and paragraph.text[0].isupper():
            head.issuer = paragraph.text[: found.end(1)]
            findings.stands("issuer", *paragraph.source(0, found.end(1)))
            findings.doubt("issuer", "Văn bản thiếu phần đầu; cơ quan ban hành suy từ câu mở đầu.")
            return


def _addressees(lines: Sequence[Line], start: int, findings: Findings) -> tuple[tuple[str, ...], int]:
    call = find_call(lines, start)
    return read_addressees(lines, call, findings) if call is not None else ((), start)


def _annexes_from(after: Sequence[Line]) -> int | None:
    """The offset where what is printed after the foot begins."""
    return after[0].start if after else None


def _without_late_date(lines: Sequence[Line], head: Head, findings: Findings) -> list[Line]:
    """Take place and date from the end of the text when the head had none, as in drafts and extracts."""
    kept = list(lines)
    if head.date is not None or not kept:
        return kept
    piece = kept[-1].pieces[0]
    issue = find_issue_date(piece.text, piece.plain)
    if issue and issue.start < 2 and issue.end >= len(piece.text) - 2:
        note_date(head, issue, piece, findings)
        kept.pop()
    return kept
