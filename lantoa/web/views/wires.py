"""The channels to many people: what is configured, whether it works, and what is missing. Only to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render

from lantoa.delivery.engine.looking import look_at_wires
from lantoa.delivery.models import Worker
from lantoa.web.desk import desk_tabs
from lantoa.web.doors import page
from lantoa.web.labels import WIRES, label

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.web.doors import Asked


@page("deliver_message")
def list_wires(request: Asked) -> HttpResponse:
    """Each configured channel with its accounts as the machines that send last saw them."""
    rehearsal = settings.LANTOA_ROUTES["rehearsal_dispatch"]
    states = sorted(look_at_wires(), key=lambda one: one.name == rehearsal)
    context = {
        "states": [(one, label(WIRES, one.name)) for one in states],
        "workers": Worker.objects.filter(ended_at=None).count(),
        "tabs": desk_tabs(request),
        "desk_tab": "wires",
    }
    return render(request, "web/desk/wires.html", context)
