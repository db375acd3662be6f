"""Who may do what: one table from action to roles."""

from __future__ import annotations

OFFICER, LEADER, CLERK, UNIT, OPERATOR, FIELD = (
    "officer",
    "leader",
    "clerk",
    "unit_officer",
    "operator",
    "field_worker",
)
EVERYONE = frozenset({OFFICER, LEADER, CLERK, UNIT, OPERATOR, FIELD})

MAY: dict[str, frozenset[str]] = {
    "import_places": frozenset({OFFICER, CLERK}),
    "record_contacts": frozenset({OFFICER, CLERK, UNIT}),
    "register_letter": frozenset({OFFICER, LEADER, CLERK}),
    "open_campaign": frozenset({OFFICER, LEADER}),
    "answer_question": frozenset({OFFICER, LEADER}),
    "change_fact": frozenset({OFFICER, LEADER}),
    "edit_message": frozenset({OFFICER, LEADER, CLERK}),
    "record_bulletin": frozenset({OFFICER, LEADER, UNIT, OPERATOR}),
    "make_kit": frozenset({OFFICER, LEADER}),
    "approve_kit": frozenset({OFFICER, LEADER}),
    "publish_kit": frozenset({OFFICER, LEADER}),
    "correct": frozenset({OFFICER, LEADER}),
    "withdraw_message": frozenset({OFFICER, LEADER}),
    "deliver_message": frozenset({OFFICER, LEADER}),
    "suppress": frozenset({OFFICER, LEADER, CLERK, UNIT}),
    "handle_answer": frozenset({OFFICER, LEADER, CLERK, UNIT}),
    "write_report": frozenset({OFFICER, LEADER, CLERK}),
    "move_assignment": frozenset({OFFICER, LEADER, UNIT, OPERATOR, FIELD}),
    "attach_proof": frozenset({OFFICER, LEADER, UNIT, OPERATOR, FIELD}),
    "import_residents": frozenset({OFFICER, CLERK, UNIT}),
    "record_visit": frozenset({OFFICER, UNIT, FIELD}),
    "see_campaign": EVERYONE,
    "see_history": frozenset({OFFICER, LEADER, CLERK}),
    "see_residents": frozenset({OFFICER, UNIT, FIELD}),
}


def may(role: str, action: str, *, is_superuser: bool = False) -> bool:
    """Whether someone in `role` may perform `action`. Raises `KeyError` for an action the table does not know."""
    return role in MAY[action] or is_superuser
