"""Lists on pages: order, pages, and the same rows as CSV or XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

from lantoa.lib.sheets import XLSX, Sheet, write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

PER_PAGE = 30


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
    """The list as CSV."""
    return _download(write_csv(sheet), f"{sheet.name}.csv", "text/csv; charset=utf-8")


def as_xlsx(sheet: Sheet) -> HttpResponse:
    """The list as a workbook."""
    return _download(write_xlsx(sheet), f"{sheet.name}.xlsx", XLSX)


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(content, media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
