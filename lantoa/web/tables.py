"""Lists on pages: order, pages, and the same rows as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PER_PAGE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows to download: the file's name without ending, what stands above the columns, and the cells."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def ordered(request: HttpRequest, orders: Mapping[str, str], default: str) -> str:
    """The column to order by, from `?xep=`: only those a page offers; `-` before it turns it round."""
    asked = request.GET.get("xep", default)
    name = asked.removeprefix("-")
    if name not in orders:
        return orders[default.removeprefix("-")]
    turned = orders[name].removeprefix("-") if orders[name].startswith("-") else f"-{orders[name]}"
    return turned if asked.startswith("-") else orders[name]


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page[Any]:
    """The page asked for by `?trang=`; one that is not there becomes the nearest that is."""
    return Paginator(rows, per_page).get_page(request.GET.get("trang"))


def as_csv(sheet: Sheet) -> HttpResponse:
    """A CSV that Vietnamese Excel opens with its accents: UTF-8 with a mark, parted by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return _download(("\ufeff" + out.getvalue()).encode(), f"{sheet.name}.csv", "text/csv; charset=utf-8")


def as_xlsx(sheet: Sheet) -> HttpResponse:
    """A workbook of one sheet: the title, bold columns that stay in sight, dates as dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
            "default_date_format": "d/m/yyyy",
        },
    ) as book:
        page = book.add_worksheet("Bảng")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E6F0EF"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        dated = book.add_format({"num_format": "d/m/yyyy", "valign": "top", "border": 1, "align": "left"})
        page.write(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
        page.write_row(2, 0, sheet.columns, bold)
        page.freeze_panes(3, 0)
        page.set_column(0, len(sheet.columns) - 1, 22)
        for i, row in enumerate(sheet.rows, start=3):
            for j, cell in enumerate(row):
                page.write(i, j, cell, dated if hasattr(cell, "year") else wrapped)
    return _download(out.getvalue(), f"{sheet.name}.xlsx", XLSX)


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(content, media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
