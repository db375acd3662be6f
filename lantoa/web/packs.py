"""The campaign packs as choices of a form."""

from __future__ import annotations

from django.conf import settings

from lantoa.campaigns.rules.pack_loading import find_packs, load_pack


def pack_choices(*, with_phone_check: bool = False) -> list[tuple[str, str]]:
    """Name and title of each pack; `with_phone_check`: only those that have device rules."""
    packs = [load_pack(path) for path in find_packs(settings.LANTOA_PACKS).values()]
    return [(pack.name, pack.title) for pack in packs if pack.devices or not with_phone_check]
