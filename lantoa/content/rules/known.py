"""What a text may say: the current confirmed facts of a campaign, and the papers they rest on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING

from lantoa.content.rules.figures import Figure, figures_in
from lantoa.content.rules.findings import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Meaning = tuple[str, str]
"""A figure's kind and value."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One version of a fact, as the check sees it: `value` canonical, as the fact keeps it."""

    key: str
    kind: str
    label: str
    value: str
    unit: str = ""
    is_verified: bool = True


@dataclass(frozen=True)
class Known:
    """All a campaign's texts may rest on."""

    facts: tuple[KnownFact, ...] = ()
    """Current versions that have a value, confirmed or not."""
    past: tuple[KnownFact, ...] = ()
    """Versions that are no longer current."""
    papers: tuple[str, ...] = ()
    """The letter, legal bases, sources, citations: what stands in them may be said again."""
    tokens: tuple[str, ...] = ()
    """Names with a digit: `4G`, `113`."""
    names: tuple[str, ...] = ()
    """Texts with names that may be said: contacts, who publishes."""
    days: tuple[dt.date, ...] = ()
    """Other days a text may name: the day its facts were true on."""
    hosts: frozenset[str] = frozenset()
    """Web hosts a link may lead to."""

    @cached_property
    def meanings(self) -> frozenset[Meaning]:
        """Every figure a text may hold."""
        fresh = {one for fact in self.facts if fact.is_verified for one in meanings_of(fact)}
        fresh |= {one for day in self.days for one in _of_day(day, around=False)}
        said = (*self.papers, *self.names)
        papers: set[Meaning] = {(one.kind, one.value) for text in said for one in figures_in(text, self.tokens)}
        papers |= {one for kind, value in papers if kind == "date" for one in _of_day(dt.date.fromisoformat(value))}
        gone = {one for fact in self.past for one in meanings_of(fact, around=False)} - fresh
        return frozenset(fresh | (papers - gone))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every whole number in what may be said: the parts of a document's number are said one by one."""
        said = {value for _, value in self.meanings} | set(self.tokens) | set(self.papers)
        return frozenset(part.lstrip("0") or "0" for text in said for part in _numbers(text))

    @cached_property
    def folded(self) -> str:
        """All papers and names, folded, in one text."""
        values = (fact.value for fact in self.facts if fact.is_verified and fact.kind in {"text", "document"})
        labels = (fact.label for fact in self.facts)
        return "\n".join(fold(" ".join(text.split())) for text in (*self.papers, *self.names, *values, *labels))

    def was(self, figure: Figure) -> KnownFact | None:
        """The fact that had this value once, or has it unconfirmed."""
        waiting = (fact for fact in self.facts if not fact.is_verified)
        meant = (figure.kind, figure.value)
        held = (fact for fact in (*waiting, *self.past) if meant in meanings_of(fact, around=False))
        return next(held, None)

    def now(self, key: str) -> KnownFact | None:
        """The current version of a fact."""
        return next((fact for fact in self.facts if fact.key == key), None)


def _numbers(text: str) -> Iterator[str]:
    number = ""
    for char in text + " ":
        if char.isdecimal():
            number += char
        elif number:
            yield number
            number = ""


def meanings_of(fact: KnownFact, *, around: bool = True) -> frozenset[Meaning]:
    """Every way a fact's value may stand in a text; of a day, `around`, the day before and the day after too."""
    try:
        return frozenset(_read_fact(fact, around=around))
    except (ValueError, InvalidOperation):
        return frozenset()


def _read_fact(fact: KnownFact, *, around: bool) -> Iterable[Meaning]:
    if fact.kind == "date":
        day = dt.date.fromisoformat(fact.value)
        before, after = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
        near = [("date", before.isoformat()), ("day_month", f"{before:%m-%d}"), ("date", after.isoformat())]
        return [*_of_day(day), *(near if around else [])]
    if fact.kind == "month":
        return [("month", fact.value), ("year", fact.value[:4])]
    if fact.kind in {"number", "money"}:
        plain = f"{Decimal(fact.value).normalize():f}"
        return [("number", plain), ("number", f"{plain}%"), ("number", f"{plain} {fact.unit}".strip())]
    if fact.kind == "phone":
        return [("phone", "".join(char for char in fact.value if char.isdecimal()))]
    return [(one.kind, one.value) for one in figures_in(fact.value)]


def _of_day(day: dt.date, *, around: bool = True) -> Iterator[Meaning]:
    """A day, its month, its year, and the day without its year; only the day itself unless `around`."""
    yield "date", day.isoformat()
    if around:
        yield "month", f"{day:%Y-%m}"
        yield "day_month", f"{day:%m-%d}"
    yield "year", str(day.year)
