"""The room as a Django application."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """`lantoa.reports`."""

    name = "lantoa.reports"
