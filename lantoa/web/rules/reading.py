"""A letter beside what was read from it: each field with its span, and the text cut where spans begin and end."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS
from lantoa.letters.rules.fields import MEMBERS, Entry, entries, may_be_absent, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lantoa.letters.rules.fields import Said
    from lantoa.letters.rules.letter import Letter, Span

SINGLE = (
    ("doc_type", "Loại văn bản"),
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
    ("frequency", "Tần suất"),
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
OF_CHANGE = (
    ("kind", "Cách thay đổi"),
    ("document", "Văn bản bị thay đổi"),
    ("where", "Chỗ thay đổi"),
    ("old", "Lời cũ"),
    ("new", "Lời mới"),
    ("words", "Câu nói việc đó"),
)
WHOLE = dict((*SINGLE, *LISTED)) | {
    "tasks": "Nhiệm vụ",
    "cited_documents": "Căn cứ, văn bản dẫn",
    "changes": "Sửa văn bản trước",
}
ALWAYS = frozenset({"issuer", "number", "symbol", "place", "date", "subject", "signer_title", "signer_name"})
"""Fields shown even when the letter does not say: that it does not is worth knowing."""
HEAD, ENDS = "Thể thức", "Nơi gửi, nơi nhận"
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing read: where it stands in the reading, what it is called, its value now, its span and its doubts."""

    path: str
    group: str
    label: str
    value: str
    span: Span | None
    doubts: tuple[str, ...]
    """Why the reading doubts it, also after somebody settled that."""
    kind: str = ""
    said: Said | None = None
    raw: Any = None
    """The value as it is kept: what a form begins with."""
    read: str = ""
    """What the reader had made of it."""

    @property
    def mark(self) -> str:
        """The path as an anchor: `tasks[0].deadline` is `tasks-0-deadline`."""
        return anchor(self.path)

    @property
    def verdict(self) -> str:
        """What was said of it; empty when nobody has."""
        return self.said.verdict if self.said else ""

    @property
    def is_open(self) -> bool:
        """In doubt, and nobody has settled it."""
        return bool(self.doubts) and self.said is None

    @property
    def is_missing(self) -> bool:
        """The letter does not say it and nobody wonders: offered for adding, not shown."""
        return not (self.value or self.doubts or self.said or self.path in ALWAYS)

    @property
    def whose(self) -> str:
        """The task or document it is a field of, said where it does not stand under that heading."""
        return self.group if self.doubts and parts(self.path).name in MEMBERS else ""

    @property
    def is_item(self) -> bool:
        """A whole line, task or document: to say it is not there takes it out."""
        return parts(self.path).is_item

    @property
    def may_be_absent(self) -> bool:
        """Whether to offer saying that the letter does not say it: there is something to take back."""
        return bool(self.value or self.is_item) and may_be_absent(self.path)

    @property
    def is_editable(self) -> bool:
        """Whether it has a value of its own to type."""
        return self.kind not in {"", "item", "list"}

    @property
    def typed(self) -> str:
        """The value as a person would type it."""
        lines = self.raw if isinstance(self.raw, list) else [self.raw or ""]
        return "\n".join(when(str(line)) for line in lines)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text read as the same fields; the narrowest field comes first."""

    text: str
    marks: tuple[str, ...]
    is_doubtful: bool
    starts: bool
    """Whether the narrowest field begins here: the first stretch carries the anchor."""


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one part of the letter, those it does not say apart, and the lists one may add to."""

    name: str
    shown: tuple[Field, ...]
    missing: tuple[Field, ...]
    adds: tuple[tuple[str, str], ...] = ()
    item: str = ""
    """The path of the whole task or document, which can be taken out."""


@dataclass(frozen=True, slots=True)
class Order:
    """One task of a letter in a line: what, who, by when."""

    index: str
    what: str
    whom: str
    when: str


@dataclass(frozen=True, slots=True)
class Gist:
    """What is to be seen of a letter in a second."""

    orders: tuple[Order, ...]
    to: tuple[str, ...]
    when: str
    """The first day something is due; else its words; empty when no time is set."""


def anchor(path: str) -> str:
    """A field's path as an HTML id."""
    return re.sub(r"[^\w]+", "-", path).strip("-")


def name_of(path: str) -> str:
    """What a field is called on screen: `tasks[0].deadline` is `Thời hạn`; a path not known is shown as it is."""
    first, _dot, last = path.partition(".")
    stem = first.split("[")[0]
    within = {"tasks": dict(OF_TASK), "cited_documents": dict(OF_CITED), "changes": dict(OF_CHANGE)}.get(stem, {})
    return within.get(last) or WHOLE.get(stem, path)


