"""Pages: parse, check, call one action, show."""
