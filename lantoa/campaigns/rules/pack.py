"""A campaign pack: a folder of TOML files that a campaign officer can write (`docs/add-a-pack.md`).

`pack.toml` names it, its pieces and its funnel; `facts.toml` holds dated, sourced facts; `messages.toml` the
words, which refer to facts by key (`{cutoff_date}`); `questions.toml` questions and answers;
`false_statements.toml` what must never be said; `devices.toml` the rules of the phone check, where the
pack has one.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACT_KINDS = ("date", "month", "number", "money", "text", "phone", "url", "document")


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


@dataclass(frozen=True, slots=True)
class PackMessage:
    """Words for one purpose, with references to facts and to the place (`{place}`, `{publisher}`)."""

    key: str
    text: str
    title: str = ""
    channel_kinds: tuple[str, ...] = ()
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class PackPiece:
    """How one rendering kind is composed from messages: each slot names message keys."""

    kind: str
    slots: Mapping[str, tuple[str, ...]]


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

    def facts_as_of(self, day: dt.date) -> tuple[PackFact, ...]:
        """The version of each fact known on `day`; a fact first known later comes with its earliest version."""
        chosen: dict[str, PackFact] = {}
        for fact in sorted(self.facts, key=lambda fact: fact.known_on):
            if fact.key not in chosen or fact.known_on <= day:
                chosen[fact.key] = fact
        return tuple(chosen.values())

    def later_facts(self, day: dt.date) -> tuple[PackFact, ...]:
        """Versions the pack knows that became known after `day`: a person is asked whether to take them."""
        first = {fact.key: fact for fact in self.facts_as_of(day)}
        return tuple(fact for fact in self.facts if fact.known_on > day and fact is not first[fact.key])
