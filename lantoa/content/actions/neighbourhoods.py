"""The neighbourhoods of a campaign: whom their people ask, and what of it nobody has told yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.actions.homes import neighbours_of
from lantoa.content.actions.making import places_below
from lantoa.places.actions import tree
from lantoa.places.models import Place

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Asked:
    """A neighbourhood and what is asked for about it, in Vietnamese: `số điện thoại`, `nơi họp`."""

    place: Place
    lacks: tuple[str, ...]


def neighbourhoods_in(campaign: Campaign) -> QuerySet[Place]:
    """The neighbourhoods of the campaign's territory as it stood on its day, each with its ward."""
    below = list(places_below(tree(campaign.as_of), campaign.place_id))
    return Place.objects.filter(pk__in=below).select_related("parent").order_by("parent__code", "code")


def contacts_asked(campaign: Campaign) -> list[Asked]:
    """Neighbourhoods whose print pieces could say more; in place of what is asked for nothing is printed."""
    found = (Asked(place, neighbours_of(place).lacks) for place in neighbourhoods_in(campaign))
    return [one for one in found if one.lacks]
