"""The register of incoming letters (sổ văn bản đến), in the ten columns of NĐ 30/2020, Phụ lục IV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from lantoa.letters.models import IncomingLetter
from lantoa.web.doors import page
from lantoa.web.labels import DOC_TYPES, label
from lantoa.web.search import matching
from lantoa.web.tables import Sheet, as_xlsx, page_of
from lantoa.web.templatetags.lantoa import day

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


@page("see_campaign")
def list_letters(request: Asked) -> HttpResponse:
    """The register of one year (`?nam=`), found by words; `?in=1` lays it out for printing."""
    seen = IncomingLetter.objects.for_user(request.user)
    rows = found(request)
    shown = rows if request.GET.get("in") else page_of(request, rows)
    context = {
        "page": shown,
        "lines": [(row, cells(row)) for row in shown],
        "columns": COLUMNS,
        "years": sorted(set(seen.order_by().values_list("year", flat=True)), reverse=True),
        "total": len(rows),
    }
    return render(request, "web/register_print.html" if request.GET.get("in") else "web/register.html", context)


def found(request: Asked) -> Any:
    """The letters of the year and words asked for."""
    rows = IncomingLetter.objects.for_user(request.user).select_related("book", "handled_by", "campaign")
    if (year := request.GET.get("nam", "")).isdecimal():
        rows = rows.filter(year=int(year))
    if words := request.GET.get("tim", "").strip():
        named = rows.values_list(
            "pk", "subject", "content__issuer", "content__number", "content__symbol", "ordinal", "note"
        )
        rows = rows.filter(pk__in=matching(words, named))
    return rows


def cells(row: IncomingLetter) -> tuple[str, ...]:
    """The ten columns of one letter."""
    letter = row.letter
    return (
        day(row.arrived_on),
        f"{row.ordinal:02d}",
        letter.issuer or "",
        letter.number_symbol or "",
        day(letter.date or letter.date_partial),
        f"{label(DOC_TYPES, letter.doc_type)}: {row.subject}".removesuffix(": "),
        str(row.handled_by or ""),
        day(row.arrived_on) if row.handled_by else "",
        "",
        row.note,
    )


@page("see_campaign")
def export(request: Asked) -> HttpResponse:
    """The register as a workbook."""
    year = request.GET.get("nam", "")
    name = f"so-van-ban-den-{year}" if year.isdecimal() else "so-van-ban-den"
    return as_xlsx(Sheet(name, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", COLUMNS, _rows(request)))


def _rows(request: Asked) -> Iterator[tuple[str, ...]]:
    yield from (cells(row) for row in found(request))
