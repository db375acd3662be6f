"""The references a writer may put into a text, each as it will be printed, and the one a typed fact stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.wording import (
    ATTRIBUTES,
    BUILT_INS,
    SHAPES,
    Reference,
    WordingError,
    check_reference,
    in_language,
    show,
)
from lantoa.content.rules.figures import figures_in
from lantoa.content.rules.known import KnownFact, meanings_of
from lantoa.content.rules.speech_numbers import say_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lantoa.campaigns.rules.pack import PackLanguage
    from lantoa.campaigns.rules.wording import FactValue, PlaceWords
    from lantoa.content.rules.figures import Figure

OF_A_CHANGE = frozenset({"changed_label", "changed_value"})
"""Built-in words that only a correction notice has."""
IN_WORDS = 10
"""A number up to this may stand in words: it is a way of speaking, no fact."""
_SHAPE_OF = {"day_month": ("day_month",), "month": ("month",), "year": ("year",)}
"""How a figure that is part of a date is written, by its kind."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A reference (`{cutoff_date|long}`) and what it prints now (`ngày 16 tháng 9 năm 2024`)."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A fact or a word of the place, with every way it may be printed; the plain one first."""

    key: str
    label: str
    is_verified: bool
    ways: tuple[Printed, ...]


def offer_facts(
    facts: Mapping[str, FactValue], language: str = "vi", spoken: PackLanguage | None = None
) -> list[Offer]:
    """Each fact as a text in `language` may print it; one without a value is offered too, with nothing printed."""
    known = in_language(spoken, facts)
    offers = [
        Offer(key, fact.label or key, fact.verified, tuple(_ways(key, fact, language)) or (Printed(f"{{{key}}}", ""),))
        for key, fact in known.items()
    ]
    return sorted(offers, key=lambda one: (not one.is_verified, one.label))


def offer_place(words: PlaceWords, labels: Mapping[str, str], *, tells_a_change: bool = False) -> list[Offer]:
    """The words of the place: who speaks, where, whom to ask. `labels` name them by key."""
    return [
        Offer(key, labels.get(attribute, attribute), is_verified=True, ways=(Printed(f"{{{key}}}", printed),))
        for key, attribute in BUILT_INS.items()
        if key != "Place" and (tells_a_change or key not in OF_A_CHANGE)
        for printed in [str(getattr(words, attribute))]
    ]


def _ways(key: str, fact: FactValue, language: str) -> Iterator[Printed]:
    shapes: list[tuple[str, ...]] = [(shape,) if shape else () for kind, shape in SHAPES if kind == fact.kind]
    if fact.kind == "date":
        shapes += [("day_before",), ("day_before", "long"), ("day_after",)]
    told: set[str] = set()
    for filters in (*shapes, *((name,) for name in ATTRIBUTES if name != "label")):
        try:
            check_reference(Reference(key, filters), fact.kind, language)
            printed = show(fact, filters, language)
        except (WordingError, KeyError):
            continue  # not in this language
        if printed and printed not in told:
            told.add(printed)
            yield Printed("{" + "|".join((key, *filters)) + "}", printed)


# --- what stands typed where a reference should --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fitting:
    """A stretch of a text and what is to stand there instead."""

    start: int
    end: int
    new: str


def fitting(text: str, offers: Sequence[Offer], facts: Mapping[str, FactValue], tokens: Sequence[str]) -> list[Fitting]:
    """For each figure typed into `text` that a confirmed fact holds, the reference that prints it so.

    `text` has its references blanked out, so that every offset is one of the text as written.
    """
    sure = [one for one in offers if one.is_verified]
    found = (_fitting(text, figure, sure, facts) for figure in figures_in(text, tokens))
    return [one for one in found if one is not None]


def _fitting(text: str, figure: Figure, offers: Sequence[Offer], facts: Mapping[str, FactValue]) -> Fitting | None:
    places = [figure.start, max(0, text.rfind("ngày ", 0, figure.start + 1))]
    same = [
        (start + len(way.text), Fitting(start, start + len(way.text), way.reference))
        for offer in offers
        for way in offer.ways
        for start in places
        if text.startswith(way.text, start) and start + len(way.text) >= figure.end
    ]
    if same:
        return max(same, key=lambda one: one[1].end - one[1].start)[1]
    for offer in offers:
        fact = facts[offer.key]
        held = meanings_of(KnownFact(offer.key, fact.kind, fact.label, fact.value or "", fact.unit))
        if (figure.kind, figure.value) in held:
            reference = "|".join((offer.key, *_SHAPE_OF.get(figure.kind, ())))
            return Fitting(figure.start, figure.end, f"{{{reference}}}")
    if figure.kind == "number" and figure.value.isdecimal() and int(figure.value) <= IN_WORDS:
        return Fitting(figure.start, figure.end, say_number(int(figure.value)))
    return None
