"""What every test gets: a home of its own, and an honest answer about tools that are not there."""

from __future__ import annotations

import itertools
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.channels.memory import BOX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lantoa.content.rules.piece import Piece

PACKAGES = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "ffprobe": "ffmpeg",
    "msgfmt": "gettext",
    "soffice": "libreoffice-writer-nogui",
    "dovecot": "dovecot-imapd",
    "openssl": "openssl",
    "postgres": "postgresql",
    "smtp-sink": "postfix",
    "tshark": "tshark",
    "rabbitmq-server": "rabbitmq-server",
}
"""The Debian package that brings a command; `.ci/run` installs those that CI must have."""

_homes = itertools.count()


@pytest.fixture(autouse=True, scope="session")
def _plain_static_files(request: pytest.FixtureRequest) -> None:
    """Name static files as they are: the manifest of hashed names is made when the program is set up to serve."""
    if request.config.pluginmanager.hasplugin("django"):
        from django.conf import settings  # noqa: PLC0415 - a run of pure rules (`-p no:django`) has no settings

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True, scope="session")
def _made_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test had made no other has made again: a file is known by the hash of all it is made of.

    The test still writes it into its own store and keeps its own rows; the makers' own tests call the makers.
    """
    if not request.config.pluginmanager.hasplugin("django"):
        yield
        return
    from lantoa.content.makers.making import Made, hash_of, make  # noqa: PLC0415 - a run of pure rules has no settings

    kept: dict[str, Made] = {}

    def make_once(kind: str, piece: Piece, **form: Any) -> Made:
        name = hash_of(kind, piece, **form)
        if name not in kept:
            kept[name] = make(kind, piece, **form)
        return kept[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lantoa.content.actions.making.make", make_once)
        yield


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """`needs("chromium")` is the command's path. Without it the test fails on CI and is skipped elsewhere."""

    def find(command: str) -> str:
        path = shutil.which(command)
        if path is None:
            why = f"{command} is not installed: apt install {PACKAGES.get(command, command)}"
            if os.environ.get("CI") == "true":
                pytest.fail(why)
            pytest.skip(why)
        return path

    return find


@pytest.fixture(autouse=True)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the test a fresh `LANTOA_HOME`, made when something is written there; processes it starts inherit it."""
    BOX.clear()
    folder = tmp_path_factory.getbasetemp() / f"home-{next(_homes)}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANTOA_HOME", str(folder))
        if request.config.pluginmanager.hasplugin("django"):
            _point_settings_at(folder, patch)
        yield folder


def _point_settings_at(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the folders of the settings, which were read before the first test, follow the test's home.

    What an earlier test left in the cache, such as failed sign-ins, is forgotten.
    """
    from django.conf import settings  # noqa: PLC0415 - a run of pure rules (`-p no:django`) has no settings
    from django.core.cache import cache  # noqa: PLC0415 - as above

    cache.clear()

    patch.setattr(settings, "LANTOA_HOME", folder)
    patch.setattr(settings, "LANTOA_STORE", folder / "store")
    patch.setattr(settings, "LANTOA_OUT", folder / "out")
    adapter, options = settings.LANTOA_CHANNELS["folder"]
    folder_channel = (adapter, {**options, "root": folder / "out"})
    patch.setattr(settings, "LANTOA_CHANNELS", {**settings.LANTOA_CHANNELS, "folder": folder_channel})
