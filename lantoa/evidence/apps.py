"""The room as a Django application."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """`lantoa.evidence`."""

    name = "lantoa.evidence"
