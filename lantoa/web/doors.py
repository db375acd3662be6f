"""Who may open a page: every view says it in one line, and a test reads it from there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from lantoa.campaigns.models import Campaign
from lantoa.places.permits import RefusedError
from lantoa.places.rules import may

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from lantoa.places.models import User

P = ParamSpec("P")
T = TypeVar("T")
Shown = Callable[..., HttpResponseBase]


class Asked(HttpRequest):
    """A request of someone who has signed in."""

    user: User
    htmx: HtmxDetails


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Shown:
    """A page anyone may open, signed in or not."""
    vars(view)["permission"] = "public"
    return view


def page(action: str) -> Callable[[Callable[Concatenate[Asked, P], HttpResponseBase]], Shown]:
    """A page for those whose role may do `action` (`places.rules.MAY`)."""

    def door(view: Callable[Concatenate[Asked, P], HttpResponseBase]) -> Shown:
        @wraps(view)
        def opened(request: Asked, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            permit(request, action)
            return view(request, *args, **kwargs)

        shown: Shown = login_required(opened)
        vars(shown)["permission"] = action
        return shown

    return door


def campaign_page(action: str) -> Callable[[Callable[Concatenate[Asked, Campaign, P], HttpResponseBase]], Shown]:
    """A page of one campaign: its slug is in the address, and who may not see it is told it is not there."""

    def door(view: Callable[Concatenate[Asked, Campaign, P], HttpResponseBase]) -> Shown:
        @wraps(view)
        def opened(request: Asked, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            seen = Campaign.objects.for_user(request.user).select_related("letter", "place")
            campaign = get_object_or_404(seen, slug=slug)
            permit(request, action)
            return view(request, campaign, *args, **kwargs)

        shown: Shown = login_required(opened)
        vars(shown)["permission"] = action
        return shown

    return door


def permit(request: Asked, action: str) -> None:
    """Raise `PermissionDenied` unless the role of whoever asks may do `action`."""
    user = request.user
    if not may(user.role, action, is_superuser=user.is_superuser):
        raise PermissionDenied


def attempt(request: HttpRequest, act: Callable[[], T]) -> T | None:
    """What `act` gives; a refusal becomes a message on the next page, and None."""
    try:
        return act()
    except RefusedError as refused:
        messages.error(request, str(refused))
        return None
