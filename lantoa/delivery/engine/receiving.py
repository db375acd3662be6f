"""What comes back later: receipts find their recipient, or wait for it; replies go where somebody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.delivery.engine.work import Heard, Written
from lantoa.delivery.rules.states import (
    DELIVERED,
    FAILED_FOR_GOOD,
    FAILED_FOR_NOW,
    MAY_CHANGE,
    REFUSED,
    SENT,
    UNKNOWN,
    UNSENT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lantoa.delivery.engine.store import Counts, Store
    from lantoa.delivery.engine.work import Batch

NO_MORE = frozenset({"opted_out", "complaint"})
"""Codes of a report by which a recipient asks for no more messages of any kind."""
MOST_STRAYS = 500
"""Receipts without a recipient that are looked at again with each batch."""
OWN = "="
"""What a receipt that waits under our own name begins with in place of a provider's number: `=12/345`."""


def receive(store: Store, cursor: Any, batch: Batch, counts: Counts, now: int) -> None:
    """Write the receipts of a batch, and those from before that name a recipient only now."""
    if not (batch.heard or batch.sent or batch.numbered or batch.written or batch.parts):
        return
    heard = list(batch.heard)
    if batch.sent or batch.numbered or batch.written or batch.parts:
        heard += _take_strays(store, cursor, batch)
    heard = [_final(one) for one in heard]
    for one in heard:
        if one.ref is not None and one.code in NO_MORE:
            store.take_refusal(one.ref, one.code)
    left = _settle(store, cursor, [one for one in heard if one.provider_id], counts, now)
    left += _settle_refs(store, cursor, [one for one in heard if one.ref is not None], counts, now)
    if left:
        cursor.executemany(
            "INSERT INTO delivery_strayreport (provider_id, state, code, why, at) VALUES (%s, %s, %s, %s, %s)",
            [(one.provider_id or _own(one.ref), one.state, one.code or "", one.why or "", now) for one in left],
        )


def _final(one: Heard) -> Heard:
    """What did not arrive after it was handed over will not arrive: sending it again is for a person to say."""
    return one._replace(state=FAILED_FOR_GOOD) if one.state == FAILED_FOR_NOW else one


def _settle(store: Store, cursor: Any, heard: Sequence[Heard], counts: Counts, now: int) -> list[Heard]:
    """Write what these say of whole messages and of parts; returns those that name nothing we know."""
    if not heard:
        return []
    by_id = {one.provider_id: one for one in heard}
    which, parameters = store.among("provider_id", list(by_id))
    columns = ("provider_id", "dispatch_id", "person", "state")
    found = store.read_rows(cursor, columns, f"FROM delivery_recipient WHERE {which}", parameters)
    _write(store, cursor, [(by_id[row[0]], *row[1:]) for row in found], counts, now)
    known = {row[0] for row in found} | _settle_parts(store, cursor, by_id, counts, now)
    return [one for one in heard if one.provider_id not in known]


def _settle_refs(
    store: Store, cursor: Any, heard: Iterable[Heard], counts: Counts, now: int
) -> list[Heard]:
    """The same where our own name came back; returns those of which it is not written yet that they went.

    A service may tell of a message before we have written down that it took it.
    """
    rows, early = [], []
    for one in heard:
        cursor.execute("SELECT state FROM delivery_recipient WHERE dispatch_id = %s AND person = %s", one.ref)
        state = cursor.fetchone()
        if state and state[0] in UNSENT:
            early.append(one)
        elif state:
            rows.append((one, *(one.ref or (0, 0)), state[0]))
    _write(store, cursor, rows, counts, now)
    return early


def _own(ref: tuple[int, int] | None) -> str:
    """Under which name a receipt waits that gives our own."""
    return f"{OWN}{ref[0]}/{ref[1]}" if ref else ""


def _waiting(name: str, state: int, code: str, why: str) -> Heard:
    """A receipt that waited."""
    dispatch, _, person = name.removeprefix(OWN).partition("/")
    ref = (int(dispatch), int(person)) if name.startswith(OWN) and person.isdecimal() and dispatch.isdecimal() else None
    return Heard("" if ref else name, ref, state, code or None, why or None)


