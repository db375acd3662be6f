"""A letter beside what was read from it: each field with its span, and the text cut where spans begin and end."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lantoa.letters.rules.letter import Letter, Span

SINGLE = (
    ("issuer", "Cơ quan ban hành"),
    ("parent_issuer", "Cơ quan chủ quản"),
    ("number", "Số"),
    ("symbol", "Ký hiệu"),
    ("place", "Địa danh"),
    ("date", "Ngày ban hành"),
    ("date_partial", "Ngày in trên văn bản"),
    ("subject", "Trích yếu"),
    ("purpose", "Mục đích"),
    ("signing_authority", "Thẩm quyền ký"),
    ("signer_title", "Chức vụ người ký"),
    ("signer_name", "Người ký"),
)
LISTED = (
    ("addressees", "Kính gửi"),
    ("attachments", "Tài liệu kèm theo"),
    ("recipients_lines", "Nơi nhận"),
)
OF_TASK = (
    ("index", "Mục"),
    ("assignees", "Giao cho"),
    ("actions_summary", "Việc phải làm"),
    ("channels", "Kênh"),
    ("deadline", "Thời hạn"),
    ("evidence", "Minh chứng"),
    ("report_to", "Báo cáo về"),
    ("report_deadline", "Hạn báo cáo"),
)
OF_CITED = (
    ("number_symbol", "Số, ký hiệu"),
    ("date", "Ngày"),
    ("issuer", "Cơ quan ban hành"),
    ("title", "Tên văn bản"),
)
WHOLE = dict((*SINGLE, *LISTED)) | {"tasks": "Nhiệm vụ", "cited_documents": "Căn cứ, văn bản dẫn"}
ALWAYS = frozenset({"issuer", "number", "symbol", "place", "date", "subject", "signer_title", "signer_name"})
"""Fields shown even when the letter does not say: that it does not is worth knowing."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing read: where it stands in the letter object, what it is called, its value, span and doubts."""

    path: str
    group: str
    label: str
    value: str
    span: Span | None
    doubts: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The path as an anchor: `tasks[0].deadline` is `tasks-0-deadline`."""
        return anchor(self.path)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text read as the same fields; the narrowest field comes first."""

    text: str
    marks: tuple[str, ...]
    is_doubtful: bool
    starts: bool
    """Whether the narrowest field begins here: the first stretch carries the anchor."""


def anchor(path: str) -> str:
    """A field's path as an HTML id."""
    return re.sub(r"[^\w]+", "-", path).strip("-")


def name_of(path: str) -> str:
    """What a field is called on screen: `tasks[0].deadline` is `Thời hạn`; a path not known is shown as it is."""
    first, _dot, last = path.partition(".")
    stem = first.split("[")[0]
    within = {"tasks": dict(OF_TASK), "cited_documents": dict(OF_CITED)}.get(stem, {})
    return within.get(last) or WHOLE.get(stem, path)


def fields_of(letter: Letter) -> list[Field]:
    """Every field that was read or is in doubt: those in doubt first, then as they stand in a letter."""
    made = [field for field in _fields(letter) if field.value or field.doubts or field.path in ALWAYS]
    known = {field.path for field in made}
    doubted = {doubt.field: doubt.why for doubt in letter.doubts if doubt.field not in known}
    made += [Field(path, "Khác", path, "", letter.spans.get(path), (why,)) for path, why in doubted.items()]
    return sorted(made, key=lambda field: not field.doubts)


def _fields(letter: Letter) -> Iterator[Field]:
    for name, label in SINGLE:
        yield _field(letter, name, ("Thể thức", label), getattr(letter, name))
    for name, label in LISTED:
        for i, value in enumerate(getattr(letter, name)):
            yield _field(letter, f"{name}[{i}]", ("Nơi gửi, nơi nhận", label), value)
        if not getattr(letter, name):
            yield _field(letter, name, ("Nơi gửi, nơi nhận", label), None)
    for i, cited in enumerate(letter.cited_documents):
        for name, label in OF_CITED:
            yield _field(letter, f"cited_documents[{i}].{name}", ("Căn cứ, văn bản dẫn", label), getattr(cited, name))
    for i, task in enumerate(letter.tasks):
        for name, label in OF_TASK:
            yield _field(letter, f"tasks[{i}].{name}", (f"Nhiệm vụ {task.index or i + 1}", label), getattr(task, name))


def _field(letter: Letter, path: str, named: tuple[str, str], value: object) -> Field:
    group, label = named
    many = value if isinstance(value, tuple) else (value,) if value else ()
    text = "; ".join(CHANNEL_KIND_LABELS.get(str(item), str(item)) for item in many)
    whole = path.rsplit(".", 1)[0]
    span = letter.spans.get(path) or _joined(letter.spans, path)
    if span is None and path.endswith((".actions_summary", ".number_symbol")):
        span = letter.spans.get(whole)
    return Field(path, group, label, text, span, tuple(doubt.why for doubt in letter.doubts if doubt.field == path))


def _joined(spans: Mapping[str, Span], path: str) -> Span | None:
    """The first of a list's own spans: `tasks[0].assignees[0]` stands for `tasks[0].assignees`."""
    return spans.get(f"{path}[0]")


def stretches(text: str, fields: Sequence[Field]) -> list[Stretch]:
    """The text cut at every span's ends, in order; joined, the stretches are the text."""
    spanned = [(field.span.start, min(field.span.end, len(text)), field) for field in fields if field.span]
    spanned = [item for item in spanned if item[0] < item[1]]
    spanned.sort(key=lambda item: item[1] - item[0])
    cuts = sorted({0, len(text), *(start for start, _, _ in spanned), *(end for _, end, _ in spanned)})
    made: list[Stretch] = []
    seen: set[str] = set()
    for start, end in itertools.pairwise(cuts):
        over = [field for first, last, field in spanned if first <= start and end <= last]
        marks = tuple(dict.fromkeys(field.mark for field in over))
        starts = bool(marks) and marks[0] not in seen
        seen.update(marks[:1])
        made.append(Stretch(text[start:end], marks, any(field.doubts for field in over[:1]), starts))
    return made
