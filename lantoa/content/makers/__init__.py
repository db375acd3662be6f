"""Makers: pure functions from a piece's finished words to the bytes or text of one form."""
