"""Places (territories and organisations in one dated tree) and the people who work in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lantoa.places.rules import PlaceFacts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of the tree."""

    def on(self, day: dt.date) -> PlaceQuerySet:
        """Places that exist on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def under(self, places: Iterable[Place]) -> PlaceQuerySet:
        """These places and all below them."""
        found = {place.pk for place in places}
        edge = set(found)
        while edge:
            edge = set(self.model.objects.filter(parent_id__in=edge).values_list("pk", flat=True)) - found
            found |= edge
        return self.filter(pk__in=found)

    def for_user(self, user: User) -> PlaceQuerySet:
        """What the user may see: the place they work in and all below it; a superuser sees all."""
        if user.is_superuser:
            return self
        return self.under([user.territory]) if user.territory else self.none()


class Place(models.Model):
    """A node of the dated tree: a territory (quận, phường, tổ dân phố) or an organisation in it.

    A national code alone does not name a place: codes were reused in the 2025 mergers, so the key is the code
    with the day it became valid.
    """

    class Kind(models.TextChoices):
        """What the node is; the first four are territories, the rest organisations."""

        PROVINCE = "province", _("Tỉnh, thành phố")
        DISTRICT = "district", _("Quận, huyện")
        WARD = "ward", _("Xã, phường, đặc khu")
        NEIGHBOURHOOD = "neighbourhood", _("Thôn, tổ dân phố")
        COMMITTEE = "committee", _("Ủy ban nhân dân")
        OFFICE = "office", _("Văn phòng")
        SECTION = "section", _("Phòng chuyên môn")
        SERVICE_UNIT = "service_unit", _("Đơn vị sự nghiệp")
        PARTY_OFFICE = "party_office", _("Cơ quan Đảng")
        FRONT = "front", _("Ủy ban MTTQ Việt Nam")
        MASS_ORGANISATION = "mass_organisation", _("Tổ chức đoàn thể")
        POLICE = "police", _("Công an")
        SCHOOL = "school", _("Trường học")
        STATION = "station", _("Đài truyền thanh")
        DIGITAL_TEAM = "digital_team", _("Tổ công nghệ số cộng đồng")
        PROJECT06_TEAM = "project06_team", _("Tổ công tác Đề án 06")

    code = models.CharField(_("Mã"), max_length=40)
    name = models.CharField(_("Tên"), max_length=200)
    kind = models.CharField(_("Loại"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(_("Có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("Đến hết ngày"), null=True, blank=True)
    email = models.EmailField(_("Thư điện tử"), blank=True)
    phone = models.CharField(_("Điện thoại"), max_length=30, blank=True)
    portal_url = models.URLField(_("Cổng thông tin"), blank=True)
    fanpage = models.URLField(_("Fanpage"), blank=True)
    loudspeaker = models.CharField(_("Đài truyền thanh"), max_length=40, blank=True)
    leader = models.CharField(_("Tổ trưởng, trưởng thôn"), max_length=100, blank=True)
    """Of a neighbourhood: whom its people ask; `phone` is their number."""
    meeting_house = models.CharField(_("Nhà văn hóa, nơi họp"), max_length=200, blank=True)
    aliases = models.JSONField(_("Tên gọi khác"), default=list, blank=True)
    is_sample = models.BooleanField(_("Dữ liệu mẫu"), default=False)

    objects: ClassVar = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint("code", "valid_from", name="place_code_valid_from"),
            models.UniqueConstraint("code", condition=Q(valid_from__isnull=True), name="place_code_always_valid"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="place_valid_period",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """A neighbourhood, or its team, with their unit, as every ward has a first one; another place by its name."""
        above = self.parent
        if above is not None and above.kind == Place.Kind.NEIGHBOURHOOD:
            above = above.parent
        elif self.kind != Place.Kind.NEIGHBOURHOOD:
            above = None
        return f"{self.name}, {above}" if above is not None else self.name

    @property
    def is_territory(self) -> bool:
        """Whether people live in it, as against work in it."""
        return self.kind in TERRITORIES

    def facts(self) -> PlaceFacts:
        """The node as the rules see it."""
        return PlaceFacts(
            id=self.pk,
            code=self.code,
            name=self.name,
            kind=self.kind,
            parent_id=self.parent_id,
            aliases=tuple(self.aliases),
        )


TERRITORIES = frozenset({Place.Kind.PROVINCE, Place.Kind.DISTRICT, Place.Kind.WARD, Place.Kind.NEIGHBOURHOOD})


class User(AbstractUser):
    """A person who signs in: where they work and what they are there."""

    class Role(models.TextChoices):
        """What a person does; what each may do is in `rules.MAY`."""

        OFFICER = "officer", _("Cán bộ văn hóa - thông tin")
        LEADER = "leader", _("Lãnh đạo")
        CLERK = "clerk", _("Văn thư")
        UNIT_OFFICER = "unit_officer", _("Cán bộ đơn vị")
        OPERATOR = "operator", _("Người vận hành đài")
        FIELD_WORKER = "field_worker", _("Thành viên tổ công nghệ số")

    name = models.CharField(_("Họ và tên"), max_length=100, blank=True)
    role = models.CharField(_("Vai trò"), max_length=20, choices=Role.choices, default=Role.UNIT_OFFICER)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="users")

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def territory(self) -> Place | None:
        """The territory whose work the user sees: the nearest one at or above where they work."""
        place = self.place
        while place is not None and not place.is_territory:
            place = place.parent
        return place
