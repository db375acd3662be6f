"""What is done in the field: visits are recorded, and the funnel is counted from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
from lantoa.field.models import Visit
from lantoa.field.rules import FUNNEL_LABELS, RESULTS, SHOWS_RISK, STAGES, Stage, VisitVersion, replaces, stage_of
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, is_within, require
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit as a device hands it in. `device_key` is drawn on the device and never changes; `visited_at` is aware."""

    device_key: uuid.UUID
    campaign: Campaign
    place: Place
    result: str
    visited_at: dt.datetime
    resident: Resident | None = None
    household: str = ""
    note: str = ""

    def version(self) -> VisitVersion:
        """The entry as the rules compare it."""
        resident_id = self.resident.pk if self.resident else None
        return VisitVersion(self.visited_at, self.result, self.place.pk, resident_id, self.household, self.note)


def check_record_visit(entry: VisitEntry, by: User | None) -> None:
    """Refuse a visit that may not be recorded, or that says nothing of whom or how."""
    require(by, "record_visit", entry.place)
    if entry.result not in RESULTS:
        raise RefusedError("Chưa chọn kết quả lần thăm.")
    if timezone.is_naive(entry.visited_at):
        raise RefusedError("Thời điểm thăm thiếu múi giờ. Hãy cập nhật lại trang rồi gửi lại.")
    if entry.resident is None and not entry.household:
        raise RefusedError("Hãy chọn người dân hoặc ghi số hộ đã thăm.")
    if len(entry.household) > 60:
        raise RefusedError("Tên hộ dài quá 60 ký tự.")
    if not _lies_in(entry.place, entry.campaign.place):
        raise RefusedError(f"{entry.place.name} không thuộc địa bàn của chiến dịch này.")
    if entry.resident and by and not by.is_superuser and not is_within(entry.resident.place, by):
        raise RefusedError("Người dân này không thuộc phạm vi của bạn.")


def _lies_in(place: Place, territory: Place) -> bool:
    node: Place | None = place
    while node is not None and node.pk != territory.pk:
        node = node.parent
    return node is not None


@transaction.atomic
def record_visit(entry: VisitEntry, by: User | None) -> Visit:
    """Keep a visit. Sent again it is the same visit; of several versions the latest stands, whatever their order.

    Raises `RefusedError` where `check_record_visit` does, and for a key that is another person's visit.
    """
    check_record_visit(entry, by)
    version = entry.version()
    values = {
        "place": entry.place, "resident": entry.resident, "household": entry.household, "result": entry.result,
        "note": entry.note, "visited_at": entry.visited_at,
    }
    visit, is_new = Visit.objects.select_for_update().get_or_create(
        device_key=entry.device_key, defaults={**values, "campaign": entry.campaign, "by": by},
    )
    if is_new:
        _tell(visit, by)
        return visit
    if visit.by_id != (by.pk if by else None) or visit.campaign_id != entry.campaign.pk:
        raise RefusedError("Lần thăm này đã được người khác ghi. Hãy ghi một lần thăm mới.")
    if replaces(version, _version_of(visit)):
        for name, value in values.items():
            setattr(visit, name, value)
        visit.save(update_fields=list(values))
        _tell(visit, by)
    return visit


def _version_of(visit: Visit) -> VisitVersion:
    return VisitVersion(
        visit.visited_at, visit.result, visit.place_id, visit.resident_id, visit.household, visit.note,
    )


def _tell(visit: Visit, by: User | None) -> None:
    detail = {"result": visit.result, "place": visit.place_id, "device_key": str(visit.device_key)}
    record(Event(by, "record_visit", visit, visit.campaign_id, detail))


_REACHED = Case(
    *(When(result=result, then=Value(stage_of(result))) for result in RESULTS),
    default=Value(0), output_field=IntegerField(),
)


def _furthest(visits: QuerySet[Visit]) -> Coalesce:
    """The furthest stage among `visits`, a query that refers to the outer row."""
    whole = visits.order_by().annotate(_all=Value(1)).values("_all")
    return Coalesce(Subquery(whole.annotate(reached=Max(_REACHED)).values("reached")), Value(0))


def funnel_residents(campaign: Campaign, stage: str) -> QuerySet[Resident]:
    """People of the campaign's register who got at least to `stage`.

    In the funnel are those whose device is at risk, and those whom a visit helped. A visit to a whole household
    counts for each of its people.
    """
    visits = Visit.objects.filter(campaign=campaign)
    of_household = visits.filter(resident=None, place=OuterRef("place"), household=OuterRef("household"))
    return (
        Resident.objects.filter(place__in=Place.objects.under([campaign.place]))
        .annotate(own=_furthest(visits.filter(resident=OuterRef("pk"))), shared=_furthest(of_household))
        .annotate(reached=Greatest(F("own"), F("shared")))
        .filter(Q(device=Resident.Device.AT_RISK) | Q(reached__gte=SHOWS_RISK), reached__gte=STAGES.index(stage))
    )


def funnel_households(campaign: Campaign, stage: str) -> QuerySet[Visit, Any]:
    """Households nobody of which is in the register, helped by visits, that got at least to `stage`."""
    known = Resident.objects.filter(place=OuterRef("place"), household=OuterRef("household"))
    return (
        Visit.objects.filter(~Exists(known), campaign=campaign, resident=None)
        .order_by("place", "household")
        .values("place", "household")
        .annotate(reached=Max(_REACHED))
        .filter(reached__gte=max(SHOWS_RISK, STAGES.index(stage)))
    )


def funnel(campaign: Campaign) -> list[Stage]:
    """Count the funnel; rows behind each number: `funnel_residents` and `funnel_households`."""
    packs = find_packs(settings.LANTOA_PACKS)
    told = load_pack(packs[campaign.pack]).funnel if campaign.pack in packs else ()
    labels = {stage["key"]: stage["label"] for stage in told if stage["key"] in STAGES} or FUNNEL_LABELS
    stages = []
    for key in (stage for stage in STAGES if stage in labels):
        residents = funnel_residents(campaign, key).count()
        households = funnel_households(campaign, key).count()
        stages.append(Stage(key, labels[key], residents + households, residents, households))
    return stages
