"""What a dispatch would be before it is one: how many people, how many of them it cannot reach, and what they read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, Value

from lantoa.channels.wire import Item
from lantoa.delivery.actions.addressing import address_field, everybody
from lantoa.delivery.actions.telling_people import SOURCES
from lantoa.delivery.engine.words import compile_words
from lantoa.delivery.models import Dispatch, Recipient, Suppression
from lantoa.delivery.rules.states import UNSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lantoa.channels.wire import Wire
    from lantoa.content.models import Rendering
    from lantoa.delivery.engine.words import Words
    from lantoa.places.models import Place

SAMPLE_NAME = "Nguyễn Văn A"
"""Who reads a preview: nobody of the register."""
SAMPLE_ADDRESSES = {"email": "nguoi-nhan@vi-du.invalid", "phone": "0912345678", "browser": ""}
SAMPLE_KEY = "xem-truoc"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an audience has, by what becomes of them."""

    people: int = 0
    without_address: int = 0
    refused: int = 0
    """Of those with an address: who wants no messages."""
    by: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Who would be sent to, by place and the carrier that the register names; of others than residents `""`."""

    @property
    def sent_to(self) -> int:
        """Who would be sent to."""
        return self.people - self.without_address - self.refused


@dataclass(frozen=True, slots=True)
class Load:
    """People who get one text: how many of each carrier, and how many parts it has for each of them."""

    rendering: Rendering
    parts: int
    by_carrier: Mapping[str, int]

    @property
    def all_parts(self) -> int:
        """The parts of all their messages together."""
        return self.parts * sum(self.by_carrier.values())


@dataclass(frozen=True, slots=True)
class Preview:
    """One text of a dispatch as somebody reads it, and the places whose people get it."""

    rendering: Rendering
    places: tuple[Place, ...]
    text: str
    parts: int


def reach_of(dispatch: Dispatch) -> Reach:
    """Count a dispatch's audience; the dispatch need not be saved. One pass over the register.

    Of a saved one, who refused is counted only among those it will be sent to. Raises `ValueError`, in
    Vietnamese, for a segment that cannot be read.
    """
    address = address_field(dispatch)
    refuses = Q(Exists(Suppression.objects.filter(reaches=dispatch.reaches, address=OuterRef(address))))
    if dispatch.pk:
        refuses &= Q(Exists(Recipient.objects.filter(dispatch=dispatch, person=OuterRef("pk"), state__in=UNSENT)))
    is_resident = dispatch.audience == Dispatch.Audience.RESIDENTS
    rows = everybody(dispatch).order_by().annotate(
        where=F("pk") if dispatch.audience == Dispatch.Audience.PLACES else F("place_id"),
        whose=F("carrier") if is_resident else Value(""),
    )
    nowhere = Q(**{address: ""})
    counted = rows.values_list("where", "whose").annotate(
        people=Count("pk"),
        without=Count("pk", nowhere),
        refused=Count("pk", ~nowhere & refuses),
    )
    return _added(counted)


def reach_among(dispatch: Dispatch) -> Reach:
    """Count the people written down in a dispatch who still wait, by the texts they get; who refused apart."""
    model = SOURCES[dispatch.audience]
    address = address_field(dispatch)
    waiting = Recipient.objects.filter(dispatch=dispatch, state__in=UNSENT)
    refuses = Exists(Suppression.objects.filter(reaches=dispatch.reaches, address=OuterRef(address)))
    rows = model.objects.filter(pk__in=waiting.values("person")).order_by().annotate(
        where=F("pk") if dispatch.audience == Dispatch.Audience.PLACES else F("place_id"),
        whose=F("carrier") if dispatch.audience == Dispatch.Audience.RESIDENTS else Value(""),
    )
    nowhere = Q(**{address: ""})
    return _added(rows.values_list("where", "whose").annotate(
        people=Count("pk"), without=Count("pk", nowhere), refused=Count("pk", ~nowhere & Q(refuses)),
    ))


def _added(counted: Iterable[tuple[int, str, int, int, int]]) -> Reach:
    totals: Counter[str] = Counter()
    by: Counter[tuple[int, str]] = Counter()
    for place, carrier, people, without, refused in counted:
        totals.update(people=people, without=without, refused=refused)
        by[place, carrier] += people - without - refused
    return Reach(totals["people"], totals["without"], totals["refused"], dict(+by))


def sample_item(words: Words, place_id: int, reaches: str, name: str = SAMPLE_NAME) -> Item:
    """A message to somebody who is not there, for looking at it."""
    template = words.template(place_id)
    return Item((0, 0), SAMPLE_ADDRESSES[reaches], {"name": name}, template, SAMPLE_KEY)


def previews(home: Place, renderings: Iterable[Rendering], wire: Wire) -> list[Preview]:
    """Every text of a dispatch as its readers get it, the campaign's own territory first.

    Raises `ChannelError` when the channel cannot carry one, `OSError` when a file of the store is gone.
    """
    rows = sorted(renderings, key=lambda row: (row.place_id != home.pk, row.place.code))
    words = compile_words(home.pk, [(row.place_id, row) for row in rows], wire)
    found: dict[tuple[str, int], tuple[Rendering, list[Place]]] = {}
    for row in rows:
        item = sample_item(words, row.place_id, wire.reaches.value)
        shown = item.template.show(item), item.template.parts(item)
        found.setdefault(shown, (row, []))[1].append(row.place)
    return [Preview(row, tuple(places), *shown) for shown, (row, places) in found.items()]


def loads(home: Place, renderings: Iterable[Rendering], wire: Wire, reach: Reach) -> list[Load]:
    """Who gets which text and what it comes to, were everybody's name as long as the sample's.

    Raises `ChannelError` and `OSError` as `previews`.
    """
    rows = list(renderings)
    words = compile_words(home.pk, [(row.place_id, row) for row in rows], wire)
    by_template = {id(words.template(row.place_id)): row for row in rows}
    found: dict[int, Counter[str]] = {}
    for (place, carrier), number in reach.by.items():
        found.setdefault(id(words.template(place)), Counter())[carrier] += number
    items = {key: sample_item(words, by_template[key].place_id, wire.reaches.value) for key in found}
    return [Load(by_template[key], items[key].template.parts(items[key]), by) for key, by in found.items()]


def draft_of(campaign: Any, channel: Wire, audience: str, segment: str) -> Dispatch:
    """A dispatch that is written down nowhere, to be counted."""
    return Dispatch(campaign=campaign, audience=audience, segment=segment, reaches=channel.reaches.value)
