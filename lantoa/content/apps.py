"""The room as a Django application."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """`lantoa.content`."""

    name = "lantoa.content"
