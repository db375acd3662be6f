"""The room as a Django application."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """`lantoa.delivery`."""

    name = "lantoa.delivery"
