"""From what sessions said to what goes into the ledger, and from what the ledger gave to what may be sent."""

from __future__ import annotations

import random
from collections import Counter, deque
from typing import TYPE_CHECKING

from lantoa.channels.base import State
from lantoa.channels.wire import Item, Report
from lantoa.delivery.engine.work import Heard, Written
from lantoa.delivery.rules.keys import read_key
from lantoa.delivery.rules.retrying import settle
from lantoa.delivery.rules.states import FAILED_FOR_GOOD, NUMBER, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lantoa.channels.wire import Outcome
    from lantoa.delivery.engine.channel_run import ChannelRun, OpenChunk
    from lantoa.delivery.engine.words import Words
    from lantoa.delivery.engine.work import Batch, Claimed
    from lantoa.delivery.rules.retrying import Retry

MOST_WHY, MOST_CODE, MOST_ID = 200, 40, 100
"""Letters of the ledger's columns."""


def write_outcomes(run: ChannelRun, batch: Batch, retry: Retry) -> list[Item]:
    """Put what sessions said into the batch; returns the items it settles once it is written.

    Nearly all simply went. They are kept by what they have in common, so that each costs the writer next to nothing.
    """
    outcomes, run.outcomes = run.outcomes, []
    sent, numbered = batch.sent, batch.numbered
    for item, outcome, account in outcomes:
        ids = outcome.provider_ids
        if outcome.state is not State.SENT or outcome.code or len(ids) > 1:
            batch.written.append(_told(item, outcome, account, retry))
            if len(ids) > 1:
                batch.parts += [(_kept(provider_id, MOST_ID), *item.ref) for provider_id in ids]
            continue
        dispatch, person = item.ref
        alike = (dispatch, item.was, item.attempt, account)
        if ids:
            numbered[alike].append((person, _kept(ids[0], MOST_ID)))
        else:
            sent[alike].append(person)
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
        _kept(ids[0], MOST_ID) if len(ids) == 1 else None,
        None if is_fine else _kept(outcome.code or settled.state.value, MOST_CODE),
        None if is_fine else _kept(settled.why, MOST_WHY),
        settled.wait,
    )


def _kept(said: str, most: int) -> str:
    """What a provider said, as a column takes it: no longer, and without what no database keeps."""
    return said[:most].replace("\x00", "") if len(said) > most or "\x00" in said else said


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
            "" if ref else _kept(report.provider_id, MOST_ID), ref, NUMBER[report.state],
            _kept(report.code, MOST_CODE) or None, _kept(report.why, MOST_WHY) or None,
            tuple(_kept(one, MOST_ID) for one in ids.split()) if (ids := report.raw.get("message_ids")) else (),
        )
    ]


def fill_chunk(
    claimed: Claimed, chunk: OpenChunk, words: Words, key: Callable[[tuple[int, int]], str]
) -> list[Written]:
    """Make items of a chunk's people; returns what is to be written of those who get none."""
    written: list[Written] = []
    for person, state, attempts, place_id, address, name, is_suppressed in claimed.rows:
        why = _why_not(address, is_suppressed=bool(is_suppressed))
        if why is None:
            template = words.template(place_id)
            item = Item((claimed.dispatch, person), address or "", {"name": name or ""}, template, key, attempts + 1)
            item.mine, item.was = chunk, state
            try:
                item.parts = template.parts(item)
            except Exception as error:  # noqa: BLE001 - one poisoned row must not stop the rest
                why = (FAILED_FOR_GOOD, "poison", f"Không soạn được cho người này: {error}")
            else:
                chunk.pending.append(item)
        if why is not None:
            new, code, told = why
            written.append(
                Written(claimed.dispatch, person, state, new, attempts, None, None, code, _kept(told, MOST_WHY), None)
            )
    return written


def _why_not(address: str | None, *, is_suppressed: bool) -> tuple[int, str, str] | None:
    """Why somebody is not sent to at all: state, code and words."""
    if is_suppressed:
        return REFUSED, "opted_out", "Người này đã từ chối nhận tin"
    if address is None:
        return FAILED_FOR_GOOD, "gone", "Không còn trong danh bạ"
    if not address:
        return FAILED_FOR_GOOD, "no_address", "Chưa có địa chỉ để gửi"
    return None


def settle_items(run: ChannelRun, items: Iterable[Item]) -> None:
    """These are written: their chunks wait for them no longer."""
    for chunk, number in Counter(item.mine for item in items).items():
        run.settle(chunk, number)


def put_back(run: ChannelRun, grants: Iterable[tuple[OpenChunk, list[Item]]]) -> None:
    """Items whose turn could not be written down wait on."""
    for chunk, items in grants:
        run.settle(chunk, len(items))
        chunk.pending = deque([*items, *chunk.pending])
