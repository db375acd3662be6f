"""Which channel carries what, and the address a thing goes to."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.channels.base import Channel, Outgoing
from lantoa.channels.registry import is_wire, open_channel
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS
from lantoa.content.rules.slots import fill_slots
from lantoa.delivery.rules.publishing import Address, folder_address
from lantoa.lib.vietnamese import slug

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.delivery.models import Exposure
    from lantoa.places.models import Place

LABEL_SLUGS = {kind: slug(label) for kind, label in CHANNEL_KIND_LABELS.items()}


_slug = lru_cache(maxsize=1024)(slug)


def _folders(names: list[str]) -> tuple[str, str | None]:
    """The folder of the territory, and the path below it; none for the territory itself."""
    return _slug(names[0]), "/".join(map(_slug, names[1:])) or None


def route(campaign: Campaign, channel_kind: str) -> str:
    """The channel that carries a channel kind for this campaign; a rehearsal goes its own way whatever the kind."""
    routes: dict[str, str] = settings.LANTOA_ROUTES
    return routes["rehearsal"] if campaign.is_rehearsal else routes.get(channel_kind, routes["default"])


def wire_for(channel_kind: str) -> str:
    """The channel to many people that the settings send this channel kind by; empty where it is shown one by one."""
    routes: dict[str, str] = settings.LANTOA_ROUTES
    name = routes.get(channel_kind, routes["default"])
    return name if is_wire(name, settings.LANTOA_CHANNELS) else ""


def channel(name: str) -> Channel:
    """The configured channel of that name."""
    return open_channel(name, settings.LANTOA_CHANNELS)


@lru_cache(maxsize=64)
def _content(path: Path, _written_at: int, *, has_slots: bool) -> bytes:
    """A file of the store: what thousands are handed is read, and held, once.

    A channel to one place fills no slots: it is handed what is read by somebody nothing is known of.
    """
    content = path.read_bytes()
    return fill_slots(content.decode()).encode() if has_slots else content


def content_of(rendering: Rendering) -> bytes:
    """The rendering's bytes. Raises `OSError` when its file is gone from the store."""
    path = rendering.path
    return _content(path, path.stat().st_mtime_ns, has_slots=KINDS[rendering.kind].has_slots)


def outgoing(row: Exposure, content: bytes) -> Outgoing:
    """The exposure, whose rendering is these bytes, as a channel takes it."""
    rendering: Rendering = row.rendering
    place: Place = row.where
    home = rendering.place
    own = place.kind == "committee" or place.pk == home.pk
    within = [home.name] if own else [home.name, place.name]
    if home.kind == "neighbourhood" and home.parent is not None:  # each ward has a first one
        within.insert(0, home.parent.name)
    address = Address(row.campaign.slug, *_folders(within), row.channel_kind)
    return Outgoing(
        key=f"{row.KIND}-{row.pk}",
        address=folder_address(address, LABEL_SLUGS),
        title=rendering.title,
        content=content,
        media_type=rendering.media_type,
        file_name=rendering.file_name,
        meta={"campaign": row.campaign.title, "place": place.name, "channel": CHANNEL_KIND_LABELS[row.channel_kind]},
    )
