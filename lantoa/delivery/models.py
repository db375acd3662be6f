"""Exposures (publications and deliveries) and corrections: the ledger of who holds which version of which fact."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Assignment, Campaign, Fact
from lantoa.channels.base import SHOWN, STATE_LABELS, WAITING, State
from lantoa.content.models import Rendering
from lantoa.places.models import Place, User

STATES = [(state.value, _(STATE_LABELS[state])) for state in State]


E = TypeVar("E", bound="Exposure")


class ExposureQuerySet(models.QuerySet[E]):
    """Reads of exposures."""

    def live(self) -> ExposureQuerySet[E]:
        """What stands in front of someone now."""
        return self.filter(live_to__isnull=True, state__in=[state.value for state in SHOWN])

    def waiting(self) -> ExposureQuerySet[E]:
        """Written down but not out yet: a run that was cut off goes on here."""
        return self.filter(state__in=[state.value for state in WAITING])

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


class Correction(models.Model):
    """What a changed fact asks for, planned before anything is touched and carried out by one approval."""

    class State(models.TextChoices):
        """Where the correction stands."""

        PLANNED = "planned", _("Đã lập kế hoạch")
        CARRIED_OUT = "carried_out", _("Đã thực hiện")

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    facts = models.ManyToManyField(Fact, related_name="corrections")
    state = models.CharField(_("Trạng thái"), max_length=12, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField(auto_now_add=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.campaign} — {self.get_state_display()}"


class CorrectionAct(models.Model):
    """One act of a correction: replace what is shown, follow up with a notice, or give someone a task."""

    class Act(models.TextChoices):
        """How a channel can be put right."""

        REPLACE = "replace", _("Thay bản mới")
        FOLLOW_UP = "follow_up", _("Gửi thông báo đính chính")
        TASK = "task", _("Giao việc thay bản đã dán, đã phát")

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="acts")
    act = models.CharField(_("Cách làm"), max_length=10, choices=Act.choices)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, blank=True, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="+")
    rendering = models.ForeignKey(Rendering, models.PROTECT, null=True, blank=True, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint("correction", "act", "publication", name="correction_act_once_a_publication"),
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
