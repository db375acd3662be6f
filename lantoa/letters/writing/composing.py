"""From what a letter means to what is printed.

A letter that was read keeps its own words: `Letter.body` is printed as it stands. A letter that was only thought
out (a campaign's order, an order passed down the tree) gets its body here, in the customary wording.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from lantoa.letters.rules.checking import OTHER_TYPES
from lantoa.letters.writing.document import Block, Heading, Item, OfficialDocument, Paragraph
from lantoa.letters.writing.markup import blocks_of
from lantoa.letters.writing.wording import (
    as_date,
    channels_to_name,
    cite,
    lower_first,
    upper_first,
    worded_deadline,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.letter import Letter, LetterTask

_BASES_APART = frozenset({"quyet_dinh", "ke_hoach", "huong_dan", "chuong_trinh_phoi_hop"})
"""Types whose bases stand one a line, in italics; the others open their first sentence with them."""
_ORDER_VERBS = {
    "to_trinh": "kính trình xem xét, phê duyệt các nội dung sau",
    "bao_cao": "báo cáo kết quả thực hiện các nội dung sau",
    "giay_moi": "trân trọng kính mời đại biểu tham dự với các nội dung sau",
    "thong_bao": "thông báo các nội dung sau",
    "huong_dan": "hướng dẫn thực hiện một số nội dung sau",
    "ke_hoach": "xây dựng kế hoạch thực hiện với các nội dung sau",
    "chuong_trinh_phoi_hop": "thống nhất phối hợp thực hiện các nội dung sau",
}
_CLOSINGS = {
    "to_trinh": "Kính đề nghị xem xét, quyết định.",
    "bao_cao": "Trên đây là báo cáo kết quả thực hiện.",
    "giay_moi": "Rất mong đại biểu đến dự đúng giờ, đúng thành phần.",
    "thong_bao": "Trên đây là nội dung thông báo để các cơ quan, đơn vị biết, thực hiện.",
}
_SECTION_TITLES = ("MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG, NHIỆM VỤ", "TỔ CHỨC THỰC HIỆN", "CHẾ ĐỘ THÔNG TIN, BÁO CÁO")
_SENT_ALONG = re.compile(r"^(?:Gửi kèm|Kèm theo|Đính kèm)(?: theo)?\s*:?\s*|\s*\([^()]*kèm[^()]*\)$")
"""Words around an attachment's name that the line of attachments says itself."""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_SERIES = {mark: place for series in (_ROMAN, "ABCDĐE") for place, mark in enumerate(series)}
"""How sections are numbered, and which place each mark stands for."""


def compose(letter: Letter) -> OfficialDocument:
    """Return the document that says what `letter` says: its own body when it has one, else one in the usual wording."""
    date = as_date(letter.date) if letter.date else None
    return OfficialDocument(
        doc_type=letter.doc_type, issuer=letter.issuer, parent_issuer=letter.parent_issuer, number=letter.number,
        symbol=letter.symbol, place=letter.place, date=date, date_partial=letter.date_partial,
        subject=letter.subject, addressees=letter.addressees,
        blocks=blocks_of(letter.body) if letter.body else _closed(letter, tuple(_composed(letter))),
        attachments_line=None if letter.body else _attachments_line(letter.attachments),
        recipients_lines=letter.recipients_lines, signing_authority=letter.signing_authority,
        signer_title=letter.signer_title, signer_name=letter.signer_name,
        type_title=_other_title(letter) if letter.doc_type == "other" else None,
    )


def _other_title(letter: Letter) -> str | None:
    """Return the name of a type outside the closed list, told by its symbol: `PA-UBND` is a Phương án."""
    return OTHER_TYPES.get((letter.symbol or "").partition("-")[0])


def _attachments_line(attachments: Sequence[str]) -> str | None:
    names = [_SENT_ALONG.sub("", name) for name in attachments]
    return f"(Gửi kèm: {'; '.join(names)})./." if names else None


