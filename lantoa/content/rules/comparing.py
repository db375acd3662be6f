"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Change = Literal["", "ins", "del"]

_TOKEN = re.compile(r"(?:\{[^{}]*\}|\w+|[^\w\s])\s*|\s+")
"""A word, a sign or a whole reference, with the space after it."""
_SLIGHT = 2
"""Characters: what is the same between two changes is shown as changed too when it is no longer than a sign."""
_LONG = 1500
"""Words: in longer texts those that stand everywhere anchor nothing, or comparing would take seconds."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text: the same in both (`""`), only in the new (`ins`) or only in the old (`del`)."""

    text: str
    change: Change = ""


def compare(old: str, new: str) -> list[Stretch]:
    """The new text with what was taken out and put in; without the one it is the new text, without the other the old.

    Of a change, what was taken out comes first.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Stretch] = []
    is_long = max(len(before), len(after)) > _LONG
    for code, one, two, three, four in SequenceMatcher(None, before, after, autojunk=is_long).get_opcodes():
        if code == "equal":
            found.append(Stretch("".join(before[one:two])))
        else:
            found += [Stretch("".join(before[one:two]), "del"), Stretch("".join(after[three:four]), "ins")]
    return _joined(one for one in found if one.text)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Changes with next to nothing between them become one: `del` and then `ins`, not a patchwork."""
    found: list[Stretch] = []
    gone = come = held = ""
    for one in stretches:
        if one.change:
            gone += held + one.text if one.change == "del" else held
            come += held + one.text if one.change == "ins" else held
            held = ""
        elif (gone or come) and not held and len(one.text.strip()) <= _SLIGHT:
            held = one.text
        else:
            found += [*_change(gone, come), Stretch(held + one.text)]
            gone = come = held = ""
    return [one for one in (*found, *_change(gone, come), Stretch(held)) if one.text]


def _change(gone: str, come: str) -> list[Stretch]:
    return [one for one in (Stretch(gone, "del"), Stretch(come, "ins")) if one.text]
