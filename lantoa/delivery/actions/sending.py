"""Sending what waits: the urgent lane of corrections first, in chunks, one sender at a time for each campaign.

A row is written before anything leaves, and no transaction is open while a channel works. What came of a chunk is
written in one transaction with the acts it completes. A run that was cut off goes on, because what waits is a query.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lantoa.channels.base import ChannelError, Receipt, State
from lantoa.content.actions.homes import citation_of
from lantoa.delivery.actions.completing import Completion
from lantoa.delivery.actions.inserting import write_back
from lantoa.delivery.actions.ledger import MODELS, Row, among, batches_of, still_true
from lantoa.delivery.actions.loading import Loader
from lantoa.delivery.actions.routing import channel, content_of, outgoing
from lantoa.delivery.actions.turn import sending_turn
from lantoa.delivery.models import Correction, CorrectionAct, Delivery
from lantoa.delivery.rules.correcting import NOTICE, REPLACE, stale_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.channels.base import Channel, Outgoing
    from lantoa.content.models import Rendering
    from lantoa.delivery.models import Exposure, Publication
    from lantoa.delivery.rules.correcting import Batch

    Progress = Callable[[int, int], None]

CHUNK = 200
GOOD = frozenset({State.SENT.value, State.DELIVERED.value})


def send_waiting(campaign: Campaign, progress: Progress | None = None) -> tuple[int, int]:
    """Send everything of the campaign that waits; returns how many went and how many did not.

    What was queued before a fact changed goes out in its new words, or waits until those are approved. While another
    process sends for this campaign, nothing is done here.
    """
    with sending_turn(campaign) as is_mine:
        if not is_mine:
            return 0, 0
        run = Run(campaign, progress)
        run.send_urgent()
        run.send_bulk()
        for correction in begun(campaign):
            run.completion.finish(correction, None)
    return run.sent, run.failed


def begun(campaign: Campaign) -> Iterator[Correction]:
    """Corrections that were approved and are not done yet."""
    yield from campaign.correction_set.filter(state=Correction.State.PLANNED, approved_at__isnull=False)


class Run:
    """One run of sending for a campaign: what went, what did not, and whom to tell."""

    def __init__(self, campaign: Campaign, progress: Progress | None = None) -> None:
        self.campaign, self.progress = campaign, progress
        self.sent = self.failed = self.of = 0
        self.completion = Completion(campaign)
        self._loader = Loader(campaign)

    def send_urgent(self) -> None:
        """What corrections ask for: take down, put in place, tell. New words first, to where everybody looks."""
        self._withdraw_all()
        waiting = [(model, self._ready(model, is_urgent=True)) for model in MODELS]
        self.of += sum(len(ids) for _, ids in waiting)
        for model, ids in waiting:
            self._send(model, ids)

    def send_bulk(self) -> None:
        """The rest, letting a correction that was approved in the meantime go ahead at every chunk."""
        waiting = [(model, self._ready(model, is_urgent=False)) for model in MODELS]
        self.of += sum(len(ids) for _, ids in waiting)
        for model, ids in waiting:
            self._send(model, ids, self._let_urgent_pass)

    def _let_urgent_pass(self) -> None:
        for model in MODELS:
            waiting = model.objects.filter(campaign=self.campaign, state=State.QUEUED.value).urgent()
            if waiting.exists():
                ids = self._ready(model, is_urgent=True, states=(State.QUEUED.value,))
                self.of += len(ids)
                self._send(model, ids)

    def _send(self, model: type[Row], waiting: Sequence[int], between: Callable[[], None] | None = None) -> None:
        source = iter(waiting)
        while chunk := list(islice(source, CHUNK)):
            if between:
                between()
            self._send_chunk(model, chunk)
            if self.progress:
                self.progress(self.sent + self.failed, self.of)

    def _ready(self, model: type[Row], *, is_urgent: bool, states: Sequence[str] = ()) -> list[int]:
        """What waits and may go out now, the oldest first."""
        rows = model.objects.filter(campaign=self.campaign, act__isnull=not is_urgent).waiting()
        if states:
            rows = rows.filter(state__in=states)
        known = batches_of(rows)
        held = Kit(self.campaign).renew(model, known, is_urgent=is_urgent)
        return list(rows.exclude(among(held, known)).order_by("pk").values_list("pk", flat=True))

    def _send_chunk(self, model: type[Row], ids: Sequence[int]) -> None:
        model.objects.filter(pk__in=ids).update(state=State.SENDING.value)
        rows = self._loader.rows(model, ids)
        places = instead_of(rows)
        read = cache(content_of)
        done: list[Row] = []
        try:
            for row in rows:
                send(row, places.get(row.pk, ""), read)
                done.append(row)
        finally:  # cut off here, what went is written down as gone and the rest waits on
            with transaction.atomic():
                write_back(done, ("state", "target", "provider_id", "attempts", "error", "live_from"))
                left = [row.pk for row in rows[len(done) :]]
                if left:
                    model.objects.filter(pk__in=left).update(state=State.QUEUED.value)
                self.completion.complete([row for row in done if row.act_id])
        good = sum(row.state in GOOD for row in done)
        self.sent, self.failed = self.sent + good, self.failed + len(done) - good

    def _withdraw_all(self) -> None:
        """Take down what has nothing to come in its place: better nothing than what is no longer true."""
        acts = CorrectionAct.objects.filter(
            correction__in=[row.pk for row in begun(self.campaign)],
            act=CorrectionAct.Act.WITHDRAW,
            done_at__isnull=True,
        )
        source = iter(list(acts.values_list("pk", flat=True)))
        while chunk := list(islice(source, CHUNK)):
            rows = list(CorrectionAct.objects.filter(pk__in=chunk).select_related("publication", "delivery"))
            for act in rows:
                act.error = _take_down(act.exposure)
            with transaction.atomic():
                self.completion.take_down(rows)
            self.sent += sum(not act.error for act in rows)
            self.failed += sum(bool(act.error) for act in rows)


def _take_down(row: Exposure) -> str:
    """Take it away from its channel; returns what went wrong, if anything."""
    try:
        channel(row.channel).withdraw(row.target)
    except ChannelError as error:
        return str(error)
    return ""


class Kit:
    """The words that hold now, for what was queued before they did."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.true = still_true(campaign)
        self.letter = citation_of(campaign.letter.letter)

    def renew(self, model: type[Row], known: Sequence[Batch], *, is_urgent: bool) -> list[Batch]:
        """Give what waits in words that no longer hold the new ones; returns the batches that must wait for those.

        What a correction queued is never changed under it: it waits for the next correction, which takes its place.
        """
        named = dict(
            self.campaign.rendering_set.filter(pk__in={batch.rendering_id for batch in known}).values_list(
                "pk", "details__letter"
            )
        )
        held: list[Batch] = []
        for batch in known:
            if self._holds(dict(batch.facts), named[batch.rendering_id]):
                continue
            fresh = None if is_urgent else self._fresh.get((batch.territory_id, batch.rendering_kind))
            if fresh is None:
                held.append(batch)
            else:
                self._swap(model, among([batch], known), fresh)
        return held

    def _holds(self, facts: dict[str, int], letter: str | None) -> bool:
        return not stale_keys(facts, self.true) and letter in {None, self.letter}

    @property
    def _fresh(self) -> dict[tuple[int, str], Rendering]:
        rows = self.campaign.rendering_set.current().filter(approved_at__isnull=False)
        return {
            (row.place_id, row.kind): row for row in rows if self._holds(row.facts, row.details.get("letter"))
        }

    def _swap(self, model: type[Row], where: object, fresh: Rendering) -> None:
        rows = model.objects.filter(where, campaign=self.campaign, act__isnull=True).waiting()
        slot = {name: OuterRef(name) for name in ("channel", "channel_kind", model.WHERE)}
        standing = model.objects.filter(rendering=fresh, live_to__isnull=True, **slot)
        rows.filter(Exists(standing)).exclude(rendering=fresh).delete()  # a correction has been there in the meantime
        rows.update(rendering=fresh, facts=fresh.facts)


