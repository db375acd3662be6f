"""Campaigns, facts, tasks and assignments: opening from a letter and a pack, and the cascade."""
