"""Mail that comes back: bounces, complaints and answers are taken from the mailbox that a channel names."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from django.conf import settings

from lantoa.channels.base import ChannelError
from lantoa.channels.registry import is_wire, open_wire
from lantoa.delivery.actions.hearing import hear
from lantoa.letters.doors.turn import turn_at
from lantoa.lib.imap import MailboxError, open_mailbox

if TYPE_CHECKING:
    from lantoa.channels.wire import Reply, Report
    from lantoa.lib.imap import Mailbox, MailboxAddress

logger = logging.getLogger(__name__)

MOST_BYTES = 2_000_000
"""What is longer is no bounce that anybody need read in full."""
AT_A_TIME = 500
"""Messages of one round; the rest waits for the next."""


@runtime_checkable
class ReadsMail(Protocol):
    """A wire to which answers come back by mail."""

    name: str
    mailbox_ca_file: str

    def where_returned(self) -> MailboxAddress | None:
        """The mailbox; None when none is set. Raises `ChannelError`."""

    def read(self, data: bytes) -> Report | Reply | None:
        """What a message says of one of ours; None when it says nothing."""


def take_returned_mail() -> int:
    """Take what came back by mail, for every channel that says where; returns how many messages said something."""
    number = 0
    for name in settings.LANTOA_CHANNELS:
        channel: object = open_wire(name, settings.LANTOA_CHANNELS) if is_wire(name, settings.LANTOA_CHANNELS) else None
        if isinstance(channel, ReadsMail):
            try:
                number += _take(channel)
            except (ChannelError, MailboxError) as error:
                logger.warning("%s", error)
    return number


def _take(channel: ReadsMail) -> int:
    address = channel.where_returned()
    if address is None:
        return 0
    with turn_at(f"returned-{channel.name}") as is_mine:
        if not is_mine:
            return 0
        with open_mailbox(address, channel.mailbox_ca_file) as mailbox:
            return sum(_take_one(channel, mailbox, uid) for uid in mailbox.unseen()[:AT_A_TIME])


def _take_one(channel: ReadsMail, mailbox: Mailbox, uid: int) -> int:
    """Write down what one message says, and only then mark it: cut off between the two, it is read again."""
    news = channel.read(mailbox.message(uid)) if mailbox.size(uid) <= MOST_BYTES else None
    if news is not None:
        hear(channel.name, [news])
    mailbox.mark_seen(uid)
    return 0 if news is None else 1
