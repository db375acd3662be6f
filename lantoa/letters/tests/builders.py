"""Letters for tests, as text and as files."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.duplicates import Compared
from lantoa.letters.rules.reading import read_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.text import write_text

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter


def letter_text(seed: int = 0, **changes: Any) -> str:
    """The text of a made-up letter."""
    return write_text(compose(replace(generate_letter(seed), **changes)))


def compared(text: str) -> Compared:
    """A text as it is compared with others."""
    return Compared(read_letter(text), text)


def later(letter: Letter, days: int = 30) -> Letter:
    """The next letter of a series: another number, and every date moved."""
    tasks = tuple(
        replace(task, deadline=_moved(task.deadline, days), report_deadline=_moved(task.report_deadline, days))
        for task in letter.tasks
    )
    number = f"{int(letter.number) + 37:02d}" if letter.number else None
    return replace(letter, number=number, date=_moved(letter.date, days), tasks=tasks)


def _moved(said: str | None, days: int) -> str | None:
    def move(found: re.Match[str]) -> str:
        return (dt.date.fromisoformat(found[0]) + dt.timedelta(days)).isoformat()

    return re.sub(r"\d{4}-\d\d-\d\d", move, said) if said else said
