"""A new dispatch: the channel, then words and people with a count that follows, and a look before anything leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lantoa.channels.base import ChannelError
from lantoa.delivery.models import Dispatch
from lantoa.places.permits import RefusedError
from lantoa.web.dispatch_forms import OrderForm, initial_of
from lantoa.web.dispatch_lines import plan_words
from lantoa.web.dispatch_offers import offer, ways
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import show
from lantoa.web.measures import price_of
from lantoa.web.views.dispatches import dispatch_of, line_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.actions import Order
    from lantoa.web.dispatch_offers import Way
    from lantoa.web.doors import Asked

SHOWN_PREVIEWS = 2
"""So many texts are shown at once; the rest unfold."""


@campaign_page("deliver_message")
def queue(request: Asked, campaign: Campaign) -> HttpResponse:
    """Choose a channel (`?kenh=`), then words and people; sent, the dispatch is written down and shown for a word."""
    given = request.POST if request.method == "POST" else request.GET
    known = ways(campaign)
    way = next((one for one in known if one.key == given.get("kenh") and not one.why_not), None)
    if way is None:
        return show(request, campaign, "dispatches", {"template": "new_dispatch_channel", "ways": known})
    form = _form(request, campaign, way, given)
    if request.method == "POST" and form.is_valid():
        planned = attempt(request, lambda: _plan(request, campaign, form))
        if planned is not None:
            return redirect("start_dispatch", campaign.slug, planned.pk)
    context = {
        "template": "new_dispatch",
        "way": way,
        "form": form,
        "offer": form.offer,
        "counted": _counted(request, campaign, form) if form.is_bound else None,
    }
    return show(request, campaign, "dispatches", context)


def _form(request: Asked, campaign: Campaign, way: Way, given: QueryDict) -> OrderForm:
    is_filled = request.method == "POST" or "words" in given
    before = given.get("tu", "")
    initial: dict[str, Any] = {}
    if before.isdecimal():
        dispatch = Dispatch.objects.filter(campaign=campaign, pk=before).first()
        initial = initial_of(dispatch) if dispatch else {}
    return OrderForm(given if is_filled else None, offer=offer(campaign, way), initial=initial)


def _plan(request: Asked, campaign: Campaign, form: OrderForm) -> Dispatch:
    from lantoa.delivery.actions import plan_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    planned = plan_dispatch(campaign, form.order(), request.user, form.fallback_order())
    if not planned.is_new:
        told = _("Lời này qua kênh này đã có đợt %(n)s: người mới được thêm vào đợt đó, cách gửi giữ như cũ.")
        messages.info(request, told % {"n": planned.dispatch.pk})
    return planned.dispatch


@campaign_page("deliver_message")
def count(request: Asked, campaign: Campaign) -> HttpResponse:
    """How many people the form as it is filled in would reach: asked for with every change of it."""
    known = ways(campaign)
    way = next((one for one in known if one.key == request.GET.get("kenh") and not one.why_not), None)
    if way is None:
        return HttpResponse(status=404)
    form = OrderForm(request.GET, offer=offer(campaign, way))
    return render(request, "web/campaign/_count.html", {"counted": _counted(request, campaign, form), "way": way})


def _counted(request: Asked, campaign: Campaign, form: OrderForm) -> dict[str, Any]:
    """The people of an order, what their messages come to, and what stands in its way."""
    if not form.is_valid():
        return {"problem": _("Hãy điền đủ các mục bên cạnh để đếm.")}
    order = form.order()
    try:
        return _reach(request, campaign, order, form)
    except (RefusedError, ValueError, ChannelError, OSError) as error:
        return {"problem": str(error)}


def _reach(request: Asked, campaign: Campaign, order: Order, form: OrderForm) -> dict[str, Any]:
    from lantoa.delivery.actions import check_plan_dispatch  # noqa: PLC0415 - actions are loaded when one is called
    from lantoa.delivery.actions.counting import draft_of, loads, reach_of  # noqa: PLC0415 - as above

    ready = check_plan_dispatch(campaign, order, request.user)
    reach = reach_of(draft_of(campaign, form.offer.wire, order.audience, order.segment))
    found = loads(campaign.place, ready.renderings, ready.wire, reach)
    price = price_of([(one.rendering, one.parts, one.by_carrier) for one in found])
    return {"reach": reach, "parts": sum(one.all_parts for one in found), "price": price}


# --- the look before anything leaves ------------------------------------------------------------


@campaign_page("deliver_message")
def confirm(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """In one sentence what will happen to how many people, each text as it will be read; the button lets it out."""
    dispatch = dispatch_of(campaign, pk)
    if request.method == "POST":
        if attempt(request, lambda: _start(request, dispatch)):
            messages.success(request, _("Đợt gửi đã được xác nhận."))
        return redirect("dispatch", campaign.slug, pk)
    line = line_of(dispatch)
    if dispatch.state != Dispatch.State.PLANNED or line.is_fallback or dispatch.correction is not None:
        return redirect("dispatch", campaign.slug, pk)
    return show(request, campaign, "dispatches", {"template": "confirm_dispatch", **_look(request, line)})


def _start(request: Asked, dispatch: Dispatch) -> bool:
    from lantoa.delivery.actions import start_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    start_dispatch(dispatch, request.user)
    return True


def _look(request: Asked, line: Any) -> dict[str, Any]:
    from lantoa.delivery.actions import check_start_dispatch  # noqa: PLC0415 - actions are loaded when one is called
    from lantoa.delivery.actions.counting import loads, previews, reach_of  # noqa: PLC0415 - loaded when called
    from lantoa.delivery.actions.dispatching import wire_of  # noqa: PLC0415 - as above

    dispatch = line.dispatch
    found: dict[str, Any] = {
        "line": line, "dispatch": dispatch, "fallback": dispatch.fallback, "to_send": line.waiting,
    }
    try:
        reach = reach_of(dispatch)
        texts = [text.rendering for text in dispatch.texts.select_related("rendering__place")]
        wire = wire_of(dispatch.channel)
        shown = previews(dispatch.campaign.place, texts, wire)
        found_loads = loads(dispatch.campaign.place, texts, wire, reach)
        check_start_dispatch(dispatch, request.user)
    except (RefusedError, ValueError, ChannelError, OSError) as error:
        return found | {"problem": str(error)}
    return found | {
        "reach": reach,
        "to_send": line.waiting - reach.refused,
        "sentence": plan_words(line, reach),
        "already": max(0, reach.people - reach.without_address - line.people),
        "price": price_of([(one.rendering, one.parts, one.by_carrier) for one in found_loads]),
        "first_previews": shown[:SHOWN_PREVIEWS],
        "more_previews": shown[SHOWN_PREVIEWS:],
    }


@campaign_page("deliver_message")
def drop(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Forget a plan of which nothing was sent; `sua` goes back to the form with what it held."""
    dispatch = get_object_or_404(Dispatch, campaign=campaign, pk=pk)
    if request.method != "POST":
        return redirect("start_dispatch", campaign.slug, pk)
    from lantoa.delivery.actions import drop_dispatch  # noqa: PLC0415 - actions are loaded when one is called

    attempt(request, lambda: drop_dispatch(dispatch, request.user))
    return redirect("dispatches", campaign.slug)
