"""What people wrote back, on the desk of whoever looks after their place: the oldest that nobody dealt with first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lantoa.campaigns.models import Campaign
from lantoa.delivery.models import Answer, Recipient
from lantoa.delivery.rules.states import STATE
from lantoa.lib.sheets import Sheet
from lantoa.places.models import Place
from lantoa.residents.models import Resident
from lantoa.web.desk import desk_tabs, forget_open_answers
from lantoa.web.dispatch_forms import NoteForm
from lantoa.web.doors import attempt, page
from lantoa.web.frame import can
from lantoa.web.labels import WIRES, label
from lantoa.web.search import matching
from lantoa.web.tables import as_csv, as_xlsx, page_of
from lantoa.web.templatetags.lantoa import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.web.doors import Asked

ORDERS = {
    "cho": (F("handled_at").asc(nulls_first=True), "at", "pk"),
    "moi": ("-at", "-pk"),
    "noi": ("place__name", "at", "pk"),
}


@page("handle_answer")
def list_answers(request: Asked) -> HttpResponse:
    """Answers by place, those first that nobody dealt with."""
    seen = Answer.objects.all().for_user(request.user)
    rows = _found(request, seen)
    context = {
        "page": page_of(request, rows),
        "places": Place.objects.filter(pk__in=seen.exclude(place=None).order_by().values("place")).order_by("code"),
        "channels": [
            (name, label(WIRES, name))
            for name in sorted(set(seen.order_by().values_list("channel", flat=True)))
        ],
        "open": seen.open().count(),
        "total": seen.count(),
        "tabs": desk_tabs(request),
        "desk_tab": "answers",
    }
    return render(request, "web/desk/answers.html", context)


def _found(request: Asked, rows: Any) -> Any:
    """What `?noi=`, `?kenh=`, `?tt=` and `?tim=` leave, in the order of `?xep=`."""
    asked = request.GET
    if code := asked.get("noi"):
        rows = rows.filter(place__in=Place.objects.under(Place.objects.filter(code=code)))
    if asked.get("kenh"):
        rows = rows.filter(channel=asked["kenh"])
    if asked.get("tt") in {"cho", "xong"}:
        rows = rows.filter(handled_at__isnull=asked["tt"] == "cho")
    if words := asked.get("tim", "").strip():
        rows = rows.filter(pk__in=matching(words, rows.values_list("pk", "text", "address", "place__name", "note")))
    order = ORDERS.get(asked.get("xep", ""), ORDERS["cho"])
    return rows.select_related("place", "dispatch__campaign", "by").order_by(*order)


@page("handle_answer")
def handle(request: Asked, pk: int) -> HttpResponse:
    """One answer beside what is known of whoever wrote it, and the note of what was done."""
    row = get_object_or_404(
        Answer.objects.all().for_user(request.user).select_related("place__parent", "dispatch__campaign", "by"), pk=pk
    )
    form = NoteForm(request.POST or None, initial={"note": row.note})
    if request.method == "POST" and form.is_valid() and attempt(request, lambda: _handle(request, row, form)):
        messages.success(request, _("Đã ghi cách xử lý."))
        return redirect("answers")
    is_ours = row.dispatch is not None and Campaign.objects.for_user(request.user).filter(pk=row.dispatch.campaign_id)
    context = {
        "row": row,
        "form": form,
        "resident": _resident(request, row),
        "recipient": _recipient(row),
        "dispatch": row.dispatch if is_ours else None,
        "tabs": desk_tabs(request),
        "desk_tab": "answers",
    }
    return render(request, "web/desk/answer.html", context)


def _handle(request: Asked, row: Answer, form: NoteForm) -> bool:
    from lantoa.delivery.actions import handle_answer  # noqa: PLC0415 - actions are loaded when one is called

    handle_answer(row, form.cleaned_data["note"], request.user)
    forget_open_answers()
    return True


def _resident(request: Asked, row: Answer) -> Resident | None:
    """Who wrote, for those who may see residents."""
    if not can(request, "see_residents"):
        return None
    seen = Resident.objects.for_user(request.user)
    field = "email__iexact" if "@" in row.address else "phone"
    found: Resident | None = seen.filter(**{field: row.address}).select_related("place").first()
    return found


def _recipient(row: Answer) -> dict[str, Any] | None:
    """What became of the message that was answered."""
    if row.dispatch_id is None or row.person is None:
        return None
    found = Recipient.objects.filter(dispatch=row.dispatch_id, person=row.person).first()
    return {"state": STATE[found.state].value} if found else None


@page("handle_answer")
def export(request: Asked, ending: str) -> HttpResponse:
    """The same answers, all of them, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    columns = (
        _("Lúc"),
        _("Địa bàn"),
        _("Người viết"),
        _("Kênh"),
        _("Nội dung"),
        _("Đã xử lý"),
        _("Người xử lý"),
        _("Đã làm gì"),
    )
    rows = _cells(_found(request, Answer.objects.all().for_user(request.user)))
    sheet = Sheet("tin-tra-loi", _("Tin trả lời"), columns, rows)
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _cells(rows: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator():
        yield (
            moment(row.at), str(row.place or ""), row.address, label(WIRES, row.channel), row.text,
            moment(row.handled_at), str(row.by or ""), row.note,
        )
