"""The ledger on SQLite: one file, one writer at a time, locks of files beside it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from lantoa.delivery.engine.store import Store
from lantoa.delivery.models import Worker
from lantoa.delivery.rules.states import MAY_CHANGE, SENT, UNKNOWN, UNSENT, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lantoa.delivery.engine.store import Shared
    from lantoa.delivery.engine.work import HeardRow, Written


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

    def write_sent(self, cursor: Any, shared: Shared, people: Sequence[int]) -> None:
        """One statement."""
        cursor.execute(_SENT, [*shared, json.dumps(people)])

    def write_numbered(self, cursor: Any, shared: Shared, numbered: Sequence[tuple[int, str]]) -> None:
        """One statement."""
        rows = [(shared[3], *one) for one in numbered]
        cursor.execute(_NUMBERED, [*shared[:3], json.dumps(rows)])

    def write_told(self, cursor: Any, rows: Sequence[Written], now: int) -> None:
        """One statement for all."""
        told = [(*row[:2], *row[3:9], None if row.wait is None else now + round(row.wait)) for row in rows]
        cursor.execute(_TOLD, [now, json.dumps(told)])

    def write_heard(self, cursor: Any, rows: Sequence[HeardRow], now: int) -> None:
        """One statement for all."""
        cursor.execute(_HEARD, [now, json.dumps(rows)])

    def read_rows(self, cursor: Any, columns: Sequence[str], rest: str, parameters: list[Any]) -> list[list[Any]]:
        """The whole answer in one row."""
        rows = f"SELECT json_array({', '.join(columns)}) AS r {rest}"
        cursor.execute(f"SELECT json_group_array(json(r)) FROM ({rows})", parameters)
        found: list[list[Any]] = json.loads(cursor.fetchone()[0])
        return found

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A list of any length is one parameter."""
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(values)]


# A statement run a thousand times, or a row fetched a thousand times, lets go of the interpreter's lock and waits for
# it as often, while the event loop is at work: ten times what the database itself needs. So many rows are one value.
# The dispatch stands in each row too: were it a parameter, SQLite would go through the dispatch for every row.
_SENT = f"""
    UPDATE delivery_recipient
    SET state = {SENT}, attempts = %s, account = %s, at = %s, code = NULL, why = NULL, due = NULL
    WHERE dispatch_id = %s AND person IN (SELECT value FROM json_each(%s)) AND state IN {listed((*UNSENT, UNKNOWN))}
"""
_NUMBERED = f"""
    UPDATE delivery_recipient
    SET state = {SENT}, attempts = %s, account = %s, at = %s, provider_id = v.value ->> 2, code = NULL, why = NULL,
        due = NULL
    FROM json_each(%s) AS v
    WHERE dispatch_id = v.value ->> 0 AND person = v.value ->> 1 AND state IN {listed((*UNSENT, UNKNOWN))}
"""
_TOLD = f"""
    UPDATE delivery_recipient
    SET state = v.value ->> 2, attempts = v.value ->> 3, account = v.value ->> 4, provider_id = v.value ->> 5,
        code = v.value ->> 6, why = v.value ->> 7, at = %s, due = v.value ->> 8
    FROM json_each(%s) AS v
    WHERE dispatch_id = v.value ->> 0 AND person = v.value ->> 1 AND state IN {listed((*UNSENT, UNKNOWN))}
"""

_HEARD = f"""
    UPDATE delivery_recipient
    SET state = v.value ->> 2, code = v.value ->> 3, why = v.value ->> 4, at = %s,
        provider_id = COALESCE(v.value ->> 5, provider_id)
    FROM json_each(%s) AS v
    WHERE dispatch_id = v.value ->> 0 AND person = v.value ->> 1 AND state IN {listed(MAY_CHANGE)}
"""


def _lock_path(worker: int) -> Path:
    folder: Path = settings.LANTOA_HOME / "workers"
    return folder / f"{worker}.lock"
