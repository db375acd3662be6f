"""What a person may say of each field of a reading, and the letter with all of it applied.

A path names a field as it stood in the reading: `tasks[2].deadline`. Numbers beyond the reading's own are items a
person added. They stay the same whatever is added or taken out, so that what was said yesterday still means the same
today; only the letter that comes out is numbered anew.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from lantoa.letters.rules.due_days import due_day
from lantoa.letters.rules.letter import CitedDocument, Doubt, Letter, LetterChange, LetterTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CONFIRMED, CORRECTED, ABSENT, REOPENED = "confirmed", "corrected", "absent", "reopened"

HEADER: Mapping[str, str] = {
    "doc_type": "doc_type",
    "issuer": "line",
    "parent_issuer": "line",
    "number": "number",
    "symbol": "symbol",
    "place": "line",
    "date": "date",
    "date_partial": "line",
    "subject": "text",
    "purpose": "text",
    "signing_authority": "line",
    "signer_title": "line",
    "signer_name": "line",
}
"""The fields a letter has once, with the kind of value each takes."""
OF_TASK: Mapping[str, str] = {
    "index": "line",
    "assignees": "lines",
    "actions_summary": "text",
    "channels": "channels",
    "deadline": "deadline",
    "frequency": "line",
    "evidence": "text",
    "report_to": "line",
    "report_deadline": "deadline",
}
OF_CITED: Mapping[str, str] = {"number_symbol": "line", "date": "date", "issuer": "line", "title": "text"}
OF_CHANGE: Mapping[str, str] = {
    "kind": "change_kind",
    "document": "line",
    "where": "line",
    "old": "text",
    "new": "text",
    "words": "text",
}
LISTS: Mapping[str, str] = {"addressees": "line", "attachments": "text", "recipients_lines": "line"}
MEMBERS: Mapping[str, Mapping[str, str]] = {"cited_documents": OF_CITED, "changes": OF_CHANGE, "tasks": OF_TASK}
FIRST_MEMBER: Mapping[str, str] = {"cited_documents": "number_symbol", "changes": "words", "tasks": "actions_summary"}
"""The member an item added by hand begins with; its others are filled in afterwards."""
NEVER_ABSENT = frozenset({"doc_type", "tasks[].actions_summary", "changes[].kind"})
"""A letter is always of some type, and a task without words is no task."""
PLACES = (*LISTS, *MEMBERS)
_PATH = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<number>\d{1,4})\](?:\.(?P<member>[a-z_]+))?)?")


class Said(Protocol):
    """What a person said of one field; the last of a path holds."""

    @property
    def path(self) -> str:
        """The field."""

    @property
    def verdict(self) -> str:
        """`confirmed`, `corrected`, `absent` or `reopened`."""

    @property
    def value(self) -> Any:
        """The value it was confirmed to have or corrected to."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path taken apart: `tasks[2].deadline` is `tasks`, 2, `deadline`."""

    name: str
    number: int | None = None
    member: str | None = None

    @property
    def is_item(self) -> bool:
        """A whole item of a list: `tasks[2]`."""
        return self.number is not None and self.member is None

    def __str__(self) -> str:
        item = self.name if self.number is None else f"{self.name}[{self.number}]"
        return f"{item}.{self.member}" if self.member else item


@dataclass(frozen=True, slots=True)
class Entry:
    """One field as it stands: what was read, what holds now, what was said of it and what is still in doubt."""

    path: str
    kind: str
    read: Any
    value: Any
    said: Said | None
    doubts: tuple[str, ...]
    """Why the reading doubts it, whether or not somebody has settled that."""

    @property
    def verdict(self) -> str:
        """What was said of it; empty when nothing was."""
        return self.said.verdict if self.said else ""

    @property
    def is_open(self) -> bool:
        """In doubt and not settled."""
        return bool(self.doubts) and self.said is None


def parts(path: str) -> Path:
    """Take a path apart; what lies deeper than a field is the field's (`tasks[0].assignees[1]`)."""
    found = _PATH.match(path)
    if found is None:
        return Path(path)
    number = found["number"]
    return Path(found["name"], None if number is None else int(number), found["member"])


def field_of(path: str) -> str:
    """The field a path belongs to: `tasks[0].assignees[1]` is of `tasks[0].assignees`."""
    return str(parts(path))


