"""The ledger of the database that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from lantoa.delivery.engine.store import Store


def open_store() -> Store:
    """The ledger of this installation's database."""
    if connection.vendor == "postgresql":
        from lantoa.delivery.engine.postgres import PostgresStore  # noqa: PLC0415 - its driver may not be there

        return PostgresStore()
    from lantoa.delivery.engine.sqlite import SqliteStore  # noqa: PLC0415 - one of the two is enough

    return SqliteStore()
