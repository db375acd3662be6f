"""Whom words concern: a closed vocabulary, and the selection of messages by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lantoa.campaigns.rules.pack import PackMessage

READERS: Final[Mapping[str, str]] = {
    "device_owner": "người đang dùng máy thuộc diện phải chuyển đổi",
    "elderly_household": "nhà có người cao tuổi",
    "needs_help": "người khuyết tật, người sống một mình, người không tự đi lại được",
    "poor_household": "hộ nghèo, hộ cận nghèo",
    "family_away": "con cháu ở xa",
    "unit_staff": "cán bộ, công chức, viên chức, người lao động của đơn vị",
    "device_business": "cơ sở, doanh nghiệp có thiết bị gắn SIM",
    "islander": "người ở đảo, người đi biển",
}
"""Every kind of reader a message may be written for, with its name."""


def speaks_to(message: PackMessage, readers: Iterable[str]) -> bool:
    """Whether `message` concerns somebody who is all of `readers`; no readers: the public, whom everything concerns."""
    told = set(readers)
    return not told or not message.readers or bool(told & set(message.readers))


def select(messages: Iterable[PackMessage], readers: Iterable[str] = ()) -> tuple[PackMessage, ...]:
    """The messages that concern `readers`, in the order they were written in."""
    told = tuple(readers)
    return tuple(message for message in messages if speaks_to(message, told))
