"""Verbs of content: make the kit, make the notices that follow it, approve what was made."""

from lantoa.content.actions.approving import approve_kit, check_approve_kit, check_kit, check_rendering
from lantoa.content.actions.making import (
    Kit,
    make_kit,
    make_notices,
    make_press_copies,
    make_withdrawal_notices,
)

__all__ = [
    "Kit",
    "approve_kit",
    "check_approve_kit",
    "check_kit",
    "check_rendering",
    "make_kit",
    "make_notices",
    "make_press_copies",
    "make_withdrawal_notices",
]
