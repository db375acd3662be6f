"""The registers: letters that came in and letters that went out (NĐ 30/2020, Phụ lục IV)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lantoa.letters.rules.fields import apply_confirmations
from lantoa.letters.rules.letter import Letter
from lantoa.places.models import Place, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SOON = dt.timedelta(days=3)
"""How long before its deadline a letter is shown as due."""

L = TypeVar("L", bound="RegisteredLetter")


class LetterQuerySet(models.QuerySet[L]):
    """Reads of a register."""

    def for_user(self, user: User) -> LetterQuerySet[L]:
        """Letters in the books of the places the user may see."""
        return self.filter(book__in=Place.objects.for_user(user))


class IncomingLetterQuerySet(LetterQuerySet["IncomingLetter"]):
    """Reads of the register of incoming letters."""

    def open(self) -> IncomingLetterQuerySet:
        """Letters that somebody still has to deal with."""
        return self.filter(done_on=None, duplicate_of=None)

    def overdue(self, today: dt.date) -> IncomingLetterQuerySet:
        """Letters whose deadline has passed."""
        return self.open().filter(due_on__lt=today)

    def due_soon(self, today: dt.date) -> IncomingLetterQuerySet:
        """Letters whose deadline falls within the next days."""
        return self.open().filter(due_on__gte=today, due_on__lte=today + SOON)

    def unforwarded(self) -> IncomingLetterQuerySet:
        """Letters that nobody has been given yet."""
        return self.open().filter(models.Q(handled_by=None) | models.Q(forwarded_on=None))


class LetterMarkQuerySet(models.QuerySet["LetterMark"]):
    """Reads of the marks."""

    def sharing(self, book: Place, marks: Iterable[int], most: int) -> list[int]:
        """Keys of at most `most` letters of a book that have some of these marks, those with most in common first."""
        found = self.filter(book=book, mark__in=list(marks)).values("letter_id")
        counted = found.annotate(shared=models.Count("pk")).order_by("-shared", "-letter_id")
        return [row["letter_id"] for row in counted[:most]]


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Reads of what came in."""

    def for_user(self, user: User) -> ArrivalQuerySet:
        """What came for the books of the places the user may see."""
        return self.filter(book__in=Place.objects.for_user(user))

    def unread(self) -> ArrivalQuerySet:
        """What could not be read and waits for a person."""
        return self.filter(letter=None, is_set_aside=False)


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
    forwarded_on = models.DateField(_("Ngày chuyển"), null=True, blank=True)
    due_on = models.DateField(_("Hạn xử lý"), null=True, blank=True)
    done_on = models.DateField(_("Ngày xử lý xong"), null=True, blank=True)
    resembles = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="resembled_by", verbose_name=_("Có thể trùng với")
    )
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("Là bản trùng của")
    )
    note = models.TextField(_("Ghi chú"), blank=True)

    objects: ClassVar = IncomingLetterQuerySet.as_manager()

    class Meta(RegisteredLetter.Meta):
        constraints = (
            models.UniqueConstraint("book", "year", "ordinal", name="incoming_ordinal_once_a_year"),
            models.UniqueConstraint("book", "text_hash", name="incoming_text_once"),
        )

    @property
    def reading(self) -> Letter:
        """What the reader made of it, before anybody said anything."""
        return super().letter

    @property
    def letter(self) -> Letter:
        """The letter as people settled it; its doubts are those still open."""
        return apply_confirmations(self.reading, self.confirmations.all()) if self.pk else self.reading


class LetterMark(models.Model):
    """A mark by which letters that may be the same are found: of their words, or of number, symbol, issuer, year."""

    book = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    mark = models.BigIntegerField()
    letter = models.ForeignKey(IncomingLetter, models.CASCADE, related_name="marks")

    objects: ClassVar = LetterMarkQuerySet.as_manager()

    class Meta:
        # All a search asks for stands in the index: 50,000 letters are searched without reading one of them.
        indexes = (models.Index("book", "mark", "letter", name="letter_mark"),)

    def __str__(self) -> str:
        return f"{self.mark:x}"


class LetterPages(models.Model):
    """Where each word of a letter stands on its pages, so that a value is shown on the page it was read from."""

    letter = models.OneToOneField(IncomingLetter, models.CASCADE, related_name="pages")
    boxes = models.JSONField()

    def __str__(self) -> str:
        return f"{len(self.boxes['pages'])}"


class Arrival(models.Model):
    """One time something came in, by whatever way: the letter it was, or why it could not be read."""

    class Way(models.TextChoices):
        """How it came."""

        UPLOAD = "upload", _("Tải lên")
        PASTED = "pasted", _("Dán nội dung")
        COMMAND = "command", _("Dòng lệnh")
        MAIL = "mail", _("Thư điện tử")
        WATCHED = "watched", _("Thư mục theo dõi")

    letter = models.ForeignKey(IncomingLetter, models.CASCADE, null=True, blank=True, related_name="arrivals")
    book = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("Sổ của"))
    way = models.CharField(_("Cách đến"), max_length=10, choices=Way.choices)
    at = models.DateTimeField(_("Lúc"), auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sender = models.CharField(_("Người gửi"), max_length=320, blank=True)
    file_name = models.CharField(_("Tệp"), max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True)
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    why = models.TextField(_("Vì sao không đọc được"), blank=True)
    is_set_aside = models.BooleanField(_("Không phải văn bản"), default=False)

    objects: ClassVar = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_way_display()})"


class Confirmation(models.Model):
    """What a person said of one field of a reading. Rows are added, never changed: the last one of a field holds."""

    class Verdict(models.TextChoices):
        """What was said."""

        CONFIRMED = "confirmed", _("Đúng")
        CORRECTED = "corrected", _("Đã sửa")
        ABSENT = "absent", _("Văn bản không ghi")
        REOPENED = "reopened", _("Xem lại")

    letter = models.ForeignKey(IncomingLetter, models.CASCADE, related_name="confirmations")
    path = models.CharField(_("Trường"), max_length=120)
    verdict = models.CharField(_("Kết luận"), max_length=10, choices=Verdict.choices)
    value = models.JSONField(_("Giá trị"), null=True)
    was = models.JSONField(_("Đọc được lúc đầu"), null=True)
    doubts = models.JSONField(_("Điều còn ngờ lúc đó"), default=list)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("Lúc"), auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.path}: {self.get_verdict_display()}"


class OutgoingLetter(RegisteredLetter):
    """A row of the register of outgoing letters (sổ văn bản đi)."""

    issued_on = models.DateField(_("Ngày ban hành"), null=True, blank=True)
    answers = models.ForeignKey(IncomingLetter, models.PROTECT, null=True, blank=True, related_name="answers_given")
    copies = models.PositiveSmallIntegerField(_("Số lượng bản"), default=1)

    objects: ClassVar = LetterQuerySet["OutgoingLetter"].as_manager()

    class Meta(RegisteredLetter.Meta):
        constraints = (models.UniqueConstraint("book", "year", "ordinal", name="outgoing_ordinal_once_a_year"),)
