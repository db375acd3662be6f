"""What a campaign has to say: its facts and messages composed for each territory, as orders to be made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lantoa.campaigns.actions import roadmap_of
from lantoa.campaigns.models import Assignment, Campaign, Fact
from lantoa.campaigns.rules.wording import FactValue, PlaceWords, fill
from lantoa.content.actions.agency import bulletin_slots, studio, zns_templates
from lantoa.content.actions.homes import Homes, neighbours_of
from lantoa.content.makers.making import hash_of
from lantoa.content.makers.studio import PLAIN, Studio
from lantoa.content.models import Message, Recording, Rendering
from lantoa.content.rules.composing import Composed, Ground, compose_piece, words_of
from lantoa.content.rules.editing import Words, entry_of, reworded
from lantoa.content.rules.kinds import BULLETIN_LENGTHS, KINDS
from lantoa.content.rules.kit import Given, Wanted
from lantoa.content.rules.neighbourhoods import of_neighbourhood
from lantoa.content.rules.script import SlotTooShortError
from lantoa.content.rules.zns import PIECES as TEMPLATED
from lantoa.places.actions import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lantoa.campaigns.rules.pack import Pack
    from lantoa.content.rules.air_time import AirTime
    from lantoa.content.rules.script import Manner
    from lantoa.content.rules.zns import Template
    from lantoa.places.rules import Tree

OWN_DETAILS = ("letter", "slot")
"""What a row's details say of itself and not of its words: `Order.own`."""


@dataclass(frozen=True)
class Order:
    """One rendering to be had: for whom, of which words, under which name."""

    place_id: int
    kind: str
    composed: Composed
    hash: str
    letter: str = ""
    """How its words name the letter the campaign rests on; empty when they do not."""
    slot: int = 0
    """Of a bulletin: seconds of the slot it must go into."""
    studio: Studio = PLAIN
    """Of a bulletin: how the agency makes it."""
    recording: str = ""
    """The hash of somebody's reading of it, which takes the place of the voice; empty when there is none."""

    @property
    def path(self) -> Path:
        """Where its bytes lie, or will lie, in the store."""
        return Rendering(kind=self.kind, hash=self.hash, file_name=KINDS[self.kind].file_name).path

    @property
    def own(self) -> dict[str, Any]:
        """What is true of this rendering and not of all with the same words."""
        told = {"letter": self.letter, "slot": self.slot}
        return {name: value for name, value in told.items() if value}


def given_to(campaign: Campaign, places: Tree) -> Iterator[Given]:
    """Each assignment of the campaign as the kit sees it."""
    rows = Assignment.objects.filter(task__campaign=campaign, task__is_correction=False)
    for place_id, kinds in rows.values_list("place_id", "task__channel_kinds"):
        territory = places.territory(place_id)
        if territory is not None and territory.kind == "neighbourhood" and territory.parent_id is not None:
            territory = places.by_id[territory.parent_id]  # its people work with the pieces of their ward
        if territory is not None:
            yield Given(territory.id, territory.kind, tuple(kinds))


