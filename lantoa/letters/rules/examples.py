"""Settled letters as examples: what a person made of a letter, in the form the reader is measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.fields import ABSENT, CORRECTED, apply_confirmations, entries, parts, standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.letters.rules.fields import Said
    from lantoa.letters.rules.letter import Letter

NOT_GOLD = ("spans", "doubts", "confidence", "body")
"""What the reader says about its reading, and what nobody is asked to confirm."""


def example_of(reading: Letter, said: Iterable[Said], extraction: str) -> dict[str, Any] | None:
    """The letter as people settled it; None while a doubt is open, or when nothing was said that teaches anything.

    It teaches when something was corrected, or when every value was confirmed. `confirmed` names the fields of the
    letter a person answers for; only those count when the reader is measured. `extraction` is `text` or `ocr`.
    """
    rows = list(said)
    found = entries(reading, rows)
    if not rows or any(entry.is_open for entry in found):
        return None
    unsaid = {parts(entry.path).name for entry in found if entry.said is None and entry.value not in (None, [], "")}
    is_corrected = any(one.verdict in {CORRECTED, ABSENT} for one in standing(rows).values())
    if unsaid and not is_corrected:
        return None
    told = {parts(entry.path).name for entry in found if entry.said is not None or not unsaid}
    letter = {key: value for key, value in apply_confirmations(reading, rows).to_json().items() if key not in NOT_GOLD}
    return letter | {"source": {"extraction": extraction}, "confirmed": sorted(told - unsaid)}
