"""The ledger as the engine writes it: one transaction for everything that waits. What differs between SQLite and
PostgreSQL is in `sqlite.py` and `postgres.py`; nothing above knows which of them it is.

Used by one thread, the writer; no transaction stays open while anything is on the wire.
"""  # noqa: D205 - one sentence over two lines

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from lantoa.delivery.engine.receiving import insert_parts, receive
from lantoa.delivery.engine.work import Claimed, Committed, DispatchLine
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules import pacing
from lantoa.delivery.rules.states import QUEUED, SENT, UNKNOWN, UNSENT, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lantoa.channels.wire import Reply
    from lantoa.delivery.engine.work import Batch, HeardRow, Row, Wanted, Written

OPEN, LEASED, DONE = 0, 1, 2
Shared = tuple[int, int, int, int]
"""What rows of one statement have in common: attempts, account, moment, dispatch."""
SOURCES: dict[tuple[str, str], tuple[str, str]] = {
    ("residents", "email"): ("residents_resident", "email"),
    ("residents", "phone"): ("residents_resident", "phone"),
    ("places", "email"): ("places_place", "email"),
    ("places", "phone"): ("places_place", "phone"),
    ("browsers", "browser"): ("delivery_pushsubscription", "address"),
}
"""By audience and kind of address: the table people are in, and the column their address is in."""
UNKNOWN_CODE, UNKNOWN_WHY = "unknown", "Máy gửi dừng giữa chừng: có thể đã gửi, có thể chưa"


def _nobody_reads(channel: str, reply: Reply) -> None:
    """Stand in where no replies are expected."""


def _nobody_refuses(ref: tuple[int, int], code: str) -> None:
    """Stand in where nobody can refuse."""


