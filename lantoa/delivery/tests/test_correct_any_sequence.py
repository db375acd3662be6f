"""Any sequence of changes, exposures and corrections, played against the real ledger and recording channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.channels.base import Correcting, Outgoing, Receipt, State
from lantoa.channels.memory import Box, MemoryChannel
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import carry_out, plan_correction
from lantoa.delivery.actions.ledger import Ledger
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.tests.builders import PORTAL, TEAMS, make_ready

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import Place
    from lantoa.places.tests.builders import Cast

FACTS = {"start_date": ("2025-06-07", "2025-07-05", "2025-08-02"), "households": ("1200", "1300", "1400")}
SENT: list[str] = []
"""Keys of what was sent, not of what quietly took another's place."""


class RecordingChannel(MemoryChannel):
    """A memory channel that remembers whom it told."""

    def __init__(self, *, name: str, corrects: Correcting) -> None:
        super().__init__(name=name, box=Box(), corrects=corrects)

    def send(self, outgoing: Outgoing) -> Receipt:
        SENT.append(outgoing.key)
        return super().send(outgoing)

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        if outgoing.file_name.startswith("thong-bao"):
            SENT.append(outgoing.key)  # a notice is read as news even where it lies on the place of the last one
        return super().replace(target, outgoing)


Change = st.sampled_from([("change", key, value) for key, values in FACTS.items() for value in values])
Show = st.tuples(
    st.just("show"),
    st.sampled_from(["article", "social_post", "covering_letter"]),
    st.sampled_from([way.value for way in Correcting]),
    st.sampled_from(["committee", "team", "ward"]),
    st.sampled_from(["handed", "shown"]),
)
Correct = st.just(("correct",))


@dataclass
class Play:
    """A campaign as it goes, and what each place last heard of each fact."""

    campaign: Campaign
    places: dict[str, Place]
    heard: dict[tuple[int, str], str] = field(default_factory=dict)
    numbers: int = 0

    def values(self) -> dict[str, str]:
        return {fact.key: fact.value or "" for fact in self.campaign.facts.current()}

    def change(self, key: str, value: str) -> None:
        if self.values()[key] != value:
            record_fact(self.campaign, FactChange(key, value, "nguồn"), None)

    def show(self, kind: str, way: str, where: str, handed: str) -> None:
        """Something goes out in the words that hold now."""
        is_delivery = handed == "handed"
        make_kit(self.campaign, None)
        approve_kit(self.campaign, None)
        words = self.campaign.rendering_set.current().filter(kind=kind).first()
        assert words is not None
        self.numbers += 1
        model: Any = Delivery if is_delivery else Publication
        place = self.places[where]
        slot = {"rendering": words, "channel": way, "channel_kind": "other", model.WHERE: place, "live_to": None}
        if model.objects.filter(**slot).exists():
            return
        model.objects.create(
            campaign=self.campaign, facts=words.facts, state=State.SENT.value, target=f"shown-{self.numbers}",
            live_from=timezone.now(), **slot,
        )
        if is_delivery or way == Correcting.FOLLOW_UP.value:
            values = self.values()
            self.heard |= {(place.pk, key): values[key] for key in words.facts}

    def correct(self) -> None:
        holders = {
            getattr(row, f"{row.WHERE}_id") for model in (Publication, Delivery) for row in model.objects.live()
        }
        sound = {
            (model.KIND, row.pk)
            for model in (Publication, Delivery)
            for row in model.objects.live()
            if all(self._is_true(key, version) for key, version in row.facts.items())
        }
        SENT.clear()
        plan = plan_correction(self.campaign, None)
        if plan is not None:
            carry_out(plan, None)
        self._check_told(holders)
        live = {(model.KIND, row.pk) for model in (Publication, Delivery) for row in model.objects.live()}
        assert sound <= live, "something true was touched"
        assert Ledger.read(self.campaign).wrong() == [], "something live shows a superseded value"
        assert plan_correction(self.campaign, None) is None, "a second plan finds nothing"

    def _is_true(self, key: str, version: int) -> bool:
        return self.campaign.facts.get(key=key, version=version).value == self.values()[key]

    def _check_told(self, holders: set[int]) -> None:
        values = self.values()
        told = [Delivery.objects.get(pk=int(key.rpartition("-")[2])) for key in SENT if key.startswith("delivery-")]
        notices = [row for row in told if row.rendering.kind == "correction_notice"]
        assert len({row.recipient_id for row in notices}) == len(notices), "told once"
        for row in notices:
            assert row.recipient_id in holders, "told though never exposed"
            for key in row.facts:
                assert self.heard.get((row.recipient_id, key)) != values[key], "told the same value twice"
                self.heard[row.recipient_id, key] = values[key]


@example(
    steps=[
        ("show", "social_post", "follow_up", "ward", "shown"),
        ("change", "households", "1400"),
        ("show", "social_post", "replace", "ward", "handed"),
    ]
)
@example(
    steps=[
        ("show", "article", "replace", "committee", "handed"),
        ("change", "start_date", "2025-07-05"),
        ("show", "article", "follow_up", "committee", "shown"),
    ]
)
@example(
    steps=[
        ("show", "article", "replace", "committee", "handed"),
        ("change", "households", "1300"),
        ("correct",),
        ("change", "households", "1200"),
        ("show", "article", "replace", "committee", "handed"),
    ]
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(Change, Show, Show, Correct), max_size=8))
def test_after_any_correction_nothing_stale_stands_and_nobody_is_told_twice(
    cast: Cast, steps: list[tuple[Any, ...]]
) -> None:
    adapter = f"{__name__}.RecordingChannel"
    ways = {way.value: (adapter, {"corrects": way}) for way in Correcting}
    django_settings.LANTOA_CHANNELS = {**django_settings.LANTOA_CHANNELS, **ways}
    with transaction.atomic():
        campaign = make_ready(cast, PORTAL, TEAMS, pieces=())
        play = Play(campaign, {"committee": cast.committee, "team": cast.team, "ward": cast.ward})
        for name, *values in [*steps, ("correct",)]:
            getattr(play, name)(*values)
        transaction.set_rollback(True)