def when(text: str) -> str:
    """A day, or a period, as people write it: `2024-08-01/2024-08-31` is `1/8/2024 – 31/8/2024`; else the words."""
    if not re.fullmatch(rf"{_ISO.pattern}(?:/{_ISO.pattern})?", text):
        return text
    return " – ".join(_plain(day) for day in text.split("/"))


def _plain(day: str) -> str:
    try:
        found = dt.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found.day}/{found.month}/{found.year}"


def fields_of(letter: Letter, said: Iterable[Said] = ()) -> list[Field]:
    """Every field of a reading with what people said of it: those in doubt first, then as they stand in a letter."""
    rows = list(said)
    found = [_field(letter, entry, rows) for entry in entries(letter, rows)]
    return sorted(found, key=lambda field: not field.doubts)


def _field(letter: Letter, entry: Entry, said: Sequence[Said]) -> Field:
    return Field(
        path=entry.path,
        group=_group(letter, entry.path, said),
        label=name_of(entry.path) if entry.kind else entry.path,
        value=_shown(entry.value),
        span=_span(letter.spans, entry.path),
        doubts=entry.doubts,
        kind=entry.kind,
        said=entry.said,
        raw=entry.value,
        read=_shown(entry.read),
    )


def _shown(value: Any) -> str:
    many = value if isinstance(value, list) else [value] if value else []
    return "; ".join(CHANNEL_KIND_LABELS.get(str(item), when(str(item))) for item in many)


def _group(letter: Letter, path: str, said: Sequence[Said]) -> str:
    of = parts(path)
    if of.name == "tasks" and of.number is not None:
        tasks = {number: task.index for number, task in enumerate(letter.tasks)}
        tasks |= {
            parts(one.path).number or 0: str(one.value)
            for one in said
            if parts(one.path).name == "tasks" and parts(one.path).member == "index" and one.value
        }
        return f"Nhiệm vụ {tasks.get(of.number) or of.number + 1}"
    named = {name: WHOLE[name] for name in ("tasks", "cited_documents", "changes")} | {name: ENDS for name, _ in LISTED}
    return named.get(of.name, HEAD if of.name in WHOLE else "Khác")


def _span(spans: Mapping[str, Span], path: str) -> Span | None:
    """Where it was read; a list stands where its first line does, and a task's words where the task does."""
    found = spans.get(path) or spans.get(f"{path}[0]")
    if found is None and path.endswith((".actions_summary", ".number_symbol")):
        found = spans.get(path.rsplit(".", 1)[0])
    return found


def groups_of(fields: Iterable[Field]) -> list[Group]:
    """The fields nobody doubts, part by part, with what may be added to each."""
    ordered = sorted((field for field in fields if not field.doubts), key=lambda field: _rank(field.path))
    made: list[Group] = []
    for name, some in itertools.groupby(ordered, key=lambda field: field.group):
        members = tuple(some)
        first = parts(members[0].path)
        item = f"{first.name}[{first.number}]" if first.name == "tasks" and first.number is not None else ""
        shown = tuple(field for field in members if not field.is_missing)
        missing = tuple(field for field in members if field.is_missing and field.is_editable)
        made.append(Group(name, shown, missing, ADDS.get(name, ()), item))
    return made


ADDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    ENDS: LISTED,
    WHOLE["cited_documents"]: (("cited_documents", "Văn bản dẫn"),),
}


def _rank(path: str) -> tuple[int, int]:
    """The order of the parts on the page: head, tasks, who it goes to, what it cites."""
    of = parts(path)
    rank = {"changes": 1, "tasks": 2, "cited_documents": 4} | {name: 3 for name, _ in LISTED}
    return rank.get(of.name, 0), of.number or 0 if of.name in {"tasks", "cited_documents", "changes"} else 0


def gist(letter: Letter) -> Gist:
    """What the letter orders, to whom and by when."""
    orders = tuple(
        Order(
            task.index or str(number),
            task.actions_summary,
            "; ".join(task.assignees),
            when(task.deadline or task.report_deadline or ""),
        )
        for number, task in enumerate(letter.tasks, start=1)
    )
    times = [time for task in letter.tasks for time in (task.deadline, task.report_deadline) if time]
    days = sorted(time.split("/")[-1] for time in times if _ISO.match(time))
    return Gist(orders, letter.addressees, when(days[0]) if days else next(iter(times), ""))


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
        made.append(Stretch(text[start:end], marks, any(field.is_open for field in over[:1]), starts))
    return made
