"""A campaign pack: a folder of TOML files that a campaign officer can write (`docs/add-a-pack.md`).

`pack.toml` names it, its pieces, its funnel, its phases and what a channel may say; `facts.toml` holds dated,
sourced facts; `messages.toml` the words, which refer to facts by key (`{cutoff_date}`); `questions.toml` questions
and answers; `languages/en.toml` the same words in another language; `false_statements.toml` what must never be
said; `devices.toml` the rules of the phone check, where the pack has one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

FACT_KINDS = ("date", "month", "number", "money", "text", "phone", "url", "document")
PIECE_KINDS = (
    "article", "social_post", "social_image", "sms", "email", "push", "zns", "bulletin", "leaflet", "poster",
    "briefing", "doorstep_card", "qa_sheet", "covering_letter", "correction_notice", "correction_sms",
    "correction_email", "correction_push", "correction_zns",
)
SLOTS = (
    "title", "lead", "text", "key_figure", "key_label", "points", "questions", "warning", "contacts", "sources",
)
AUDIENCES = ("residents", "staff", "teams")
LENGTHS = ("short", "medium", "long")
FORMED_LANGUAGES = ("vi", "en")
"""Languages whose dates, numbers and short words of a form the software knows; any other brings its own words."""
FORM_LABELS = (
    "absent", "attended", "briefed_by", "briefed_on", "briefing", "check", "contact", "done", "greeting", "household",
    "met", "more", "more_help", "notice", "opt_out", "outcome", "page", "points", "posted_by", "posted_on", "qr_alt",
    "questions", "reader", "remember", "remove_on", "say", "scan", "sources", "true_on", "visited_on", "visitor",
    "warning",
)
"""The short words of the forms that a language file must bring when the software does not know the language."""


class PackError(ValueError):
    """A pack is broken: the file and the entry are named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class PackFact:
    """One version of a fact as the pack knows it.

    `known_on` is the day it became known: a campaign opened as of an earlier day does not see it.
    `verified` is false for what the domain notes mark as unverified; such a fact is asked for, never printed.
    """

    key: str
    kind: str
    value: str | None
    label: str
    known_on: dt.date
    source: str
    legal_basis: str = ""
    unit: str = ""
    verified: bool = False
    note: str = ""
    reason: str = ""
    """Why this version replaced the one before, in words a resident may read; `{key|reason}` prints it."""


@dataclass(frozen=True, slots=True)
class PackMessage:
    """Words for one purpose, with references to facts and to the place (`{place}`, `{publisher}`)."""

    key: str
    text: str
    """The words at medium length, which is what stands where nothing else is asked for."""
    title: str = ""
    language: str = "vi"
    optional: bool = False
    """Left out, without an error, as long as a fact it needs is unknown or unverified."""
    short: str = ""
    """The same in fewer words, for a channel with little room; empty: there is no shorter way."""
    long: str = ""
    """The same at length, where there is room."""
    readers: tuple[str, ...] = ()
    """Whom it concerns (`READERS`); empty: everybody."""

    def at(self, length: str) -> str:
        """The text at `length`, or the next best the message has."""
        return {"short": self.short, "long": self.long}.get(length) or self.text

    def texts(self) -> tuple[str, ...]:
        """Title and text at every length the message has."""
        return tuple(filter(None, (self.title, self.text, self.short, self.long)))


@dataclass(frozen=True, slots=True)
class PackLanguage:
    """A language other than Vietnamese the pack has words in. Its messages stand with the pack's, by language."""

    code: str
    """ISO 639: `en`, `tyz` (Tày), `hmn` (Mông)."""
    name: str
    """As its readers call it."""
    source: str
    """Who wrote and checked the words: a person or an office, never a program."""
    note: str
    """In this language: what is not translated yet stands in Vietnamese."""
    values: Mapping[tuple[str, str], str]
    """By fact and its Vietnamese value: the value in this language. A value that changed has none until somebody
    writes it."""
    labels: Mapping[str, str]
    """Short words of the forms."""


@dataclass(frozen=True, slots=True)
class PackRule:
    """What one kind of piece must and must not say, whoever edits its words."""

    piece: str
    why: str
    must_say: tuple[str, ...] = ()
    """References (facts or built-in words) that stand in it at every length."""
    must_not_say: tuple[str, ...] = ()
    longest: int = 0
    """Characters the text has room for; 0: no limit."""


