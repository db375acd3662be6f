"""One message to many people: the dispatch, its recipients and chunks, and what comes back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Campaign
from lantoa.content.models import Rendering
from lantoa.delivery.models.exposures import Correction
from lantoa.places.models import Place, User
from lantoa.residents.models import Resident


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    """Reads of dispatches."""

    def for_user(self, user: User) -> DispatchQuerySet:
        """Dispatches of campaigns the user may see."""
        return self.filter(campaign__in=Campaign.objects.for_user(user))

    def unfinished(self) -> DispatchQuerySet:
        """Those in which somebody may still be sent something."""
        return self.exclude(state__in=[Dispatch.State.DONE, Dispatch.State.CANCELLED])

    def waiting_for_a_person(self) -> DispatchQuerySet:
        """Those that go no further until somebody says so: planned, or paused; a correction has a page of its own."""
        planned = Q(state=Dispatch.State.PLANNED, falls_back_from=None, correction=None)
        return self.filter(planned | Q(state=Dispatch.State.PAUSED))


class Dispatch(models.Model):
    """One message to many people by one channel: who they are is in `Recipient`, the words in `DispatchWords`."""

    class State(models.TextChoices):
        """Where the dispatch stands; what the engine may do with it."""

        PLANNED = "planned", _("Chờ xác nhận")
        RUNNING = "running", _("Đang gửi")
        PAUSED = "paused", _("Tạm dừng")
        CANCELLED = "cancelled", _("Đã hủy")
        DONE = "done", _("Đã gửi xong")

    class Lane(models.IntegerChoices):
        """Who goes first: a correction overtakes everything."""

        URGENT = 0, _("Khẩn")
        BULK = 1, _("Thường")

    class Audience(models.TextChoices):
        """Where the people come from."""

        RESIDENTS = "residents", _("Người dân")
        PLACES = "places", _("Cơ quan, đơn vị")
        BROWSERS = "browsers", _("Người đăng ký nhận thông báo trên trình duyệt")

    class Unknown(models.TextChoices):
        """What is done where nobody knows whether it went."""

        ASK = "ask", _("Hỏi cán bộ")
        AGAIN = "again", _("Gửi lại")
        LEAVE = "leave", _("Để nguyên")

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    channel = models.CharField(_("Kênh"), max_length=30)
    rendering_kind = models.CharField(_("Loại nội dung"), max_length=30)
    words = models.CharField(max_length=64)
    """A hash of all its words: the same words by the same channel are the same dispatch."""
    audience = models.CharField(_("Người nhận"), max_length=12, choices=Audience.choices)
    segment = models.CharField(_("Nhóm"), max_length=300, blank=True)
    reaches = models.CharField(max_length=10)
    """What an address of its channel is (`channels.wire.Reaches`)."""
    lane = models.PositiveSmallIntegerField(_("Làn"), choices=Lane.choices, default=Lane.BULK)
    priority = models.SmallIntegerField(_("Ưu tiên"), default=0)
    state = models.CharField(_("Trạng thái"), max_length=10, choices=State.choices, default=State.PLANNED)
    why = models.TextField(_("Lý do"), blank=True)
    """Of a pause, in words."""
    hours = models.CharField(_("Giờ được gửi"), max_length=11, blank=True)
    """`07:00-21:00` local time; empty is any hour."""
    not_before = models.DateTimeField(_("Không gửi trước"), null=True, blank=True)
    not_after = models.DateTimeField(_("Không gửi sau"), null=True, blank=True)
    unknown = models.CharField(_("Khi chưa rõ kết quả"), max_length=5, choices=Unknown.choices, default=Unknown.ASK)
    fallback = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="falls_back_from")
    """Whom this channel cannot reach is sent the words of that dispatch instead."""
    correction = models.ForeignKey(Correction, models.SET_NULL, null=True, blank=True, related_name="dispatches")
    tells = models.JSONField(default=list, blank=True)
    """Of a correction: the keys of the facts it tells of."""
    instead_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="taken_over_by")
    """The dispatch whose people it sends new words to, because the old words no longer hold."""
    waves = models.PositiveSmallIntegerField(default=0)
    """How often people were added."""
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(_("Bắt đầu"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Xong"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("Đã xóa danh sách người nhận"), null=True, blank=True)

    objects: ClassVar = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "dispatches"
        constraints = (
            models.UniqueConstraint(
                "campaign",
                "channel",
                "rendering_kind",
                "words",
                name="dispatch_once",
                condition=~models.Q(state="cancelled"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} — {self.channel} — {self.rendering_kind}"

    @property
    def is_notice(self) -> bool:
        """Whether it tells people of a correction, who got words that no longer hold."""
        return self.correction_id is not None and self.instead_of_id is None


class DispatchWords(models.Model):
    """The words of a dispatch for one territory."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="texts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    rendering = models.ForeignKey(Rendering, models.PROTECT, related_name="+")
    facts = models.JSONField(_("Dữ kiện đã cho thấy"), default=dict)

    class Meta:
        constraints = (models.UniqueConstraint("dispatch", "place", name="dispatch_words_once"),)

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.rendering}"


