"""What a new dispatch may be made of: which words a channel carries, whom it reaches, and by which parts of people.

What cannot be chosen is shown with the reason, so that nobody looks for it in vain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from lantoa.channels.base import ChannelError
from lantoa.channels.wire import Item, Reaches
from lantoa.content.rules.kinds import KINDS, NOTICE_KINDS
from lantoa.delivery.engine.looking import look_at_wires
from lantoa.delivery.engine.words import HTML, JSON, message_of
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.publishing import TELECOM_SMS_RULE, is_barred, is_meant_for
from lantoa.places.models import TERRITORIES, Place
from lantoa.residents.models import Resident
from lantoa.web.labels import RENDERINGS, WIRES, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.channels.wire import Wire
    from lantoa.content.models import Rendering
    from lantoa.delivery.engine.looking import WireState

TEXTS = ("text/plain", HTML, JSON)
"""Media types that a wire can be handed, a page by e-mail alone; a picture or PDF is for channels that show things."""
AUDIENCES = {
    Reaches.PHONE: (Dispatch.Audience.RESIDENTS, Dispatch.Audience.PLACES),
    Reaches.EMAIL: (Dispatch.Audience.PLACES, Dispatch.Audience.RESIDENTS),
    Reaches.BROWSER: (Dispatch.Audience.BROWSERS,),
}
MOST_PLACES = 400
"""So many territories can be ticked; where there are more, only the larger ones are offered."""
MOST_OFFICES = 300


@dataclass(frozen=True, slots=True)
class Carried:
    """Words that a channel carries: their kind, how they begin, and why they may not go yet."""

    kind: str
    name: str
    text: str
    parts: int
    why_not: str = ""
    is_meant: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that could carry a dispatch, as it is offered."""

    state: WireState
    name: str
    why_not: str = ""

    @property
    def key(self) -> str:
        """Its name in the configuration."""
        return self.state.name


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything one may choose for a dispatch by one channel."""

    campaign: Campaign
    channel: str
    wire: Wire
    carried: tuple[Carried, ...]
    audiences: tuple[str, ...]
    places: tuple[tuple[str, str, int], ...] = ()
    """Code, name, and how deep below the campaign's territory."""
    carriers: tuple[str, ...] = ()
    offices: tuple[tuple[str, str], ...] = ()
    fallbacks: tuple[tuple[str, str], ...] = field(default=())
    """`channel:kind` and what that is."""

    @property
    def words(self) -> tuple[Carried, ...]:
        """Those that may go now."""
        return tuple(one for one in self.carried if not one.why_not)


def ways(campaign: Campaign) -> list[Way]:
    """Every channel to many people; one that cannot send now says what to do. A rehearsal sends by none of them."""
    rehearsal = settings.LANTOA_ROUTES["rehearsal_dispatch"]
    found = []
    for state in look_at_wires():
        if state.name == rehearsal:
            continue
        why = "" if campaign.is_rehearsal and state.wire else "; ".join(
            f"{lack.what}: {lack.advice}" for lack in state.lacks
        )
        found.append(Way(state, label(WIRES, state.name), why))
    return found


def offer(campaign: Campaign, way: Way) -> Offer:
    """What may be chosen for a dispatch by this channel."""
    wire = way.state.wire
    assert wire is not None, "only a channel that can be opened is offered"  # noqa: S101 - `why_not` keeps others out
    audiences = tuple(str(one) for one in AUDIENCES[wire.reaches])
    residents = Dispatch.Audience.RESIDENTS in AUDIENCES[wire.reaches]
    below = Place.objects.under([campaign.place])
    return Offer(
        campaign,
        way.key,
        wire,
        tuple(carried(campaign, wire)),
        audiences,
        tuple(_territories(campaign, below.on(campaign.as_of))) if residents else (),
        _carriers(below) if residents else (),
        tuple(_offices(campaign)) if Dispatch.Audience.PLACES in AUDIENCES[wire.reaches] else (),
        tuple(_fallbacks(campaign, way)),
    )


# --- words ---------------------------------------------------------------------------------------


