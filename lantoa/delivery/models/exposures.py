"""Exposures (publications and deliveries) and corrections: the ledger of who holds which version of which fact."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Assignment, Campaign, Fact
from lantoa.channels.base import FAILED, SHOWN, STATE_LABELS, WAITING, State
from lantoa.content.models import Rendering
from lantoa.places.models import Place, User

STATES = [(state.value, _(STATE_LABELS[state])) for state in State]
UNSENT = sorted(state.value for state in WAITING)
LOST = sorted(state.value for state in FAILED)

E = TypeVar("E", bound="Exposure")


class ExposureQuerySet(models.QuerySet[E]):
    """Reads of exposures."""

    def live(self) -> ExposureQuerySet[E]:
        """What stands in front of someone now."""
        return self.filter(live_to__isnull=True, state__in=[state.value for state in SHOWN])

    def waiting(self) -> ExposureQuerySet[E]:
        """Written down but not out yet: a run that was cut off goes on here."""
        return self.filter(state__in=UNSENT)

    def urgent(self) -> ExposureQuerySet[E]:
        """What a correction sends: it goes ahead of everything else."""
        return self.filter(act__isnull=False)

    def for_user(self, user: User) -> ExposureQuerySet[E]:
        """Exposures of campaigns the user may see."""
        return self.filter(campaign__in=Campaign.objects.for_user(user))


class Exposure(models.Model):
    """What publications and deliveries share: a rendering that stood, or is about to stand, in front of someone."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    rendering = models.ForeignKey(Rendering, models.PROTECT)
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True)
    channel = models.CharField(_("Kênh"), max_length=30)
    channel_kind = models.CharField(_("Loại kênh"), max_length=40)
    facts = models.JSONField(_("Dữ kiện đã cho thấy"), default=dict)
    state = models.CharField(_("Trạng thái"), max_length=20, choices=STATES, default=State.QUEUED.value)
    target = models.CharField(_("Nơi hiện"), max_length=500, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Số lần thử"), default=0)
    error = models.TextField(_("Lỗi"), blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    live_from = models.DateTimeField(_("Hiện từ"), null=True, blank=True)
    live_to = models.DateTimeField(_("Đến"), null=True, blank=True)
    act = models.ForeignKey("delivery.CorrectionAct", models.SET_NULL, null=True, blank=True, related_name="+")
    """The act of a correction it carries out: what has one is urgent."""

    KIND: ClassVar[str]
    """What it is called in data: `publication` or `delivery`."""
    WHERE: ClassVar[str]
    """The field that names the place it stands at or was handed to."""

    class Meta:
        abstract = True
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.rendering} ({self.channel_kind})"

    @property
    def where(self) -> Place:
        """The place it stands at or was handed to."""
        place: Place = getattr(self, self.WHERE)
        return place


class Publication(Exposure):
    """A rendering shown at a place: a page, a post, a bulletin slot, a poster on a board."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="publications", verbose_name=_("Đơn vị đăng"))
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")

    KIND: ClassVar = "publication"
    WHERE: ClassVar = "place"

    objects: ClassVar = ExposureQuerySet["Publication"].as_manager()

    class Meta(Exposure.Meta):
        constraints = (
            models.UniqueConstraint(
                "rendering",
                "channel",
                "channel_kind",
                "place",
                name="publication_once",
                condition=models.Q(live_to__isnull=True),
            ),
        )
        indexes = (
            models.Index("campaign", "act", "id", name="publication_waiting", condition=models.Q(state__in=UNSENT)),
        )


class Delivery(Exposure):
    """A rendering handed to one office or person."""

    recipient = models.ForeignKey(Place, models.PROTECT, related_name="deliveries", verbose_name=_("Người nhận"))
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")

    KIND: ClassVar = "delivery"
    WHERE: ClassVar = "recipient"

    objects: ClassVar = ExposureQuerySet["Delivery"].as_manager()

    class Meta(Exposure.Meta):
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(
                "rendering",
                "channel",
                "channel_kind",
                "recipient",
                name="delivery_once",
                condition=models.Q(live_to__isnull=True),
            ),
        )
        indexes = (
            models.Index("campaign", "act", "id", name="delivery_waiting", condition=models.Q(state__in=UNSENT)),
        )


class Correction(models.Model):
    """What a changed fact asks for, planned before anything is touched and carried out by one approval.

    One that `withdraws` a rendering kind is a withdrawal: nothing comes in its place.
    """

    class State(models.TextChoices):
        """Where the correction stands."""

        PLANNED = "planned", _("Đã lập kế hoạch")
        CARRIED_OUT = "carried_out", _("Đã thực hiện")

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    facts = models.ManyToManyField(Fact, related_name="corrections")
    state = models.CharField(_("Trạng thái"), max_length=12, choices=State.choices, default=State.PLANNED)
    withdraws = models.CharField(_("Thu hồi"), max_length=30, blank=True)
    reason = models.TextField(_("Lý do thu hồi"), blank=True)
    planned_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(_("Xác nhận lúc"), null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.campaign} — {self.get_state_display()}"


class CorrectionActQuerySet(models.QuerySet["CorrectionAct"]):
    """Reads of correction acts."""

    def for_user(self, user: User) -> CorrectionActQuerySet:
        """Acts of campaigns the user may see."""
        return self.filter(correction__campaign__in=Campaign.objects.for_user(user))

    def with_status(self) -> Any:
        """Each with its `status`: `done`, `hands` (somebody has to go there yet), `waiting` or `failed`."""
        in_hand = models.Q(assignment__isnull=False) & ~models.Q(assignment__state=Assignment.State.DONE)
        status = models.Case(
            models.When(models.Q(done_at__isnull=True) & ~models.Q(error=""), then=models.Value("failed")),
            models.When(done_at__isnull=True, then=models.Value("waiting")),
            models.When(in_hand, then=models.Value("hands")),
            default=models.Value("done"),
        )
        return self.annotate(status=status)

    def holding(self) -> Any:
        """Where the old value may still be read: not told yet, not replaced, or on paper that nobody has fetched."""
        return self.with_status().exclude(status="done")


class CorrectionAct(models.Model):
    """One act of a correction on one exposure; what goes out because of it points back at it."""

    class Act(models.TextChoices):
        """How a channel can be put right."""

        REPLACE = "replace", _("Thay bản mới")
        FOLLOW_UP = "follow_up", _("Gửi thông báo đính chính")
        TASK = "task", _("Giao việc thay bản đã dán, đã phát")
        WITHDRAW = "withdraw", _("Gỡ xuống")
        CLOSE = "close", _("Đã được báo giá trị mới, không báo lại")

    # A hundred thousand acts are written at once: an index that another one begins with, or nobody asks, is not kept,
    # and what the statement that writes them has just read is not looked up again for each (`db_constraint`).
    correction = models.ForeignKey(Correction, models.CASCADE, related_name="acts", db_index=False, db_constraint=False)
    act = models.CharField(_("Cách làm"), max_length=10, choices=Act.choices)
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="+")
    rendering = models.ForeignKey(
        Rendering, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects: ClassVar = CorrectionActQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                "correction",
                "act",
                "publication",
                name="correction_act_once_a_publication",
                condition=models.Q(publication__isnull=False),
            ),
            models.UniqueConstraint("correction", "act", "delivery", name="correction_act_once_a_delivery"),
            models.CheckConstraint(
                condition=models.Q(publication__isnull=True) ^ models.Q(delivery__isnull=True),
                name="correction_act_on_one_exposure",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.exposure}"

    @property
    def exposure(self) -> Publication | Delivery:
        """What is put right."""
        exposure = self.publication or self.delivery
        if exposure is None:
            raise ValueError(f"correction act {self.pk} has no exposure")
        return exposure
