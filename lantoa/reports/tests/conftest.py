"""The fixed cast, packs of the test's own, and settings that forget what a test routes where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.campaigns.tests.builders import write_pack
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture
def cast(db: Any, settings: LazySettings, home: Path) -> Cast:  # noqa: ARG001 - rows need the database
    """Places and people, with the rain pack as the only pack."""
    settings.LANTOA_PACKS = write_pack(home / "packs")
    settings.LANTOA_ROUTES = {"default": "folder", "rehearsal": "memory"}
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    return make_cast()
