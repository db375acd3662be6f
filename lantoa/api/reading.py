"""Reading by other programs: campaigns, facts, assignments, exposures and figures, as the session's user may see them.

Read-only. Sign in as in a browser and send the session's cookie; `/api/openapi.json` describes it.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - schemas are built from it at run time
from typing import Any

from django.http import HttpRequest  # noqa: TC002 - operations are built from it at run time
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Schema
from ninja.security import django_auth

from lantoa.campaigns.models import Assignment, Campaign
from lantoa.delivery.models import Delivery, Publication
from lantoa.places.models import User
from lantoa.reports.actions import figures

MOST_ROWS = 1000

api = NinjaAPI(
    title="Lan Tỏa",
    version="1",
    urls_namespace="reading",
    auth=django_auth,
    docs_url=None,
    openapi_url=None,
)


class CampaignOut(Schema):
    """A campaign."""

    slug: str
    title: str
    pack: str
    place: str
    state: str
    is_rehearsal: bool
    as_of: dt.date
    opened_at: dt.datetime


class FactOut(Schema):
    """One version of a fact."""

    key: str
    version: int
    kind: str
    label: str
    value: str | None
    unit: str
    known_on: dt.date
    legal_basis: str
    source: str
    is_verified: bool


class AssignmentOut(Schema):
    """A task given to a place; `state` is an edXML status code."""

    id: int
    task: str
    summary: str
    place_code: str
    place: str
    phrase: str
    state: str
    due_on: dt.date | None


class ExposureOut(Schema):
    """A publication or delivery, and the fact versions it shows."""

    id: int
    exposure: str
    place_code: str
    channel: str
    channel_kind: str
    rendering: str
    hash: str
    facts: dict[str, int]
    state: str
    target: str
    live_from: dt.datetime | None
    live_to: dt.datetime | None


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the API lets in nobody else
    return user


def _campaign(request: HttpRequest, slug: str) -> Campaign:
    campaign: Campaign = get_object_or_404(Campaign.objects.for_user(_user(request)), slug=slug)
    return campaign


def _described(campaign: Campaign) -> CampaignOut:
    return CampaignOut(
        slug=campaign.slug,
        title=campaign.title,
        pack=campaign.pack,
        place=campaign.place.name,
        state=campaign.state,
        is_rehearsal=campaign.is_rehearsal,
        as_of=campaign.as_of,
        opened_at=campaign.opened_at,
    )


@api.get("openapi.json", include_in_schema=False)
def describe(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - every operation takes the request
    """The API as OpenAPI."""
    return dict(api.get_openapi_schema(path_prefix="/api/"))


@api.get("campaigns", response=list[CampaignOut])
def campaigns(request: HttpRequest) -> list[CampaignOut]:
    """Campaigns one may see, newest first."""
    return [_described(row) for row in Campaign.objects.for_user(_user(request)).select_related("place")]


@api.get("campaigns/{slug}", response=CampaignOut)
def campaign(request: HttpRequest, slug: str) -> CampaignOut:
    """One campaign."""
    return _described(_campaign(request, slug))


@api.get("campaigns/{slug}/facts", response=list[FactOut])
def facts(request: HttpRequest, slug: str) -> Any:
    """Every version of every fact."""
    return _campaign(request, slug).facts.all()


@api.get("campaigns/{slug}/assignments", response=list[AssignmentOut])
def assignments(request: HttpRequest, slug: str) -> list[AssignmentOut]:
    """Who was given what, and how far each is."""
    rows = Assignment.objects.for_user(_user(request)).filter(task__campaign=_campaign(request, slug)).distinct()
    return [
        AssignmentOut(
            id=row.pk,
            task=row.task.index,
            summary=row.task.summary,
            place_code=row.place.code,
            place=row.place.name,
            phrase=row.phrase,
            state=row.state,
            due_on=row.due_on,
        )
        for row in rows.select_related("task", "place")
    ]


@api.get("campaigns/{slug}/exposures", response=list[ExposureOut])
def exposures(request: HttpRequest, slug: str, offset: int = 0) -> list[ExposureOut]:
    """Publications, then deliveries; at most a thousand a call, the next from `offset`."""
    asked = _campaign(request, slug)
    found: list[Publication | Delivery] = []
    for model in (Publication, Delivery):
        rows = model.objects.for_user(_user(request)).filter(campaign=asked).select_related("rendering", model.WHERE)
        found += rows
    return [_exposure(row) for row in found[offset : offset + MOST_ROWS]]


def _exposure(row: Publication | Delivery) -> ExposureOut:
    return ExposureOut(
        id=row.pk,
        exposure="publication" if isinstance(row, Publication) else "delivery",
        place_code=row.where.code,
        channel=row.channel,
        channel_kind=row.channel_kind,
        rendering=row.rendering.kind,
        hash=row.rendering.hash,
        facts=row.facts,
        state=row.state,
        target=row.target,
        live_from=row.live_from,
        live_to=row.live_to,
    )


@api.get("campaigns/{slug}/figures", response=list[dict[str, Any]])
def counted(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Every figure with the query that opens its rows."""
    return [figure.to_json() for figure in figures(_campaign(request, slug))]