def kind_of(path: str) -> str:
    """The kind of value a field takes: `line`, `lines`, `text`, `date`, `deadline`, `number`, `symbol`, `doc_type`,
    `channels`; `item` for a whole task or cited document, `list` for a whole list. Empty: no such field.
    """  # noqa: D205 - the list of kinds is the summary
    of = parts(path)
    if of.number is None:
        return "list" if of.name in PLACES else HEADER.get(of.name, "")
    if of.name in LISTS:
        return "" if of.member else LISTS[of.name]
    members = MEMBERS.get(of.name, {})
    return members.get(of.member, "") if of.member else "item" * bool(members)


def may_be_absent(path: str) -> bool:
    """Whether a field can be said to stand nowhere in the letter."""
    return re.sub(r"\[\d+\]", "[]", path) not in NEVER_ABSENT


def standing(said: Iterable[Said]) -> dict[str, Said]:
    """What holds of each field: the last thing said, unless that was to look again."""
    last = {one.path: one for one in said}
    return {path: one for path, one in last.items() if one.verdict != REOPENED}


def apply_confirmations(letter: Letter, said: Iterable[Said]) -> Letter:
    """The letter as people settled it: values corrected, wrong items gone, missed ones added, settled doubts gone."""
    last = standing(said)
    if not last:
        return letter
    slots = _slots(letter, last)
    order = {name: {old: new for new, old in enumerate(sorted(items))} for name, items in slots.items()}
    lists: dict[str, Any] = {name: tuple(items[number] for number in sorted(items)) for name, items in slots.items()}
    spans = {new: span for path, span in letter.spans.items() if (new := _renumbered(path, order, last))}
    doubts = tuple(
        Doubt(new, doubt.why)
        for doubt in letter.doubts
        if not _is_settled(doubt.field, letter, last) and (new := _renumbered(doubt.field, order, last))
    )
    sure = {
        new: 1.0 if field_of(path) in last else value
        for path, value in letter.confidence.items()
        if (new := _renumbered(path, order, last))
    }
    told = replace(letter, **_header(letter, last), **lists, spans=spans, doubts=doubts, confidence=sure)
    return _reckoned(told, last)


def numbers(letter: Letter, said: Iterable[Said], name: str) -> list[int]:
    """The numbers of a list's items as paths name them, in the order the settled letter has them."""
    return sorted(_slots(letter, standing(said))[name])


def _header(letter: Letter, last: Mapping[str, Said]) -> dict[str, Any]:
    values = {
        path: one.value if one.verdict == CORRECTED else None
        for path, one in last.items()
        if path in HEADER and one.verdict in {CORRECTED, ABSENT}
    }
    if values.get("date") and "date_partial" not in last:
        values["date_partial"] = None  # what stood for the date as long as it was not known
    if not may_be_absent("doc_type") and values.get("doc_type", "") is None:
        values["doc_type"] = letter.doc_type
    return values


def _slots(letter: Letter, last: Mapping[str, Said]) -> dict[str, dict[int, Any]]:
    """Each list's items under their numbers: added, corrected, and without those taken out."""
    slots: dict[str, dict[int, Any]] = {name: dict(enumerate(getattr(letter, name))) for name in PLACES}
    said = sorted(((parts(path), one) for path, one in last.items()), key=lambda pair: pair[0].member is not None)
    gone: list[Path] = []
    for path, one in said:
        if path.number is None or path.name not in slots or one.verdict == CONFIRMED:
            continue
        items = slots[path.name]
        if path.is_item and one.verdict == ABSENT:
            gone.append(path)
        elif path.is_item:
            items[path.number] = _item(path.name, one.value)
        elif path.number in items:
            items[path.number] = replace(items[path.number], **_members(path, one))
    for path in gone:
        slots[path.name].pop(path.number or 0, None)
    return slots


def _item(name: str, value: Any) -> Any:
    if name in LISTS:
        return str(value)
    if name == "tasks":
        return LetterTask(value.get("index"), (), str(value.get("actions_summary", "")))
    if name == "changes":
        return LetterChange("amends", None, words=str(value.get("words", "")))
    return CitedDocument(value.get("number_symbol"), None, None)


def _members(path: Path, one: Said) -> dict[str, Any]:
    value = one.value if one.verdict == CORRECTED else None
    is_many = kind_of(str(path)) in {"lines", "channels"}
    return {str(path.member): tuple(value or ()) if is_many else value}


def _reckoned(letter: Letter, last: Mapping[str, Said]) -> Letter:
    """The days that follow from the words, reckoned anew when the words or the letter's date were said otherwise."""
    if not any(path == "date" or path.endswith("deadline") for path in last):
        return letter
    tasks = tuple(
        replace(task, due_on=_last_day(task.deadline, letter), report_due_on=_last_day(task.report_deadline, letter))
        for task in letter.tasks
    )
    return replace(letter, tasks=tasks)


