"""The kit of a neighbourhood: print pieces of its own, with whom its people ask and where they meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import fold
from lantoa.content.rules.kit import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.content.rules.composing import Composed

OF_A_NEIGHBOURHOOD = ("doorstep_card", "leaflet", "poster")
"""The rendering kinds a neighbourhood has of its own: what is handed over at doors and hangs on its board."""

def plan_neighbourhood_kits(places: Iterable[int]) -> list[Wanted]:
    """The renderings that these neighbourhoods have of their own."""
    return [Wanted(place_id, kind) for place_id in sorted(places) for kind in OF_A_NEIGHBOURHOOD]


_HEADS = {
    "to": "Tổ trưởng", "khu pho": "Trưởng khu phố", "khu": "Trưởng khu", "khom": "Trưởng khóm", "thon": "Trưởng thôn",
    "ap": "Trưởng ấp", "ban": "Trưởng bản", "buon": "Trưởng buôn", "xom": "Trưởng xóm", "lang": "Trưởng làng",
}  # fmt: skip
"""What the head of a neighbourhood is called, by the noun its name begins with, the longer noun first."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whom the people of a neighbourhood ask, and where they meet; what nobody has told is empty."""

    name: str
    """Of the neighbourhood: `Tổ dân phố số 7`."""
    leader: str = ""
    phone: str = ""
    meeting_house: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """As a print piece says it: `Tổ trưởng Nguyễn Văn An: 0912 345 678`, `Nơi họp: Nhà văn hóa số 7`.

        A leader without a number is still a name to ask for; a number without a name is the leader's.
        """
        head = f"{title_of(self.name)} {self.leader}".strip()
        asked = f"{head}: {self.phone}" if self.phone else head if self.leader else ""
        house = f"Nơi họp: {self.meeting_house}" if self.meeting_house else ""
        return tuple(line for line in (asked, house) if line)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is to be asked for, in Vietnamese: nothing is printed in its place."""
        wanted = (("tên tổ trưởng", self.leader), ("số điện thoại", self.phone), ("nơi họp", self.meeting_house))
        return tuple(what for what, told in wanted if not told)


def title_of(name: str) -> str:
    """What the head of a neighbourhood of this name is called."""
    noun = fold(name)
    return next((title for head, title in _HEADS.items() if noun.startswith(f"{head} ")), "Người phụ trách")


def of_neighbourhood(composed: Composed, neighbours: Neighbours) -> Composed:
    """The piece of a neighbourhood: its name beside its office's, its own contacts before the others."""
    piece = composed.piece
    own = (piece.publisher, neighbours.leader, neighbours.meeting_house)
    return replace(
        composed,
        piece=replace(
            piece,
            publisher=f"{piece.publisher} · {neighbours.name}",
            contacts=(*neighbours.lines, *piece.contacts),
            own_words=tuple(filter(None, own)),
        ),
    )
