"""Verbs of delivery: publish the kit, send what waits, message many people, correct and withdraw."""

from lantoa.delivery.actions.addressing import numbers
from lantoa.delivery.actions.correcting import approve_correction, carry_out, check_carry_out
from lantoa.delivery.actions.dispatching import (
    Order,
    cancel_dispatch,
    check_queue_dispatch,
    check_start_dispatch,
    extend_dispatch,
    leave_unknown,
    pause_dispatch,
    queue_dispatch,
    send_again,
    start_dispatch,
)
from lantoa.delivery.actions.falling_back import fall_back, set_fallback
from lantoa.delivery.actions.hearing import (
    allow_messages,
    handle_answer,
    hear,
    opt_out,
    refuse_messages,
)
from lantoa.delivery.actions.planning import plan_correction
from lantoa.delivery.actions.preparing import Planned, check_plan_dispatch, drop_dispatch, plan_dispatch
from lantoa.delivery.actions.publishing import (
    Audience,
    Outcome,
    check_publish_kit,
    deliver_message,
    publish_kit,
)
from lantoa.delivery.actions.renewing import check_plan_renewal, outdated, plan_renewal
from lantoa.delivery.actions.sending import send_waiting
from lantoa.delivery.actions.subscribing import subscribe_browser, unsubscribe_browser
from lantoa.delivery.actions.withdrawing import Withdrawal, check_withdraw_message, standing, withdraw_message

__all__ = [
    "Audience",
    "Order",
    "Outcome",
    "Planned",
    "Withdrawal",
    "allow_messages",
    "approve_correction",
    "cancel_dispatch",
    "carry_out",
    "check_carry_out",
    "check_plan_dispatch",
    "check_plan_renewal",
    "check_publish_kit",
    "check_queue_dispatch",
    "check_start_dispatch",
    "check_withdraw_message",
    "deliver_message",
    "drop_dispatch",
    "extend_dispatch",
    "fall_back",
    "handle_answer",
    "hear",
    "leave_unknown",
    "numbers",
    "opt_out",
    "outdated",
    "pause_dispatch",
    "plan_correction",
    "plan_dispatch",
    "plan_renewal",
    "publish_kit",
    "queue_dispatch",
    "refuse_messages",
    "send_again",
    "send_waiting",
    "set_fallback",
    "standing",
    "start_dispatch",
    "subscribe_browser",
    "unsubscribe_browser",
    "withdraw_message",
]
