"""Commands done in this process, and settings that forget what a test routes where."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.cli.main import main
from lantoa.delivery.engine.tests.conftest import sqlite_template  # noqa: F401 - a fixture
from lantoa.delivery.engine.tests.databases import use_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _own_settings(settings: LazySettings) -> None:
    settings.LANTOA_PACKS = settings.LANTOA_PACKS
    settings.LANTOA_ROUTES = {"default": "folder", "rehearsal": "memory", "rehearsal_dispatch": "rehearsal"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Do a command in this process: its exit code, what it printed, and what it complained."""

    def do(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return do


@pytest.fixture
def file_database(request: pytest.FixtureRequest, home: Path, django_db_blocker: Any) -> Iterator[None]:
    """A database in a file: the engine writes in a thread of its own."""
    home.mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock():
        path = home / "lantoa.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        with use_database(NAME=str(path)):
            yield
