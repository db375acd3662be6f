"""Proofs of work done, and the history nobody can quietly rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Assignment, Campaign
from lantoa.places.models import User

if TYPE_CHECKING:
    from pathlib import Path


class Proof(models.Model):
    """A file or address that shows an assignment was carried out."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="proofs")
    file_name = models.CharField(_("Tệp"), max_length=200, blank=True)
    hash = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    url = models.URLField(_("Đường dẫn"), blank=True, max_length=500)
    note = models.TextField(_("Ghi chú"), blank=True)
    attached_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(hash="", url=""), name="proof_has_file_or_url"),)

    def __str__(self) -> str:
        return self.file_name or self.url

    @property
    def path(self) -> Path:
        """Where the file lies in the store."""
        folder: Path = settings.LANTOA_STORE / self.hash[:2]
        return folder / self.hash


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    """Reads of the history."""

    def for_user(self, user: User) -> HistoryQuerySet:
        """Entries of campaigns the user may see."""
        return self.filter(campaign__in=Campaign.objects.for_user(user))


class HistoryEntry(models.Model):
    """One thing done. Each entry carries the hash of the one before: a changed or missing entry shows."""

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(_("Lúc"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("Người làm"))
    verb = models.CharField(_("Việc"), max_length=60)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="history")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(_("Chi tiết"), default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"
