"""Figures that are queries, and the official report."""
