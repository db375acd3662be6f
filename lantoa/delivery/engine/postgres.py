"""The ledger on PostgreSQL: many workers on many machines, partitions, locks of the server's sessions."""

from __future__ import annotations

import os
import socket
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from lantoa.delivery.engine.store import Store
from lantoa.delivery.models import Dispatch, Worker
from lantoa.delivery.rules.states import MAY_CHANGE, SENT, UNKNOWN, UNSENT, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.delivery.engine.store import Shared
    from lantoa.delivery.engine.work import HeardRow, Written

PARTITION = 256
"""Dispatches in one partition of the recipients."""
_LOCK = 0x6C74_5752
"""Any number will do, as long as nothing else in this database takes the same advisory locks."""


class PostgresStore(Store):
    """Several machines on one server."""

    skip_locked = "FOR UPDATE OF c SKIP LOCKED"

    def now(self) -> float:
        """The server's clock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
            return float(cursor.fetchone()[0])

    def sign_on(self) -> int:
        """Write a row, once, and lock its number for as long as this session lives."""
        if not self.worker:
            self.worker = Worker.objects.create(host=socket.gethostname(), process=os.getpid()).pk
        self.sign_on_again()
        return self.worker

    def sign_on_again(self) -> None:
        """Hold the lock by the session there is now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, self.worker])

    def is_dead(self, worker: int) -> bool:
        """Whether nobody's session holds its number."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, worker])
            is_free = bool(cursor.fetchone()[0])
            if is_free:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, worker])
        return is_free

    def sign_off(self) -> None:
        """Let go."""
        Worker.objects.filter(pk=self.worker).update(ended_at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, self.worker])

    def write_sent(self, cursor: Any, shared: Shared, people: Sequence[int]) -> None:
        """One statement."""
        cursor.execute(_SENT, [*shared, people])

    def write_numbered(self, cursor: Any, shared: Shared, numbered: Sequence[tuple[int, str]]) -> None:
        """One statement."""
        people, ids = zip(*numbered, strict=True)
        cursor.execute(_NUMBERED, [*shared[:3], list(people), list(ids), shared[3]])

    def write_told(self, cursor: Any, rows: Sequence[Written], now: int) -> None:
        """One statement for each dispatch, so that the server reads one partition."""
        by_dispatch: dict[int, list[Written]] = defaultdict(list)
        for row in rows:
            by_dispatch[row.dispatch].append(row)
        for dispatch, some in by_dispatch.items():
            dues = [None if row.wait is None else now + round(row.wait) for row in some]
            columns = list(zip(*((*row[1:9],) for row in some), strict=True))
            people, _, states, attempts, accounts, ids, codes, whys = map(list, columns)
            cursor.execute(_TOLD, [now, people, states, attempts, accounts, ids, codes, whys, dues, dispatch])

    def write_heard(self, cursor: Any, rows: Sequence[HeardRow], now: int) -> None:
        """One statement for each dispatch, as above."""
        by_dispatch: dict[int, list[HeardRow]] = defaultdict(list)
        for row in rows:
            by_dispatch[row[0]].append(row)
        for dispatch, some in by_dispatch.items():
            _, *columns = map(list, zip(*some, strict=True))
            cursor.execute(_HEARD, [now, *columns, dispatch])

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A list of any length is one parameter."""
        return f"{column} = ANY(%s)", [list(values)]

    def make_room(self, dispatch: int) -> None:
        """Make the partition that this dispatch's number falls in."""
        first = dispatch // PARTITION * PARTITION
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, -1])
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS delivery_recipient_{first} PARTITION OF delivery_recipient "
                f"FOR VALUES FROM ({first}) TO ({first + PARTITION}) WITH (fillfactor = 70)"
            )


    def drop_partitions(self, dispatches: Sequence[int]) -> list[int]:
        """Drop partitions of which every dispatch is among these, or was forgotten before."""
        gone = set(dispatches) | set(Dispatch.objects.exclude(forgotten_at=None).values_list("pk", flat=True))
        left = []
        for first in sorted({pk // PARTITION * PARTITION for pk in dispatches}):
            own = Dispatch.objects.filter(pk__gte=first, pk__lt=first + PARTITION).values_list("pk", flat=True)
            if set(own) <= gone and Dispatch.objects.filter(pk__gte=first + PARTITION).exists():
                with connection.cursor() as cursor:
                    cursor.execute(f"DROP TABLE IF EXISTS delivery_recipient_{first}")
            else:
                left += [pk for pk in dispatches if pk // PARTITION * PARTITION == first]
        return left


_SENT = f"""
    UPDATE delivery_recipient
    SET state = {SENT}, attempts = %s, account = %s, at = %s, code = NULL, why = NULL, due = NULL
    WHERE dispatch_id = %s AND person = ANY(%s) AND state IN {listed((*UNSENT, UNKNOWN))}
"""
_NUMBERED = f"""
    UPDATE delivery_recipient r
    SET state = {SENT}, attempts = %s, account = %s, at = %s, provider_id = v.provider_id, code = NULL, why = NULL,
        due = NULL
    FROM unnest(%s::bigint[], %s::text[]) AS v(person, provider_id)
    WHERE r.dispatch_id = %s AND r.person = v.person AND r.state IN {listed((*UNSENT, UNKNOWN))}
"""
_TOLD = f"""
    UPDATE delivery_recipient r
    SET state = v.state, attempts = v.attempts, account = v.account, provider_id = v.provider_id, code = v.code,
        why = v.why, at = %s, due = v.due
    FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::smallint[], %s::text[], %s::text[], %s::text[],
                %s::bigint[]) AS v(person, state, attempts, account, provider_id, code, why, due)
    WHERE r.dispatch_id = %s AND r.person = v.person AND r.state IN {listed((*UNSENT, UNKNOWN))}
"""
_HEARD = f"""
    UPDATE delivery_recipient r
    SET state = v.state, code = v.code, why = v.why, at = %s, provider_id = COALESCE(v.provider_id, r.provider_id)
    FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::text[])
         AS v(person, state, code, why, provider_id)
    WHERE r.dispatch_id = %s AND r.person = v.person AND r.state IN {listed(MAY_CHANGE)}
"""
