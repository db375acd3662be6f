"""The messages of a campaign: every text there is, what it is for, where it is said, and what waits for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lantoa.lib.sheets import Sheet
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show, words_waiting
from lantoa.web.labels import LANGUAGES, SLOTS, label
from lantoa.web.message_lines import STATES, Line, lines_of, name_of_piece
from lantoa.web.search import matching
from lantoa.web.tables import as_csv, as_xlsx, ordered, page_of
from lantoa.web.templatetags.lantoa import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked

ORDERS = {"goi": "position", "ten": "name", "tinh": "state", "luc": "-saved"}


@campaign_page("see_campaign")
def list_messages(request: Asked, campaign: Campaign) -> HttpResponse:
    """Every message in the order of the pack; `?tim=`, `?muc=`, `?trong=`, `?tieng=` and `?tinh=` leave some."""
    lines = attempt(request, lambda: lines_of(campaign))
    if lines is None:
        return redirect("overview", campaign.slug)
    kept = _sorted(request, _kept(request, lines))
    slots = {slot for line in lines for slot in line.slots}
    pieces = dict.fromkeys(piece for line in lines for piece in line.pieces)
    languages = dict.fromkeys(line.language for line in lines)
    context = {
        "page": page_of(request, kept),
        "total": sum(bool(line.words.text) for line in lines),
        "slots": [(slot, name) for slot, name in SLOTS.items() if slot in slots],
        "pieces": [(piece, name_of_piece(piece)) for piece in pieces],
        "languages": [(code, label(LANGUAGES, code)) for code in languages],
        "states": STATES.items(),
        "sorted_by": request.GET.get("xep", "goi"),
        "waiting": words_waiting(campaign),
        "may_edit": can(request, "edit_message"),
        "may_approve": can(request, "approve_kit"),
    }
    return show(request, campaign, "messages", context)


def _kept(request: Asked, lines: list[Line]) -> list[Line]:
    """The lines asked for. What has no words yet is listed when it is asked for: a language, or what lacks one."""
    asked = request.GET
    slot, piece, language, state = (asked.get(name, "") for name in ("muc", "trong", "tieng", "tinh"))
    if slot:
        lines = [line for line in lines if slot in line.slots]
    if piece:
        lines = [line for line in lines if piece in line.pieces]
    if language:
        lines = [line for line in lines if line.language == language]
    if state:
        lines = [line for line in lines if line.state == state]
    elif not language:
        lines = [line for line in lines if line.words.text]
    if words := asked.get("tim", "").strip():
        found = set(matching(words, ((id(line), line.key, line.name, *line.words.texts().values()) for line in lines)))
        lines = [line for line in lines if id(line) in found]
    return lines


def _sorted(request: Asked, lines: list[Line]) -> list[Line]:
    order = ordered(request, ORDERS, "goi")
    by: dict[str, Any] = {
        "position": lambda line: line.position,
        "name": lambda line: (line.name.casefold(), line.position),
        "state": lambda line: (list(STATES).index(line.state), line.position),
        "saved": lambda line: (line.saved_at.timestamp() if line.saved_at else 0, -line.position),
    }
    return sorted(lines, key=by[order.removeprefix("-")], reverse=order.startswith("-"))


@campaign_page("see_campaign")
def export(request: Asked, campaign: Campaign, ending: str) -> HttpResponse:
    """The same lines, all of them with their words at every length, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    lines = attempt(request, lambda: lines_of(campaign))
    if lines is None:
        return redirect("overview", campaign.slug)
    columns = (
        _("Khóa"),
        _("Tiếng"),
        _("Mục đích"),
        _("Dùng trong"),
        _("Tiêu đề"),
        _("Lời văn"),
        _("Bản ngắn"),
        _("Bản dài"),
        _("Phiên bản"),
        _("Tình trạng"),
        _("Sửa lúc"),
        _("Người sửa"),
        _("Duyệt lúc"),
        _("Người duyệt"),
    )
    cells = _cells(_sorted(request, _kept(request, lines)))
    sheet = Sheet(f"thong-diep-{campaign.slug}", f"{_('Thông điệp')}: {campaign.title}", columns, cells)
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _cells(lines: list[Line]) -> Iterator[tuple[Any, ...]]:
    for line in lines:
        row = line.row
        yield (
            line.key,
            label(LANGUAGES, line.language),
            ", ".join(line.slot_names),
            ", ".join(line.piece_names),
            line.words.title,
            line.words.text,
            line.words.short,
            line.words.long,
            row.version if row else "",
            line.state_name,
            moment(line.saved_at) if line.saved_at else "",
            str(row.by) if row and row.version and row.by else "",
            moment(row.approved_at) if row and row.version and row.approved_at else "",
            str(row.approved_by) if row and row.version and row.approved_by else "",
        )
