"""A campaign of this installation as a drill needs it: its letter, its places, its facts; no person, no account.

Written in the real installation, which is only read, and laid into the copy.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import serializers

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.letters.models import Confirmation, IncomingLetter
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from django.db.models import Model

    from lantoa.campaigns.models import Campaign

FILE = "campaign.json"
OTHERS = ("resembles", "duplicate_of")
"""Links of a letter to letters that are left behind."""


def write_bundle(campaign: Campaign, into: Path) -> None:
    """Write what a drill of this campaign needs, and the agency's own files beside it."""
    facts = campaign.facts.current().filter(is_verified=True, value__isnull=False)
    letters = IncomingLetter.objects.filter(pk=campaign.letter_id)
    data = {
        "rows": [
            *_plain(Place.objects.order_by("pk")),
            *_plain(letters),
            *_plain(Confirmation.objects.filter(letter=campaign.letter_id)),
        ],
        "letter": campaign.letter_id,
        "pack": campaign.pack,
        "place": campaign.place.code,
        "facts": [
            {"key": one.key, "value": one.value, "source": one.source, "legal_basis": one.legal_basis} for one in facts
        ],
    }
    (into / FILE).write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")
    for path in settings.LANTOA_HOME.glob("*.toml"):
        if path != settings.LANTOA_CHANNELS_FILE:
            shutil.copyfile(path, into / path.name)


def _plain(rows: Iterable[Model]) -> list[dict[str, Any]]:
    """Rows as data, without who made or handles them."""
    found: list[dict[str, Any]] = serializers.serialize("python", rows)
    for row in found:
        model = next(one.object for one in serializers.deserialize("python", [row]))._meta  # noqa: SLF001 - documented by Django
        for field in model.fields:
            if field.related_model is User or field.name in OTHERS:
                row["fields"][field.name] = None
    plain: list[dict[str, Any]] = json.loads(json.dumps(found, default=str))
    return plain


def take_bundle(into: Path) -> dict[str, Any]:
    """Lay places and letter into the copy's database; returns what else the bundle says."""
    data: dict[str, Any] = json.loads((into / FILE).read_text(encoding="utf-8"))
    rows = data.pop("rows")
    by_parent = _parents_first([row for row in rows if row["model"] == "places.place"])
    for row in serializers.deserialize(
        "python", [*by_parent, *(one for one in rows if one["model"] != "places.place")]
    ):
        row.save()
    return data


def _parents_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left, known, found = list(rows), {None}, list[dict[str, Any]]()
    while left:
        ready = [row for row in left if row["fields"]["parent"] in known]
        if not ready:
            return found + left
        found += ready
        known |= {row["pk"] for row in ready}
        left = [row for row in left if row["pk"] not in known]
    return found


def take_facts(campaign: Campaign, facts: Iterable[dict[str, str]]) -> int:
    """Record the facts as they stand in the real campaign where the pack says otherwise; returns how many."""
    standing = dict(campaign.facts.current().values_list("key", "value"))
    number = 0
    for fact in facts:
        if fact["key"] in standing and standing[fact["key"]] != fact["value"]:
            record_fact(campaign, FactChange(**fact), None)
            number += 1
    return number
