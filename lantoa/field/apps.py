"""The room as a Django application."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """`lantoa.field`."""

    name = "lantoa.field"
