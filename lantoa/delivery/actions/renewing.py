"""Approved new words, or a person's voice, in the place of what is out: a correction without a changed fact.

Only what a channel can replace is replaced. Whoever was handed something, and sheets on walls, keep words that are
still true: nobody is told, nobody is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value

from lantoa.channels.base import Correcting
from lantoa.content.models import Rendering
from lantoa.content.rules.kinds import KINDS, NOTICE_KINDS
from lantoa.delivery.actions.barring import withdrawn
from lantoa.delivery.actions.inserting import insert_from
from lantoa.delivery.actions.ledger import Ledger
from lantoa.delivery.actions.routing import channel
from lantoa.delivery.models import Correction, CorrectionAct, Publication
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User


def outdated(campaign: Campaign) -> QuerySet[Publication]:
    """What stands in front of people in words that approved ones have followed, where a channel can replace it."""
    on_paper = [kind.name for kind in KINDS.values() if kind.is_print]
    rows = Publication.objects.filter(campaign=campaign, rendering__is_current=False).live()
    rows = rows.exclude(rendering__kind__in=[*on_paper, *NOTICE_KINDS])
    used = rows.order_by().values_list("channel", flat=True).distinct()
    rows = rows.filter(channel__in=[name for name in used if channel(name).corrects is Correcting.REPLACE])
    found: QuerySet[Publication] = rows.filter(Exists(_newer(campaign)))
    return found


def _newer(campaign: Campaign) -> QuerySet[Rendering]:
    """The approved rendering that holds now, of the same kind, place and language as that of a publication."""
    same = Q(kind=OuterRef("rendering__kind"), place=OuterRef("rendering__place"))
    current = Rendering.objects.filter(same, campaign=campaign, is_current=True, approved_at__isnull=False)
    return current.filter(language=OuterRef("rendering__language")).exclude(pk__in=withdrawn(campaign))


def check_plan_renewal(campaign: Campaign, by: User | None) -> None:
    """Whether `by` may plan it, and no correction of facts has to come first. Raises `RefusedError`."""
    require(by, "correct", campaign.place)
    if Ledger.read(campaign).wrong() or campaign.correction_set.filter(state=Correction.State.PLANNED).exists():
        raise RefusedError("Có đính chính đang chờ. Hãy thực hiện đính chính đó trước, rồi thay lời mới.")


@transaction.atomic
def plan_renewal(campaign: Campaign, by: User | None) -> Correction | None:
    """Plan to put approved new words where their old ones stand; None where none do. Nothing outside is touched."""
    check_plan_renewal(campaign, by)
    rows = outdated(campaign)
    if not rows.exists():
        return None
    correction = Correction.objects.create(campaign=campaign, by=by)
    columns: dict[str, Any] = {
        "correction": Value(correction.pk),
        "act": Value(CorrectionAct.Act.REPLACE.value),
        "publication": F("pk"),
        "rendering": Subquery(_newer(campaign).values("pk")[:1]),
        "error": Value(""),
    }
    acts = insert_from(CorrectionAct, tuple(columns), rows.values_list(*columns.values()))
    record(Event(by, "plan_renewal", correction, campaign.pk, {"acts": acts}))
    return correction
