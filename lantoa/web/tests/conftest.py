"""Pages are asked for with light passwords and the development pages on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.web.tests.builders import Cast, Land, make_campaign, make_cast, make_land

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign


@pytest.fixture(autouse=True)
def _light_and_plain(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LANTOA_DEV_PAGES = True


@pytest.fixture
def land(db: Any) -> Land:  # noqa: ARG001 - rows need the database
    return make_land()


@pytest.fixture
def cast(land: Land) -> Cast:
    return make_cast(land)


@pytest.fixture
def campaign(land: Land, cast: Cast) -> Campaign:
    return make_campaign(land, cast)