def _closed(letter: Letter, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with the closing mark after the last word, unless the line of attachments carries it."""
    if letter.attachments or not blocks:
        return blocks
    last = blocks[-1]
    if isinstance(last, Item):
        return (*blocks[:-1], Item(last.mark, _with_mark(last.text)))
    if isinstance(last, Paragraph):
        return (*blocks[:-1], Paragraph(_with_mark(last.text), italic=last.italic))
    return blocks


def _with_mark(text: str) -> str:
    return text.rstrip(" .;") + "./."


def _composed(letter: Letter) -> Iterator[Block]:
    closing = [task for task in letter.tasks if task.index == "end"]
    orders = [task for task in letter.tasks if task.index != "end"]
    yield from _opening(letter, orders)
    yield from _orders(letter, orders)
    if closing:
        for task in closing:
            yield Paragraph(_closing_order(task))
    elif letter.doc_type != "quyet_dinh":
        yield Paragraph(_closing(letter))


def _closing(letter: Letter) -> str:
    usual = f"{_speaker(letter)} đề nghị các cơ quan, đơn vị nghiêm túc triển khai thực hiện."
    return _CLOSINGS.get(letter.doc_type, usual)


# The opening: what the letter rests on, what it is for, and the words that order.

def _opening(letter: Letter, orders: Sequence[LetterTask]) -> Iterator[Block]:
    apart = letter.doc_type in _BASES_APART
    if letter.doc_type == "quyet_dinh" and letter.issuer:
        yield Heading(0, letter.issuer.upper())  # the authority that decides, above its bases (mẫu 1.2)
    if apart:
        yield from _bases(letter)
    if letter.doc_type == "quyet_dinh":
        yield Heading(0, "QUYẾT ĐỊNH:")
    elif letter.purpose and orders and _section(orders[0]) == "II":
        yield Paragraph(f"{_speaker(letter)} {_order_verb(letter)}:")
        yield Heading(1, f"I. {_SECTION_TITLES[0]}")
        yield Paragraph(f"Nhằm {lower_first(letter.purpose).rstrip('.;')}.")
    else:
        yield from _lead(letter, "" if apart else _basis_clause(letter), has_orders=bool(orders))


def _lead(letter: Letter, basis: str, *, has_orders: bool) -> Iterator[Block]:
    """Give the paragraphs that say what the letter rests on, what it is for, and that it orders what follows."""
    purpose = f"Để {lower_first(letter.purpose).rstrip('.;')}" if letter.purpose else ""
    if basis and purpose:
        yield Paragraph(f"{basis}.")
        basis = ""
    lead = basis or purpose
    if has_orders:
        order = f"{_speaker(letter)} {_order_verb(letter)}:"
        yield Paragraph(f"{lead}; {order}" if lead else upper_first(order))
    elif lead:
        yield Paragraph(f"{lead}.")


def _bases(letter: Letter) -> Iterator[Block]:
    lines = [f"Căn cứ {cite(cited)}" for cited in letter.cited_documents]
    for place, line in enumerate(lines, start=1):
        yield Paragraph(line + ("." if place == len(lines) else ";"), italic=True)


def _basis_clause(letter: Letter) -> str:
    cited = "; ".join(cite(item) for item in letter.cited_documents)
    return f"Thực hiện {cited}" if cited else ""


def _speaker(letter: Letter) -> str:
    """Return the issuer as it calls itself inside its text: without its proper name (`Ủy ban nhân dân quận`)."""
    committee = re.match(r"((?:Ủy|Uỷ) ban nhân dân (?:thành phố|thị xã|thị trấn|đặc khu|\w+))", letter.issuer or "")
    if committee:
        return committee[1]
    return letter.issuer or "Cơ quan ban hành"


def _order_verb(letter: Letter) -> str:
    return _ORDER_VERBS.get(letter.doc_type, "yêu cầu các cơ quan, đơn vị thực hiện một số nội dung sau")


# The orders.

def _orders(letter: Letter, orders: Sequence[LetterTask]) -> Iterator[Block]:
    sections = itertools.groupby(orders, key=_section)
    for number, (section, tasks) in enumerate(sections):
        if section:
            yield Heading(1, f"{section}. {_section_title(section, number)}")
        yield from _section_orders(letter, tuple(tasks), section)


def _section(task: LetterTask) -> str:
    first = (task.index or "").partition(".")[0]
    return first if first in _SERIES else ""


def _section_title(section: str, number: int) -> str:
    place = _SERIES[section]
    return _SECTION_TITLES[min(place, 3)] if place < 4 else f"NHIỆM VỤ {number + 1}"


def _section_orders(letter: Letter, tasks: Sequence[LetterTask], section: str) -> Iterator[Block]:
    for parent, group in itertools.groupby(tasks, key=lambda task: (_parent(task, section), task.assignees)):
        members = tuple(group)
        number, assignees = parent
        if number and len(members) > 1:
            yield Paragraph(f"{_mark(letter, number)} {_assignees(assignees)}:")
            for task in members:
                yield _child(task, section)
        else:
            for task in members:
                yield _order(letter, task, section)


def _local_index(task: LetterTask, section: str) -> str:
    index = task.index or ""
    return index[len(section) + 1:] if section else index


def _parent(task: LetterTask, section: str) -> str:
    """Return the number of the actor's paragraph above a sub-task: `3` for `3.1` and `3.a`; nothing for a plain `3`."""
    return _local_index(task, section).rpartition(".")[0]


def _mark(letter: Letter, number: str) -> str:
    if letter.doc_type == "quyet_dinh" and number.isdigit():
        return f"Điều {number}."
    return f"{number}." if number else ""


def _child(task: LetterTask, section: str) -> Item:
    """Write a sub-order under its actor's line: `a)`, `2.1.`, or under an article its clause `1.`."""
    index = _local_index(task, section)
    last = index.rpartition(".")[2]
    if not last.isdigit():
        return Item(f"{last})", _task_text(task))
    return Item(f"{last}." if index.startswith("Điều") else f"{index}.", _task_text(task))


def _order(letter: Letter, task: LetterTask, section: str) -> Block:
    number = _local_index(task, section)
    who = f"{_assignees(task.assignees)}: " if task.assignees else ""
    text = f"{_mark(letter, number)} {who}{_task_text(task)}".strip()
    return Paragraph(text) if number else Item("-", text)


def _assignees(names: Sequence[str]) -> str:
    """Join the doers' names: by commas, or by semicolons where a name has a comma of its own."""
    return upper_first(("; " if any("," in name for name in names) else ", ").join(names))


def _task_text(task: LetterTask) -> str:
    sentences = [task.actions_summary.rstrip(" .;")]
    named = channels_to_name(task.actions_summary, task.channels)
    if named:
        sentences.append(f"Hình thức thực hiện: {'; '.join(named)}")
    if task.deadline:
        sentences.append(f"Thời gian thực hiện: {worded_deadline(task.deadline)}")
    report = _report_clause(task)
    if report:
        sentences.append(upper_first(report))
    return ". ".join(sentences) + "."


def _report_clause(task: LetterTask) -> str:
    """`báo cáo kết quả (kèm hình ảnh) về UBND quận trước ngày …`, with what the task says of it."""
    if not (task.evidence or task.report_to or task.report_deadline):
        return ""
    parts = ["báo cáo kết quả"]
    if task.evidence:
        parts.append(f"(kèm {task.evidence})")
    if task.report_to:
        parts.append(f"về {task.report_to}")
    if task.report_deadline:
        parts.append(worded_deadline(task.report_deadline))
    return " ".join(parts)


def _closing_order(task: LetterTask) -> str:
    """Return the last paragraph of a letter that orders a report of everyone."""
    who = _assignees(task.assignees) or "Các cơ quan, đơn vị"
    report = _report_clause(task)
    summary = task.actions_summary.rstrip(" .;")
    if report and summary.casefold() == "báo cáo kết quả":
        return f"{who} {report}."
    return f"{who}: {_task_text(task)}"
