"""Withdrawing a message wholly: taken down, taken out of the queue, and told to whoever was handed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from lantoa.content.actions import make_withdrawal_notices
from lantoa.content.rules.kinds import KINDS, NOTICE_KINDS
from lantoa.delivery.actions.correcting import carry_out
from lantoa.delivery.actions.ledger import MODELS, Ledger
from lantoa.delivery.actions.planning import Plan, letters_of, make_all_notices
from lantoa.delivery.actions.telling_people import People
from lantoa.delivery.actions.turn import sending_turn
from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is withdrawn, a rendering kind, and why, in words that those who hold it may read."""

    kind: str
    reason: str


def standing(campaign: Campaign, kind: str) -> Ledger:
    """The ledger in which everything of `kind` must not stand any more: what a withdrawal would touch."""
    return replace(Ledger.read(campaign), withdraws=kind)


def check_withdraw_message(campaign: Campaign, wanted: Withdrawal, by: User | None) -> Ledger:
    """Whether `by` may withdraw it, and there is something to withdraw. Raises `RefusedError`."""
    require(by, "withdraw_message", campaign.place)
    if wanted.kind not in KINDS or wanted.kind in NOTICE_KINDS:
        why = "Không thu hồi được loại nội dung này. Thông báo đính chính chỉ được sửa bằng đính chính mới."
        raise RefusedError(why)
    if not wanted.reason.strip():
        raise RefusedError("Hãy ghi lý do thu hồi: người đã nhận sẽ đọc lý do này.")
    ledger = standing(campaign, wanted.kind)
    waits = any(model.objects.filter(campaign=campaign, rendering__kind=wanted.kind).waiting() for model in MODELS)
    if not ledger.wrong() and not waits and not People(campaign, {}, wanted.kind).has_work():
        raise RefusedError(f"“{KINDS[wanted.kind].label}” hiện không đang phát ở đâu.")
    return ledger


def withdraw_message(campaign: Campaign, wanted: Withdrawal, by: User | None) -> Correction:
    """Take it down wherever that can be done, tell those who were handed it, give the task where it hangs on a wall.

    These very words never go out again; new words of the same kind may, once approved. Cut off, the worker goes on.
    """
    check_withdraw_message(campaign, wanted, by)
    with sending_turn(campaign, waits=True):
        plan = Plan(standing(campaign, wanted.kind))
        people = People(campaign, {}, wanted.kind)
        notices = make_all_notices(
            plan, people, lambda _, where: make_withdrawal_notices(campaign, wanted.kind, wanted.reason, where, by)
        )
        with transaction.atomic():
            waiting = _take_out_of_queue(campaign, wanted.kind)
            reason = wanted.reason.strip()
            correction = Correction.objects.create(campaign=campaign, by=by, withdraws=wanted.kind, reason=reason)
            acts = plan.write(correction, letters_of(notices))
            number = people.plan(correction, notices, by)
            detail = {
                "rendering": wanted.kind, "reason": reason, "acts": acts, "people": number,
                "taken_out_of_queue": waiting,
            }
            record(Event(by, "withdraw_message", correction, campaign.pk, detail))
    return carry_out(correction, by)


def _take_out_of_queue(campaign: Campaign, kind: str) -> int:
    """Drop what has not gone out yet, and what a correction still wanted to do with it."""
    number = 0
    for model in MODELS:
        number += model.objects.filter(campaign=campaign, rendering__kind=kind).waiting().delete()[0]
        undone = CorrectionAct.objects.filter(correction__campaign=campaign, done_at__isnull=True)
        undone.filter(**{f"{model.KIND}__rendering__kind": kind}).delete()
    return number
