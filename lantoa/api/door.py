"""The API's one entry: its library is loaded when somebody first asks, so pages and commands start without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import resolve

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Hand `/api/<rest>` to the API. Who may see what is decided there, by the session and `for_user`."""
    match = resolve(f"/{rest}", "lantoa.api.addresses")
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


vars(answer)["permission"] = "see_campaign"
