"""From a pack's piece and the facts to the finished words: a `Piece`, and which facts it printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.wording import FactValue, FilledMessage, PlaceWords, fill_message, fill_piece
from lantoa.content.rules.piece import Piece, Point
from lantoa.content.rules.script import Sentence, fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.campaigns.rules.pack import Pack, PackPiece

BULLETIN_SLOT = 120
"""Seconds of a bulletin: what a 15-minute slot shared with all other news leaves for one topic."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the words of one place stand on."""

    pack: Pack
    facts: Mapping[str, FactValue]
    words: PlaceWords
    dated: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A piece, the facts printed in it, and the optional messages that wait for a fact."""

    piece: Piece
    used: frozenset[str]
    left_out: tuple[str, ...] = ()


def compose_piece(ground: Ground, kind: str, about: str = "") -> Composed | None:
    """Fill the pack's piece of `kind`; None when the pack has none.

    Raises `MissingFactsError` naming the facts that must be confirmed first.
    """
    planned = ground.pack.piece(kind, about)
    if planned is None:
        return None
    filled = fill_piece(ground.pack, planned, ground.facts, ground.words)
    slots = filled.slots
    script, spoken_facts = _script(ground, planned)
    piece = Piece(
        kind=kind,
        title=_line(slots.get("title", ())),
        lead=_line(slots.get("lead", ())),
        text=script or "\n\n".join(message.text for message in slots.get("text", ())),
        key_figure=_line(slots.get("key_figure", ())),
        key_label=_line(slots.get("key_label", ())),
        points=_points(slots.get("points", ())),
        questions=_points(slots.get("questions", ())),
        warning=_line(slots.get("warning", ())),
        contacts=_lines(slots.get("contacts", ())),
        sources=_lines(slots.get("sources", ())),
        publisher=ground.words.publisher,
        place=ground.words.place,
        url=ground.words.url,
        dated=ground.dated,
    )
    return Composed(piece, filled.used | spoken_facts, filled.left_out)


def _script(ground: Ground, planned: PackPiece) -> tuple[str, frozenset[str]]:
    """The bulletin that fits the slot, and the facts said in it."""
    known = ground.pack.words()
    steps = [
        (step, message)
        for step in planned.sentences
        if (message := fill_message(known[step.message], ground.facts, ground.words)) is not None
    ]
    if not steps:
        return "", frozenset()
    script = fit([Sentence(message.text, step.priority, step.key) for step, message in steps], BULLETIN_SLOT)
    said = {sentence.text for sentence in script.kept}
    return script.text, frozenset(key for _, message in steps if message.text in said for key in message.used)


def _line(messages: Sequence[FilledMessage]) -> str:
    return " ".join(message.text for message in messages)


def _lines(messages: Sequence[FilledMessage]) -> tuple[str, ...]:
    return tuple(message.text for message in messages)


def _points(messages: Sequence[FilledMessage]) -> tuple[Point, ...]:
    return tuple(Point(message.title, message.text) for message in messages)


def words_of(piece: Piece) -> str:
    """All words of a piece as running text: what is searched, checked and read aloud to who cannot see it."""
    pairs = [f"{point.heading}\n{point.text}" for point in (*piece.points, *piece.questions)]
    parts = [
        piece.title,
        f"{piece.key_label}: {piece.key_figure}" if piece.key_figure else "",
        piece.lead,
        piece.text,
        *pairs,
        piece.warning,
        *piece.contacts,
        *piece.sources,
        piece.publisher,
    ]
    return "\n\n".join(part for part in parts if part)
