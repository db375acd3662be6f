"""The registers: letters that came in and letters that went out (NĐ 30/2020, Phụ lục IV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.letters.rules.letter import Letter
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from collections.abc import Mapping


L = TypeVar("L", bound="RegisteredLetter")


class LetterQuerySet(models.QuerySet[L]):
    """Reads of a register."""

    def for_user(self, user: User) -> LetterQuerySet[L]:
        """Letters in the books of the places the user may see."""
        return self.filter(book__in=Place.objects.for_user(user))


class RegisteredLetter(models.Model):
    """What both registers share: the book it stands in, its ordinal of the year, and the letter itself."""

    book = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("Sổ của"))
    year = models.PositiveSmallIntegerField(_("Năm"))
    ordinal = models.PositiveIntegerField(_("Số"))
    content = models.JSONField(_("Nội dung đọc được"))
    subject = models.TextField(_("Trích yếu"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ("-year", "-ordinal")

    def __str__(self) -> str:
        letter = self.letter
        return f"{letter.number_symbol or _('không số')} — {self.subject}"

    @property
    def letter(self) -> Letter:
        """The `Letter` object."""
        content: Mapping[str, object] = self.content
        return Letter.from_json(content)


class IncomingLetter(RegisteredLetter):
    """A row of the register of incoming letters (sổ văn bản đến)."""

    arrived_on = models.DateField(_("Ngày đến"))
    text = models.TextField(_("Văn bản trích từ tệp"))
    text_hash = models.CharField(max_length=64)
    file_name = models.CharField(_("Tệp gốc"), max_length=255)
    file_hash = models.CharField(max_length=64)
    page_starts = models.JSONField(default=list)
    handled_by = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Đơn vị nhận"),
    )
    note = models.TextField(_("Ghi chú"), blank=True)

    objects: ClassVar = LetterQuerySet["IncomingLetter"].as_manager()

    class Meta(RegisteredLetter.Meta):
        constraints = (
            models.UniqueConstraint("book", "year", "ordinal", name="incoming_ordinal_once_a_year"),
            models.UniqueConstraint("book", "text_hash", name="incoming_text_once"),
        )


class OutgoingLetter(RegisteredLetter):
    """A row of the register of outgoing letters (sổ văn bản đi)."""

    issued_on = models.DateField(_("Ngày ban hành"), null=True, blank=True)
    answers = models.ForeignKey(IncomingLetter, models.PROTECT, null=True, blank=True, related_name="answers_given")
    copies = models.PositiveSmallIntegerField(_("Số lượng bản"), default=1)

    objects: ClassVar = LetterQuerySet["OutgoingLetter"].as_manager()

    class Meta(RegisteredLetter.Meta):
        constraints = (models.UniqueConstraint("book", "year", "ordinal", name="outgoing_ordinal_once_a_year"),)
