"""E-mail to many people: messages compiled once, signed, carried over SMTP, and what comes back of them read."""
