"""Visits by community teams and the conversion funnel."""
