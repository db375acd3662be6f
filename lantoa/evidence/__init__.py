"""Proofs attached to work done, and the tamper-evident history."""
