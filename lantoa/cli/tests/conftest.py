"""Settings that forget what a test routes where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _own_settings(settings: LazySettings) -> None:
    settings.LANTOA_PACKS = settings.LANTOA_PACKS
    settings.LANTOA_ROUTES = {"default": "folder", "rehearsal": "memory"}
