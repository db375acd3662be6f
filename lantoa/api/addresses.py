"""The addresses of the API, loaded with its library on the first request to it."""

from __future__ import annotations

from django.urls import path

from lantoa.api.reading import api

urlpatterns = [path("", api.urls)]