@dataclass(frozen=True, slots=True)
class PackSentence:
    """One step of a bulletin script, in reading order.

    `priority` 1 is read in every slot (60 seconds), 2 from 120 seconds on, 3 only in 180 seconds.
    `key` marks the sentence that is never dropped and is said again at the end.
    """

    message: str
    priority: int = 1
    key: bool = False


@dataclass(frozen=True, slots=True)
class PackPiece:
    """How one rendering kind is composed from messages: each slot names message keys."""

    kind: str
    slots: Mapping[str, tuple[str, ...]]
    audience: str = "residents"
    about: str = ""
    """The fact a `correction_…` speaks of; empty: of any changed fact (`{changed_label}`)."""
    sentences: tuple[PackSentence, ...] = ()
    """Of a `bulletin`: its slot `text`, sentence by sentence, with what may be cut."""
    readers: tuple[str, ...] = ()
    """Whom the piece is made for: messages that concern only others are left out; empty: everybody."""


@dataclass(frozen=True, slots=True)
class PackPhase:
    """A stretch of the campaign, in days from a fact's date: -90 is ninety days before."""

    key: str
    label: str
    first_day: int
    aim: str
    last_day: int | None = None
    """None: until the next phase begins, or for good."""
    pieces: tuple[str, ...] = ()
    """What goes out above all in this phase."""
    says: Mapping[str, str] = field(default_factory=dict)
    """Messages said otherwise in this phase: `lead` in the words of `lead_after`."""
    counts_from: str = ""
    """The fact its days count from; empty: the key fact."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack, validated."""

    name: str
    title: str
    topic_words: tuple[str, ...]
    """Words by which a letter's subject is recognised as this pack's."""
    facts: tuple[PackFact, ...]
    messages: tuple[PackMessage, ...]
    questions: tuple[PackMessage, ...]
    pieces: tuple[PackPiece, ...]
    false_statements: tuple[Mapping[str, str], ...]
    funnel: tuple[Mapping[str, str], ...]
    devices: Mapping[str, Any]
    key_fact: str = ""
    """The fact the whole campaign turns on; phases count from it."""
    tokens: tuple[str, ...] = ()
    """Names with a digit that a text may hold as they are: `4G`, `113`."""
    phases: tuple[PackPhase, ...] = ()
    languages: tuple[PackLanguage, ...] = ()
    rules: tuple[PackRule, ...] = ()

    def words(self, language: str = "vi") -> dict[str, PackMessage]:
        """Messages and questions by key, in `language`; what it lacks comes in Vietnamese."""
        entries = (*self.messages, *self.questions)
        return {entry.key: entry for spoken in ("vi", language) for entry in entries if entry.language == spoken}

    def language(self, code: str) -> PackLanguage | None:
        """Find the language; None for Vietnamese and for one the pack has no words in."""
        return next((language for language in self.languages if language.code == code), None)

    def rule(self, piece_kind: str) -> PackRule | None:
        """Find what the pack demands of a kind of piece."""
        return next((rule for rule in self.rules if rule.piece == piece_kind), None)

    def piece(self, kind: str, about: str = "") -> PackPiece | None:
        """Find the piece of `kind`; of several correction notices the one about `about`, else the general one."""
        found = [piece for piece in self.pieces if piece.kind == kind and piece.about in {about, ""}]
        return max(found, key=lambda piece: len(piece.about), default=None)

    def facts_as_of(self, day: dt.date) -> tuple[PackFact, ...]:
        """Take the version of each fact known on `day`; one first known later comes with its earliest version."""
        chosen: dict[str, PackFact] = {}
        for fact in sorted(self.facts, key=lambda fact: fact.known_on):
            if fact.key not in chosen or fact.known_on <= day:
                chosen[fact.key] = fact
        return tuple(chosen.values())

    def later_facts(self, day: dt.date) -> tuple[PackFact, ...]:
        """Versions the pack knows that became known after `day`: a person is asked whether to take them."""
        first = {fact.key: fact for fact in self.facts_as_of(day)}
        return tuple(fact for fact in self.facts if fact.known_on > day and fact is not first[fact.key])
