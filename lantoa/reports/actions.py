"""Verbs of reporting: the figures, the rows behind each, and the official report."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Question
from lantoa.campaigns.rules.wording import FactValue, show
from lantoa.content.actions.homes import cited
from lantoa.content.rules.kinds import KINDS as RENDERING_KINDS
from lantoa.content.rules.kinds import WIRE_LABELS
from lantoa.delivery.actions.accounting import left_out, people_told
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.letters.rules.settling import settled
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.files import write_whole
from lantoa.places.actions import tree
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require
from lantoa.reports.rules import (
    QUERIES,
    CorrectionRow,
    Figure,
    FigureQuery,
    PeopleRow,
    PlaceRow,
    ReportGround,
    compose_report,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from django.db.models import QuerySet

    from lantoa.delivery.actions.accounting import PeopleTold
    from lantoa.letters.writing.document import OfficialDocument
    from lantoa.places.models import Place, User

KINDS = ("docx", "pdf", "json")


def figures(campaign: Campaign) -> list[Figure]:
    """Every figure of the campaign, each counted by its query."""
    return [_count(campaign, query) for query in QUERIES]


def figure_rows(campaign: Campaign, key: str) -> QuerySet[Any]:
    """The rows a figure counts. Raises `KeyError` for a key that is no figure's."""
    query = {query.key: query for query in QUERIES}[key]
    filters = {name: campaign.pk if value == "{campaign}" else value for name, value in query.filters.items()}
    rows: QuerySet[Any] = apps.get_model(query.model).objects.filter(**filters)
    return rows


def _count(campaign: Campaign, query: FigureQuery) -> Figure:
    rows = figure_rows(campaign, query.key)
    return Figure(query, rows.order_by().values(query.distinct).distinct().count() if query.distinct else rows.count())


def write_report(campaign: Campaign, kind: str, by: User | None) -> bytes:
    """The report as DOCX or PDF in the form of NĐ 30/2020, or its figures and their queries as JSON."""
    require(by, "write_report", campaign.place)
    if kind not in KINDS:
        raise RefusedError(f"Không xuất được báo cáo dạng .{kind}. Hãy chọn .docx, .pdf hoặc .json.")
    counted = figures(campaign)
    if kind == "json":
        return json.dumps(_as_data(campaign, counted), ensure_ascii=False, indent=2).encode()
    document = _document(campaign, counted)
    return write_docx(document) if kind == "docx" else write_pdf(document)


def keep_report(campaign: Campaign, by: User | None) -> Mapping[str, Path]:
    """Write the report in every form into `LANTOA_HOME/reports/<campaign>/`, each file whole or not at all."""
    folder: Path = settings.LANTOA_HOME / "reports" / campaign.slug
    files = {kind: folder / f"bao-cao.{kind}" for kind in KINDS}
    for kind, file in files.items():
        write_whole(file, write_report(campaign, kind, by))
    with transaction.atomic():
        record(Event(by, "write_report", campaign, campaign.pk, {"files": [file.name for file in files.values()]}))
    return files


def _as_data(campaign: Campaign, counted: list[Figure]) -> dict[str, Any]:
    return {
        "campaign": campaign.slug,
        "title": campaign.title,
        "on": timezone.localdate().isoformat(),
        "figures": [figure.to_json() for figure in counted],
        "places": [
            {
                "place": row.place,
                "assignments": row.assignments,
                "done": row.done,
                "publications": row.publications,
                "deliveries": row.deliveries,
            }
            for row in _place_rows(campaign)
        ],
    }


def _document(campaign: Campaign, counted: list[Figure]) -> OfficialDocument:
    letter = settled(campaign.letter.letter)
    committee = _committee(campaign.place)
    facts = [
        (fact.label, show(FactValue(fact.kind, fact.value, unit=fact.unit)), fact.legal_basis or fact.source)
        for fact in campaign.facts.current().filter(is_verified=True, value__isnull=False)
        if any(fact.key in used for used in campaign.rendering_set.current().values_list("facts", flat=True))
    ]
    return compose_report(
        ReportGround(
            title=campaign.title,
            issuer=committee,
            place=letter.place or campaign.place.name,
            letter=letter,
            letter_name=cited(letter.doc_type, letter.number_symbol, letter.issuer),
            figures={figure.query.key: figure for figure in counted},
            rows=_place_rows(campaign),
            facts=facts,
            corrections=_corrections(campaign),
            questions=_questions(campaign),
            on=timezone.localdate(),
        )
    )


def _committee(place: Place) -> str:
    committee = place.children.filter(kind="committee").first()
    return committee.name if committee else place.name