Settling = tuple[Heard, int, int, int]
"""A receipt, its dispatch and person, and the state they are in."""


def _write(store: Store, cursor: Any, rows: Iterable[Settling], counts: Counts, now: int) -> None:
    """Write receipts on recipients; of several for one person the first counts."""
    each: dict[tuple[int, int], Settling] = {}
    for row in rows:
        if row[3] in MAY_CHANGE and row[0].state not in {row[3], UNKNOWN}:
            each.setdefault((row[1], row[2]), row)
    settled = list(each.values())
    if not settled:
        return
    told = [
        (dispatch, person, one.state, *_told(one), one.ids[0] if len(one.ids) == 1 else None)
        for one, dispatch, person, _ in settled
    ]
    store.write_heard(cursor, told, now)
    insert_parts(cursor, [(part, row[1], row[2]) for row in settled if len(row[0].ids) > 1 for part in row[0].ids])
    counts.move(
        Written(dispatch, person, was, one.state, 0, None, None, None, None, None)
        for one, dispatch, person, was in settled
    )


def _told(one: Heard) -> tuple[str | None, str | None]:
    """Code and reason; there is nothing to tell of what went well."""
    return (None, None) if one.state in {SENT, DELIVERED} else (one.code or "receipt", one.why)


def insert_parts(cursor: Any, parts: Iterable[tuple[str, int, int]]) -> None:
    """Remember which recipient each part of a long message belongs to."""
    rows = [(provider_id, dispatch, person, SENT) for provider_id, dispatch, person in parts]
    if rows:
        cursor.executemany(
            "INSERT INTO delivery_part (provider_id, dispatch_id, person, state) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            rows,
        )


def _settle_parts(store: Store, cursor: Any, by_id: dict[str, Heard], counts: Counts, now: int) -> set[str]:
    """A long message has arrived when all its parts have; it has not when one of them has not."""
    which, parameters = store.among("provider_id", list(by_id))
    cursor.execute(
        f"SELECT provider_id, dispatch_id, person FROM delivery_part WHERE {which}",
        parameters,
    )
    found = cursor.fetchall()
    if not found:
        return set()
    cursor.executemany(
        "UPDATE delivery_part SET state = %s WHERE provider_id = %s", [(by_id[row[0]].state, row[0]) for row in found]
    )
    for dispatch, person in sorted({(row[1], row[2]) for row in found}):
        cursor.execute(
            "SELECT state, COUNT(*) FROM delivery_part WHERE dispatch_id = %s AND person = %s GROUP BY state",
            [dispatch, person],
        )
        states = dict(cursor.fetchall())
        told = [by_id[row[0]] for row in found if (row[1], row[2]) == (dispatch, person)]
        failed = [one for one in told if one.state in {FAILED_FOR_GOOD, REFUSED}]
        if failed or set(states) == {DELIVERED}:
            whole = Heard("", (dispatch, person), failed[0].state if failed else DELIVERED, told[0].code, told[0].why)
            _settle_refs(store, cursor, [whole], counts, now)
    return {row[0] for row in found}


def _take_strays(store: Store, cursor: Any, batch: Batch) -> list[Heard]:
    """Receipts that came before what they name was written down."""
    cursor.execute("SELECT 1 FROM delivery_strayreport LIMIT 1")
    if cursor.fetchone() is None:
        return []
    named = [provider_id for rows in batch.numbered.values() for _, provider_id in rows]
    named += [part[0] for part in batch.parts]
    named += [_own((alike[0], person)) for alike, people in batch.sent.items() for person in people]
    named += [_own((alike[0], person)) for alike, rows in batch.numbered.items() for person, _ in rows]
    named += [_own((one.dispatch, one.person)) for one in batch.written]
    which, parameters = store.among("provider_id", named)
    cursor.execute(
        f"SELECT id, provider_id, state, code, why FROM delivery_strayreport WHERE {which} "
        f"ORDER BY id LIMIT {MOST_STRAYS}",
        parameters,
    )
    found = cursor.fetchall()
    cursor.executemany("DELETE FROM delivery_strayreport WHERE id = %s", [(row[0],) for row in found])
    return [_waiting(*row[1:]) for row in found]
