"""Verbs of content: edit and approve words, make the kit and the notices that follow it, approve what was made."""

from lantoa.content.actions.approving import approve_kit, check_approve_kit, check_kit, check_rendering
from lantoa.content.actions.approving_words import approve_messages, check_approve_messages
from lantoa.content.actions.editing import (
    Edit,
    EditedMeanwhileError,
    Restoring,
    check_edit_message,
    check_restore_message,
    drop_draft,
    edit_message,
    keep_draft,
    restore_message,
)
from lantoa.content.actions.making import (
    Kit,
    make_kit,
    make_notices,
    make_press_copies,
    make_withdrawal_notices,
)
from lantoa.content.actions.neighbourhoods import Asked, contacts_asked, neighbourhoods_in
from lantoa.content.actions.recording import (
    Upload,
    accept_recording,
    check_accept_recording,
    check_drop_recording,
    check_record_bulletin,
    drop_recording,
    record_bulletin,
)

__all__ = [
    "Asked",
    "Edit",
    "EditedMeanwhileError",
    "Kit",
    "Restoring",
    "Upload",
    "accept_recording",
    "approve_kit",
    "approve_messages",
    "check_accept_recording",
    "check_approve_kit",
    "check_approve_messages",
    "check_drop_recording",
    "check_edit_message",
    "check_kit",
    "check_record_bulletin",
    "check_rendering",
    "check_restore_message",
    "contacts_asked",
    "drop_draft",
    "drop_recording",
    "edit_message",
    "keep_draft",
    "make_kit",
    "make_notices",
    "make_press_copies",
    "make_withdrawal_notices",
    "neighbourhoods_in",
    "record_bulletin",
    "restore_message",
]
