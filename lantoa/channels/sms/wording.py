"""How a text is written for telephones: compiled once, counted and filled for each recipient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.channels.base import ChannelError
from lantoa.channels.wire import Slot, split_slots
from lantoa.lib.options import OptionError
from lantoa.lib.sms import MOST_PARTS, CompiledText, OutsideAlphabet
from lantoa.lib.sms.compiled import Writing  # noqa: TC001 - read at run time by read_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.channels.wire import Item, Message
    from lantoa.lib.sms import Alphabet

_KEY = Slot("")
"""Stands for the recipient's own key in the words by which they refuse further messages."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How texts are written: the same for all accounts of a channel, because a text is compiled for all of them."""

    writing: Writing = "auto"
    reference_bits: int = 8
    most_parts: int = 10
    opt_out: str = ""

    def check(self) -> None:
        """Raise `OptionError` for what cannot be."""
        if self.reference_bits not in {8, 16}:
            raise OptionError(f"reference_bits = {self.reference_bits}: phải là 8 hoặc 16")
        if not 1 <= self.most_parts <= MOST_PARTS:
            raise OptionError(f"most_parts = {self.most_parts}: phải từ 1 đến {MOST_PARTS}")

    def too_long(self, parts: int) -> str:
        """Why so many parts are too many; empty when they are not."""
        if parts <= self.most_parts:
            return ""
        return f"Tin dài {parts} phần SMS, kênh này gửi nhiều nhất {self.most_parts} phần (most_parts)"


class SmsTemplate:
    """A message compiled for SMS: the words are octets, and slots are filled for each recipient."""

    __slots__ = ("_slots", "_text", "wording")

    def __init__(self, text: CompiledText, slots: Sequence[Slot], wording: Wording) -> None:
        self._text = text
        self._slots = slots
        self.wording = wording

    def parts(self, item: Item) -> int:
        """SMS parts: 160 and 153 septets, or 70 and 67 UCS-2 units; 1 for what cannot be filled."""
        try:
            return self._text.count(self._values(item))
        except OutsideAlphabet:
            return 1

    def show(self, item: Item) -> str:
        """The message as this recipient reads it. Raises `ChannelError` when it cannot be filled."""
        try:
            return self._text.show(self._values(item))
        except OutsideAlphabet as error:
            raise ChannelError(f"{cannot_write(error)}.", permanent=True) from error

    def fill(self, item: Item) -> tuple[Alphabet, list[bytes]]:
        """The alphabet and the parts for a recipient. Raises `OutsideAlphabet`."""
        return self._text.fill(self._values(item))

    def _values(self, item: Item) -> list[str]:
        return [item.key if slot is _KEY else slot.fill(item.fields) for slot in self._slots]


def compile_sms(message: Message, wording: Wording) -> SmsTemplate:
    """Encode the words once. Raises `ChannelError`, permanent, for a text that is empty, too long or not writable."""
    content = message.text.replace("\r\n", "\n").strip()
    if not content:
        raise ChannelError("Tin nhắn không có chữ nào.", permanent=True)
    pieces = [*split_slots(content)]
    if wording.opt_out and message.opt_out_url:
        before, _, after = wording.opt_out.partition("{link}")
        pieces = [*pieces[:-1], f"{pieces[-1]}\n{before}{message.opt_out_url}", _KEY, after]
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    words = [piece for piece in pieces if isinstance(piece, str)]
    usual = [slot.otherwise for slot in slots]
    try:
        text = CompiledText(words, usual, writing=wording.writing, reference_bits=wording.reference_bits)
        parts = len(text.fill(usual)[1])
    except OutsideAlphabet as error:
        raise ChannelError(f"{cannot_write(error)}.", permanent=True) from error
    if why := wording.too_long(parts):
        raise ChannelError(f"{why}. Hãy viết ngắn lại.", permanent=True)
    return SmsTemplate(text, slots, wording)


def cannot_write(error: OutsideAlphabet) -> str:
    """Why a text cannot be written in the alphabet that is asked for, in Vietnamese."""
    return f"Bảng chữ mà kênh này được phép dùng không có: {error}"
