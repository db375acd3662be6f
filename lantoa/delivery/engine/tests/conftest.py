"""The engine on both databases."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from lantoa.campaigns.tests.builders import write_pack
from lantoa.delivery.engine.tests.databases import migrate, use_database
from lantoa.simulators.postgres import Server, is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """An empty database with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    with django_db_blocker.unblock(), use_database(NAME=str(path)):
        migrate()
    return path


@pytest.fixture(scope="session")
def server(needs_postgres: None) -> Iterator[Server]:  # noqa: ARG001 - only where there is one
    """A server for all tests of this process."""
    server = Server()
    server.make()
    server.start(fsync="off")
    yield server
    server.remove()


@pytest.fixture(scope="session")
def needs_postgres(needs: Callable[[str], str]) -> None:
    """Skip, or fail on CI, where there is no server."""
    if not is_installed():
        needs("postgres")


@pytest.fixture(scope="session")
def postgres_template(server: Server, django_db_blocker: Any) -> str:
    """The name of a database with all tables, to be copied."""
    with django_db_blocker.unblock(), use_database(**server.settings, NAME="postgres"):
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE DATABASE template_lantoa")
        with use_database(**server.settings, NAME="template_lantoa"):
            migrate()
    return "template_lantoa"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path, django_db_blocker: Any) -> Iterator[str]:
    """A fresh database of each kind; its name is the vendor's."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        if request.param == "sqlite":
            home.mkdir(parents=True, exist_ok=True)
            path = home / "lantoa.sqlite3"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            stack.enter_context(use_database(NAME=str(path)))
        else:
            server: Server = request.getfixturevalue("server")
            template = request.getfixturevalue("postgres_template")
            name = f"lantoa_{abs(hash(request.node.name)) % 10**9}"
            with use_database(**server.settings, NAME="postgres"), connections["default"].cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name}")
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            stack.enter_context(use_database(**server.settings, NAME=name))
        yield request.param


@pytest.fixture(autouse=True)
def _own_pack(settings: LazySettings, home: Path, database: str) -> None:  # noqa: ARG001 - the test's own database
    """The rain pack, and settings that forget what a test changed."""
    settings.LANTOA_PACKS = write_pack(home / "packs")
    settings.LANTOA_CHANNELS = dict(settings.LANTOA_CHANNELS)
    settings.LANTOA_SENDING_HOURS = settings.LANTOA_URGENT_HOURS = ""
