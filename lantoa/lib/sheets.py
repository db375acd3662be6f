"""Lists as files that an office opens: CSV and XLSX."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows to keep: the file's name without ending, what stands above the columns, and the cells."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_csv(sheet: Sheet) -> bytes:
    """A CSV that Vietnamese Excel opens with its accents: UTF-8 with a mark, parted by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return ("\ufeff" + out.getvalue()).encode()


def write_xlsx(sheet: Sheet) -> bytes:
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
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell
