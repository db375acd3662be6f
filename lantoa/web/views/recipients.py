"""The people of a dispatch and what became of each; who did not get it, as a list to call, to visit or to print."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lantoa.delivery.models import Dispatch, Recipient, missed, missed_rows, missed_sheet
from lantoa.delivery.rules.states import LOST, NUMBER, STATE, UNKNOWN
from lantoa.places.models import Place
from lantoa.places.permits import is_within
from lantoa.residents.models import Resident
from lantoa.web.doors import campaign_page, permit
from lantoa.web.frame import show
from lantoa.web.labels import SEND_STATES
from lantoa.web.search import folded, matching
from lantoa.web.tables import as_csv, as_xlsx, page_of
from lantoa.web.views.dispatches import dispatch_of, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Missed
    from lantoa.places.rules import Tree
    from lantoa.web.dispatch_lines import Line
    from lantoa.web.doors import Asked

MISSED, EVERYBODY = "chua-nhan", "tat-ca"
CALLS, VISITS = "goi", "tham"
ORDERS = {"noi": ("place_id", "person"), "luc": ("-at", "person"), "trang-thai": ("state", "person")}
MOST_REASONS = 30
MOST_FOUND = 5000
"""So many people a search by name may find."""
MOST_PRINTED = 2000
OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Known:
    """Rows whose number is known without counting them."""

    rows: Any
    number: int
    ordered: bool = True

    def count(self) -> int:
        """How many there are."""
        return self.number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, wanted: Any) -> Any:
        return self.rows[wanted]


@dataclass(frozen=True, slots=True)
class Group:
    """People of one place, by what became of them."""

    place: Place
    lost: int
    unknown: int
    others: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.lost + self.unknown + self.others


@campaign_page("see_campaign")
def list_recipients(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Who did not get it and why, or everybody in a state; by person, by unit or by place."""
    dispatch = _opened(request, campaign, pk)
    if request.GET.get("in"):
        return _printed(request, campaign, dispatch)
    line = line_of(dispatch)
    seen = visible(request, dispatch)
    rows = _narrowed(request, dispatch, seen)
    state = request.GET.get("trang-thai", MISSED)
    context = {
        "template": "recipients",
        "dispatch": dispatch,
        "line": line,
        "state": state,
        "states": [(MISSED, _("Chưa nhận được")), (EVERYBODY, _("Tất cả")), *SEND_STATES.items()],
        "places": _places(dispatch, seen) if state != EVERYBODY else [],
        "reasons": _reasons(_of_state(dispatch, seen, state)) if state != EVERYBODY else [],
        "grouped_by": request.GET.get("nhom", ""),
    }
    if context["grouped_by"] in {"don-vi", "dia-ban"}:
        groups = _groups(dispatch, rows, by_unit=context["grouped_by"] == "don-vi")
        return show(request, campaign, "dispatches", context | {"groups": groups})
    page = page_of(request, _with_number(request, rows, line))
    return show(request, campaign, "dispatches", context | {"page": page, "people": list(missed(dispatch, page))})


def _opened(request: Asked, campaign: Campaign, pk: int) -> Dispatch:
    """The dispatch; residents are shown to those alone who may see residents."""
    dispatch = dispatch_of(campaign, pk)
    if dispatch.audience != Dispatch.Audience.PLACES:
        permit(request, "see_residents")
    return dispatch


def visible(request: Asked, dispatch: Dispatch) -> QuerySet[Recipient]:
    """The people of a dispatch whose place this person may see."""
    rows = Recipient.objects.filter(dispatch=dispatch)
    user = request.user
    if user.is_superuser or is_within(dispatch.campaign.place, user):
        return rows
    return rows.filter(place_id__in=list(Place.objects.for_user(user).values_list("pk", flat=True)))


def _of_state(dispatch: Dispatch, seen: QuerySet[Recipient], state: str) -> QuerySet[Recipient]:
    if state == MISSED:
        return seen & missed_rows(dispatch).order_by()
    known = {one.value: number for number, one in STATE.items()}
    return seen.filter(state=known[state]) if state in known else seen


