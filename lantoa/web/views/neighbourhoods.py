"""Kits for neighbourhoods: whom their people ask, filled in on one page, and each one's own print pieces."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.campaigns.models import Campaign
from lantoa.places.models import Place
from lantoa.web import jobs
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.places.models import User
    from lantoa.web.doors import Asked

FIELDS = ("leader", "phone", "meeting_house")


@campaign_page("see_campaign")
def list_neighbourhoods(request: Asked, campaign: Campaign) -> HttpResponse:
    """The neighbourhoods with whom their people ask; those still asked for first, `?phuong=` for one ward's."""
    from lantoa.content.actions import contacts_asked, neighbourhoods_in  # noqa: PLC0415 - actions are loaded when one is called

    seen = neighbourhoods_in(campaign).filter(pk__in=Place.objects.for_user(request.user))
    wards = Place.objects.filter(pk__in=seen.order_by().values("parent")).order_by("code")
    ward = wards.filter(code=request.GET.get("phuong", "")).first()
    lacks = {one.place.pk: one.lacks for one in contacts_asked(campaign)}
    rows = [(place, lacks.get(place.pk, ())) for place in (seen.filter(parent=ward) if ward else seen)]
    rows.sort(key=lambda row: not row[1])
    own = campaign.rendering_set.current().filter(place__kind="neighbourhood").values("place").distinct().count()
    context = {
        "page": page_of(request, rows, 20),
        "total": len(rows),
        "asked": sum(bool(told) for _place, told in rows),
        "own": own,
        "wards": wards,
        "ward": ward,
        "may_record": can(request, "record_contacts"),
        "may_make": can(request, "make_kit"),
    }
    return show(request, campaign, "kit", {"template": "neighbourhoods", **context})


@campaign_page("record_contacts")
@require_POST
def record(request: Asked, campaign: Campaign) -> HttpResponse:
    """Keep what was filled in on the page, place by place; what is wrong is named and the rest is kept."""
    from lantoa.content.actions import neighbourhoods_in  # noqa: PLC0415 - as above
    from lantoa.places.actions import Contacts, record_contacts  # noqa: PLC0415 - as above

    asked = [int(pk) for pk in request.POST.getlist("place") if pk.isdecimal()]
    seen = neighbourhoods_in(campaign).filter(pk__in=asked).filter(pk__in=Place.objects.for_user(request.user))
    told = {place: Contacts(**{name: request.POST.get(f"{name}-{place.pk}", "") for name in FIELDS}) for place in seen}
    number = sum(
        bool(attempt(request, partial(record_contacts, place, contacts, request.user)))
        for place, contacts in told.items()
    )
    if number:
        messages.success(request, _("Đã ghi liên hệ của %(number)s tổ. Hãy làm lại bộ để in.") % {"number": number})
    where = request.POST.get("phuong", "")
    return redirect(reverse("neighbourhoods", args=[campaign.slug]) + (f"?phuong={where}" if where.isalnum() else ""))


@campaign_page("make_kit")
@require_POST
def make(request: Asked, campaign: Campaign) -> HttpResponse:
    """Make each neighbourhood's own print pieces with the kit; cut off and asked again, it goes on."""
    job = jobs.open_job(request.user.pk, campaign.title)
    jobs.start(job, _making(campaign.pk, request.user))
    return redirect("progress", job.id)


def _making(pk: int, by: User) -> jobs.Work:
    def work(tell: jobs.Tell) -> str:
        from lantoa.content.actions import make_kit  # noqa: PLC0415 - as above

        campaign = Campaign.objects.get(pk=pk)
        make_kit(campaign, by, lambda done, of: tell("make", done, of), neighbourhoods=True)
        return reverse("kit", args=[campaign.slug])

    return work
