"""The places of a campaign as its words name them, and the letter it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.campaigns.rules.wording import PlaceWords
from lantoa.letters.rules.settling import settled
from lantoa.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.letters.rules.letter import Letter
    from lantoa.places.rules import Tree


class Homes:
    """The territories of a campaign as its words name them."""

    def __init__(self, campaign: Campaign, places: Tree) -> None:
        self.campaign, self.places = campaign, places
        self.letter = settled(campaign.letter.letter)
        self.citation = citation_of(self.letter)
        self.by_id = {place.pk: place for place in Place.objects.filter(kind__in=["province", "district", "ward"])}

    def words(self, territory_id: int) -> PlaceWords:
        """Who speaks there, of which place, and where to look and ask."""
        home = self.by_id[territory_id]
        committee = next((place for place in self.places.children(territory_id) if place.kind == "committee"), None)
        return PlaceWords(
            place=home.name[:1].lower() + home.name[1:] if not home.name[-1].isdigit() else home.name,
            publisher=committee.name if committee else home.name,
            url=public_address(self.campaign.slug, home.code),
            contact=home.phone,
            issuer=self.letter.issuer or "",
            letter=self.citation,
        )


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