def _place_rows(campaign: Campaign) -> list[PlaceRow]:
    places = tree(campaign.as_of)
    names = {place.id: place.name for place in places.places}

    def home(place_id: int) -> int | None:
        line = [places.territory(place_id), *places.above(place_id)]
        found = next((place for place in line if place and place.kind in {"province", "district", "ward"}), None)
        return found.id if found else None

    given, done, shown, handed = (
        Counter[int | None](),
        Counter[int | None](),
        Counter[int | None](),
        Counter[int | None](),
    )
    for place_id, state in Assignment.objects.filter(task__campaign=campaign).values_list("place_id", "state"):
        given[home(place_id)] += 1
        done[home(place_id)] += state == Assignment.State.DONE
    for place_id in Publication.objects.filter(campaign=campaign).live().values_list("place_id", flat=True):
        shown[home(place_id)] += 1
    for place_id in Delivery.objects.filter(campaign=campaign).live().values_list("recipient_id", flat=True):
        handed[home(place_id)] += 1
    return [
        PlaceRow(names[pk], given[pk], done[pk], shown[pk], handed[pk])
        for pk in sorted(set(given) | set(shown) | set(handed), key=lambda pk: names.get(pk or 0, ""))
        if pk in names
    ]


MOST_HOLDERS = 100
"""So many places that still hold an old value are named in the annex; the page lists all of them."""
STATUSES = {"hands": "đã giao việc, chưa thu lại", "waiting": "đang chờ gửi", "failed": "gửi lỗi"}


def _corrections(campaign: Campaign) -> list[CorrectionRow]:
    begun = campaign.correction_set.filter(approved_at__isnull=False) | campaign.correction_set.filter(
        state=Correction.State.CARRIED_OUT
    )
    return [_correction(row) for row in begun.distinct().prefetch_related("facts")]


def _correction(row: Correction) -> CorrectionRow:
    acts = row.acts.all().with_status().order_by()
    number = Counter(dict(acts.filter(done_at__isnull=False).values_list("act").annotate(Count("pk"))))
    task, done = CorrectionAct.Act.TASK, Assignment.State.DONE
    at = timezone.localtime(row.carried_out_at or row.approved_at)
    return CorrectionRow(
        day=f"{at:%d/%m/%Y}",
        what=_what(row),
        acts=row.acts.count(),
        replaced=number[CorrectionAct.Act.REPLACE] + number[CorrectionAct.Act.WITHDRAW],
        told=number[CorrectionAct.Act.FOLLOW_UP],
        tasks=number[task],
        tasks_done=acts.filter(act=task, assignment__state=done).count(),
        holding=acts.holding().count(),
        holders=_holders(row),
        people=[_people(one) for one in people_told(row)],
        left_out=left_out(row.campaign, row),
    )


def _people(one: PeopleTold) -> PeopleRow:
    """One dispatch of a correction; those who still waited for the old words got new ones and held nothing."""
    dispatch = one.dispatch
    words = RENDERING_KINDS[dispatch.rendering_kind].label
    way = WIRE_LABELS.get(dispatch.channel, dispatch.channel)
    return PeopleRow(
        what=f"{words}, {way}" if one.is_notice else f"Lời mới thay lời cũ chưa gửi: {words}, {way}",
        people=one.people,
        told=one.told,
        first=_moment(one.first_at),
        last=_moment(one.last_at),
        missed=one.missed + one.unknown,
        waiting=one.waiting,
        holding=one.holding,
    )


def _moment(at: dt.datetime | None) -> str:
    return f"{at:%H:%M %d/%m/%Y}" if at else ""


def _what(row: Correction) -> str:
    if row.withdraws:
        return f"Thu hồi: {RENDERING_KINDS[row.withdraws].label} (lý do: {row.reason})"
    changed = [f"{fact.label}: {show(FactValue(fact.kind, fact.value))} ({fact.source})" for fact in row.facts.all()]
    return "; ".join(changed) or "Thay lời mới đã duyệt; dữ kiện không đổi"


def _holders(row: Correction) -> list[tuple[str, str, str]]:
    places = ("publication__place__parent__parent", "delivery__recipient__parent__parent")
    near = (*places, "publication__rendering", "delivery__rendering")
    found = row.acts.all().holding().select_related(*near).order_by("pk")[:MOST_HOLDERS]
    return [
        (
            act.exposure.where.full_name,
            RENDERING_KINDS[act.exposure.rendering.kind].label,
            act.error or STATUSES[vars(act)["status"]],
        )
        for act in found
    ]


def _questions(campaign: Campaign) -> list[str]:
    waiting = campaign.questions.filter(
        answered_at__isnull=True, about__in=[Question.About.ADDRESSEE, Question.About.ASSIGNEE]
    )
    return [f"{question.subject}: {question.why}." for question in waiting]
