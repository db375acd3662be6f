"""A correction among messages to many people: who read an old value is told; who still waits gets the new words.

What is to be sent is written down as dispatches when the correction is planned, so that everybody can be counted and
nothing is touched; approving it starts them, in the urgent lane.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lantoa.content.rules.kinds import KINDS, WIRE_NOTICES
from lantoa.delivery.actions.addressing import add_people, count_again
from lantoa.delivery.actions.dispatching import usual_hours, wire_of, words_of
from lantoa.delivery.actions.telling import WITHDRAWAL, Keys
from lantoa.delivery.models import Dispatch, DispatchWords, PushSubscription, Recipient
from lantoa.delivery.rules.correcting import stale_keys
from lantoa.delivery.rules.states import MAY_HOLD, UNSENT
from lantoa.places.actions import tree
from lantoa.places.models import Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.delivery.models import Correction
    from lantoa.places.models import User

SOURCES: dict[str, Any] = {
    Dispatch.Audience.RESIDENTS: Resident,
    Dispatch.Audience.PLACES: Place,
    Dispatch.Audience.BROWSERS: PushSubscription,
}
ORDER = {"phone": 0, "email": 1, "browser": 2}
"""Who got it in several ways is told in the first of these."""
CHANGED = "Dữ kiện đã đổi: những người chưa nhận được gửi bằng nội dung mới."
WITHDRAWN = "Nội dung đã thu hồi."
Notices = dict[tuple[str, int], "Rendering"]
"""Notices by kind and territory."""


@dataclass(frozen=True, slots=True)
class StaleWords:
    """Words of a dispatch in one territory that no longer hold."""

    dispatch: Dispatch
    place_id: int
    keys: Keys
    """The facts they show in an old version."""
    places: frozenset[int]
    """Where the people belong who get these words; or, of the words for the rest, where those belong who do not."""
    is_for_rest: bool = False
    """Whether people of places that have no words above them, or are not in the tree of today, get these words too."""

    def recipients(self) -> Q:
        """Who gets these words, as the engine gives them out (`engine.words.compile_words`)."""
        here = Q(place_id__in=self.places)
        return Q(dispatch=self.dispatch) & (~here if self.is_for_rest else here)


@dataclass(frozen=True, slots=True)
class Group:
    """People told of the same facts by the same way."""

    channel: str
    audience: str
    reaches: str
    notice: str
    """The rendering kind of their notice; empty when there is none for this kind of message."""
    keys: Keys
    words: tuple[StaleWords, ...]


class People:
    """What a correction has to do among the campaign's dispatches."""

    def __init__(self, campaign: Campaign, true: Mapping[str, frozenset[int]], withdraws: str = "") -> None:
        self.campaign, self.true, self.withdraws = campaign, true, withdraws

    @cached_property
    def _dispatches(self) -> list[Dispatch]:
        rows = self.campaign.dispatch_set.exclude(state=Dispatch.State.PLANNED).prefetch_related("texts__rendering")
        return list(rows.order_by("pk"))

    def _keys(self, text: DispatchWords, dispatch: Dispatch) -> Keys:
        if self.withdraws:
            return Keys({WITHDRAWAL}) if dispatch.rendering_kind == self.withdraws else Keys()
        return stale_keys(text.facts, self.true)

    @cached_property
    def stale(self) -> list[StaleWords]:
        """All words sent, or being sent, that no longer hold."""
        places = tree(timezone.localdate())
        found = []
        for dispatch in self._dispatches:
            texts = sorted(dispatch.texts.all(), key=lambda text: text.pk)
            homes = places.inherit({text.place_id: text.place_id for text in texts})
            named = [text.place_id for text in texts]
            rest = self.campaign.place_id if self.campaign.place_id in named else next(iter(named), 0)
            for text in texts:
                if keys := self._keys(text, dispatch):
                    is_rest = text.place_id == rest
                    own = frozenset(place for place, home in homes.items() if (home == text.place_id) is not is_rest)
                    found.append(StaleWords(dispatch, text.place_id, keys, own, is_rest))
        return found

    def unfinished(self) -> list[Dispatch]:
        """Dispatches that would still send what no longer holds."""
        found = {words.dispatch.pk: words.dispatch for words in self.stale}
        ended = {Dispatch.State.DONE, Dispatch.State.CANCELLED}
        return [dispatch for dispatch in found.values() if dispatch.state not in ended]

    @cached_property
    def groups(self) -> list[Group]:
        """People to be told, those by telephone first."""
        found: dict[tuple[str, str, str, str, Keys], list[StaleWords]] = defaultdict(list)
        for words in self.stale:
            own = words.dispatch
            kind = own.rendering_kind
            notice = kind if KINDS[kind].answers else WIRE_NOTICES.get(kind, "")
            found[own.channel, own.audience, own.reaches, notice, words.keys].append(words)
        groups = [Group(*key, tuple(words)) for key, words in found.items()]
        return sorted(groups, key=lambda group: (ORDER[group.reaches], group.channel, sorted(group.keys)))

    def notices(self) -> dict[Keys, set[int]]:
        """The sets of facts that people are told of together, and the territories whose words they got."""
        found: dict[Keys, set[int]] = defaultdict(set)
        for group in self.groups:
            if self.untold(group).exists():
                found[group.keys] |= {words.place_id for words in group.words}
        return dict(found)

    def has_work(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.unfinished()) or bool(self.notices())

    def untold(self, group: Group) -> QuerySet[Any]:
        """People of a group who hold what no longer holds, and whom nobody has tried to tell since."""
        held = Q(pk__in=[])
        for words in group.words:
            held |= words.recipients()
        held &= Q(state__in=MAY_HOLD)
        holding = Recipient.objects.filter(held).values("person")
        people: QuerySet[Any] = SOURCES[group.audience].objects.filter(pk__in=holding)
        told = [dispatch.pk for dispatch in self._telling(group)]
        if not told:
            return people
        stale = {words.dispatch.pk for words in self.stale if words.dispatch.audience == group.audience}
        later = Recipient.objects.filter(
            dispatch__in=stale, state__in=MAY_HOLD, person=OuterRef("person"), dispatch_id__gt=OuterRef("dispatch_id")
        )
        heard = Recipient.objects.filter(dispatch__in=told, person=OuterRef("pk")).filter(~Exists(later))
        return people.filter(~Exists(heard))

    def _telling(self, group: Group) -> Iterable[Dispatch]:
        """Dispatches that tell, or will tell, what holds now of a group's facts."""
        rows = self.campaign.dispatch_set.filter(audience=group.audience).exclude(state=Dispatch.State.CANCELLED)
        if self.withdraws:
            yield from rows.filter(correction__withdraws=self.withdraws)
            return
        for dispatch in rows.prefetch_related("texts"):
            shown = [text.facts for text in dispatch.texts.all()]
            if shown and all(facts.get(key) in self.true.get(key, ()) for facts in shown for key in group.keys):
                yield dispatch

    # --- writing the plan ------------------------------------------------------------------------

    def plan(self, correction: Correction, notices: Mapping[Keys, Notices], by: User | None) -> int:
        """Write down who will be told what; returns how many people. The caller holds the transaction."""
        number = 0
        for group in self.groups:
            told = notices.get(group.keys, {})
            homes = {words.place_id for words in group.words}
            texts = {place: row for (kind, place), row in told.items() if kind == group.notice and place in homes}
            if texts:
                number += self._tell(correction, group, texts, by)
        if not self.withdraws:
            for old in self.unfinished():
                if not KINDS[old.rendering_kind].answers:  # a notice of what no longer holds needs no other one
                    number += self._go_on(correction, old, by)
        return number

    def _tell(self, correction: Correction, group: Group, texts: Mapping[int, Rendering], by: User | None) -> int:
        rows = self.untold(group)
        if group.audience == Dispatch.Audience.PLACES:
            rows = rows.exclude(pk__in=correction.acts.filter(act="follow_up").values("publication__place"))
            rows = rows.exclude(pk__in=correction.acts.filter(act="follow_up").values("delivery__recipient"))
        if not rows.exists():
            return 0
        dispatch = _write(
            self.campaign,
            {
                "channel": group.channel, "rendering_kind": group.notice, "audience": group.audience,
                "reaches": group.reaches, "lane": Dispatch.Lane.URGENT, "correction": correction, "by": by,
                "tells": sorted(group.keys),
                "hours": usual_hours(wire_of(group.channel), Dispatch.Lane.URGENT),
            },
            texts.values(),
        )
        return add_people(dispatch, rows)

    def _go_on(self, correction: Correction, old: Dispatch, by: User | None) -> int:
        """Whoever an old dispatch has not reached gets the new words instead, as part of the correction."""
        fresh = list(self.campaign.rendering_set.current().filter(kind=old.rendering_kind))
        waiting = Recipient.objects.filter(dispatch=old, state__in=UNSENT)
        if not fresh or not waiting.exists():
            return 0
        same = ("channel", "rendering_kind", "audience", "segment", "reaches", "lane", "priority", "hours",
                "not_before", "not_after", "unknown")
        values = {name: getattr(old, name) for name in same}
        dispatch = _write(self.campaign, {**values, "correction": correction, "by": by, "instead_of": old}, fresh)
        return add_people(dispatch, SOURCES[old.audience].objects.filter(pk__in=waiting.values("person")))


