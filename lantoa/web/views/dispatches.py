"""Messages to many people: every dispatch of a campaign, and one of them while it goes and after."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lantoa.delivery.engine.looking import look_at_wires
from lantoa.delivery.models import Chunk, Dispatch
from lantoa.delivery.rules.hours import Verdict
from lantoa.delivery.rules.progress import Look, opens_at, read_look
from lantoa.delivery.rules.states import NUMBER, STATE
from lantoa.lib.sheets import Sheet
from lantoa.places.permits import is_within
from lantoa.web.dispatch_forms import ExtendForm, WhyForm
from lantoa.web.dispatch_lines import end_of, lines, window_of
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show
from lantoa.web.labels import WIRES, label
from lantoa.web.search import matching
from lantoa.web.tables import as_csv, as_xlsx, ordered, page_of
from lantoa.web.templatetags.lantoa import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.engine.looking import WireState
    from lantoa.web.dispatch_lines import Line
    from lantoa.web.doors import Asked

ORDERS = {"so": "pk", "luc": "queued_at", "trang-thai": "state", "kenh": "channel", "loi": "rendering_kind"}
AGAIN = ("unknown", "failed_for_good")
"""States from which a person may send once more."""


def may_send(request: Asked, campaign: Campaign) -> bool:
    """Whether to show what sends; the actions ask again."""
    user = request.user
    return can(request, "deliver_message") and (user.is_superuser or is_within(campaign.place, user))


def dispatch_of(campaign: Campaign, pk: int) -> Dispatch:
    """A dispatch of this campaign, or the page is not there."""
    near = Dispatch.objects.select_related("campaign__place", "by", "fallback", "correction")
    row: Dispatch = get_object_or_404(near, campaign=campaign, pk=pk)
    return row


def line_of(dispatch: Dispatch) -> Line:
    """One dispatch with its numbers."""
    return lines([dispatch])[0]


# --- all of a campaign ---------------------------------------------------------------------------


@campaign_page("see_campaign")
def list_dispatches(request: Asked, campaign: Campaign) -> HttpResponse:
    """Each dispatch with how far it is; while one runs the list asks for itself again (`htmx`)."""
    seen = Dispatch.objects.filter(campaign=campaign)
    page = page_of(request, _found(request, seen), 20)
    shown = lines(page.object_list)
    context = {
        "page": page,
        "lines": shown,
        "is_live": any(line.dispatch.state == Dispatch.State.RUNNING for line in shown),
        "total": seen.count(),
        "states": Dispatch.State.choices,
        "channels": [(name, label(WIRES, name)) for name in sorted(set(seen.values_list("channel", flat=True)))],
        "may_send": may_send(request, campaign),
        "campaign": campaign,
    }
    if request.htmx:
        return render(request, "web/campaign/_dispatches.html", context)
    return show(request, campaign, "dispatches", context)


def _found(request: Asked, rows: Any) -> Any:
    """What `?trang-thai=`, `?kenh=` and `?tim=` leave, in the order of `?xep=`."""
    asked = request.GET
    if asked.get("trang-thai") in Dispatch.State.values:
        rows = rows.filter(state=asked["trang-thai"])
    if asked.get("kenh"):
        rows = rows.filter(channel=asked["kenh"])
    if words := asked.get("tim", "").strip():
        named = [(line.dispatch.pk, line.words, line.channel, line.whom, line.dispatch.pk) for line in lines(rows)]
        rows = rows.filter(pk__in=matching(words, named))
    return rows.select_related("by", "fallback").order_by(ordered(request, ORDERS, "-so"), "-pk")


@campaign_page("see_campaign")
def export(request: Asked, campaign: Campaign, ending: str) -> HttpResponse:
    """The same rows, all of them, as CSV or XLSX."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    columns = (
        _("Đợt"),
        _("Nội dung"),
        _("Kênh"),
        _("Người nhận"),
        _("Trạng thái"),
        _("Số người"),
        _("Đã gửi, đã đến"),
        _("Chờ gửi"),
        _("Không gửi được"),
        _("Chưa rõ kết quả"),
        _("Xếp lúc"),
        _("Bắt đầu"),
        _("Xong"),
        _("Lý do"),
    )
    rows = _cells(lines(_found(request, Dispatch.objects.filter(campaign=campaign))))
    sheet = Sheet(f"dot-gui-{campaign.slug}", f"{_('Đợt gửi')}: {campaign.title}", columns, rows)
    return as_csv(sheet) if ending == "csv" else as_xlsx(sheet)


def _cells(some: Iterable[Line]) -> Iterator[tuple[Any, ...]]:
    for line in some:
        row = line.dispatch
        yield (
            row.pk, line.words, line.channel, line.whom, row.get_state_display(), line.people, line.reached,
            line.waiting, line.lost, line.unknown, moment(row.queued_at), moment(row.started_at),
            moment(row.finished_at), row.why,
        )


# --- one -----------------------------------------------------------------------------------------


