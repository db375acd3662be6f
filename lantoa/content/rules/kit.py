"""Which renderings a campaign needs, for which territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.kinds import BULLETIN_LENGTHS, BULLETIN_VARIANTS, CARRIED_BY

if TYPE_CHECKING:
    from collections.abc import Iterable

FOR_THE_WHOLE = (
    "article",
    "social_post",
    "social_image_wide",
    "social_image_square",
    "sms",
    "sms_unaccented",
    "email",
    "push",
    "zns",
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


BESIDE: dict[str, tuple[str, ...]] = {
    "article": ("feed_entry",),
    "script": tuple(f"script_{seconds}" for seconds in BULLETIN_LENGTHS),
}
"""What is made wherever another thing is: the article's entry for feeds, the bulletin's words for other slots."""
IN_EVERY_LANGUAGE = ("article", "feed_entry", "email", "push", "correction_email", "correction_push")
"""What is also made in the pack's other languages: readers choose their own."""


def plan_kit(
    given: Iterable[Given], running_id: int, languages: Iterable[str] = (), *, variants: bool = False
) -> list[Wanted]:
    """The renderings for territory `running_id`, which runs the campaign, and for each territory given work.

    With `variants` bulletins are made as sound in every length and format too. A neighbourhood's people
    work with the pieces of their ward, unless it has its own: see `plan_neighbourhood_kits`.
    """
    wanted = {Wanted(running_id, kind) for kind in FOR_THE_WHOLE}
    for item in given:
        if item.territory_kind == "neighbourhood":
            continue
        wanted |= {
            Wanted(item.territory_id, kind) for channel_kind in item.channel_kinds for kind in CARRIED_BY[channel_kind]
        }
    wanted |= {Wanted(item.territory_id, kind) for item in wanted for kind in BESIDE.get(item.kind, ())}
    if variants:
        heard = [item for item in wanted if item.kind == "audio"]
        wanted |= {Wanted(item.territory_id, kind) for item in heard for kind in BULLETIN_VARIANTS}
    wanted |= {
        Wanted(item.territory_id, item.kind, language)
        for language in languages
        for item in wanted
        if item.kind in IN_EVERY_LANGUAGE
    }
    return sorted(wanted)