class Recipient(models.Model):
    """One person or office of a dispatch and what became of the message: the ledger's row, there before it leaves.

    The engine reads and writes it by the thousand (`engine/store.py`). States are small numbers (`rules.states`).
    """

    pk = models.CompositePrimaryKey("dispatch_id", "person")
    dispatch = models.ForeignKey(
        Dispatch, models.DO_NOTHING, related_name="recipients", db_constraint=False, db_index=False
    )
    person = models.BigIntegerField()
    """A resident's, a place's or a subscription's number, as the dispatch's audience says."""
    place_id = models.BigIntegerField()
    """Where they belong: whose words they get, and who goes there if nothing arrives."""
    wave = models.SmallIntegerField(default=0)
    state = models.SmallIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    account = models.SmallIntegerField(null=True)
    """By which login it went (`SendingAccount`)."""
    provider_id = models.CharField(max_length=100, null=True)  # noqa: DJ001 - null takes no room, and the indexes leave it out
    code = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null takes no room, and the indexes leave it out
    why = models.CharField(max_length=200, null=True)  # noqa: DJ001 - null takes no room, and the indexes leave it out
    at = models.BigIntegerField(null=True)
    """When the state became this one, in seconds since 1970."""
    due = models.BigIntegerField(null=True)
    """When to try again."""

    def __str__(self) -> str:
        return f"{self.dispatch_id}/{self.person}"


class Part(models.Model):
    """A part of a long message that a receipt will name by a number of its own."""

    provider_id = models.CharField(max_length=100, primary_key=True)
    dispatch_id = models.BigIntegerField()
    person = models.BigIntegerField()
    state = models.SmallIntegerField()

    class Meta:
        indexes = (models.Index("dispatch_id", "person", name="part_of_recipient"),)

    def __str__(self) -> str:
        return self.provider_id


class StrayReport(models.Model):
    """A receipt that names nothing we know yet: another worker may be about to write it down."""

    provider_id = models.CharField(max_length=100, db_index=True)
    state = models.SmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.provider_id


class Chunk(models.Model):
    """A range of a dispatch's people that one worker sends at a time."""

    class State(models.IntegerChoices):
        """Whether there is something to do, somebody does it, or it is done."""

        OPEN = 0, "open"
        LEASED = 1, "leased"
        DONE = 2, "done"

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="chunks", db_index=False)
    wave = models.SmallIntegerField(default=0)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    size = models.IntegerField()
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey("delivery.Worker", models.SET_NULL, null=True, db_index=False)
    begun = models.BigIntegerField(default=-1)
    """What lies at or before this person may have left; what lies behind it has not."""
    not_before = models.BigIntegerField(default=0)
    """Seconds since 1970 before which there is nothing to try again."""
    claimed_at = models.BigIntegerField(default=0)
    offered_at = models.BigIntegerField(default=0)
    """When its number was last given to a job queue, where there is one (`cluster.py`)."""

    class Meta:
        constraints = (models.UniqueConstraint("dispatch", "wave", "first", name="chunk_once"),)
        indexes = (
            models.Index("dispatch", "not_before", "id", name="chunk_open", condition=models.Q(state=0)),
            models.Index("owner", name="chunk_leased", condition=models.Q(state=1)),
        )

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.first}–{self.last}"


