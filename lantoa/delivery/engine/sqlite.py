"""The ledger on SQLite: one file, one writer at a time, locks of files beside it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from lantoa.delivery.engine.store import Store
from lantoa.delivery.models import Worker
from lantoa.delivery.rules.states import SENT, UNKNOWN, UNSENT, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lantoa.delivery.engine.work import Written


class SqliteStore(Store):
    """The whole of it on one machine."""

    def __init__(self) -> None:
        super().__init__()
        self._lock: IO[str] | None = None

    def now(self) -> float:
        """The machine's clock: all workers share it."""
        return time.time()

    def sign_on(self) -> int:
        """Write a row, and lock a file that a kill lets go."""
        worker = Worker.objects.create(host=socket.gethostname(), process=os.getpid())
        path = _lock_path(worker.pk)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = path.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.worker = worker.pk
        return self.worker

    def is_dead(self, worker: int) -> bool:
        """Whether nobody holds its file."""
        path = _lock_path(worker)
        if not path.exists():
            return True
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def sign_off(self) -> None:
        """Let go, and tidy up."""
        Worker.objects.filter(pk=self.worker).update(ended_at=timezone.now())
        if self._lock:
            _lock_path(self.worker).unlink(missing_ok=True)
            self._lock.close()

    def write_sent(self, rows: Sequence[Written], now: int) -> None:
        """One prepared statement, run for each."""
        first = rows[0]
        with connection.cursor() as cursor:
            if all(row.account == first.account and row.attempts == first.attempts for row in rows):
                cursor.executemany(_SENT_ALIKE.format(_same(first, now)), [(row.dispatch, row.person) for row in rows])
            else:
                cursor.executemany(
                    _SENT, [(row.attempts, row.account, now, row.dispatch, row.person) for row in rows]
                )

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A list of any length is one parameter."""
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(values)]


_GUARD = f"WHERE dispatch_id = %s AND person = %s AND state IN {listed((*UNSENT, UNKNOWN))}"
_SENT = (
    f"UPDATE delivery_recipient SET state = {SENT}, attempts = %s, account = %s, at = %s, code = NULL, why = NULL, "
    f"due = NULL {_GUARD}"
)
_SENT_ALIKE = f"UPDATE delivery_recipient SET state = {SENT}, {{}}, code = NULL, why = NULL, due = NULL {_GUARD}"


def _same(row: Written, now: int) -> str:
    """What all rows of a statement have in common, numbers of ours, need not be bound a thousand times."""
    account = "NULL" if row.account is None else int(row.account)
    return f"attempts = {int(row.attempts)}, account = {account}, at = {int(now)}"


def _lock_path(worker: int) -> Path:
    folder: Path = settings.LANTOA_HOME / "workers"
    return folder / f"{worker}.lock"
