"""A campaign pack: a folder of TOML files that a campaign officer can write (`docs/add-a-pack.md`).

`pack.toml` names it, its pieces and its funnel; `facts.toml` holds dated, sourced facts; `messages.toml` the
words, which refer to facts by key (`{cutoff_date}`); `questions.toml` questions and answers;
`false_statements.toml` what must never be said; `devices.toml` the rules of the phone check, where the
pack has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

FACT_KINDS = ("date", "month", "number", "money", "text", "phone", "url", "document")
PIECE_KINDS = (
    "article", "social_post", "social_image", "sms", "bulletin", "leaflet", "poster", "briefing", "doorstep_card",
    "qa_sheet", "covering_letter", "correction_notice",
)
SLOTS = (
    "title", "lead", "text", "key_figure", "key_label", "points", "questions", "warning", "contacts", "sources",
)
AUDIENCES = ("residents", "staff", "teams")


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
    title: str = ""
    channel_kinds: tuple[str, ...] = ()
    language: str = "vi"
    optional: bool = False
    """Left out, without an error, as long as a fact it needs is unknown or unverified."""


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
    """The fact a `correction_notice` speaks of; empty: of any changed fact (`{changed_label}`)."""
    sentences: tuple[PackSentence, ...] = ()
    """Of a `bulletin`: its slot `text`, sentence by sentence, with what may be cut."""


@dataclass(frozen=True, slots=True)
class PackPhase:
    """A stretch of the campaign, in days from the key fact's date: -90 is ninety days before."""

    key: str
    label: str
    first_day: int
    last_day: int
    aim: str
    pieces: tuple[str, ...] = ()


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

    def words(self) -> dict[str, PackMessage]:
        """Messages and questions by key."""
        return {entry.key: entry for entry in (*self.messages, *self.questions)}

    def piece(self, kind: str, about: str = "") -> PackPiece | None:
        """Find the piece of `kind`; of several correction notices the one about `about`, else the general one."""
        found = [piece for piece in self.pieces if piece.kind == kind and piece.about in {about, ""}]
        return max(found, key=lambda piece: len(piece.about), default=None)

    def phase(self, days: int) -> PackPhase | None:
        """Find the phase `days` after the key date (negative: before it)."""
        return next((phase for phase in self.phases if phase.first_day <= days <= phase.last_day), None)

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
