"""Pure decisions: what is shown where, what is stale, and how it is put right."""
