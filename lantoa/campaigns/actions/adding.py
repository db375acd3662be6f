"""Adding a fact the pack does not have: what a campaign says of its own place or day, with its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.models import Campaign, Fact
from lantoa.campaigns.rules.pack import FACT_KINDS
from lantoa.campaigns.rules.values import canonical, check_value
from lantoa.campaigns.rules.wording import BUILT_INS
from lantoa.lib.vietnamese import nfc, slug
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.places.models import User

MOST_OF_KEY = 50


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact nobody knew of yet: what it is called, of which kind, its value and where that comes from."""

    label: str
    kind: str
    value: str
    source: str
    unit: str = ""


def check_add_fact(campaign: Campaign, new: NewFact, by: User | None) -> None:
    """Whether `by` may add it. Raises `RefusedError` for a name that is taken, a wrong value or no source."""
    require(by, "change_fact", campaign.place)
    if not new.label.strip():
        raise RefusedError("Hãy đặt tên cho dữ kiện, ví dụ “Giờ họp tổ dân phố”.")
    if campaign.facts.filter(label__iexact=new.label.strip()).exists():
        raise RefusedError(f"Đã có dữ kiện tên “{new.label.strip()}”. Hãy ghi phiên bản mới cho dữ kiện đó.")
    if new.kind not in FACT_KINDS:
        raise RefusedError(f"Không có kiểu dữ kiện “{new.kind}”.")
    if not new.source.strip():
        raise RefusedError("Thiếu nguồn: hãy ghi văn bản hoặc nơi xác nhận giá trị này.")
    fault = check_value(new.kind, canonical(new.kind, new.value))
    if fault:
        raise RefusedError(f"Giá trị “{new.value}” không hợp lệ: {fault}.")


@transaction.atomic
def add_fact(campaign: Campaign, new: NewFact, by: User | None) -> Fact:
    """Add a fact to the campaign, confirmed by whoever adds it; messages may name it from now on."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    new = replace(new, label=" ".join(nfc(new.label).split()), value=nfc(new.value).strip())
    check_add_fact(campaign, new, by)
    fact = Fact.objects.create(
        campaign=campaign,
        key=_free_key(campaign, new.label),
        version=1,
        kind=new.kind,
        label=new.label,
        value=canonical(new.kind, new.value),
        unit=new.unit.strip(),
        known_on=timezone.localdate(),
        source=new.source.strip(),
        is_verified=True,
        confirmed_by=by,
    )
    detail = {"key": fact.key, "label": fact.label, "to": fact.value, "source": fact.source}
    record(Event(by, "add_fact", fact, campaign.pk, detail))
    return fact


def _free_key(campaign: Campaign, label: str) -> str:
    """A key made of the name, as references write them: small letters, figures and `_`, a letter first."""
    stem = slug(label).replace("-", "_")[:MOST_OF_KEY].strip("_")
    if not stem[:1].isalpha():
        stem = f"so_{stem}".rstrip("_")
    taken = {*campaign.facts.values_list("key", flat=True), *BUILT_INS}
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)