class Store:
    """The ledger, for one worker."""

    def __init__(self) -> None:
        self.worker = 0
        self.take_reply: Callable[[str, Reply], object] = _nobody_reads
        """What is done with what somebody wrote; called within the transaction."""
        self.take_refusal: Callable[[tuple[int, int], str], object] = _nobody_refuses
        """The same where a recipient, dispatch and person, refuses messages; with the code of how it was said."""

    # --- what differs between databases ---------------------------------------------------------

    skip_locked = ""
    """What a claim says so that workers do not wait for each other."""

    def now(self) -> float:
        """Seconds since 1970, by a clock that all workers share."""
        raise NotImplementedError

    def sign_on(self) -> int:
        """Become a worker and hold the lock that shows that it lives. Returns its number."""
        raise NotImplementedError

    def sign_on_again(self) -> None:
        """Hold the lock again after the connection to the database was lost."""

    def is_dead(self, worker: int) -> bool:
        """Whether a worker's lock is free. Ask only with the intention to take over what it left."""
        raise NotImplementedError

    def sign_off(self) -> None:
        """Let go of the lock: nothing is left to take over."""
        raise NotImplementedError

    def write_sent(self, cursor: Any, shared: Shared, people: Sequence[int]) -> None:
        """Write the many of whom there is nothing to tell but that it went."""
        raise NotImplementedError

    def write_numbered(self, cursor: Any, shared: Shared, numbered: Sequence[tuple[int, str]]) -> None:
        """Write those it went to, each with the number by which a receipt will name them."""
        raise NotImplementedError

    def write_told(self, cursor: Any, rows: Sequence[Written], now: int) -> None:
        """Write those with something to tell: a number for receipts, an error, a time to try again."""
        raise NotImplementedError

    def write_heard(self, cursor: Any, rows: Sequence[HeardRow], now: int) -> None:
        """Write receipts on those whom they name, as far as a receipt may still change what is known of them."""
        raise NotImplementedError

    def read_rows(self, cursor: Any, columns: Sequence[str], rest: str, parameters: list[Any]) -> list[Any]:
        """All rows of `SELECT columns rest`."""
        cursor.execute(f"SELECT {', '.join(columns)} {rest}", parameters)
        return list(cursor.fetchall())

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """SQL that asks whether `column` is one of `values`, and its parameters."""
        raise NotImplementedError

    def make_room(self, dispatch: int) -> None:
        """See that the ledger has a place for a dispatch's rows, before it gets any."""

    def drop_partitions(self, dispatches: Sequence[int]) -> list[int]:
        """Drop what can be dropped as a whole of these dispatches' rows; returns those whose rows are left."""
        return list(dispatches)

    # --- reading ---------------------------------------------------------------------------------

    def board(self) -> list[DispatchLine]:
        """The running dispatches, who goes first first."""
        rows = Dispatch.objects.filter(state=Dispatch.State.RUNNING).order_by("lane", "-priority", "pk")
        columns = ("pk", "channel", "lane", "audience", "reaches", "hours", "not_before", "not_after", "unknown")
        return [DispatchLine(*row) for row in rows.values_list(*columns)]

    def beats(self) -> dict[int, int]:
        """How far each worker that holds chunks has counted."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, beat FROM delivery_worker WHERE id IN "
                f"(SELECT DISTINCT owner_id FROM delivery_chunk WHERE state = {LEASED}) AND id <> %s",
                [self.worker],
            )
            return dict(cursor.fetchall())

    # --- writing ---------------------------------------------------------------------------------

    def commit(self, batch: Batch) -> Committed:
        """Write all of a batch, or nothing. Raises `DatabaseError`; then the same batch may be tried again."""
        with transaction.atomic(), connection.cursor() as cursor:
            now = self.now()
            done = Committed(now, time.monotonic())
            counts = Counts(self.worker, is_second_try=batch.is_second_try)
            self._write(cursor, batch, counts, int(now))
            insert_parts(cursor, batch.parts)
            receive(self, cursor, batch, counts, int(now))
            for channel, reply in batch.replies:
                self.take_reply(channel, reply)
            for chunk, person in batch.begins.items():
                if not self._begin(cursor, chunk, person):
                    done.lost.add(chunk)
            self._release(cursor, batch.released)
            dispatches = {ended for chunk in batch.ended if (ended := self._end(cursor, chunk))}
            counts.write(cursor)
            done.moves = counts.moves
            for dispatch in dispatches:
                _finish(cursor, dispatch)
            _pause(cursor, batch.pauses)
            _note_accounts(cursor, batch.accounts)
            done.slots = {account: _reserve(cursor, account, pace, parts, now) for account, pace, parts in batch.slots}
            for wanted in batch.wanted:
                done.claimed += self._claim(cursor, wanted, int(now))
            if batch.beats:
                self._beat(cursor)
        return done

    def _write(self, cursor: Any, batch: Batch, counts: Counts, now: int) -> None:
        for (dispatch, was, attempts, account), people in batch.sent.items():
            self.write_sent(cursor, (attempts, account, now, dispatch), people)
            counts.shift(dispatch, was, SENT, len(people))
        for (dispatch, was, attempts, account), numbered in batch.numbered.items():
            self.write_numbered(cursor, (attempts, account, now, dispatch), numbered)
            counts.shift(dispatch, was, SENT, len(numbered))
        if batch.written:
            self.write_told(cursor, batch.written, now)
            counts.move(batch.written)

    def _begin(self, cursor: Any, chunk: int, person: int) -> bool:
        """Let messages up to `person` leave, if the chunk is still ours."""
        cursor.execute(
            f"UPDATE delivery_chunk SET begun = %s WHERE id = %s AND owner_id = %s AND state = {LEASED}",
            [person, chunk, self.worker],
        )
        return bool(cursor.rowcount)

    def _release(self, cursor: Any, chunks: Iterable[int]) -> None:
        for chunk in chunks:
            cursor.execute(
                f"UPDATE delivery_chunk SET state = {OPEN}, owner_id = NULL, begun = -1, offered_at = 0 "
                f"WHERE id = %s AND owner_id = %s AND state = {LEASED}",
                [chunk, self.worker],
            )

    def _end(self, cursor: Any, chunk: int) -> int | None:
        """Close a chunk, or open it again for those who are to be tried later. Returns its dispatch when closed."""
        cursor.execute(
            "SELECT dispatch_id, wave, first, last FROM delivery_chunk "
            f"WHERE id = %s AND owner_id = %s AND state = {LEASED}",
            [chunk, self.worker],
        )
        found = cursor.fetchone()
        if found is None:
            return None
        cursor.execute(
            "SELECT MIN(COALESCE(due, 0)), COUNT(*) FROM delivery_recipient "
            f"WHERE dispatch_id = %s AND wave = %s AND person BETWEEN %s AND %s AND state IN {listed(UNSENT)}",
            found,
        )
        due, left = cursor.fetchone()
        cursor.execute(
            "UPDATE delivery_chunk SET state = %s, owner_id = NULL, begun = -1, offered_at = 0, not_before = %s "
            "WHERE id = %s",
            [OPEN if left else DONE, due or 0, chunk],
        )
        return None if left else int(found[0])

    def _claim(self, cursor: Any, wanted: Wanted, now: int) -> list[Claimed]:
        found: list[tuple[Any, ...]] = []
        if wanted.chunks:
            which, parameters = self.among("c.id", list(wanted.chunks))
            found = self._open_chunks(cursor, which, parameters, (now, len(wanted.chunks)))
        for dispatch in wanted.dispatches:
            if len(found) < wanted.count:
                found += self._open_chunks(cursor, "c.dispatch_id = %s", [dispatch], (now, wanted.count - len(found)))
        if not found:
            return []
        which, parameters = self.among("id", [row[0] for row in found])
        cursor.execute(
            f"UPDATE delivery_chunk SET state = {LEASED}, owner_id = %s, begun = -1, claimed_at = %s WHERE {which}",
            [self.worker, now, *parameters],
        )
        return [Claimed(row[0], row[1], self._people(cursor, row, now)) for row in found]

    def _people(self, cursor: Any, chunk: Sequence[Any], now: int) -> list[Row]:
        """Those of a chunk who are to be sent to now, in the order of their numbers."""
        _, dispatch, wave, first, last, audience, reaches = chunk
        table, address = SOURCES[audience, reaches]
        name = "NULL" if audience == "browsers" else "p.name"
        refused = (
            f"EXISTS (SELECT 1 FROM delivery_suppression s WHERE s.reaches = '{reaches}' AND s.address = p.{address})"
        )
        columns = ("r.person", "r.state", "r.attempts", "r.place_id", f"p.{address}", name, refused)
        return self.read_rows(
            cursor,
            columns,
            # The range stands twice, so that no planner reads the whole register for five hundred people.
            f"FROM delivery_recipient r LEFT JOIN {table} p ON p.id = r.person AND p.id BETWEEN %s AND %s "
            "WHERE r.dispatch_id = %s AND r.wave = %s AND r.person BETWEEN %s AND %s "
            f"AND r.state IN {listed(UNSENT)} AND (r.due IS NULL OR r.due <= %s) ORDER BY r.person",
            [first, last, dispatch, wave, first, last, now],
        )

    def _open_chunks(
        self, cursor: Any, which: str, parameters: list[Any], limits: tuple[int, int]
    ) -> list[tuple[Any, ...]]:
        cursor.execute(
            "SELECT c.id, c.dispatch_id, c.wave, c.first, c.last, d.audience, d.reaches "
            "FROM delivery_chunk c JOIN delivery_dispatch d ON d.id = c.dispatch_id "
            f"WHERE {which} AND c.state = {OPEN} AND c.not_before <= %s AND d.state = 'running' "
            f"ORDER BY c.not_before, c.id LIMIT %s {self.skip_locked}",
            [*parameters, *limits],
        )
        return list(cursor.fetchall())

    def _beat(self, cursor: Any) -> None:
        cursor.execute("UPDATE delivery_worker SET beat = beat + 1 WHERE id = %s", [self.worker])

    def orphans(self, known: Iterable[int]) -> list[int]:
        """Chunks that are ours in the database although we do not know: the answer to a claim was lost."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM delivery_chunk WHERE state = {LEASED} AND owner_id = %s", [self.worker]
            )
            return sorted({row[0] for row in cursor.fetchall()} - set(known))

    @transaction.atomic
    def take_over(self, worker: int) -> tuple[int, int]:
        """Open what a dead worker held. What it may have sent without writing it down is `unknown`.

        Returns how many chunks were opened and how many people are unknown. Where a dispatch says so, those are sent
        to again.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.dispatch_id, c.wave, c.first, c.begun, c.claimed_at, d.unknown FROM delivery_chunk c "
                "JOIN delivery_dispatch d ON d.id = c.dispatch_id "
                f"WHERE c.state = {LEASED} AND c.owner_id = %s {self.skip_locked}",
                [worker],
            )
            chunks = cursor.fetchall()
            counts = Counts(self.worker, is_second_try=False)
            now = int(self.now())
            unknown = sum(_mark_unknown(cursor, chunk, counts, now) for chunk in chunks)
            for chunk in chunks:
                cursor.execute(
                    f"UPDATE delivery_chunk SET state = {OPEN}, owner_id = NULL, begun = -1, offered_at = 0 "
                    "WHERE id = %s", [chunk[0]],
                )
            counts.write(cursor)
        return len(chunks), unknown


def _mark_unknown(cursor: Any, chunk: Sequence[Any], counts: Counts, now: int) -> int:
    _, dispatch, wave, first, begun, claimed_at, policy = chunk
    if begun < first:
        return 0
    may_have_gone = (
        "dispatch_id = %s AND wave = %s AND person BETWEEN %s AND %s "
        f"AND state IN {listed(UNSENT)} AND (due IS NULL OR due <= %s)"
    )
    which = [dispatch, wave, first, begun, claimed_at]
    cursor.execute(
        f"SELECT state, COUNT(*) FROM delivery_recipient WHERE {may_have_gone} GROUP BY state",
        which,
    )
    found = dict(cursor.fetchall())
    if policy == "again":
        new, code, why = QUEUED, None, None
    else:
        new, code, why = UNKNOWN, UNKNOWN_CODE, UNKNOWN_WHY
    cursor.execute(
        f"UPDATE delivery_recipient SET state = %s, attempts = attempts + 1, code = %s, why = %s, at = %s, due = NULL "
        f"WHERE {may_have_gone}",
        [new, code, why, now, *which],
    )
    for was, number in found.items():
        counts.shift(dispatch, was, new, number)
    return int(sum(found.values()))


def _reserve(cursor: Any, account: int, pace: float, parts: int, now: float) -> float:
    """Reserve slots of an account for this worker; returns when the first is."""
    cursor.execute("UPDATE delivery_sendingaccount SET next_slot = next_slot WHERE id = %s", [account])  # locks it
    cursor.execute("SELECT next_slot FROM delivery_sendingaccount WHERE id = %s", [account])
    start, after = pacing.reserve(cursor.fetchone()[0], now, pace, parts)
    cursor.execute("UPDATE delivery_sendingaccount SET next_slot = %s WHERE id = %s", [after, account])
    return start


def _pause(cursor: Any, pauses: Iterable[tuple[int, str]]) -> None:
    for dispatch, why in pauses:
        cursor.execute(
            "UPDATE delivery_dispatch SET state = 'paused', why = %s WHERE id = %s AND state = 'running'",
            [why, dispatch],
        )


def _note_accounts(cursor: Any, accounts: Iterable[tuple[int, bool, str]]) -> None:
    for account, is_up, why in accounts:
        cursor.execute(
            "UPDATE delivery_sendingaccount SET is_up = %s, why = %s, changed_at = CURRENT_TIMESTAMP WHERE id = %s",
            [is_up, why, account],
        )


def _finish(cursor: Any, dispatch: int) -> None:
    """Write down that a dispatch is done once none of its chunks is left, and count its people once more."""
    cursor.execute(
        "UPDATE delivery_dispatch SET state = 'done', finished_at = CURRENT_TIMESTAMP "
        "WHERE id = %s AND state = 'running' "
        f"AND NOT EXISTS (SELECT 1 FROM delivery_chunk WHERE dispatch_id = %s AND state = {OPEN}) "
        f"AND NOT EXISTS (SELECT 1 FROM delivery_chunk WHERE dispatch_id = %s AND state = {LEASED})",
        [dispatch, dispatch, dispatch],
    )
    if cursor.rowcount:
        recount(cursor, dispatch)


def open_again(dispatch: int, states: Sequence[int]) -> int:
    """Queue a dispatch's people in these states anew, from the first attempt; returns how many.

    The caller holds the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE delivery_chunk SET state = {OPEN}, not_before = 0, offered_at = 0 "
            f"WHERE dispatch_id = %s AND state = {DONE} AND EXISTS ("
            "SELECT 1 FROM delivery_recipient r WHERE r.dispatch_id = delivery_chunk.dispatch_id "
            "AND r.wave = delivery_chunk.wave AND r.person BETWEEN delivery_chunk.first AND delivery_chunk.last "
            f"AND r.state IN {listed(states)})",
            [dispatch],
        )
        cursor.execute(
            f"UPDATE delivery_recipient SET state = {QUEUED}, attempts = 0, code = NULL, why = NULL, due = NULL "
            f"WHERE dispatch_id = %s AND state IN {listed(states)}",
            [dispatch],
        )
        number = int(cursor.rowcount)
        recount(cursor, dispatch)
    return number


