"""A changed fact's correction: what is stale and the plan before one approval, who was told what after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lantoa.content.rules.kinds import KINDS
from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.lib.sheets import Sheet
from lantoa.web import jobs
from lantoa.web.correction_people import PeopleShown, people_left_out, people_of
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show
from lantoa.web.labels import CHANNELS, RENDERINGS, label
from lantoa.web.tables import as_csv, as_xlsx, page_of
from lantoa.web.templatetags.lantoa import fact_value, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.http import HttpResponseBase

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.delivery.rules.correcting import Batch
    from lantoa.web.doors import Asked

AT_ONCE = 300
"""So many acts are carried out while the page loads; more than these are sent by a job that one watches."""
PLACES_A_PAGE = 20
STATUSES = {
    "done": gettext_lazy("Xong"),
    "hands": gettext_lazy("Đã giao việc, chưa thu lại"),
    "waiting": gettext_lazy("Đang chờ gửi"),
    "failed": gettext_lazy("Lỗi"),
}
GROUPS = {
    "page": gettext_lazy("Trang, bài, ảnh đang đăng"),
    "bulletin": gettext_lazy("Bản tin phát thanh"),
    "print": gettext_lazy("Áp phích, tờ rơi và bản in"),
    "letter": gettext_lazy("Công văn, thông báo đã gửi"),
    "handed": gettext_lazy("Tài liệu đã gửi tới người nhận"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changed: the version people hold and the one that is true."""

    old: Fact | None
    new: Fact


@dataclass(frozen=True, slots=True)
class Step:
    """Acts of one way on renderings of one kind through one kind of channel."""

    way: str
    kind: str
    channel_kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction as it is laid before a person."""

    correction: Correction
    changes: list[Change]
    steps: list[Step]
    told: int
    """Places told of the new value."""
    holding: int
    """Where the old value may still be read."""
    undone: int = 0
    """Acts that are still to be done from here, not by somebody's hands."""
    people: PeopleShown = field(default_factory=PeopleShown)

    @property
    def size(self) -> int:
        """How many acts there are."""
        return sum(step.number for step in self.steps)

    @property
    def ways(self) -> list[tuple[str, int, list[Step]]]:
        """The steps by how they put things right, and how many acts there are of each."""
        alike = ((way, list(steps)) for way, steps in groupby(self.steps, lambda step: step.way))
        return [(way, sum(step.number for step in steps), steps) for way, steps in alike]


@campaign_page("see_campaign")
def list_corrections(request: Asked, campaign: Campaign) -> HttpResponse:
    """What is stale and the plan that waits for a word, and the corrections carried out or under way."""
    rows = campaign.correction_set.select_related("by").prefetch_related("facts")
    laid_out = [lay_out(row) for row in rows]
    planned = [one for one in laid_out if one.correction.state == Correction.State.PLANNED]
    context = {
        "planned": [one for one in planned if one.correction.approved_at is None],
        "under_way": [one for one in planned if one.correction.approved_at],
        "carried_out": [one for one in laid_out if one.correction.state == Correction.State.CARRIED_OUT],
        "stale": stale_groups(campaign) if planned else [],
        "left_out": 0 if planned else people_left_out(campaign),
        "may_correct": can(request, "correct"),
    }
    return show(request, campaign, "corrections", context)


