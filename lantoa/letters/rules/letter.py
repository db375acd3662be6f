"""The `Letter` object: what a careful reader takes from an official letter.

Its JSON form is the contract other programs rely on (`docs/letter.schema.json`). Text is kept as printed in
Unicode NFC; what the letter does not say is `None`; dates are ISO strings, because a letter may print only
part of one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

DocType = Literal[
    "cong_van",
    "ke_hoach",
    "thong_bao",
    "chi_thi",
    "quyet_dinh",
    "bao_cao",
    "to_trinh",
    "cong_dien",
    "huong_dan",
    "giay_moi",
    "chuong_trinh_phoi_hop",
    "other",
]
ChannelKind = Literal[
    "portal",
    "fanpage",
    "social_network",
    "zalo",
    "grassroots_information_system",
    "loudspeaker",
    "press",
    "tv_radio",
    "community_digital_team",
    "project06_team",
    "staff_meeting",
    "residents_meeting",
    "sms",
    "poster_banner",
    "leaflet",
    "door_to_door",
    "school",
    "electronic_board",
    "hotline",
    "other",
]
ChangeKind = Literal["amends", "corrects", "replaces", "recalls", "revokes", "extends"]
T = TypeVar("T")

DOC_TYPES: tuple[str, ...] = get_args(DocType)
CHANNEL_KINDS: tuple[str, ...] = get_args(ChannelKind)
CHANGE_KINDS: tuple[str, ...] = get_args(ChangeKind)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value was read: character offsets `[start, end)` in the extracted text, and its page from 1."""

    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person must look at: the field's path (`tasks[0].deadline`) and why, in Vietnamese."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document the letter rests on or answers."""

    number_symbol: str | None
    date: str | None
    issuer: str | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class LetterTask:
    """One order of the letter: who does what, through which channels, by when, reporting to whom."""

    index: str | None
    assignees: tuple[str, ...]
    actions_summary: str
    channels: tuple[str, ...] = ()
    deadline: str | None = None
    evidence: str | None = None
    report_to: str | None = None
    report_deadline: str | None = None
    frequency: str | None = field(default=None, compare=False)
    """How often, in the letter's words (`ít nhất 02 lần/ngày`)."""
    due_on: str | None = field(default=None, compare=False)
    """The last day `deadline` comes to, ISO; reckoned from the letter's date where it is not printed whole."""
    report_due_on: str | None = field(default=None, compare=False)
    """The last day `report_deadline` comes to, ISO. What is drawn from the words above does not make a task another."""


@dataclass(frozen=True, slots=True)
class LetterChange:
    """What the letter changes in an earlier one: puts right, replaces, recalls, puts off."""

    kind: str
    """One of `CHANGE_KINDS`."""
    document: str | None
    """Number and symbol of the earlier letter."""
    where: str | None = None
    """The part of it that changes (`điểm 2 mục I`)."""
    old: str | None = None
    new: str | None = None
    words: str = ""
    """The sentence that says so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An official letter as read or as about to be written (NĐ 30/2020, Phụ lục I)."""

    doc_type: str
    issuer: str | None
    parent_issuer: str | None = None
    number: str | None = None
    symbol: str | None = None
    place: str | None = None
    date: str | None = None
    date_partial: str | None = None
    subject: str | None = None
    addressees: tuple[str, ...] = ()
    cited_documents: tuple[CitedDocument, ...] = ()
    purpose: str | None = None
    tasks: tuple[LetterTask, ...] = ()
    changes: tuple[LetterChange, ...] = ()
    """What it changes in letters sent before."""
    attachments: tuple[str, ...] = ()
    recipients_lines: tuple[str, ...] = ()
    signing_authority: str | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    body: tuple[str, ...] = ()
    """The paragraphs between the addressees and the foot, as printed."""
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False)
    doubts: tuple[Doubt, ...] = field(default=(), compare=False)
    confidence: Mapping[str, float] = field(default_factory=dict, compare=False)
    """How likely each value is right, 0..1, under its field path; what is in doubt is below .8."""

    @property
    def number_symbol(self) -> str | None:
        """`15/UBND-VHTT` when both are known, else whichever is."""
        return "/".join(part for part in (self.number, self.symbol) if part) or None

    def to_json(self) -> dict[str, Any]:
        """The JSON form, in the schema's order."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Letter:
        """The letter from its JSON form; keys that are not ours are ignored. Raises `ValueError` naming a wrong key."""
        known = {item.name for item in fields(cls)}
        values: dict[str, Any] = {key: data[key] for key in known & data.keys()}
        if values.get("doc_type") not in DOC_TYPES:
            message = f"doc_type: {values.get('doc_type')!r}"
            raise ValueError(message)
        values["cited_documents"] = tuple(_build(CitedDocument, item) for item in values.get("cited_documents") or ())
        values["tasks"] = tuple(_task(item) for item in values.get("tasks") or ())
        values["changes"] = tuple(_build(LetterChange, item) for item in values.get("changes") or ())
        values["spans"] = {key: _build(Span, item) for key, item in (values.get("spans") or {}).items()}
        values["doubts"] = tuple(_build(Doubt, item) for item in values.get("doubts") or ())
        for name in ("addressees", "attachments", "recipients_lines", "body"):
            values[name] = tuple(values.get(name) or ())
        return cls(**values)


def _build(kind: type[T], item: Mapping[str, Any]) -> T:
    known = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]  # every kind built here is a dataclass
    return kind(**{key: value for key, value in item.items() if key in known})


def _task(item: Mapping[str, Any]) -> LetterTask:
    task = _build(LetterTask, item)
    return replace(task, assignees=tuple(task.assignees), channels=tuple(task.channels))
