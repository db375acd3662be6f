"""The room as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """`lantoa.places`."""

    name = "lantoa.places"
