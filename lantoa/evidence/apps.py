"""The room as a Django application."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """`lantoa.evidence`."""

    name = "lantoa.evidence"

    def ready(self) -> None:
        """Listen to what happens in every room, and keep it."""
        from lantoa.evidence.history import append_entry  # noqa: PLC0415 - needs the models loaded
        from lantoa.places.events import Event, happened  # noqa: PLC0415 - needs the models loaded

        happened.connect(append_entry, sender=Event, dispatch_uid="history")
