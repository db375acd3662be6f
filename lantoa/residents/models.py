"""The register of people and devices: as little as the work needs (Luật 91/2025/QH15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from lantoa.residents.rules import Segment


class ResidentQuerySet(models.QuerySet["Resident"]):
    """Reads of the register."""

    def for_user(self, user: User) -> ResidentQuerySet:
        """Residents of the territories the user may see."""
        return self.filter(place__in=Place.objects.for_user(user))

    def segment(self, segment: Segment, within: Place) -> ResidentQuerySet:
        """Those of a segment who belong to `within`. Raises `ValueError`, in Vietnamese, for a place not there."""
        places = Place.objects.under([within])
        if segment.places:
            named = list(places.filter(code__in=segment.places))
            if missing := sorted(set(segment.places) - {place.code for place in named}):
                raise ValueError(f"{within.name} không có địa bàn mang mã {', '.join(missing)}.")
            places = Place.objects.under(named)
        rows = self.filter(place__in=list(places.values_list("pk", flat=True)))
        if segment.devices:
            rows = rows.filter(device__in=segment.devices)
        if segment.carriers:
            rows = rows.filter(carrier__in=segment.carriers)
        return rows if segment.needs_help is None else rows.filter(needs_help=segment.needs_help)


class Resident(models.Model):
    """One subscriber: a phone number, the household, the device's class. The full IMEI is never kept."""

    class Device(models.TextChoices):
        """What the device can do, as far as is known."""

        UNKNOWN = "unknown", _("Chưa rõ")
        AT_RISK = "at_risk", _("Thuộc diện phải chuyển đổi")
        FINE = "fine", _("Không thuộc diện")

    phone = models.CharField(_("Số điện thoại"), max_length=15, unique=True)
    email = models.EmailField(_("Thư điện tử"), blank=True)
    name = models.CharField(_("Họ và tên"), max_length=100, blank=True)
    household = models.CharField(_("Hộ"), max_length=60, blank=True)
    address = models.CharField(_("Địa chỉ"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="residents", verbose_name=_("Địa bàn"))
    device = models.CharField(_("Thiết bị"), max_length=10, choices=Device.choices, default=Device.UNKNOWN)
    device_model = models.CharField(_("Kiểu máy"), max_length=100, blank=True)
    tac = models.CharField(_("TAC"), max_length=8, blank=True)
    carrier = models.CharField(_("Nhà mạng"), max_length=40, blank=True)
    needs_help = models.BooleanField(_("Cần giúp đỡ"), default=False)
    source = models.CharField(_("Nguồn"), max_length=100, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = ResidentQuerySet.as_manager()

    class Meta:
        ordering = ("place__code", "household", "name")

    def __str__(self) -> str:
        return self.name or self.phone
