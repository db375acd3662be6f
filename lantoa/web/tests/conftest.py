"""Pages are asked for with plain static files and a store of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.web.tests.builders import Cast, Land, make_campaign, make_cast, make_land

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign

PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.STORAGES = PLAIN_STATIC
    settings.LANTOA_HOME, settings.LANTOA_STORE = tmp_path, tmp_path / "store"
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
