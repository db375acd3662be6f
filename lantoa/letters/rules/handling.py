"""Dealing with a letter that came in: by when."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lantoa.letters.rules.letter import Letter

STILL_WAITED_FOR = dt.timedelta(days=30)
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def proposed_due(
    letter: Letter, arrived_on: dt.date, envelope: Mapping[str, object] | None = None
) -> dt.date | None:
    """The day by which the sender asks for something (NĐ 30/2020, Điều 24): that of the envelope, else the letter's.

    Of the letter's days the first that is still to come; a letter that came shortly after all of them gets the last:
    it is late from the start. None when no whole day is named, or all lie so far back that nobody waits any more.
    """
    stated = str((envelope or {}).get("due_on") or "")
    days = sorted(_whole_days([stated])) or sorted(_whole_days(_said(letter)))
    to_come = [day for day in days if day >= arrived_on]
    just_passed = [day for day in days if day + STILL_WAITED_FOR >= arrived_on]
    return next(iter(to_come or just_passed[-1:]), None)


def _said(letter: Letter) -> Iterator[str]:
    for task in letter.tasks:
        yield from (said for said in (task.deadline, task.report_deadline) if said)


def _whole_days(said: Iterable[str]) -> Iterator[dt.date]:
    """The ISO dates among phrases: of a period its last day, of words nothing."""
    for phrase in said:
        last = phrase.rpartition("/")[2]
        if _WHOLE_DAY.fullmatch(last):
            yield dt.date.fromisoformat(last)
