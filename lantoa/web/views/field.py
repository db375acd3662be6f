"""On a phone at somebody's door: recording a visit, and the public check of a phone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lantoa.field.models import Visit
from lantoa.places.models import Place
from lantoa.residents.models import Resident
from lantoa.web.doors import attempt, campaign_page, public
from lantoa.web.forms import PhoneForm, VisitForm
from lantoa.web.packs import pack_choices

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked


@campaign_page("record_visit")
def visit(request: Asked, campaign: Campaign) -> HttpResponse:
    """A form for one call at a door; the key made with the page makes a form sent twice one visit."""
    here = Place.objects.for_user(request.user).on(campaign.as_of)
    places = here.filter(kind=Place.Kind.NEIGHBOURHOOD)
    if not places.exists():
        places = here.filter(kind=Place.Kind.WARD)
    kept = request.session.get("visited_place")
    form = VisitForm(
        request.POST or None,
        places=places,
        residents=Resident.objects.for_user(request.user),
        initial={"device_key": uuid.uuid4(), "place": kept},
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(request, lambda: _record(request, campaign, form)) is not None:
        request.session["visited_place"] = form.cleaned_data["place"].pk
        messages.success(request, _("Đã ghi lượt thăm. Mời ghi hộ tiếp theo."))
        return redirect("visit", campaign.slug)
    recent = Visit.objects.filter(campaign=campaign, by=request.user).select_related("place")[:5]
    return render(request, "web/visit.html", {"campaign": campaign, "form": form, "recent": recent})


def _record(request: Asked, campaign: Campaign, form: VisitForm) -> Visit:
    from lantoa.field.actions import VisitEntry, record_visit  # noqa: PLC0415 - actions are loaded when one is called

    sent = form.cleaned_data
    entry = VisitEntry(
        campaign=campaign,
        place=sent["place"],
        household=sent["household"],
        resident=sent["resident"],
        result=sent["result"],
        note=sent["note"],
        visited_at=timezone.now(),
        device_key=sent["device_key"],
    )
    return record_visit(entry, request.user)


@public
def check_phone(request: HttpRequest) -> HttpResponse:
    """Whether a phone must be changed, from its model or IMEI; nothing entered is kept."""
    form = PhoneForm(request.POST or None, packs=pack_choices(with_phone_check=True))
    result = None
    if request.method == "POST" and form.is_valid():
        from lantoa.residents import actions  # noqa: PLC0415 - actions are loaded when one is called

        sent = form.cleaned_data
        result = attempt(request, lambda: actions.check_phone(sent["pack"], sent["imei"], sent["model"]))
    return render(request, "web/check_phone.html", {"form": form, "result": result})
