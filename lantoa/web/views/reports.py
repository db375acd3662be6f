"""Figures that open their rows, and the official report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Assignment, Fact
from lantoa.content.models import Rendering
from lantoa.delivery.models import Delivery, Publication
from lantoa.field.models import Visit
from lantoa.residents.models import Resident
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show
from lantoa.web.labels import CHANNELS, RENDERINGS, label
from lantoa.web.tables import page_of
from lantoa.web.templatetags.lantoa import day, fact_value, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}


@campaign_page("see_campaign")
def list_figures(request: Asked, campaign: Campaign) -> HttpResponse:
    """Every figure; each opens the rows it counts."""
    from lantoa.reports.actions import figures  # noqa: PLC0415 - actions are loaded when one is called

    return show(request, campaign, "report", {"figures": figures(campaign), "may_write": can(request, "write_report")})


@campaign_page("write_report")
def download(request: Asked, campaign: Campaign, kind: str) -> HttpResponse:
    """The report of this moment as DOCX, PDF or JSON."""
    from lantoa.reports.actions import write_report  # noqa: PLC0415 - actions are loaded when one is called

    if kind not in MEDIA_TYPES:
        raise Http404
    content = attempt(request, lambda: write_report(campaign, kind, request.user))
    if content is None:
        return redirect("report", campaign.slug)
    name = f'attachment; filename="bao-cao-{campaign.slug}.{kind}"'
    return HttpResponse(content, MEDIA_TYPES[kind], headers={"Content-Disposition": name})


@campaign_page("see_campaign")
def show_rows(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """The rows behind one figure."""
    from lantoa.reports.actions import figure_rows, figures  # noqa: PLC0415 - actions are loaded when one is called

    figure = next((one for one in figures(campaign) if one.query.key == key), None)
    if figure is None:
        raise Http404
    rows = figure_rows(campaign, key)
    page = page_of(request, rows)
    columns, cells = COLUMNS.get(rows.model, ((_("Dòng"),), lambda row: (str(row),)))
    context = {
        "template": "figure",
        "figure": figure,
        "page": page,
        "columns": columns,
        "rows": [cells(row) for row in page.object_list],
    }
    return show(request, campaign, "report", context)


def _assignment(row: Assignment) -> tuple[Any, ...]:
    return str(row.place), str(row.task), row.get_state_display(), day(row.due_on)


def _exposure(row: Publication | Delivery) -> tuple[Any, ...]:
    return (
        str(row.where),
        label(CHANNELS, row.channel_kind),
        label(RENDERINGS, row.rendering.kind),
        row.get_state_display(),
        moment(row.live_from),
    )


def _visit(row: Visit) -> tuple[Any, ...]:
    return str(row.place), row.household, row.get_result_display(), moment(row.visited_at)


def _resident(row: Resident) -> tuple[Any, ...]:
    return str(row.place), row.household, row.get_device_display(), row.device_model


def _rendering(row: Rendering) -> tuple[Any, ...]:
    return str(row.place), label(RENDERINGS, row.kind), row.title, row.file_name


def _fact(row: Fact) -> tuple[Any, ...]:
    return row.label, fact_value(row), row.source, row.version


_EXPOSED = (_("Đơn vị"), _("Kênh"), _("Nội dung"), _("Trạng thái"), _("Từ lúc"))
COLUMNS: dict[Any, tuple[tuple[Any, ...], Callable[[Any], tuple[Any, ...]]]] = {
    Assignment: ((_("Đơn vị"), _("Việc"), _("Trạng thái"), _("Hạn")), _assignment),
    Publication: (_EXPOSED, _exposure),
    Delivery: (_EXPOSED, _exposure),
    Visit: ((_("Tổ dân phố"), _("Hộ"), _("Kết quả"), _("Lúc")), _visit),
    Resident: ((_("Địa bàn"), _("Hộ"), _("Thiết bị"), _("Kiểu máy")), _resident),
    Rendering: ((_("Đơn vị"), _("Loại"), _("Tiêu đề"), _("Tệp")), _rendering),
    Fact: ((_("Dữ kiện"), _("Giá trị"), _("Nguồn"), _("Phiên bản")), _fact),
}
