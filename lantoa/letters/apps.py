"""The room as a Django application."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """`lantoa.letters`."""

    name = "lantoa.letters"
