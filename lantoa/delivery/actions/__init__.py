"""Verbs of delivery: publish the kit, send what waits, plan a correction and carry it out."""

from lantoa.delivery.actions.correcting import carry_out, check_carry_out, plan_correction
from lantoa.delivery.actions.publishing import (
    Audience,
    Outcome,
    check_publish_kit,
    deliver_message,
    publish_kit,
    send_waiting,
)

__all__ = [
    "Audience",
    "Outcome",
    "carry_out",
    "check_carry_out",
    "check_publish_kit",
    "deliver_message",
    "plan_correction",
    "publish_kit",
    "send_waiting",
]
