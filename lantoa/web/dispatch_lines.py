"""A dispatch as it is shown: its numbers by what they mean, how far it is, and whom and what it is about in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules import states
from lantoa.delivery.rules.hours import Window, read_hours
from lantoa.delivery.rules.progress import ends_at, opens_at
from lantoa.places.models import Place
from lantoa.residents.models import Resident
from lantoa.residents.rules import read_segment
from lantoa.web.labels import RENDERINGS, SEND_STATES, WIRES, label
from lantoa.web.templatetags.lantoa import moment, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from lantoa.delivery.actions.counting import Reach
    from lantoa.delivery.rules.progress import Look

MOST_NAMED = 4
"""So many places are named; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many people of a dispatch are in one state."""

    state: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """A dispatch and how many of its people are in each state (`delivery.rules.states`)."""

    dispatch: Dispatch
    counts: Mapping[int, int]

    def _sum(self, some: Iterable[int]) -> int:
        return sum(self.counts.get(state, 0) for state in some)

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """Still to be sent to, now or again."""
        return self._sum(states.UNSENT)

    @property
    def done(self) -> int:
        """Those of whom something became."""
        return self.people - self.waiting

    @property
    def reached(self) -> int:
        """Handed over, or known to have arrived."""
        return self._sum(states.REACHED)

    @property
    def lost(self) -> int:
        """Whom it will not reach."""
        return self._sum(states.LOST)

    @property
    def unknown(self) -> int:
        """Of whom nobody knows."""
        return self.counts.get(states.UNKNOWN, 0)

    @property
    def failed(self) -> int:
        """Whom the channel could not reach, those who refused apart."""
        return self.counts.get(states.FAILED_FOR_GOOD, 0)

    @property
    def states(self) -> list[StateCount]:
        """Each state somebody is in."""
        return [
            StateCount(states.STATE[state].value, label(SEND_STATES, states.STATE[state].value), self.counts[state])
            for state in states.STATE
            if self.counts.get(state)
        ]

    @property
    def is_fallback(self) -> bool:
        """Whether it carries on for another one and starts by itself."""
        return self.dispatch.falls_back_from.exists()

    @property
    def is_unsent(self) -> bool:
        """Whether nothing of it was ever let out."""
        return self.dispatch.state == Dispatch.State.PLANNED and self.dispatch.started_at is None

    @property
    def words(self) -> str:
        """What is sent, by its name."""
        return label(RENDERINGS, self.dispatch.rendering_kind)

    @property
    def channel(self) -> str:
        """By what it is sent."""
        return label(WIRES, self.dispatch.channel)

    @property
    def whom(self) -> str:
        """To whom, in words."""
        return audience_words(self.dispatch)


def lines(dispatches: Iterable[Dispatch]) -> list[Line]:
    """Dispatches with their numbers: one query for all of them."""
    from lantoa.delivery.actions import numbers  # noqa: PLC0415 - actions are loaded when one is called

    rows = list(dispatches)
    counted = numbers([row.pk for row in rows])
    return [Line(row, counted[row.pk]) for row in rows]


def window_of(dispatch: Dispatch) -> Window:
    """When a dispatch may go."""
    return Window(read_hours(dispatch.hours), dispatch.not_before, dispatch.not_after)


def end_of(line: Line, look: Look) -> dt.datetime | None:
    """When it will be through at the speed seen; None when that cannot be told."""
    if look.speed <= 0 or line.dispatch.state != Dispatch.State.RUNNING:
        return None
    return ends_at(window_of(line.dispatch), timezone.localtime(), line.waiting / look.speed)


# --- in words ------------------------------------------------------------------------------------


def audience_words(dispatch: Dispatch) -> str:
    """Whom a dispatch is for: `Người dân ở Phường A, cần giúp đỡ`."""
    said = [str(dispatch.get_audience_display())]
    if dispatch.audience == Dispatch.Audience.RESIDENTS:
        said += _segment_words(dispatch.segment)
    elif dispatch.segment:
        said.append(_office_words(dispatch.segment))
    return ", ".join(said)


def _segment_words(text: str) -> list[str]:
    try:
        segment = read_segment(text)
    except ValueError:
        return [text]
    said = []
    if segment.places:
        said.append(_("ở %(places)s") % {"places": _named(segment.places)})
    if segment.devices:
        kinds = [str(Resident.Device(one).label).lower() for one in segment.devices]
        said.append(_("máy: %(kinds)s") % {"kinds": _(" hoặc ").join(kinds)})
    if segment.needs_help is not None:
        said.append(_("cần giúp đỡ") if segment.needs_help else _("không cần giúp đỡ"))
    if segment.carriers:
        said.append(_("nhà mạng %(names)s") % {"names": ", ".join(segment.carriers)})
    return said


def _named(codes: tuple[str, ...]) -> str:
    if len(codes) > MOST_NAMED:
        return ngettext("%(n)s địa bàn", "%(n)s địa bàn", len(codes)) % {"n": len(codes)}
    places = Place.objects.filter(code__in=codes).select_related("parent")
    names = {place.code: place.full_name for place in places}
    return "; ".join(names.get(code, code) for code in codes)


def _office_words(segment: str) -> str:
    if segment in Place.Kind.values:
        return str(Place.Kind(segment).label)
    return _named((segment,))


def plan_words(line: Line, reach: Reach) -> str:
    """What will happen to how many people, in one sentence."""
    dispatch = line.dispatch
    said = _("Sẽ gửi “%(words)s” qua %(channel)s tới %(number)s người nhận (%(whom)s)") % {
        "words": line.words,
        "channel": line.channel,
        "number": number(line.waiting - reach.refused),
        "whom": line.whom,
    }
    return ", ".join([said, *when_words(dispatch)]) + "."


def when_words(dispatch: Dispatch) -> list[str]:
    """When a dispatch that is let out now will go."""
    now = timezone.localtime()
    window = window_of(dispatch)
    start = opens_at(window, now)
    if start is None:
        return [_("nhưng đã quá thời hạn gửi")]
    said = [_("bắt đầu ngay") if start == now else _("bắt đầu lúc %(moment)s") % {"moment": moment(start)}]
    if dispatch.hours:
        said.append(_("chỉ trong giờ %(hours)s") % {"hours": dispatch.hours.replace("-", "–")})
    if dispatch.not_after:
        said.append(_("không gửi sau %(moment)s") % {"moment": moment(dispatch.not_after)})
    return said