def _last_day(words: str | None, letter: Letter) -> str | None:
    issued = re.fullmatch(r"\d{4}-\d\d-\d\d", letter.date or "")
    due = due_day(words, dt.date.fromisoformat(issued[0]) if issued else None) if words else None
    return due.on.isoformat() if due else None


def _renumbered(path: str, order: Mapping[str, Mapping[int, int]], last: Mapping[str, Said]) -> str:
    """The path in the settled letter; empty when what it names is not there any more."""
    of = parts(path)
    if (one := last.get(str(of))) is not None and one.verdict == ABSENT:
        return ""
    if of.number is None or of.name not in order:
        return path
    number = order[of.name].get(of.number)
    return "" if number is None else f"{of.name}[{number}]" + path[path.index("]") + 1 :]


def _is_settled(path: str, letter: Letter, last: Mapping[str, Said]) -> bool:
    field = field_of(path)
    if field in last:
        return True
    if field not in PLACES:
        return False
    known = len(getattr(letter, field))
    return any(of.name == field and of.is_item and (of.number or 0) >= known for of in map(parts, last))


def entries(letter: Letter, said: Iterable[Said]) -> list[Entry]:
    """Every field of a reading, also those with no value, items added by hand, and items somebody took out."""
    rows = list(said)
    last = standing(rows)
    now = apply_confirmations(letter, rows)
    order = {name: {old: new for new, old in enumerate(numbers(letter, rows, name))} for name in PLACES}
    doubts: dict[str, list[str]] = {}
    for doubt in letter.doubts:
        doubts.setdefault(field_of(doubt.field), []).append(doubt.why)
    paths = list(dict.fromkeys([*_paths(letter, order, last), *doubts]))
    return [
        Entry(
            path,
            kind_of(path),
            value_at(letter, path),
            _value_now(now, path, order),
            last.get(path),
            tuple(doubts.get(path, ())),
        )
        for path in paths
    ]


def entry_of(letter: Letter, said: Iterable[Said], path: str) -> Entry | None:
    """One field, or a whole task or cited document, as it stands; None when the letter has no such thing."""
    rows = list(said)
    found = next((entry for entry in entries(letter, rows) if entry.path == path), None)
    of = parts(path)
    if found is not None or path != str(of) or not of.is_item or of.name not in MEMBERS:
        return found
    order = {of.name: {old: new for new, old in enumerate(numbers(letter, rows, of.name))}}
    if of.number in order[of.name]:
        now = _value_now(apply_confirmations(letter, rows), path, order)
        found = Entry(path, "item", value_at(letter, path), now, standing(rows).get(path), ())
    return found


def _paths(letter: Letter, order: Mapping[str, Mapping[int, int]], last: Mapping[str, Said]) -> Iterator[str]:
    yield from HEADER
    for name in PLACES:
        gone = {of.number for of in map(parts, last) if of.name == name and of.is_item and of.number is not None}
        every = sorted({*range(len(getattr(letter, name))), *order[name], *gone})
        if not every:
            yield name
        for number in every:
            if name in LISTS or number not in order[name]:
                yield f"{name}[{number}]"
            else:
                yield from (f"{name}[{number}].{member}" for member in MEMBERS[name])


def _value_now(now: Letter, path: str, order: Mapping[str, Mapping[int, int]]) -> Any:
    new = _renumbered(path, order, {})
    return value_at(now, new) if new else None


def value_at(letter: Letter, path: str) -> Any:
    """The value under a path, lists as lists; None where there is none. A whole task is told by its words."""
    of = parts(path)
    value = getattr(letter, of.name, None)
    if of.number is not None:
        value = value[of.number] if isinstance(value, tuple) and of.number < len(value) else None
        value = getattr(value, of.member or FIRST_MEMBER.get(of.name, ""), value if of.name in LISTS else None)
    return list(value) if isinstance(value, tuple) else value


def open_doubts(letter: Letter, said: Iterable[Said]) -> list[Entry]:
    """The fields still in doubt, in the letter's order."""
    return [entry for entry in entries(letter, said) if entry.is_open and entry.path]


def is_all_confirmed(letter: Letter, said: Iterable[Said]) -> bool:
    """Whether somebody has said of every field that has a value or was in doubt what it is."""
    return all(entry.said for entry in entries(letter, said) if entry.doubts or entry.value not in (None, [], ""))
