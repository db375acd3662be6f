"""Messages in versions and the renderings made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Campaign
from lantoa.content.rules.editing import FIELDS, MOST_OF_TITLE, Words
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from pathlib import Path


TRANSCRIPTS = (".vtt", ".words.json")
"""What lies beside a bulletin's sound: its words with their times, for players (WebVTT) and for programs."""


class Wording(models.Model):
    """What versions and drafts of a message share: which message, in which language, and its words."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    key = models.SlugField(_("Khóa"), max_length=60)
    language = models.CharField(_("Ngôn ngữ"), max_length=5, default="vi")
    title = models.CharField(_("Tiêu đề"), max_length=MOST_OF_TITLE, blank=True)
    text = models.TextField(_("Nội dung"))
    short = models.TextField(_("Bản ngắn"), blank=True)
    long = models.TextField(_("Bản dài"), blank=True)

    class Meta:
        abstract = True

    @property
    def words(self) -> Words:
        """What it says, as the rules read it."""
        return Words(*(getattr(self, name) for name in FIELDS))


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads of message versions."""

    def for_user(self, user: User) -> MessageQuerySet:
        """Messages of campaigns the user may see."""
        return self.filter(campaign__in=Campaign.objects.for_user(user))

    def newest(self) -> MessageQuerySet:
        """The newest version of each message in each language, approved or not."""
        return self.filter(version=self._newest(self.model.objects.all()))

    def in_use(self) -> MessageQuerySet:
        """The newest approved version of each: the words renderings are made of."""
        return self.filter(version=self._newest(self.model.objects.filter(approved_at__isnull=False)))

    def waiting(self) -> MessageQuerySet:
        """New words that nobody with the right has approved yet."""
        return self.newest().filter(approved_at__isnull=True)

    def _newest(self, rows: models.QuerySet[Message]) -> models.Subquery:
        same = rows.filter(**{name: models.OuterRef(name) for name in ("campaign", "key", "language")})
        return models.Subquery(same.order_by("-version").values("version")[:1])


class Message(Wording):
    """One version of the words for one purpose; facts stand in it by key. Versions are added, never changed.

    Version 0 is what the pack says, as it was taken over. Renderings are made of the newest approved version.
    """

    version = models.PositiveIntegerField(_("Phiên bản"), default=1)
    is_question = models.BooleanField(_("Hỏi - đáp"), default=False)
    is_optional = models.BooleanField(_("Bỏ qua được khi thiếu dữ kiện"), default=False)
    reason = models.CharField(_("Vì sao sửa"), max_length=300, blank=True)
    restores = models.PositiveIntegerField(_("Lấy lại phiên bản"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("Duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("key", "language", "version")
        constraints = (models.UniqueConstraint("campaign", "key", "language", "version", name="message_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Draft(Wording):
    """What one person is writing and has not saved as a version: kept as they type, seen by nobody else."""

    title = models.TextField(_("Tiêu đề"), blank=True)
    text = models.TextField(_("Nội dung"), blank=True)
    base = models.PositiveIntegerField(null=True, blank=True)
    """The version it was begun from; none where the message had no words in this language."""
    writer = models.ForeignKey(User, models.CASCADE, related_name="+")
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint("campaign", "key", "language", "writer", name="draft_one_a_writer"),)

    def __str__(self) -> str:
        return f"{self.key}: {self.writer}"


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


class RecordingQuerySet(models.QuerySet["Recording"]):
    """Reads of recordings."""

    def for_user(self, user: User) -> RecordingQuerySet:
        """Recordings of campaigns and places the user may see."""
        seen = self.filter(campaign__in=Campaign.objects.for_user(user))
        return seen if user.is_superuser else seen.filter(place__in=Place.objects.for_user(user))

    def to_be_heard(self) -> RecordingQuerySet:
        """Brought, and nobody has said yet whether it is to be used."""
        return self.filter(accepted_at__isnull=True, dropped_at__isnull=True)

    def in_use(self) -> RecordingQuerySet:
        """Accepted: aired wherever the words it reads are still the words to be read."""
        return self.filter(accepted_at__isnull=False, dropped_at__isnull=True)


class Recording(models.Model):
    """A place's own announcer reading a bulletin's script. It stands for the voice only as long as the script does."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    place = models.ForeignKey(Place, models.PROTECT, related_name="recordings", verbose_name=_("Đơn vị"))
    script = models.TextField(_("Lời đọc"))
    script_hash = models.CharField(max_length=64)
    file_hash = models.CharField(max_length=64)
    """Of the bytes somebody brought, by which they lie in the store."""
    file_name = models.CharField(_("Tệp"), max_length=200)
    hash = models.CharField(max_length=64)
    """Of the bulletin made of it, to be listened to."""
    seconds = models.FloatField(_("Giây"))
    faults = models.JSONField(_("Điều nghe thấy"), default=list)
    sentences = models.JSONField(_("Từng câu"), default=list)
    """Seconds each sentence starts and ends at, and its words as spoken."""
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("Nhận dùng lúc"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(_("Bỏ lúc"), null=True, blank=True)

    objects: ClassVar = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                "campaign",
                "place",
                "script_hash",
                condition=models.Q(accepted_at__isnull=False, dropped_at__isnull=True),
                name="recording_one_in_use",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}: {self.file_name}"

    @property
    def source(self) -> Path:
        """Where the bytes somebody brought lie in the store."""
        return recording_source(self.file_hash)

    @property
    def path(self) -> Path:
        """Where the bulletin made of it lies in the store."""
        return Rendering(hash=self.hash, file_name="ban-tin.mp3").path


def recording_source(file_hash: str) -> Path:
    """Where the bytes of an upload lie in the store, under their own hash and no ending anybody would open."""
    folder: Path = settings.LANTOA_STORE / file_hash[:2]
    return folder / f"{file_hash}.recording"
