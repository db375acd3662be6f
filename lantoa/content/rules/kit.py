"""Which renderings a campaign needs, for which territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.kinds import CARRIED_BY

if TYPE_CHECKING:
    from collections.abc import Iterable

FOR_THE_WHOLE = (
    "article",
    "social_post",
    "social_image_wide",
    "social_image_square",
    "sms",
    "sms_unaccented",
    "briefing",
    "qa_sheet",
    "leaflet",
    "poster",
    "poster_a4",
    "board_notice",
    "staff_slides",
)
"""Made for the territory that runs the campaign whether or not the letter names the channel."""


@dataclass(frozen=True, slots=True)
class Given:
    """One assignment as the kit sees it: the territory of the place, and its task's channel kinds."""

    territory_id: int
    territory_kind: str
    channel_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """One rendering to be made."""

    territory_id: int
    kind: str
    language: str = "vi"


IN_EVERY_LANGUAGE = ("article",)
"""What is also made in the pack's other languages: the public page shows it."""


def plan_kit(given: Iterable[Given], running_id: int, languages: Iterable[str] = ()) -> list[Wanted]:
    """The renderings for territory `running_id`, which runs the campaign, and for each territory given work.

    Nothing is made for a neighbourhood itself: its people work with the pieces of their ward.
    """
    wanted = {Wanted(running_id, kind) for kind in FOR_THE_WHOLE}
    for item in given:
        if item.territory_kind == "neighbourhood":
            continue
        wanted |= {
            Wanted(item.territory_id, kind) for channel_kind in item.channel_kinds for kind in CARRIED_BY[channel_kind]
        }
    wanted |= {
        Wanted(item.territory_id, item.kind, language)
        for language in languages
        for item in wanted
        if item.kind in IN_EVERY_LANGUAGE
    }
    return sorted(wanted)
