"""From a pack's piece and the facts to the finished words: a `Piece`, and which facts it printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.wording import (
    FactValue,
    FilledMessage,
    FilledPiece,
    MissingFactsError,
    PlaceWords,
    Teller,
    Way,
    fill_piece,
)
from lantoa.content.rules import zns
from lantoa.content.rules.kinds import ROOM
from lantoa.content.rules.piece import Piece, Point
from lantoa.content.rules.script import Manner, Sentence, fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.campaigns.rules.pack import Pack, PackLanguage, PackPhase, PackPiece, PackSentence
    from lantoa.content.rules.script import Role

BULLETIN_SLOT = 120
"""Seconds of a bulletin: what a 15-minute slot shared with all other news leaves for one topic."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the words of one place stand on."""

    pack: Pack
    facts: Mapping[str, FactValue]
    words: PlaceWords
    dated: str
    slot_seconds: int = BULLETIN_SLOT
    """Air time of a bulletin at this place."""
    manner: Manner = field(default_factory=Manner)
    """How bulletins are read here: the voice's measured rate, and the agency's own abbreviations."""
    phase: PackPhase | None = None
    """Where the campaign stands on its roadmap: it decides what the words lead with."""
    language: str = "vi"
    templates: tuple[zns.Template, ...] = ()
    """Message templates their carrier has approved and a person of the agency confirmed."""

    def way(self, kind: str) -> Way:
        """How a piece of `kind` is said: the length its channel has room for, within the pack's own limit."""
        length, most = ROOM.get(kind, ("medium", 0))
        rule = self.pack.rule(kind)
        limits = [limit for limit in (most, rule.longest if rule else 0) if limit]
        return Way(self.language, self.phase, length, min(limits, default=0))


@dataclass(frozen=True, slots=True)
class Composed:
    """A piece, the facts printed in it, and the optional messages that wait for a fact."""

    piece: Piece
    used: frozenset[str]
    left_out: tuple[str, ...] = ()


def compose_piece(ground: Ground, kind: str, about: str = "") -> Composed | None:
    """Fill the pack's piece of `kind`; None when the pack has none, or not in the language asked for.

    A kind whose words its carrier approves is made from a confirmed template, and there is none without one.
    Raises `MissingFactsError` naming the facts that must be confirmed first.
    """
    if kind in zns.PIECES:
        return _compose_template(ground, kind, about)
    planned = ground.pack.piece(kind, about)
    if planned is None:
        return None
    way = ground.way(kind)
    filled = fill_piece(ground.pack, planned, ground.facts, ground.words, way)
    if _is_foreign(filled):
        return None
    slots = filled.slots
    script, spoken_facts = _script(ground, planned, way)
    language = ground.pack.language(ground.language)
    piece = Piece(
        kind=kind,
        title=_line(slots.get("title", ())),
        lead=_line(slots.get("lead", ())),
        text=script or "\n\n".join([message.text for message in slots.get("text", ())] + _note(language, filled)),
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
        language=ground.language,
        labels=language.labels if language else {},
    )
    return Composed(piece, filled.used | spoken_facts, filled.left_out)


def _compose_template(ground: Ground, kind: str, about: str) -> Composed | None:
    """The approved words with this place's parameters; None in another language and without a confirmed template."""
    phase = ground.phase.key if ground.phase else ""
    template = zns.choose_template(ground.templates, ground.pack.name, kind, about=about, phase=phase)
    if template is None or ground.language != "vi":
        return None
    filled = zns.fill_template(template, ground.facts, ground.words)
    if filled.missing:
        raise MissingFactsError(f"Mẫu ZNS {template.id}", filled.missing)
    piece = Piece(
        kind=kind,
        title=filled.title,
        text=filled.text,
        publisher=ground.words.publisher,
        place=ground.words.place,
        url=ground.words.url,
        dated=ground.dated,
        template=template.id,
        parameters=filled.parameters,
    )
    return Composed(piece, filled.used)


HEART = ("title", "lead", "text", "key_label", "warning")
"""Slots without which a piece is not in a language: better the whole of it in Vietnamese than half of its heart."""


def _is_foreign(filled: FilledPiece) -> bool:
    """Whether the heart of the piece is not translated."""
    return any(message.key in filled.untranslated for slot in HEART for message in filled.slots.get(slot, ()))


def _note(language: PackLanguage | None, filled: FilledPiece) -> list[str]:
    """In the reader's language: part of this stands in Vietnamese."""
    return [language.note] if language and filled.untranslated else []


def _script(ground: Ground, planned: PackPiece, way: Way) -> tuple[str, frozenset[str]]:
    """The bulletin that fits the slot, and the facts said in it."""
    teller = Teller(ground.pack, ground.facts, ground.words, way)
    steps = [
        (step, message)
        for step in planned.sentences
        if (message := teller.tell(teller.words[step.message])) is not None
    ]
    if not steps:
        return "", frozenset()
    plan = [
        Sentence(message.text, step.priority, step.key, _role(step, planned.sentences)) for step, message in steps
    ]
    script = fit(plan, ground.slot_seconds, ground.manner)
    said = {sentence.text for sentence in script.kept}
    return script.text, frozenset(key for _, message in steps if message.text in said for key in message.used)


def _role(step: PackSentence, steps: Sequence[PackSentence]) -> Role:
    """A plan's first sentence opens the bulletin and its last closes it, unless it is the key one."""
    if step.key or len(steps) < 2:
        return "body"
    return "opening" if step is steps[0] else "closing" if step is steps[-1] else "body"


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


def message_words(piece: Piece) -> str:
    """The words of a message as whoever gets it reads them: nothing is added to what its carrier shows."""
    return "\n\n".join(filter(None, (piece.title, piece.text)))
