"""Visits by community teams."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Campaign
from lantoa.places.models import Place, User
from lantoa.residents.models import Resident


class VisitQuerySet(models.QuerySet["Visit"]):
    """Reads of visits."""

    def for_user(self, user: User) -> VisitQuerySet:
        """Visits in the territories the user may see."""
        return self.filter(place__in=Place.objects.for_user(user))


class Visit(models.Model):
    """One call at a door by a team member, perhaps offline.

    `device_key` makes it the same visit however often it is sent.
    """

    class Result(models.TextChoices):
        """How far the person got: each stage of the funnel includes those before it."""

        ABSENT = "absent", _("Không gặp")
        TOLD = "told", _("Đã báo tin")
        CHECKED = "checked", _("Đã kiểm tra máy")
        HELPED = "helped", _("Đã hỗ trợ")
        CONVERTED = "converted", _("Đã chuyển đổi")
        VERIFIED = "verified", _("Đã gọi thử được")
        REFUSED = "refused", _("Từ chối")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits", verbose_name=_("Tổ dân phố"))
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="visits")
    household = models.CharField(_("Hộ"), max_length=60, blank=True)
    result = models.CharField(_("Kết quả"), max_length=10, choices=Result.choices)
    note = models.TextField(_("Ghi chú"), blank=True)
    visited_at = models.DateTimeField(_("Thăm lúc"))
    device_key = models.UUIDField(unique=True)
    received_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-visited_at",)

    def __str__(self) -> str:
        return f"{self.household or self.resident}: {self.get_result_display()}"
