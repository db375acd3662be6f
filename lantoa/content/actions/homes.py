"""The places of a campaign as its words name them, and the letter it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.campaigns.rules.wording import PlaceWords
from lantoa.content.rules.neighbourhoods import Neighbours
from lantoa.letters.rules.settling import settled
from lantoa.places.models import Place
from lantoa.places.rules.tree import TERRITORY_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.letters.rules.letter import Letter


class Homes:
    """The territories of a campaign as its words name them."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.letter = settled(campaign.letter.letter)
        self.citation = citation_of(self.letter)
        self.by_id = {place.pk: place for place in Place.objects.filter(kind__in=TERRITORY_KINDS)}
        committees = Place.objects.on(campaign.as_of).filter(kind="committee").order_by("-code")
        self.committees = dict(committees.values_list("parent_id", "name"))  # the first of several

    def words(self, territory_id: int) -> PlaceWords:
        """Who speaks there, of which place, and where to look and ask; to a neighbourhood its ward's office speaks."""
        home = self.by_id[territory_id]
        office = self.by_id[home.parent_id or home.pk] if home.kind == "neighbourhood" else home
        return PlaceWords(
            place=home.name[:1].lower() + home.name[1:] if not home.name[-1].isdigit() else home.name,
            publisher=self.committees.get(office.pk, office.name),
            url=public_address(self.campaign.slug, home.code),
            contact=office.phone,
            issuer=self.letter.issuer or "",
            letter=self.citation,
        )


def neighbours_of(place: Place) -> Neighbours:
    """Whom the people of a neighbourhood ask, as the tree of places knows it."""
    return Neighbours(place.name, place.leader, place.phone, place.meeting_house)


def public_address(slug: str, code: str) -> str:
    """The page on which a campaign's residents of one place read about it."""
    return f"{settings.LANTOA_PUBLIC_URL}/c/{slug}/?noi={code}"


def citation_of(letter: Letter) -> str:
    """How a text names the letter the campaign rests on; what is in doubt of it is left out."""
    sure = settled(letter)
    return cited(sure.doc_type, sure.number_symbol, sure.issuer)


def cites_otherwise(campaign: Campaign, renderings: Iterable[Rendering]) -> list[Rendering]:
    """Those that name the letter in other words than hold now: a person settled, corrected or reopened it since."""
    now = citation_of(campaign.letter.letter)
    return [row for row in renderings if row.details.get("letter", now) != now]


def cited(doc_type: str, number_symbol: str | None, issuer: str | None) -> str:
    """How a text names a letter; without its number as long as that is blank."""
    name = "Công văn" if doc_type == "cong_van" else "Văn bản"
    number = f" số {number_symbol}" if number_symbol and number_symbol[:1].isdigit() else ""
    return f"{name}{number} của {issuer}" if issuer else f"{name}{number}"
