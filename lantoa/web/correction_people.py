"""A correction among the people of messages to many, as it is shown: whom it will tell and how, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.hours import Verdict
from lantoa.delivery.rules.progress import opens_at
from lantoa.web.dispatch_lines import window_of
from lantoa.web.labels import RENDERINGS, WIRES, label
from lantoa.web.measures import price_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.actions.accounting import Outlook, PeopleTold
    from lantoa.delivery.models import Correction


@dataclass(frozen=True, slots=True)
class Told:
    """One dispatch of a correction: what became of its people, or what would."""

    told: PeopleTold
    ahead: Outlook | None = None
    """While it is only planned, and somebody is to approve it."""
    price: str = ""

    @property
    def dispatch(self) -> Dispatch:
        """The dispatch."""
        return self.told.dispatch

    @property
    def words(self) -> str:
        """What is sent, by its name."""
        return label(RENDERINGS, self.dispatch.rendering_kind)

    @property
    def channel(self) -> str:
        """By what it is sent."""
        return label(WIRES, self.dispatch.channel)

    @property
    def done(self) -> int:
        """Those of whom something became."""
        return self.told.people - self.told.waiting - self.told.dropped

    @property
    def opens_at(self) -> dt.datetime | None:
        """When it goes on, where it waits for the hours in which it may."""
        now, window = timezone.localtime(), window_of(self.dispatch)
        is_waiting = self.dispatch.state == Dispatch.State.RUNNING and window.verdict(now) is Verdict.WAIT
        return opens_at(window, now) if is_waiting and self.told.waiting else None

    @property
    def refused(self) -> int:
        """Who wants no messages and will not be sent any."""
        return self.ahead.reach.refused if self.ahead else 0


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """All dispatches of a correction: those that tell, and those that send new words to whoever still waited."""

    notices: tuple[Told, ...] = ()
    fresh: tuple[Told, ...] = ()
    left_out: int = 0
    """Who holds what no longer holds and is told by nothing."""

    def _sum(self, some: Iterable[Told], name: str) -> int:
        return sum(getattr(one.told, name) for one in some)

    @property
    def all(self) -> tuple[Told, ...]:
        """Both."""
        return self.notices + self.fresh

    @property
    def number(self) -> int:
        """How many people there are to tell or to send to."""
        return self._sum(self.all, "people")

    @property
    def to_tell(self) -> int:
        """How many got the old words."""
        return self._sum(self.notices, "people")

    @property
    def told(self) -> int:
        """How many of them were told."""
        return self._sum(self.notices, "told")

    @property
    def holding(self) -> int:
        """How many still hold the old value."""
        return self._sum(self.notices, "holding") + self.left_out

    @property
    def waiting(self) -> int:
        """How many are still to be sent to."""
        return self._sum(self.all, "waiting")

    @property
    def is_live(self) -> bool:
        """Whether something is being sent."""
        return any(one.dispatch.state == Dispatch.State.RUNNING for one in self.all)


def people_of(correction: Correction) -> PeopleShown:
    """The people of a correction; while it is not approved, with the words they will read and what that comes to."""
    from lantoa.delivery.actions.accounting import left_out, people_told  # noqa: PLC0415 - loaded when called

    shown = [_shown(one, is_ahead=correction.approved_at is None) for one in people_told(correction)]
    return PeopleShown(
        tuple(one for one in shown if one.told.is_notice),
        tuple(one for one in shown if not one.told.is_notice),
        left_out(correction.campaign, correction),
    )


def people_left_out(campaign: Campaign) -> int:
    """How many people hold an old value and can be told by nothing, while no correction waits."""
    from lantoa.delivery.actions.accounting import left_out  # noqa: PLC0415 - loaded when called

    return left_out(campaign, None)


def _shown(told: PeopleTold, *, is_ahead: bool) -> Told:
    from lantoa.delivery.actions.accounting import outlook  # noqa: PLC0415 - loaded when called

    if not is_ahead:
        return Told(told)
    ahead = outlook(told.dispatch)
    return Told(told, ahead, price_of([(one.rendering, one.parts, one.by_carrier) for one in ahead.loads]))
