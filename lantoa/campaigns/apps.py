"""The room as a Django application."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """`lantoa.campaigns`."""

    name = "lantoa.campaigns"
