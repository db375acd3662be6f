"""How far a correction got among the people of messages to many: who was told and when, and who still holds the old."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Min
from django.utils import timezone

from lantoa.channels.base import ChannelError
from lantoa.delivery.actions.addressing import numbers
from lantoa.delivery.actions.counting import Reach, loads, previews, reach_among
from lantoa.delivery.actions.dispatching import wire_of
from lantoa.delivery.actions.ledger import still_true
from lantoa.delivery.actions.telling_people import People
from lantoa.delivery.models import Dispatch, Recipient
from lantoa.delivery.rules.states import LOST, MAY_HOLD, REACHED, UNKNOWN, UNSENT
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.actions.counting import Load, Preview
    from lantoa.delivery.models import Correction


@dataclass(frozen=True, slots=True)
class PeopleTold:
    """What became of the people of one dispatch of a correction."""

    dispatch: Dispatch
    counts: Mapping[int, int]
    """How many are in each state."""
    first_at: dt.datetime | None = None
    """When the first of them got it."""
    last_at: dt.datetime | None = None
    holding: int = 0
    """Those who hold the old value and whom nothing has reached since."""

    def _sum(self, states: Iterable[int]) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def is_notice(self) -> bool:
        """Whether it tells those who got the old words; else it sends new words to those who still waited."""
        return self.dispatch.is_notice

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def told(self) -> int:
        """Handed over, or known to have arrived."""
        return self._sum(REACHED)

    @property
    def waiting(self) -> int:
        """Still to be sent to."""
        return 0 if self.dispatch.state == Dispatch.State.CANCELLED else self._sum(UNSENT)

    @property
    def dropped(self) -> int:
        """Whom it never came to, because something newer took its place or somebody cancelled it."""
        return self._sum(UNSENT) - self.waiting

    @property
    def missed(self) -> int:
        """Whom it did not reach."""
        return self._sum(LOST)

    @property
    def unknown(self) -> int:
        """Of whom nobody knows whether it reached them."""
        return self._sum((UNKNOWN,))


def people_told(correction: Correction) -> list[PeopleTold]:
    """Each dispatch of a correction with what became of its people.

    Counts come from what is kept; who still holds the old value is looked up among those not reached alone.
    """
    dispatches = list(correction.dispatches.order_by("pk"))
    counted = numbers([dispatch.pk for dispatch in dispatches])
    people = People(correction.campaign, still_true(correction.campaign), correction.withdraws)
    return [_told(dispatch, counted[dispatch.pk], people) for dispatch in dispatches]


def _told(dispatch: Dispatch, counts: Mapping[int, int], people: People) -> PeopleTold:
    reached = Recipient.objects.filter(dispatch=dispatch, state__in=REACHED)
    times = reached.aggregate(first=Min("at"), last=Max("at")) if any(counts.get(one) for one in REACHED) else {}
    is_missing = any(number for state, number in counts.items() if state not in MAY_HOLD)
    holding = people.still_holding(dispatch).count() if is_missing and dispatch.is_notice else 0
    return PeopleTold(dispatch, counts, _moment(times.get("first")), _moment(times.get("last")), holding)


def _moment(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else timezone.localtime(dt.datetime.fromtimestamp(seconds, tz=dt.UTC))


def left_out(campaign: Campaign, correction: Correction | None) -> int:
    """How many people hold what no longer holds and are told by nothing: their message has no notice.

    Beside a `correction`; without one, whatever is stale now.
    """
    people = People(campaign, still_true(campaign), correction.withdraws if correction else "")
    return people.left_out(correction)


# --- before it is approved ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a planned dispatch of a correction would do: to how many, in which words, in how many parts."""

    reach: Reach = field(default_factory=Reach)
    previews: Sequence[Preview] = ()
    loads: Sequence[Load] = ()
    problem: str = ""
    """Why it cannot be shown, in Vietnamese: a channel that is configured no more, a file that is gone."""

    @property
    def parts(self) -> int:
        """The parts of all messages together."""
        return sum(one.all_parts for one in self.loads)


def outlook(dispatch: Dispatch) -> Outlook:
    """Look at what a planned dispatch would do."""
    home = dispatch.campaign.place
    texts = [text.rendering for text in dispatch.texts.select_related("rendering__place")]
    reach = reach_among(dispatch)
    try:
        wire = wire_of(dispatch.channel)
        return Outlook(reach, previews(home, texts, wire), loads(home, texts, wire, reach))
    except (RefusedError, ChannelError, OSError) as error:
        return Outlook(reach, problem=str(error))
