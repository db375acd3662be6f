"""Lan Tỏa carries an official letter's public-information campaign to the last household, with proof."""

__version__ = "0.1.0"