def _write(campaign: Campaign, values: dict[str, Any], renderings: Iterable[Rendering]) -> Dispatch:
    """A planned dispatch of a correction; one that a plan put aside had made is made anew."""
    rows = list({row.pk: row for row in renderings}.values())
    # The correction stands in the hash: a fact that changes back and forth is told each time in the same words.
    old = values.get("instead_of")
    own = f"{words_of(rows)}:{values['correction'].pk}:{values.get('tells')}:{old and old.pk}"
    said = hashlib.sha256(own.encode()).hexdigest()
    dispatch = Dispatch.objects.create(campaign=campaign, words=said, **values)
    DispatchWords.objects.bulk_create(
        DispatchWords(dispatch=dispatch, place_id=row.place_id, rendering=row, facts=row.facts) for row in rows
    )
    return dispatch


def forget_planned(correction: Correction) -> None:
    """Take back what a plan that is put aside had written down."""
    planned = list(correction.dispatches.filter(state=Dispatch.State.PLANNED).values_list("pk", flat=True))
    Recipient.objects.filter(dispatch__in=planned).delete()
    Dispatch.objects.filter(pk__in=planned).delete()


def start_telling(correction: Correction, people: People) -> None:
    """Stop what would still send the old words, and start what the plan wrote down. The caller holds the transaction.

    What went out between the plan and its approval is told too, and not sent again in new words.
    """
    for old in people.unfinished():
        Dispatch.objects.filter(pk=old.pk).update(
            state=Dispatch.State.CANCELLED, why=WITHDRAWN if people.withdraws else CHANGED
        )
    planned = correction.dispatches.filter(state=Dispatch.State.PLANNED)
    for dispatch in planned.exclude(instead_of=None):
        gone = Recipient.objects.filter(dispatch=dispatch.instead_of).exclude(state__in=UNSENT)
        Recipient.objects.filter(dispatch=dispatch, person__in=gone.values("person")).delete()
        count_again(dispatch)
    for dispatch in planned.filter(instead_of=None):
        for group in people.groups:
            own = (group.channel, group.audience, group.notice, sorted(group.keys))
            if own == (dispatch.channel, dispatch.audience, dispatch.rendering_kind, dispatch.tells):
                add_people(dispatch, people.untold(group))
    planned.update(state=Dispatch.State.RUNNING, started_at=timezone.now())
