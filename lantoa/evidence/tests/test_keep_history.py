from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lantoa.evidence.actions import verify_history
from lantoa.evidence.models import HistoryEntry
from lantoa.evidence.rules import FIRST_HASH, EntryFacts, check_chain, entry_hash
from lantoa.places.events import Event, record
from lantoa.places.tests.builders import make_place, make_user

if TYPE_CHECKING:
    from pathlib import Path


def _chain(count: int) -> list[tuple[EntryFacts, str]]:
    entries: list[tuple[EntryFacts, str]] = []
    previous = FIRST_HASH
    for seq in range(1, count + 1):
        at = f"2024-09-{seq:02}T00:00:00.000000+00:00"
        facts = EntryFacts(seq, at, None, "do", None, "x:1", {"n": seq}, previous)
        previous = entry_hash(facts)
        entries.append((facts, previous))
    return entries


@given(st.integers(1, 8), st.data())
def test_a_removed_or_doubled_or_exchanged_entry_is_found(count: int, data: st.DataObject) -> None:
    chain = _chain(count)
    assert check_chain(chain).is_whole
    broken = data.draw(st.integers(0, count - 1))
    assert check_chain([*chain[:broken + 1], *chain[broken:]]).broken_at == broken + 2
    if broken < count - 1:  # what is cut off the end shows only by the head, written down elsewhere
        assert check_chain([*chain[:broken], *chain[broken + 1:]]).broken_at == broken + 1
    assert check_chain(chain[:broken]).head != check_chain(chain).head


def test_an_entry_rewritten_with_a_hash_of_its_own_breaks_the_next_one() -> None:
    chain = _chain(3)
    forged = replace(chain[1][0], verb="undo")
    assert check_chain([chain[0], (forged, entry_hash(forged)), chain[2]]).broken_at == 3


def test_a_hash_depends_on_every_part_of_an_entry() -> None:
    facts = EntryFacts(1, "2024-09-01T00:00:00.000000+00:00", 1, "do", 1, "x:1", {"n": 1}, FIRST_HASH)
    others: dict[str, Any] = {
        "seq": 2, "at": "2024-09-01T00:00:00.000001+00:00", "by": None, "verb": "undo", "campaign": None,
        "subject": "x:2", "detail": {"n": 2}, "previous_hash": "1" * 64,
    }
    hashes = {entry_hash(EntryFacts(**{**_fields(facts), name: value})) for name, value in others.items()}
    assert len(hashes | {entry_hash(facts)}) == len(others) + 1


def _fields(facts: EntryFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in EntryFacts.__slots__}


@pytest.mark.django_db
def test_what_happened_is_kept_and_reads_back_whole() -> None:
    place = make_place()
    detail = {
        "day": dt.date(2024, 9, 1), "share": 0.1, "big": 1e22, "name": "Đa Phúc", "list": [1, {"a": None}], "nul": "\0",
    }
    for _ in range(3):
        record(Event(make_user(place), "do_it", place, detail=detail))
    check = verify_history()
    assert (check.entries, check.is_whole, check.broken_at) == (3, True, None)
    entry = HistoryEntry.objects.latest("seq")
    assert (entry.subject_type, entry.subject_id, entry.hash) == ("places.place", str(place.pk), check.head)


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [1, 2, 3])
@pytest.mark.parametrize("change", [
    {"verb": "undo"}, {"detail": {"n": 9}}, {"subject_id": "9"}, {"subject_type": "x"}, {"by": None},
    {"at": dt.datetime(2024, 9, 1, tzinfo=dt.UTC)}, {"previous_hash": "0" * 63 + "1"}, {"hash": "f" * 64}, {"seq": 9},
])
def test_tampering_with_any_row_is_found(seq: int, change: dict[str, Any]) -> None:
    place = make_place()
    user = make_user(place)
    for number in range(3):
        record(Event(user, "do_it", place, detail={"n": number}))
    HistoryEntry.objects.filter(seq=seq).update(**change)
    check = verify_history()
    assert not check.is_whole
    assert check.broken_at == seq


@pytest.mark.django_db
def test_an_entry_goes_with_what_it_tells_of() -> None:
    place = make_place()
    with transaction.atomic():
        record(Event(None, "undone", place))
        transaction.set_rollback(True)
    record(Event(None, "done", place))
    assert [entry.verb for entry in HistoryEntry.objects.all()] == ["done"]
    assert verify_history().is_whole


_TWO_WRITERS = """
import threading, django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from lantoa.evidence.actions import verify_history
from lantoa.places.events import Event, record
from lantoa.places.models import Place
call_command("migrate", verbosity=0, skip_checks=True)
place = Place.objects.create(code="p", name="P", kind="ward")
errors = []
def write(name):
    try:
        for number in range(15):
            with transaction.atomic():
                Place.objects.filter(pk=place.pk).update(name=f"{name}{number}")
                record(Event(None, name, place, detail={"n": number}))
    except Exception as error:
        errors.append(error)
    connection.close()
threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
check = verify_history()
print(check.entries, check.is_whole, errors)
"""


def test_two_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    # A database in a file, with connections of its own: one in memory is locked as a whole and would prove nothing.
    environment = {**os.environ, "LANTOA_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lantoa.project.settings"}
    environment.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, "-c", _TWO_WRITERS], env=environment, capture_output=True, text=True, timeout=60, check=False,
    )
    assert ran.stdout.strip() == "30 True []", ran.stderr
