"""Exposures: publications and deliveries, and the corrections that put them right."""