def carried(campaign: Campaign, wire: Wire) -> Iterator[Carried]:
    """Words of the current kit that the channel can carry, those written for it first."""
    texts = TEXTS if wire.reaches is Reaches.EMAIL else tuple(set(TEXTS) - {HTML})
    rows = campaign.rendering_set.current().filter(media_type__in=texts).select_related("place")
    by_kind: dict[str, list[Rendering]] = {}
    for row in rows:
        if row.kind in KINDS and KINDS[row.kind].piece != "bulletin" and row.kind not in NOTICE_KINDS:
            by_kind.setdefault(row.kind, []).append(row)
    meant = {kind for kind in by_kind if is_meant_for(kind, wire.name, wire.reaches)}
    for kind in sorted(by_kind, key=lambda kind: (kind not in meant, list(KINDS).index(kind))):
        first = next((row for row in by_kind[kind] if row.place_id == campaign.place_id), by_kind[kind][0])
        shown = _shown(first, wire)
        if shown is not None:
            why = _why_not(campaign, wire, by_kind[kind])
            yield Carried(kind, label(RENDERINGS, kind), *shown, why, is_meant=kind in meant)


def _shown(row: Rendering, wire: Wire) -> tuple[str, int] | None:
    """How a rendering reads by a channel and its parts; None when the channel cannot carry it."""
    from lantoa.delivery.actions.counting import (  # noqa: PLC0415 - actions are loaded when one is called
        SAMPLE_ADDRESSES,
        SAMPLE_KEY,
        SAMPLE_NAME,
    )

    try:
        template = wire.compile(message_of(row))
        item = Item((0, 0), SAMPLE_ADDRESSES[wire.reaches.value], {"name": SAMPLE_NAME}, template, SAMPLE_KEY)
        return template.show(item), template.parts(item)
    except (ChannelError, OSError, ValueError):
        return None


def _why_not(campaign: Campaign, wire: Wire, rows: Sequence[Rendering]) -> str:
    if is_barred(rows[0].kind, wire.name, wire.reaches, campaign.place.kind):
        return _("cấp này không được tự gửi tin nhắn SMS (%(rule)s); hãy đề nghị cấp tỉnh gửi") % {
            "rule": TELECOM_SMS_RULE
        }
    return _("chưa được duyệt") if any(row.approved_at is None for row in rows) else ""


def _fallbacks(campaign: Campaign, way: Way) -> Iterator[tuple[str, str]]:
    """Other channels with words written for them, for people of the same audience."""
    for other in ways(campaign):
        wire, own = other.state.wire, way.state.wire
        if other.key == way.key or other.why_not or wire is None or own is None:
            continue
        if not set(AUDIENCES[wire.reaches]) & set(AUDIENCES[own.reaches]):
            continue
        for one in carried(campaign, wire):
            if one.is_meant and not one.why_not:
                yield f"{other.key}:{one.kind}", f"{other.name}: {one.name}"


# --- people --------------------------------------------------------------------------------------


def _territories(campaign: Campaign, below: Iterable[Place]) -> Iterator[tuple[str, str, int]]:
    """Territories under the campaign's own, parents before children."""
    children: dict[int | None, list[Place]] = {}
    for place in below:
        if place.kind in TERRITORIES and place.pk != campaign.place_id:
            children.setdefault(place.parent_id, []).append(place)
    found = list(_walk(children, campaign.place_id, 0))
    for deepest in (9, 1, 0):
        kept = [one for one in found if one[2] <= deepest]
        if len(kept) <= MOST_PLACES or not deepest:
            yield from kept[:MOST_PLACES]
            return


def _walk(children: dict[int | None, list[Place]], parent: int, depth: int) -> Iterator[tuple[str, str, int]]:
    for place in children.get(parent, []):
        yield place.code, place.name, depth
        yield from _walk(children, place.pk, depth + 1)


def _carriers(below: Iterable[Place]) -> tuple[str, ...]:
    """Carriers that the register names; a segment cannot say a name with a space or a comma in it."""
    named = Resident.objects.filter(place__in=below).exclude(carrier="").order_by("carrier")
    return tuple(one for one in named.values_list("carrier", flat=True).distinct() if not set(one) & set(" ,="))


def _offices(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Kinds of offices that were given work, and the offices themselves."""
    given = campaign.tasks.filter(is_correction=False).values("assignments__place")
    rows = list(Place.objects.filter(pk__in=given)[:MOST_OFFICES])
    for kind in Place.Kind:
        if any(row.kind == kind for row in rows):
            yield kind.value, _("Mọi đơn vị loại: %(kind)s") % {"kind": kind.label}
    yield from ((row.code, row.name) for row in rows)