def recount(cursor: Any, dispatch: int) -> None:
    """Count a dispatch's people by state, instead of trusting what was added up."""
    cursor.execute("DELETE FROM delivery_tally WHERE dispatch_id = %s", [dispatch])
    cursor.execute(
        "INSERT INTO delivery_tally (dispatch_id, state, shard, number) "
        "SELECT dispatch_id, state, 0, COUNT(*) FROM delivery_recipient WHERE dispatch_id = %s "
        "GROUP BY dispatch_id, state",
        [dispatch],
    )


class Counts:
    """What changes in the counts of one transaction."""

    def __init__(self, worker: int, *, is_second_try: bool) -> None:
        self.shard = worker % 64
        self.is_second_try = is_second_try
        self.changes: Counter[tuple[int, int]] = Counter()
        self.moves: Counter[tuple[int, int, int]] = Counter()

    def move(self, rows: Iterable[Written]) -> None:
        """Somebody's state changed."""
        for (dispatch, was, state), number in Counter((row.dispatch, row.was, row.state) for row in rows).items():
            self.shift(dispatch, was, state, number)

    def shift(self, dispatch: int, was: int, state: int, number: int = 1) -> None:
        """So many people's state changed."""
        self.moves[dispatch, was, state] += number
        self.changes[dispatch, was] -= number
        self.changes[dispatch, state] += number

    def write(self, cursor: Any) -> None:
        """Add to the counts."""
        if self.is_second_try:
            for dispatch in {dispatch for dispatch, _ in self.changes}:
                recount(cursor, dispatch)
            return
        rows = [(dispatch, state, self.shard, number) for (dispatch, state), number in sorted(self.changes.items())
                if number]
        if rows:
            cursor.executemany(
                "INSERT INTO delivery_tally (dispatch_id, state, shard, number) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (dispatch_id, state, shard) "
                "DO UPDATE SET number = delivery_tally.number + excluded.number",
                rows,
            )
