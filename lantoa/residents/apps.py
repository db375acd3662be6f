"""The room as a Django application."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """`lantoa.residents`."""

    name = "lantoa.residents"
