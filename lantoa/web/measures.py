"""What can be measured of a rendering, as its page shows it: parts and price, seconds and loudness, subject."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from lantoa.content.actions.agency import AgencyFileError, message_tariffs
from lantoa.content.rules.tariffs import PriceRange, TariffError, price_range, tariffs_on
from lantoa.lib.sms import SmsSize
from lantoa.places.models import Place
from lantoa.residents.models import Resident
from lantoa.web.templatetags.lantoa import day, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lantoa.content.models import Rendering
    from lantoa.content.rules.tariffs import Tariff
    from lantoa.places.models import User

PAID = {"sms": "sms", "sms_unaccented": "sms", "correction_sms": "sms", "correction_sms_unaccented": "sms"}
PAID |= {"zns": "zns", "correction_zns": "zns"}
"""By rendering kind: the kind of message it is paid as."""


def measures_of(rendering: Rendering, user: User) -> list[tuple[str, str]]:
    """Names and values, in the order they are read; what was not measured is not there."""
    details = rendering.details
    found: list[tuple[str, str]] = []
    if subject := details.get("subject"):
        found.append((_("Tiêu đề thư"), subject))
    if "units" in details:
        size = _("%(parts)s phần, %(units)s đơn vị %(alphabet)s") % details
        found.append((_("Độ dài tin nhắn"), size))
    if seconds := details.get("seconds"):
        slot = details.get("slot")
        of = _(" trong khung %(slot)s giây") % {"slot": slot} if slot else ""
        found.append((_("Thời lượng"), _("%(seconds)s giây") % {"seconds": number(seconds)} + of))
    if "loudness" in details:
        level = f"{number(details['loudness'])} LUFS, {number(details['true_peak'])} dBTP"
        found.append((_("Độ to, đỉnh"), level))
    if voice := details.get("voice"):
        found.append((_("Giọng đọc"), voice))
    if rendering.kind in PAID:
        found.append((_("Giá gửi"), _price(rendering, user)))
    return found


def _price(rendering: Rendering, user: User) -> str:
    """What sending it to everybody registered at its place would cost; without a table of prices it says so."""
    details = rendering.details
    size = SmsSize(details.get("alphabet", "UCS-2"), details.get("units", 0), details.get("parts", 1))
    recipients = _recipients(rendering, user)
    try:
        known = tariffs_on(message_tariffs(), PAID[rendering.kind], timezone.localdate())
    except (TariffError, AgencyFileError) as error:
        return str(error)
    priced = price_range(known, size, recipients or {"": 1})
    if priced is None:
        return _("chưa có bảng giá")
    return _told(priced, is_one=not recipients)


def price_of(texts: Iterable[tuple[Rendering, int, Mapping[str, int]]]) -> str:
    """What messages to many people would cost: each text, its parts, how many of each operator get it.

    Empty for what is not paid by the message, or while there is no table of prices.
    """
    try:
        known = message_tariffs()
    except (TariffError, AgencyFileError) as error:
        return str(error)
    priced = [one for text in texts if (one := _priced(known, *text)) is not None]
    if not priced:
        return ""
    least, most = sum(one.least for one in priced), sum(one.most for one in priced)
    refused = {name for one in priced for name in one.refused}
    whole = PriceRange(
        Decimal(least), Decimal(most), sum(one.messages for one in priced), priced[0].tariffs, tuple(sorted(refused))
    )
    return _told(whole, is_one=False)


def _priced(known: Sequence[Tariff], rendering: Rendering, parts: int, by: Mapping[str, int]) -> PriceRange | None:
    if rendering.kind not in PAID:
        return None
    size = SmsSize(rendering.details.get("alphabet", "UCS-2"), 0, parts)
    return price_range(tariffs_on(known, PAID[rendering.kind], timezone.localdate()), size, by)


def _recipients(rendering: Rendering, user: User) -> dict[str, int]:
    """How many subscribers of each operator are registered at the place, as far as this person may see them."""
    rows = Resident.objects.for_user(user).filter(place__in=Place.objects.under([rendering.place]))
    return dict(rows.order_by().values_list("carrier").annotate(Count("pk")))


def _told(priced: PriceRange, *, is_one: bool) -> str:
    words = {
        "least": number(float(priced.least)),
        "most": number(float(priced.most)),
        "messages": number(priced.messages),
        "sources": "; ".join(f"{one.operator}: {one.source}, {day(one.since)}" for one in priced.tariffs),
        "refused": ", ".join(priced.refused),
    }
    told = _("%(least)s đồng") if priced.least == priced.most else _("từ %(least)s đến %(most)s đồng")
    whom = _("một tin (chưa có danh sách thuê bao)") if is_one else _("%(messages)s thuê bao")
    parts = [f"{told}, {whom}"]
    parts += [_("không nhận tin dài thế này: %(refused)s")] if priced.refused else []
    return (". ".join((*parts, _("theo %(sources)s"))) % words) + "."
