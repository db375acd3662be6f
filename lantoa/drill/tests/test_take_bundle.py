from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lantoa.campaigns.models import Campaign
from lantoa.delivery.tests.builders import change, make_live
from lantoa.delivery.tests.conftest import cast  # noqa: F401 - a fixture
from lantoa.drill.bundle import FILE, take_bundle, take_facts, write_bundle
from lantoa.letters.models import IncomingLetter
from lantoa.places.models import Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.places.tests.builders import Cast


def test_a_bundle_holds_letter_places_and_facts_and_no_person(cast: Cast, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    Resident.objects.create(phone="0912345678", name="Bà Lê Thị Thật", place=cast.ward)
    campaign = make_live(cast)
    changed = change(campaign)
    write_bundle(campaign, tmp_path)
    told = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "0912345678" not in told
    assert "Lê Thị Thật" not in told
    assert cast.officer.username not in told
    data = json.loads(told)
    assert {row["model"] for row in data["rows"]} == {"places.place", "letters.incomingletter"}
    assert (changed.key, changed.value) in [(one["key"], one["value"]) for one in data["facts"]]


def test_what_a_bundle_holds_stands_in_the_copy_as_it_stood(cast: Cast, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    campaign = make_live(cast)
    letter, places = campaign.letter.letter, dict(Place.objects.values_list("code", "parent__code"))
    write_bundle(campaign, tmp_path)
    other = Campaign.objects.get(pk=campaign.pk)
    IncomingLetter.objects.filter(pk=other.letter_id).update(subject="khác", by=None)
    Place.objects.filter(pk=cast.ward.pk).update(name="Phường khác")
    known = take_bundle(tmp_path)
    assert IncomingLetter.objects.get(pk=known["letter"]).letter == letter
    assert dict(Place.objects.values_list("code", "parent__code")) == places
    assert not Place.objects.filter(name="Phường khác").exists()
    assert known["place"] == campaign.place.code


def test_facts_that_people_changed_are_changed_in_the_copy_and_no_others(cast: Cast, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    campaign = make_live(cast)
    write_bundle(campaign, tmp_path)
    facts = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["facts"]
    assert take_facts(campaign, facts) == 0
    facts[0]["value"] = "2031-01-01" if facts[0]["key"] == "start_date" else "77"
    assert take_facts(campaign, [*facts, {"key": "gone", "value": "1", "source": "", "legal_basis": ""}]) == 1
