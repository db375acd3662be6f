"""Who did not get a dispatch, and why, in words: what a person calls or visits by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from lantoa.delivery.models.dispatches import Dispatch, PushSubscription, Recipient
from lantoa.delivery.rules.states import FAILED_FOR_NOW, LABELS, MAY_HOLD, QUEUED, REACHED, UNKNOWN
from lantoa.lib.sheets import Sheet
from lantoa.places.models import Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

AT_A_TIME = 500
WAITING = "Chưa đến lượt"
CANCELLED = "Đợt gửi đã hủy trước khi đến lượt"


@dataclass(frozen=True, slots=True)
class Missed:
    """One person or office that did not get it, or of whom nobody knows."""

    person: int
    name: str
    phone: str
    address: str
    """Where they live, or the office's e-mail."""
    household: str
    place: str
    state: str
    why: str
    at: dt.datetime | None
    held_at: dt.datetime | None = None
    """Of a correction's notice: when the words that no longer hold reached them."""


def missed_rows(dispatch: Dispatch, *, with_waiting: bool = False) -> QuerySet[Recipient]:
    """Rows of people not reached, nor by the dispatch it falls back to; those whose turn is to come only if asked."""
    rows = Recipient.objects.filter(dispatch=dispatch).order_by("place_id", "person")
    rows = rows.exclude(state__in=REACHED) if with_waiting else rows.exclude(code=None)
    if dispatch.fallback_id:
        reached = Recipient.objects.filter(dispatch=dispatch.fallback_id, state__in=REACHED)
        rows = rows.exclude(person__in=reached.values("person"))
    return rows


def missed(dispatch: Dispatch, rows: Iterable[Recipient]) -> Iterator[Missed]:
    """These rows with the names and telephones to reach people by otherwise."""
    batch: list[Recipient] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_A_TIME:
            yield from _with_names(dispatch, batch)
            batch = []
    yield from _with_names(dispatch, batch)


def missed_sheet(dispatch: Dispatch, people: Iterable[Missed]) -> Sheet:
    """The list by which somebody calls or visits, with room to note what came of it."""
    held = ("Nhận lời cũ lúc",) if dispatch.is_notice else ()
    return Sheet(
        f"chua-nhan-dot-{dispatch.pk}",
        f"Người chưa nhận được: {dispatch.campaign.title}",
        ("Địa bàn", "Hộ", "Họ và tên", "Điện thoại", "Địa chỉ", "Vì sao chưa nhận", "Lúc", *held, "Đã gọi / đã đến"),
        (
            (one.place, one.household, one.name, one.phone, one.address, one.why, _said(one.at),
             *((_said(one.held_at),) if held else ()), "")
            for one in people
        ),
    )


def _said(moment: dt.datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""


def _with_names(dispatch: Dispatch, rows: list[Recipient]) -> Iterator[Missed]:
    ids = [row.person for row in rows]
    places = Place.objects.filter(pk__in={row.place_id for row in rows}).select_related("parent")
    names = {place.pk: place.full_name for place in places}
    known = _known(dispatch, ids)
    held = _held(dispatch, ids) if dispatch.is_notice else {}
    for row in rows:
        name, phone, address, household = known.get(row.person, ("", "", "", ""))
        yield Missed(
            row.person, name, phone, address, household, names.get(row.place_id, ""),
            LABELS[row.state], _why(dispatch, row), _moment(row.at), _moment(held.get(row.person)),
        )


def _known(dispatch: Dispatch, ids: list[int]) -> dict[int, tuple[str, str, str, str]]:
    if dispatch.audience == Dispatch.Audience.RESIDENTS:
        people = Resident.objects.filter(pk__in=ids)
        return {one.pk: (one.name, one.phone, one.address, one.household) for one in people}
    if dispatch.audience == Dispatch.Audience.PLACES:
        return {one.pk: (one.name, one.phone, one.email, "") for one in Place.objects.filter(pk__in=ids)}
    browsers = PushSubscription.objects.filter(pk__in=ids)
    return {one.pk: ("Trình duyệt đã đăng ký", "", "", "") for one in browsers}


def _held(dispatch: Dispatch, ids: list[int]) -> dict[int, int]:
    """When each of these people last got words of this campaign before the notice."""
    before = Dispatch.objects.filter(campaign=dispatch.campaign_id, audience=dispatch.audience, pk__lt=dispatch.pk)
    rows = Recipient.objects.filter(dispatch__in=list(before), person__in=ids, state__in=MAY_HOLD)
    return dict(rows.order_by().values_list("person").annotate(Max("at")))


def _why(dispatch: Dispatch, row: Recipient) -> str:
    if row.why:
        return f"{row.why}; sẽ thử lại" if row.state == FAILED_FOR_NOW else row.why
    if row.state == QUEUED:
        return CANCELLED if dispatch.state == Dispatch.State.CANCELLED else WAITING
    return LABELS[UNKNOWN] if row.state == UNKNOWN else row.code or ""


def _moment(seconds: int | None) -> dt.datetime | None:
    if seconds is None:
        return None
    return timezone.localtime(dt.datetime.fromtimestamp(seconds, tz=dt.UTC))
