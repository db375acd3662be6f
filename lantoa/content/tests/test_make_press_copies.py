from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest
from django.conf import settings

from lantoa.campaigns.tests.builders import LEAFLET, make_campaign
from lantoa.content.actions import make_kit, make_press_copies
from lantoa.content.rules.kinds import KINDS
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast, pieces=(LEAFLET,))


def stored() -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in settings.LANTOA_STORE.rglob("*") if path.is_file()}


def test_each_print_piece_has_a_copy_with_a_bleed_and_the_ledger_stays_as_it_is(campaign: Campaign, cast: Cast) -> None:
    kit = make_kit(campaign, cast.officer)
    copies = make_press_copies(campaign, cast.officer, 3)
    printed = {(row.place_id, row.hash): row for row in kit.renderings if KINDS[row.kind].is_print}
    assert copies.keys() == printed.keys()
    assert printed
    for key, row in printed.items():
        page, bare = (pypdfium2.PdfDocument(path)[0] for path in (copies[key], row.path))
        assert page.get_width() == pytest.approx(bare.get_width() + 2 * 3 * 72 / 25.4, abs=0.1)
    assert make_kit(campaign, cast.officer).made == 0


def test_copies_are_made_once_and_anew_for_another_bleed(campaign: Campaign, cast: Cast) -> None:
    first = make_press_copies(campaign, cast.officer, 3)
    standing = stored()
    assert make_press_copies(campaign, cast.officer, 3) == first
    assert stored() == standing
    assert not set(make_press_copies(campaign, cast.officer, 5).values()) & set(first.values())
    made = [entry.detail["made"] for entry in HistoryEntry.objects.filter(verb="make_press_copies")]
    assert made == [len(first), len(first)]


def test_an_outsider_makes_no_copies(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(RefusedError):
        make_press_copies(campaign, cast.outsider, 3)
