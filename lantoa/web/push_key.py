"""The key that browsers subscribe to, for pages that offer notices."""

from __future__ import annotations

import logging

from lantoa.channels.base import ChannelError
from lantoa.delivery.engine import looking

log = logging.getLogger(__name__)


def push_key() -> str:
    """The key; empty while there is none, and then nothing is offered."""
    try:
        return looking.push_key()
    except (ChannelError, OSError, ValueError):
        log.exception("the key of the channel to browsers cannot be used")
        return ""
