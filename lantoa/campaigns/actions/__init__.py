"""Verbs of a campaign: open it, follow its letter, add and change facts, answer a question, move an assignment."""

from lantoa.campaigns.actions.adding import NewFact, add_fact, check_add_fact
from lantoa.campaigns.actions.following import Followed, follow_letter
from lantoa.campaigns.actions.following_roadmap import roadmap_of
from lantoa.campaigns.actions.opening import (
    FactChange,
    answer_question,
    as_of,
    check_move_assignment,
    check_open_campaign,
    check_record_fact,
    move_assignment,
    open_campaign,
    pack_for,
    pack_of,
    record_fact,
)

__all__ = [
    "FactChange",
    "Followed",
    "NewFact",
    "add_fact",
    "answer_question",
    "as_of",
    "check_add_fact",
    "check_move_assignment",
    "check_open_campaign",
    "check_record_fact",
    "follow_letter",
    "move_assignment",
    "open_campaign",
    "pack_for",
    "pack_of",
    "record_fact",
    "roadmap_of",
]
