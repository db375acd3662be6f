"""Facts in their versions, and the form for a new one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lantoa.web.doors import attempt, campaign_page
from lantoa.web.forms import FactForm, NewFactForm
from lantoa.web.frame import can, printed_keys, show

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.delivery.models import Correction
    from lantoa.web.doors import Asked


@campaign_page("see_campaign")
def list_facts(request: Asked, campaign: Campaign) -> HttpResponse:
    """Each fact with its current version and those before it: those in the kit first, unverified ones last."""
    rows = campaign.facts.select_related("confirmed_by").order_by("key", "-version")
    facts = [
        (versions[0], versions[1:]) for _key, versions in ((key, list(some)) for key, some in groupby(rows, _key_of))
    ]
    printed = printed_keys(campaign)
    facts.sort(key=lambda pair: (pair[0].key not in printed, not pair[0].is_verified, pair[0].label))
    return show(request, campaign, "facts", {"facts": facts, "may_change": can(request, "change_fact")})


def _key_of(fact: Fact) -> str:
    return fact.key


@campaign_page("see_campaign")
def show_fact(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """One fact: its versions, who relied on which, and a form for the next; recording leads to the correction plan."""
    versions = list(campaign.facts.filter(key=key).select_related("confirmed_by").order_by("-version"))
    if not versions:
        raise Http404
    now = versions[0]
    form = FactForm(request.POST or None, kind=now.kind, initial={"value": now.value})
    if request.method == "POST":
        if not can(request, "change_fact"):
            raise PermissionDenied
        if form.is_valid() and attempt(request, lambda: _record(request, campaign, key, form)) is not None:
            return redirect("corrections", campaign.slug)
    context = {
        "template": "fact",
        "fact": now,
        "versions": versions,
        "form": form if can(request, "change_fact") else None,
    }
    return show(request, campaign, "facts", context)


@campaign_page("change_fact")
def add(request: Asked, campaign: Campaign) -> HttpResponse:
    """A form for a fact the pack does not have; messages may name it as soon as it is there."""
    form = NewFactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        from lantoa.campaigns.actions import NewFact, add_fact  # noqa: PLC0415 - actions are loaded when one is called

        fact = attempt(request, lambda: add_fact(campaign, NewFact(**form.cleaned_data), request.user))
        if fact is not None:
            messages.success(request, _("Đã thêm dữ kiện. Giờ có thể chèn vào thông điệp."))
            return redirect("fact", campaign.slug, fact.key)
    return show(request, campaign, "facts", {"template": "add_fact", "form": form})


def _record(request: Asked, campaign: Campaign, key: str, form: FactForm) -> Fact:
    from lantoa.campaigns.actions import FactChange, record_fact  # noqa: PLC0415 - actions are loaded when one is called
    from lantoa.delivery.actions import plan_correction  # noqa: PLC0415 - the same

    sent = form.cleaned_data
    change = FactChange(key, sent["value"], sent["source"], sent["legal_basis"], sent["note"])
    fact = record_fact(campaign, change, request.user)
    plan: Correction | None = plan_correction(campaign, request.user)
    if plan is None:
        messages.success(request, _("Đã ghi. Chưa có gì phát ra mang giá trị cũ, nên không cần đính chính."))
    else:
        messages.info(
            request, _("Đã ghi. Dưới đây là việc cần làm; chưa có gì thay đổi bên ngoài cho tới khi bạn xác nhận.")
        )
    return fact
