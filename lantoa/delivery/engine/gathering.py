"""From what sessions said to what goes into the ledger, and from what the ledger gave to what may be sent."""

from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING

from lantoa.channels.base import State
from lantoa.channels.wire import Item, Report
from lantoa.delivery.engine.work import Heard, Written
from lantoa.delivery.rules.keys import read_key
from lantoa.delivery.rules.retrying import settle
from lantoa.delivery.rules.states import FAILED_FOR_GOOD, NUMBER, REFUSED, SENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lantoa.channels.wire import Outcome
    from lantoa.delivery.engine.channel_run import ChannelRun, OpenChunk
    from lantoa.delivery.engine.words import Words
    from lantoa.delivery.engine.work import Batch, Claimed, Row
    from lantoa.delivery.rules.retrying import Retry

MOST_WHY, MOST_CODE, MOST_ID = 200, 40, 100
"""Letters of the ledger's columns."""


def write_outcomes(run: ChannelRun, batch: Batch, retry: Retry) -> list[Item]:
    """Put what sessions said into the batch; returns the items it settles once it is written."""
    outcomes, run.outcomes = run.outcomes, []
    for item, outcome, account in outcomes:
        if outcome.state is State.SENT and not outcome.provider_ids and not outcome.code:
            batch.written.append(
                Written(*item.ref, item.was, SENT, item.attempt, account, None, None, None, None)
            )
        else:
            batch.written.append(_told(item, outcome, account, retry))
            if len(outcome.provider_ids) > 1:
                batch.parts += [(provider_id[:MOST_ID], *item.ref) for provider_id in outcome.provider_ids]
    return [item for item, _, _ in outcomes]


def _told(item: Item, outcome: Outcome, account: int, retry: Retry) -> Written:
    state, why, asked = outcome.state, outcome.why, outcome.retry_after
    if state is State.UNKNOWN and item.mine.line.unknown == "again":
        state = State.FAILED_FOR_NOW
    settled = settle(item.attempt, (state, why, asked), retry, chance=random.random())  # noqa: S311 - no secret
    is_fine = settled.state in {State.SENT, State.DELIVERED}
    ids = outcome.provider_ids
    return Written(
        *item.ref, item.was, NUMBER[settled.state], item.attempt, account,
        ids[0][:MOST_ID] if len(ids) == 1 else None,
        None if is_fine else (outcome.code or settled.state.value)[:MOST_CODE],
        None if is_fine else settled.why[:MOST_WHY],
        settled.wait,
    )


def write_news(run: ChannelRun, batch: Batch, secret: str) -> list[Callable[[], None]]:
    """Put what came in into the batch; returns what to call once it is written."""
    news, run.news = run.news, []
    for one, _ in news:
        if isinstance(one, Report):
            batch.heard += heard_of(one, secret)
        else:
            batch.replies.append((run.wire.name, one))
    return [kept for _, kept in news if kept is not None]


def heard_of(report: Report, secret: str) -> list[Heard]:
    """A receipt for the ledger; none of one that names nothing."""
    ref = read_key(report.key, secret) if report.key else None
    if ref is None and not report.provider_id:
        return []
    return [
        Heard(
            "" if ref else report.provider_id[:MOST_ID], ref, NUMBER[report.state],
            report.code[:MOST_CODE] or None, report.why[:MOST_WHY] or None,
            tuple(one[:MOST_ID] for one in report.raw.get("message_ids", "").split()),
        )
    ]


def fill_chunk(
    claimed: Claimed, chunk: OpenChunk, words: Words, key: Callable[[tuple[int, int]], str]
) -> list[Written]:
    """Make items of a chunk's people; returns what is to be written of those who get none."""
    written: list[Written] = []
    for row in claimed.rows:
        why = _why_not(row)
        if why is None:
            item = Item((claimed.dispatch, row.person), row.address or "", {"name": row.name or ""},
                        words.template(row.place_id), key, row.attempts + 1)
            item.mine, item.was = chunk, row.state
            try:
                item.parts = item.template.parts(item)
            except Exception as error:  # noqa: BLE001 - one poisoned row must not stop the rest
                why = (FAILED_FOR_GOOD, "poison", f"Không soạn được cho người này: {error}")
            else:
                chunk.pending.append(item)
        if why is not None:
            state, code, told = why
            written.append(
                Written(claimed.dispatch, row.person, row.state, state, row.attempts, None, None, code,
                        told[:MOST_WHY], None)
            )
    return written


def _why_not(row: Row) -> tuple[int, str, str] | None:
    """Why somebody is not sent to at all: state, code and words."""
    if row.is_suppressed:
        return REFUSED, "opted_out", "Người này đã từ chối nhận tin"
    if row.address is None:
        return FAILED_FOR_GOOD, "gone", "Không còn trong danh bạ"
    if not row.address:
        return FAILED_FOR_GOOD, "no_address", "Chưa có địa chỉ để gửi"
    return None


def settle_items(run: ChannelRun, items: Iterable[Item]) -> None:
    """These are written: their chunks wait for them no longer."""
    for item in items:
        chunk: OpenChunk = item.mine
        chunk.unwritten -= 1
        run.unwritten -= 1


def put_back(run: ChannelRun, grants: Iterable[tuple[OpenChunk, list[Item]]]) -> None:
    """Items whose turn could not be written down wait on."""
    for chunk, items in grants:
        run.settle(chunk, len(items))
        chunk.pending = deque([*items, *chunk.pending])