@campaign_page("see_campaign")
def show_dispatch(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """A dispatch: its numbers, which open the people; what it is, who carries it, and what may be done now."""
    dispatch = dispatch_of(campaign, pk)
    line = line_of(dispatch)
    context = {
        **_progress(request, line),
        "template": "dispatch",
        "is_of_plan": dispatch.correction is not None and dispatch.correction.approved_at is None,
        "wire": _wire_of(dispatch),
        "texts": list(dispatch.texts.select_related("rendering", "place").order_by("place__code")),
        "falls_back_from": list(dispatch.falls_back_from.all()),
        "answers": dispatch.answers.open().for_user(request.user).count() if can(request, "handle_answer") else 0,
        "may_send": may_send(request, campaign),
        "may_look": can(request, "deliver_message"),
        "extend_form": ExtendForm(initial={"not_after": dispatch.not_after}),
        "is_late": dispatch.not_after is not None and dispatch.not_after <= timezone.now(),
    }
    return show(request, campaign, "dispatches", context)


@campaign_page("see_campaign")
def show_progress(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """How far it is: a few sums that are kept, so that asking every three seconds costs nothing."""
    line = line_of(dispatch_of(campaign, pk))
    if not request.htmx:
        return redirect("dispatch", campaign.slug, pk)
    if request.GET.get("tt") not in {None, line.dispatch.state}:
        return HttpResponse(headers={"HX-Refresh": "true"})  # what may be done now is another thing
    return render(request, "web/campaign/_dispatch_progress.html", {"campaign": campaign, **_progress(request, line)})


def _progress(request: Asked, line: Line) -> dict[str, Any]:
    now = time.time()
    before = read_look(request.GET.get("nhin", ""))
    look = before.then(now, line.done) if before else Look(now, line.done, moved_at=now)
    dispatch = line.dispatch
    is_running = dispatch.state == Dispatch.State.RUNNING
    verdict = window_of(dispatch).verdict(timezone.localtime())
    return {
        "line": line,
        "dispatch": dispatch,
        "look": look,
        "is_live": is_running,
        "ends_at": end_of(line, look),
        "opens_at": opens_at(window_of(dispatch), timezone.localtime()) if verdict is Verdict.WAIT else None,
        "stands_still": is_running and verdict is Verdict.GO and look.stands_still() and _has_work(dispatch),
        "chunks": dispatch.chunks.aggregate(
            all=Count("pk"),
            done=Count("pk", Q(state=Chunk.State.DONE)),
            leased=Count("pk", Q(state=Chunk.State.LEASED)),
        ),
    }


def _has_work(dispatch: Dispatch) -> bool:
    """Whether somebody could be sent to now: chunks that are held, or open and due."""
    due = Q(state=Chunk.State.LEASED) | Q(state=Chunk.State.OPEN, not_before__lte=int(time.time()))
    return bool(dispatch.chunks.filter(due).exists())


def _wire_of(dispatch: Dispatch) -> WireState | None:
    return next((one for one in look_at_wires() if one.name == dispatch.channel), None)


# --- what may be done ----------------------------------------------------------------------------


def _do(request: Asked, act: Callable[[], object], said: str) -> None:
    """Call one action; what it says no to stands on the next page."""

    def whole() -> bool:
        act()
        return True

    if attempt(request, whole):
        messages.success(request, said)


@campaign_page("deliver_message")
@require_POST
def pause(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Let nothing more leave, until somebody lets it go on."""
    from lantoa.delivery.actions import pause_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    dispatch, form = dispatch_of(campaign, pk), WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    _do(request, lambda: pause_dispatch(dispatch, why, request.user), _("Đã tạm dừng. Tin đang trên đường vẫn đến."))
    return redirect("dispatch", campaign.slug, pk)


@campaign_page("deliver_message")
def cancel(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Who will never be sent to, and the button that says so: it cannot be taken back."""
    from lantoa.delivery.actions import cancel_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    dispatch, form = dispatch_of(campaign, pk), WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        _do(request, lambda: cancel_dispatch(dispatch, why, request.user), _("Đã hủy phần chưa gửi."))
        return redirect("dispatch", campaign.slug, pk)
    context = {"template": "cancel_dispatch", "line": line_of(dispatch), "dispatch": dispatch, "form": form}
    return show(request, campaign, "dispatches", context)


@campaign_page("deliver_message")
@require_POST
def extend(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Another moment until which it may go."""
    from lantoa.delivery.actions import extend_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    dispatch, form = dispatch_of(campaign, pk), ExtendForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["not_after"]
        _do(request, lambda: extend_dispatch(dispatch, until, request.user), _("Đã đổi thời hạn gửi."))
    else:
        messages.error(request, _("Thời hạn chưa đúng. Hãy chọn ngày và giờ."))
    return redirect("dispatch", campaign.slug, pk)


@campaign_page("deliver_message")
def send_again(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Whom sending once more would reach, what they risk, and the button."""
    from lantoa.delivery import actions  # noqa: PLC0415 - actions are loaded when one is called

    dispatch = dispatch_of(campaign, pk)
    given = request.POST if request.method == "POST" else request.GET
    chosen = [name for name in given.getlist("trang-thai") if name in AGAIN]
    if request.method == "POST" and chosen:
        wanted = tuple(NUMBER[state] for state in STATE.values() if state.value in chosen)
        number = attempt(request, lambda: actions.send_again(dispatch, wanted, request.user))
        if number is not None:
            told = ngettext("Đã xếp lại %(n)s người để gửi.", "Đã xếp lại %(n)s người để gửi.", number) % {"n": number}
            messages.success(request, told)
        return redirect("dispatch", campaign.slug, pk)
    line = line_of(dispatch)
    offered = [one for one in line.states if one.state in AGAIN]
    context = {
        "template": "send_again", "line": line, "dispatch": dispatch, "offered": offered, "chosen": chosen,
        "is_nothing_chosen": request.method == "POST",
    }
    return show(request, campaign, "dispatches", context)


@campaign_page("deliver_message")
@require_POST
def leave_unknown(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Ask no more about those of whom nobody knows."""
    from lantoa.delivery import actions  # noqa: PLC0415 - actions are loaded when one is called

    dispatch = dispatch_of(campaign, pk)
    said = _("Đã để nguyên: những người chưa rõ kết quả được tính là có thể đã nhận.")
    _do(request, lambda: actions.leave_unknown(dispatch, request.user), said)
    return redirect("dispatch", campaign.slug, pk)
