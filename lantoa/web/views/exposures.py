"""What stood, or is about to stand, in front of someone: publications and deliveries in one list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, Q, Value
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lantoa.content.rules.kinds import NOTICE_KINDS
from lantoa.delivery.models import STATES, Delivery, Dispatch, Publication
from lantoa.lib.sheets import Sheet
from lantoa.places.models import Place
from lantoa.web.doors import campaign_page
from lantoa.web.frame import can, show
from lantoa.web.labels import CHANNELS, RENDERINGS, label
from lantoa.web.tables import as_csv, as_xlsx, ordered, page_of
from lantoa.web.templatetags.lantoa import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.web.doors import Asked

ORDERS = {"noi": "where", "kenh": "channel_kind", "loai": "rendering__kind", "trang-thai": "state", "luc": "-live_from"}
MOST_PLACES = 300
"""So many places can be picked from a list; where there are more, one types a name or code."""
KEPT = ("sort", "pk", "where", "channel_kind", "rendering__kind", "state", "live_from")


@campaign_page("see_campaign")
def list_exposures(request: Asked, campaign: Campaign) -> HttpResponse:
    """The ledger: who holds which version of which fact."""
    rows = filtered(request, campaign)
    page = page_of(request, rows)
    sides = [
        (model.objects.for_user(request.user).filter(campaign=campaign).order_by(), model.WHERE)
        for model in (Publication, Delivery)
    ]
    found = Place.objects.filter(
        Q(pk__in=sides[0][0].values(sides[0][1])) | Q(pk__in=sides[1][0].values(sides[1][1]))
    )
    ways = {way for side, _ in sides for way in side.values_list("channel_kind", flat=True).distinct()}
    live = {kind for side, _ in sides for kind in side.live().values_list("rendering__kind", flat=True).distinct()}
    sent = Dispatch.objects.filter(campaign=campaign).exclude(state=Dispatch.State.PLANNED)
    live |= set(sent.values_list("rendering_kind", flat=True))
    context = {
        "page": page,
        "rows": fetched(cast("list[dict[str, Any]]", page.object_list)),
        "states": STATES,
        "channels": sorted(ways),
        "places": found[:MOST_PLACES] if found[: MOST_PLACES + 1].count() <= MOST_PLACES else [],
        "versions": versions(campaign),
        "total": sum(side.count() for side, _ in sides),
        "withdrawable": sorted(live - set(NOTICE_KINDS)) if can(request, "withdraw_message") else [],
    }
    return show(request, campaign, "exposures", context)


def filtered(request: Asked, campaign: Campaign) -> Any:
    """What `?noi=`, `?kenh=`, `?trang-thai=`, `?dang-hien=` and `?du-kien=key.version` leave, in order."""
    publications = _keys(request, campaign, Publication, "place")
    deliveries = _keys(request, campaign, Delivery, "recipient")
    return publications.union(deliveries, all=True).order_by(ordered(request, ORDERS, "noi"), "pk")


def _keys(request: Asked, campaign: Campaign, model: Any, place: str) -> Any:
    rows = _narrow(request, model.objects.for_user(request.user).filter(campaign=campaign).order_by(), place)
    return rows.annotate(sort=Value(model.__name__), where=F(f"{place}__name"), where_id=F(place)).values(
        *KEPT, "where_id"
    )


def _narrow(request: Asked, rows: Any, place: str) -> Any:
    asked = request.GET
    if asked.get("dang-hien"):
        rows = rows.live()
    if noi := asked.get("noi"):
        rows = rows.filter(Q(**{f"{place}__code": noi}) | Q(**{f"{place}__name__icontains": noi}))
    if kenh := asked.get("kenh"):
        rows = rows.filter(channel_kind=kenh)
    if state := asked.get("trang-thai"):
        rows = rows.filter(state=state)
    key, _dot, version = asked.get("du-kien", "").rpartition(".")
    if key and version.isdecimal():
        rows = rows.filter(**{f"facts__{key}": int(version)})
    return rows


def fetched(keys: list[dict[str, Any]]) -> list[Publication | Delivery]:
    """The rows behind the keys, in their order: two queries however many."""
    near = ("rendering", "campaign")
    found: dict[tuple[str, int], Publication | Delivery] = {}
    wanted = {name: [key["pk"] for key in keys if key["sort"] == name] for name in ("Publication", "Delivery")}
    for one in Publication.objects.filter(pk__in=wanted["Publication"]).select_related("place", *near):
        found["Publication", one.pk] = one
    for other in Delivery.objects.filter(pk__in=wanted["Delivery"]).select_related("recipient", *near):
        found["Delivery", other.pk] = other
    return [found[key["sort"], key["pk"]] for key in keys]


def versions(campaign: Campaign) -> list[tuple[str, Fact]]:
    """The fact versions one may filter by: those of facts that changed, and the rest after them."""
    facts = campaign.facts.order_by("label", "version")
    return [(f"{fact.key}.{fact.version}", fact) for fact in facts]


@campaign_page("see_campaign")
def export(request: Asked, campaign: Campaign, ending: str) -> HttpResponse:
    """The same rows, all of them, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    columns = (
        _("Đơn vị"),
        _("Mã"),
        _("Hình thức"),
        _("Loại kênh"),
        _("Nội dung"),
        _("Trạng thái"),
        _("Hiện từ"),
        _("Đến"),
        _("Nơi hiện"),
        _("Dữ kiện đã dùng"),
        _("Lỗi"),
    )
    rows = _in_chunks(filtered(request, campaign))
    sheet = Sheet(f"da-phat-{campaign.slug}", f"{_('Đã phát')}: {campaign.title}", columns, _cells(rows))
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _in_chunks(keys: Any) -> Iterator[Publication | Delivery]:
    """The rows behind all keys, some thousands at a time."""
    source = iter(list(keys))
    while chunk := list(islice(source, 2000)):
        yield from fetched(chunk)


def _cells(rows: Iterable[Publication | Delivery]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        place = row.where
        yield (
            place.name,
            place.code,
            _("Đăng, dán, phát") if isinstance(row, Publication) else _("Gửi tới"),
            label(CHANNELS, row.channel_kind),
            label(RENDERINGS, row.rendering.kind),
            row.get_state_display(),
            _when(row.live_from),
            _when(row.live_to),
            row.target,
            ", ".join(f"{key} v{version}" for key, version in sorted(row.facts.items())),
            row.error,
        )


def _when(value: Any) -> str:
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""
