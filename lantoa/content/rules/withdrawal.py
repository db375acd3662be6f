"""What is told to those who got something that is withdrawn: the letter, and short words for each other way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.content.rules.kinds import KINDS, WIRE_NOTICES
from lantoa.content.rules.limits import PUSH_BODY
from lantoa.content.rules.piece import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.rules.wording import PlaceWords

_SMS = 201
"""Characters of three parts with tones."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is withdrawn, why, and who says so."""

    kind: str
    reason: str
    """In words that those who hold it may read."""
    campaign: str
    """The campaign's title: `Dừng dịch vụ cho … – Quận …`."""
    words: PlaceWords
    """Of the place that tells of it."""
    dated: str

    @property
    def topic(self) -> str:
        """What it was about."""
        return self.campaign.partition(" – ")[0]


def notices_of(kind: str) -> tuple[str, ...]:
    """The kinds of notice that tell of a withdrawal: the letter, and the way a message to many people went.

    Words of a template that its carrier approves cannot be found in a hurry: such a message is told of by the letter.
    """
    ways = {"sms": ("sms", "sms_unaccented"), "sms_unaccented": ("sms", "sms_unaccented"), "zns": ()}.get(kind, (kind,))
    return ("correction_notice", *(WIRE_NOTICES[way] for way in ways if way in WIRE_NOTICES))


def withdrawal_piece(notice: str, told: Withdrawn) -> Piece:
    """The words of one notice."""
    label, reason = KINDS[told.kind].label, told.reason.strip().rstrip(".")
    title, lead, text = f"Thu hồi nội dung: {label}", "", ""
    piece_kind = KINDS[notice].piece
    if piece_kind == "correction_sms":
        title, text = "", _shortest(_sms_words(told, reason), _SMS)
    elif piece_kind == "correction_push":
        title, text = "Thu hồi tin đã gửi", _shortest(_push_words(told, reason), PUSH_BODY)
    else:
        lead = (
            f"Nội dung “{label}” của chiến dịch “{told.campaign}” đã gửi trước đây nay được thu hồi. Lý do: {reason}."
        )
        text = (
            "Đề nghị không sử dụng, không phát lại và không chuyển tiếp nội dung này; "
            "gỡ, thu lại những bản đã đăng, đã dán, đã phát."
        )
    return Piece(
        kind=notice,
        title=title,
        lead=lead,
        text=text,
        publisher=told.words.publisher,
        place=told.words.place,
        url=told.words.url,
        dated=told.dated,
    )


def _sms_words(told: Withdrawn, reason: str) -> Iterator[str]:
    yield (
        f"Tin nhắn trước về «{told.topic}» nay thu hồi, lý do: {reason}. Xin đừng làm theo, đừng chuyển tiếp. "
        f"{told.words.publisher}"
    )
    yield f"Tin nhắn trước của chúng tôi nay thu hồi, lý do: {reason}. Xin đừng làm theo. {told.words.publisher}"
    yield f"Tin nhắn trước của chúng tôi nay thu hồi. Xin đừng làm theo, đừng chuyển tiếp. {told.words.publisher}"


def _push_words(told: Withdrawn, reason: str) -> Iterator[str]:
    yield f"Tin về «{told.topic}» nay thu hồi, lý do: {reason}. Xin đừng làm theo. {told.words.publisher}"
    yield f"Lý do: {reason}. Xin đừng làm theo tin trước. {told.words.publisher}"
    yield f"Xin đừng làm theo và đừng chuyển tiếp tin trước. {told.words.publisher}"


def _shortest(tries: Iterator[str], most: int) -> str:
    """The fullest words that have room; the shortest when none has."""
    text = ""
    for text in tries:
        if len(text) <= most:
            break
    return text
