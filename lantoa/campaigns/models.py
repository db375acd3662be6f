"""A campaign, its facts in versions, the letter's tasks and who was given them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from lantoa.letters.models import IncomingLetter
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    import datetime as dt


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Reads of campaigns."""

    def for_user(self, user: User) -> CampaignQuerySet:
        """Campaigns run by, or handing work to, a place the user may see."""
        if user.is_superuser:
            return self
        seen = Place.objects.for_user(user)
        return self.filter(Q(place__in=seen) | Q(tasks__assignments__place__in=seen)).distinct()


class Campaign(models.Model):
    """One public-information campaign, opened from one letter with one pack."""

    class State(models.TextChoices):
        """Where the campaign stands."""

        LIVE = "live", _("Đang triển khai")
        CLOSED = "closed", _("Đã kết thúc")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("Tên chiến dịch"), max_length=300)
    letter = models.OneToOneField(IncomingLetter, models.PROTECT, related_name="campaign")
    pack = models.CharField(_("Gói nội dung"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="campaigns", verbose_name=_("Đơn vị chủ trì"))
    state = models.CharField(_("Trạng thái"), max_length=10, choices=State.choices, default=State.LIVE)
    is_rehearsal = models.BooleanField(_("Diễn tập"), default=False)
    as_of = models.DateField(_("Tính đến ngày"))
    opened_at = models.DateTimeField(_("Mở lúc"), auto_now_add=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return self.title


class FactQuerySet(models.QuerySet["Fact"]):
    """Reads of facts."""

    def current(self) -> FactQuerySet:
        """The latest version of each fact."""
        latest = self.model.objects.filter(campaign=OuterRef("campaign"), key=OuterRef("key")).order_by("-version")
        return self.filter(version=Subquery(latest.values("version")[:1]))


class Fact(models.Model):
    """One version of a typed, dated, sourced value. Versions are added, never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="facts")
    key = models.SlugField(_("Khóa"), max_length=60)
    version = models.PositiveIntegerField(_("Phiên bản"))
    kind = models.CharField(_("Kiểu"), max_length=10)
    label = models.CharField(_("Tên dữ kiện"), max_length=200)
    value = models.TextField(_("Giá trị"), null=True, blank=True)  # noqa: DJ001 - null is "not known", "" is a value
    unit = models.CharField(_("Đơn vị"), max_length=30, blank=True)
    known_on = models.DateField(_("Biết từ ngày"))
    legal_basis = models.TextField(_("Căn cứ"), blank=True)
    source = models.TextField(_("Nguồn"))
    note = models.TextField(_("Ghi chú nội bộ"), blank=True)
    reason = models.TextField(_("Vì sao thay đổi"), blank=True)
    is_verified = models.BooleanField(_("Đã kiểm chứng"), default=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        ordering = ("key", "version")
        constraints = (models.UniqueConstraint("campaign", "key", "version", name="fact_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} v{self.version} = {self.value}"


class Task(models.Model):
    """One order of the letter, with the words it came from."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    index = models.CharField(_("Mục"), max_length=20)
    summary = models.TextField(_("Nội dung"))
    assignee_phrases = models.JSONField(_("Giao cho"), default=list)
    channel_kinds = models.JSONField(_("Kênh"), default=list)
    deadline = models.CharField(_("Thời hạn"), max_length=100, blank=True)
    due_on = models.DateField(_("Hạn"), null=True, blank=True)
    report_to = models.CharField(_("Báo cáo về"), max_length=300, blank=True)
    report_deadline = models.CharField(_("Hạn báo cáo"), max_length=100, blank=True)
    evidence = models.TextField(_("Minh chứng"), blank=True)
    span = models.JSONField(null=True, blank=True)
    is_correction = models.BooleanField(_("Việc đính chính"), default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint("campaign", "index", name="task_index_once"),)

    def __str__(self) -> str:
        return f"{self.index}. {self.summary}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Reads of assignments."""

    def for_user(self, user: User) -> AssignmentQuerySet:
        """Work given to places the user may see, and all work of campaigns their own place runs."""
        if user.is_superuser:
            return self
        seen = Place.objects.for_user(user)
        return self.filter(Q(place__in=seen) | Q(task__campaign__place__in=seen))

    def open(self) -> AssignmentQuerySet:
        """Not finished, refused or taken back."""
        return self.filter(state__in=Assignment.OPEN)

    def overdue(self, day: dt.date) -> AssignmentQuerySet:
        """Open after their day."""
        return self.open().filter(due_on__lt=day)


class Assignment(models.Model):
    """A task given to one place. States are those of the national exchange standard (edXML status codes)."""

    class State(models.TextChoices):
        """QCVN 102:2016/BTTTT status codes."""

        ARRIVED = "01", _("Đã đến")
        REFUSED = "02", _("Từ chối tiếp nhận")
        RECEIVED = "03", _("Đã tiếp nhận")
        ASSIGNED = "04", _("Đã phân công")
        IN_HAND = "05", _("Đang xử lý")
        DONE = "06", _("Hoàn thành")
        TAKE_BACK = "13", _("Xin lấy lại")
        TAKEN_BACK = "15", _("Đồng ý lấy lại")
        KEPT = "16", _("Từ chối lấy lại")

    OPEN = (State.ARRIVED, State.RECEIVED, State.ASSIGNED, State.IN_HAND, State.TAKE_BACK, State.KEPT)

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    place = models.ForeignKey(Place, models.PROTECT, related_name="assignments", verbose_name=_("Đơn vị"))
    given_by = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="handed_down")
    phrase = models.CharField(_("Theo cụm từ"), max_length=300)
    state = models.CharField(_("Trạng thái"), max_length=2, choices=State.choices, default=State.ARRIVED)
    due_on = models.DateField(_("Hạn"), null=True, blank=True)
    note = models.TextField(_("Ghi chú"), blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("task_id", "place__code")
        constraints = (models.UniqueConstraint("task", "place", name="assignment_once"),)

    def __str__(self) -> str:
        return f"{self.task.index} → {self.place}"


class Question(models.Model):
    """What the system would not guess: a person answers it."""

    class About(models.TextChoices):
        """What the question is about."""

        ASSIGNEE = "assignee", _("Giao cho ai")
        ADDRESSEE = "addressee", _("Gửi tới ai")
        LETTER = "letter", _("Chi tiết văn bản")
        FACT = "fact", _("Dữ kiện")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="questions")
    about = models.CharField(_("Về"), max_length=10, choices=About.choices)
    subject = models.CharField(_("Cụm từ hoặc trường"), max_length=300)
    why = models.TextField(_("Vì sao phải hỏi"))
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="questions")
    answer = models.TextField(_("Trả lời"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = (F("answered_at").desc(nulls_first=True), "id")
        constraints = (models.UniqueConstraint("campaign", "about", "subject", name="question_once"),)

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.subject}"

    def details(self) -> dict[str, Any]:
        """The question as data."""
        return {
            "id": self.pk,
            "about": self.about,
            "subject": self.subject,
            "why": self.why,
            "answer": self.answer or None,
        }
