"""How much the messages to many people may hold, and where that is said."""

from __future__ import annotations

SUBJECT = 60
"""Characters of an e-mail's subject that a telephone's list of mail shows; RFC 5322 §2.1.1 asks for 78 a line."""
PUSH_TITLE = 50
"""Characters of a push title before a locked telephone cuts it off (Android shows about 49)."""
PUSH_BODY = 160
"""Characters of a push text that a locked telephone shows (iOS about 160, with a picture 130)."""
PUSH_BYTES = 3993
"""Bytes of a push message before it is encrypted: what a push service must take (RFC 8030 §7.2: 4096) less what the
encryption adds (RFC 8291 §4)."""
