"""Who wants no more messages, from whatever campaign: the list, one added by hand, one taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lantoa.channels.wire import Reaches
from lantoa.delivery.models import Suppression
from lantoa.lib.sheets import Sheet
from lantoa.residents.models import Resident
from lantoa.web.desk import desk_tabs
from lantoa.web.dispatch_forms import RefusalForm
from lantoa.web.doors import attempt, page
from lantoa.web.frame import can
from lantoa.web.labels import REACHES, label
from lantoa.web.search import matching
from lantoa.web.tables import as_csv, as_xlsx, ordered, page_of
from lantoa.web.templatetags.lantoa import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lantoa.web.doors import Asked

ORDERS = {"luc": "at", "dia-chi": "address", "nguon": "source"}


@page("suppress")
def list_refusals(request: Asked) -> HttpResponse:
    """Every refusal this person may see, the latest first, and the form for one more."""
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempt(request, lambda: _refuse(request, form)):
        messages.success(request, _("Đã ghi: địa chỉ này không được gửi tin nữa."))
        return redirect("refusals")
    seen = Suppression.objects.all().for_user(request.user)
    shown = page_of(request, _found(request, seen))
    names = _names(request, shown)
    context = {
        "page": shown,
        "rows": [(row, names.get(row.address)) for row in shown],
        "form": form,
        "sources": Suppression.Source.choices,
        "kinds": [(one.value, label(REACHES, one.value)) for one in Reaches],
        "total": seen.count(),
        "tabs": desk_tabs(request),
        "desk_tab": "refusals",
    }
    return render(request, "web/desk/refusals.html", context)


def _refuse(request: Asked, form: RefusalForm) -> bool:
    from lantoa.delivery.actions import refuse_messages  # noqa: PLC0415 - actions are loaded when one is called

    sent = form.cleaned_data
    refuse_messages(form.reaches, sent["address"], sent["why"], request.user)
    return True


def _found(request: Asked, rows: Any) -> Any:
    """What `?nguon=`, `?loai=` and `?tim=` leave, in the order of `?xep=`."""
    asked = request.GET
    if asked.get("nguon") in Suppression.Source.values:
        rows = rows.filter(source=asked["nguon"])
    if asked.get("loai"):
        rows = rows.filter(reaches=asked["loai"])
    if words := asked.get("tim", "").strip():
        digits = words.replace(" ", "").replace(".", "")
        if digits.isdecimal():
            rows = rows.filter(address__contains=digits)
        else:
            rows = rows.filter(pk__in=matching(words, rows.values_list("pk", "address", "why")))
    return rows.select_related("by").order_by(ordered(request, ORDERS, "-luc"), "-pk")


def _names(request: Asked, rows: Iterable[Suppression]) -> dict[str, Resident]:
    """Residents behind addresses, for those who may see residents."""
    if not can(request, "see_residents"):
        return {}
    addresses = [row.address for row in rows]
    seen = Resident.objects.for_user(request.user).select_related("place__parent")
    by_mail = {one.email.lower(): one for one in seen.filter(email__in=addresses)}
    return by_mail | {one.phone: one for one in seen.filter(phone__in=addresses)}


@page("suppress")
def allow(request: Asked, pk: int) -> HttpResponse:
    """Ask whether its owner wants messages again, and take the refusal back."""
    row = get_object_or_404(Suppression.objects.all().for_user(request.user), pk=pk)
    if request.method == "POST":
        from lantoa.delivery.actions import allow_messages  # noqa: PLC0415 - actions are loaded when one is called

        allow_messages(row, request.user)
        messages.success(request, _("Đã bỏ lời từ chối: địa chỉ này lại được nhận tin."))
        return redirect("refusals")
    names = _names(request, [row])
    context = {"row": row, "resident": names.get(row.address), "tabs": desk_tabs(request), "desk_tab": "refusals"}
    return render(request, "web/desk/allow_messages.html", context)


@page("suppress")
def export(request: Asked, ending: str) -> HttpResponse:
    """The same refusals, all of them, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    columns = (_("Địa chỉ"), _("Loại"), _("Nguồn"), _("Lúc"), _("Người ghi"), _("Ghi chú"))
    rows = _cells(_found(request, Suppression.objects.all().for_user(request.user)))
    sheet = Sheet("tu-choi-nhan-tin", _("Từ chối nhận tin"), columns, rows)
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _cells(rows: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator():
        address = _("một trình duyệt") if row.reaches == Reaches.BROWSER.value else row.address
        kind, source = label(REACHES, row.reaches), row.get_source_display()
        yield address, kind, source, moment(row.at), str(row.by or ""), row.why
