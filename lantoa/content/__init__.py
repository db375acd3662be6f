"""Messages and renderings: what is said, made ready for each kind of channel."""