def instead_of(rows: Sequence[Publication | Delivery]) -> dict[int, str]:
    """Where each of these goes in the place of something: the target of what it replaces, by row."""
    found: dict[int, str] = {}
    notices: list[Delivery] = []
    for row in rows:
        if row.act is None:
            continue
        if row.act.act == REPLACE:
            found[row.pk] = row.act.exposure.target
        elif isinstance(row, Delivery) and channel(row.channel).corrects.value == REPLACE:
            notices.append(row)
    return found | _earlier_notices(notices)


def _earlier_notices(rows: Sequence[Delivery]) -> dict[int, str]:
    """Where each recipient's last notice lies, when the channel can put another there."""
    if not rows:
        return {}
    earlier = Delivery.objects.filter(
        campaign_id=rows[0].campaign_id,
        recipient__in={row.recipient_id for row in rows},
        channel__in={row.channel for row in rows},
        rendering__kind=NOTICE,
    )
    others = earlier.live().exclude(pk__in=[row.pk for row in rows]).order_by("pk")
    last = {(one.recipient_id, one.channel): one.target for one in others}
    return {row.pk: last[row.recipient_id, row.channel] for row in rows if (row.recipient_id, row.channel) in last}


def send(row: Exposure, instead_of: str = "", read: Callable[[Rendering], bytes] = content_of) -> None:
    """Hand one exposure to its channel, in the place of `instead_of` where given, and note the outcome on the row.

    `read` gives a rendering's bytes. The row is not saved: whoever sends many saves them together.
    """
    row.attempts += 1
    try:
        receipt = _hand_over(channel(row.channel), outgoing(row, read(row.rendering)), instead_of)
    except ChannelError as error:
        row.state = (State.FAILED_FOR_GOOD if error.permanent else State.FAILED_FOR_NOW).value
        row.error = str(error)
        return
    except OSError as error:  # its file in the store is gone or cannot be read: the others go on
        row.state = State.FAILED_FOR_NOW.value
        row.error = f"Không đọc được {row.rendering.file_name} trong kho ({error.strerror}). Hãy làm lại bộ nội dung."
        return
    row.state, row.target, row.provider_id = receipt.state.value, receipt.target, receipt.provider_id
    row.error, row.live_from = "", timezone.now()


def _hand_over(way: Channel, item: Outgoing, instead_of: str) -> Receipt:
    return way.replace(instead_of, item) if instead_of else way.send(item)
