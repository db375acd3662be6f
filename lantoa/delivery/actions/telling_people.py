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
from lantoa.delivery.rules.correcting import FOLLOW_UP, stale_keys
from lantoa.delivery.rules.states import MAY_HOLD, UNSENT
from lantoa.places.actions import tree_of_all
from lantoa.places.models import Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.delivery.models import Correction
    from lantoa.places.models import User
    from lantoa.places.rules import Tree

SOURCES: dict[str, Any] = {
    Dispatch.Audience.RESIDENTS: Resident,
    Dispatch.Audience.PLACES: Place,
    Dispatch.Audience.BROWSERS: PushSubscription,
}
ORDER = {"phone": 0, "email": 1, "browser": 2}
"""Who got it in several ways is told in the first of these."""
USUAL_NOTICES = {"phone": "correction_sms", "email": "correction_email", "browser": "correction_push"}
"""What tells readers of a message that has no notice of its own, by what an address of its channel is."""
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
    places: frozenset[int] | None
    """Where the people belong who get these words; None is everywhere."""


@dataclass(frozen=True, slots=True)
class Group:
    """People told of the same facts by the same way."""

    channel: str
    audience: str
    reaches: str
    notice: str
    """The rendering kind of their notice."""
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
        return [words for dispatch in self._dispatches for words in self._stale_words(dispatch)]

    def _stale_words(self, dispatch: Dispatch) -> list[StaleWords]:
        texts = sorted(dispatch.texts.all(), key=lambda text: text.pk)
        keys = {text.place_id: self._keys(text, dispatch) for text in texts}
        if len(set(keys.values())) <= 1:
            return [StaleWords(dispatch, place, own, None) for place, own in keys.items() if own]
        homes = self._places.inherit({place: place for place in keys})
        own_home = self.campaign.place_id if self.campaign.place_id in keys else texts[0].place_id
        readers: dict[int, set[int]] = defaultdict(set)
        for place in self._places.by_id:
            readers[homes.get(place, own_home)].add(place)
        return [StaleWords(dispatch, place, own, frozenset(readers[place])) for place, own in keys.items() if own]

    @cached_property
    def _places(self) -> Tree:
        return tree_of_all()

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
            notice = kind if KINDS[kind].answers else WIRE_NOTICES.get(kind, USUAL_NOTICES[own.reaches])
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
        holding = _holders(group.words).values("person")
        people: QuerySet[Any] = SOURCES[group.audience].objects.filter(pk__in=holding)
        return people.filter(~Exists(self._heard(group.audience, group.keys).filter(person=OuterRef("pk"))))

    def to_tell(self, correction: Correction | None, group: Group) -> QuerySet[Any]:
        """Those of them whom a correction's dispatch is to tell: an office that gets its letter reads it there."""
        rows = self.untold(group)
        if correction is not None and group.audience == Dispatch.Audience.PLACES:
            acts = correction.acts.filter(act=FOLLOW_UP)
            for way in ("publication__place", "delivery__recipient"):
                rows = rows.exclude(pk__in=acts.filter(**{f"{way}__isnull": False}).values(way))
        return rows

    def left_out(self, correction: Correction | None) -> int:
        """How many people hold what no longer holds and are told by nothing: for their message there is no notice.

        Groups that one of its dispatches tells are not counted through again.
        """
        told = {_group_of(dispatch) for dispatch in correction.dispatches.all()} if correction else set()
        left = (group for group in self.groups if (group.channel, group.audience, group.notice, group.keys) not in told)
        return sum(self.to_tell(correction, group).count() for group in left)

    def still_holding(self, dispatch: Dispatch) -> QuerySet[Recipient]:
        """People of a correction's dispatch who hold what no longer holds, and whom nothing has reached since."""
        keys = Keys(dispatch.tells)
        words = [one for one in self.stale if one.dispatch.audience == dispatch.audience and one.keys & keys]
        rows: QuerySet[Recipient] = Recipient.objects.filter(dispatch=dispatch).exclude(state__in=MAY_HOLD)
        if not words:
            return rows.none()
        same = Q(person=OuterRef("person"))
        heard = self._heard(dispatch.audience, keys).filter(same, state__in=MAY_HOLD)
        return rows.filter(Exists(_holders(words).filter(same)), ~Exists(heard))

    def _heard(self, audience: str, keys: Keys) -> QuerySet[Recipient]:
        """Rows by which people were told, or will be, and after which they were sent nothing that no longer holds."""
        stale = {words.dispatch.pk for words in self.stale if words.dispatch.audience == audience}
        later = Recipient.objects.filter(
            dispatch__in=stale, state__in=MAY_HOLD, person=OuterRef("person"), dispatch_id__gt=OuterRef("dispatch_id")
        )
        told = [dispatch.pk for dispatch in self._telling(audience, keys)]
        rows: QuerySet[Recipient] = Recipient.objects.filter(dispatch__in=told).filter(~Exists(later))
        return rows

    def _telling(self, audience: str, keys: Keys) -> Iterable[Dispatch]:
        """Dispatches that tell, or will tell, what holds now of these facts."""
        rows = self.campaign.dispatch_set.filter(audience=audience).exclude(state=Dispatch.State.CANCELLED)
        if self.withdraws:
            yield from rows.filter(correction__withdraws=self.withdraws)
            return
        for dispatch in rows.prefetch_related("texts"):
            shown = [text.facts for text in dispatch.texts.all()]
            if shown and all(facts.get(key) in self.true.get(key, ()) for facts in shown for key in keys):
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
        rows = self.to_tell(correction, group)
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


def _holders(some: Sequence[StaleWords]) -> QuerySet[Recipient]:
    """Who may have read these words."""
    held = Q(pk__in=[])
    everywhere = {words.dispatch.pk for words in some if words.places is None}
    if everywhere:
        held |= Q(dispatch__in=everywhere)
    for words in some:
        if words.places is not None:
            held |= Q(dispatch=words.dispatch, place_id__in=words.places)
    rows: QuerySet[Recipient] = Recipient.objects.filter(held, state__in=MAY_HOLD)
    return rows


def _write(campaign: Campaign, values: dict[str, Any], renderings: Iterable[Rendering]) -> Dispatch:
    """A planned dispatch of a correction; one that a plan put aside had made is made anew."""
    rows = list({row.pk: row for row in renderings}.values())
    # The correction stands in the hash: a fact that changes back and forth is told each time in the same words.
    old = values.get("instead_of")
    own = f"{words_of(rows, values['audience'])}:{values['correction'].pk}:{values.get('tells')}:{old and old.pk}"
    said = hashlib.sha256(own.encode()).hexdigest()
    dispatch = Dispatch.objects.create(campaign=campaign, words=said, **values)
    DispatchWords.objects.bulk_create(
        DispatchWords(dispatch=dispatch, place_id=row.place_id, rendering=row, facts=row.facts) for row in rows
    )
    return dispatch


def _group_of(dispatch: Dispatch) -> tuple[str, str, str, Keys]:
    """By what a correction's dispatch and the group it tells know each other."""
    return dispatch.channel, dispatch.audience, dispatch.rendering_kind, Keys(dispatch.tells)


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
            if (group.channel, group.audience, group.notice, group.keys) == _group_of(dispatch):
                add_people(dispatch, people.to_tell(correction, group))
    planned.update(state=Dispatch.State.RUNNING, started_at=timezone.now())