def lay_out(correction: Correction) -> Shown:
    """The changes behind a correction, its acts counted by how they put things right, and how far it got."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for side in ("publication", "delivery"):
        acts = correction.acts.filter(**{f"{side}__isnull": False}).order_by()
        alike = acts.values_list("act", f"{side}__rendering__kind", f"{side}__channel_kind")
        for way, kind, channel_kind, number in alike.annotate(number=Count("pk")):
            counted[way, kind, channel_kind] += number
    steps = [Step(*about, number) for about, number in sorted(counted.items(), key=_order)]
    told = correction.acts.filter(act=CorrectionAct.Act.FOLLOW_UP, done_at__isnull=False).count()
    holding = correction.acts.all().holding().count()
    undone = correction.acts.filter(done_at__isnull=True).count()
    return Shown(correction, changes_of(correction), steps, told, holding, undone, people_of(correction))


def _order(counted: tuple[tuple[str, str, str], int]) -> tuple[int, str, str]:
    way, kind, channel_kind = counted[0]
    return CorrectionAct.Act.values.index(way), kind, channel_kind


def changes_of(correction: Correction) -> list[Change]:
    """Each fact it is about, as it was and as it is."""
    earlier = correction.campaign.facts.order_by("-version")
    return [
        Change(earlier.filter(key=fact.key, version__lt=fact.version).first(), fact) for fact in correction.facts.all()
    ]


@dataclass(frozen=True, slots=True)
class StaleGroup:
    """Stale things of one sort: how many renderings, how often they stand, and before how many recipients."""

    name: str
    renderings: int
    exposures: int
    kinds: list[str]


def stale_groups(campaign: Campaign) -> list[StaleGroup]:
    """What shows an old value now, by what a person would call it."""
    from lantoa.delivery.actions.ledger import Ledger  # noqa: PLC0415 - actions are loaded when one is called

    return group_batches(Ledger.read(campaign).wrong())


def group_batches(batches: Iterable[Batch]) -> list[StaleGroup]:
    """Batches by what a person would call them."""
    found: dict[str, list[Batch]] = {name: [] for name in GROUPS}
    for batch in batches:
        found[_sort_of(batch)].append(batch)
    return [
        StaleGroup(
            str(GROUPS[name]),
            len({batch.rendering_id for batch in some}),
            sum(batch.size for batch in some),
            sorted({label(RENDERINGS, batch.rendering_kind) for batch in some}),
        )
        for name, some in found.items()
        if some
    ]


def _sort_of(batch: Batch) -> str:
    kind = KINDS[batch.rendering_kind]
    if kind.piece == "bulletin":
        return "bulletin"
    if batch.is_print:
        return "print"
    if kind.piece in {"covering_letter", "correction_notice"}:
        return "letter"
    return "handed" if batch.is_delivery else "page"


@campaign_page("correct")
@require_POST
def perform(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Carry out the plan that was shown; what takes long goes on while one watches, or does not."""
    correction = get_object_or_404(campaign.correction_set, pk=pk)
    from lantoa.delivery.actions import approve_correction, carry_out  # noqa: PLC0415 - loaded when called

    if correction.acts.count() <= AT_ONCE:
        done = attempt(request, lambda: carry_out(correction, request.user))
        if done is None:
            return redirect("corrections", campaign.slug)
        if done.state == Correction.State.CARRIED_OUT:
            messages.success(request, _("Đã thực hiện đính chính."))
        elif done.dispatches.unfinished().exists():
            messages.success(request, _("Đã xác nhận đính chính. Tin đang được gửi tới từng người, tiến độ ở dưới."))
        else:
            messages.warning(request, _("Đã xác nhận đính chính; còn việc chưa xong, xem ở dưới."))
        return redirect("correction", campaign.slug, pk)
    if not attempt(request, lambda: approve_correction(correction, request.user)):
        return redirect("corrections", campaign.slug)
    job = jobs.open_job(request.user.pk, campaign.title, reverse("corrections", args=[campaign.slug]))
    jobs.start(job, lambda tell: _send(campaign, correction, tell))
    return redirect("progress", job.id)


def _send(campaign: Campaign, correction: Correction, tell: jobs.Tell) -> str:
    from lantoa.delivery.actions import send_waiting  # noqa: PLC0415 - actions are loaded when one is called

    send_waiting(campaign, lambda done, of: tell("publish", done, of))
    return reverse("correction", args=[campaign.slug, correction.pk])


# --- who was told what, and who still holds the old value ----------------------------------------


