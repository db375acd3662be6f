"""One sender at a time for each campaign: two would hand the same thing over twice."""

from __future__ import annotations

import contextlib
import fcntl
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.models import Campaign

# Any number will do, as long as nothing else in this database takes the same advisory locks.
_LOCK = 0x6C74_0000_0000


@contextlib.contextmanager
def sending_turn(campaign: Campaign, *, waits: bool = False) -> Iterator[bool]:
    """Hold the campaign's turn to send; False when another holds it, unless one `waits`. A kill lets it go.

    The lock is a file's on one machine, and the database's as well where many machines share one.
    """
    with _held_by_file(campaign, waits=waits) as is_mine_here:
        if not is_mine_here or connection.vendor != "postgresql":
            yield is_mine_here
            return
        with _held_by_server(campaign, waits=waits) as is_mine:
            yield is_mine


@contextlib.contextmanager
def _held_by_file(campaign: Campaign, *, waits: bool) -> Iterator[bool]:
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    with (settings.LANTOA_HOME / f"sending-{campaign.pk}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def _held_by_server(campaign: Campaign, *, waits: bool) -> Iterator[bool]:
    take = "SELECT pg_advisory_lock(%s) IS NOT NULL" if waits else "SELECT pg_try_advisory_lock(%s)"
    with connection.cursor() as cursor:
        cursor.execute(take, [_LOCK + campaign.pk])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK + campaign.pk])
