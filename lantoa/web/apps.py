"""The room as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """`lantoa.web`."""

    name = "lantoa.web"
