"""Short messages through a carrier's message centre, by SMPP 3.4 (docs/channels/smpp_gateway.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.channels.base import ChannelError, Correcting, Limits
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.sms.session import SmppSession
from lantoa.channels.sms.wording import SmsTemplate, Wording, compile_sms
from lantoa.channels.wire import Account, Reaches
from lantoa.lib.options import OptionError, names_of, read_options
from lantoa.lib.smpp.options import Access, Forming
from lantoa.lib.smpp.text import References

if TYPE_CHECKING:
    from lantoa.channels.wire import Feed, Message


class SmppGatewayChannel:
    """SMS to many people; each account is a login at a message centre."""

    limits = Limits(media_types=("text/plain",))
    corrects = Correcting.FOLLOW_UP
    reaches = Reaches.PHONE

    def __init__(self, *, name: str = "sms", accounts: tuple[Account, ...] = (), **options: Any) -> None:
        self.name = name
        self.accounts = accounts
        self._forming = {key: value for key, value in options.items() if key not in names_of(Wording)}
        of_words = {key: value for key, value in options.items() if key in names_of(Wording)}
        try:
            self._wording = read_options(Wording, of_words)
            self._wording.check()
            forming = read_options(Forming, self._forming)
            forming.form()
            forming.judgements()
        except OptionError as error:
            raise ChannelSettingError(f"[{name}]: {error}.") from error
        self.gives_receipts = forming.receipts
        self._references = References()

    def compile(self, message: Message) -> SmsTemplate:
        """Encode the words once. Raises `ChannelError` as `compile_sms` does."""
        return compile_sms(message, self._wording)

    async def open(self, account: Account, feed: Feed) -> SmppSession:
        """Begin to use an account. Raises `ChannelError` for options that cannot work."""
        of_access = {key: value for key, value in account.options.items() if key in names_of(Access)}
        of_forming = {key: value for key, value in account.options.items() if key not in names_of(Access)}
        try:
            forming = read_options(Forming, {**self._forming, **of_forming})
            session = SmppSession(feed, forming, self._references)
            session.begin(read_options(Access, of_access), account.window)
        except OptionError as error:
            raise ChannelError(f"[{self.name}], tài khoản {account.name}: {error}.", permanent=True) from error
        return session
