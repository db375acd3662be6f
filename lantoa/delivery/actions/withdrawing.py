"""Withdrawing a message wholly: taken down, taken out of the queue, and told to whoever was handed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.content.actions.making import NOTICE_KINDS
from lantoa.content.makers.making import hash_of, make
from lantoa.content.models import Rendering
from lantoa.content.rules.composing import words_of
from lantoa.content.rules.kinds import KINDS
from lantoa.content.rules.piece import Piece
from lantoa.delivery.actions.correcting import carry_out
from lantoa.delivery.actions.ledger import MODELS, Ledger
from lantoa.delivery.actions.planning import Plan
from lantoa.delivery.actions.turn import sending_turn
from lantoa.delivery.models import Correction, CorrectionAct
from lantoa.delivery.rules.correcting import NOTICE
from lantoa.lib.files import write_whole
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    if not ledger.wrong() and not waits:
        raise RefusedError(f"“{KINDS[wanted.kind].label}” hiện không đang phát ở đâu.")
    return ledger


def withdraw_message(campaign: Campaign, wanted: Withdrawal, by: User | None) -> Correction:
    """Take it down wherever that can be done, tell those who were handed it, give the task where it hangs on a wall.

    These very words never go out again; new words of the same kind may, once approved. Cut off, the worker goes on.
    """
    check_withdraw_message(campaign, wanted, by)
    with sending_turn(campaign, waits=True):
        plan = Plan(standing(campaign, wanted.kind))
        notices = {
            keys: _make_notices(campaign, wanted, territories) for keys, territories in plan.telling.notices().items()
        }
        with transaction.atomic():
            waiting = _take_out_of_queue(campaign, wanted.kind)
            reason = wanted.reason.strip()
            correction = Correction.objects.create(campaign=campaign, by=by, withdraws=wanted.kind, reason=reason)
            acts = plan.write(correction, notices)
            detail = {"rendering": wanted.kind, "reason": reason, "acts": acts, "taken_out_of_queue": waiting}
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


def _make_notices(campaign: Campaign, wanted: Withdrawal, territories: Iterable[int]) -> dict[int, int]:
    """The notice for each territory, made and current: its rendering by the territory."""
    found: dict[int, int] = {}
    for place in Place.objects.filter(pk__in=territories):
        piece = _words(campaign, wanted, place)
        row = Rendering(
            campaign=campaign,
            kind=NOTICE,
            place=place,
            hash=hash_of(NOTICE, piece),
            file_name=KINDS[NOTICE].file_name,
            media_type=KINDS[NOTICE].media_type,
            title=piece.title,
            words=words_of(piece),
        )
        made = make(NOTICE, piece)
        write_whole(row.path, made.content)
        row.size = len(made.content)
        found[place.pk] = _keep(row)
    return found


@transaction.atomic
def _keep(row: Rendering) -> int:
    same = Rendering.objects.filter(campaign=row.campaign, kind=NOTICE, place=row.place, language=row.language)
    same.exclude(hash=row.hash).update(is_current=False)
    known = same.filter(hash=row.hash).first()
    if known is None:
        row.save()
        return int(row.pk)
    same.filter(pk=known.pk).update(is_current=True)
    return int(known.pk)


def _words(campaign: Campaign, wanted: Withdrawal, place: Place) -> Piece:
    committee = place.children.filter(kind="committee").first()
    label = KINDS[wanted.kind].label
    return Piece(
        kind=NOTICE,
        title=f"Thu hồi nội dung: {label}",
        lead=f"Nội dung “{label}” của chiến dịch “{campaign.title}” đã gửi trước đây nay được thu hồi. "
        f"Lý do: {wanted.reason.strip().rstrip('.')}.",
        text="Đề nghị không sử dụng, không phát lại và không chuyển tiếp nội dung này; "
        "gỡ, thu lại những bản đã đăng, đã dán, đã phát.",
        publisher=committee.name if committee else place.name,
        place=place.name,
        dated=timezone.localdate().isoformat(),
    )