class Composer:
    """Composes pieces for the territories of one campaign; two kinds of one piece share its words.

    The agency's own files are read for the pieces that rest on them alone: a fault in one holds up nothing else.
    """

    def __init__(
        self,
        campaign: Campaign,
        pack: Pack,
        changed: tuple[Fact, ...] = (),
        rewords: Mapping[tuple[str, str], Words] | None = None,
    ) -> None:
        self.campaign, self.changed = campaign, changed
        facts = list(campaign.facts.current())
        self.facts = values_of(facts)
        self.dated = max([campaign.as_of, *(fact.known_on for fact in facts if fact.version > 1)]).isoformat()
        self.pack = reworded(pack, {**words_in_use(campaign, pack), **(rewords or {})})
        self.recordings = recordings_in_use(campaign)
        self.homes = Homes(campaign)
        roadmap = roadmap_of(campaign, timezone.localdate(), pack)
        self.phase = roadmap.now.phase if roadmap and roadmap.now else None
        self._done: dict[tuple[int, str, str, int], Composed | None] = {}

    @cached_property
    def places(self) -> Tree:
        """All places of the campaign's day: read only when somebody asks who stands above or below."""
        return tree(self.campaign.as_of)

    @cached_property
    def studio(self) -> Studio:
        """How the agency makes bulletins."""
        return studio(self.pack.name)

    @cached_property
    def manner(self) -> Manner:
        """How its bulletins are fitted to their slots."""
        return self.studio.manner()

    @cached_property
    def slots(self) -> AirTime:
        """How much air time each place gives them."""
        return bulletin_slots()

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The approved templates of messages."""
        return zns_templates()

    def order(self, wanted: Wanted) -> Order | None:
        """The order for one wanted rendering; None when the pack has no such piece or it comes out empty."""
        kind = KINDS[wanted.kind]
        slot = (kind.seconds or self._slot(wanted.territory_id)) if kind.piece == "bulletin" else 0
        composed = self._variant(wanted, slot) if kind.seconds else self._composed(wanted, slot)
        if composed is None:
            return None
        if self.changed:  # a notice says the new value, whether by its key or in words handed to it
            composed = replace(composed, used=composed.used | {fact.key for fact in self.changed})
        named = self.homes.citation if self.homes.citation in words_of(composed.piece) else ""
        by_studio = self.studio if slot else PLAIN
        name, recording = hash_of(wanted.kind, composed.piece, studio=by_studio), ""
        if kind.media_type.startswith("audio/"):
            recording = self.recordings.get((wanted.territory_id, hash_of_script(composed.piece.text)), "")
            name = hash_of_recorded(name, recording) if recording else name
        return Order(wanted.territory_id, wanted.kind, composed, name, named, slot, by_studio, recording)

    def _composed(self, wanted: Wanted, slot: int) -> Composed | None:
        piece_kind = KINDS[wanted.kind].piece
        key = (wanted.territory_id, piece_kind, wanted.language, slot)
        if key not in self._done:
            ground = replace(self.ground(wanted.territory_id), language=wanted.language)
            if slot:
                ground = replace(ground, slot_seconds=slot, manner=self.manner)
            elif piece_kind in TEMPLATED:
                ground = replace(ground, templates=self.templates)
            composed, home = compose_piece(ground, piece_kind, self._about), self.homes.by_id[wanted.territory_id]
            if composed is not None and home.kind == "neighbourhood":
                composed = of_neighbourhood(composed, neighbours_of(home))
            self._done[key] = composed
        return self._done[key]

    def _variant(self, wanted: Wanted, slot: int) -> Composed | None:
        """The bulletin for another slot than the place's own; None when it has no words of its own."""
        lengths = [length for length in BULLETIN_LENGTHS if length < slot]
        others = [self._composed(wanted, self._slot(wanted.territory_id))]
        others += [self._if_it_fits(wanted, length) for length in lengths]
        composed = self._if_it_fits(wanted, slot)
        told = {other.piece.text for other in others if other is not None}
        return None if composed is None or composed.piece.text in told else composed

    def _if_it_fits(self, wanted: Wanted, slot: int) -> Composed | None:
        try:
            return self._composed(wanted, slot)
        except SlotTooShortError:
            return None

    def _slot(self, territory_id: int) -> int:
        """Seconds of air time the territory gives: by its own code, or one above it."""
        line = (self.places.by_id[territory_id], *self.places.above(territory_id))
        return self.slots.seconds(place.code for place in line)

    @property
    def _about(self) -> str:
        return self.changed[0].key if len(self.changed) == 1 else ""

    def ground(self, territory_id: int) -> Ground:
        """What the words of a territory stand on."""
        words = replace(
            self.homes.words(territory_id),
            changed_label=", ".join(fact.label for fact in self.changed),
            changed_value="; ".join(self._show(fact) for fact in self.changed),
        )
        return Ground(self.pack, self.facts, words, self.dated, phase=self.phase)

    def _show(self, fact: Fact) -> str:
        return fill(f"{{{fact.key}}}", self.facts, PlaceWords()).text


def values_of(facts: Iterable[Fact]) -> dict[str, FactValue]:
    """What a text needs to know of these versions of facts, by key."""
    return {
        fact.key: FactValue(
            fact.kind,
            fact.value,
            fact.label,
            fact.unit,
            fact.is_verified,
            fact.legal_basis or fact.source,
            fact.reason,
        )
        for fact in facts
    }


def words_in_use(campaign: Campaign, pack: Pack) -> dict[tuple[str, str], Words]:
    """The approved words of each message of the campaign, by key and language."""
    return {
        (row.key, row.language): words_of_version(row, pack)
        for row in Message.objects.filter(campaign=campaign).in_use()
    }


def words_of_version(row: Message, pack: Pack) -> Words:
    """What a version says. Version 0 of before lengths were kept has those of the pack it was taken from."""
    entry = entry_of(pack, row.key, row.language) if row.version == 0 else None
    is_whole = entry is None or (row.title, row.text) != (entry.title, entry.text)
    return row.words if entry is None or is_whole else Words.of(entry)


def recordings_in_use(campaign: Campaign) -> dict[tuple[int, str], str]:
    """For each place and script somebody has read, the hash of the recording; one whose file is lost is none."""
    rows = Recording.objects.filter(campaign=campaign).in_use()
    return {(row.place_id, row.script_hash): row.file_hash for row in rows if row.source.exists()}


def hash_of_script(script: str) -> str:
    """By which a recording is known to read just these words: one syllable more or less is another script."""
    return hashlib.sha256(" ".join(script.split()).encode()).hexdigest()


def hash_of_recorded(digest: str, file_hash: str) -> str:
    """The rendering's name in the store when a person reads it: what the voice's would be, and the recording."""
    return hashlib.sha256(f"{digest} {file_hash}".encode()).hexdigest()
