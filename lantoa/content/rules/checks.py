"""The check before release: every rule over every rendering's text, and over the kit as a whole.

What stands in a text must be a current, confirmed fact or stand in the papers it rests on; nothing known to be false;
nothing that looks like a fraud; a form and a channel it may have. Each finding points at its place and offers the mend.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.content.rules.check_figures import check_figures
from lantoa.content.rules.check_form import GivenChannel, check_form, check_levels, check_pair
from lantoa.content.rules.check_names import check_names
from lantoa.content.rules.check_reading import check_reading
from lantoa.content.rules.check_scams import check_scams, check_sender
from lantoa.content.rules.check_truth import check_truth
from lantoa.content.rules.findings import RULES, Finding, Mend, Sheet, moved
from lantoa.content.rules.known import Known, KnownFact

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from lantoa.campaigns.rules.pack import Pack

__all__ = [
    "RULES", "Checking", "Finding", "GivenChannel", "Known", "KnownFact", "Mend", "Sheet", "check_levels", "check_pair",
    "check_sheet",
]  # fmt: skip


def check_sheet(sheet: Sheet, known: Known, pack: Pack) -> list[Finding]:
    """Find every fault of one rendering's text: those that block first, then in the order of the text."""
    return Checking(known, pack).check(sheet)


class Checking:
    """The check of many sheets against the same knowledge: what they share is checked once.

    The pieces of six hundred neighbourhoods say the same in all but a few lines.
    """

    def __init__(self, known: Known, pack: Pack) -> None:
        self.known, self.pack = known, pack
        self._found: dict[Hashable, list[Finding]] = {}

    def check(self, sheet: Sheet) -> list[Finding]:
        """Find every fault, as `check_sheet` does."""
        found = [*check_form(sheet), *check_reading(sheet), *check_sender(sheet)]
        for start, end in sections_of(sheet):
            found += [moved(one, start) for one in self._section(sheet.section(start, end))]
        return sorted(found, key=lambda one: (not one.blocks, one.start, one.end))

    def _section(self, section: Sheet) -> list[Finding]:
        key = _rests_on(section)
        if key in self._found:
            return self._found[key]
        found = [
            *check_figures(section, self.known),
            *check_names(section, self.known),
            *check_truth(section, self.pack),
            *check_scams(section, self.known),
        ]
        if not any(one.rule == "name" for one in found):  # its mend names the place
            self._found[key] = found
        return found


_BREAK = re.compile(r"(?:\n\n+|(?<=[.!?:;…])[ \t]*\n)(?=[^\W\d_a-zà-ỹ])")
"""Where no sentence, date or name goes on: a blank line, or a full stop at a line's end, and then a capital."""
_TELEPHONE = re.compile(r"\d(?:[ .\u00a0-]?\d){6}")


def sections_of(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The sheet's text in parts that can be checked apart, each with its start and end."""
    start = 0
    for match in _BREAK.finditer(sheet.text):
        if not any(one.start < match.start() < one.end for one in sheet.named):
            yield start, match.end()
            start = match.end()
    yield start, len(sheet.text)


def _rests_on(section: Sheet) -> Hashable:
    """All that the findings of a section depend on, besides what the campaign knows."""
    own = tuple(bool(one.names & section.own_names) for one in section.named)
    has_number = _TELEPHONE.search(section.text) is not None
    contacts = tuple(one for one in section.contacts if has_number or one.split()[0] in section.text)
    return section.text, section.kind, section.is_bare, section.is_spoken, own, contacts
