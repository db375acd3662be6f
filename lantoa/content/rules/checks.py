"""The check before release: every rule over every rendering's text, and over the kit as a whole.

What stands in a text must be a current, confirmed fact or stand in the papers it rests on; nothing known to be false;
nothing that looks like a fraud; a form and a channel it may have. Each finding points at its place and offers the mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.rules.check_figures import check_figures
from lantoa.content.rules.check_form import GivenChannel, check_form, check_levels, check_pair
from lantoa.content.rules.check_names import check_names
from lantoa.content.rules.check_reading import check_reading
from lantoa.content.rules.check_scams import check_scams
from lantoa.content.rules.check_truth import check_truth
from lantoa.content.rules.findings import RULES, Finding, Mend, Sheet
from lantoa.content.rules.known import Known, KnownFact

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

__all__ = [
    "RULES", "Finding", "GivenChannel", "Known", "KnownFact", "Mend", "Sheet", "check_levels", "check_pair",
    "check_sheet",
]  # fmt: skip


def check_sheet(sheet: Sheet, known: Known, pack: Pack) -> list[Finding]:
    """Find every fault of one rendering's text: those that block first, then in the order of the text."""
    found = [
        *check_figures(sheet, known),
        *check_names(sheet, known),
        *check_truth(sheet, pack),
        *check_scams(sheet, known),
        *check_form(sheet),
        *check_reading(sheet),
    ]
    return sorted(found, key=lambda one: (not one.blocks, one.start, one.end))