@campaign_page("see_campaign")
def show_correction(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Every act of one correction: where, what it held, what it was told and when, and what is left."""
    correction = get_object_or_404(campaign.correction_set.select_related("by"), pk=pk)
    if request.htmx and request.GET.get("nguoi"):
        return _show_people(request, campaign, correction)
    acts = _filtered(request, correction)
    page = page_of(request, acts, PLACES_A_PAGE)
    everything = correction.acts.all().with_status().order_by()
    changes = changes_of(correction)
    context = {
        "template": "correction",
        "one": lay_out(correction),
        "page": page,
        "rows": [_row(act, changes) for act in page.object_list],
        "ways": CorrectionAct.Act.choices,
        "statuses": [(key, name, everything.filter(status=key).count()) for key, name in STATUSES.items()],
        "total": everything.count(),
    }
    return show(request, campaign, "corrections", context)


def _show_people(request: Asked, campaign: Campaign, correction: Correction) -> HttpResponse:
    """The people alone, asked for again while something is being sent; the whole page once it is through."""
    people = people_of(correction)
    if not people.is_live:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"campaign": campaign, "correction": correction, "people": people, "is_under_title": True}
    return render(request, "web/campaign/_people.html", context)


def _filtered(request: Asked, correction: Correction) -> Any:
    """What `?cach=`, `?tinh=` and `?tim=` (a place's name or code) leave."""
    asked = request.GET
    places = ("publication__place__parent__parent", "delivery__recipient__parent__parent")
    near = (*places, "publication__rendering", "delivery__rendering", "assignment")
    acts = correction.acts.all().with_status().select_related(*near)
    if way := asked.get("cach"):
        acts = acts.filter(act=way)
    if status := asked.get("tinh"):
        acts = acts.holding() if status == "con-giu" else acts.filter(status=status)
    if words := asked.get("tim", "").strip():
        acts = acts.filter(
            Q(publication__place__name__icontains=words)
            | Q(delivery__recipient__name__icontains=words)
            | Q(publication__place__code=words)
            | Q(delivery__recipient__code=words)
        )
    return acts.order_by("pk")


def _row(act: CorrectionAct, changes: list[Change]) -> dict[str, Any]:
    """One act as a line: the values its exposure showed, and what became of it."""
    exposure, status = act.exposure, vars(act)["status"]
    held = [change for change in changes if change.new.key in exposure.facts]
    return {
        "act": act,
        "place": exposure.where,
        "exposure": exposure,
        "old": [change.old for change in held if change.old],
        "new": [change.new for change in held],
        "status": status,
        "status_name": STATUSES[status],
    }


@campaign_page("see_campaign")
def export(request: Asked, campaign: Campaign, pk: int, ending: str) -> HttpResponse:
    """The same lines, all of them, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    correction = get_object_or_404(campaign.correction_set, pk=pk)
    columns = (
        _("Đơn vị"),
        _("Mã"),
        _("Nội dung"),
        _("Kênh"),
        _("Giá trị cũ"),
        _("Nhận lúc"),
        _("Giá trị mới"),
        _("Cách làm"),
        _("Báo, thay lúc"),
        _("Tình trạng"),
        _("Lỗi"),
    )
    lines = _cells(_filtered(request, correction), changes_of(correction))
    sheet = Sheet(f"dinh-chinh-{campaign.slug}-{pk}", f"{_('Đính chính')}: {campaign.title}", columns, lines)
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _cells(acts: Any, changes: list[Change]) -> Iterator[tuple[Any, ...]]:
    for act in acts.iterator(chunk_size=2000):
        row = _row(act, changes)
        exposure = row["exposure"]
        yield (
            row["place"].full_name,
            row["place"].code,
            label(RENDERINGS, exposure.rendering.kind),
            label(CHANNELS, exposure.channel_kind),
            "; ".join(str(fact_value(fact)) for fact in row["old"]),
            moment(exposure.live_from) if exposure.live_from else "",
            "; ".join(str(fact_value(fact)) for fact in row["new"]),
            act.get_act_display(),
            moment(act.done_at) if act.done_at else "",
            str(row["status_name"]),
            act.error,
        )


# --- withdrawing ---------------------------------------------------------------------------------


@campaign_page("withdraw_message")
def withdraw(request: Asked, campaign: Campaign, kind: str) -> HttpResponseBase:
    """What a withdrawal would touch, and the button that does it; nothing happens before the reason is given."""
    from lantoa.delivery.actions import Withdrawal, standing, withdraw_message  # noqa: PLC0415 - loaded when called
    from lantoa.delivery.actions.telling_people import People  # noqa: PLC0415 - as above

    if kind not in KINDS:
        raise Http404
    if request.method == "POST":
        wanted = Withdrawal(kind, request.POST.get("ly-do", ""))
        done = attempt(request, lambda: withdraw_message(campaign, wanted, request.user))
        if done:
            messages.success(request, _("Đã thu hồi. Dưới đây là từng nơi và kết quả."))
            return redirect("correction", campaign.slug, done.pk)
    batches = standing(campaign, kind).wrong()
    people = People(campaign, {}, kind)
    context = {
        "template": "withdraw",
        "kind": kind,
        "channels": _by_channel(campaign, kind),
        "total": sum(batch.size for batch in batches),
        "people": sum(people.untold(group).count() for group in people.groups),
        "unfinished": people.unfinished(),
        "reason": request.POST.get("ly-do", ""),
    }
    return show(request, campaign, "exposures", context)


def _by_channel(campaign: Campaign, kind: str) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for rows in (campaign.publication_set, campaign.delivery_set):
        live = rows.filter(rendering__kind=kind).live().order_by()
        found.update(dict(live.values_list("channel_kind").annotate(Count("pk"))))
    return dict(sorted(found.items()))
