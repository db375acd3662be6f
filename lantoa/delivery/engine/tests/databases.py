"""Databases of a test's own, on disk and on a server: the engine's threads need connections of their own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def use_database(**settings: Any) -> Iterator[None]:
    """Let every thread connect to this database for a while."""
    before = connections.settings["default"]
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = {**before, **settings}
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = before


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)
    connections["default"].close()
