"""The register of incoming letters (sổ văn bản đến), in the ten columns of NĐ 30/2020, Phụ lục IV."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lantoa.letters.models import SOON, Arrival, Confirmation, IncomingLetter
from lantoa.letters.rules.duplicates import Compared, exchanged
from lantoa.letters.rules.handling import proposed_due
from lantoa.lib.sheets import Sheet
from lantoa.places.models import TERRITORIES, Place
from lantoa.web.doors import attempt, page
from lantoa.web.frame import can
from lantoa.web.labels import DOC_TYPES, label
from lantoa.web.letter_forms import HandlingForm
from lantoa.web.search import matching
from lantoa.web.tables import as_xlsx, ordered, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from lantoa.web.doors import Asked

COLUMNS = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu",
    "Ngày văn bản",
    "Tên loại và trích yếu nội dung",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
"""The form's own words, whatever language the pages are in."""
ORDERS = {
    "so": "year",
    "ngay-den": "arrived_on",
    "tac-gia": "content__issuer",
    "ngay-van-ban": "content__date",
    "han": "due_on",
}
SORTED_COLUMNS = {0: "ngay-den", 1: "so", 2: "tac-gia", 4: "ngay-van-ban"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register on screen: the row, its ten columns, and what waits for a person."""

    row: IncomingLetter
    cells: tuple[str, ...]
    doubts: int
    due: str
    tone: str


@page("see_campaign")
def list_letters(request: Asked) -> HttpResponse:
    """The register of one year (`?nam=`), filtered, searched and sorted; `?in=1` lays it out for printing."""
    if request.GET.get("in"):
        return _printed(request)
    seen = IncomingLetter.objects.for_user(request.user)
    shown = page_of(request, _sorted(request, found(request)))
    today = timezone.localdate()
    columns = [(name, SORTED_COLUMNS.get(place, "")) for place, name in enumerate(COLUMNS)]
    context = {
        "page": shown,
        "lines": [_entry(row, today) for row in shown],
        "columns": COLUMNS,
        "headings": [*columns, (_("Hạn xử lý"), "han")],
        "sorted_by": request.GET.get("xep", "-so"),
        "years": sorted(seen.order_by().values_list("year", flat=True).distinct(), reverse=True),
        "states": _states(),
        "ways": Arrival.Way.choices,
        "total": shown.paginator.count,
        "unread": Arrival.objects.for_user(request.user).unread().count() if can(request, "register_letter") else 0,
        "may_handle": can(request, "register_letter"),
    }
    return render(request, "web/register.html", context)


def _printed(request: Asked) -> HttpResponse:
    rows = list(found(request).order_by("year", "ordinal"))
    context = {
        "lines": [cells(row) for row in rows],
        "columns": COLUMNS,
        "first": rows[0] if rows else None,
        "last": rows[-1] if rows else None,
        "days": (register_day(rows[0].arrived_on), register_day(rows[-1].arrived_on)) if rows else (),
    }
    return render(request, "web/register_print.html", context)


def found(request: Asked) -> Any:
    """The letters of the year, state, way and words asked for."""
    rows = IncomingLetter.objects.for_user(request.user).select_related("book", "handled_by", "campaign")
    rows = rows.select_related("resembles", "duplicate_of").prefetch_related("confirmations__by")
    if (year := request.GET.get("nam", "")).isdecimal():
        rows = rows.filter(year=int(year))
    if (way := request.GET.get("cach")) in Arrival.Way.values:
        rows = rows.filter(pk__in=Arrival.objects.filter(way=way).values("letter"))
    rows = in_state(rows, request.GET.get("tt", ""), timezone.localdate())
    if words := request.GET.get("tim", "").strip():
        named = rows.values_list(
            "pk", "subject", "content__issuer", "content__number", "content__symbol", "ordinal", "note"
        )
        rows = rows.filter(pk__in=matching(words, named))
    return rows


def _states() -> list[tuple[str, str]]:
    return [
        ("qua-han", _("Quá hạn")),
        ("den-han", _("Sắp đến hạn")),
        ("chua-chuyen", _("Chưa chuyển")),
        ("con-ngo", _("Còn điều ngờ")),
        ("nghi-trung", _("Có thể trùng")),
        ("xong", _("Đã xử lý xong")),
    ]


def in_state(rows: Any, state: str, today: dt.date) -> Any:
    """The letters in one of the states a page offers; all when none is named."""
    if state == "con-ngo":
        looked_at = rows.filter(pk__in=Confirmation.objects.values("letter"))
        return rows.exclude(content__doubts=[]).exclude(pk__in=[row.pk for row in looked_at if not row.letter.doubts])
    kept = {
        "qua-han": lambda: rows.overdue(today),
        "den-han": lambda: rows.due_soon(today),
        "chua-chuyen": rows.unforwarded,
        "nghi-trung": lambda: rows.exclude(resembles=None),
        "xong": lambda: rows.exclude(done_on=None),
    }
    return kept[state]() if state in kept else rows


def _sorted(request: Asked, rows: Any) -> Any:
    first = ordered(request, ORDERS, "-so")
    turned = "-" if first.startswith("-") else ""
    return rows.order_by(first, f"{turned}year", f"{turned}ordinal")


def _entry(row: IncomingLetter, today: dt.date) -> Entry:
    tone, due = _due(row, today)
    return Entry(row, cells(row), len(row.letter.doubts), due, tone)


def _due(row: IncomingLetter, today: dt.date) -> tuple[str, str]:
    """The colour and the words of a deadline."""
    if row.done_on:
        return "good", _("xong %(day)s") % {"day": register_day(row.done_on)}
    if row.due_on is None or row.duplicate_of_id:
        return "plain", ""
    left = (row.due_on - today).days
    if left < 0:
        return "bad", ngettext("quá hạn %(days)s ngày", "quá hạn %(days)s ngày", -left) % {"days": -left}
    if left == 0:
        return "wait", _("hôm nay")
    words = ngettext("còn %(days)s ngày", "còn %(days)s ngày", left) % {"days": left}
    return ("wait" if row.due_on <= today + SOON else "plain"), words


def cells(row: IncomingLetter) -> tuple[str, ...]:
    """The ten columns of one letter; the note says first when it is a copy of another."""
    letter = row.letter
    copy = f"Bản trùng của số đến {_told(row.duplicate_of)}" if row.duplicate_of else ""
    return (
        register_day(row.arrived_on),
        f"{row.ordinal:02d}",
        letter.issuer or "",
        letter.number_symbol or "",
        register_day(letter.date) if letter.date else letter.date_partial or "",
        f"{label(DOC_TYPES, letter.doc_type)}: {row.subject}".removesuffix(": "),
        str(row.handled_by or ""),
        register_day(row.forwarded_on),
        "",
        ". ".join(part for part in (copy, row.note) if part),
    )


def _told(row: IncomingLetter) -> str:
    return f"{row.ordinal:02d} ngày {register_day(row.arrived_on)}"


def register_day(day: dt.date | str | None) -> str:
    """`03/02/2024`, `27/7/2024`: days under 10 and the months 1 and 2 have their nought (NĐ 30/2020, Phụ lục IV)."""
    if not day:
        return ""
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month <= 2 else f"{day.day:02d}/{day.month}/{day.year}"


@page("see_campaign")
def export(request: Asked) -> HttpResponse:
    """The register as a workbook."""
    year = request.GET.get("nam", "")
    name = f"so-van-ban-den-{year}" if year.isdecimal() else "so-van-ban-den"
    return as_xlsx(Sheet(name, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", COLUMNS, _rows(request)))


def _rows(request: Asked) -> Iterator[tuple[str, ...]]:
    yield from (cells(row) for row in found(request).order_by("year", "ordinal"))


@page("register_letter")
def handle(request: Asked, pk: int) -> HttpResponse:
    """Who deals with a letter and by when; whether it is a copy of another; how it came."""
    row = _row(request, pk)
    initial = {name: getattr(row, name) for name in ("handled_by", "forwarded_on", "due_on", "done_on", "note")}
    form = HandlingForm(request.POST or None, places=_offices(row.book), initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(request, lambda: _handle(request, row, form)):
        messages.success(request, _("Đã ghi vào sổ."))
        return redirect("register")
    arrivals = list(row.arrivals.select_related("by"))
    proposed = proposed_due(row.letter, row.arrived_on)
    context = {"row": row, "letter": row.letter, "form": form, "arrivals": arrivals, "proposed": proposed}
    if row.resembles:
        context["pair"] = [(one, one.letter) for one in (row, row.resembles)]
        here, there = (Compared(one.letter, one.text) for one in (row, row.resembles))
        context["differences"] = exchanged(here, there)
    return render(request, "web/register_handle.html", context)


def _handle(request: Asked, row: IncomingLetter, form: HandlingForm) -> bool:
    from lantoa.letters.actions import Handling, handle_letter  # noqa: PLC0415 - verbs are loaded when one is called

    handle_letter(row, Handling(**form.cleaned_data), request.user)
    return True


@page("register_letter")
@require_POST
def settle(request: Asked, pk: int) -> HttpResponse:
    """Whether a letter is a copy of the one it resembles."""
    from lantoa.letters.actions import settle_duplicate  # noqa: PLC0415 - verbs are loaded when one is called

    row = _row(request, pk)
    is_duplicate = request.POST.get("la") == "ban-trung"
    attempt(request, lambda: settle_duplicate(row, request.user, is_duplicate=is_duplicate))
    return redirect("handle_letter", pk)


def _row(request: Asked, pk: int) -> IncomingLetter:
    seen = IncomingLetter.objects.for_user(request.user)
    seen = seen.select_related("book", "handled_by", "resembles", "duplicate_of")
    row: IncomingLetter = get_object_or_404(seen, pk=pk)
    return row


def _offices(book: Place) -> Any:
    """Whom a letter may be given to: the offices under the place whose book it stands in, else all that is there."""
    below = Place.objects.on(timezone.localdate()).under([book])
    offices = below.exclude(kind__in=TERRITORIES)
    return offices if offices.exists() else below
