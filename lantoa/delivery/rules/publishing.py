"""From assignments and renderings to exposures: what each place shows, and what each team is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.cascade import HANDED_ON
from lantoa.channels.wire import Reaches
from lantoa.content.rules.kinds import CARRIED_BY, HANDED_OVER, SMS_LEVELS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

MEANT: dict[Reaches, tuple[str, ...]] = {
    Reaches.PHONE: ("sms", "zns"), Reaches.EMAIL: ("email",), Reaches.BROWSER: ("push",),
}
"""How the names of rendering kinds begin that were written for an address of a kind; channels are named alike."""
TELECOM_SMS_RULE = "NĐ 49/2024/NĐ-CP, Điều 32"
SMS_IS_BARRED = f"Cấp này không được tự gửi tin nhắn SMS ({TELECOM_SMS_RULE}). Hãy đề nghị cấp tỉnh gửi."


def is_meant_for(rendering_kind: str, channel: str, reaches: Reaches) -> bool:
    """Whether words of this kind were written for a channel to many people of this name."""
    own = tuple(one for one in MEANT[reaches] if channel.startswith(one))
    return rendering_kind.startswith(own or MEANT[reaches])


def is_barred(rendering_kind: str, channel: str, reaches: Reaches, level: str) -> bool:
    """Whether it would be an SMS, and this level of territory may send none itself (NĐ 49/2024/NĐ-CP, Điều 32).

    An SMS is whatever goes by a channel whose name begins with `sms`, and words written for one that go to telephones.
    """
    is_sms = channel.startswith("sms") or (rendering_kind in CARRIED_BY["sms"] and reaches is Reaches.PHONE)
    return is_sms and level not in SMS_LEVELS


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment as publishing sees it."""

    assignment_id: int
    place_id: int
    place_kind: str
    territory_id: int
    """The territory whose renderings it uses: its own, or for a neighbourhood the ward's."""
    territory_kind: str
    channel_kinds: tuple[str, ...]
    is_handed_on: bool
    neighbourhood_id: int = 0
    """The neighbourhood it works in, whose own renderings go before those of the territory; 0 for none."""


@dataclass(frozen=True, slots=True)
class PlannedExposure:
    """A rendering to be shown at, or handed to, a place."""

    assignment_id: int | None
    place_id: int
    territory_id: int
    channel_kind: str
    rendering_kind: str
    is_delivery: bool
    neighbourhood_id: int = 0


@dataclass(frozen=True, slots=True)
class Barred:
    """A channel kind the law keeps from this level; the article is shown and the work is re-routed by a person."""

    assignment_id: int
    channel_kind: str
    rule: str


def plan_exposures(work: Iterable[Work]) -> tuple[list[PlannedExposure], list[Barred]]:
    """Every exposure the assignments ask for, and what may not be done at their level."""
    planned: list[PlannedExposure] = []
    barred: list[Barred] = []
    for item in work:
        for channel_kind in _own_kinds(item):
            if channel_kind == "sms" and item.territory_kind not in SMS_LEVELS:
                barred.append(Barred(item.assignment_id, channel_kind, TELECOM_SMS_RULE))
            else:
                planned += _exposures(item, channel_kind)
    return planned, barred


def _own_kinds(item: Work) -> Iterator[str]:
    """The channel kinds this place itself serves: a team its own, whoever hands on all the others."""
    for channel_kind in item.channel_kinds:
        team = HANDED_ON.get(channel_kind)
        if team == item.place_kind if item.is_handed_on or team else True:
            yield channel_kind


def _exposures(item: Work, channel_kind: str) -> Iterator[PlannedExposure]:
    for rendering_kind in CARRIED_BY[channel_kind]:
        yield PlannedExposure(
            item.assignment_id,
            item.place_id,
            item.territory_id,
            channel_kind,
            rendering_kind,
            is_delivery=channel_kind in HANDED_OVER,
            neighbourhood_id=item.neighbourhood_id,
        )


AT_A_NEIGHBOURHOOD = {"doorstep_card": "door_to_door", "leaflet": "leaflet", "poster": "poster_banner"}
"""The channel kind that a neighbourhood's own rendering goes out by where no team of it takes it."""


def plan_neighbourhoods(own: Iterable[tuple[int, str]], taken: Container[tuple[int, str]]) -> list[PlannedExposure]:
    """What of their own renderings neighbourhoods show or hand out themselves: all that no team of theirs has taken.

    `own` and `taken` name renderings by neighbourhood and kind.
    """
    return [
        PlannedExposure(None, place_id, place_id, way, kind, is_delivery=way in HANDED_OVER, neighbourhood_id=place_id)
        for place_id, kind in own
        if (place_id, kind) not in taken and (way := AT_A_NEIGHBOURHOOD.get(kind))
    ]


@dataclass(frozen=True, slots=True)
class Address:
    """The words an exposure's address is made of."""

    campaign: str
    territory: str
    place: str | None
    """Only where the place is not the territory's own committee."""
    channel_kind: str


def folder_address(address: Address, labels: Mapping[str, str]) -> str:
    """`2g-shutdown-quan-duong-kinh/phuong-anh-dung/loa-phat-thanh`: per ward, per channel kind."""
    parts = [address.campaign, address.territory, address.place, labels[address.channel_kind]]
    return "/".join(part for part in parts if part)