def _narrowed(request: Asked, dispatch: Dispatch, seen: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """What `?trang-thai=`, `?noi=`, `?vi-sao=` and `?tim=` leave, in the order of `?xep=`."""
    asked = request.GET
    rows = _of_state(dispatch, seen, asked.get("trang-thai", MISSED))
    if code := asked.get("noi"):
        named = Place.objects.filter(code=code)
        rows = rows.filter(place_id__in=list(Place.objects.under(named).values_list("pk", flat=True)))
    if why := asked.get("vi-sao"):
        rows = rows.filter(Q(why=why) | Q(why=None, code=why) | Q(why="", code=why))
    if words := asked.get("tim", "").strip():
        rows = rows.filter(person__in=_searched(dispatch, rows, words))
    is_list = asked.get("trang-thai", MISSED) == MISSED
    name = asked.get("xep", "noi" if is_list else "").removeprefix("-")
    order = ORDERS.get(name, ("person",))
    turned = [one.removeprefix("-") if one.startswith("-") else f"-{one}" for one in order]
    return rows.order_by(*(turned if asked.get("xep", "").startswith("-") else order))


def _searched(dispatch: Dispatch, rows: QuerySet[Recipient], words: str) -> list[int]:
    """Numbers of people whose name, household, address or telephone hold the words, with or without accents."""
    model: Any = Place if dispatch.audience == Dispatch.Audience.PLACES else Resident
    known = model.objects.order_by()
    digits = re.sub(r"[\s.+-]", "", words)
    if digits.isdecimal() and len(digits) >= 3:
        kept = known.filter(phone__contains=digits.removeprefix("84") if len(digits) > 9 else digits)
        return list(kept.values_list("pk", flat=True)[:MOST_FOUND])
    columns = ("pk", "name", "code") if model is Place else ("pk", "name", "household", "address")
    of_rows = known.filter(pk__in=rows.order_by().values("person"))
    return matching(words, of_rows.values_list(*columns).iterator())[:MOST_FOUND]


def _with_number(request: Asked, rows: QuerySet[Recipient], line: Line) -> Any:
    """The rows, with their number where the tally knows it: a million are not counted to show thirty."""
    asked = request.GET
    is_all = request.user.is_superuser or is_within(line.dispatch.campaign.place, request.user)
    if not is_all or any(asked.get(name) for name in ("noi", "vi-sao", "tim")):
        return rows
    state = asked.get("trang-thai", MISSED)
    if state == EVERYBODY:
        return Known(rows, line.people)
    numbers = {one.value: line.counts.get(NUMBER[one], 0) for one in NUMBER}
    return Known(rows, numbers[state]) if state in numbers else rows


def _places(dispatch: Dispatch, seen: QuerySet[Recipient]) -> list[Place]:
    """Places whose people are among those who missed it, and the units above them."""
    tree = _tree(dispatch)
    found = set(missed_rows(dispatch).filter(pk__in=seen.values("pk")).order_by().values_list("place_id", flat=True))
    above = {unit for place in found if (unit := _unit(tree, place))}
    return list(Place.objects.filter(pk__in=found | above).select_related("parent").order_by("code"))


def _tree(dispatch: Dispatch) -> Tree:
    from lantoa.places.actions import tree  # noqa: PLC0415 - actions are loaded when one is called

    return tree(dispatch.campaign.as_of)


def _unit(tree: Tree, place: int) -> int:
    """The commune or ward of a place; the place itself where there is none above it."""
    own = tree.by_id.get(place)
    line = [own, *tree.above(place)] if own else []
    return next((one.id for one in line if one.kind == Place.Kind.WARD), place)


def _reasons(rows: QuerySet[Recipient]) -> list[tuple[str, int]]:
    """Why, in words, and how often; the commonest first."""
    counted = rows.exclude(code=None).order_by().values_list("code", "why").annotate(number=Count("person"))
    added: Counter[str] = Counter()
    for code, why, number in counted:
        added[why or code] += number
    return added.most_common(MOST_REASONS)


def _groups(dispatch: Dispatch, rows: QuerySet[Recipient], *, by_unit: bool) -> list[Group]:
    tree = _tree(dispatch)
    counted: dict[int, Counter[str]] = {}
    for place, state, number in rows.order_by().values_list("place_id", "state").annotate(number=Count("person")):
        kind = "lost" if state in LOST else "unknown" if state == UNKNOWN else "others"
        counted.setdefault(_unit(tree, place) if by_unit else place, Counter())[kind] += number
    places = Place.objects.filter(pk__in=counted).select_related("parent").order_by("code")
    return [Group(one, *(counted[one.pk][kind] for kind in ("lost", "unknown", "others"))) for one in places]


# --- lists to call and to visit by ---------------------------------------------------------------


@campaign_page("see_campaign")
def export(request: Asked, campaign: Campaign, pk: int, ending: str) -> HttpResponse:
    """The same people, all of them: `?dang=goi` to call, `?dang=tham` to visit; as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    dispatch = _opened(request, campaign, pk)
    people = _in_order(request, dispatch)
    sheet = missed_sheet(dispatch, people)
    shape = request.GET.get("dang", "")
    title = {
        CALLS: _("Danh sách gọi điện"),
        VISITS: _("Danh sách đến nhà"),
    }.get(shape, _("Danh sách người nhận"))
    sheet = replace(sheet, name=f"{sheet.name}{'-' if shape else ''}{shape}", title=f"{title}: {campaign.title}")
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _in_order(request: Asked, dispatch: Dispatch) -> Iterator[Missed]:
    """People in the order somebody calls or goes: place by place, then house by house.

    Who refused messages is not called either, and who has no telephone cannot be.
    """
    rows = _narrowed(request, dispatch, visible(request, dispatch)).order_by("place_id", "person")
    shape = request.GET.get("dang", VISITS if request.GET.get("in") else "")
    if shape == CALLS:
        rows = rows.exclude(code=OPTED_OUT)
    people = missed(dispatch, rows.iterator())
    if shape == CALLS:
        return (one for one in people if one.phone)
    return _house_by_house(people) if shape == VISITS else people


def _house_by_house(people: Iterable[Missed]) -> Iterator[Missed]:
    for _place, those in groupby(people, key=lambda one: one.place):
        yield from sorted(those, key=lambda one: (_by_number(one.address), folded(one.household), folded(one.name)))


def _by_number(text: str) -> list[tuple[int, str]]:
    """`Ngõ 3` before `Ngõ 12`."""
    return [(int(piece), "") if piece.isdecimal() else (-1, folded(piece)) for piece in re.split(r"(\d+)", text)]


def _printed(request: Asked, campaign: Campaign, dispatch: Dispatch) -> HttpResponse:
    """The list to visit by, a sheet for each neighbourhood."""
    people = []
    for one in _in_order(request, dispatch):
        people.append(one)
        if len(people) > MOST_PRINTED:
            break
    sheets = [(place, list(those)) for place, those in groupby(people[:MOST_PRINTED], key=lambda one: one.place)]
    context = {
        "campaign": campaign, "dispatch": dispatch, "sheets": sheets, "is_cut": len(people) > MOST_PRINTED,
        "most": MOST_PRINTED,
    }
    return render(request, "web/campaign/recipients_print.html", context)
