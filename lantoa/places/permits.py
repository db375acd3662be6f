"""Asking whether a person may do a thing to a place, and the refusal that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.places.rules import may

if TYPE_CHECKING:
    from lantoa.places.models import Place, User


class RefusedError(Exception):
    """An action may not be done; the message, in Vietnamese, says what is wrong and what to do next."""


def require(by: User | None, action: str, place: Place | None = None) -> None:
    """Raise `RefusedError` unless `by` may do `action` where `place` is.

    `None` is whoever holds the machine itself (the command line, the timetable): they may.
    """
    if by is None:
        return
    if not may(by.role, action, is_superuser=by.is_superuser):
        raise RefusedError(f"Vai trò {by.get_role_display()} không có quyền làm việc này. Hãy nhờ cán bộ phụ trách.")
    if place is not None and not by.is_superuser and not is_within(place, by):
        raise RefusedError(f"{place.name} không thuộc phạm vi của bạn.")


def is_within(place: Place, user: User) -> bool:
    """Whether `place` lies in the territory the user works for."""
    own = user.territory
    node: Place | None = place
    while own is not None and node is not None:
        if node.pk == own.pk:
            return True
        node = node.parent
    return False
