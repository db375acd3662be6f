"""Adapters, one file a channel, behind base.py; they import no room."""