class Tally(models.Model):
    """How many recipients of a dispatch are in a state: kept with every change, so that a board never counts rows."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="tallies", db_index=False)
    state = models.SmallIntegerField()
    shard = models.SmallIntegerField(default=0)
    """Each worker adds to its own row."""
    number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = (models.UniqueConstraint("dispatch", "state", "shard", name="tally_once"),)

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.number} × {self.state}"


class SendingAccount(models.Model):
    """A login at a provider, as all workers see it: when its next slot is, and whether it works."""

    channel = models.CharField(_("Kênh"), max_length=30)
    name = models.CharField(_("Tài khoản"), max_length=60)
    next_slot = models.FloatField(default=0)
    """Seconds since 1970: slots before it are given away."""
    is_up = models.BooleanField(_("Đang nối được"), null=True)
    why = models.TextField(_("Vì sao không"), blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("channel", "name", name="sending_account_once"),)

    def __str__(self) -> str:
        return f"{self.channel}/{self.name}"


class Worker(models.Model):
    """A process that sends, as the others see it."""

    host = models.CharField(max_length=100)
    process = models.IntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    beat = models.BigIntegerField(default=0)
    """Counts on while it works; nobody reads a clock from it."""
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.host}:{self.process}"


def sees_everything(user: User) -> bool:
    """Whether every campaign is run from within somebody's territory: what belongs to no known place is theirs."""
    if user.is_superuser or user.territory is None:
        return user.is_superuser
    return not Campaign.objects.exclude(place__in=Place.objects.for_user(user)).exists()


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Reads of refusals."""

    def for_user(self, user: User) -> SuppressionQuerySet:
        """Refusals by residents and offices the user may see, and those the user wrote down."""
        if sees_everything(user):
            return self
        seen = Place.objects.for_user(user)
        residents = Resident.objects.for_user(user)
        found = Q(by=user)
        for field in ("phone", "email"):
            own = [rows.exclude(**{field: ""}).values(field) for rows in (residents, seen)]
            found |= Q(reaches=field) & (Q(address__in=own[0]) | Q(address__in=own[1]))
        return self.filter(found)


class Suppression(models.Model):
    """An address that wants no more messages, from whatever campaign."""

    class Source(models.TextChoices):
        """How we know."""

        REPLY = "reply", _("Nhắn tin từ chối")
        LINK = "link", _("Bấm từ chối")
        COMPLAINT = "complaint", _("Báo thư rác")
        GONE = "gone", _("Địa chỉ không còn")
        PERSON = "person", _("Cán bộ ghi")

    reaches = models.CharField(max_length=10)
    address = models.CharField(_("Địa chỉ"), max_length=1000)
    """As the register or the browser has it."""
    source = models.CharField(_("Nguồn"), max_length=10, choices=Source.choices)
    why = models.CharField(_("Ghi chú"), max_length=300, blank=True)
    at = models.DateTimeField(_("Lúc"), auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint("reaches", "address", name="suppression_once"),)

    def __str__(self) -> str:
        return self.address


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Reads of answers."""

    def for_user(self, user: User) -> AnswerQuerySet:
        """Answers from places the user may see; those from nowhere known are theirs whose campaign it was."""
        if sees_everything(user):
            return self
        seen = Place.objects.for_user(user)
        return self.filter(Q(place__in=seen) | Q(place=None, dispatch__campaign__place__in=seen))

    def open(self) -> AnswerQuerySet:
        """Nobody has dealt with them yet."""
        return self.filter(handled_at=None)


class Answer(models.Model):
    """What somebody wrote back that a person must read."""

    channel = models.CharField(_("Kênh"), max_length=30)
    address = models.CharField(_("Người viết"), max_length=200)
    text = models.TextField(_("Nội dung"))
    dispatch = models.ForeignKey(Dispatch, models.SET_NULL, null=True, blank=True, related_name="answers")
    person = models.BigIntegerField(null=True, blank=True)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("Lúc"), auto_now_add=True)
    handled_at = models.DateTimeField(_("Đã xử lý"), null=True, blank=True)
    note = models.TextField(_("Đã làm gì"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("handled_at", "-id")

    def __str__(self) -> str:
        return f"{self.address}: {self.text[:40]}"


class PushSubscription(models.Model):
    """A browser whose owner asked for notices of one place: what the browser gave, and nothing else."""

    address = models.CharField(max_length=1000, unique=True)
    """The subscription as the browser gave it, JSON with its keys in order."""
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.address[:60]
