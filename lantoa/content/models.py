"""Messages in versions and the renderings made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Campaign
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from pathlib import Path


TRANSCRIPTS = (".vtt", ".words.json")
"""What lies beside a bulletin's sound: its words with their times, for players (WebVTT) and for programs."""


class Message(models.Model):
    """One version of the words for one purpose; facts stand in it by key. Versions are added, never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    key = models.SlugField(_("Khóa"), max_length=60)
    language = models.CharField(_("Ngôn ngữ"), max_length=5, default="vi")
    version = models.PositiveIntegerField(_("Phiên bản"), default=1)
    title = models.CharField(_("Tiêu đề"), max_length=300, blank=True)
    text = models.TextField(_("Nội dung"))
    is_question = models.BooleanField(_("Hỏi - đáp"), default=False)
    is_optional = models.BooleanField(_("Bỏ qua được khi thiếu dữ kiện"), default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("key", "language", "version")
        constraints = (models.UniqueConstraint("campaign", "key", "language", "version", name="message_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class RenderingQuerySet(models.QuerySet["Rendering"]):
    """Reads of renderings."""

    def for_user(self, user: User) -> RenderingQuerySet:
        """Renderings of campaigns the user may see."""
        return self.filter(campaign__in=Campaign.objects.for_user(user))

    def current(self) -> RenderingQuerySet:
        """Those of the latest kit that go out: the official words, which are Vietnamese."""
        return self.in_every_language().filter(language="vi")

    def in_every_language(self) -> RenderingQuerySet:
        """The latest kit with its translations, which stand beside the official words on the public page."""
        return self.filter(is_current=True)


class Rendering(models.Model):
    """A message made ready for one kind of channel: a pure function of its inputs, known by their hash."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    kind = models.CharField(_("Loại"), max_length=30)
    place = models.ForeignKey(Place, models.PROTECT, related_name="renderings", verbose_name=_("Đơn vị"))
    language = models.CharField(_("Ngôn ngữ"), max_length=5, default="vi")
    hash = models.CharField(max_length=64)
    file_name = models.CharField(_("Tệp"), max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("Cỡ (byte)"))
    title = models.CharField(_("Tiêu đề"), max_length=300)
    words = models.TextField(_("Lời văn"))
    facts = models.JSONField(_("Dữ kiện đã dùng"), default=dict)
    details = models.JSONField(_("Số đo"), default=dict)
    is_current = models.BooleanField(_("Bản mới nhất"), default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(_("Duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = RenderingQuerySet.as_manager()

    class Meta:
        ordering = ("place__code", "kind")
        constraints = (
            models.UniqueConstraint("campaign", "kind", "place", "language", "hash", name="rendering_once"),
            models.UniqueConstraint(
                "campaign",
                "kind",
                "place",
                "language",
                condition=models.Q(is_current=True),
                name="rendering_one_current",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} — {self.place}"

    @property
    def path(self) -> Path:
        """Where the bytes lie in the store."""
        folder: Path = settings.LANTOA_STORE / self.hash[:2]
        return folder / (self.hash + self.suffix)

    @property
    def name_in_kit(self) -> str:
        """The file's name among those of its place: two languages of one kind do not lie on each other."""
        stem, dot, ending = self.file_name.rpartition(".")
        return self.file_name if self.language == "vi" else f"{stem}.{self.language}{dot}{ending}"

    @property
    def beside(self) -> dict[str, Path]:
        """What goes with the file in the store, by its ending: the times of a bulletin's words."""
        endings = TRANSCRIPTS if self.media_type.startswith("audio/") else ()
        return {ending: self.path.with_suffix(ending) for ending in endings}

    @property
    def suffix(self) -> str:
        """The file's ending, dot included."""
        return "." + self.file_name.rsplit(".", 1)[-1]
