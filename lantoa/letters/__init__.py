"""Official letters: reading, writing, checking, and the registers."""
