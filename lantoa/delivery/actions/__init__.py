"""Verbs of delivery: publish the kit, send what waits, plan a correction or a withdrawal and carry it out."""

from lantoa.delivery.actions.correcting import approve_correction, carry_out, check_carry_out
from lantoa.delivery.actions.planning import plan_correction
from lantoa.delivery.actions.publishing import (
    Audience,
    Outcome,
    check_publish_kit,
    deliver_message,
    publish_kit,
)
from lantoa.delivery.actions.sending import send_waiting
from lantoa.delivery.actions.withdrawing import Withdrawal, check_withdraw_message, standing, withdraw_message

__all__ = [
    "Audience",
    "Outcome",
    "Withdrawal",
    "approve_correction",
    "carry_out",
    "check_carry_out",
    "check_publish_kit",
    "check_withdraw_message",
    "deliver_message",
    "plan_correction",
    "publish_kit",
    "send_waiting",
    "standing",
    "withdraw_message",
]
